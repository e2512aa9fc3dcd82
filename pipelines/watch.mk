# Labels each line that is added to a file, as it is added.
#
#   tail -F FILE | vectorize --no-label --linear linear.mp - | rf-predict model.mp
#
# and with the decisions of the model, where it has any.
#
#   make -f pipelines/watch.mk MODEL=model FILE=log
#
#   MODEL   the folder that `glovepipe train -o` or classify.mk made
#   FILE    what is watched; it may be replaced, or not be there yet
#   LINES   with which line it begins: the last N, or +1: all that is there already [0]
#   READ    options of vectorize; READ='--keep line' PREDICT='--labels-only --keep' has each line behind its label
#   PREDICT options of rf-predict [--labels-only]
#   JOBS    how many threads each program works with [the CPUs]
#   BIN     the programs [build/bin]
#
# It goes on until it is interrupted, or make is ended by the signal TERM, as a service is stopped: the
# whole pipe goes with it. (KILL leaves make no time to end it.)

SHELL := bash
.SHELLFLAGS := -e -o pipefail -c

ROOT := $(patsubst %/pipelines/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(dir $(lastword $(MAKEFILE_LIST)))parts/settings.mk
BIN ?= $(ROOT)/build/bin
LINES := 0# and not what a terminal has, which shells may export
PREDICT ?= --labels-only
export PATH := $(abspath $(BIN)):$(PATH)

$(foreach name,MODEL FILE,$(if $($(name)),,$(error $(name)= is not set: see the top of pipelines/watch.mk)))
$(call check_paths,MODEL FILE BIN,predict)
$(call check_options,MODEL FILE)
$(if $(call odd,$(LINES)),$(error LINES=$(LINES): is no number of lines))
$(if $(wildcard $(FILE)/.),$(error FILE=$(FILE): is a folder))
$(if $(wildcard $(MODEL)/model.mp),,$(error $(MODEL): holds no model.mp: name a folder that glovepipe train or classify.mk made))

# What classify.mk trained on is on record there; else whatever the folder has.
record := $(wildcard $(MODEL)/FEATURES)
sources := $(if $(record),$(patsubst FEATURES=%,%,$(file <$(record))),$(foreach source,vectors linear,$(if $(wildcard $(MODEL)/$(source).mp),$(source))))
jobs := $(if $(JOBS), -j $(JOBS))
decide := $(if $(wildcard $(MODEL)/decide.mp), --decide $(MODEL)/decide.mp)

# A shell that waits for a pipe is told of no signal before its end, and waits for all of the pipe: so the
# last of its programs alone is what is waited for, in the background. Of the others tail is to be ended,
# for they answer what they have and end by themselves.
.PHONY: watch
watch:
	@tail -n $(LINES) </dev/null 2>/dev/null || { echo 'LINES=$(LINES): is no number of lines' >&2; exit 2; }; \
	[ ! -e $(FILE) ] || [ -r $(FILE) ] || { echo 'FILE=$(FILE): may not be read' >&2; exit 1; }; \
	exec 3< <(exec tail -q -n $(LINES) -F $(FILE) 2>/dev/null); tail=$$!; \
	trap 'kill $$tail 2>/dev/null || true; wait' EXIT; \
	trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM; \
	rf-predict -q$(jobs)$(decide) $(PREDICT) $(MODEL)/model.mp \
		< <(exec vectorize -q$(jobs) --no-label $(if $(READ),$(READ) )$(foreach source,$(sources),--$(source) $(MODEL)/$(source).mp) - <&3 3<&-) 3<&- & \
	wait $$!
