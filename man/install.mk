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
	$(LIBDIR)/pkgconfig/glovepipe.pc=$(PKG_CONFIG_FILE) $(INCLUDEDIR)/glovepipe.h=$(PUBLIC_HEADER))
INSTALLED_LINK = $(if $(INSTALLED_LIBRARY),$(LIBDIR)/libglovepipe.so)
INSTALLED_FILES = $(INSTALLED_LIBRARY) \
	$(foreach file,README.md CHANGELOG.md LICENSE,$(DOCDIR)/$(file)=$(file)) \
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

install: all completions pkg-config-file
	$(foreach pair,$(INSTALLED_PROGRAMS),$(call install_one,755,$(pair)))
	$(foreach pair,$(INSTALLED_FILES),$(call install_one,644,$(pair)))
	$(if $(INSTALLED_LINK),ln -sf $(SONAME) '$(DESTDIR)$(INSTALLED_LINK)')

uninstall:
	rm -f $(foreach pair,$(INSTALLED_PROGRAMS) $(INSTALLED_FILES),'$(DESTDIR)$(call target_of,$(pair))') \
		$(if $(INSTALLED_LINK),'$(DESTDIR)$(INSTALLED_LINK)')
	rmdir '$(DESTDIR)$(DOCDIR)' 2>/dev/null || true

# A program's --help is the one description that the completions are made from.
define completion_rule
$$(BUILD)/completions/%.$1: $$(BUILD)/bin/% man/completions
	@mkdir -p $$(@D)
	$$< --help >$$@.help && man/completions $1 $$* <$$@.help >$$@.new && rm $$@.help && mv $$@.new $$@
endef
$(foreach shell,bash zsh fish,$(eval $(call completion_rule,$(shell))))
