#!/usr/bin/env bats
# Whatever the system refuses: what it said, status 1, no file, no process, no memory kept.
load ../cli/helpers

@test "calls of the system fail, in every program" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/inject.py" quick
}

@test "without O_TMPFILE or /proc, with short reads and interrupted calls: the same bytes" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/inject.py" without
}

@test "with few files, addresses or processes, closed descriptors, or no /proc" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/modes.py" every quick
}

@test "a file is on the disk before it has its name, and the name when the program ends" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/inject.py" saved
}

@test "a hidden name is gone after any signal, 50 times, and is never the same" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/inject.py" signals 50
}

@test "workers that are killed at large pages: the forest is the same, and it is said" {
    need_inject
    "$PYTHON" "$ROOT/tests/fault/inject.py" pages
}
