# The tests: `make check`, the same under sanitizers, and `make lint`. Included by the Makefile.
#
#   make check ONLY="words vectorize"     the suites whose name holds one of the words
#   make check CHECK_JOBS=4               how many suites run at a time

CHECK_JOBS ?= 2

ALL_UNIT := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
ALL_SUITES := tests/ranks tests/examples $(wildcard tests/*/*.bats)
only = $(if $(ONLY),$(foreach suite,$1,$(if $(strip $(foreach word,$(ONLY),$(findstring $(word),$(notdir $(suite))))),$(suite))),$1)
UNIT := $(call only,$(ALL_UNIT))
SUITES := $(call only,$(ALL_SUITES))

CMOCKA_LIBS = $(shell $(PKG_CONFIG) --libs cmocka)

ifneq ($(filter check unit,$(MAKECMDGOALS)),)
MISSING_TESTERS := $(if $(shell $(PKG_CONFIG) --exists cmocka 2>/dev/null && echo yes),,libcmocka-dev)
MISSING_TESTERS += $(if $(call has,bats),,bats)
ifneq ($(strip $(MISSING_TESTERS)),)
$(error missing: $(strip $(MISSING_TESTERS)) (Debian's and Ubuntu's names). Run ./setup check, or: apt-get install $(strip $(MISSING_TESTERS)))
endif
endif

.PHONY: check unit asan ubsan tsan portability
check: all unit demo-corpus completions
	@$(foreach setting,BUILD CC CFLAGS CPPFLAGS LDFLAGS SANITIZE ISAL PYTHON,$(setting)='$($(setting))') \
	BIN='$(abspath $(BUILD)/bin)' DEMO='$(abspath $(DEMO_FOLDER))' tests/run -j $(CHECK_JOBS) $(BUILD)/tests/results $(UNIT) $(SUITES)

unit: $(UNIT)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(COMMON)
	$(call says,link $@)$(LINK) -o $@ $< $(COMMON) $(CMOCKA_LIBS) $(GP_LDLIBS)

-include $(ALL_UNIT:%=%.d)

# Each sanitizer has a build folder of its own.
asan ubsan tsan: SANITIZER_asan = address,undefined
asan ubsan tsan: SANITIZER_ubsan = undefined
asan ubsan tsan: SANITIZER_tsan = thread
asan ubsan tsan:
	$(MAKE) BUILD=$(BUILD)-$@ SANITIZE=$(SANITIZER_$@) CFLAGS='-O1 -g' check

# On other systems and machines: tests/portability/run. ONLY names cells.
portability:
	@tests/portability/run $(BUILD)/portability $(ONLY)
