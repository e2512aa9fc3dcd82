#!/usr/bin/python3
"""Walks a tree of rf-train and scikit-learn's tree on the same samples together.

Usage: trees.py FOLDER DATA [OPTION...] [+ DATA [OPTION...]]...

DATA: iris, wine, breast_cancer, digits (scikit-learn's), or R8=X.npy=labels.tsv. OPTIONs go to
rf-train and, translated, to DecisionTreeClassifier; with --bootstrap scikit-learn gets our bag as
sample weights, which this file draws for itself; --max-samples says how many draws. With --weigh
the samples have weights from 1 to 3, which multiply those.

Every node must have the same feature, threshold and counts, up to a tie: where the two differ,
both splits must improve the impurity by the same, in rational numbers for gini. Below a tie the
samples differ, and the walk goes on with trees that scikit-learn grows from our two sides; so
every node of ours is held against one of theirs. Where there was no tie both must also predict the
same classes. Prints `DATA nodes N ties N` and exits 0, or 1 with the first difference.
"""

import math
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy as np
from sklearn.tree import DecisionTreeClassifier

import streams
from peer_trees import node_counts

MASK = 2**64 - 1


def load(data):
    if data.startswith("R8="):
        _, x, labels = data.split("=")
        with open(labels, encoding="utf-8") as file:
            return np.load(x), np.array([line.split("\t")[0] for line in file])
    from sklearn import datasets

    bunch = getattr(datasets, "load_" + data)()
    # Labels whose byte order is the order of the numbers.
    return bunch.data.astype("float32"), np.array([f"{label:03d}" for label in bunch.target])


def xoshiro(seed, stream):
    """base/random.h, from the papers that it names."""

    def splitmix(state):
        z = state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    gamma = 0x9E3779B97F4A7C15
    state = splitmix(seed + gamma & MASK) ^ stream
    s = [splitmix(state + gamma * (i + 1) & MASK) for i in range(4)]
    while True:
        scrambled = s[1] * 5 & MASK
        yield (scrambled << 7 | scrambled >> 57) * 9 & MASK
        shifted = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = (s[3] << 45 | s[3] >> 19) & MASK


def bag(rows, seed, draws):
    """How often tree 0 draws each row."""
    numbers = xoshiro(seed, 0)
    weight = np.zeros(rows, dtype=int)
    drawn = 0
    while drawn < draws:
        product = (next(numbers) >> 32) * rows
        if product % 2**32 >= 2**32 % rows:
            weight[product >> 32] += 1
            drawn += 1
    return weight


def ours(folder, x, y, options, weights=None):
    streams.write_samples(f"{folder}/samples.mp", x, y)
    command = ["rf-train", "-q", "-j1", "-n1", *options, "-o", f"{folder}/forest.mp",
               f"{folder}/samples.mp"]
    if weights is not None:
        np.savetxt(f"{folder}/weights", weights, fmt="%d")
        command[1:1] = ["--sample-weight", f"{folder}/weights"]
    subprocess.run(command, check=True)
    header, (tree,) = streams.read_forest(f"{folder}/forest.mp")
    # Weights are counted in units; these weights are whole numbers.
    unit = header.get("unit", 1)
    for name in "weight", "counts":
        counted = tree[name] * unit
        tree[name] = counted.astype(int)
        assert (tree[name] == counted).all()
    return header, nested(header, tree)


def nested(header, tree):
    """The preorder columns as (feature, threshold, left, right) and leaves as arrays of counts."""
    at = {"node": 0, "split": 0, "leaf": 0, "mixed": 0}

    def take(name):
        at[name] += 1
        return at[name] - 1

    def build():
        feature = tree["feature"][take("node")]
        if feature >= 0:
            threshold = tree["threshold"][take("split")]
            left = build()
            return (feature, threshold, left, build())
        leaf = take("leaf")
        counts = np.zeros(len(header["classes"]), dtype=int)
        if tree["class"][leaf] >= 0:
            counts[tree["class"][leaf]] = tree["weight"][leaf]
        else:
            counts[:] = tree["counts"][take("mixed")]
        return counts

    return build()


def counts_of(node):
    return node if isinstance(node, np.ndarray) else counts_of(node[2]) + counts_of(node[3])


def float_floor(value):
    """The largest float32 that is not above a double."""
    nearest = np.float32(value)
    return nearest if float(nearest) <= float(value) else np.nextafter(nearest, np.float32(-np.inf))


def improvement(x, y, w, feature, threshold, criterion):
    """What a split gains, up to constants of the node: exact for gini."""
    sides = []
    for side in (x[:, feature] <= threshold, x[:, feature] > threshold):
        counts = Counter()
        for label, weight in zip(y[side], w[side]):
            counts[label] += int(weight)
        sides.append(list(counts.values()))
    if criterion == "gini":
        return sum(Fraction(sum(n * n for n in side), sum(side)) for side in sides)
    return round(sum(sum(n * np.log2(n) for n in side) - sum(side) * np.log2(sum(side))
                     for side in sides), 8)


