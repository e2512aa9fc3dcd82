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
