# A package's section from its one-line description: over 60,000 packages that every Debian or
# Ubuntu machine knows of, with evidence and vectors of their own.
#
#   apt-cache dumpavail | debian.awk > train.txt, test.txt     then classify.mk: linear-train,
#   glove-train, glove-load, vectorize, rf-train, rf-predict, rf-eval
#
#   make -f pipelines/debian.mk [OUT=build/debian] [TREES=200] [JOBS=] [BIN=]
#
# What the machine's package lists say is taken once; `apt-get update` fetches them where they are
# absent, and a removed OUT/available takes them anew.

OUT ?= build/debian
TRAIN := $(OUT)/train.txt
TEST := $(OUT)/test.txt

HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
include $(HERE)classify.mk

$(OUT)/available:
	@echo 'apt-cache dumpavail > $@'
	@command -v apt-cache >/dev/null || { echo 'debian.mk needs apt-cache, of Debian or Ubuntu' >&2; exit 1; }
	@apt-cache dumpavail >$@.new
	@grep -q '^Package:' $@.new || { echo 'apt-cache knows of no package: run apt-get update first' >&2; exit 1; }
	@mv $@.new $@

$(TRAIN) $(TEST) &: $(OUT)/available $(HERE)debian.awk
	@echo 'debian.awk $< > $(TRAIN), $(TEST)'
	@LC_ALL=C awk -v train=$(TRAIN) -v test=$(TEST) -f $(HERE)debian.awk $<
