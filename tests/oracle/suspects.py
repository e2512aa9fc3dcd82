#!/usr/bin/python3
"""Labels that look wrong, in numpy, beside rf-suspect's; and what happens to labels flipped on
purpose.

Usage: suspects.py flip TEXTS SEED FLIPPED     5% of the labels (label<TAB>text lines) become
                                               others, by chance; FLIPPED.true lists which
       suspects.py check OOB TEXTS [TRUE]      rf-suspect of OOB and TEXTS against numpy; with TRUE,
                                               precision and recall at the true number of flips

check: the whole order by self-confidence, the confident joint and its classes must be numpy's to
the row; equal texts with several labels must be those that a dictionary finds, near ones those of
all pairs of sets (of at most 600 texts).

The reference at the true number is the method of cleanlab (Northcutt, Jiang and Chuang, JAIR 70,
2021), "prune by noise rate": the confident joint, its rows scaled to the numbers of labels; of each
cell off the diagonal so many samples, those of the largest margin; these first and the others
behind, both by normalized margin.
"""
import collections
import subprocess
import sys

import msgpack
import numpy as np


def read(path):
    rows = [line.rstrip("\n").partition("\t")
            for line in open(path, encoding="utf-8", errors="ignore", newline="\n")]
    return [row[0] for row in rows], [row[2] for row in rows]


def flip(path, seed, to):
    labels, texts = read(path)
    names, rng = sorted(set(labels)), np.random.default_rng(int(seed))
    chosen = set(rng.choice(len(labels), round(len(labels) * 0.05), replace=False).tolist())
    with open(to, "w", encoding="utf-8") as file, open(to + ".true", "w") as true:
        for i, (label, text) in enumerate(zip(labels, texts)):
            if i in chosen:
                others = [name for name in names if name != label]
                label, old = others[rng.integers(len(others))], label
                print(i + 1, old, file=true, sep="\t")
            file.write(f"{label}\t{text}\n")


def votes(path):
    with open(path, "rb") as file:
        header, *blocks, _ = msgpack.Unpacker(file, raw=False, max_buffer_size=2**31 - 1)
    classes = header["classes"]
    proba = np.concatenate([np.frombuffer(b["proba"], "<f4").reshape(-1, len(classes))
                            for b in blocks])
    labels = [label for block in blocks for label in block["labels"]]
    return classes, proba, np.array([classes.index(label) for label in labels])


def confident(p, y):
    """The class to which each row belongs confidently, or -1."""
    thresholds = np.array([p[y == j, j].astype(float).mean() if (y == j).any() else np.inf
                           for j in range(p.shape[1])])
    sure = np.where(p >= thresholds, p, -1)
    return np.where(sure.max(axis=1) >= 0, sure.argmax(axis=1), -1)


def expected(p, y):
    rows = np.arange(len(y))
    sure = confident(p, y)
    other = p.copy()
    other[rows, y] = -1
    wrong = (sure >= 0) & (sure != y) & (other.max(axis=1) > p[rows, y])  # cleanlab: not what it is predicted as
    should = other.argmax(axis=1)
    order = np.lexsort((rows, -p[rows, should], p[rows, y], p[rows, should] <= p[rows, y]))
    return order, should, wrong


def reference(p, y):
    """The order by cleanlab's method."""
    rows, classes = np.arange(len(y)), p.shape[1]
    sure = confident(p, y)
    joint = np.zeros((classes, classes))
    np.add.at(joint, (y[sure >= 0], sure[sure >= 0]), 1)
    joint[np.arange(classes), np.arange(classes)] += joint.sum(axis=1) == 0
    joint *= (np.bincount(y, minlength=classes) / joint.sum(axis=1))[:, None]
    found = np.zeros(len(y), bool)
    for s in range(classes):
        of = rows[y == s]
        for j in range(classes):
            if j != s and round(joint[s, j]):
                margin = p[of, j] - p[of, s]
                found[of[np.argsort(-margin, kind="stable")[:round(joint[s, j])]]] = True
    other = p.copy()
    other[rows, y] = -1
    return np.lexsort((p[rows, y] - other.max(axis=1), ~found))


def ours(oob, texts, near, top=None):
    first = [] if top is None else ["--top", str(top)]
    run = subprocess.run(["rf-suspect", "--near", near, "--format", "tsv", *first, oob, texts],
                         check=True, capture_output=True, text=True)
    heading, *rows = [line.split("\t") for line in run.stdout.splitlines()]
    assert heading[:5] == ["kind", "document", "label", "should", "probability"]
    return rows, run.stderr


def check_twins(rows, labels, texts):
    tokens = [text.lower().split() for text in texts]
    names = collections.defaultdict(set)
    for label, row in zip(labels, tokens):
        names[tuple(row)].add(label)
    for kind, document, label, should, *_ in rows:
        if kind == "equal":
            found = names[tuple(tokens[int(document) - 1])]
            assert label in found and should in found and len(found) > 1
    conflicts = sum(len(found) - 1 for found in names.values())
    assert sum(row[0] == "equal" for row in rows) >= conflicts
    if len(texts) > 600:
        return
    sets = [set(row) for row in tokens]
    wrong = {int(row[1]) - 1 for row in rows if row[0] == "equal"}
    pairs = {(i, j) for i in range(len(sets)) for j in range(i) if labels[i] != labels[j] and
             tokens[i] != tokens[j] and sets[i] | sets[j] and
             len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= 0.5 and not {i, j} & wrong}
    got = {int(row[1]) - 1 for row in rows if row[0] == "near"}
    assert all(got & set(pair) for pair in pairs), [p for p in pairs if not got & set(p)]
    assert all(any(i in pair for pair in pairs) for i in got)


def check(oob, texts, true=None):
    classes, p, y = votes(oob)
    labels, bodies = read(texts)
    assert [classes[i] for i in y] == labels
    order, should, wrong = expected(p, y)
    off = int(wrong.sum())
    rows, said = ours(oob, texts, "0", len(y))
    assert f"{off:,} of {len(y):,} labels may be wrong" in said, (off, said)
    alone = [row for row in rows if row[0] == "label"]
    twins = {int(row[1]) - 1 for row in rows if row[0] != "label"}
    wanted = [int(i) for i in order if int(i) not in twins]
    assert [int(row[1]) - 1 for row in alone] == wanted
    assert [row[3] for row in alone] == [classes[should[i]] for i in wanted]
    listed = [row[0] for row in ours(oob, texts, "0")[0]]
    assert listed.count("label") == int(wrong.sum()) - sum(bool(wrong[i]) for i in twins), listed
    assert len(listed) == listed.count("label") + len(twins)
    check_twins(ours(oob, texts, "0.5", len(y))[0], labels, bodies)
    print(f"{len(y)} rows in order, {off} off the diagonal, {len(twins)} of equal texts")
    if true:
        flipped = {int(line.split("\t")[0]) for line in open(true)}
        rate = lambda found: sum(i in flipped for i in found) / len(flipped)
        at = len(flipped)
        got = rate([int(row[1]) for row in ours(oob, texts, "0.9", at)[0]])
        of_order, peer = rate(order[:at] + 1), rate(reference(p, y)[:at] + 1)
        print(f"{at} flipped: precision and recall there: {got:.4f}, of label alone "
              f"{of_order:.4f}; cleanlab's method {peer:.4f}")
        assert got >= peer and of_order >= peer


if __name__ == "__main__":
    {"flip": flip, "check": check}[sys.argv[1]](*sys.argv[2:])
