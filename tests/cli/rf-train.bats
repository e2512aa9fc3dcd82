#!/usr/bin/env bats
# rf-train: samples to a forest.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# The demo corpus as vectors.mp and train.mp.
demo_samples() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
}

# R8 as train.mp and test.mp.
r8_samples() {
    need_shared
    glove-load -q -o vectors.mp "$SHARED/$1"
    vectorize -q --vectors vectors.mp -o train.mp "$SHARED/r8-train-all-terms.txt"
    vectorize -q --vectors vectors.mp -o test.mp "$SHARED/r8-test-all-terms.txt"
}

accuracy() {
    rf-predict -q --format mp model.mp "$1" | rf-eval --json |
        sed -n 's/.*"accuracy": *\([0-9.]*\).*/\1/p'
}

# ---- what is grown ----

# Every node of one tree beside scikit-learn's, with what follows as `DATA [OPTION...]`.
trees() {
    need_python msgpack numpy sklearn
    expect 0 "$PYTHON" "$ROOT/tests/oracle/trees.py" . "$@"
}

@test "one tree is scikit-learn's: iris, wine, breast cancer" {
    local data runs=()
    for data in iris wine breast_cancer; do
        runs+=(+ "$data" --no-bootstrap)
        runs+=(+ "$data" --bootstrap --seed 7)
        runs+=(+ "$data" --bootstrap --criterion entropy)
        runs+=(+ "$data" --bootstrap --min-samples-leaf 3)
        runs+=(+ "$data" --no-bootstrap --min-samples-split 7 --max-depth 3)
    done
    trees "${runs[@]:1}"
    equal "$(wc -l <<<"$output")" 15
}

@test "one tree is scikit-learn's: digits, whose values are few" {
    trees digits --no-bootstrap + digits --bootstrap --seed 7 + digits --no-bootstrap \
        --criterion entropy + digits --bootstrap --min-samples-split 0.02 \
        --min-samples-leaf 0.011 --max-depth 5
    # The last has no ties, and so was compared in what it predicts as well.
    contains "${output##*$'\n'}" "ties 0"
}

@test "one tree is scikit-learn's: of a bag that draws fewer samples, or at most so many" {
    trees digits --bootstrap --max-samples 300 + digits --bootstrap --max-samples 0.25 --seed 7 + \
        breast_cancer --bootstrap --max-samples 0.75 --criterion entropy + \
        iris --bootstrap --max-samples 20 + wine --bootstrap --max-samples 10000
    equal "$(wc -l <<<"$output")" 5
}

@test "one tree is scikit-learn's: R8" {
    need_shared
    need_python msgpack numpy sklearn
    "$PYTHON" "$SHARED/../oracle/notebook.py" "$SHARED/glove.r8.50d.zip" \
        "$SHARED/r8-train-all-terms.txt" "$SHARED/r8-test-all-terms.txt" . --no-fit
    local r8=R8=X_train.npy=$SHARED/r8-train-all-terms.txt
    trees "$r8" --no-bootstrap + "$r8" --bootstrap --seed 7 + "$r8" --no-bootstrap \
        --criterion entropy + "$r8" --bootstrap --min-samples-leaf 3 + "$r8" --no-bootstrap \
        --min-samples-split 0.02 --min-samples-leaf 0.011 --max-depth 5
    contains "${output##*$'\n'}" "ties 0"
}

# r8_accuracy VECTORS LEVEL: ten seeds' mean on the test set, beside scikit-learn's over ten
# seeds on the same matrix.
r8_accuracy() {
    r8_samples "$1"
    local seed
    for seed in 0 1 2 3 4 5 6 7 8 9; do
        rf-train -q --seed "$seed" -o model.mp train.mp
        accuracy test.mp
    done >accuracies
    equal "$(wc -l <accuracies)" 10
    awk -v level="$2" '{ sum += $1 }
        END { mean = sum / NR; print "mean " mean; exit mean < level - 0.003 || mean > level + 0.003 }' \
        accuracies
    # 4 of the 5,485 documents are another's twin under another label.
    [[ $(accuracy train.mp) == 0.99927* ]] || fail "$(accuracy train.mp) on the training set"
}

@test "R8: the accuracy of scikit-learn" {
    r8_accuracy glove.r8.50d.zip 0.937
}

@test "R8: the accuracy of scikit-learn, with published vectors" {
    r8_accuracy glove.6B.50d.top2445.txt 0.905
}

