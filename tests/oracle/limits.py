#!/usr/bin/python3
"""Trees with limits beside a grower that is written from the definitions, and scikit-learn's.

Usage: limits.py FOLDER

Each case is some options of rf-train, for one tree on all features and all samples, or on a bag
(trees.py draws it as rf-train does). `grow` below is what they mean, in a page of Python: every cut
of every feature is scored from the counts of its sides. Where scikit-learn's DecisionTreeClassifier
has the options, its tree must be the same one, too. The samples are normal deviates, and leaves
have several, so that there are few ties. Prints a line a case.
"""

import inspect
import subprocess
import sys

import numpy as np
from sklearn.tree import DecisionTreeClassifier

import streams
import trees

GINI, ENTROPY, HELLINGER = "gini", "entropy", "hellinger"


def impurity(counts, criterion):
    """Times the samples. Hellinger's distance is one between classes: its nodes have gini's."""
    n = counts.sum()
    if criterion == ENTROPY:
        some = counts[counts > 0]
        return n * np.log2(n) - (some * np.log2(some)).sum()
    return n - (counts.astype(float)**2).sum() / n


def score(left, right, criterion):
    if criterion != HELLINGER:
        return -impurity(left, criterion) - impurity(right, criterion)
    # The squared distances of all pairs of classes.
    there = left + right > 0
    all_counts = (left + right)[there]
    sides = [np.sqrt(side[there] / all_counts) for side in (left, right)]
    return sum(sum((side[a] - side[b])**2 for side in sides)
               for a in range(len(all_counts)) for b in range(a))


class Grower:
    def __init__(self, x, y, w, classes, options):
        self.x, self.y, self.w, self.classes = x, y, w, classes
        self.o = options
        self.total = w.sum()

    def counts(self, rows):
        return np.bincount(self.y[rows], self.w[rows], self.classes)

    def allowed(self, left, right, feature, bounds):
        if min(left.sum(), right.sum()) < self.o.get("min_weight_fraction_leaf", 0) * self.total:
            return False
        direction = self.o["monotonic"][feature] if "monotonic" in self.o else 0
        if not direction:
            return True
        # Of the second class: its share may only rise, or only fall.
        shares = left[1] / left.sum(), right[1] / right.sum()
        return (all(bounds[0] <= share <= bounds[1] for share in shares)
                and (shares[1] - shares[0]) * direction >= 0)

    def best(self, rows, bounds):
        found = None
        least = self.o.get("min_samples_leaf", 1)
        for feature in range(self.x.shape[1]):
            order = rows[np.argsort(self.x[rows, feature], kind="stable")]
            values = self.x[order, feature]
            for i in range(least, len(order) - least + 1):
                if values[i] <= values[i - 1] + np.float32(1e-7):
                    continue
                left, right = self.counts(order[:i]), self.counts(order[i:])
                if not self.allowed(left, right, feature, bounds):
                    continue
                gain = score(left, right, self.o["criterion"])
                if not found or gain > found[0] + 1e-12:
                    middle = float(values[i - 1]) / 2 + float(values[i]) / 2
                    found = gain, feature, trees.float_floor(middle), left, right
        return found

    def look(self, rows, depth, bounds):
        """A node as a dict: with its cut and what that gains, or without."""
        counts = self.counts(rows)
        node = {"rows": rows, "depth": depth, "counts": counts, "bounds": bounds}
        if (counts > 0).sum() < 2 or depth >= self.o.get("max_depth", 1 << 30):
            return node
        found = self.best(rows, bounds)
        if not found:
            return node
        _, feature, threshold, left, right = found
        criterion = self.o["criterion"]
        gain = (impurity(counts, criterion) - impurity(left, criterion)
                - impurity(right, criterion)) / self.total
        if gain + 2**-52 >= self.o.get("min_impurity_decrease", 0):
            node.update(cut=(feature, threshold), gain=gain, sides=(left, right))
        return node

    def split(self, node):
        feature, threshold = node["cut"]
        goes_left = self.x[node["rows"], feature] <= threshold
        lower, upper = node["bounds"]
        below = [(lower, upper), (lower, upper)]
        direction = self.o.get("monotonic", [0] * self.x.shape[1])[feature]
        if direction:
            middle = sum(side[1] / side.sum() for side in node["sides"]) / 2
            below = [(lower, middle), (middle, upper)]
            if direction < 0:
                below = [(middle, upper), (lower, middle)]
        node["children"] = [self.look(node["rows"][goes_left == left], node["depth"] + 1, bound)
                            for left, bound in zip((True, False), below)]
        return node["children"]

    def grow(self):
        root = self.look(np.arange(len(self.y)), 0, (-np.inf, np.inf))
        waiting, leaves = [root], 1
        most = self.o.get("max_leaf_nodes", 1 << 30)
        while leaves < most:
            ready = [node for node in waiting if "cut" in node]
            if not ready:
                break
            best = max(ready, key=lambda node: node["gain"])
            waiting = [node for node in waiting if node is not best] + self.split(best)
            leaves += 1
        if self.o.get("ccp_alpha", 0):
            self.prune(root)
        return plain(root)

    def risk(self, node):
        return impurity(node["counts"], self.o["criterion"]) / self.total

    def prune(self, root):
        """The weakest link first."""
        while "children" in root:
            weakest = min(splits_of(root), key=self.link)
            if self.link(weakest) > self.o["ccp_alpha"]:
                break
            del weakest["children"]

    def link(self, node):
        leaves = leaves_of(node)
        return (self.risk(node) - sum(self.risk(leaf) for leaf in leaves)) / (len(leaves) - 1)


