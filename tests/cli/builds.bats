#!/usr/bin/env bats
# Other builds write the same bytes: another compiler, no optimisation, without ISA-L. What the
# suite was built with is compared with them.

load helpers

setup_file() {
    export REFERENCE=$BATS_FILE_TMPDIR/reference
    run_everything "$BIN" "$REFERENCE"
}

# Every program, by the pipeline and beside it: run_everything PROGRAMS FOLDER
run_everything() {
    make --no-print-directory -s -f "$ROOT/pipelines/classify.mk" BIN="$1" OUT="$2" TREES=30 \
        TRAIN="$DEMO/train.txt" TEST="$DEMO/test.txt" VECTORS="$DEMO/vectors.txt.gz" >/dev/null
    "$1/glove-train" -q --iter 3 -o "$2/own.txt" "$DEMO/train.txt"
    "$1/rf-train" -q --criterion entropy --no-bootstrap --max-depth 9 --trees 5 -o "$2/entropy.mp" \
        "$2/train.mp"
    "$1/mp-cat" "$2/model.mp" >"$2/model.txt"
    if [ -n "$SHARED" ]; then
        make --no-print-directory -s -f "$ROOT/pipelines/r8.mk" BIN="$1" OUT="$2/r8" TREES=30 \
            DATA="$SHARED" VECTORS="$SHARED/glove.r8.50d.zip" >/dev/null
    fi
}

# Builds with the settings and compares: same_bytes SETTING...
same_bytes() {
    need_plain_build
    local build=$BATS_TEST_TMPDIR/build file compared=0
    make --no-print-directory -s -C "$ROOT" -j2 BUILD="$build" "$@" all >/dev/null
    run_everything "$build/bin" "$BATS_TEST_TMPDIR/results"
    while read -r file; do
        same_file "$REFERENCE/$file" "$BATS_TEST_TMPDIR/results/$file"
        compared=$((compared + 1))
    done < <(cd "$REFERENCE" && find . -name '*.mp' -o -name own.txt -o -name model.txt -o -name test-report)
    [ "$compared" -ge 9 ] || fail "only $compared files were compared"
}

@test "gcc -O0, without ISA-L" {
    need_program gcc
    same_bytes CC=gcc CFLAGS=-O0 ISAL=no
}

@test "gcc -O3, and all instructions that this machine has" {
    need_program gcc
    same_bytes CC=gcc CFLAGS="-O3 -march=native"
}

@test "flags by which sums would be others are refused" {
    local flag
    for flag in -Ofast -ffast-math -ffinite-math-only; do
        # shellcheck disable=SC2086 # words
        expect 1 ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -I"$ROOT/common" -O2 $flag -fsyntax-only \
            "$ROOT/common/stream/forest.c"
        contains "$stderr" "give other results"
    done
}

@test "loops are unrolled in the words of the compiler at hand alone" {
    local compiler
    expect 0 grep -rlE '# *pragma|_Pragma' "$ROOT/common" "$ROOT/tools"
    equal "$output" "$ROOT/common/base/unroll.h"
    for compiler in "gcc:#pragma GCC unroll 4" "clang:#pragma clang loop unroll_count(4)"; do
        command -v "${compiler%%:*}" >/dev/null || continue
        expect 0 "${compiler%%:*}" -E -P -I"$ROOT/common" -xc - <<<$'#include "base/unroll.h"\nUNROLL(4)'
        contains "$output" "${compiler#*:}"
    done
}

@test "clang -O2" {
    need_program clang
    same_bytes CC=clang CFLAGS=-O2
}
