#!/usr/bin/env bats
# rf-train: other recipes than the default one: extra trees, weights, missing values.

load helpers
load forests

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# Halves of digits as train.mp and test.mp; mean accuracies of ten seeds of theirs, which python
# makes of `fit(seed)`, and ours, within what is given.
beside() {
    local within=$1 model=$2
    shift 2
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" "$model" <<'END' >theirs
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

# Nodes of few rows look at values side by side, unless limits are asked for.
@test "extra trees: limits that bound nothing leave the trees as they are" {
    demo_samples
    rf-train -q -n 9 --splitter random -o plain.mp train.mp
    mp-cat plain.mp >plain
    local options
    for options in "--min-impurity-decrease 1e-12" "--min-weight-fraction-leaf 0.0001"; do
        # shellcheck disable=SC2086 # two words
        expect 0 rf-train -v -n 9 --splitter random $options -o more.mp train.mp
        lacks "$stderr" "side by side"
        mp-cat more.mp | cmp - plain
    done
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
    contains "$stderr" " side by side"
    lacks "$stderr" scanned
}

# ---- missing values ----

@test "missing values: any number of jobs and any instruction set give the same bytes" {
    demo_samples
    gaps train.mp gaps.mp
    same_bytes gaps.mp
    same_bytes gaps.mp --criterion entropy --min-samples-leaf 3
    same_bytes gaps.mp --class-weight balanced --min-samples-leaf 2
    same_bytes gaps.mp --splitter random --no-bootstrap
    same_bytes gaps.mp --max-leaf-nodes 30 --ccp-alpha 0.001
    # The plain search, which limits call for, finds the same.
    rf-train -q -n 30 -o one.mp gaps.mp
    rf-train -q -n 30 --min-weight-fraction-leaf 1e-12 -o plain.mp gaps.mp
    mp-cat one.mp >one
    mp-cat plain.mp | cmp - one
}

@test "missing values: the trees of scikit-learn 1.4" {
    need_python msgpack numpy sklearn
    expect 0 "$PYTHON" "$ROOT/tests/oracle/missing.py" .
    equal "$(wc -l <<<"$output")" 4
}

# In the node of b <= 0.5, one sample misses `a`, and the other has the only value, whatever follows it
# in the table.
@test "missing values: where one value alone is there, there is no cut" {
    local others
    for others in "1,2,z" "1,1,z" "1,1.00000005,z"; do
        printf '%s\n' b,a,label 0,,x 0,1,y "$others" 1,2,z 1,2,z | mp-pack -q --from csv -o by.mp -
        all_samples --max-features all by.mp
        equal "$(mp-cat model.mp | grep -c "^ *a ")" 0
        all_samples --max-features all --min-weight-fraction-leaf 1e-12 by.mp
        equal "$(mp-cat model.mp | grep -c "^ *a ")" 0
    done
}

# hand NAME LABELS VALUE...: samples of one feature, a letter of LABELS each; `-` misses it.
hand() {
    local name=$1 labels=$2
    shift 2
    need_python msgpack numpy
    "$PYTHON" -c '
import sys
sys.path.insert(0, sys.argv[1])
import numpy, streams
x = [numpy.nan if v == "-" else float(v) for v in sys.argv[4:]]
streams.write_samples(sys.argv[2], numpy.array(x, "f4").reshape(-1, 1), sys.argv[3])
' "$ROOT/tests/oracle" "$name" "$labels" "$@"
}

all_samples() {
    rf-train -q -n 1 --no-bootstrap -o model.mp "$@"
}

@test "missing values by hand: learnt, told from all others, or with the more" {
    # Those that miss it are as those of small values, or of large ones.
    hand small.mp aaabba 1 2 3 7 8 -
    all_samples small.mp
    equal "$(mp-cat model.mp | tail -n 2)" $'  x[0] <= 5 or missing: a 4\n  x[0] > 5: b 2'
    contains "$(mp-cat --format jsonl model.mp)" '"threshold": 5, "left": 1, "right": 2, "missing": "left"'
    hand large.mp aabbbb 1 2 7 8 9 -
    all_samples large.mp
    equal "$(mp-cat model.mp | tail -n 2)" $'  x[0] <= 4.5: a 2\n  x[0] > 4.5 or missing: b 4'
    # That a value is missing tells the classes apart.
    hand apart.mp aaaabb 1 2 3 4 - -
    all_samples apart.mp
    contains "$(mp-cat model.mp)" "x[0] > 3.4028235e+38 or missing: b 2"
    equal "$(rf-predict -q --labels-only model.mp apart.mp | tr -d '\n')" aaaabb
    # No sample misses it: in a forest of samples that miss others, and of samples that miss none.
    hand none.mp aaaaabbb 1 2 3 4 5 6 7 8
    hand gap.mp a -
    all_samples none.mp
    equal "$(rf-predict -q --labels-only model.mp gap.mp)" a
    hand none.mp aaabbbbb 1 2 3 4 5 6 7 8
    all_samples none.mp
    equal "$(rf-predict -q --labels-only model.mp gap.mp)" b
    # All values alike, or all missing: there is no cut.
    hand alike.mp aabb 1 1 - -
    all_samples alike.mp
    contains "$(mp-cat model.mp)" "1 leaf"
    hand alone.mp ab 1 -
    all_samples alone.mp
    contains "$(mp-cat model.mp)" "1 leaf"
    hand missing.mp aabb - - - -
    all_samples missing.mp
    contains "$(mp-cat model.mp)" "1 leaf"
    # A leaf of two on each side: the missing one counts.
    hand least.mp aabb 1 2 3 -
    all_samples --min-samples-leaf 2 least.mp
    equal "$(mp-cat model.mp | tail -n 2)" $'  x[0] <= 2.5: a 2\n  x[0] > 2.5 or missing: b 2'
}

@test "missing values: merged, gone on with, out of bag, importances, and what a forest says" {
    demo_samples
    gaps train.mp gaps.mp
    expect 0 rf-train -n 12 --oob oob.mp -o one.mp gaps.mp
    contains "$stderr" "samples miss values"
    rf-train -q -n 12 --tree-range 0:5 -o a.mp gaps.mp
    rf-train -q -n 12 --tree-range 5:12 -o b.mp gaps.mp
    rf-merge -q a.mp b.mp | cmp - one.mp
    rf-train -q -n 5 -o five.mp gaps.mp
    rf-train -q -n 12 --warm-start five.mp --oob again.mp gaps.mp | cmp - one.mp
    same_file again.mp oob.mp
    rf-train -q -n 12 --checkpoint c -o model.mp gaps.mp
    head -c 6000 c >cut.c
    rf-train -q -n 12 --checkpoint cut.c gaps.mp | cmp - one.mp
    expect 0 rf-importance one.mp
    expect 0 rf-importance --permutation gaps.mp one.mp
    rf-predict -q --proba one.mp gaps.mp >p
    local level
    for level in portable avx2; do
        GLOVEPIPE_CPU=$level rf-predict -q --proba -j 3 one.mp gaps.mp | cmp - p
    done
}

# Out-of-bag samples of one tree have that tree's answer, as rf-predict gives it: two walks agree.
@test "missing values: leaves by three walks" {
    demo_samples
    gaps train.mp gaps.mp
    local options
    for options in "" "--splitter random"; do
        # shellcheck disable=SC2086 # several words
        rf-train -q -n 1 $options --oob oob.mp -o model.mp gaps.mp 2>/dev/null
        rf-predict -q --proba --format mp -o all.mp model.mp gaps.mp
        rf-predict -q --apply --format mp -o leaves.mp model.mp gaps.mp
        "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import sys
import msgpack, numpy as np
sys.path.insert(0, sys.argv[1])
import streams
def proba(path):
    with open(path, "rb") as file:
        header, *blocks, _ = msgpack.Unpacker(file, raw=False)
    p = np.concatenate([np.frombuffer(b["proba"], "<f4") for b in blocks])
    return p.reshape(-1, len(header["classes"])), header, blocks
oob, header, _ = proba("oob.mp")
tree, _, blocks = proba("all.mp")
labels = sum((b["labels"] for b in blocks), [])
prior = np.array([labels.count(c) for c in header["classes"]]) / len(labels)
voted = (oob != prior.astype("f4")).any(axis=1)
assert 300 < voted.sum() < 600 and (oob[voted] == tree[voted]).all()
with open("leaves.mp", "rb") as file:
    _, *blocks, _ = msgpack.Unpacker(file, raw=False)
leaves = np.concatenate([np.frombuffer(b["leaves"], "<u4") for b in blocks])
said = {}
for leaf, p in zip(leaves, tree):
    assert (said.setdefault(int(leaf), p) == p).all()
assert len(said) > 50
END
    done
}