def leaves_of(node):
    if "children" not in node:
        return [node]
    return [leaf for child in node["children"] for leaf in leaves_of(child)]


def splits_of(node):
    if "children" not in node:
        return []
    return [node] + [split for child in node["children"] for split in splits_of(child)]


def plain(node):
    if "children" not in node:
        counts = node["counts"].astype(float)
        if np.isfinite(node["bounds"]).any():
            share = min(max(counts[1] / counts.sum(), node["bounds"][0]), node["bounds"][1])
            counts = counts.sum() * np.array([1 - share, share])
        return counts
    return (*node["cut"], *map(plain, node["children"]))


def nested(model, classes, index=0):
    """scikit-learn's tree in the same form."""
    tree = model.tree_
    if tree.children_left[index] < 0:
        counts = np.zeros(classes)
        value = tree.value[index, 0]
        counts[model.classes_] = value / value.sum() * tree.weighted_n_node_samples[index]
        return counts
    return (tree.feature[index], trees.float_floor(tree.threshold[index]),
            nested(model, classes, tree.children_left[index]),
            nested(model, classes, tree.children_right[index]))


def alike(left, right):
    """Leaves: the same shares; rf-train counts units where they are not those of whole samples."""
    return np.allclose(left / left.sum(), right / right.sum(), rtol=0, atol=1e-6)


