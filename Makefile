# glovepipe: text classification by pipes.
#
#   make                      the programs, in build/bin, and the library, in build/lib
#   make check                all tests
#   make check-long           with half a minute of fuzzing for each parser, and schedules
#   make demo                 a whole run, on newswire texts that come with the project
#   make install [PREFIX=/usr/local] [DESTDIR=]
#   make dist | distcheck     a tarball of this version; whether it is whole
#   make torture              every call of the system made to fail, kills by the thousand
#   make schedules [SEEDS=1:1000]  threads held up at random, under the thread sanitizer
#   make fuzz [TIME=600]      parsers under libFuzzer, seconds each
#   make asan | tsan | ubsan  all tests under a sanitizer
#   make lint                 formatting, static analysis, manual pages, include ranks
#   make portability          all tests on other Debian systems and machines
#   make bench                the tools beside their peers
#   make uninstall | clean    removes what install, or the build, made
#   make help                 this list
#
# A machine without a compiler or a library: ./setup installs what is missing.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build

CFLAGS ?= -O2 -g
CPPFLAGS ?=
LDFLAGS ?=
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3

include common/build.mk

TOOLS := $(basename $(notdir $(wildcard tools/*)))
PROGRAMS := $(TOOLS:%=$(BUILD)/bin/%)

.PHONY: all programs
all: programs library
programs: $(PROGRAMS)
.DEFAULT_GOAL := all

include common/library/build.mk
include tests/check.mk
include tests/lint.mk
include pipelines/demo.mk
include man/install.mk
include tests/packages/packages.mk

.PHONY: clean help
clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#   //p' Makefile
