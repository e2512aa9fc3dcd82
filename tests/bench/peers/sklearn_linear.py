#!/usr/bin/python3
"""TF-IDF and LinearSVC: sklearn_linear.py TRAIN [TEST]

What evidence of the view `space` is made of, as scikit-learn's users write it: one model, without
held-out scores. Only `fit` and, with TEST, `predict` count; texts are read and lower-cased before.
"""
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from timing import timed


def read(path):
    with open(path, encoding="utf-8", errors="ignore", newline="\n") as lines:
        rows = [line.rstrip("\n").partition("\t") for line in lines]
    return [label for label, _, _ in rows], [text.lower() for _, _, text in rows]


def main():
    labels, texts = read(sys.argv[1])
    others = read(sys.argv[2])[1] if len(sys.argv) > 2 else []
    weigh, model = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\S+"), LinearSVC()

    def work():
        model.fit(weigh.fit_transform(texts), labels)
        return model.predict(weigh.transform(others)) if others else []

    print(f"check\t{len(timed(work)):,} predictions")


if __name__ == "__main__":
    main()