def same(left, right):
    """Equal, but for a last split into sides that another feature makes as well."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return isinstance(left, np.ndarray) and isinstance(right, np.ndarray) and alike(left, right)
    if left[:2] == right[:2]:
        return all(map(same, left[2:], right[2:]))
    sides = left[2:] + right[2:]
    return (all(isinstance(side, np.ndarray) for side in sides)
            and (all(map(alike, left[2:], right[2:])) or all(map(alike, left[2:], right[:1:-1]))))


def nodes_of(tree):
    return 1 if isinstance(tree, np.ndarray) else 1 + nodes_of(tree[2]) + nodes_of(tree[3])


def samples(classes, rows=400, features=3):
    generator = np.random.default_rng(classes)
    y = generator.integers(0, classes * 2, rows) % classes * (generator.random(rows) > 0.3)
    x = generator.standard_normal((rows, features))
    x += np.eye(max(classes, features))[y][:, :features] * 1.2
    return x.astype("f4"), y


def ours(folder, x, y, *options):
    streams.write_samples(f"{folder}/samples.mp", x, y)
    subprocess.run(["rf-train", "-q", "-j1", "-n1", "--max-features", "all", "--seed", "3", *options,
                    "-o", f"{folder}/forest.mp", f"{folder}/samples.mp"], check=True)
    header, (tree,) = streams.read_forest(f"{folder}/forest.mp")
    return trees.nested(header, tree)


def compare(folder, classes, bag, options, weighed=False):
    x, y = samples(classes)
    w = trees.bag(len(x), 3, len(x)) if bag else np.ones(len(x), dtype=int)
    words = [word for name, value in options.items()
             for word in ("--" + name.replace("_", "-"), str(value))]
    if weighed:
        weights = np.random.default_rng(7).integers(0, 5, len(x))
        np.savetxt(f"{folder}/weights", weights, fmt="%d")
        words += ["--sample-weight", f"{folder}/weights"]
        w = w * weights
    mine = ours(folder, x, y, *([] if bag else ["--no-bootstrap"]), *words)
    meant = {"criterion": GINI, **options}
    if "monotonic" in meant:
        meant["monotonic"] = [0] * x.shape[1]
        for item in options["monotonic"].split(","):
            feature, direction = item.split(":")
            meant["monotonic"][int(feature)] = int(direction)
    in_bag = w > 0
    expected = Grower(x[in_bag], y[in_bag], w[in_bag], classes, meant).grow()
    assert same(mine, expected), f"{mine}\nis not\n{expected}"
    theirs = meant.copy()
    if "monotonic" in theirs:  # since 1.4
        theirs["monotonic_cst"] = theirs.pop("monotonic")
    known = inspect.signature(DecisionTreeClassifier).parameters
    peer = theirs["criterion"] != HELLINGER and all(name in known for name in theirs)
    if peer:
        model = DecisionTreeClassifier(random_state=0, **theirs)
        model.fit(x[in_bag], y[in_bag], sample_weight=w[in_bag])
        assert same(mine, nested(model, classes)), f"not scikit-learn's: {nested(model, classes)}"
    print(f"{' '.join(words)}: {nodes_of(mine)} nodes{', as scikit-learn' if peer else ''}")


CASES = [
    {"max_leaf_nodes": 2},
    {"max_leaf_nodes": 9},
    {"max_leaf_nodes": 1000},
    {"max_leaf_nodes": 12, "criterion": ENTROPY},
    {"max_leaf_nodes": 12, "max_depth": 4, "min_impurity_decrease": 0.003},
    {"min_impurity_decrease": 0.01},
    {"min_impurity_decrease": 0.02, "criterion": ENTROPY},
    {"min_weight_fraction_leaf": 0.06},
    {"min_weight_fraction_leaf": 0.06, "criterion": ENTROPY},
    {"ccp_alpha": 0.004},
    {"ccp_alpha": 0.01, "criterion": ENTROPY},
    {"ccp_alpha": 0.3},
    {"ccp_alpha": 0.002, "max_leaf_nodes": 20},
    {"criterion": HELLINGER},
    {"criterion": HELLINGER, "max_leaf_nodes": 7},
    {"criterion": HELLINGER, "min_weight_fraction_leaf": 0.1, "ccp_alpha": 0.004},
]
OF_TWO = [
    {"monotonic": "0:+1"},
    {"monotonic": "0:-1,1:+1", "criterion": ENTROPY},
    {"monotonic": "1:+1,2:-1", "max_leaf_nodes": 15},
    {"monotonic": "1:-1,0:1", "min_weight_fraction_leaf": 0.05},
    {"monotonic": "1:+1", "criterion": HELLINGER, "min_impurity_decrease": 0.002},
]


def main():
    folder = sys.argv[1]
    for options in CASES:
        for classes in (2, 4):
            for bag in (False, True):
                compare(folder, classes, bag, {"min_samples_leaf": 9, **options})
        compare(folder, 3, True, {"min_samples_leaf": 9, **options}, weighed=True)
    for options in OF_TWO:
        for bag in (False, True):
            compare(folder, 2, bag, {"min_samples_leaf": 9, **options})
        compare(folder, 2, True, {"min_samples_leaf": 9, **options}, weighed=True)


if __name__ == "__main__":
    main()
