#!/usr/bin/env bats
# Zips as Python and Info-ZIP write them: the same bytes, or a refusal that says why.
load ../cli/helpers

@test "zips of every method and flag are read, or refused by name" {
    need_python msgpack
    "$PYTHON" "$ROOT/tests/fault/zips.py"
}
