"""Streams for the tests of rf-predict, rf-eval and mp-cat, and what they should make of them.

predict.py hand FOLDER               a small forest and samples, to be judged by hand
predict.py crowd FOLDER              4,000 classes, and a block of 600 samples
predict.py scikit-learn FOLDER       scikit-learn's forests, and what they predict, as streams
predict.py votes MODEL SAMPLES PREDICTIONS
                                     recomputes every vote with numpy
predict.py pairs FILE LABEL PREDICTED ...
                                     a stream of predictions, a row for each pair
predict.py random FILE SEED ROWS CLASSES
predict.py report NAME ...           compares NAME.json, of NAME.mp, with scikit-learn's report and matrix

What compares exits 1 with the first difference.
"""
import json
import os
import sys

import msgpack
import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import streams  # noqa: E402
from peer_trees import node_counts  # noqa: E402

NONE = -1

# ---- writing ----


def write(path, header, blocks):
    out = msgpack.packb({"format": "glovepipe", "version": 1, **header})
    for block in blocks:
        out += msgpack.packb(block)
    rows = sum(block["n"] for block in blocks)
    with open(path, "wb") as file:
        file.write(out + streams.end_record(rows, len(blocks), out))


def stage(tool, **options):
    return {"tool": tool, "version": "1", "options": options, "read": {"crc32": 1, "size": 2}}


def lineage(tokenizer="python-lower-split"):
    return [stage("glove-load"), stage("vectorize", tokenizer=tokenizer)]


def write_samples(path, x, labels, of=None, block_rows=1000, kept=None):
    x = np.ascontiguousarray(x, dtype="<f4")
    header = {"kind": "samples", "dim": x.shape[1], "labelled": labels is not None,
              "lineage": lineage() if of is None else of}
    if kept is not None:
        header["kept"] = True
    blocks = []
    for first in range(0, len(x), block_rows):
        part = x[first:first + block_rows]
        counts = np.arange(first, first + len(part), dtype="<i4").tobytes()
        block = {"n": len(part), "x": part.tobytes(), "tokens": counts, "known": counts}
        if labels is not None:
            block["labels"] = list(labels[first:first + block_rows])
        if kept is not None:
            block["kept"] = kept[first:first + block_rows]
        blocks.append(block)
    write(path, header, blocks)


def narrow(values):
    """The narrowest of 1, 2 or 4 bytes that holds the values and the mark of all ones."""
    values = np.array(values)
    most = values.max(initial=0)
    width = 1 if most < 255 else 2 if most < 65535 else 4
    return np.where(values == NONE, 256**width - 1, values).astype(f"<u{width}").tobytes()


def tree_block(nodes, classes):
    """`nodes` in preorder: (feature, threshold), or a leaf's counts by class."""
    feature, threshold, kind, weight, counts = [], [], [], [], []
    for node in nodes:
        if isinstance(node, tuple):
            feature.append(node[0])
            threshold.append(node[1])
            continue
        feature.append(NONE)
        weight.append(sum(node))
        pure = sum(1 for count in node if count) == 1
        kind.append(int(np.argmax(node)) if pure else NONE)
        if not pure:
            counts.append(node)
    return {"n": len(nodes), "feature": narrow(feature),
            "threshold": np.array(threshold, dtype="<f4").tobytes(), "class": narrow(kind),
            "weight": narrow(weight), "counts": np.array(counts, dtype="<u4").tobytes()}


def write_forest(path, dim, classes, trees, samples=1):
    header = {"kind": "forest", "dim": dim, "trees": len(trees), "samples": samples,
              "classes": classes, "lineage": lineage() + [stage("rf-train")]}
    write(path, header, [tree_block(nodes, classes) for nodes in trees])


def write_predictions(path, labels, predicted, classes):
    number = {name: i for i, name in enumerate(classes)}
    blocks = []
    for first in range(0, len(predicted), 100):
        part = predicted[first:first + 100]
        block = {"n": len(part),
                 "predicted": np.array([number[name] for name in part], dtype="<i4").tobytes()}
        if labels is not None:
            block["labels"] = labels[first:first + 100]
        blocks.append(block)
    write(path, {"kind": "predictions", "labelled": labels is not None, "classes": classes,
                 "proba": False, "lineage": lineage() + [stage("rf-predict")]}, blocks)


# ---- reading ----


