#!/usr/bin/env bats
# rf-train: out-of-bag predictions.

load helpers
load forests

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# ---- out of bag ----

@test "out-of-bag predictions: the same bytes however the trees came" {
    demo_samples
    rf-train -q -n 20 -o one.mp train.mp
    rf-train -q -n 20 -j1 --oob oob.mp train.mp | cmp - one.mp
    local jobs level
    for jobs in 2 8; do
        rf-train -q -n 20 -j "$jobs" --oob again.mp train.mp | cmp - one.mp
        same_file again.mp oob.mp
    done
    for level in portable avx2; do
        GLOVEPIPE_CPU=$level rf-train -q -n 20 --oob again.mp train.mp | cmp - one.mp
        same_file again.mp oob.mp
    done
    rf-train -q -n 7 -o first.mp train.mp
    rf-train -q -n 20 --warm-start first.mp --oob again.mp train.mp | cmp - one.mp
    same_file again.mp oob.mp
    rf-train -q -n 20 --warm-start one.mp --oob again.mp -o model.mp train.mp
    same_file again.mp oob.mp
    rf-train -q -n 20 --checkpoint c -o model.mp train.mp
    head -c 4000 c >cut.c
    rf-train -q -n 20 --checkpoint cut.c --oob - -o model.mp train.mp | cmp - oob.mp
}

# Enough of them that workers count votes, and that the first are written before the last are counted.
@test "out-of-bag predictions of many samples: their order, and the same bytes for any number of jobs" {
    awk 'BEGIN {
        srand(5); print "a,b,c,label"
        for (i = 0; i < 20000; i++) {
            a = rand(); b = rand()
            print a "," b "," rand() ",class-" int(3 * a + b + rand())
        }
    }' >table.csv
    mp-pack -q -o table.mp table.csv
    rf-train -q -n 60 -j1 --oob oob.mp -o model.mp table.mp
    mp-cat --check oob.mp
    cmp <(mp-cat oob.mp | cut -f1) <(cut -d, -f4 table.csv)
    local jobs
    for jobs in 2 5; do
        rf-train -q -n 60 -j "$jobs" --oob again.mp -o model.mp table.mp
        same_file again.mp oob.mp
    done
    expect 1 rf-train -q -n 60 -j2 --oob /dev/full -o none.mp table.mp
    contains "$stderr" "/dev/full: can't write"
    only_files . table.csv table.mp oob.mp model.mp again.mp
}

# Missing values have sides, and weights change bags.
@test "out-of-bag predictions of samples with gaps and weights: the same bytes at any level" {
    need_python numpy
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import sys
import numpy
sys.path.insert(0, sys.argv[1])
import streams
rng = numpy.random.default_rng(7)
x = rng.normal(size=(3000, 9)).astype("f4")
y = numpy.argmax(x[:, :5] + rng.normal(size=(3000, 5)), axis=1)
x[rng.random(x.shape) < 0.2] = numpy.nan
streams.write_samples("s.mp", x, y)
END
    local level options
    for options in "" "--class-weight=balanced" "--max-samples=0.1 --splitter=random"; do
        # shellcheck disable=SC2086 # several options
        GLOVEPIPE_CPU=portable rf-train -q -n 30 -j1 $options --oob oob.mp -o one.mp s.mp
        for level in avx2 avx512; do
            # shellcheck disable=SC2086
            GLOVEPIPE_CPU=$level rf-train -q -n 30 -j3 $options --oob again.mp s.mp | cmp - one.mp
            same_file again.mp oob.mp
        done
    done
    mp-cat --check oob.mp
}

@test "out-of-bag predictions: samples that go the same way are parted together" {
    demo_samples
    expect 0 rf-train -v -n 20 --oob oob.mp -o model.mp train.mp
    [[ $stderr =~ out\ of\ bag:\ ([0-9,]+)\ crowds\ parted ]] || fail "$stderr"
    ((${BASH_REMATCH[1]//,/} > 20)) || fail "$stderr"
}

@test "out-of-bag predictions: rf-eval's accuracy is the summary's" {
    demo_samples
    expect 0 rf-train -n 50 --oob oob.mp -o model.mp train.mp
    [[ $stderr =~ out-of-bag\ accuracy\ ([0-9.]+)\ \(([0-9,]+)\ of\ 1,200\ right\) ]] || fail "$stderr"
    local told=${BASH_REMATCH[1]}
    equal "$(rf-eval --accuracy oob.mp)" "$told"
    expect 0 mp-cat --check oob.mp
}

@test "out-of-bag predictions are scikit-learn's: digits, five seeds" {
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" <<'END' >theirs
import sys
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
sys.path.insert(0, sys.argv[1])
import streams
digits = load_digits()
x, y = digits.data.astype("f4"), digits.target
streams.write_samples("train.mp", x, y)
for seed in range(5):
    print(RandomForestClassifier(150, oob_score=True, random_state=seed).fit(x, y).oob_score_)
END
    local seed
    for seed in 0 1 2 3 4; do
        rf-train -q -n 150 --seed "$seed" --oob oob.mp -o model.mp train.mp
        rf-eval --accuracy oob.mp
    done >ours
    paste ours theirs | awk '{ ours += $1 / 5; theirs += $2 / 5 }
        END { print ours, theirs; exit NR != 5 || (ours - theirs) ^ 2 > 0.003 ^ 2 }'
}

# A sample that is not in the only bag has that tree's answer, as rf-predict gives it.
@test "out-of-bag predictions of one tree: its own, or the classes' shares" {
    need_python msgpack numpy
    demo_samples
    expect 0 rf-train -n 1 --min-samples-leaf 9 --oob oob.mp -o model.mp train.mp
    [[ $stderr =~ ([0-9]+)\ samples\ are\ in\ every\ bag ]] || fail "$stderr"
    rf-predict -q --proba --format mp -o all.mp model.mp train.mp
    "$PYTHON" - "${BASH_REMATCH[1]}" <<'END'
import sys
import msgpack, numpy
def proba(path):
    with open(path, "rb") as file:
        header, *blocks, _ = msgpack.Unpacker(file, raw=False)
    p = numpy.concatenate([numpy.frombuffer(b["proba"], "<f4") for b in blocks])
    labels = sum((b["labels"] for b in blocks), [])
    return header["classes"], labels, p.reshape(-1, len(header["classes"]))
classes, labels, oob = proba("oob.mp")
_, _, tree = proba("all.mp")
prior = numpy.array([labels.count(c) for c in classes]) / len(labels)
unvoted = (oob == prior.astype("f4")).all(axis=1)
assert unvoted.sum() == int(sys.argv[1]), unvoted.sum()
# Of n drawn with replacement, a share of 1 - 1/e is in the bag.
assert abs(unvoted.mean() - 0.632) < 0.04
assert (oob[~unvoted] == tree[~unvoted]).all()
END
}

@test "out-of-bag predictions that can't be: status 2" {
    demo_samples
    refuses 2 "no sample is out of a bag" --no-bootstrap --oob oob.mp train.mp
    refuses 2 "--oob wants all trees" --tree-range 1:2 --oob oob.mp train.mp
    refuses 2 "the forest goes there" --oob model.mp train.mp
    expect 2 rf-train --oob - train.mp
    contains "$stderr" "the forest goes there"
    refuses 2 "can't both go to" --oob oob.mp --checkpoint oob.mp train.mp
    only_files . train.mp vectors.mp
}
