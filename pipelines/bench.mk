# Every program beside its peers, and as its input grows.
#
#   glove-load | unzip, igzip, pandas, gensim, data.table    rf-train | scikit-learn, ranger, OpenCV,
#   vectorize | igzip, cat, Python's csv and json                     XGBoost, randomForest
#   glove-train | the programs of GloVe's authors
#   rf-predict | scikit-learn                                zip to report | the notebook
#   text to predictions by evidence | fastText, scikit-learn's LinearSVC
#   rf-explain, rf-suspect, rf-eval --html | themselves
#   a line to its answer in a live pipe
#
#   make -f pipelines/bench.mk               the goals' table: OUT/table.md, rows.tsv, rows.svg, rows.png
#   make -f pipelines/bench.mk growth        time and memory at 1, 2, 4 and 8 times: OUT/growth.md, ...
#   make -f pipelines/bench.mk latency       a text to its label, by the library and by fastText's
#
#   ROUNDS   of each pair after a warm-up [5]
#   ROWS     words: only rows, or series, whose name holds one of them
#   SCALE    of the full shapes; 0.02 shows quickly that everything runs [1]
#   OUT      where results and inputs go; 2 GB at full size [build/bench]
#   DATA     the folder of R8 and glove.r8.50d.zip [data or ../shared/data; without: the demo corpus]
#   GLOVE_REF  the folder of the four programs of GloVe's authors, as their Makefile makes them
#   BIN      the programs [build/bin, which is built when something changed]
#
# Peers come by `./setup bench`; those that are not there are named as missing. The harness is
# tests/bench/run.py, the rows and goals are in tests/bench/rows.py, and what each peer does, and
# why that is its best way, in tests/bench/peers/. The rules below make the inputs, each once.

SHELL := bash
.SHELLFLAGS := -e -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.SECONDEXPANSION:
.DEFAULT_GOAL := rows

