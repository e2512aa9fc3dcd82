# From labelled texts to a scored classifier: the evidence of words, and word vectors, published
# ones or its own.
#
#   linear-train TRAIN > linear.mp
#   glove-train TRAIN > vectors.txt           where no VECTORS are named
#   glove-load vectors.txt > vectors.mp
#   vectorize --vectors vectors.mp --linear linear.mp TRAIN > train.mp       the same of TEST > test.mp
#   rf-train train.mp > model.mp
#   rf-predict --format mp model.mp test.mp | rf-eval
#   rf-decide oob.mp > decide.mp              with DECIDE, for rf-predict and rf-explain
#   rf-explain --wrong model.mp TEST > wrong.tsv, corpus --test TEST TRAIN > corpus.tsv, and
#   rf-eval --html: a page of it all
#
#   make -f pipelines/classify.mk TRAIN=train.txt TEST=test.txt [VECTORS=vectors.zip]
#
#   TRAIN TEST  labelled texts, `label<TAB>text` a line, or in another form of glovepipe(7)
#   READ        options of texts in such a form, with `=` before a value:
#               READ='--label-column=topic --text-column=body'
#   FEATURES    `both`, `linear`: evidence alone, which needs no vectors, or `vectors` alone [both]
#   VECTORS     GloVe, word2vec or fastText, plain, .gz or .zip [train: learnt from TRAIN]
#   GLOVE       options of glove-train, where it learns the vectors
#   MEMBER      which member of a .zip with several
#   WORDS       `texts`: vectors.mp has the words of both texts only, which is quicker, but no use
#               for other texts [all]
#   OUT         where results go [build/classify]
#   LINEAR      options of linear-train
#   TREES SEED  of the forest [200, 0]
#   FOREST      options of rf-train [--min-samples-leaf 3 --max-samples 6000; none with
#               FEATURES=vectors]
#   PAGE        `no`: the report without its page, of which none stays [yes]
#   DECIDE      options of rf-decide, or `yes`: answers to the test texts are decided by what the
#               forest says out of bag, DECIDE='--maximize macro-f1' [the most probable label]
#   JOBS        how many work at a time in each program [the CPUs]
#   BIN         the programs [build/bin, which is built where it is not there]
#   ON          `slurm`: on a cluster, with NODES and what else slurm.mk names [this machine]
#
# Each file is made once, under its name only when it is whole; `make -j2` vectorizes both texts
# at a time; `make ... clean` removes what was made. Another include (r8.mk) may set the variables
# first, and say how TRAIN and TEST are made.

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
.DEFAULT_GOAL := $(or $(.DEFAULT_GOAL),report)

# Whether this makefile is read on its own, not by another that makes the texts.
alone := $(filter 1,$(words $(filter-out %slurm.mk,$(MAKEFILE_LIST))))
# Whether make only tells what it would do, so that nothing may be written.
dry := $(findstring n,$(firstword -$(MAKEFLAGS)))

ROOT := $(patsubst %/pipelines/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(dir $(lastword $(MAKEFILE_LIST)))parts/settings.mk
$(call check_paths,TRAIN TEST VECTORS OUT BIN,train)
$(call spaced,$(CURDIR),$(CURDIR),train)
$(call check_options,TRAIN TEST VECTORS)

OUT ?= build/classify
TREES ?= 200
SEED ?= 0
WORDS ?= all
FEATURES ?= both
# Leaves of one document would be as often right, but surer than they are right, by a log-loss of up to
# 27% more, and models larger. Draws of more than 6,000 documents a tree bring little but time: of
# Debian's 48,344 descriptions under 58 labels 0.792 were right, with 10,000 0.793, in 1.8 times the time.
EVIDENCE_FOREST := --min-samples-leaf 3 --max-samples 6000
PAGE ?= yes
FOREST ?= $(if $(filter-out vectors,$(FEATURES)),$(EVIDENCE_FOREST))
BIN ?= $(ROOT)/build/bin
jobs := $(if $(JOBS), -j $(JOBS))
member := $(if $(MEMBER), --member $(MEMBER))
glove := $(if $(GLOVE), $(GLOVE))
linear := $(if $(LINEAR), $(LINEAR))
deciding := $(if $(filter-out yes,$(DECIDE)), $(filter-out yes,$(DECIDE)))
reading := $(if $(READ), $(READ))

export PATH := $(abspath $(BIN)):$(PATH)

ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),report)),)
$(foreach name,TRAIN TEST,$(if $($(name)),,$(error $(name)= is not set: see the top of pipelines/classify.mk)))
$(if $(alone),$(foreach name,TRAIN TEST VECTORS,$(foreach file,$(filter-out train,$($(name))),\
	$(if $(wildcard $(file)),,$(error $(name)=$(file): there is no such file)))))