def read(path):
    with open(path, "rb") as file:
        header, *blocks, end = msgpack.Unpacker(file, raw=False, max_buffer_size=2**31 - 1)
    assert end["end"] and end["blocks"] == len(blocks), path
    return header, blocks


def read_samples(path):
    header, blocks = read(path)
    x = np.concatenate([np.frombuffer(b["x"], "<f4").reshape(b["n"], -1) for b in blocks])
    return x, [label for b in blocks for label in b.get("labels", [])]


def read_predictions(path):
    header, blocks = read(path)
    predicted = np.concatenate([np.frombuffer(b["predicted"], "<i4") for b in blocks])
    labels = [label for b in blocks for label in b.get("labels", [])]
    proba = None
    if header["proba"]:
        proba = np.concatenate([np.frombuffer(b["proba"], "<f4") for b in blocks])
        proba = proba.reshape(len(predicted), -1)
    return header["classes"], predicted, labels, proba


# ---- what compares ----


def same(what, got, expected):
    if not np.array_equal(got, expected):
        where = np.argwhere(np.asarray(got) != np.asarray(expected))[0]
        sys.exit(f"{what}: differs first at {tuple(where)}")


def leaf_shares(tree, class_count):
    """For each leaf the share of each class, in double."""
    shares = np.zeros((len(tree["class"]), class_count))
    pure = tree["class"] >= 0
    shares[np.flatnonzero(pure), tree["class"][pure]] = 1
    shares[~pure] = tree["counts"] / tree["weight"][~pure, None].astype(float)
    return shares


def tree_votes(tree, x, class_count):
    """Splits the rows node by node, in preorder; the rows of the right side wait on a stack."""
    votes = np.zeros((len(x), class_count))
    shares = leaf_shares(tree, class_count)
    waiting, split, leaf = [np.arange(len(x))], 0, 0
    for feature in tree["feature"]:
        rows = waiting.pop()
        if feature < 0:
            votes[rows] = shares[leaf]
            leaf += 1
            continue
        left = x[rows, feature] <= tree["threshold"][split]
        split += 1
        waiting += [rows[~left], rows[left]]
    return votes


def check_votes(model, samples, predictions):
    header, trees = streams.read_forest(model)
    x, labels = read_samples(samples)
    classes, predicted, their_labels, proba = read_predictions(predictions)
    total = np.zeros((len(x), len(classes)))
    for tree in trees:
        total += tree_votes(tree, x, len(classes))
    total /= len(trees)
    assert classes == header["classes"] and labels == their_labels
    same("predicted", predicted, total.argmax(axis=1))
    if proba is not None:
        same("proba", proba, total.astype("f4"))
    print(f"{len(x)} rows, {len(trees)} trees")


def floor32(values):
    """The largest float32 that is not above each double: it splits float32s in the same way."""
    nearest = np.asarray(values, dtype="f4")
    return np.where(nearest > values, np.nextafter(nearest, np.float32(-np.inf)), nearest)


def nodes_of(tree):
    """scikit-learn's tree, which is in preorder too."""
    thresholds, counts = floor32(tree.threshold), node_counts(tree)
    return [tuple([int(tree.feature[i]), thresholds[i]]) if tree.children_left[i] >= 0
            else counts[i].tolist() for i in range(tree.node_count)]


def check_scikit_learn(folder):
    from sklearn.datasets import load_digits
    from sklearn.ensemble import RandomForestClassifier

    x, y = load_digits(return_X_y=True)
    x, labels = x.astype("f4"), np.array([f"digit {label}" for label in y])
    model, samples = f"{folder}/model.mp", f"{folder}/samples.mp"
    write_samples(samples, x, [str(label) for label in labels])
    for options in ({}, {"min_samples_leaf": 7}, {"max_depth": 1}, {"max_depth": 5, "n_estimators": 1}):
        forest = RandomForestClassifier(**{"n_estimators": 30, "random_state": 0, **options})
        forest.fit(x[:900], labels[:900])
        write_forest(model, x.shape[1], list(forest.classes_),
                     [nodes_of(tree.tree_) for tree in forest.estimators_], 900)
        os.system(f"rf-predict -q -j2 --proba --format mp -o {folder}/p.mp {model} {samples}")
        _, predicted, _, proba = read_predictions(f"{folder}/p.mp")
        same(f"{options}: predicted", forest.classes_[predicted], forest.predict(x))
        same(f"{options}: proba", proba, forest.predict_proba(x).astype("f4"))
        os.remove(f"{folder}/p.mp")
    print("4 forests")


