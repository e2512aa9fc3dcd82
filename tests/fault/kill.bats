#!/usr/bin/env bats
# Whatever is killed, whenever: no plausible result, no child, no file under a final name.
load ../cli/helpers

@test "a stage of the pipe killed, 100 times" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" stages 100
}

@test "a worker killed, 100 times: the forest is the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 100 rf-train
}

@test "a worker stopped, 4 times: its trees are grown elsewhere, to the same forest" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" stopped 4 rf-train
}

@test "rf-train killed or interrupted, 100 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 100 rf-train
}

@test "with --oob, a worker killed, 50 times: the forest and what is said out of bag are the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 50 rf-train-oob
}

@test "with --oob, rf-train killed or interrupted, 50 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 50 rf-train-oob
}

@test "a worker of linear-train killed, 50 times: the evidence is the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 50 linear-train
}

@test "linear-train killed or interrupted, 50 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 50 linear-train
}

@test "rf-train killed again and again, 50 times: a checkpoint brings it to the same bytes" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" checkpoint 50
}
