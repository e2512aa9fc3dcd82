#!/usr/bin/env bats
# rf-train: what bounds its trees, orders their growth and prunes them.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# The demo corpus as train.mp and test.mp, of six classes.
demo_samples() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp -o test.mp "$DEMO/test.txt"
}

# cancer.mp: scikit-learn's breast cancer, its features named, under two labels.
cancer() {
    need_python msgpack numpy sklearn
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, streams
from sklearn.datasets import load_breast_cancer
data = load_breast_cancer()
names = [name.replace("mean ", "mean:") for name in data.feature_names]
streams.write_samples("cancer.mp", data.data, data.target, names)
END
}

@test "trees with limits are what the definitions say, and scikit-learn's where it has them" {
    need_python numpy sklearn msgpack
    expect 0 "$PYTHON" "$ROOT/tests/oracle/limits.py" .
    [ "$(grep -c 'as scikit-learn' <<<"$output")" -ge 52 ]
}

# Node by node; where the two differ, their cuts are equally good, and the walk ends there.
@test "hellinger: ranger's tree of two classes, up to ties" {
    need_python numpy sklearn msgpack
    need_program Rscript
    Rscript -e 'library(ranger)' 2>/dev/null || skip "no ranger"
    cat >walk.py <<'END'
import csv, subprocess, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, limits
x, y = limits.samples(2, 600)
mine = limits.ours(".", x, y, "--no-bootstrap", "--criterion", "hellinger", "--min-samples-split", "31")
np.savetxt("samples.csv", np.column_stack([x.astype(float), y]), delimiter=",", fmt="%.9g")
subprocess.run(["Rscript", "-e", """library(ranger)
    d <- read.csv("samples.csv", header = FALSE); d$V4 <- factor(d$V4)
    m <- ranger(V4 ~ ., d, num.trees = 1, mtry = 3, replace = FALSE, sample.fraction = 1,
                splitrule = "hellinger", min.node.size = 30, num.threads = 1, seed = 1)
    write.csv(treeInfo(m, 1), "tree.csv")"""], check=True)
theirs = list(csv.DictReader(open("tree.csv")))

def score(rows, feature, threshold):
    left = x[rows, feature] <= threshold
    sides = [np.bincount(y[side], minlength=2).astype(float) for side in (rows[left], rows[~left])]
    return limits.score(*sides, "hellinger"), left

def walk(tree, node, rows):
    leaf = isinstance(tree, np.ndarray)
    assert leaf == (theirs[node]["terminal"] == "TRUE"), len(rows)
    if leaf:
        return [0, 1]
    feature, threshold = int(theirs[node]["splitvarID"]), float(theirs[node]["splitval"])
    (one, left), (other, there) = score(rows, *tree[:2]), score(rows, feature, threshold)
    assert abs(one - other) < 1e-9, (tree[:2], feature, threshold)
    if tree[0] != feature or (left != there).any():
        return [1, 1]
    below = [walk(side, int(theirs[node][name]), rows[way]) for side, name, way in
             ((tree[2], "leftChild", left), (tree[3], "rightChild", ~left))]
    return [below[0][0] + below[1][0], below[0][1] + below[1][1] + 1]

ties, nodes = walk(mine, 0, np.arange(len(y)))
print(ties, nodes)
assert nodes > 50 and ties < 8
END
    "$PYTHON" walk.py "$ROOT/tests/oracle"
}

@test "any number of jobs and any instruction set give the same bytes" {
    demo_samples
    local options jobs level
    for options in "--max-leaf-nodes 12" "--criterion hellinger" "--min-impurity-decrease 0.004" \
        "--min-weight-fraction-leaf 0.02" "--ccp-alpha 0.002" \
        "--max-leaf-nodes 30 --criterion entropy --ccp-alpha 0.01"; do
        # shellcheck disable=SC2086 # several words
        rf-train -q -j1 -n 20 $options -o one.mp train.mp
        for jobs in 2 8; do
            # shellcheck disable=SC2086
            rf-train -q -j$jobs -n 20 $options -o more.mp train.mp
            same_file one.mp more.mp
        done
        for level in portable avx2; do
            # shellcheck disable=SC2086
            GLOVEPIPE_CPU=$level rf-train -q -j2 -n 20 $options -o more.mp train.mp
            same_file one.mp more.mp
        done
    done
}