def check_reports(*names):
    for name in names:
        check_report(f"{name}.mp", f"{name}.json")
        print(f"{name}: equal")


def check_report(predictions, figures):
    from sklearn.metrics import classification_report, confusion_matrix

    classes, predicted, labels, _ = read_predictions(predictions)
    predicted = [classes[number] for number in predicted]
    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    report = classification_report(labels, predicted, output_dict=True, zero_division=0)
    names = sorted(set(labels) | set(predicted))
    assert [row["label"] for row in ours["classes"]] == names
    assert ours["rows"] == len(labels)
    for row in ours["classes"]:
        theirs = report[row["label"]]
        for mine, key in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"),
                          ("support", "support")):
            assert abs(row[mine] - theirs[key]) < 1e-12, (row, theirs)
        assert row["predicted"] == predicted.count(row["label"])
    for mine, key in (("macro", "macro avg"), ("weighted", "weighted avg")):
        for name in ("precision", "recall", "f1"):
            theirs = report[key]["f1-score" if name == "f1" else name]
            assert abs(ours[mine][name] - theirs) < 1e-12, (mine, name)
    accuracy = np.mean([a == b for a, b in zip(labels, predicted)])
    assert abs(ours["accuracy"] - accuracy) < 1e-12
    same("confusion", ours["confusion"], confusion_matrix(labels, predicted))


# ---- streams to try ----


def make_hand(folder):
    trees = [[(0, 0.5), [3, 0, 0], (1, -1), [0, 2, 0], [1, 0, 3]],
             [[2, 2, 4]],
             [(1, 0), [0, 0, 1], [5, 0, 0]]]
    x = [[0.5, 0], [0.6, -1], [1, 1], [0, 5]]
    write_forest(f"{folder}/model.mp", 2, ["acq", "earn", "ship"], trees)
    write_samples(f"{folder}/samples.mp", x, ["ship", "acq", "acq", "wheat"], block_rows=3)
    write_samples(f"{folder}/unlabelled.mp", x, None)
    write_samples(f"{folder}/other.mp", x, ["acq"] * 4, of=lineage("other-tokens"))
    write_samples(f"{folder}/wide.mp", [[1, 2, 3]], ["acq"])
    write_samples(f"{folder}/empty.mp", np.zeros((0, 2)), [])
    x = np.zeros((2500, 2))
    x[2345, 1] = -np.inf
    write_samples(f"{folder}/inf.mp", x, ["acq"] * len(x))
    write_forest(f"{folder}/odd.mp", 2, ["a\tb", "new\nline"], [[[1, 0]], [[0, 9]], [[0, 9]]])
    write_forest(f"{folder}/tie.mp", 2, ["a", "b", "c"], [[[0, 0, 9]], [[0, 1, 0]]])


def make_crowd(folder):
    rng = np.random.default_rng(8)
    names = [f"klasse {i:04} ä" for i in range(4000)]
    few = rng.random((4, len(names))) < 0.3
    leaves = (rng.integers(1, 9, few.shape) * few).tolist()
    x = rng.random((600, 2))
    write_forest(f"{folder}/crowd.mp", 2, names,
                 [[(0, 0.5), leaves[0], leaves[1]], [(1, 0.25), leaves[2], leaves[3]]])
    write_samples(f"{folder}/people.mp", x, [str(v) for v in rng.choice(names, len(x))],
                  kept=[f"person\t{row}" for row in range(len(x))])
    x[500, 1] = np.inf
    write_samples(f"{folder}/unknown.mp", x, None)


def make_pairs(path, *names):
    labels, predicted = list(names[::2]), list(names[1::2])
    write_predictions(path, labels, predicted, sorted(set(predicted) | {"unused"}))


def make_random(path, seed, rows, class_count):
    rng = np.random.default_rng(int(seed))
    names = [f"class {i}" for i in range(int(class_count))]
    labels = rng.choice(names, int(rows))
    wrong = rng.choice(names[:max(1, len(names) // 2)], int(rows))
    predicted = np.where(rng.random(int(rows)) < 0.6, labels, wrong)
    write_predictions(path, [str(v) for v in labels], [str(v) for v in predicted], sorted(names))


if __name__ == "__main__":
    {"hand": make_hand, "crowd": make_crowd, "scikit-learn": check_scikit_learn, "votes": check_votes,
     "pairs": make_pairs, "random": make_random, "report": check_reports}[sys.argv[1]](*sys.argv[2:])
