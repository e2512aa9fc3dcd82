#!/usr/bin/env bats
# A stream that is cut anywhere, or changed anywhere, is refused by every program that reads it.
load ../cli/helpers

@test "every offset of a small stream of each kind" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/damage.py" small
}

@test "200 random offsets of a large stream of each kind" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/damage.py" large
}
