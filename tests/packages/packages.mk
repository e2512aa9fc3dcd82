# Releases: `make dist`, and whether it is whole. Included by the Makefile.
#
#   make distcheck ONLY="words"     with these test suites only

DIST := glovepipe-$(VERSION)

.PHONY: dist distcheck
dist:
	@mkdir -p $(BUILD)
	@tests/packages/dist $(DIST) $(BUILD)/$(DIST).tar.gz

distcheck: dist
	@tests/packages/distcheck $(BUILD)/$(DIST).tar.gz '$(ONLY)'

# Debian's packages, in a clean chroot of each Debian: as root, where a mirror is reached.
#
#   make debian SYSTEMS="trixie sid"
.PHONY: debian
debian:
	@tests/packages/systems $(BUILD)/packages $(SYSTEMS)