@test "digits: the accuracy of scikit-learn with max_samples" {
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" <<'END' >theirs
import sys
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
sys.path.insert(0, sys.argv[1])
import streams
digits = load_digits()
x, y = digits.data.astype("f4"), digits.target
streams.write_samples("train.mp", x[::2], y[::2])
streams.write_samples("test.mp", x[1::2], y[1::2])
for seed in range(10):
    forest = RandomForestClassifier(50, max_samples=120, random_state=seed)
    print(forest.fit(x[::2], y[::2]).score(x[1::2], y[1::2]))
END
    local seed
    for seed in 0 1 2 3 4 5 6 7 8 9; do
        rf-train -q -n 50 --max-samples 120 --seed "$seed" -o model.mp train.mp
        accuracy test.mp
    done >ours
    # A mean of ten deviates by 0.0023; drawing all samples would make 0.953 of this 0.923.
    paste ours theirs | awk '{ ours += $1 / 10; theirs += $2 / 10 }
        END { print ours, theirs; exit NR != 10 || (ours - theirs) ^ 2 > 0.012 ^ 2 }'
}

# ---- the same bytes ----

@test "any number of jobs and any instruction set give the same bytes" {
    demo_samples
    local options jobs level
    for options in "" "--criterion entropy" "--no-bootstrap --max-features all" \
        "--min-samples-leaf 4 --max-depth 6" "--max-samples 0.2"; do
        # shellcheck disable=SC2086 # several words
        rf-train -q -j1 -n 30 $options -o one.mp train.mp
        for jobs in 2 8; do
            # shellcheck disable=SC2086
            rf-train -q -j "$jobs" -n 30 $options train.mp | cmp - one.mp
        done
        for level in portable avx2 avx512; do
            # shellcheck disable=SC2086
            GLOVEPIPE_CPU=$level rf-train -q -n 30 $options train.mp | cmp - one.mp
        done
    done
}

@test "R8: any number of jobs and any instruction set give the same bytes" {
    r8_samples glove.r8.50d.zip
    rf-train -q -j1 -o one.mp train.mp
    local jobs level
    for jobs in 2 8; do
        rf-train -q -j "$jobs" train.mp | cmp - one.mp
    done
    for level in portable avx2; do
        GLOVEPIPE_CPU=$level rf-train -q train.mp | cmp - one.mp
    done
}

# The trees of a forest, by their fingerprints.
fingerprints() {
    "$PYTHON" -c '
import sys, zlib
sys.path.insert(0, sys.argv[1])
import streams
for tree in streams.read_forest(sys.argv[2])[1]:
    print(zlib.crc32(b"".join(tree[name].tobytes() for name in sorted(tree))))
' "$ROOT/tests/oracle" "$1"
}

@test "a tree depends on the seed and its number, not on how many there are" {
    need_python msgpack numpy
    demo_samples
    rf-train -q -n 12 -o twelve.mp train.mp
    rf-train -q -n 5 -o five.mp train.mp
    rf-train -q -n 5 --seed 1 -o other.mp train.mp
    equal "$(fingerprints five.mp)" "$(fingerprints twelve.mp | head -n 5)"
    equal "$(fingerprints twelve.mp | sort -u | wc -l)" 12
    equal "$( (fingerprints five.mp; fingerprints other.mp) | sort -u | wc -l)" 10
}

@test "samples on standard input, a forest on standard output" {
    demo_samples
    rf-train -q -n 9 -o file.mp train.mp
    rf-train -q -n 9 <train.mp | cmp - file.mp
    rf-train -q -n 9 - <train.mp >out.mp
    same_file out.mp file.mp
}

# ---- going on from what was grown before ----

@test "a warm start: the first trees stay, and the forest is that of one run" {
    demo_samples
    rf-train -q -n 20 -o one.mp train.mp
    local count jobs
    for count in 1 13 20; do
        rf-train -q -n "$count" -o first.mp train.mp
        for jobs in 1 2 8; do
            rf-train -q -n 20 -j "$jobs" --warm-start first.mp train.mp | cmp - one.mp
        done
    done
    rf-train -q -n 20 --warm-start - train.mp <first.mp | cmp - one.mp
    rf-train -q -n 20 --warm-start first.mp - <train.mp | cmp - one.mp
    # The trees that stay are not grown: no path was taken.
    expect 0 rf-train -v -n 20 --warm-start first.mp -o model.mp train.mp
    contains "$stderr" "20 of 20 trees were grown before"
    lacks "$stderr" paths
}

