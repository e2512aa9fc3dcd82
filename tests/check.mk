# The tests: `make check`, the same under sanitizers, and `make lint`. Included by the Makefile.
#
#   make check ONLY="words cli"           the suites whose name, with its folder, holds one of the words
#   make check ONLY=test_                 unit tests, for which no program is built
#   make check CHECK_JOBS=4               how many suites run at a time
#   make check-long                       all suites, and with them a part of what takes long
#   make check-slurm                      those of pipelines/slurm.mk, on a cluster of their own
#   make fuzz TIME=600                    parsers under libFuzzer, ASan and UBSan, seconds each
#   make torture                          every call made to fail, at every place: for a night
#   make schedules SEEDS=1:1000           threads held up at random, under the thread sanitizer

CHECK_JOBS ?= 2

ALL_UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
# The longest first, so that none of them is at work alone in the end.
LONG_SUITES := tests/cli/builds.bats tests/cli/slurm.bats tests/fault/kill.bats
ALL_SUITES := tests/ranks $(LONG_SUITES) tests/examples $(filter-out $(LONG_SUITES),$(wildcard tests/*/*.bats))
only = $(if $(ONLY),$(foreach suite,$1,$(if $(strip $(foreach word,$(ONLY),$(findstring $(word),$(call named,$(suite))))),$(suite))),$1)
named = $(lastword $(subst tests/, ,$1))
UNIT := $(call only,$(ALL_UNIT))
SUITES := $(call only,$(ALL_SUITES))

CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka)

ifneq ($(filter check check-long unit,$(MAKECMDGOALS)),)
MISSING_TESTERS := $(if $(shell $(PKG_CONFIG) --exists cmocka 2>/dev/null && echo yes),,libcmocka-dev)
MISSING_TESTERS += $(if $(call has,bats),,bats)
ifneq ($(strip $(MISSING_TESTERS)),)
$(error missing: $(strip $(MISSING_TESTERS)) (Debian's and Ubuntu's names). Run ./setup check, or: apt-get install $(strip $(MISSING_TESTERS)))
endif
endif

.PHONY: check-slurm
check-slurm:
	@$(MAKE) --no-print-directory check ONLY='slurm.bats spread.bats'

INJECT := $(BUILD)/tests/fault/inject.so
PRY := $(BUILD)/tests/fault/pry.so
# Parsers: a target each (tests/fuzz/targets), replayed by `make check`, and fuzzed where there is clang.
FUZZ_TARGETS := $(shell sed 's/\#.*//' tests/fuzz/targets | cut -d' ' -f1)
FUZZ_MENDED := $(shell awk '$$2 != "plain" { print $$1 }' tests/fuzz/targets)
FUZZ_PARTS := $(shell awk '$$2 == "parts" { print $$1 }' tests/fuzz/targets)
# What a target is made of beside its own file: of its kind, by its name.
fuzz_objects = $(patsubst %,$(BUILD)/tests/fuzz/%.o,$1 file $(if $(filter $1,$(FUZZ_MENDED)),mend) \
	$(if $(filter $1,$(FUZZ_PARTS)),parts parted))
REPLAYS := $(if $(shell uname -s | grep Linux),$(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/%))

# What suites are told of this build.
TOLD = $(foreach setting,BUILD CC CFLAGS CPPFLAGS LDFLAGS SANITIZE ISAL PYTHON,$(setting)='$($(setting))') \
	BIN='$(abspath $(BUILD)/bin)' DEMO='$(abspath $(DEMO_FOLDER))' INJECT='$(abspath $(INJECT))' PRY='$(abspath $(PRY))'

.PHONY: check check-long unit torture fuzz fuzz-build fuzzers asan ubsan tsan portability
check: unit $(if $(strip $(SUITES) $(LONG)),all demo-corpus completions $(INJECT) $(PRY) $(REPLAYS))
	@$(TOLD) tests/run -j $(CHECK_JOBS) $(BUILD)/tests/results $(LONG) $(UNIT) $(SUITES)

# With half a minute of fuzzing for each parser (FUZZ_SECONDS) and schedules of two seeds (SEEDS): one
# count of all. A suite that fuzzes has its half minutes one after the other, so that it may take longer.
LONGEST := $(call only,tests/fuzz/long tests/schedule/long)
check-long: $(if $(call has,clang),$(if $(filter %fuzz/long,$(LONGEST)),fuzz-build)) $(if $(filter %schedule/long,$(LONGEST)),schedules-build)
	@SUITE_SECONDS=3600 $(MAKE) --no-print-directory check LONG='$(LONGEST)'

.SECONDEXPANSION:
$(REPLAYS): $(BUILD)/tests/fuzz/%: $$(call fuzz_objects,$$*) $(BUILD)/tests/fuzz/main.o $(COMMON)
	$(call says,link $@)$(LINK) -o $@ $(filter %.o,$^) $(COMMON) $(GP_LDLIBS)

$(FUZZ_TARGETS:%=$(BUILD)/fuzz/%): $(BUILD)/fuzz/%: $$(call fuzz_objects,$$*) $(COMMON)
	@mkdir -p $(@D)
	$(call says,link $@)$(LINK) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(COMMON) $(GP_LDLIBS)

fuzzers: all $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)

# TIME: seconds for each target. FUZZ: some of them.
TIME ?= 600
fuzz: fuzz-build
	BIN='$(abspath $(BUILD)-fuzz/bin)' PATH='$(abspath $(BUILD)-fuzz/bin)':"$$PATH" PYTHON='$(PYTHON)' tests/fuzz/run $(BUILD)-fuzz/run $(TIME) $(FUZZ)

fuzz-build:
	$(MAKE) BUILD=$(BUILD)-fuzz CC=clang SANITIZE=address,undefined CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' \
		CPPFLAGS='-DCHUNKS_UNIT=4096' fuzzers

-include $(FUZZ_TARGETS:%=$(BUILD)/tests/fuzz/%.d)

# Hours of what `make check` has minutes of; goes on where it was stopped.
torture: all demo-corpus $(INJECT)
	@$(TOLD) tests/fault/torture $(BUILD)/torture

# They take the place of functions of glibc, and are not there where that is another library.
$(INJECT) $(PRY): $(BUILD)/tests/fault/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(call says,link $@)$(CC) -O1 -g -Wall -Wextra -shared -fPIC -o $@ $< -ldl 2>$@.log || rm -f $@

unit: $(UNIT)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(COMMON)
	$(call says,link $@)$(LINK) -o $@ $< $(COMMON) $(CMOCKA_LIBS) $(GP_LDLIBS)

-include $(ALL_UNIT:%=%.d)

# Each sanitizer has a build folder of its own.
SANITIZER_CFLAGS ?= -O1 -g
asan ubsan tsan: SANITIZER_asan = address,undefined
asan ubsan tsan: SANITIZER_ubsan = undefined
asan ubsan tsan: SANITIZER_tsan = thread
asan ubsan tsan:
	$(MAKE) BUILD=$(BUILD)-$@ SANITIZE=$(SANITIZER_$@) CFLAGS='$(SANITIZER_CFLAGS)' check

# Programs whose threads are held up at random, one schedule for each seed; resumed by other SEEDS.
SEEDS ?= 1:1000
DELAYED := pthread_create pthread_join pthread_mutex_lock pthread_mutex_unlock pthread_cond_wait \
	pthread_cond_signal pthread_cond_broadcast read write poll waitpid
DELAYS := $(abspath $(BUILD)-schedules/delays.o)

.PHONY: schedules schedules-build
schedules: schedules-build
	BIN='$(abspath $(BUILD)-schedules/bin)' DEMO='$(abspath $(BUILD)-schedules/demo)' $(PYTHON) tests/schedule/run.py $(SEEDS)

schedules-build: $(DELAYS)
	$(MAKE) BUILD=$(BUILD)-schedules SANITIZE=thread CFLAGS='-O1 -g' LDFLAGS='$(DELAYED:%=-Wl,--wrap=%) $(DELAYS)' programs demo-corpus

$(DELAYS): tests/schedule/delays.c
	@mkdir -p $(@D)
	$(call says,cc $<)$(CC) -O1 -g -Wall -Wextra -c -o $@ $<

# On other systems and machines: tests/portability/run. ONLY names cells.
portability:
	@tests/portability/run $(BUILD)/portability $(ONLY)
