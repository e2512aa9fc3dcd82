#!/usr/bin/env bats
# What others make of the same text: Python, numpy, Unicode's own tests.
load ../cli/helpers

@test "decimals are the float32 that numpy makes of them" {
    need_python numpy msgpack
    "$PYTHON" "$ROOT/tests/fault/decimals.py" 100000
}

@test "lower case and words are Python's, on the strings of Unicode's tests" {
    need_python msgpack
    local folder=/usr/share/unicode ours
    [ -e $folder/UnicodeData.txt ] || skip "no $folder: it is in Debian's package unicode-data"
    cd "$BATS_TEST_TMPDIR"
    printf 'a\tb\n' | vectorize -q --linear <(printf 'a\tb\nc\td\n' | linear-train -q --folds 2 -) - >X.mp
    ours=$(mp-cat --lineage X.mp | sed -n 's/^ *unicode *//p' | head -n 1)
    [ "$("$PYTHON" "$ROOT/tests/cli/vectorize.py" unicode)" = "$ours.0" ] ||
        skip "libunistring knows Unicode $ours, Python another"
    "$PYTHON" "$ROOT/tests/fault/letters.py" $folder
}