endif

ifneq ($(and $(TEST),$(filter $(abspath $(TRAIN)),$(abspath $(TEST)))),)
$(warning TEST is TRAIN: what is said of it says little of other texts)
endif

ifneq ($(filter-out all texts,$(WORDS)),)
$(error WORDS=$(WORDS): it may be all or texts)
endif

ifneq ($(filter-out both linear vectors,$(FEATURES)),)
$(error FEATURES=$(FEATURES): it may be both, linear or vectors)
endif

# Without `=` a value is a word of its own, which would stay where the label's options are left out.
bare := $(firstword $(filter --label-column --text-column --label-key --text-key --from --delimiter,$(READ)))
ifneq ($(bare),)
$(error READ=$(READ): write `=` between $(bare) and its value)
endif

ifneq ($(filter-out 1,$(words $(filter yes no,$(PAGE))) $(words $(PAGE))),)
$(error PAGE=$(PAGE): it may be yes or no)
endif

# On a cluster a command is spread over its nodes.
ifneq ($(filter-out slurm,$(ON)),)
$(error ON=$(ON): it may be slurm, or not be set)
endif
ifeq ($(ON),slurm)
NODES ?= 2
export PARTITION ACCOUNT TIME MEMORY SBATCH SETUP
ifeq ($(dry)$(filter clean,$(MAKECMDGOALS)),)
$(if $(shell command -v sbatch),,$(error ON=slurm needs Slurm: there is no sbatch here. Run make where jobs are submitted from))
endif
endif
spread := $(if $(ON),$(ROOT)/pipelines/spread -n $(NODES) -- )

# Runs a command whose result is $@ (by its -o) and whose messages are kept beside it.
quoted = '$(subst ','\'',$1)'
define stage
@echo $(call quoted,$1); [[ -d $(@D) ]] || mkdir -p $(@D); $(if $(ON),LOG=$@.log $(spread)$1,\
	{ $1; } 2>$@.log || { status=$$?; cat $@.log >&2; exit $$status; })
endef

.PHONY: report programs
report: $(OUT)/report.txt
	@cat $<

# The programs are built where they are not there yet; newer ones alone do not make results stale.
PROGRAMS_FIRST := $(if $(wildcard $(BIN)/rf-eval),,programs)
programs:
	@$(MAKE) -s -C $(ROOT) all

# What the features of a document come from: OUT/vectors.mp, OUT/linear.mp.
SOURCES := $(if $(filter both,$(FEATURES)),vectors linear,$(FEATURES))

own_vectors := $(if $(filter-out train,$(VECTORS)),,yes)
vectors := $(if $(own_vectors),$(OUT)/vectors.txt,$(VECTORS))