@test "a warm start of a part" {
    demo_samples
    rf-train -q -n 20 --tree-range 5:15 -o part.mp train.mp
    rf-train -q -n 20 --tree-range 5:8 -o first.mp train.mp
    rf-train -q -n 20 --tree-range 5:15 --warm-start first.mp train.mp | cmp - part.mp
    refuses 3 "first.mp: has the trees 5:8, and the trees 0:3 are wanted" \
        --warm-start first.mp train.mp
}

@test "a warm start from other samples, options, trees, or a broken model is refused" {
    demo_samples
    rf-train -q -n 3 --criterion entropy -o other.mp train.mp
    refuses 3 "other.mp and this forest were made with different options: not the same --criterion" \
        --warm-start other.mp train.mp
    head -n 300 "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o few.mp -
    rf-train -q -n 3 -o other.mp few.mp
    refuses 3 "other.mp and this forest were grown from different samples" \
        --warm-start other.mp train.mp
    rf-train -q -n 4 -o other.mp train.mp
    refuses 3 "other.mp: has the trees 0:4, and the trees 0:3 are wanted" \
        --warm-start other.mp train.mp
    rf-train -q -n 3 -o first.mp train.mp
    head -c -1 first.mp >cut.mp
    refuses 4 "cut.mp: upstream ended early" --warm-start cut.mp train.mp
    { head -c 900 first.mp; printf x; tail -c +902 first.mp; } >changed.mp
    refuses 3 "changed.mp: byte" --warm-start changed.mp train.mp
    refuses 2 "standard input can't be both" --warm-start -
    only_files . changed.mp cut.mp few.mp first.mp other.mp train.mp vectors.mp
}

@test "a checkpoint that was cut anywhere: the same bytes, in forest and checkpoint" {
    demo_samples
    rf-train -q -n 9 -o one.mp train.mp
    rf-train -q -n 9 --checkpoint whole train.mp | cmp - one.mp
    expect 0 mp-cat --check whole
    local size at kept fewer=0
    size=$(stat -c %s whole)
    for ((at = 0; at <= size; at += at < size - 100 ? size / 40 : 13)); do
        head -c "$at" whole >cut.c
        expect 0 rf-train -n 9 --checkpoint cut.c -o model.mp train.mp
        lacks "$stderr" warning
        same_file model.mp one.mp
        same_file cut.c whole
        kept=$(sed -n 's/^rf-train: \([0-9]*\) of 9 trees were grown before$/\1/p' <<<"$stderr")
        [ "${kept:-0}" -ge "$fewer" ] || fail "$kept trees kept of $at bytes, $fewer of fewer"
        fewer=${kept:-0}
    done
    equal "$fewer" 9
}

@test "a checkpoint with a changed byte: what is behind it is grown again" {
    demo_samples
    rf-train -q -n 9 --checkpoint whole -o one.mp train.mp
    local size at
    size=$(stat -c %s whole)
    for ((at = size / 3; at < size; at += size / 23)); do
        { head -c "$at" whole; head -c $((at + 1)) whole | tail -c 1 | tr '\000-\377' '\001-\377\000'
            tail -c +$((at + 2)) whole; } >changed
        expect 0 rf-train -n 9 --checkpoint changed -o model.mp train.mp
        contains "$stderr" "warning: changed: byte"
        same_file model.mp one.mp
        same_file changed whole
    done
}

@test "a checkpoint with a warm start, and of a part" {
    demo_samples
    rf-train -q -n 9 -o one.mp train.mp
    rf-train -q -n 4 -o first.mp train.mp
    rf-train -q -n 9 --checkpoint whole -o model.mp train.mp
    head -c 3000 whole >a
    head -c 6000 whole >b
    local file
    for file in a b none; do
        rf-train -q -n 9 --warm-start first.mp --checkpoint $file train.mp | cmp - one.mp
        same_file $file whole
    done
    rf-train -q -n 9 --tree-range 3:7 --checkpoint part.c -o part.mp train.mp
    head -c 3000 part.c >cut.c
    rf-train -q -n 9 --tree-range 3:7 --checkpoint cut.c train.mp | cmp - part.mp
    same_file cut.c part.c
}

