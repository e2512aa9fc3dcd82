#!/usr/bin/env bats
# rf-predict: what the trees say of a sample beside the probabilities.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# model.mp and test.mp of the demo corpus, with vectors and evidence, whose features have names.
demo() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp --linear linear.mp -o train.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp --linear linear.mp -o test.mp "$DEMO/test.txt"
    rf-train -q -n 20 -o model.mp train.mp
}

# The same of few texts, with evidence alone: several views speak for themselves.
few() {
    head -n 80 "$DEMO/train.txt" >few.txt
    linear-train -q -o linear.mp few.txt
    vectorize -q --linear linear.mp few.txt | rf-train -q -n 20 -o model.mp
    vectorize -q --linear linear.mp -o test.mp "$DEMO/test.txt"
}

@test "leaves and paths are scikit-learn's: apply and decision_path, node by node" {
    need_python numpy sklearn msgpack
    cat >compare.py <<'END'
import subprocess, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, limits, streams
from sklearn.tree import DecisionTreeClassifier

def run(*words):
    text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return [line.split("\t") for line in text.splitlines()]

x, y = limits.samples(4)
streams.write_samples("s.mp", x, y)
run("rf-train", "-q", "-n1", "--no-bootstrap", "--max-features", "all", "--min-samples-leaf", "17",
    "-o", "m.mp", "s.mp")
model = DecisionTreeClassifier(random_state=0, min_samples_leaf=17).fit(x, y)
tree = model.tree_
assert tree.node_count > 20
heading, *rows = run("rf-predict", "-q", "--apply", "m.mp", "s.mp")
assert heading == ["label", "predicted", "tree:0"]
assert [int(row[2]) for row in rows] == list(model.apply(x))
assert [row[1] for row in rows] == [str(label) for label in model.predict(x)]
heading, *steps = run("rf-predict", "-q", "--decision-path", "m.mp", "s.mp")
assert heading == ["sample", "tree", "node", "feature", "value", "test", "threshold"]
path = model.decision_path(x)
assert [(int(s[0]) - 1, int(s[2])) for s in steps] == list(zip(*path.nonzero()))
for sample, _, node, feature, value, test, threshold in steps:
    node, sample = int(node), int(sample) - 1
    if tree.feature[node] < 0:
        assert [feature, value, test, threshold] == ["", "", "leaf", ""]
        continue
    assert int(feature) == tree.feature[node]
    assert np.float32(value) == x[sample, int(feature)]
    assert abs(float(threshold) - tree.threshold[node]) < 1e-6
    assert test == ("<=" if float(value) <= tree.threshold[node] else ">")
heading, *rows = run("rf-predict", "-q", "--log-proba", "m.mp", "s.mp")
assert heading == ["label", "predicted", "0", "1", "2", "3"]
with np.errstate(divide="ignore"):
    wanted = model.predict_log_proba(x)
got = np.array([row[2:] for row in rows], dtype=float)
assert np.isneginf(wanted).any() and (np.isneginf(wanted) == np.isneginf(got)).all()
assert np.allclose(wanted[np.isfinite(wanted)], got[np.isfinite(got)], rtol=1e-6, atol=1e-9)
END
    "$PYTHON" compare.py "$ROOT/tests/oracle"
}

# What treeinterpreter makes of scikit-learn's trees, made of ours; and the sum, without rounding.
@test "contributions: each feature's share, and their sum is the probability, to the bit" {
    need_python numpy msgpack
    demo
    predict() {
        rf-predict -q --contributions model.mp test.mp >contributions
        rf-predict -q --contributions --format mp -o contributions.mp model.mp test.mp
        rf-predict -q --proba model.mp test.mp >proba
    }
    cat >check.py <<'END'
import itertools, sys
sys.path.insert(0, sys.argv[1])
import msgpack, numpy as np, streams, trees
sys.setrecursionlimit(10000)
header, forest = streams.read_forest("model.mp")
classes, names = header["classes"], header["features"]
with open("contributions.mp", "rb") as file:
    head, *blocks, end = msgpack.Unpacker(file, raw=False)
assert head["detail"] == "contributions" and head["features"] == names
rows = sum(block["n"] for block in blocks)
bias = np.frombuffer(blocks[0]["bias"], "<f8")
shares = np.concatenate([np.frombuffer(block["contributions"], "<f8").reshape(
    block["n"], len(classes), len(names)) for block in blocks])
proba = np.concatenate([np.frombuffer(block["proba"], "<f4").reshape(block["n"], -1)
                        for block in blocks])

# Without rounding, so in any order; and as whole numbers.
for order in (range(len(names)), reversed(range(len(names)))):
    total = bias + np.zeros(proba.shape)
    for feature in order:
        total = total + shares[:, :, feature]
    # Of evidence's probabilities some have digits beyond the units.
    fine = (proba > 0) & (proba < 2**-26) & ("opinion" in header)
    assert (total.astype("f4") == proba)[~fine].all()
    assert (np.abs(total - proba)[fine] <= 2**-51).all()
assert ((bias + shares.sum(axis=2)) == total).all()
units = np.rint(shares * 2**50).astype(object)
assert (shares * 2**50 == np.rint(shares * 2**50)).all()
assert (units.sum(axis=2) + np.rint(bias * 2**50).astype(object) == (total * 2**50)).all()

# The text says the same.
with open("contributions") as file:
    heading, *lines = [line.rstrip("\n").split("\t") for line in file]
assert heading == ["sample", "label", "predicted", "class", "probability", "bias", *names]
assert len(lines) == rows * len(classes)
read = np.array([line[5:] for line in lines], dtype=float).reshape(rows, len(classes), -1)
assert (read[:, :, 0] == bias).all() and (read[:, :, 1:] == shares).all()
assert [line[3] for line in lines] == classes * rows
assert [int(line[0]) for line in lines] == [row + 1 for row in range(rows) for _ in classes]
with open("proba") as file:
    wanted = [line.rstrip("\n").split("\t") for line in file][1:]
assert [line[4] for line in lines] == list(itertools.chain(*(row[2:] for row in wanted)))
assert [line[1:3] for line in lines[::len(classes)]] == [row[:2] for row in wanted]

# Each feature's, by the definition.
def read_samples(path):
    with open(path, "rb") as file:
        head, *blocks, _ = msgpack.Unpacker(file, raw=False)
    return np.concatenate([np.frombuffer(block["x"], "<f4").reshape(block["n"], head["dim"])
                           for block in blocks])

x = read_samples("test.mp")[:25]
said, part = streams.opinion(header, x)
assert (part > 0) == (sys.argv[2] == "pooled")
wanted_bias = np.full(len(classes), part / len(classes))
wanted = np.zeros((len(x), len(classes), len(names)))
for view in header["opinion"]["views"] if part else []:
    for c, column in enumerate(view["columns"]):
        wanted[:, c, column] = part * (said[:, c] - 1 / len(classes)) * view["weight"]
share = lambda node: trees.counts_of(node) / trees.counts_of(node).sum()
for tree in (trees.nested(header, tree) for tree in forest):
    wanted_bias += (1 - part) * share(tree) / len(forest)
    for row, values in enumerate(x):
        node = tree
        while not isinstance(node, np.ndarray):
            below = node[2] if values[node[0]] <= node[1] else node[3]
            wanted[row, :, node[0]] += (1 - part) * (share(below) - share(node)) / len(forest)
            node = below
assert np.abs(wanted_bias - bias).max() < 1e-14
assert np.abs(wanted - shares[:len(x)]).max() < 1e-13
assert np.abs(wanted).max() > 0.05
END
    predict
    "$PYTHON" check.py "$ROOT/tests/oracle" pooled
    rf-train -q -n 20 --evidence-share 0 -o model.mp train.mp
    predict
    "$PYTHON" check.py "$ROOT/tests/oracle" trees
    few
    predict
    "$PYTHON" check.py "$ROOT/tests/oracle" pooled
    "$PYTHON" - "$ROOT/tests/oracle" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import streams
header, _ = streams.read_forest("model.mp")
assert len({view["weight"] for view in header["opinion"]["views"]}) > 1, "all views weigh the same"
END
}

@test "mp-cat shows the streams as rf-predict writes them as text, and rf-eval reads them" {
    demo
    local option jobs
    for option in --log-proba --apply --decision-path --contributions; do
        rf-predict -q $option model.mp test.mp >text
        rf-predict -q $option --format mp -j1 -o one.mp model.mp test.mp
        mp-cat one.mp | cmp - text
        mp-cat --check one.mp
        for jobs in 2 8; do
            rf-predict -q $option --format mp -j$jobs model.mp test.mp | cmp - one.mp
            rf-predict -q $option -j$jobs model.mp test.mp | cmp - text
        done
        rf-predict -q --format mp model.mp test.mp | rf-eval --accuracy >wanted
        equal "$(rf-eval --accuracy one.mp)" "$(cat wanted)"
        mp-cat --stats one.mp >stats
    done
    grep -qx 'detail     contributions' stats
    contains "$(mp-cat --head 1 one.mp | head -n 1 | tr '\t' '\n')" "glove:0"
    cut -f 2 "$DEMO/test.txt" | vectorize -q --vectors vectors.mp --linear linear.mp --no-label - |
        rf-predict -q --decision-path --header never model.mp - >paths
    equal "$(cut -f 1 paths | uniq | tail -n 1)" "$(wc -l <"$DEMO/test.txt")"
    # No path is longer than what the summary of training calls the depth, and one step.
    [ "$(cut -f 1,2 paths | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')" -le 100 ]
}

@test "what excludes each other, and what does not fit, is refused" {
    demo
    expect 2 rf-predict --apply --proba model.mp test.mp
    equal "$stderr" "rf-predict: --proba and --apply exclude each other"
    expect 2 rf-predict --contributions --labels-only model.mp test.mp
    equal "$stderr" "rf-predict: --labels-only and --contributions exclude each other"
    expect 1 rf-predict -q --contributions model.mp test.mp -o /dev/full
    expect 3 rf-predict -q --apply train.mp test.mp
    head -c -1 test.mp >cut.mp
    expect 4 rf-predict -q --format mp --decision-path -o out.mp model.mp cut.mp
    [ ! -e out.mp ]
    rf-predict -q --format mp --decision-path -o paths.mp model.mp test.mp
    { head -c 30000 paths.mp; printf x; tail -c +30002 paths.mp; } >changed.mp
    expect 3 mp-cat changed.mp
}
