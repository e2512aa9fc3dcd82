#!/usr/bin/python3
"""Trees of samples with missing values beside those of scikit-learn 1.4.

Usage: missing.py FOLDER                  every node of ours beside the figures below
       missing.py --figures               prints these, by a scikit-learn from 1.4 on

The figures are those of Debian 13's scikit-learn, 1.4.2, which this file made there as
`python3 tests/oracle/missing.py --figures`: for each tree, its splits in preorder as (feature,
threshold, whether missing values go left), and 0 for a leaf. The trees are small enough to have no
ties.
"""

import subprocess
import sys

import numpy as np
from sklearn import datasets

CASES = (
    ("breast_cancer", {"max_depth": 2, "min_samples_leaf": 10}),
    ("wine", {"max_depth": 3, "min_samples_leaf": 6}),
    ("breast_cancer", {"max_depth": 3, "min_samples_leaf": 12, "criterion": "entropy"}),
    ("iris", {"max_depth": 3, "min_samples_leaf": 12, "class_weight": {0: 1, 1: 2, 2: 0.5}}),
)

FIGURES = (
    ((23, 884.5499877929688, 1), (27, 0.13580000400543213, 1), 0, 0, (5, 0.08555500209331512, 0),
     0, 0),
    ((9, 3.4600000381469727, 0), 0, (6, 1.5850000381469727, 0), (1, 2.2149999141693115, 0), 0, 0,
     (12, 755.0, 0), 0, 0),
    ((23, 884.5499877929688, 1), (27, 0.13234999775886536, 1), (13, 33.33999824523926, 1), 0, 0,
     (21, 27.414999961853027, 1), 0, 0, (5, 0.0958549976348877, 0), (1, 19.54499912261963, 1), 0,
     0, 0),
    ((3, 0.800000011920929, 0), 0, (3, 1.75, 1), (2, 4.549999952316284, 1), 0, 0,
     (2, 5.1499998569488525, 0), 0, 0),
)


def load(name):
    x, y = getattr(datasets, "load_" + name)(return_X_y=True)
    x = x.astype("float32")
    i, j = np.indices(x.shape)
    x[(i * 7 + j * 11 + i * j) % 5 == 0] = np.nan
    return x, y


def print_figures():
    from sklearn.tree import DecisionTreeClassifier

    for name, options in CASES:
        tree = DecisionTreeClassifier(random_state=0, **options).fit(*load(name)).tree_
        nodes = zip(tree.feature, tree.threshold, tree.missing_go_to_left)
        print([(int(f), float(t), int(m)) if f >= 0 else 0 for f, t, m in nodes])


def grow(folder, name, options):
    import msgpack

    import streams

    given = ["--no-bootstrap", "--max-features", "all"]
    for option, value in options.items():
        if option == "class_weight":
            with open(f"{folder}/classes", "w", encoding="utf-8") as file:
                file.writelines(f"{label}\t{weight}\n" for label, weight in value.items())
            value = f"{folder}/classes"
        given += ["--" + option.replace("_", "-"), str(value)]
    x, y = load(name)
    streams.write_samples(f"{folder}/samples.mp", x, y)
    subprocess.run(["rf-train", "-q", "-n1", *given, "-o", f"{folder}/forest.mp",
                    f"{folder}/samples.mp"], check=True)
    _, (tree,) = streams.read_forest(f"{folder}/forest.mp")
    with open(f"{folder}/forest.mp", "rb") as file:
        _, block, _ = msgpack.Unpacker(file, raw=False)
    left = np.unpackbits(np.frombuffer(block["missing"], "u1"), bitorder="little")
    splits = zip(tree["threshold"], left)
    return [(f, *next(splits)) if f >= 0 else 0 for f in tree["feature"]]


def main(folder):
    from trees import float_floor

    for (name, options), theirs in zip(CASES, FIGURES):
        mine = grow(folder, name, options)
        assert len(mine) == len(theirs), (name, options)
        for split, other in zip(mine, theirs):
            same = (split == 0) == (other == 0)
            if same and split != 0:
                same = split[0] == other[0] and split[1:] == (float_floor(other[1]), other[2])
            if not same:
                sys.exit(f"{name} {options}: {split}, scikit-learn's {other}")
        print(f"{name} nodes {len(mine)}")


if __name__ == "__main__":
    print_figures() if sys.argv[1] == "--figures" else main(sys.argv[1])