ROOT := $(patsubst %/pipelines/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(dir $(lastword $(MAKEFILE_LIST)))parts/settings.mk
R8_FOLDERS := $(ROOT)/data $(ROOT)/../shared/data
DATA ?= $(firstword $(patsubst %/r8-train-all-terms.txt,%,$(wildcard $(R8_FOLDERS:%=%/r8-train-all-terms.txt))))
OUT ?= $(ROOT)/build/bench
BIN ?= $(ROOT)/build/bin
PYTHON ?= /usr/bin/python3
ROUNDS ?= 5
SCALE ?= 1
ROWS ?=
GLOVE_REF ?=
export DATA OUT BIN PYTHON GLOVE_REF

HARNESS := $(ROOT)/tests/bench
IN := $(abspath $(OUT))/inputs
DEMO := $(ROOT)/build/demo
TRAIN := $(abspath $(if $(DATA),$(DATA)/r8-train-all-terms.txt,$(DEMO)/train.txt))
TEST := $(abspath $(if $(DATA),$(DATA)/r8-test-all-terms.txt,$(DEMO)/test.txt))
KNOWN := $(abspath $(wildcard $(DATA)/glove.r8.50d.zip))

.PHONY: rows growth programs
rows growth: programs $(TRAIN) $(TEST)
	@$(PYTHON) -B $(HARNESS)/run.py $@ --root $(ROOT) --bin $(abspath $(BIN)) --out $(abspath $(OUT)) \
		--train $(TRAIN) --test $(TEST) --data '$(abspath $(DATA))' --make $(MAKE) \
		--rounds $(ROUNDS) --scale $(SCALE) --only '$(ROWS)'

.PHONY: latency
latency: programs $(TRAIN) $(TEST)
	@BUILD=$(ROOT)/build $(HARNESS)/latency $(abspath $(OUT))/latency $(TRAIN) $(TEST)

programs:
ifeq ($(abspath $(BIN)),$(ROOT)/build/bin)
	@$(MAKE) -s -C $(ROOT) all
endif

$(DEMO)/%.txt:
	@$(MAKE) -s -C $(ROOT) demo-corpus

# ---- inputs; `vectors-400000x50.zip` and `r8-train-200.joblib` say in their names what they are ----

python := $(PYTHON) -B $(HARNESS)
trees_of = $(lastword $(subst -, ,$1))
samples_of = $(patsubst %-$(trees_of),%,$1)
made = @echo '  made $(@F)'; mkdir -p $(IN);

$(IN)/vectors-%.txt: $(HARNESS)/inputs/vectors.py $(TRAIN) $(TEST)
	$(made) $(python)/inputs/vectors.py $(subst x, ,$*) $(if $(KNOWN),--known $(KNOWN)) $(TRAIN) $(TEST) >$@

# Both in one go: they hold the same deflate stream.
$(IN)/vectors-%.zip $(IN)/vectors-%.txt.gz: $(IN)/vectors-%.txt
	$(made) $(python)/inputs/pack.py $< $(IN)/vectors-$*.zip $(IN)/vectors-$*.txt.gz

$(IN)/vectors-%.mp: $(IN)/vectors-%.zip $(BIN)/glove-load
	$(made) $(BIN)/glove-load -q -o $@ $<

$(IN)/documents-%.txt: $(TRAIN)
	$(made) awk -v count=$* '{ line[NR] = $$0 } END { for (i = 0; i < count; i++) print line[i % NR + 1] }' $< >$@

$(IN)/labelled-%.txt: $(HARNESS)/inputs/labelled.py
	$(made) $(python)/inputs/labelled.py $(subst x, ,$*) >$@

$(IN)/debian/train.txt $(IN)/debian/test.txt &:
	$(made) $(MAKE) -s -f $(ROOT)/pipelines/debian.mk OUT=$(IN)/debian $(IN)/debian/train.txt >/dev/null

# As fastText reads it.
fasttext_form = $(made) awk '{ at = index($$0, "\t"); label = substr($$0, 1, at - 1); gsub(/ /, "_", label); \
	print "__label__" label " " substr($$0, at + 1) }' $< >$@

$(IN)/train.fasttext: $(TRAIN)
	$(fasttext_form)

$(IN)/test.fasttext: $(TEST)
	$(fasttext_form)

$(IN)/%.fasttext: $(IN)/%.txt
	$(fasttext_form)

$(IN)/train.plain.txt: $(TRAIN)
	$(made) cut -f 2- $< >$@

$(IN)/train.csv $(IN)/train.jsonl: $(IN)/train.%: $(TRAIN) $(HARNESS)/inputs/forms.py
	$(made) $(python)/inputs/forms.py $* $< >$@

$(IN)/text-%.txt: $(HARNESS)/inputs/text.py
	$(made) $(python)/inputs/text.py $* >$@

# R8 by its own vectors; R8 without them by made-up ones; the demo corpus by its own.
$(IN)/r8-vectors.mp: $(or $(KNOWN),$(if $(DATA),$(IN)/vectors-50000x50.zip,$(DEMO)/vectors.txt)) $(BIN)/glove-load
	$(made) $(BIN)/glove-load -q -o $@ $<

$(IN)/r8-train.mp: $(TRAIN) $(IN)/r8-vectors.mp $(BIN)/vectorize
	$(made) $(BIN)/vectorize -q --vectors $(IN)/r8-vectors.mp -o $@ $<

$(IN)/r8-test.mp: $(TEST) $(IN)/r8-vectors.mp $(BIN)/vectorize
	$(made) $(BIN)/vectorize -q --vectors $(IN)/r8-vectors.mp -o $@ $<

# The forest over evidence, and what it says of its training texts out of bag.
$(IN)/r8-linear.mp: $(TRAIN) $(BIN)/linear-train
	$(made) $(BIN)/linear-train -q -o $@ $<

$(IN)/r8-evidence.forest $(IN)/r8-evidence.oob.mp &: $(TRAIN) $(IN)/r8-linear.mp $(BIN)/rf-train
	$(made) $(BIN)/vectorize -q --linear $(IN)/r8-linear.mp $< | $(BIN)/rf-train -q --min-samples-leaf 3 \
		--oob $(IN)/r8-evidence.oob.mp -o $(IN)/r8-evidence.forest

CLUSTERS := $(HARNESS)/inputs/clusters.py $(HARNESS)/inputs/samples.py

$(IN)/clusters-%.mp: $(CLUSTERS)
	$(made) $(python)/inputs/clusters.py $* 1 $@

$(IN)/clusters-%-gaps.mp: $(CLUSTERS)
	$(made) $(python)/inputs/clusters.py $* 1 $@ gaps

$(IN)/fresh-%.mp: $(CLUSTERS)
	$(made) $(python)/inputs/clusters.py $* 2 $@

$(IN)/r8-test.x.npy $(IN)/r8-test.y.npy &: $(IN)/r8-test.mp $(IN)/r8-train.mp
	$(made) $(python)/inputs/arrays.py $< $(IN)/r8-test.x.npy $(IN)/r8-test.y.npy $(IN)/r8-train.mp

$(IN)/%.x.npy $(IN)/%.y.npy: $(IN)/%.mp
	$(made) $(python)/inputs/arrays.py $< $(IN)/$*.x.npy $(IN)/$*.y.npy

$(IN)/%.forest: $$(IN)/$$(call samples_of,$$*).mp $(BIN)/rf-train
	$(made) $(BIN)/rf-train -q -n $(call trees_of,$*) -o $@ $<

$(IN)/%.compressed.joblib: $$(IN)/$$(call samples_of,$$*).x.npy
	$(made) $(python)/peers/sklearn_fit.py $< $(call trees_of,$*) 2 $@ 3 >/dev/null

$(IN)/%.joblib: $$(IN)/$$(call samples_of,$$*).x.npy
	$(made) $(python)/peers/sklearn_fit.py $< $(call trees_of,$*) 2 $@ >/dev/null

$(IN)/%.plain.RData: $$(IN)/$$(call samples_of,$$*).x.npy
	$(made) Rscript --vanilla $(HARNESS)/peers/ranger_fit.R $< $(call trees_of,$*) 2 $@ plain >/dev/null

$(IN)/%.RData: $$(IN)/$$(call samples_of,$$*).x.npy
	$(made) Rscript --vanilla $(HARNESS)/peers/ranger_fit.R $< $(call trees_of,$*) 2 $@ >/dev/null
