#!/usr/bin/env bats
# What others make of the same text: Python, numpy, Unicode's own tests.
load ../cli/helpers

@test "decimals are the float32 that numpy makes of them" {
    need_python numpy msgpack
    "$PYTHON" "$ROOT/tests/fault/decimals.py" 100000
}

UNICODE=/usr/share/unicode

# Unicode's data, and a Python that knows the same version as libunistring.
need_unicode() {
    need_python msgpack
    local ours
    [ -e $UNICODE/UnicodeData.txt ] || skip "no $UNICODE: it is in Debian's package unicode-data"
    cd "$BATS_TEST_TMPDIR" || return 1
    printf 'a\tb\n' | vectorize -q --linear <(printf 'a\tb\nc\td\n' | linear-train -q --folds 2 -) - >X.mp
    ours=$(mp-cat --lineage X.mp | sed -n 's/^ *unicode *//p' | head -n 1)
    [ "$("$PYTHON" "$ROOT/tests/cli/vectorize.py" unicode)" = "$ours.0" ] ||
        skip "libunistring knows Unicode $ours, Python another"
}

@test "lower case and tokens are Python's, on the strings of Unicode's tests" {
    need_unicode
    "$PYTHON" "$ROOT/tests/fault/letters.py" $UNICODE
}

@test "words are Python's, each character's by its category, and Unicode's where they are the same" {
    need_unicode
    "$PYTHON" "$ROOT/tests/fault/words.py" $UNICODE
}
