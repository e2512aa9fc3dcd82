#!/usr/bin/env bats
# The corpora that fuzzing starts from, and each of their files changed some hundred times. No fuzzer
# is needed; `make fuzz` is the long run.
load ../cli/helpers

@test "the seeds of every parser, and changed ones" {
    need_python msgpack
    "$PYTHON" "$ROOT/tests/fuzz/seeds.py" "$BATS_TEST_TMPDIR/corpus"
    local target folder
    folder=$(dirname "$BIN")/tests/fuzz
    while read -r target _; do
        case $target in '' | '#'*) continue ;; esac
        [ -x "$folder/$target" ] || skip "no $folder/$target: memfd_create is Linux's"
        FUZZ_TURNS=300 "$folder/$target" "$BATS_TEST_TMPDIR/corpus/$target"
    done <"$ROOT/tests/fuzz/targets"
}