@test "a file that is no checkpoint of this forest is left as it is" {
    demo_samples
    rf-train -q -n 3 --seed 5 --checkpoint other -o other.mp train.mp
    cp other other.was
    refuses 3 "not the same --seed" --checkpoint other train.mp
    same_file other other.was
    cp train.mp samples
    refuses 3 "holds samples, and a forest is needed" --checkpoint samples train.mp
    same_file samples train.mp
    rf-train -q -n 3 -o plain train.mp
    refuses 3 "plain: is a forest and no checkpoint" --checkpoint plain train.mp
    refuses 3 "not a glovepipe stream" --checkpoint "$DEMO/train.txt" train.mp
    refuses 2 "name a file" --checkpoint - train.mp
    refuses 2 "can't both go to model.mp" --checkpoint model.mp train.mp
    refuses 2 "would write over the model" --checkpoint plain --warm-start plain train.mp
    rf-train -q -n 3 --tree-range 1:2 --checkpoint part -o part.mp train.mp
    refuses 3 "part: is of the trees 1:2, and the trees 0:3 are wanted" --checkpoint part train.mp
    refuses 2 "no regular file" --checkpoint /dev/null train.mp
    refuses 1 "nowhere/c" --checkpoint nowhere/c train.mp
}

@test "a checkpoint that another run is writing is refused" {
    need_python fcntl
    demo_samples
    rf-train -q -n 3 --checkpoint c -o one.mp train.mp
    expect 2 "$PYTHON" -c '
import fcntl, subprocess, sys
with open("c", "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    sys.exit(subprocess.run(["rf-train", "-n", "3", "--checkpoint", "c", "-o", "model.mp",
                             "train.mp"]).returncode)'
    contains "$stderr" "c: another run is writing it"
    [ ! -e model.mp ]
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

# ---- what it says ----

@test "a summary, and more with -v" {
    demo_samples
    expect 0 rf-train -n 7 -o model.mp train.mp
    [[ $stderr =~ ^rf-train:\ 7\ trees\ of\ [0-9,]+\ samples\ with\ [0-9]+\ features\ in\ [0-9]+\ classes,\ in\ [0-9.]+\ s$ ]] ||
        fail "$stderr"
    GLOVEPIPE_CPU=portable expect 0 rf-train -v -n 7 -o model.mp train.mp
    [[ ${stderr#*$'\n'} =~ ^rf-train:\ [0-9,]+\ nodes,\ depth\ [0-9]+,\ portable\ kernels$'\n' ]] ||
        fail "$stderr"
    expect 0 rf-train -q -n 7 -o model.mp train.mp
    equal "$stderr" ""
}

# How often a path was taken, by what -v calls it.
path() {
    sed -n 's/^rf-train: paths: //p' <<<"$stderr" | tr -d '\n' | sed 's/, /\n/g' |
        sed -n "s/,//g; s/ $1\$//p"
}

@test "the paths taken, of all workers together" {
    demo_samples
    local jobs name before=
    for jobs in 1 3; do
        GLOVEPIPE_CPU=portable expect 0 rf-train -v -j $jobs -n 7 -o model.mp train.mp
        equal "$(path "trees coded")" 7
        for name in "nodes tallied by codes" counted scanned settled; do
            [ "$(path "$name")" -gt 0 ] || fail "$name: $stderr"
        done
        [ -z "$before" ] || equal "${stderr#*paths}" "$before"
        before=${stderr#*paths}
    done
}

@test "progress counts trees" {
    demo_samples
    expect 0 rf-train --progress=always -n 7 -o model.mp train.mp
    contains "$stderr" trees
    expect 0 rf-train --progress=never -q -n 7 -o model.mp train.mp
    equal "$stderr" ""
}

@test "the lineage has the values of the options (manners.bats: all that are noted)" {
    demo_samples
    rf-train -q -n 3 --seed 5 --max-features 0.3 --max-depth 9 --min-samples-split 4 \
        --min-samples-leaf 0.01 --no-bootstrap --criterion entropy -o model.mp train.mp
    expect 0 mp-cat --lineage model.mp
    local part
    for part in glove-load vectorize rf-train entropy 0.3 0.01; do
        contains "$output" "$part"
    done
}

# ---- one class, one sample ----

@test "one class is allowed, with a warning, and is predicted" {
    demo_samples
    sed 's/^[^\t]*/same/' "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o same.mp -
    expect 0 rf-train -n 4 -o model.mp same.mp
    contains "$stderr" "all samples are labelled 'same': nothing to tell apart"
    expect 0 rf-predict -q --labels-only model.mp train.mp
    equal "$(sort -u <<<"$output")" same
}

@test "a single sample" {
    demo_samples
    head -n 1 "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o one.mp -
    expect 0 rf-train -n 4 -o model.mp one.mp
    expect 0 mp-cat --check model.mp
}

# ---- what is refused ----

# refuses STATUS PART ARGUMENT...: no forest, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" rf-train -n 3 -o model.mp "$@"
    contains "$stderr" "$part"
    [ ! -e model.mp ] || fail "there is a forest"
}

@test "wrong options: status 2, and what would be right" {
    demo_samples
    refuses 2 --trees --trees 0 train.mp
    refuses 2 --trees -n 1x train.mp
    refuses 2 --seed --seed -1 train.mp
    refuses 2 --max-features --max-features 0 train.mp
    refuses 2 "above 0 and at most 1" --max-features 0.0 train.mp
    refuses 2 --max-features --max-features 1.1 train.mp
    refuses 2 --max-features --max-features root train.mp
    refuses 2 --max-depth --max-depth 0 train.mp
    refuses 2 --min-samples-split --min-samples-split 1 train.mp
    refuses 2 "above 0 and below 1" --min-samples-leaf 1.0 train.mp
    refuses 2 --max-samples --max-samples 0 train.mp
    refuses 2 "above 0 and at most 1" --max-samples 0.0 train.mp
    refuses 2 "leave out one of them" --max-samples 10 --no-bootstrap train.mp
    refuses 2 --criterion --criterion chaos train.mp
    refuses 2 two.mp train.mp two.mp
}

@test "samples without labels, no samples at all, another kind of stream: status 3" {
    demo_samples
    cut -f 2- "$DEMO/train.txt" | vectorize -q --no-label --vectors vectors.mp -o bare.mp -
    vectorize -q --vectors vectors.mp -o none.mp /dev/null
    refuses 3 "have no labels" bare.mp
    refuses 3 "no samples" none.mp
    refuses 3 vectors vectors.mp
    refuses 3 "" "$DEMO/train.txt"
}

@test "infinite values: status 3, and the row" {
    need_python msgpack numpy
    "$PYTHON" -c '
import sys
sys.path.insert(0, sys.argv[1])
import numpy, streams
x = numpy.zeros((6, 2), dtype="f4")
x[3, 1] = numpy.inf
streams.write_samples("inf.mp", x, "ababab")
' "$ROOT/tests/oracle"
    refuses 3 "row 4" inf.mp
}

@test "samples that end early: status 4, and nothing is left" {
    demo_samples
    head -c 5000 train.mp >cut.mp
    refuses 4 cut.mp cut.mp
    expect 4 rf-train -n 3 <cut.mp
    equal "$output" ""
    only_files . cut.mp train.mp vectors.mp
}

@test "nearly as many classes as samples: is the label in another column?" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    head -n 24 "$DEMO/train.txt" | awk -F '\t' '{ print $2 NR "\t" $1 }' >swapped.txt
    vectorize -q --vectors vectors.mp -o swapped.mp swapped.txt
    expect 0 rf-train -n 1 -o swapped.model swapped.mp
    contains "$stderr" 'warning: 24 classes for 24 samples: is the label in another column?'
    expect 0 linear-train -o linear.mp swapped.txt
    contains "$stderr" 'warning: 24 classes for 24 documents: is the label in another column?'
    # scikit-learn warns of more than half, too; of half it does not.
    awk -F '\t' '{ print (NR < 12 ? "one" : NR) "\t" $2 }' swapped.txt >half.txt
    vectorize -q --vectors vectors.mp -o half.mp half.txt
    expect 0 rf-train -n 1 -o half.model half.mp
    contains "$stderr" 'warning: 14 classes for 24 samples'
    vectorize -q --vectors vectors.mp -o usual.mp "$DEMO/train.txt"
    expect 0 rf-train -n 1 -o usual.model usual.mp
    lacks "$stderr" warning
}

@test "a checkpoint is a file of its own, by whatever name" {
    demo_samples
    echo kept >there
    ln there hard
    expect 2 rf-train -n 2 -o there --checkpoint ./hard train.mp
    contains "$stderr" "checkpoint and forest can't both go to ./hard"
    expect 2 rf-train -n 2 -o new --checkpoint ./new train.mp
    expect 2 rf-train -n 2 -o new --checkpoint /dev/fd/7 train.mp 7>>there
    contains "$stderr" "--checkpoint: name a file"
    rf-train -q -n 2 -o model.mp train.mp
    ln -s model.mp soft
    expect 2 rf-train -n 4 -o new --warm-start model.mp --checkpoint soft train.mp
    contains "$stderr" "would write over the model to start from"
    equal "$(cat there)" kept
    [ ! -e new ]
}