# Settings that change a result are prerequisites too, by a file that changes when they do.
SETTINGS := VECTORS TRAIN TEST GLOVE LINEAR FEATURES FOREST PAGE $(if $(DECIDE),DECIDE)
ifneq ($(dry)$(filter clean,$(MAKECMDGOALS)),)
$(SETTINGS:%=$(OUT)/%): ;
else
$(if $(shell mkdir -p $(OUT) 2>/dev/null && [ -w $(OUT) ] && echo yes),,$(error OUT=$(OUT): can't be written to: name another folder))
$(shell for setting in 'VECTORS=$(vectors) $(MEMBER) $(WORDS)' $(call quoted,TRAIN=$(TRAIN)$(reading)) \
	$(call quoted,TEST=$(TEST)$(reading)) $(call quoted,GLOVE=$(GLOVE)) $(call quoted,LINEAR=$(LINEAR)) \
	'FEATURES=$(SOURCES)' $(call quoted,FOREST=$(TREES) $(SEED) $(FOREST)$(if $(DECIDE), oob)) 'PAGE=$(PAGE)' \
	$(if $(DECIDE),$(call quoted,DECIDE=$(DECIDE))); do file=$(OUT)/$${setting%%=*}; \
	[[ -e $$file && $$(<$$file) == "$$setting" ]] || echo "$$setting" >$$file; done)
endif

# Of the passes over the pairs every tenth is shown as it ends.
every_tenth = awk '!/ iteration / || ++n % 10 == 0 { print; fflush() }' >&2

# Who learns vectors wants no label. It is the shell that knows where a quoted value ends.
learning = glove-train$(jobs)$(glove)
$(OUT)/vectors.txt: $(TRAIN) $(OUT)/TRAIN $(OUT)/GLOVE | $(PROGRAMS_FIRST)
	@text=(); for option in$(reading); do [[ $$option == --label-* ]] || text+=("$$option"); done; \
	printf '%s' $(call quoted,$(learning)); [[ -z $$text ]] || printf ' %q' "$${text[@]}"; echo ' -o $@ $<'; \
	$(if $(ON),LOG=$@.log $(spread)$(learning) "$${text[@]}" -o $@ $<,\
	$(learning) "$${text[@]}" -o $@ $< 2>&1 | tee $@.log | $(every_tenth))

$(OUT)/words.txt: $(TRAIN) $(TEST) $(OUT)/TRAIN $(OUT)/TEST | $(PROGRAMS_FIRST)
	$(call stage,vectorize$(jobs)$(reading) --words -o $@ $(TRAIN) $(TEST))

words := $(if $(filter texts,$(WORDS)),$(OUT)/words.txt)
$(OUT)/vectors.mp: $(vectors) $(words) $(OUT)/VECTORS | $(PROGRAMS_FIRST)
	$(call stage,glove-load$(jobs)$(member)$(words:%= --vocab %) -o $@ $<)

$(OUT)/linear.mp: $(TRAIN) $(OUT)/TRAIN $(OUT)/LINEAR | $(PROGRAMS_FIRST)
	$(call stage,linear-train$(jobs)$(linear)$(reading) -o $@ $<)

# Of one target each, below.
proba :=
decided :=

# $(call recipe,FOLDER,SOURCES,FOREST): samples, forest, predictions and report of one choice of
# features, in a folder of their own.
define recipe
$1/train.mp $1/test.mp $1/wrong.tsv: sources := $(foreach source,$2,--$(source) $(OUT)/$(source).mp)
$1/train.mp $1/test.mp: $(2:%=$(OUT)/%.mp) $(OUT)/FEATURES
$1/model.mp: forest := $3
$1/train-predicted.mp: $1/model.mp $1/train.mp
$1/test-predicted.mp: $1/model.mp $1/test.mp
$1/test-predicted.mp: proba := --proba
$1/wrong.tsv: $1/model.mp $(TEST) $(2:%=$(OUT)/%.mp)
$1/report.txt: parts := $2
$1/report.txt: $(OUT)/PAGE
$(if $(DECIDE),$1/test-predicted.mp $1/wrong.tsv: decided := --decide $1/decide.mp
$1/test-predicted.mp $1/wrong.tsv: $1/decide.mp)
$(if $(filter yes,$(PAGE)),$1/report.txt: $1/report.html)
made += $(addprefix $1/,train.mp test.mp model.mp oob.mp decide.mp train-predicted.mp test-predicted.mp \
	wrong.tsv train-accuracy test-report report.html report.txt)
endef
$(eval $(call recipe,$(OUT),$(SOURCES),$(FOREST)))

%/train.mp: $(TRAIN) $(OUT)/TRAIN | $(PROGRAMS_FIRST)
	$(call stage,vectorize$(jobs)$(reading) $(sources) -o $@ $(TRAIN))

%/test.mp: $(TEST) $(OUT)/TEST | $(PROGRAMS_FIRST)
	$(call stage,vectorize$(jobs)$(reading) $(sources) -o $@ $(TEST))

%/model.mp: %/train.mp $(OUT)/FOREST
	$(call stage,rf-train$(jobs) --trees $(TREES) --seed $(SEED)$(if $(forest), $(forest))$\
		$(if $(DECIDE), --oob $(@D)/oob.mp) -o $@ $<)
	$(if $(DECIDE),,@rm -f $(addprefix $(@D)/,decide.mp decide.mp.log oob.mp) $(OUT)/DECIDE)

%/decide.mp: %/model.mp $(OUT)/DECIDE
	$(call stage,rf-decide$(deciding) -o $@ $(@D)/oob.mp)

# The forest and the samples; what decides is given by name.
samples = $(filter-out %/decide.mp,$^)

# How sure the forest is of test texts is for the page.
%-predicted.mp:
	$(call stage,rf-predict$(jobs)$(if $(proba), $(proba)) --format mp$(if $(decided), $(decided)) -o $@ $(samples))

# For the page: which words decided where the forest is wrong, and what is in the texts, and in both
# of them.
%/wrong.tsv:
	$(call stage,rf-explain$(jobs) $(sources)$(if $(decided), $(decided)) --wrong --format tsv$(reading) -o $@ $< $(TEST))

$(OUT)/corpus.tsv: $(TRAIN) $(TEST) $(OUT)/TRAIN $(OUT)/TEST | $(PROGRAMS_FIRST)
	$(call stage,corpus --format tsv$(reading) --test $(TEST) -o $@ $(TRAIN))

%/report.html: %/test-predicted.mp %/wrong.tsv %/model.mp $(OUT)/corpus.tsv
	$(call stage,rf-eval -o /dev/null --html $@ --title 'Test texts'$(reading) --texts $(TEST) \
		--model $(@D)/model.mp --explanations $(@D)/wrong.tsv --corpus $(OUT)/corpus.tsv $<)

%/train-accuracy: %/train-predicted.mp
	$(call stage,rf-eval --accuracy -o $@ $<)

%/test-report: %/test-predicted.mp
	$(call stage,rf-eval -o $@ $<)

# What each stage said, how well the forest knows what it was trained on, and how well it does on
# what it has not seen.
said = while IFS= read -r line; do printf '%s\n' "$${line$(hash)*: }"; done <$1.log

%/report.txt: %/train-accuracy %/test-report
	@{ $(if $(filter vectors,$(parts)),$(if $(own_vectors),$(call said,$(OUT)/vectors.txt) | tail -n 1; ))\
	$(foreach part,$(parts),$(call said,$(OUT)/$(part).mp); )\
	echo "train: $$($(call said,$(@D)/train.mp))"; \
	echo "test: $$($(call said,$(@D)/test.mp))"; \
	$(call said,$(@D)/model.mp); \
	$(if $(DECIDE),$(call said,$(@D)/decide.mp); )\
	echo "train accuracy $$(<$(@D)/train-accuracy)"; \
	printf 'test %s\n' "$$(<$(@D)/test-report)"; \
	$(if $(filter yes,$(PAGE)),printf '\n%s\n' 'the same as a page and why: $(@D)/report.html';) } >$@.new && mv $@.new $@
	$(if $(filter no,$(PAGE)),@[[ ! -e $(@D)/report.html ]] || rm $(@D)/report.html)

# Only what was made here, since OUT may be any folder.
.PHONY: clean
clean: made += $(addprefix $(OUT)/,vectors.txt words.txt vectors.mp linear.mp corpus.tsv DECIDE)
clean:
	@rm -f $(made) $(made:=.log) $(made:=.new) $(SETTINGS:%=$(OUT)/%)
	@rmdir $(sort $(dir $(made))) 2>/dev/null || true

.SECONDARY:
