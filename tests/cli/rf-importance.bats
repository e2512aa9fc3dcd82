#!/usr/bin/env bats
# rf-importance: a forest to what its features count.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# demo [OPTION...]: model.mp, of 20 features without names.
demo() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
    rf-train -q -n 20 "$@" -o model.mp train.mp
}

# Of our own trees, what numpy makes of scikit-learn's definition; of many, scikit-learn's forest.
@test "importances are scikit-learn's: breast cancer, wine, and a tree of its own" {
    need_python msgpack numpy sklearn
    cat >compare.py <<'END'
import subprocess, sys
import numpy as np
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier
sys.path.insert(0, sys.argv[1])
import streams

def ours(x, y, *options):
    streams.write_samples("s.mp", x, y)
    subprocess.run(["rf-train", "-q", *options, "-o", "m.mp", "s.mp"], check=True)
    text = subprocess.run(["rf-importance", "--format", "tsv", "m.mp"], check=True,
                          capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0] == ["feature", "importance", "spread"]
    values = [float(row[1]) for row in rows[1:]]
    assert values == sorted(values, reverse=True) and abs(sum(values) - 1) < 1e-6
    return np.array([float(row[1]) for row in sorted(rows[1:], key=lambda row: int(row[0]))])

# Two forests of scikit-learn's own differ by 1 - r = 0.014 and 0.006 here, of 400 trees each.
for data, least in (load_breast_cancer(), 0.96), (load_wine(), 0.985):
    x, y = data.data.astype("f4"), data.target
    for criterion in "gini", "entropy":
        got = ours(x, y, "-n", "400", "--criterion", criterion)
        wanted = RandomForestClassifier(400, criterion=criterion, random_state=1).fit(x, y)
        r = np.corrcoef(got, wanted.feature_importances_)[0, 1]
        assert r > least, r
# A stump of one feature that varies has no ties: the figures are equal.
x = np.random.default_rng(3).random((300, 1)).astype("f4").repeat(3, axis=1)
x[:, 1:] = np.random.default_rng(4).random((300, 2)) > [0.5, 0.7]
y = (x[:, 0] > 0.5) * 1 + (x[:, 1] > 0.5) * (x[:, 2] > 0.5) * 2
for criterion in "gini", "entropy":
    got = ours(x, y, "-n", "1", "--no-bootstrap", "--max-features", "all", "--max-depth", "3",
               "--criterion", criterion)
    wanted = DecisionTreeClassifier(criterion=criterion, max_depth=3).fit(x, y)
    assert np.abs(got - wanted.feature_importances_).max() < 1e-6
END
    "$PYTHON" compare.py "$ROOT/tests/oracle"
}

@test "text and TSV, the most important first, and --top" {
    demo
    expect 0 rf-importance model.mp
    equal "$(head -n 1 <<<"$output")" "importance    spread  feature"
    equal "$(wc -l <<<"$output")" 21
    equal "$(tail -n +2 <<<"$output" | sort -rg)" "$(tail -n +2 <<<"$output")"
    expect 0 rf-importance --format tsv --top 3 model.mp
    equal "$(wc -l <<<"$output")" 4
    equal "$(rf-importance --format tsv - <model.mp | head -n 4)" "$output"
    rf-importance -o out --format tsv --top 3 model.mp
    equal "$(cat out)" "$output"
}

@test "features by name, and groups, which add up" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp --linear linear.mp -o train.mp "$DEMO/train.txt"
    rf-train -q -n 20 -o model.mp train.mp
    contains "$(rf-importance model.mp)" "  glove:0"
    rf-importance --format tsv model.mp | awk -F '\t' 'NR > 1 {
        sub(/:.*/, "", $1); sum[$1] += $2; count[$1]++ }
        END { for (group in sum) printf "%s %.4f %d\n", group, sum[group], count[group] }' |
        sort >wanted
    rf-importance --groups --format tsv model.mp |
        awk -F '\t' 'NR > 1 { printf "%s %.4f %d\n", $1, $2, $3 }' | sort >got
    [ "$(wc -l <got)" -ge 2 ]
    same_file got wanted
}

@test "no split at all, and a part" {
    demo --max-depth 1 --min-samples-leaf 1200
    equal "$(rf-importance --format tsv --top 1 model.mp | tail -n 1)" $'0\t0.00000000\t0.00000000'
    rf-train -q -n 20 --tree-range 3:5 -o part.mp train.mp
    expect 0 rf-importance part.mp
    contains "$stderr" "part.mp: is a part of a forest"
}

@test "what is no whole forest is refused" {
    demo
    head -c -1 model.mp >cut.mp
    expect 4 rf-importance cut.mp
    equal "$output" ""
    { head -c 900 model.mp; printf x; tail -c +902 model.mp; } >changed.mp
    expect 3 rf-importance changed.mp
    equal "$output" ""
    expect 3 rf-importance train.mp
    expect 2 rf-importance model.mp model.mp
    expect 2 rf-importance --top 0 model.mp
}

# ---- permutation ----

# The same idea in Python, on scikit-learn's own forest: each tree votes on the samples that are not
# in its bag, and a feature's values are shuffled among all samples.
@test "permutation: scikit-learn's on out-of-bag samples, and on held-out ones" {
    need_python msgpack numpy sklearn
    cat >compare.py <<'END'
import subprocess, sys
import numpy as np
from sklearn.datasets import load_digits, load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance
sys.path.insert(0, sys.argv[1])
import streams

def ours(*words):
    text = subprocess.run(["rf-importance", "-q", "--format", "tsv", *words], check=True,
                          capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0] == ["feature", "importance", "spread"]
    rows = sorted(rows[1:], key=lambda row: int(row[0]))
    return np.array(rows, dtype=float)[:, 1:].T

# The rows that each tree has not seen. Forests tell from scikit-learn 1.4 on.
def unseen(forest, rows):
    if hasattr(forest, "estimators_samples_"):
        return [np.setdiff1d(np.arange(rows), seen) for seen in forest.estimators_samples_]
    from sklearn.ensemble._forest import _generate_unsampled_indices
    return [_generate_unsampled_indices(tree.random_state, rows, rows) for tree in forest]

def out_of_bag(forest, x, y, repeats=5):
    rows = unseen(forest, len(x))
    def accuracy(x):
        proba = np.zeros((len(x), len(forest.classes_)))
        for tree, out in zip(forest, rows):
            counts = tree.tree_.predict(x[out]).reshape(len(out), -1)
            proba[out] += counts / counts.sum(axis=1, keepdims=True)
        return np.mean(proba.argmax(axis=1) == y)
    base, generator = accuracy(x), np.random.default_rng(0)
    worse = np.zeros((x.shape[1], repeats))
    for feature in range(x.shape[1]):
        for repeat in range(repeats):
            shuffled = x.copy()
            shuffled[:, feature] = generator.permutation(x[:, feature])
            worse[feature, repeat] = base - accuracy(shuffled)
    return worse.mean(axis=1), worse.std(axis=1)

# Of the features of wine any two say the same. Then chance decides in few trees: scikit-learn's
# figures of 200, of one seed and another, correlate by 0.55 to 0.9; of 2,000 by 0.98.
for load, features, trees in (load_wine, slice(13), 2000), (load_digits, slice(18, 46, 2), 200):
    x, y = load(return_X_y=True)
    x = np.ascontiguousarray(x[:, features]).astype("f4")
    streams.write_samples("s.mp", x, y)
    subprocess.run(["rf-train", "-q", "-n", str(trees), "-o", "m.mp", "s.mp"], check=True)
    forest = RandomForestClassifier(trees, random_state=1, n_jobs=1).fit(x, y)
    got, wanted = ours("--permutation", "s.mp", "--repeats", "9", "m.mp"), out_of_bag(forest, x, y, 3)
    r = np.corrcoef(got[0], wanted[0])[0, 1]
    print("out of bag", r, got[1].mean(), wanted[1].mean())
    assert r > 0.95, r
    assert 0.5 < got[1].mean() / wanted[1].mean() < 2
streams.write_samples("s.mp", x[::2], y[::2])
streams.write_samples("t.mp", x[1::2], y[1::2])
subprocess.run(["rf-train", "-q", "-n", "200", "-o", "m.mp", "s.mp"], check=True)
forest = RandomForestClassifier(200, random_state=1).fit(x[::2], y[::2])
wanted = permutation_importance(forest, x[1::2], y[1::2], n_repeats=3, random_state=2)
got = ours("--permutation", "t.mp", "--held-out", "m.mp")
r = np.corrcoef(got[0], wanted.importances_mean)[0, 1]
print("digits held out", r)
assert r > 0.95, r
END
    "$PYTHON" compare.py "$ROOT/tests/oracle"
}

# Our own forest, shuffled as rf-importance shuffles it: the same figures, to the last digit.
@test "permutation: each figure, worked out from the trees and the random numbers" {
    need_python msgpack numpy sklearn
    cat >exact.py <<'END'
import itertools, subprocess, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import limits, streams, trees
x, y = limits.samples(3, 150, 5)
names = ["glove:0", "glove:1", "word", "bayes:a", "bayes:b"]
streams.write_samples("s.mp", x, y, names)
TREES, SEED, REPEATS = 7, 4, 3
subprocess.run(["rf-train", "-q", "-n", str(TREES), "--seed", str(SEED), "--max-depth", "6", "-o", "m.mp", "s.mp"], check=True)
header, forest = streams.read_forest("m.mp")
forest = [trees.nested(header, tree) for tree in forest]

def below(numbers, bound):
    while True:
        product = (next(numbers) >> 32) * bound
        if product % 2**32 >= 2**32 % bound:
            return product >> 32

def bag(index):
    numbers = trees.xoshiro(SEED, index)
    return np.bincount([below(numbers, len(x)) for _ in x], minlength=len(x))

def votes(tree, values):
    while not isinstance(tree, np.ndarray):
        tree = tree[2] if values[tree[0]] <= tree[1] else tree[3]
    return np.rint(tree / tree.sum() * 2**40).astype(np.int64)

bags = [bag(index) for index in range(TREES)]
counted = sum((b == 0).astype(int) for b in bags) > 0

def right(x):
    sums = np.zeros((len(x), 3), dtype=np.int64)
    for tree, drawn in zip(forest, bags):
        for row in np.flatnonzero(drawn == 0):
            sums[row] += votes(tree, x[row])
    return int((sums.argmax(axis=1) == y)[counted].sum())

def wanted(groups):
    base = right(x)
    for group, (name, features) in enumerate(groups):
        worse = []
        for repeat in range(REPEATS):
            numbers = trees.xoshiro(11, 1 << 63 | (group * REPEATS + repeat))
            source = np.zeros(len(x), dtype=int)
            for i in range(len(x)):
                at = below(numbers, i + 1)
                source[i], source[at] = source[at], i
            shuffled = x.copy()
            shuffled[:, features] = x[source][:, features]
            worse.append(base - right(shuffled))
        yield name, np.mean(worse) / counted.sum(), np.std(worse) / counted.sum()

def ours(*words):
    text = subprocess.run(["rf-importance", "-q", "--format", "tsv", "--permutation", "s.mp", "--repeats",
                           str(REPEATS), "--seed", "11", *words, "m.mp"], check=True,
                          capture_output=True, text=True).stdout
    return sorted(line.split("\t") for line in text.splitlines()[1:])

rows = [[name, f"{mean:.8f}", f"{spread:.8f}"] for name, mean, spread
        in wanted([(name, [i]) for i, name in enumerate(names)])]
assert ours() == sorted(rows), (ours(), rows)
groups = [("glove", [0, 1]), ("word", [2]), ("bayes", [3, 4])]
rows = [[name, f"{mean:.8f}", f"{spread:.8f}", str(len(features))] for (name, features), (_, mean, spread)
        in zip(groups, wanted(groups))]
assert ours("--groups") == sorted(rows), (ours("--groups"), rows)
assert not counted.all()
END
    "$PYTHON" exact.py "$ROOT/tests/oracle"
}

@test "permutation: the same bytes for any number of jobs, and what else it says" {
    demo
    local jobs
    expect 0 rf-importance --permutation train.mp -j1 model.mp
    contains "$stderr" "rf-importance: out-of-bag accuracy 0."
    equal "$(head -n 1 <<<"$output")" "importance    spread  feature"
    for jobs in 2 8; do
        equal "$(rf-importance -q --permutation train.mp -j$jobs model.mp)" "$output"
    done
    # The baseline is what rf-train says of the forest, but for a sample that is in every bag.
    rf-train -n 200 --oob oob.mp -o many.mp train.mp 2>told
    expect 0 rf-importance --permutation train.mp --repeats 1 many.mp
    equal "$(sed -n 's/.*out-of-bag accuracy \([0-9.]*\) (\(.*\) right.*/\1 \2/p' <<<"$stderr")" \
        "$(sed -n 's/.*out-of-bag accuracy \([0-9.]*\) (\(.*\) right)/\1 \2/p' told)"
    [ "$(rf-importance -q --permutation train.mp --seed 5 model.mp)" != "$output" ]
    # Features that no tree looks at count nothing; nor does a forest that does not split.
    rf-train -q -n 9 --max-depth 1 -o stumps.mp train.mp
    contains "$(rf-importance -q --format tsv --permutation train.mp stumps.mp)" $'\t0.00000000\t0.00000000'
    rf-train -q -n 9 --tree-range 4:9 -o part.mp train.mp
    rf-importance -q --permutation train.mp part.mp >part
    rf-train -q -n 30 --max-samples 0.3 -o small.mp train.mp
    rf-importance -q --permutation train.mp small.mp >small
}

@test "permutation: samples that are not the forest's are refused, and what makes no sense" {
    demo
    vectorize -q --vectors vectors.mp -o test.mp "$DEMO/test.txt"
    expect 3 rf-importance --permutation test.mp model.mp
    contains "$stderr" "test.mp: the forest was grown from other samples: give those, or say --held-out"
    { tail -n +2 "$DEMO/train.txt"; head -n 1 "$DEMO/train.txt"; } |
        vectorize -q --vectors vectors.mp -o turned.mp -
    expect 3 rf-importance --permutation turned.mp model.mp
    contains "$stderr" "turned.mp: the forest was grown from other samples"
    equal "$output" ""
    rf-train -q -n 3 --no-bootstrap -o whole.mp train.mp
    expect 3 rf-importance --permutation train.mp whole.mp
    contains "$stderr" "grown without bags"
    expect 0 rf-importance --permutation test.mp --held-out whole.mp
    contains "$stderr" "held-out accuracy"
    # A bag all of whose draws weigh nothing is drawn again, which nobody can foretell.
    local least
    for least in 0 1; do
        mp-cat train.mp | awk -v least=$least '{ print NR % 3 + least }' >weights
        rf-train -q -n 3 --sample-weight weights -o weighed.mp train.mp
        expect $((least ? 0 : 3)) rf-importance --permutation train.mp weighed.mp
    done
    rf-train -q -n 3 --sample-weight <(sed 's/1/0/' weights) -o weighed.mp train.mp
    expect 3 rf-importance --permutation train.mp weighed.mp
    contains "$stderr" "some samples weighed nothing and were in no bag"
    # What the forest has not learnt is never right.
    sed 's/^football/soccer/' "$DEMO/test.txt" | vectorize -q --vectors vectors.mp -o soccer.mp -
    expect 0 rf-importance --permutation soccer.mp --held-out model.mp
    expect 2 rf-importance --repeats 3 model.mp
    contains "$stderr" "--repeats is for --permutation, which names the samples"
    expect 2 rf-importance --held-out model.mp
    expect 2 rf-importance --permutation - -
    expect 2 rf-importance --permutation train.mp --repeats 0 model.mp
    cut -f 2 "$DEMO/test.txt" | vectorize -q --vectors vectors.mp --no-label -o bare.mp -
    expect 3 rf-importance --permutation bare.mp --held-out model.mp
    expect 3 rf-importance --permutation vectors.mp model.mp
    expect 1 rf-importance --permutation train.mp -o /dev/full model.mp
}
