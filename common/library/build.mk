# libglovepipe, shared and static, and what pkg-config says of it. Included by the Makefile.
#
#   make library        build/lib          make programs        the programs alone

# The number of the interface, not of the release: it changes when a program that was linked with
# the library would no longer run with the next one (see CONTRIBUTING.md).
SONAME := libglovepipe.so.1
SHARED_LIBRARY := $(BUILD)/lib/$(SONAME)
STATIC_LIBRARY := $(BUILD)/lib/libglovepipe.a
DEVELOPMENT_LINK := $(BUILD)/lib/libglovepipe.so
PUBLIC_HEADER := common/library/glovepipe.h

# The archiver's companion for the machine that is compiled for.
OBJCOPY ?= $(or $(shell $(CC) -print-prog-name=objcopy 2>/dev/null),objcopy)

# On macOS neither a symbol map nor objcopy is what it is elsewhere; there are the programs alone.
.PHONY: library
ifneq ($(shell uname -s),Darwin)
library: $(SHARED_LIBRARY) $(STATIC_LIBRARY) $(DEVELOPMENT_LINK)
endif

# The public functions' object, by which the linker takes of the rest what they need.
PUBLIC_OBJECT := $(BUILD)/common/library/glovepipe.o
SYMBOL_MAP := common/library/glovepipe.map
LIBRARY_LIBS := $(shell $(PKG_CONFIG) --libs $(MSGPACK) zlib 2>/dev/null) -lunistring -lm
# A sanitizer's functions are found at run time.
WHOLE := $(if $(SANITIZE),,-Wl,-z,defs)

# What makes a program that can lie anywhere (-pie) is nothing to a library, which clang remarks.
$(SHARED_LIBRARY): $(PUBLIC_OBJECT) $(COMMON) $(SYMBOL_MAP)
	@mkdir -p $(@D)
	$(call says,link $@)$(filter-out -pie,$(LINK)) -shared -Wl,-soname,$(SONAME) $(WHOLE) \
		-Wl,--version-script=$(SYMBOL_MAP) -o $@ $(PUBLIC_OBJECT) $(COMMON) $(LIBRARY_LIBS)

$(DEVELOPMENT_LINK): $(SHARED_LIBRARY)
	@ln -sf $(SONAME) $@

# One object, in which all that is hidden is local, so that its names meet no one else's.
$(STATIC_LIBRARY): $(PUBLIC_OBJECT) $(COMMON)
	@mkdir -p $(@D)
	@rm -f $@
	$(call says,ar $@)$(CC) $(CFLAGS) -fno-sanitize=all -r -nostdlib $(if $(findstring -flto,$(CFLAGS)),-flinker-output=nolto-rel) \
		-o $(BUILD)/lib/glovepipe.o $(PUBLIC_OBJECT) $(COMMON) && \
		$(OBJCOPY) --localize-hidden $(BUILD)/lib/glovepipe.o && \
		$(AR) qcs $@ $(BUILD)/lib/glovepipe.o && rm $(BUILD)/lib/glovepipe.o

# What pkg-config is told. Who links statically needs the libraries too; who does not, none of their
# packages.
PKG_CONFIG_TEXT = printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$(INCLUDEDIR)' 'libdir=$(LIBDIR)' '' \
	'Name: glovepipe' 'Description: labels for texts, by models that glovepipe trained' \
	'Version: $(VERSION)' 'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -lglovepipe' \
	'Libs.private: $(strip $(LIBRARY_LIBS)) -pthread'
