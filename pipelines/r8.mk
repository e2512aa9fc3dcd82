# Reuters-21578 R8 with GloVe: from the published files to scored predictions.
#
#   vectorize --words r8-train.txt r8-test.txt > words.txt
#   glove-load --vocab words.txt glove.6B.zip --member glove.6B.50d.txt > vectors.mp
#   vectorize --vectors vectors.mp r8-train.txt | rf-train > model.mp
#   vectorize --vectors vectors.mp r8-test.txt | rf-predict --format mp model.mp | rf-eval
#
# That is the recipe of vectors alone. Beside it stands what the evidence of words makes of the same
# texts, with the same vectors: linear-train, vectorize --linear, rf-train; see classify.mk.
#
#   make -f pipelines/r8.mk [-j2]             both reports; a second run only prints them
#   make -f pipelines/r8.mk scaling           training time for 1, 2, 4 and 8 jobs, and its chart
#
#   DATA     the folder with r8-train-all-terms.txt and r8-test-all-terms.txt [data]
#   VECTORS  the vectors file, or `train`: learnt from the train texts, no download
#            [DATA/glove.6B.zip]
#   MEMBER   of a .zip with several [glove.6B.50d.txt where VECTORS is glove.6B.zip]
#   WORDS    `all`: vectors.mp has all vectors, for other texts as well [texts]
#   EVIDENCE `no`: the first report alone [yes]
#   OUT      where results go [build/r8]; those of evidence in OUT/evidence
#   TREES, SEED, PAGE, JOBS, BIN: see classify.mk, which holds the stages
#
# Files that are absent are downloaded (R8: 4 MB, glove.6B.zip: 862 MB), and checked.

DATA ?= data
VECTORS ?= $(DATA)/glove.6B.zip
MEMBER ?= $(if $(filter glove.6B.zip,$(notdir $(VECTORS))),glove.6B.50d.txt)
WORDS ?= texts
OUT ?= build/r8

TRAIN := $(DATA)/r8-train-all-terms.txt
TEST := $(DATA)/r8-test-all-terms.txt
PYTHON ?= /usr/bin/python3

EVIDENCE ?= yes
FEATURES := vectors
.DEFAULT_GOAL := reports

HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
include $(HERE)classify.mk

# ---- the two recipes ----

$(eval $(call recipe,$(OUT)/evidence,vectors linear,$(EVIDENCE_FOREST)))

.PHONY: reports report-evidence
reports: report $(if $(filter yes,$(EVIDENCE)),report-evidence)
report-evidence: $(OUT)/evidence/report.txt | report
	@printf '\n%s\n\n' 'The same texts, by vectors and the evidence of their words:'
	@cat $<

# ---- the files ----

# R8, all terms, is Ana Cardoso Cachopo's split of Reuters-21578
# (https://ana.cachopo.org/datasets-for-single-label-text-categorization). Her page hands it out
# through a file host that wants a browser; these are copies, tried in turn. What counts is the sum.
R8_HOMES := \
	https://raw.githubusercontent.com/Cynwell/Text-Level-GNN/1a9b076316f2e9cd42ffb57dd30b81c12e944e0f \
	https://www.cs.umb.edu/~smimarog/textmining/datasets

# $(call fetch,SHA256 URL...)
fetch = @$(HERE)download $@ $1 || { echo 'Or say where the files are: make -f pipelines/r8.mk DATA=FOLDER VECTORS=FILE' >&2; exit 1; }

$(DATA)/r8-train-all-terms.txt:
	$(call fetch,f2cebcc0203f9092db55fc11b98377a5c30407121b1d633583580e36d0668ed9 $(R8_HOMES:%=%/$(@F)))

$(DATA)/r8-test-all-terms.txt:
	$(call fetch,2cda485b855244b8995a67b81edc691470059225776627d3c45545206f61a1b2 $(R8_HOMES:%=%/$(@F)))

# https://nlp.stanford.edu/projects/glove/: Wikipedia 2014 and Gigaword 5, 400,000 words,
# 862,182,613 bytes. The sum is the one that several independent loaders of the archive pin.
$(DATA)/glove.6B.zip:
	$(call fetch,617afb2fe6cbd085c235baf7a465b96f4112bd7f7ccb2b2cbd649fed9cbcf2fb \
		https://nlp.stanford.edu/data/glove.6B.zip https://downloads.cs.stanford.edu/nlp/data/glove.6B.zip)

.PHONY: scaling
scaling: $(OUT)/train.mp
	@$(HERE)scaling $(OUT)/train.mp $(OUT)/scaling $(TREES)