class Walk:
    """Both trees' nodes side by side; `x`, `y` and `w` are the samples that reached them."""

    def __init__(self, options, classes):
        self.options, self.classes = options, classes
        self.nodes = self.ties = 0

    def fit(self, x, y, w, depth):
        options = dict(self.options)
        if "max_depth" in options:
            options["max_depth"] -= depth
        return DecisionTreeClassifier(random_state=0, **options).fit(x, y, sample_weight=w)

    def counts(self, model, index):
        """Of all classes, also those that did not reach this model."""
        counts = np.zeros(len(self.classes), dtype=int)
        counts[np.searchsorted(self.classes, model.classes_)] = node_counts(model.tree_)[index]
        return counts

    def tie(self, mine, theirs, x, y, w):
        criterion = self.options["criterion"]
        gains = [improvement(x, y, w, *split, criterion) for split in (mine, theirs)]
        if gains[0] != gains[1]:
            sys.exit(f"{mine} gains {gains[0]}, scikit-learn's {theirs} {gains[1]}")
        self.ties += 1

    def both(self, mine, model, x, y, w, index=0, depth=0):
        self.nodes += 1
        tree = model.tree_
        if not np.array_equal(counts_of(mine), self.counts(model, index)):
            sys.exit(f"counts {counts_of(mine)}, scikit-learn's {self.counts(model, index)}")
        leaf = tree.children_left[index] < 0
        if leaf != isinstance(mine, np.ndarray):
            sys.exit("a leaf in one tree only")
        if leaf:
            return
        theirs = tree.feature[index], float_floor(tree.threshold[index])
        same = mine[:2] == theirs
        if not same:
            self.tie(mine[:2], theirs, x, y, w)
        left = x[:, mine[0]] <= mine[1]
        for side, rows, child in ((mine[2], left, tree.children_left[index]),
                                  (mine[3], ~left, tree.children_right[index])):
            part = x[rows], y[rows], w[rows]
            if same:
                self.both(side, model, *part, child, depth + 1)
            elif self.options.get("max_depth") == depth + 1:
                assert isinstance(side, np.ndarray)
            else:
                self.both(side, self.fit(*part, depth + 1), *part, 0, depth + 1)


def translate(options, rows):
    """rf-train's options as DecisionTreeClassifier's, fractions as the counts that they are."""
    given = {name.lstrip("-").replace("-", "_"): value
             for name, value in zip(options[::2], options[1::2])}
    theirs = {"criterion": given.get("criterion", "gini")}
    for name in ("max_depth", "min_samples_split", "min_samples_leaf"):
        if name in given:
            text = given[name]
            theirs[name] = math.ceil(float(text) * rows) if "." in text else int(text)
    if "min_samples_split" in theirs:
        theirs["min_samples_split"] = max(2, theirs["min_samples_split"])
    draws = given.get("max_samples", "1.0")
    draws = max(round(rows * float(draws)), 1) if "." in draws else min(int(draws), rows)
    return theirs, int(given.get("seed", 0)), draws


def compare(folder, data, *options):
    x, y = load(data)
    weighs, options = "--weigh" in options, [o for o in options if o != "--weigh"]
    theirs, seed, draws = translate([o for o in options if "bootstrap" not in o], len(x))
    w = bag(len(x), seed, draws) if "--bootstrap" in options else np.ones(len(x), dtype=int)
    weights = np.random.default_rng(len(x)).integers(1, 4, len(x)) if weighs else None
    header, mine = ours(folder, x, y, ["--max-features", "all", *options], weights)
    w = w * weights if weighs else w
    assert header["classes"] == sorted(set(y))
    walk = Walk(theirs, np.array(header["classes"]))
    rows = x[w > 0], y[w > 0], w[w > 0]
    model = walk.fit(*rows, 0)
    walk.both(mine, model, *rows)
    if walk.ties == 0:
        said = subprocess.run(["rf-predict", "-q", "--labels-only", f"{folder}/forest.mp",
                               f"{folder}/samples.mp"], check=True, capture_output=True, text=True)
        assert said.stdout.split() == list(model.predict(x))
    print(f"{data.split('=')[0]} nodes {walk.nodes} ties {walk.ties}")


def main():
    folder, *words = sys.argv[1:]
    for start in [0] + [i + 1 for i, word in enumerate(words) if word == "+"]:
        end = words.index("+", start) if "+" in words[start:] else len(words)
        compare(folder, *words[start:end])


if __name__ == "__main__":
    sys.setrecursionlimit(10000)
    main()