@test "log_loss is entropy, to the byte" {
    demo_samples
    rf-train -q -n 5 --criterion entropy -o entropy.mp train.mp
    rf-train -q -n 5 --criterion log_loss -o log_loss.mp train.mp
    same_file entropy.mp log_loss.mp
}

@test "limits that bound nothing leave the trees as they are" {
    demo_samples
    rf-train -q -n 5 -o plain.mp train.mp
    mp-cat plain.mp >plain
    local options
    for options in "--min-impurity-decrease 1e-12" "--min-weight-fraction-leaf 0.0001"; do
        # shellcheck disable=SC2086
        rf-train -q -n 5 $options -o more.mp train.mp
        mp-cat more.mp | cmp - plain
    done
}

@test "what was grown best first, pruned or by a list goes on, merges and votes out of bag" {
    demo_samples
    local options="--max-leaf-nodes 12 --ccp-alpha 0.001 --criterion hellinger"
    # shellcheck disable=SC2086
    {
        rf-train -q -n 12 $options --oob oob.mp -o whole.mp train.mp
        rf-train -q -n 4 $options -o few.mp train.mp
        rf-train -q -n 12 $options --warm-start few.mp -o warm.mp train.mp
        rf-train -q -n 12 $options --tree-range 0:5 -o a.mp train.mp
        rf-train -q -n 12 $options --tree-range 5:12 -o b.mp train.mp
    }
    same_file whole.mp warm.mp
    rf-merge -q -o merged.mp a.mp b.mp
    same_file whole.mp merged.mp
    expect 0 rf-eval --accuracy oob.mp
    expect 3 rf-train -q -n 12 --max-leaf-nodes 13 --warm-start few.mp -o warm.mp train.mp
    contains "$stderr" "few.mp"
    contains "$(mp-cat --lineage whole.mp)" "max-leaf-nodes"
}

@test "monotonic: shares of the second class follow the feature, whatever else holds" {
    cancer
    local list="worst concave points:-1,mean:area:-1,mean:smoothness:+1"
    rf-train -q -n 30 --monotonic "$list" -o model.mp cancer.mp
    rf-train -q -n 30 -o free.mp cancer.mp
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import subprocess, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, streams
from sklearn.datasets import load_breast_cancer
data = load_breast_cancer()
x = data.data.astype("f4")
names = [name.replace("mean ", "mean:") for name in data.feature_names]
def proba(model):
    text = subprocess.run(["rf-predict", "-q", "--force", "--proba", model, "grid.mp"], check=True,
                          capture_output=True, text=True).stdout
    return np.array([float(line.split("\t")[3]) for line in text.splitlines()[1:]])
broken = 0
for name, direction in ("worst concave points", -1), ("mean:area", -1), ("mean:smoothness", 1):
    feature = names.index(name)
    steps = np.quantile(x[:, feature], np.linspace(0, 1, 25)).astype("f4")
    grid = np.repeat(x[:40], len(steps), axis=0)
    grid[:, feature] = np.tile(steps, 40)
    streams.write_samples("grid.mp", grid, np.zeros(len(grid), int), names)
    rises = np.diff(proba("model.mp").reshape(40, -1), axis=1) * direction
    assert rises.min() >= -1e-7, (name, rises.min())
    broken += (np.diff(proba("free.mp").reshape(40, -1), axis=1) * direction).min() < -1e-3
assert broken == 3  # what was asked for is not so by itself
END
    # Weights of which few units are in a leaf, trees whose bounds are alike.
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import subprocess, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, streams
random = np.random.default_rng(3)
x = random.standard_normal((300, 4)).astype("f4")
y = (x[:, 0] - x[:, 2] + random.standard_normal(300) > 0).astype(int)
x[random.random(x.shape) < 0.25] = np.nan
streams.write_samples("noise.mp", x, y)
np.savetxt("weights", 10 ** random.uniform(-7, 7, 300))
subprocess.run(["rf-train", "-q", "-n", "10", "--monotonic", "0:+1,2:-1", "--sample-weight", "weights",
                "-o", "heavy.mp", "noise.mp"], check=True)
for feature, direction in (0, 1), (2, -1):
    steps = np.sort(x[:, feature][~np.isnan(x[:, feature])])[::9]
    grid = np.repeat(x, len(steps), axis=0)
    grid[:, feature] = np.tile(steps, len(x))
    streams.write_samples("grid.mp", grid, np.zeros(len(grid), int))
    text = subprocess.run(["rf-predict", "-q", "--proba", "heavy.mp", "grid.mp"], check=True,
                          capture_output=True, text=True).stdout
    proba = np.array([float(line.split("\t")[3]) for line in text.splitlines()[1:]])
    rises = np.diff(proba.reshape(len(x), -1), axis=1) * direction
    assert rises.min() >= -1e-7, (feature, rises.min())
END
    # The same from a file, in another order, noted the same way.
    printf '%s\r\n' "mean:area:-1" "" "mean:smoothness:1" "worst concave points:-1" >list
    rf-train -q -n 30 --monotonic @list -o other.mp cancer.mp
    same_file model.mp other.mp
    contains "$(mp-cat --lineage model.mp)" "mean:area:-1,mean:smoothness:+1,worst concave points:-1"
}

