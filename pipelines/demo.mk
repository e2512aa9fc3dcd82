# The main job on the newswire sample, the corpus that the tests make, and the bench. Included by
# the Makefile.
#
#   newswire-train.txt newswire-test.txt ─> classify.mk ─> report
#   demo-corpus.awk ─> train.txt test.txt vectors.zip ─> tests

DEMO_FOLDER := $(BUILD)/demo
# A bare machine has gzip, but may not have zip.
DEMO_PACKED := $(DEMO_FOLDER)/vectors.txt.gz $(if $(call has,zip),$(DEMO_FOLDER)/vectors.zip)

.PHONY: demo demo-corpus bench
demo-corpus: $(DEMO_PACKED)

$(DEMO_FOLDER)/made: pipelines/demo-corpus.awk
	@mkdir -p $(@D)
	@rm -f $(@D)/train.txt $(@D)/test.txt $(@D)/vectors.txt $(@D)/vectors.zip
	LC_ALL=C awk -v folder=$(@D) -f $<
	@touch $@

$(DEMO_FOLDER)/vectors.txt.gz: $(DEMO_FOLDER)/made
	@gzip -n -c $(@D)/vectors.txt >$@.new && mv $@.new $@

$(DEMO_FOLDER)/vectors.zip: $(DEMO_FOLDER)/made
	@rm -f $@ && zip -X -q -j $@ $(@D)/vectors.txt

demo: all
	@$(MAKE) --no-print-directory -f pipelines/classify.mk TRAIN=pipelines/newswire-train.txt \
		TEST=pipelines/newswire-test.txt OUT=$(DEMO_FOLDER)/run \
		BIN=$(abspath $(BUILD)/bin)
	@printf '\n%s\n' 'Everything that was made is in $(DEMO_FOLDER)/run; mp-cat shows what a file holds.' \
		'Your own texts, label<TAB>text a line, go the same way:' \
		'    make -f pipelines/classify.mk TRAIN=train.txt TEST=test.txt' \
		'or, by a folder that holds the model:' \
		'    build/bin/glovepipe train -o model train.txt && build/bin/glovepipe predict model new.txt'

bench: all
	@$(MAKE) --no-print-directory -f pipelines/bench.mk BIN=$(abspath $(BUILD)/bin)
