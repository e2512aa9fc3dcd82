#!/usr/bin/env bats
# Memory goes by bytes in flight and work by what is there, whatever the numbers in a header are.
load ../cli/helpers

@test "small files that ask for much" {
    need_plain_build
    need_python msgpack
    "$PYTHON" "$ROOT/tests/fault/limits.py"
}
