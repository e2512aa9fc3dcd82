#!/usr/bin/env bats
# Releases: the tarball, and the one version that everything goes by.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    TARBALL=$(basename "$(in_make -s -f Makefile -f <(echo 'name: ; @echo $(DIST).tar.gz') name)")
}

@test "a tarball has every file that git tracks, but Debian's, and not the build" {
    [ -e "$ROOT/.git" ] || skip "no clone"
    need_program git
    "$ROOT/tests/packages/dist" "${TARBALL%.tar.gz}" "$PWD/packed.tar.gz"
    diff <(git -C "$ROOT" ls-files | grep -v '^debian/' | sed "s|^|${TARBALL%.tar.gz}/|" | LC_ALL=C sort) \
        <(tar -tzf packed.tar.gz) || fail "git ls-files (<) and the tarball (>) differ"
}

@test "packed twice, and from what was unpacked, at another time, by another umask: the same bytes" {
    "$ROOT/tests/packages/dist" "${TARBALL%.tar.gz}" "$PWD/packed.tar.gz"
    (umask 077 && mkdir elsewhere && tar -C elsewhere -xzf packed.tar.gz)
    mkdir -p "elsewhere/${TARBALL%.tar.gz}/build-asan" && touch "elsewhere/${TARBALL%.tar.gz}/build-asan/x"
    "elsewhere/${TARBALL%.tar.gz}/tests/packages/dist" "${TARBALL%.tar.gz}" "$PWD/again.tar.gz"
    same_file packed.tar.gz again.tar.gz
}

@test "one version: programs, library, tarball, Debian's changelog" {
    local version
    version=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
    equal "$TARBALL" "glovepipe-$version.tar.gz"
    equal "$(vectorize --version)" "vectorize (glovepipe) $version"
    [ ! -e "$ROOT/debian" ] || equal "$(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' "$ROOT/debian/changelog")" "$version"
}
