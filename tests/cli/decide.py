"""What decisions should come to, by numpy and scikit-learn, for the tests of rf-decide and of those
that apply what it found.

decide.py abstained FIGURES TSV     rf-eval's figures of rows without an answer (`?`)

What compares exits 1 with the first difference.
"""
import json
import sys


def near(what, got, expected, most=1e-12):
    if not abs(got - expected) <= most * max(1, abs(expected)):
        sys.exit(f"{what}: {got!r}, expected {expected!r}")


def abstained(figures, tsv):
    from sklearn import metrics

    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    with open(tsv, encoding="utf-8") as file:
        truth, predicted = zip(*(line.rstrip("\n").split("\t")[:2] for line in file))
    classes = sorted((set(truth) | set(predicted)) - {"?"})
    report = metrics.classification_report(truth, predicted, labels=classes, output_dict=True,
                                           zero_division=0)
    for mean in "macro", "weighted":
        for name, theirs in ("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"):
            near(f"{mean} {name}", ours[mean][name], report[f"{mean} avg"][theirs])
    rows = {row["label"]: row for row in ours["classes"]}
    for label in classes:
        near(label, rows[label]["f1"], report[label]["f1-score"])
    answered = [(t, p) for t, p in zip(truth, predicted) if p != "?"]
    near("answered", ours["answered"], len(answered))
    near("accuracy on these", ours["answered_accuracy"],
         metrics.accuracy_score(*zip(*answered)))
    near("accuracy", ours["accuracy"], metrics.accuracy_score(truth, predicted))
    print("equal")


if __name__ == "__main__":
    {"abstained": abstained}[sys.argv[1]](*sys.argv[2:])
