# How sources become objects, a library and programs. Included by the Makefile.
#
#   make V=1            shows the whole commands
#   make CC=clang       another compiler        make BUILD=elsewhere    another build folder
#   make CFLAGS=-O0     other optimisation      make ISAL=no            without ISA-L
#
# CPPFLAGS, CFLAGS and LDFLAGS are the user's: they come behind the project's own and win.

# `$(call has,zip)`: is the program there? (The redirection makes old makes use a shell.)
has = $(shell command -v $1 2>/dev/null)
# `$(call says,cc x.c)`: a short line in place of the command.
says = $(if $(V),,@echo "  $1" && )

# ---- libraries: each is looked up by pkg-config, and its absence names the package ----

# msgpack-c goes by either name: `msgpack-c` where it is new, `msgpack` in Debian 12.
MSGPACK := $(firstword $(foreach name,msgpack-c msgpack,$(shell $(PKG_CONFIG) --exists $(name) 2>/dev/null && echo $(name))))
MISSING := $(if $(call has,$(PKG_CONFIG)),,pkg-config)
MISSING += $(if $(MSGPACK),,libmsgpack-dev)
MISSING += $(if $(shell $(PKG_CONFIG) --exists zlib 2>/dev/null && echo yes),,zlib1g-dev)
MISSING += $(if $(shell $(PKG_CONFIG) --exists minizip 2>/dev/null && echo yes),,libminizip-dev)
HASH := \#
MISSING += $(if $(shell echo '$(HASH)include <unicase.h>' | $(CC) $(CPPFLAGS) -E - >/dev/null 2>&1 && echo yes),,libunistring-dev)

NEEDS_LIBRARIES := $(filter-out clean help uninstall dist debian,$(or $(MAKECMDGOALS),all))
ifneq ($(NEEDS_LIBRARIES),)
ifneq ($(strip $(MISSING)),)
$(error missing: $(strip $(MISSING)) (Debian's and Ubuntu's names). Run ./setup, or: apt-get install $(strip $(MISSING)))
endif
endif

# ISA-L inflates three times as fast as zlib; it is used where it is there (ISAL=no: not).
ISAL ?= $(if $(shell $(PKG_CONFIG) --exists libisal 2>/dev/null && echo yes),yes,no)
PACKAGES := $(MSGPACK) zlib minizip
ifeq ($(ISAL),yes)
PACKAGES += libisal
GP_CPPFLAGS += -DHAVE_ISAL
endif

# ---- flags: portable, hardened, and the same bits everywhere ----

# `$(call machine_has,__i386__)`: does the compiler define that macro for its machine?
machine_has = $(filter 1,$(shell echo $1 | $(CC) $(CPPFLAGS) $(CFLAGS) -E -P - 2>/dev/null))

# Files over 2 GiB, on machines of 32 bits too; zlib takes the second for its own part of it.
LARGE_FILES := -D_FILE_OFFSET_BITS=64 -D_LARGEFILE64_SOURCE

# Contraction of a*b+c would make the last bit of a sum depend on the machine.
GP_CFLAGS := -std=c11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-ffp-contract=off -fno-math-errno -fstack-protector-strong -fvisibility=hidden -pthread
GP_CPPFLAGS += -Icommon -D_POSIX_C_SOURCE=200809L $(LARGE_FILES) -DGLOVEPIPE_VERSION='"$(VERSION)"' \
	$(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
# Nor may a float be kept with more bits than it has, as the x87 does, and gcc by -std=c11 on s390x.
ifneq ($(call machine_has,__i386__),)
GP_CFLAGS += -msse2 -mfpmath=sse
endif
ifneq ($(call machine_has,__s390x__),)
GP_CFLAGS += -fexcess-precision=fast
endif
GP_LDFLAGS := -pthread
ifneq ($(shell uname -s),Darwin)
GP_CFLAGS += -fstack-clash-protection
GP_LDFLAGS += -pie -Wl,-z,relro -Wl,-z,now -Wl,--as-needed
endif
GP_LDLIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lunistring -lm
ifeq ($(SANITIZE),)
GP_CPPFLAGS += $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,\
	$(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
else
GP_CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
GP_LDFLAGS += -fsanitize=$(SANITIZE)
endif

# Kernels for an instruction set are files of their own, named for it; elsewhere they are empty.
ifneq ($(call machine_has,__x86_64__),)
AVX2_CFLAGS := -mavx2 -mbmi -mbmi2 -mpopcnt -mpclmul
AVX512_CFLAGS := $(AVX2_CFLAGS) -mavx512f -mavx512bw -mavx512cd -mavx512dq -mavx512vl -mavx512vbmi -mavx512vbmi2
endif

SOURCES := $(wildcard common/*/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
COMMON := $(BUILD)/common.a

# Objects are rebuilt when the compiler or its flags change, and their archive when others are in it:
# two files say what they were, and are written where that is something else.
STAMP := $(BUILD)/flags
LISTED := $(BUILD)/sources
FLAGS_NOW := $(CC) $(GP_CPPFLAGS) $(CPPFLAGS) $(GP_CFLAGS) $(CFLAGS) $(GP_LDFLAGS) $(LDFLAGS) $(GP_LDLIBS)
keep = $(shell mkdir -p $(BUILD); printf '%s\n' '$(subst ','\'',$2)' | cmp -s - $1 || printf '%s\n' '$(subst ','\'',$2)' >$1)
ifneq ($(NEEDS_LIBRARIES),)
ifeq ($(findstring n,$(firstword -$(MAKEFLAGS))),)
$(call keep,$(STAMP),$(FLAGS_NOW))$(call keep,$(LISTED),$(SOURCES))
else # make -n writes nothing
$(STAMP) $(LISTED): ;
endif
endif

# Behind the user's stands only what an object would be of no use without: that the library may be
# loaded anywhere, and the instruction set of a kernel.
COMPILE = $(CC) $(GP_CPPFLAGS) $(CPPFLAGS) $(GP_CFLAGS) $(CFLAGS) -fPIC $(KERNEL_CFLAGS) -MMD -MP
LINK = $(CC) $(GP_CFLAGS) $(CFLAGS) $(GP_LDFLAGS) $(LDFLAGS)

$(BUILD)/%_avx2.o: KERNEL_CFLAGS := $(AVX2_CFLAGS)
$(BUILD)/%_avx512.o: KERNEL_CFLAGS := $(AVX512_CFLAGS)

$(BUILD)/%.o: %.c $(STAMP)
	@mkdir -p $(@D)
	$(call says,cc $<)$(COMPILE) -c -o $@ $<

$(COMMON): $(OBJECTS) $(LISTED)
	@rm -f $@
	$(call says,ar $@)$(AR) qcs $@ $(OBJECTS)

$(BUILD)/bin/%: $(BUILD)/tools/%.o $(COMMON)
	@mkdir -p $(@D)
	$(call says,link $@)$(LINK) -o $@ $< $(COMMON) $(GP_LDLIBS)

# A script is its own program, in which `# part: FILE` stands for a file.
$(BUILD)/bin/%: tools/% $(wildcard pipelines/parts/*.bash)
	@mkdir -p $(@D)
	$(call says,join $@)awk '/^# part: / { while ((got = (getline line <$$3)) > 0) print line; if (got < 0) exit 1; next } 1' \
		$< >$@.new && chmod +x $@.new && mv $@.new $@

.SECONDARY:
-include $(OBJECTS:.o=.d) $(wildcard $(BUILD)/tools/*.d)
