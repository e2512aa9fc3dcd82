#!/usr/bin/python3
"""What the suite replaces: the usual notebook, without its prose.

    notebook.py load VECTORS.zip                    only the dict of vectors
    notebook.py vectorize VECTORS.zip TEXTS         only the texts' mean vectors
    notebook.py all VECTORS.zip TRAIN TEST TREES    everything, with a forest on 2 jobs

The loop that is found in tutorials: a line at a time, split, numbers through numpy, a dict of
float32 arrays; for each text the mean of its words' arrays. numpy converts a list of strings
faster than a loop of float() over them would. The first two print the seconds of their step; the
last is timed from outside.
"""
import io
import sys
import zipfile

import numpy as np

from timing import timed


def load(path):
    vectors = {}
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
        for line in io.TextIOWrapper(member, encoding="utf-8", errors="ignore"):
            word, *numbers = line.split()
            vectors[word] = np.asarray(numbers, dtype="float32")
    return vectors


def texts_of(path):
    with open(path, encoding="utf-8", errors="ignore") as lines:
        pairs = [line.rstrip("\n").split("\t", 1) for line in lines]
    return [label for label, _ in pairs], [text for _, text in pairs]


def vectorize(vectors, texts):
    nothing = np.zeros_like(next(iter(vectors.values())))
    rows = []
    for text in texts:
        known = [vectors[token] for token in text.lower().split() if token in vectors]
        rows.append(np.mean(known, axis=0) if known else nothing)
    return np.array(rows, dtype="float32")


def whole(vectors_path, train_path, test_path, trees):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import accuracy_score, classification_report

    vectors = load(vectors_path)
    y, train = texts_of(train_path)
    y_test, test = texts_of(test_path)
    x, x_test = vectorize(vectors, train), vectorize(vectors, test)
    forest = RandomForestClassifier(n_estimators=int(trees), n_jobs=2, random_state=0).fit(x, y)
    predicted = forest.predict(x_test)
    print(f"train accuracy {accuracy_score(y, forest.predict(x)):.4f}")
    print(f"test accuracy {accuracy_score(y_test, predicted):.4f}")
    print(classification_report(y_test, predicted))


if __name__ == "__main__":
    job, *paths = sys.argv[1:]
    if job == "load":
        print(f"check\t{len(timed(lambda: load(paths[0]))):,} vectors")
    elif job == "vectorize":
        known, texts = load(paths[0]), texts_of(paths[1])[1]
        print("check\t{:,} x {}".format(*timed(lambda: vectorize(known, texts)).shape))
    else:
        whole(*paths)
