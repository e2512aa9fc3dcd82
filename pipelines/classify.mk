# From labelled texts to a scored classifier, with published word vectors or with its own.
#
#   glove-train TRAIN > vectors.txt           where no VECTORS are named
#   glove-load vectors.txt > vectors.mp
#   vectorize --vectors vectors.mp TRAIN > train.mp      vectorize --vectors vectors.mp TEST > test.mp
#   rf-train train.mp > model.mp
#   rf-predict --format mp model.mp test.mp | rf-eval
#
#   make -f pipelines/classify.mk TRAIN=train.txt TEST=test.txt [VECTORS=vectors.zip]
#
#   TRAIN TEST  labelled texts, `label<TAB>text` a line
#   VECTORS     GloVe, word2vec or fastText text, plain, .gz or .zip [train: learnt from TRAIN]
#   GLOVE       options of glove-train, where it learns the vectors
#   MEMBER      which member of a .zip with several
#   WORDS       `texts`: vectors.mp has the words of both texts only, which is quicker, but no use
#               for other texts [all]
#   OUT         where results go [build/classify]
#   TREES SEED  of the forest [200, 0]
#   JOBS        how many work at a time in each program [the CPUs]
#   BIN         the programs [build/bin, which is built where it is not there]
#
# Each file is made once, under its name only when it is whole; `make -j2` vectorizes both texts
# at a time. Another include (r8.mk) may set the variables first.

SHELL := bash
.SHELLFLAGS := -e -o pipefail -c
ifeq ($(shell echo $$BASH_VERSION),)
$(error this pipeline needs bash, for its pipefail)
endif
ifeq ($(filter oneshell,$(.FEATURES)),)
$(error this pipeline needs GNU make 4 or newer (gmake on macOS and the BSDs))
endif
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := report

ROOT := $(patsubst %/pipelines/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
OUT ?= build/classify
TREES ?= 200
SEED ?= 0
WORDS ?= all
BIN ?= $(ROOT)/build/bin
jobs := $(if $(JOBS), -j $(JOBS))
member := $(if $(MEMBER), --member $(MEMBER))
glove := $(if $(GLOVE), $(GLOVE))

export PATH := $(abspath $(BIN)):$(PATH)

ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),report)),)
$(foreach name,TRAIN TEST,$(if $($(name)),,$(error $(name)= is not set: see the top of pipelines/classify.mk)))
endif

ifneq ($(filter-out all texts,$(WORDS)),)
$(error WORDS=$(WORDS): it may be all or texts)
endif

# Runs a command whose result is $@ (by its -o) and whose messages are kept beside it.
quoted = '$(subst ','\'',$1)'
define stage
@echo $(call quoted,$1); { $1; } 2>$@.log || { status=$$?; cat $@.log >&2; exit $$status; }
endef

.PHONY: report programs
report: $(OUT)/report.txt
	@cat $<

# The programs are built where they are not there yet; newer ones alone do not make results stale.
PROGRAMS_FIRST := $(if $(wildcard $(BIN)/rf-eval),,programs)
programs:
	@$(MAKE) -s -C $(ROOT) all

own_vectors := $(if $(filter-out train,$(VECTORS)),,yes)
vectors := $(if $(own_vectors),$(OUT)/vectors.txt,$(VECTORS))

# Settings that change a result are prerequisites too, by a file that changes when they do.
$(shell mkdir -p $(OUT); for setting in 'VECTORS=$(vectors) $(MEMBER) $(WORDS)' 'TRAIN=$(TRAIN)' \
	'TEST=$(TEST)' 'GLOVE=$(GLOVE)' 'FOREST=$(TREES) $(SEED)'; do file=$(OUT)/$${setting%%=*}; \
	[[ -e $$file && $$(<$$file) == "$$setting" ]] || echo "$$setting" >$$file; done)

# Of the passes over the pairs every tenth is shown as it ends.
every_tenth = awk '!/ iteration / || ++n % 10 == 0 { print; fflush() }' >&2

$(OUT)/vectors.txt: $(TRAIN) $(OUT)/TRAIN $(OUT)/GLOVE | $(PROGRAMS_FIRST)
	@echo 'glove-train$(jobs)$(glove) -o $@ $<'
	@glove-train$(jobs)$(glove) -o $@ $< 2>&1 | tee $@.log | $(every_tenth)

$(OUT)/words.txt: $(TRAIN) $(TEST) $(OUT)/TRAIN $(OUT)/TEST | $(PROGRAMS_FIRST)
	$(call stage,vectorize$(jobs) --words -o $@ $(TRAIN) $(TEST))

words := $(if $(filter texts,$(WORDS)),$(OUT)/words.txt)
$(OUT)/vectors.mp: $(vectors) $(words) $(OUT)/VECTORS | $(PROGRAMS_FIRST)
	$(call stage,glove-load$(jobs)$(member)$(words:%= --vocab %) -o $@ $<)

$(OUT)/train.mp: $(TRAIN) $(OUT)/vectors.mp $(OUT)/TRAIN
	$(call stage,vectorize$(jobs) --vectors $(OUT)/vectors.mp -o $@ $<)

$(OUT)/test.mp: $(TEST) $(OUT)/vectors.mp $(OUT)/TEST
	$(call stage,vectorize$(jobs) --vectors $(OUT)/vectors.mp -o $@ $<)

$(OUT)/model.mp: $(OUT)/train.mp $(OUT)/FOREST
	$(call stage,rf-train$(jobs) --trees $(TREES) --seed $(SEED) -o $@ $<)

$(OUT)/%-predicted.mp: $(OUT)/model.mp $(OUT)/%.mp
	$(call stage,rf-predict$(jobs) --format mp -o $@ $^)

$(OUT)/train-accuracy: $(OUT)/train-predicted.mp
	$(call stage,rf-eval --accuracy -o $@ $<)

$(OUT)/test-report: $(OUT)/test-predicted.mp
	$(call stage,rf-eval -o $@ $<)

# What each stage said, how well the forest knows what it was trained on, and how well it does on
# what it has not seen.
said = sed 's/^[^:]*: //' $(OUT)/$1.log

$(OUT)/report.txt: $(OUT)/train-accuracy $(OUT)/test-report
	@{ $(if $(own_vectors),$(call said,vectors.txt) | tail -n 1; )$(call said,vectors.mp); \
	echo "train: $$($(call said,train.mp))"; \
	echo "test: $$($(call said,test.mp))"; \
	$(call said,model.mp); \
	echo "train accuracy $$(cat $(OUT)/train-accuracy)"; \
	sed '1s/^/test /' $(OUT)/test-report; } >$@.new && mv $@.new $@

.SECONDARY:
