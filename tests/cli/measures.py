"""rf-eval's measures beside scikit-learn's and scipy's.

measures.py random FILE:SEED:ROWS:CLASSES:SHARE ...
                          labelled predictions with probabilities, about such a share right; those
                          of every odd seed are multiples of 1/20, so that many are equal
measures.py compare COSTS PREDICTIONS JSON ...
                          rf-eval --all --json --costs COSTS, of rows all of whose labels the model
                          knows
measures.py costs FILE CLASSES
                          such a table
measures.py resamples PREDICTIONS JSON
                          the same for the bootstrap's intervals, of few rows and resamples
measures.py pair FIRST SECOND JSON
                          rf-eval --json --against SECOND FIRST

What compares exits 1 with the first difference.
"""
import json
import os
import sys

import numpy as np

import predict

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import glove  # noqa: E402

TOP = 3


def classes_of(count):
    return [f"class {i:03d}" for i in range(count)]


def make_costs(path, class_count):
    rng = np.random.default_rng(1)
    classes = classes_of(int(class_count))
    with open(path, "w", encoding="utf-8") as file:
        print("", *classes, sep="\t", file=file)
        for name in classes:
            print(name, *rng.normal(size=len(classes)).round(6), sep="\t", file=file)


def make_random(*cases):
    for case in cases:
        path, seed, rows, count, share = case.split(":")
        make_one(path, int(seed), int(rows), int(count), float(share))


def make_one(path, seed, rows, count, share):
    rng = np.random.default_rng(seed)
    classes = classes_of(count)
    truth = rng.integers(count, size=rows)
    truth[:count] = np.arange(count)[:rows]
    proba = rng.dirichlet(np.full(count, 0.5), rows)
    right = rng.random(rows) < share
    proba[right, truth[right]] += 1
    proba /= proba.sum(axis=1)[:, None]
    if seed % 2:
        proba = np.array([np.bincount(rng.choice(count, 20, p=p), minlength=count) / 20 for p in proba])
    proba = proba.astype("<f4")
    predicted = proba.argmax(axis=1)
    blocks = [{"n": min(100, rows - i), "predicted": predicted[i:i + 100].astype("<i4").tobytes(),
               "labels": [classes[t] for t in truth[i:i + 100]], "proba": proba[i:i + 100].tobytes()}
              for i in range(0, rows, 100)]
    predict.write(path, {"kind": "predictions", "labelled": True, "classes": classes, "proba": True,
                         "lineage": predict.lineage() + [predict.stage("rf-predict")]}, blocks)


def load(path):
    classes, predicted, labels, proba = predict.read_predictions(path)
    number = {name: i for i, name in enumerate(classes)}
    return classes, np.array([number[label] for label in labels]), predicted, proba.astype(float)


def near(what, got, expected, most=1e-9):
    if not abs(got - expected) <= most * max(1, abs(expected)):
        sys.exit(f"{what}: {got!r}, expected {expected!r}")


# ---- by scikit-learn ----


def brier(truth, share):
    """brier_score_loss of two classes; of more, as scikit-learn 1.7 defines it."""
    from sklearn.metrics import brier_score_loss

    if share.shape[1] == 2:
        return brier_score_loss(truth, share[:, 1])
    return np.mean(np.sum((np.eye(share.shape[1])[truth] - share)**2, axis=1))


def areas(truth, proba):
    from sklearn.metrics import roc_auc_score

    return {c: roc_auc_score(truth == c, proba[:, c]) for c in range(proba.shape[1])
            if 0 < np.sum(truth == c) < len(truth)}


def measures_of(truth, predicted, proba):
    from sklearn import metrics

    count = proba.shape[1]
    share = proba / proba.sum(axis=1)[:, None]
    area = areas(truth, proba)
    report = metrics.classification_report(truth, predicted, output_dict=True, zero_division=0)
    support = [np.sum(truth == c) for c in area]
    means = {f"{kind}_{ours}": report[f"{kind} avg"][theirs] for kind in ("macro", "weighted")
             for ours, theirs in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"))}
    # Of equal probabilities scikit-learn takes the last class first, and rf-predict the first.
    top = {"top": metrics.top_k_accuracy_score(count - 1 - truth, proba[:, ::-1], k=TOP,
                                               labels=range(count))} if count > TOP else {}
    return {"accuracy": metrics.accuracy_score(truth, predicted),
            "balanced_accuracy": np.mean([np.mean(predicted[truth == c] == c) for c in set(truth)]),
            "kappa": metrics.cohen_kappa_score(truth, predicted),
            "matthews": metrics.matthews_corrcoef(truth, predicted), **means,
            "log_loss": metrics.log_loss(truth, share, labels=range(count)),
            "brier": brier(truth, share), "auc": np.mean(list(area.values())),
            "auc_weighted": np.average(list(area.values()), weights=support), **top}


def check_whole(truth, proba, ours):
    """Where all classes occur, scikit-learn has the means of the areas itself."""
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score

    if len(set(truth)) < proba.shape[1]:
        return
    predicted = proba.argmax(axis=1)
    near("balanced", ours["balanced_accuracy"]["value"], balanced_accuracy_score(truth, predicted))
    if proba.shape[1] > 2:
        for name, average in (("auc", "macro"), ("auc_weighted", "weighted")):
            near(name, ours[name]["value"],
                 roc_auc_score(truth, proba, multi_class="ovr", average=average))


def check_coverage(steps, truth, predicted, proba):
    confidence = proba[np.arange(len(truth)), predicted]
    answered = [0]
    for step in reversed(steps):
        kept = confidence >= np.float32(step["confidence"])
        assert step["answered"] == kept.sum(), step
        assert step["right"] == (truth == predicted)[kept].sum(), step
        answered.append(kept.sum())
    wanted = np.arange(1, 21) * len(truth) / 20
    # Each twentieth lies between two steps, and each step is there for one.
    assert answered[-1] == len(truth)
    for low, high in zip(answered, answered[1:]):
        assert np.any((low < wanted) & (wanted <= high)), (low, high)


def check_wilson(rows, truth, predicted):
    from scipy.stats import binomtest

    def check(what, interval, part, whole):
        if whole == 0:
            assert interval is None, what
            return
        for got, expected in zip(interval, binomtest(int(part), int(whole)).proportion_ci(method="wilson")):
            near(what, got, expected)

    check("accuracy", rows["measures"]["accuracy"]["interval"], sum(truth == predicted), len(truth))
    for row in rows["classes"]:
        number = int(row["label"].split()[1])
        hits = np.sum((truth == number) & (predicted == number))
        check(row, row["precision_interval"], hits, np.sum(predicted == number))
        check(row, row["recall_interval"], hits, np.sum(truth == number))
    for step in rows["coverage"]:
        check(step, step["interval"], step["right"], step["answered"])


def compare(costs, *pairs):
    for predictions, figures in zip(pairs[::2], pairs[1::2]):
        compare_one(costs, predictions, figures)
    print("equal")


def compare_one(costs, predictions, figures):
    _, truth, predicted, proba = load(predictions)
    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    expected = measures_of(truth, predicted, proba)
    with open(costs, encoding="utf-8") as file:
        table = np.array([line.split("\t")[1:] for line in file][1:], dtype=float)
    expected["cost"] = table[truth, predicted].mean()
    near("total cost", ours["cost"]["total"], table[truth, predicted].sum())
    assert list(ours["measures"]) == [*expected], list(ours["measures"])
    for name, value in expected.items():
        near(name, ours["measures"][name]["value"], value)
    area = areas(truth, proba)
    for row in ours["classes"]:
        near(row, row["auc"], area[int(row["label"].split()[1])])
    check_whole(truth, proba, ours["measures"])
    check_coverage(ours["coverage"], truth, predicted, proba)
    check_wilson(ours, truth, predicted)


# ---- resamples ----


def draws(rows, seed, count):
    for number in range(count):
        random = glove.Random(seed, number)
        yield np.array([random.below(rows) for _ in range(rows)])


def check_interval(what, got, values):
    values = [value for value in values if not np.isnan(value)]
    for mine, theirs in zip(got, np.percentile(values, [2.5, 97.5])):
        near(what, mine, theirs)


def check_resamples(predictions, figures):
    _, truth, predicted, proba = load(predictions)
    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    each = [measures_of(truth[rows], predicted[rows], proba[rows])
            for rows in draws(len(truth), ours["seed"], ours["resamples"])]
    for name in each[0]:
        if name not in ("accuracy", "top"):
            check_interval(name, ours["measures"][name]["interval"], [one[name] for one in each])
    print("equal")


# ---- two models ----


def mcnemar(first, second):
    """As statsmodels' mcnemar(exact=False, correction=True), or exact=True."""
    from scipy import stats

    if first + second < 25:
        return min(1, 2 * stats.binom.cdf(min(first, second), first + second, 0.5))
    return stats.chi2.sf((abs(first - second) - 1)**2 / (first + second), 1)


def check_pair(first, second, figures):
    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    one, two = load(first), load(second)
    right = [model[1] == model[2] for model in (one, two)]
    only = [int(np.sum(right[0] & ~right[1])), int(np.sum(right[1] & ~right[0]))]
    test = ours["mcnemar"]
    assert [test["first_only"], test["second_only"]] == only
    assert test["both_right"] == np.sum(right[0] & right[1])
    assert test["neither"] == np.sum(~right[0] & ~right[1])
    near("p", test["p"] / mcnemar(*only), 1)
    assert test["exact"] == (sum(only) < 25)
    values = [measures_of(*model[1:]) for model in (one, two)]
    rows = list(draws(len(one[1]), ours["seed"], ours["resamples"]))
    each = [[measures_of(*(column[draw] for column in model[1:])) for draw in rows]
            for model in (one, two)]
    for name in values[0]:
        measure = ours["measures"][name]
        near(name, measure["first"]["value"], values[0][name])
        near(name, measure["second"]["value"], values[1][name])
        near(name, measure["difference"]["value"], values[0][name] - values[1][name])
        check_interval(name, measure["difference"]["interval"],
                       [a[name] - b[name] for a, b in zip(*each)])
    print("equal" + (", exact" if test["exact"] else ""))


if __name__ == "__main__":
    {"random": make_random, "costs": make_costs, "compare": compare, "resamples": check_resamples,
     "pair": check_pair}[sys.argv[1]](*sys.argv[2:])
