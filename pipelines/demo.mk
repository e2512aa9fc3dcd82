# The main job on a small corpus that the project makes itself, and the bench. Included by the
# Makefile.
#
#   demo-corpus.awk ─> train.txt test.txt vectors.zip ─> classify.mk ─> report

DEMO_FOLDER := $(BUILD)/demo
# A bare machine has gzip, but may not have zip.
DEMO_PACKED := $(DEMO_FOLDER)/vectors.txt.gz $(if $(call has,zip),$(DEMO_FOLDER)/vectors.zip)

.PHONY: demo demo-corpus bench
demo-corpus: $(DEMO_PACKED)

$(DEMO_FOLDER)/made: pipelines/demo-corpus.awk
	@rm -rf $(@D)
	@mkdir -p $(@D)
	LC_ALL=C awk -v folder=$(@D) -f $<
	@touch $@

$(DEMO_FOLDER)/vectors.txt.gz: $(DEMO_FOLDER)/made
	@gzip -n -c $(@D)/vectors.txt >$@.new && mv $@.new $@

$(DEMO_FOLDER)/vectors.zip: $(DEMO_FOLDER)/made
	@rm -f $@ && zip -X -q -j $@ $(@D)/vectors.txt

demo: all demo-corpus
	@$(MAKE) --no-print-directory -f pipelines/classify.mk TRAIN=$(DEMO_FOLDER)/train.txt \
		TEST=$(DEMO_FOLDER)/test.txt VECTORS=$(lastword $(DEMO_PACKED)) OUT=$(DEMO_FOLDER)/run \
		BIN=$(abspath $(BUILD)/bin)
	@printf '\n%s\n' 'Your own texts (label<TAB>text a line) and vectors go the same way:' \
		'    make -f pipelines/classify.mk TRAIN=train.txt TEST=test.txt VECTORS=glove.6B.zip MEMBER=glove.6B.50d.txt'

bench: all
	@$(MAKE) --no-print-directory -f pipelines/bench.mk BIN=$(abspath $(BUILD)/bin)
