#!/usr/bin/env bats
# rf-train: other recipes than the default one: extra trees.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

demo_samples() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
}

# same_bytes SAMPLES OPTION...: for any number of jobs and any instruction set.
same_bytes() {
    local samples=$1 jobs level
    shift
    rf-train -q -j1 -n 30 "$@" -o one.mp "$samples"
    for jobs in 2 8; do
        rf-train -q -j "$jobs" -n 30 "$@" "$samples" | cmp - one.mp
    done
    for level in portable avx2 avx512; do
        GLOVEPIPE_CPU=$level rf-train -q -n 30 "$@" "$samples" | cmp - one.mp
    done
}

# refuses STATUS PART ARGUMENT...: no forest, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" rf-train -n 3 -o model.mp "$@"
    contains "$stderr" "$part"
    [ ! -e model.mp ] || fail "there is a forest"
}

accuracy() {
    rf-predict -q --format mp model.mp "$1" | rf-eval --accuracy
}

# Halves of digits as train.mp and test.mp; mean accuracies of ten seeds of theirs, which python
# makes of `fit(seed)`, and ours, within what is given.
beside() {
    local within=$1 theirs=$2
    shift 2
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" "$theirs" <<'END' >theirs
import sys
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
sys.path.insert(0, sys.argv[1])
import streams
digits = load_digits()
x, y = digits.data.astype("f4"), digits.target
streams.write_samples("train.mp", x[::2], y[::2])
streams.write_samples("test.mp", x[1::2], y[1::2])
for seed in range(10):
    print(eval(sys.argv[2]).fit(x[::2], y[::2]).score(x[1::2], y[1::2]))
END
    local seed
    for seed in 0 1 2 3 4 5 6 7 8 9; do
        rf-train -q -n 50 --seed "$seed" "$@" -o model.mp train.mp
        accuracy test.mp
    done >ours
    paste ours theirs | awk -v within="$within" '{ ours += $1 / 10; theirs += $2 / 10 }
        END { print ours, theirs; exit NR != 10 || (ours - theirs) ^ 2 > within ^ 2 }'
}

# ---- extra trees ----

@test "extra trees: any number of jobs and any instruction set give the same bytes" {
    demo_samples
    same_bytes train.mp --splitter random
    same_bytes train.mp --splitter random --no-bootstrap --criterion entropy
    same_bytes train.mp --splitter random --min-samples-leaf 4 --max-features all
}

@test "extra trees: R8, the same bytes" {
    need_shared
    glove-load -q -o vectors.mp "$SHARED/glove.r8.50d.zip"
    vectorize -q --vectors vectors.mp -o train.mp "$SHARED/r8-train-all-terms.txt"
    same_bytes train.mp --splitter random
}

# A mean of ten deviates by 0.0012.
@test "extra trees: the accuracy of scikit-learn's on digits" {
    beside 0.006 "ExtraTreesClassifier(50, random_state=seed)" --splitter random --no-bootstrap
    beside 0.006 "ExtraTreesClassifier(50, bootstrap=True, random_state=seed)" --splitter random
}

@test "extra trees: merged, gone on with, out of bag" {
    demo_samples
    rf-train -q -n 12 --splitter random --oob oob.mp -o one.mp train.mp
    rf-train -q -n 12 --splitter random --tree-range 0:5 -o a.mp train.mp
    rf-train -q -n 12 --splitter random --tree-range 5:12 -o b.mp train.mp
    rf-merge -q a.mp b.mp | cmp - one.mp
    rf-train -q -n 5 --splitter random -o five.mp train.mp
    rf-train -q -n 12 --splitter random --warm-start five.mp --oob again.mp train.mp | cmp - one.mp
    same_file again.mp oob.mp
    rf-train -q -n 5 -o five.mp train.mp
    refuses 3 "not the same --splitter" --splitter random --warm-start five.mp train.mp
}

@test "extra trees: a forest by default says nothing of a splitter" {
    demo_samples
    rf-train -q -n 2 -o one.mp train.mp
    rf-train -q -n 2 --splitter best train.mp | cmp - one.mp
    refuses 2 "--splitter" --splitter worst train.mp
    expect 0 rf-train -v -n 3 --splitter random -o model.mp train.mp
    contains "$stderr" " drawn"
    lacks "$stderr" scanned
}
