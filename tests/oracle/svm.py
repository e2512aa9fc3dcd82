#!/usr/bin/python3
"""Holds the linear models against scikit-learn's LinearSVC, on the words of labelled texts.

Usage: svm.py SOLVER TRAIN [TOLERANCE]

SOLVER is tests/oracle/svm.c, built; TRAIN has `label<TAB>text` lines. Every label's objective must
be LinearSVC's within 1e-6 of it, every decision value, of the texts by the whole model and, without
the words that no text of these has, by that of the folds that they are not in, within 1e-3. Prints the greatest differences and exits 0, or 1
where one is beyond.
"""

import subprocess
import sys
import zlib

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

FOLDS = 10


def read(path):
    labels, texts = [], []
    for line in open(path, encoding="utf-8", errors="ignore", newline="\n"):
        label, _, text = line.rstrip("\n").partition("\t")
        labels.append(label)
        texts.append(text.lower())
    return np.unique(labels, return_inverse=True), texts


def ours(solver, tolerance, x, classes, of, fold):
    problem = b"".join(
        np.ascontiguousarray(part, kind).tobytes()
        for part, kind in (((*x.shape, len(classes), FOLDS), "<u8"), ([tolerance], "<f8"), (x.indptr, "<u8"),
                           (x.indices, "<u4"), (x.data, "<f4"), (of, "<u4"), (fold, "<u4")))
    told = subprocess.run([solver], input=problem, stdout=subprocess.PIPE, check=True).stdout
    told = np.frombuffer(told, "<f4")
    cut = (x.shape[1] + 1) * len(classes)
    return told[:cut].reshape(-1, len(classes)).astype("f8"), told[cut:].reshape(-1, len(classes))


def theirs(x, of):
    model = LinearSVC(tol=1e-5, max_iter=100000).fit(x, of)
    return model.classes_, np.vstack([model.coef_.T, model.intercept_])


def values(x, weights):
    return x @ weights[:-1] + weights[-1]


def objectives(x, of, weights):
    y = np.where(of[:, None] == np.arange(weights.shape[1]), 1, -1)
    return (weights**2).sum(axis=0) / 2 + (np.maximum(0, 1 - y * values(x, weights)) ** 2).sum(axis=0)


def known_to(x, part):
    """Rows without the words that no text of the part has, at length 1 again."""
    known = x.multiply(np.asarray((part != 0).sum(axis=0) > 0)).tocsr()
    length = np.sqrt(np.asarray(known.multiply(known).sum(axis=1)))
    return known.multiply(1 / np.where(length > 0, length, 1)).tocsr()


def main():
    (classes, of), texts = read(sys.argv[2])
    x = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\S+").fit_transform(texts).astype("f4")
    x.sort_indices()
    fold = np.array([zlib.crc32(text.encode()) % FOLDS for text in texts])
    weights, scores = ours(sys.argv[1], float((sys.argv + ["1e-4"])[3]), x, classes, of, fold)
    x = x.astype("f8")
    whole = theirs(x, of)[1]
    wanted = objectives(x, of, whole)
    objective = np.abs(objectives(x, of, weights) / wanted - 1).max()
    value = np.abs(values(x, weights) - values(x, whole)).max()
    held_out = np.full(scores.shape, -1.0)
    for i in range(FOLDS):
        columns, part = theirs(x[fold != i], of[fold != i])
        held_out[np.ix_(fold == i, columns)] = values(known_to(x[fold == i], x[fold != i]), part)
    unseen = np.abs(scores - held_out).max()
    print(f"objective {objective:.1e} values {value:.1e} held out {unseen:.1e}")
    sys.exit(int(objective > 1e-6 or max(value, unseen) > 1e-3))


if __name__ == "__main__":
    main()