@test "what makes no sense is refused with a sentence" {
    demo_samples
    expect 2 rf-train --max-leaf-nodes 1 train.mp
    expect 2 rf-train --min-weight-fraction-leaf 0.6 train.mp
    expect 2 rf-train --min-impurity-decrease -1 train.mp
    expect 2 rf-train --ccp-alpha nan train.mp
    expect 2 rf-train --criterion gain train.mp
    expect 2 rf-train --monotonic 0:+1 train.mp
    contains "$stderr" "train.mp has 6 classes, and a feature speaks for one of two"
    cancer
    expect 2 rf-train --monotonic 'mean:area' cancer.mp
    contains "$stderr" "--monotonic: 'mean:area' does not end in ':+1' or ':-1'"
    expect 2 rf-train --monotonic $'mean:\tarea:+1' cancer.mp
    contains "$stderr" "'mean:\\tarea' is no feature of the samples"
    expect 2 rf-train --monotonic 'mean:area:+1,mean:area:-1' cancer.mp
    contains "$stderr" "'mean:area' is there twice"
    expect 2 rf-train --monotonic ',' cancer.mp
    contains "$stderr" "gives no feature a direction"
    expect 1 rf-train --monotonic @nowhere cancer.mp
    printf '\377\330\377\340\0\020JFIF' >photo.jpg
    expect 3 rf-train --monotonic @photo.jpg cancer.mp
    only_files . cancer.mp photo.jpg test.mp train.mp vectors.mp
}

# Whatever the versions here have; those that came later are in the tables all the same.
@test "the manual has each name of scikit-learn's and ranger's" {
    need_python numpy sklearn
    sed -n '/^.Sh COMING FROM SCIKIT-LEARN/,/^.Sh COMING FROM RANGER/p' "$ROOT/man/rf-train.1" >scikit-learn
    sed -n '/^.Sh COMING FROM RANGER/,/^.Sh SEE ALSO/p' "$ROOT/man/rf-train.1" >ranger
    "$PYTHON" -W ignore - >names <<'END'
import inspect
from sklearn.ensemble import RandomForestClassifier
model = RandomForestClassifier(2, oob_score=True).fit([[0], [1]], [0, 1])
names = set(inspect.signature(RandomForestClassifier).parameters)
names |= {name for name in dir(model) if name.endswith("_")}
names |= {name for name in dir(type(model)) if callable(getattr(type(model), name, None))}
gone = {"base_estimator_", "n_features_", "min_impurity_split"}  # in newer versions
print(*[name for name in names - gone if name[0] != "_"], sep="\n")
END
    [ "$(wc -l <names)" -ge 34 ]
    local name
    while IFS= read -r name; do
        grep -qw -- "$name" scikit-learn || fail "no $name"
    done <names
    command -v Rscript >/dev/null && Rscript -e 'library(ranger)' 2>/dev/null || return 0
    Rscript -e 'cat(setdiff(names(formals(ranger::ranger)), "..."), sep = "\n")' >names
    while IFS= read -r name; do
        grep -qw -- "$name" ranger || fail "no $name"
    done <names
}
