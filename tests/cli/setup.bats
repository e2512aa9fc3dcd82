#!/usr/bin/env bats
# setup on made-up machines: PATH holds nothing but stubs that write down how they were called.

load helpers

setup() {
    machine=$BATS_TEST_TMPDIR/machine
    mkdir "$machine"
    local tool
    for tool in sh bash cat dirname sort tr env; do
        ln -s "$(command -v "$tool")" "$machine/$tool"
    done
    log=$BATS_TEST_TMPDIR/log
    : >"$log"
    has make
    user 0
}

# has NAME...: a program that notes its name and arguments, and succeeds.
has() {
    local name
    for name; do
        printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$name" "$log" >"$machine/$name"
        chmod +x "$machine/$name"
    done
}

user() {
    printf '#!/bin/sh\necho %s\n' "$1" >"$machine/id"
    chmod +x "$machine/id"
}

# Everything that a build needs; pkg-config knows all libraries, or those whose names match.
has_compiler() {
    has cc
    printf '#!/bin/sh\ncase $2 in %s) exit 0 ;; esac\nexit 1\n' "${1:-*}" >"$machine/pkg-config"
    chmod +x "$machine/pkg-config"
}

setup_there() {
    env -i PATH="$machine" PYTHON=no-python /bin/sh "$ROOT/setup" "$@"
}

# What was run beside the probes.
actions() {
    grep -v '^cc ' "$log" || true
}

@test "where all is there, it installs nothing and hands its arguments to make" {
    has_compiler
    has apt-get
    expect 0 setup_there demo -j2 'NAME=two words'
    equal "$(actions)" "make demo -j2 NAME=two words"
}

@test "--help is its own, and installs nothing" {
    for help in -h --help; do
        expect 0 setup_there $help
        contains "$output" "./setup check      all tests"
        lacks "$output" "set -eu"
        equal "$(actions)" ""
    done
}

@test "msgpack-c counts under either of its names" {
    has apt-get
    for name in msgpack msgpack-c; do
        : >"$log"
        has_compiler "zlib|minizip|libisal|$name"
        expect 0 setup_there
        equal "$(actions)" "make "
    done
}

@test "a bare machine with apt-get: updates, installs what a build needs, then makes" {
    rm "$machine/make"
    printf '#!/bin/sh\necho "apt-get $*" >>"%s"\ncase $* in *" make "*) ln -s "%s" "%s/make" ;; esac\n' \
        "$log" "$BATS_TEST_TMPDIR/make" "$machine" >"$machine/apt-get"
    printf '#!/bin/sh\necho "make $*" >>"%s"\n' "$log" >"$BATS_TEST_TMPDIR/make"
    chmod +x "$machine/apt-get" "$BATS_TEST_TMPDIR/make"
    ln -s "$(command -v ln)" "$machine/ln"
    expect 0 setup_there demo
    equal "$(actions)" "apt-get update -qq
apt-get install -qq -y --no-install-recommends gcc libc6-dev libminizip-dev libmsgpack-dev libunistring-dev make pkg-config zlib1g-dev
apt-get install -qq -y --no-install-recommends libisal-dev
make demo"
    contains "$stderr" "setup: apt-get update"
    contains "$stderr" "apt-get install -qq -y --no-install-recommends gcc"
}

@test "test tools only for check, lint tools only for lint, peers only for bench" {
    has_compiler "zlib|minizip|libisal|msgpack"
    has apt-get
    expect 0 setup_there check
    contains "$(actions)" "libcmocka-dev"
    contains "$(actions)" "python3-sklearn"
    lacks "$(actions)" "clang-tidy"
    : >"$log"
    expect 0 setup_there lint
    contains "$(actions)" "clang-tidy"
    : >"$log"
    expect 0 setup_there bench
    contains "$(actions)" "r-cran-ranger"
    lacks "$(actions)" "bats"
}

@test "not root: through sudo" {
    has_compiler "zlib|minizip|libisal"
    has apt-get sudo
    user 1000
    expect 0 setup_there
    equal "$(actions)" "sudo apt-get update -qq
sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libmsgpack-dev
make "
}

@test "not root and no sudo: says what to run as root, and stops" {
    has_compiler "zlib|minizip|libisal"
    has apt-get
    user 1000
    expect 1 setup_there
    contains "$stderr" "as root, run: apt-get install libmsgpack-dev"
    equal "$(actions)" ""
}

@test "an install that fails stops before make" {
    has_compiler "zlib|minizip|libisal"
    printf '#!/bin/sh\nexit 100\n' >"$machine/apt-get"
    chmod +x "$machine/apt-get"
    expect 1 setup_there
    equal "$(actions)" ""
}

@test "without ISA-L it goes on" {
    has_compiler "zlib|minizip|msgpack"
    printf '#!/bin/sh\nexit 100\n' >"$machine/apt-get"
    chmod +x "$machine/apt-get"
    expect 0 setup_there
    equal "$(actions)" "make "
}

@test "dnf, apk, pacman and brew: prints the command, and stops" {
    has_compiler "zlib|minizip|libisal"
    local case manager
    for case in "dnf install msgpack-devel" "apk add msgpack-c-dev" \
        "pacman -S --needed msgpack-c" "brew install msgpack"; do
        manager=${case%% *}
        has "$manager"
        expect 1 setup_there
        contains "$stderr" "run: $case"
        equal "$(actions)" ""
        rm "$machine/$manager"
    done
}

@test "bare Alpine has no bash: it is named, for the programs that are scripts of it" {
    has_compiler
    has apk
    rm "$machine/bash"
    expect 1 setup_there
    contains "$stderr" "run: apk add bash"
}

@test "no package manager: make has the last word" {
    expect 0 setup_there
    equal "$(actions)" "make "
}

@test "it runs from any folder" {
    has_compiler
    printf '#!/bin/sh\npwd >"%s"\n' "$log" >"$machine/make"
    cd /
    expect 0 setup_there
    equal "$(cat "$log")" "$ROOT"
}

@test "plain make names the package of each library that is missing" {
    need_program make
    # pkg-config that knows nothing; unicase.h is there or not, as on this machine.
    printf '#!/bin/sh\nexit 1\n' >"$machine/pkg-config"
    chmod +x "$machine/pkg-config"
    expect 2 make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" PKG_CONFIG="$machine/pkg-config"
    contains "$stderr" "libmsgpack-dev zlib1g-dev libminizip-dev"
    contains "$stderr" "./setup"
    expect 2 make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" PKG_CONFIG=no-pkg-config
    contains "$stderr" "missing: pkg-config"
    # A compiler that finds no header.
    printf '#!/bin/sh\nexit 1\n' >"$machine/bare-cc"
    chmod +x "$machine/bare-cc"
    expect 2 make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" CC="$machine/bare-cc"
    contains "$stderr" "missing: libunistring-dev"
    # One that finds no other.
    printf '#!/bin/sh\nread -r line\n[ "$line" = "#include <unicase.h>" ]\n' >"$machine/cc-that-looks"
    chmod +x "$machine/cc-that-looks"
    expect 2 make -C "$ROOT" BUILD="$BATS_TEST_TMPDIR/build" CC="$machine/cc-that-looks" PKG_CONFIG=no-pkg-config
    lacks "$stderr" libunistring
}
