# Installing and removing: programs, the library, manual pages, shell completions, what to read
# first. Included by the Makefile.

BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DOCDIR ?= $(PREFIX)/share/doc/glovepipe
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
INSTALL ?= install

PAGES := $(wildcard man/*.[1357])

# What is installed, as target=source; uninstall removes exactly these.
COMPLETIONS_OF = $(BASHDIR)/$1=$(BUILD)/completions/$1.bash \
	$(ZSHDIR)/_$1=$(BUILD)/completions/$1.zsh \
	$(FISHDIR)/$1.fish=$(BUILD)/completions/$1.fish
INSTALLED_PROGRAMS = $(foreach tool,$(TOOLS),$(BINDIR)/$(tool)=$(BUILD)/bin/$(tool))
INSTALLED_LIBRARY = $(if $(filter Darwin,$(shell uname -s)),, \
	$(LIBDIR)/$(SONAME)=$(SHARED_LIBRARY) $(LIBDIR)/libglovepipe.a=$(STATIC_LIBRARY) \
	$(INCLUDEDIR)/glovepipe.h=$(PUBLIC_HEADER))
# What is made where it goes: the name to link by, and what pkg-config reads.
INSTALLED_LINK = $(if $(INSTALLED_LIBRARY),$(LIBDIR)/libglovepipe.so)
INSTALLED_TEXT = $(if $(INSTALLED_LIBRARY),$(LIBDIR)/pkgconfig/glovepipe.pc)
INSTALLED_FILES = $(INSTALLED_LIBRARY) \
	$(foreach file,README.md CHANGELOG.md SECURITY.md LICENSE,$(DOCDIR)/$(file)=$(file)) \
	$(foreach page,$(PAGES),$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page))=$(page)) \
	$(foreach tool,$(TOOLS),$(call COMPLETIONS_OF,$(tool)))

target_of = $(firstword $(subst =, ,$1))
source_of = $(lastword $(subst =, ,$1))
define install_one
$(INSTALL) -d '$(DESTDIR)$(dir $(call target_of,$2))'
$(INSTALL) -m $1 $(call source_of,$2) '$(DESTDIR)$(call target_of,$2)'

endef

.PHONY: completions install uninstall
completions: $(foreach shell,bash zsh fish,$(TOOLS:%=$(BUILD)/completions/%.$(shell)))

install: all completions
	$(foreach pair,$(INSTALLED_PROGRAMS),$(call install_one,755,$(pair)))
	$(foreach pair,$(INSTALLED_FILES),$(call install_one,644,$(pair)))
	$(if $(INSTALLED_LINK),ln -sf $(SONAME) '$(DESTDIR)$(INSTALLED_LINK)')
	$(if $(INSTALLED_TEXT),$(INSTALL) -d '$(DESTDIR)$(dir $(INSTALLED_TEXT))')
	$(if $(INSTALLED_TEXT),@$(PKG_CONFIG_TEXT) >'$(DESTDIR)$(INSTALLED_TEXT)' && chmod 644 '$(DESTDIR)$(INSTALLED_TEXT)')

uninstall:
	rm -f $(foreach pair,$(INSTALLED_PROGRAMS) $(INSTALLED_FILES),'$(DESTDIR)$(call target_of,$(pair))') \
		$(foreach target,$(INSTALLED_LINK) $(INSTALLED_TEXT),'$(DESTDIR)$(target)')
	rmdir '$(DESTDIR)$(DOCDIR)' 2>/dev/null || true

# Completions are made from the options in a program's source, for it may not run here.
OPTION_HEADERS := common/base/options.c $(wildcard common/*/*.h)
define completion_rule
$(BUILD)/completions/$1.$2: $(wildcard tools/$1.c tools/$1) man/options man/completions $(OPTION_HEADERS)
	@mkdir -p $$(@D)
	options=$$$$(CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' man/options $1) && printf '%s\n' "$$$$options" | man/completions $2 $1 >$$@.new && mv $$@.new $$@
endef
$(foreach tool,$(TOOLS),$(foreach shell,bash zsh fish,$(eval $(call completion_rule,$(tool),$(shell)))))
