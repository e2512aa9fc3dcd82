#!/usr/bin/env bats
# Nothing from outside steers a terminal, whatever field of whatever tool it stands in.
load ../cli/helpers

@test "hostile names in every field of every tool are spelled out" {
    need_python msgpack
    "$PYTHON" "$ROOT/tests/fault/shown.py"
}

@test "a member of a zip that nobody can type is named as it is listed" {
    need_python zipfile
    cd "$BATS_TEST_TMPDIR"
    "$PYTHON" -c "
import zipfile
with zipfile.ZipFile('a.zip', 'w') as z:
    z.writestr('a\x1b[1m\u202eb', 'x 1 2\n')
    z.writestr('other', 'y 1 2\n')"
    expect 0 glove-load --list a.zip
    equal "${lines[0]}" 'a\x1b[1m\u202eb	6'
    expect 0 bash -c "glove-load -q --member 'a\x1b[1m\u202eb' a.zip | mp-cat"
    equal "$output" 'x 1 2'
}
