#!/usr/bin/env bats
# rf-train: samples and classes with weights.

load helpers
load forests

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# ---- weights ----

# weights_of SAMPLES: a weight for each, from 0 on.
weights_of() {
    mp-cat "$1" | awk '{ print NR % 5 ? NR % 7 * 0.3 : 0 }'
}

@test "weights: any number of jobs and any instruction set give the same bytes" {
    demo_samples
    weights_of train.mp >weights
    same_bytes train.mp --class-weight balanced
    same_bytes train.mp --class-weight balanced-subsample --min-samples-leaf 3
    same_bytes train.mp --sample-weight weights --no-bootstrap --max-features all
    same_bytes train.mp --sample-weight weights --criterion entropy
    same_bytes train.mp --sample-weight weights --class-weight balanced --splitter random
    same_bytes train.mp --sample-weight weights --weights-in bootstrap
    same_bytes train.mp --class-weight balanced --criterion hellinger --min-weight-fraction-leaf 0.01
}

# Trees of one forest as text, and of another one: leaves aside, which count in units.
@test "weights that are all alike grow the trees of none" {
    demo_samples
    rf-train -q -n 9 -o one.mp train.mp
    mp-cat train.mp | sed 's/.*/2/' >two
    rf-train -q -n 9 --sample-weight two -o model.mp train.mp
    mp-cat one.mp >one
    # Each sample weighs 2.
    mp-cat model.mp | awk '{ for (i = 2; i <= NF; i++) if ($(i - 1) !~ /<=|>|tree/ && $i ~ /^[0-9]+,?$/ && $1 != "tree") sub(/[0-9]+/, $i / 2, $i); print }' >two.text
    tr -s ' ' <one | sed 's/^ //; s/:$//' >one.text
    tr -s ' ' <two.text | sed 's/^ //; s/:$//' | cmp - one.text
    rf-predict -q --proba one.mp train.mp >p
    rf-predict -q --proba --force model.mp train.mp | cmp - p
}

@test "weights: one tree is scikit-learn's: of whole weights" {
    local data runs=()
    for data in iris wine breast_cancer digits; do
        runs+=(+ "$data" --weigh --no-bootstrap)
        runs+=(+ "$data" --weigh --bootstrap --seed 7 --min-samples-leaf 2)
        runs+=(+ "$data" --weigh --no-bootstrap --criterion entropy --min-samples-split 9)
    done
    trees "${runs[@]:1}"
    equal "$(wc -l <<<"$output")" 12
}

# Few and large leaves, so that no two features make a leaf equally pure.
@test "weights: one tree is scikit-learn's: of sample weights, class weights, and both" {
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import io, subprocess, sys
import msgpack, numpy as np
from sklearn.datasets import make_classification
from sklearn.tree import DecisionTreeClassifier
sys.path.insert(0, sys.argv[1])
import streams, trees
x, y = make_classification(4000, 8, n_informative=6, n_classes=3, weights=[0.7, 0.2], flip_y=0.2,
                           random_state=4)
x = x.astype("f4")
w = np.random.default_rng(1).choice([0, 0.5, 1, 2, 3.75, 0.1], len(y))
streams.write_samples("s.mp", x, y)
np.savetxt("w", w)
with open("c", "w") as file:
    file.write("2\t4.5\n0\t0.3\n")
for criterion in "gini", "entropy":
    for sample in w, None:
        for how in None, "balanced", {2: 4.5, 0: 0.3}:
            given = ["--class-weight", how if how == "balanced" else "c"] if how else []
            given += [] if sample is None else ["--sample-weight", "w"]
            subprocess.run(["rf-train", "-q", "-n1", "--no-bootstrap", "--max-features", "all",
                            "--max-depth", "4", "--min-samples-leaf", "40", "--criterion", criterion,
                            *given, "-o", "f.mp", "s.mp"], check=True)
            model = DecisionTreeClassifier(
                max_depth=4, min_samples_leaf=40, criterion=criterion, random_state=0,
                class_weight=how).fit(x, y, sample)
            header, (tree,) = streams.read_forest("f.mp")
            assert ("unit" in header) == bool(given)
            theirs = model.tree_
            split = theirs.children_left >= 0
            assert list(tree["feature"]) == list(np.where(split, theirs.feature, -1)), (criterion, how)
            assert list(tree["threshold"]) == [trees.float_floor(t) for t in theirs.threshold[split]]
            said = subprocess.run(["rf-predict", "-q", "--proba", "--format", "mp", "f.mp", "s.mp"],
                                  check=True, capture_output=True).stdout
            _, *blocks, _ = msgpack.Unpacker(io.BytesIO(said), raw=False)
            p = np.concatenate([np.frombuffer(b["proba"], "<f4") for b in blocks]).reshape(-1, 3)
            assert np.abs(p - model.predict_proba(x)).max() < 1e-5
END
}

# A mean of ten deviates by 0.004; without weights it is 0.13 less.
@test "weights: the accuracy of scikit-learn's balanced forests, each class alike" {
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" <<'END' >theirs
import sys
import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
sys.path.insert(0, sys.argv[1])
import streams
x, y = make_classification(3000, 10, n_informative=6, n_classes=3, weights=[0.8, 0.15], flip_y=0.05,
                           random_state=7)
x = x.astype("f4")
streams.write_samples("train.mp", x[::2], y[::2])
streams.write_samples("test.mp", x[1::2], y[1::2])
for how in "balanced", "balanced_subsample":
    for seed in range(10):
        model = RandomForestClassifier(60, class_weight=how, min_samples_leaf=5, random_state=seed)
        print(how.replace("_", "-"), balanced_accuracy_score(y[1::2], model.fit(x[::2], y[::2]).predict(x[1::2])))
END
    local seed how
    for how in balanced balanced-subsample; do
        for seed in 0 1 2 3 4 5 6 7 8 9; do
            rf-train -q -n 60 --class-weight $how --min-samples-leaf 5 --seed "$seed" -o model.mp train.mp
            rf-predict -q --format mp model.mp test.mp | rf-eval --json |
                sed -n "s/.*\"macro\".*\"recall\": *\([0-9.]*\).*/$how \1/p"
        done
    done >ours
    paste ours theirs | awk '{ ours[$1] += $2 / 10; theirs[$1] += $4 / 10 }
        END { for (how in ours) { print how, ours[how], theirs[how]
            bad += (ours[how] - theirs[how]) ^ 2 > 0.015 ^ 2 } exit NR != 20 || bad }'
}

@test "weights: merged, gone on with, out of bag, importances" {
    demo_samples
    weights_of train.mp >weights
    local w=(--sample-weight weights --class-weight balanced-subsample)
    rf-train -q -n 12 "${w[@]}" --oob oob.mp -o one.mp train.mp
    rf-train -q -n 12 "${w[@]}" --tree-range 0:5 -o a.mp train.mp
    rf-train -q -n 12 "${w[@]}" --tree-range 5:12 -o b.mp train.mp
    rf-merge -q a.mp b.mp | cmp - one.mp
    rf-train -q -n 5 "${w[@]}" -o five.mp train.mp
    rf-train -q -n 12 "${w[@]}" --warm-start five.mp --oob again.mp train.mp | cmp - one.mp
    same_file again.mp oob.mp
    rf-train -q -n 12 "${w[@]}" --checkpoint c -o model.mp train.mp
    head -c 6000 c >cut.c
    rf-train -q -n 12 "${w[@]}" --checkpoint cut.c train.mp | cmp - one.mp
    rm model.mp
    expect 0 mp-cat --check one.mp
    expect 0 rf-importance one.mp
    weights_of train.mp | tac >other
    refuses 3 "not the same weights" --sample-weight other --class-weight balanced-subsample \
        --warm-start five.mp train.mp
    refuses 3 "not the same --class-weight" --sample-weight weights --warm-start five.mp train.mp
}

@test "weights as a column of the samples" {
    need_python msgpack numpy
    demo_samples
    weights_of train.mp >weights
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import sys
import msgpack, numpy as np
sys.path.insert(0, sys.argv[1])
import streams
weights = np.loadtxt("weights")
with open("train.mp", "rb") as file:
    header, *blocks, end = msgpack.Unpacker(file, raw=False)
def write(name, columns, blocks=blocks):
    out, rows = msgpack.packb(header), 0
    for number, block in enumerate(blocks):
        row = rows % len(weights)
        column = columns(number, weights[row:row + block["n"]])
        rows += block["n"]
        out += msgpack.packb({**block, **column})
    with open(name, "wb") as file:
        file.write(out + streams.end_record(rows, len(blocks), out))
write("weighed.mp", lambda number, w: {"weight": w.astype("<f8").tobytes()})
write("negative.mp", lambda number, w: {"weight": (w - 1).astype("<f8").tobytes()})
write("short.mp", lambda number, w: {"weight": w[1:].astype("<f8").tobytes()})
write("some.mp", lambda number, w: {"weight": w.astype("<f8").tobytes()} if number else {},
      blocks + blocks)
END
    rf-train -q -n 5 --sample-weight weights -o one.mp train.mp
    rf-train -q -n 5 -o model.mp weighed.mp
    mp-cat one.mp | tail -n +1 >one
    mp-cat model.mp | cmp - one
    rf-predict -q --labels-only model.mp weighed.mp >p
    rf-predict -q --labels-only --force one.mp train.mp | cmp - p
    rm model.mp
    refuses 3 "negative.mp: row 1 weighs no number from 0 on" negative.mp
    refuses 3 "column weight has" short.mp
    refuses 3 "some blocks have weights" some.mp
    refuses 2 "there are no weights" --weights-in bootstrap train.mp
}

@test "weights that do not fit are refused" {
    demo_samples
    weights_of train.mp >weights
    { cat weights; echo 1; } >more.txt
    refuses 3 "more.txt: 1201 weights, and there are 1200 samples" --sample-weight more.txt train.mp
    sed '7s/.*/-1/' weights >bad
    refuses 3 "bad:7: '-1' is no weight" --sample-weight bad train.mp
    sed '7s/.*//' weights >bad
    refuses 3 "bad:7: '' is no weight" --sample-weight bad train.mp
    sed 's/.*/0/' weights >none
    refuses 3 "weigh nothing together" --sample-weight none train.mp
    sed 's/.*/1e308/' weights >most
    refuses 3 "more than numbers can say" --sample-weight most train.mp
    printf 'nobody\t2\n' >classes
    refuses 3 "classes:1: no sample is labelled 'nobody'" --class-weight classes train.mp
    local label
    label=$(mp-cat train.mp | head -n 1 | cut -f 1)
    printf '%s\t2\n%s\t3\n' "$label" "$label" >classes
    refuses 3 "classes:2: that label stands twice" --class-weight classes train.mp
    printf '%s 2\n' "$label" >classes
    refuses 3 "classes:1: there is no TAB" --class-weight classes train.mp
    refuses 1 nowhere --class-weight nowhere train.mp
    refuses 2 "say balanced" --class-weight balanced-subsample --weights-in bootstrap train.mp
    refuses 2 "nothing is drawn" --class-weight balanced --weights-in bootstrap --no-bootstrap train.mp
    expect 2 rf-train --sample-weight - -o model.mp - <train.mp
    contains "$stderr" "can't be read twice"
}

@test "drawn by weight: a sample that weighs nothing is in no bag" {
    demo_samples
    local label
    label=$(mp-cat train.mp | head -n 1 | cut -f 1)
    printf '%s\t0\n' "$label" >classes
    local place
    for place in splits bootstrap; do
        rf-train -q -n 20 --class-weight classes --weights-in $place -o model.mp train.mp
        expect 0 rf-predict -q --labels-only model.mp train.mp
        ! grep -qx "$label" <<<"$output" || fail "$label is predicted"
    done
}

@test "weights and missing values: the search that is for them is taken, and the kernels are not" {
    demo_samples
    gaps train.mp gaps.mp
    local options
    for options in "--class-weight balanced train.mp" gaps.mp; do
        # shellcheck disable=SC2086 # several words
        expect 0 rf-train -v -n 3 -o model.mp $options
        contains "$stderr" " wide"
        contains "$stderr" " settled"
        lacks "$stderr" " plain"
        lacks "$stderr" " scanned"
    done
}
