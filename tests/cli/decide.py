"""What decisions should come to, by numpy, scipy and scikit-learn, for the tests of rf-decide and of
those that apply what it found.

decide.py abstained FIGURES TSV     rf-eval's figures of rows without an answer (`?`)
decide.py found OOB DECISIONS [MEASURE | precision P | novelty RATE]
                                    what rf-decide found, from the predictions that it read
decide.py weakened DECISIONS WEAKENED TOLD
decide.py applied DECISIONS PLAIN PREDICTIONS COVERAGE [COSTS]
                                    what rf-predict made of its votes, PLAIN, by the decisions
decide.py sets JSON PREDICTIONS     rf-eval's figures of sets
decide.py judged OOB                the shares of cross-fitting, of rf-decide --calibrate none

What compares exits 1 with the first difference.
"""
import json
import os
import sys

import numpy as np

import predict

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import glove  # noqa: E402

EXTRA = 20


def near(what, got, expected, most=1e-12):
    if not abs(got - expected) <= most * max(1, abs(expected)):
        sys.exit(f"{what}: {got!r}, expected {expected!r}")


# ---- reading ----


def decisions(path):
    header, blocks = predict.read(path)
    lists = {}
    for block in blocks:
        (name, values), = ((k, v) for k, v in block.items() if k != "n")
        lists[name] = np.concatenate([lists.get(name, []), np.frombuffer(values, "<f8")])
    return header, lists


def rows_of(path):
    classes, predicted, labels, proba = predict.read_predictions(path)
    number = {name: i for i, name in enumerate(classes)}
    return classes, np.array([number[label] for label in labels]), predicted, proba


def curves(lists, classes):
    at = 0
    for c in range(classes):
        count = int(lists["isotonic-knots"][c])
        yield lists["isotonic-x"][at:at + count], lists["isotonic-y"][at:at + count]
        at += count


def calibrate(lists, proba):
    p = proba.astype(float)
    classes = p.shape[1]
    if "temperature" in lists:
        temperature, share = lists["temperature"]
        p = (p + share / classes)**(1 / temperature)
    elif "isotonic-x" in lists:
        p = np.stack([np.interp(p[:, c], x, y) for c, (x, y) in enumerate(curves(lists, classes))],
                     axis=1) + lists["prior"] / 1000
    else:
        return proba
    return (p / p.sum(axis=1, keepdims=True)).astype("<f4")


def entropy(proba):
    p = proba.astype(float)
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0), axis=1)


def log_loss(proba, labels):
    p = proba.astype(float)
    return -np.mean(np.log(p[np.arange(len(p)), labels]))


# ---- what was found ----


def check_temperature(lists, proba, labels):
    from scipy.optimize import minimize

    def loss(values):
        p = (proba.astype(float) + np.exp(values[1]) / proba.shape[1])**np.exp(-values[0])
        return log_loss(p / p.sum(axis=1, keepdims=True), labels)

    ours = np.log(lists["temperature"])
    best = min((minimize(loss, start, method="Nelder-Mead",
                         bounds=[(np.log(0.05), np.log(20)), (np.log(1e-6), 0)])
                for start in ([0, -5], [0, -3], ours)), key=lambda found: found.fun)
    near("log-loss", loss(ours), best.fun, 2e-5)


def check_isotonic(lists, proba, labels):
    from sklearn.isotonic import IsotonicRegression

    classes = proba.shape[1]
    for c, (x, y) in enumerate(curves(lists, classes)):
        p = proba[:, c].astype(float)
        theirs = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, labels == c)
        at = np.linspace(0, 1, 1001)
        assert np.allclose(np.interp(at, x, y), theirs.predict(at), atol=1e-9), c
    count = np.bincount(labels, minlength=classes)
    assert np.allclose(lists["prior"], (count + 1) / (len(labels) + classes))


def macro_f1(labels, answers, classes):
    hits, support, predicted = (np.bincount(x, minlength=classes) for x in
                                (labels[labels == answers], labels, answers))
    there = support + predicted > 0
    return np.mean(2 * hits[there] / (support + predicted)[there])


def balanced_accuracy(labels, answers, classes):
    return np.mean([np.mean(answers[labels == c] == c) for c in set(labels)])


def check_thresholds(lists, proba, labels, measure):
    """No threshold of a single class does better, and all together do better than none."""
    of = {"macro-f1": macro_f1, "balanced-accuracy": balanced_accuracy}[measure]
    classes = proba.shape[1]
    weights = 1 / lists["thresholds"]
    p = proba.astype(float)
    reached = of(labels, np.argmax(p * weights, axis=1), classes)
    assert reached >= of(labels, np.argmax(p, axis=1), classes)
    for c in range(classes):
        for factor in np.exp(np.linspace(-2, 2, 81)):
            other = weights.copy()
            other[c] = np.clip(other[c] * factor, 1 / 32, 32)
            assert of(labels, np.argmax(p * other, axis=1), classes) <= reached + 1e-9, (c, factor)


def check_floors(lists, proba, labels, precision):
    top = np.argmax(proba, axis=1)
    share = proba[np.arange(len(top)), top]
    for c in range(proba.shape[1]):
        mine, right = share[top == c], labels[top == c] == c
        floors = [s for s in set(mine) if np.mean(right[mine >= s]) >= precision]
        assert lists["floors"][c] == (min(floors) if floors else np.inf), c


def check_novelty(lists, proba, rate):
    """What is above its limit is no more than the rate; the next row would be too many."""
    ent, top = entropy(proba), np.argmax(proba, axis=1)

    def share(c, mine):
        return (mine.sum() + EXTRA * above.mean()) / (np.sum(top == c) + EXTRA)

    for c, limit in enumerate(lists["novelty"]):
        above = ent > limit + 1e-9
        assert share(c, above[top == c]) <= rate, c
        above = ent >= limit - 1e-9
        assert share(c, above[top == c]) > rate, c


def check_scores(lists, proba, labels):
    expected = np.sort(proba[np.arange(len(labels)), labels])[::-1]
    assert lists["rows"] == [len(labels)]
    assert np.array_equal(lists["scores"], expected.astype(float))


def found(oob, decided, *more):
    classes, labels, _, proba = rows_of(oob)
    header, lists = decisions(decided)
    assert header["classes"] == classes
    if "temperature" in lists:
        check_temperature(lists, proba, labels)
    if "isotonic-x" in lists:
        check_isotonic(lists, proba, labels)
    else:  # by curves, rows are judged by those that were made without them
        calibrated = calibrate(lists, proba)
        check_scores(lists, calibrated, labels)
        if "thresholds" in lists:
            check_thresholds(lists, calibrated, labels, more[0])
        if "floors" in lists:
            check_floors(lists, calibrated, labels, float(more[1]))
        if "novelty" in lists:
            check_novelty(lists, calibrated, float(more[1]))
    print(*lists)


def weakened(full, weak, told):
    """Thresholds to the power of the strength, with which a summary's line ends."""
    strength = float(told.split()[0])
    full, weak = (decisions(path)[1]["thresholds"] for path in (full, weak))
    assert strength in (0, 0.25, 0.5, 0.75, 1)
    assert np.allclose(weak, full**strength, rtol=1e-13)
    print(strength)


# ---- what is made of votes ----


def least_of(lists, coverage):
    count, scores = lists["rows"][0], lists["scores"]
    rank = int(np.ceil((count + 1) * coverage))
    assert len(scores) == count
    return scores[rank - 1] if rank <= count else 0


def answers_of(lists, proba, voted):
    p = proba.astype(float)
    answers = voted.copy()
    changed = p[np.arange(len(p)), voted] < p.max(axis=1)
    answers[changed] = np.argmax(p, axis=1)[changed]
    top = answers.copy()
    if "costs" in lists:
        expected = p @ lists["costs"].reshape(p.shape[1], -1)
        answers = np.argmin(expected, axis=1)
        if "no-answer" in lists:
            answers[p @ lists["no-answer"] < expected.min(axis=1)] = -1
    if "thresholds" in lists:
        answers = np.argmax(p / lists["thresholds"], axis=1)
    if "floors" in lists:
        answers[p[np.arange(len(p)), top] < lists["floors"][top]] = -1
    if "novelty" in lists:
        answers[entropy(proba) > lists["novelty"][top]] = -1
    return answers


def sets_of(path):
    _, blocks = predict.read(path)
    sets = []
    for block in blocks:
        ends = np.frombuffer(block["set_ends"], "<u4")
        sets += np.split(np.frombuffer(block["set"], "<u4"), ends[:-1])
    return sets


def check_costs(lists, path, classes):
    with open(path, encoding="utf-8") as file:
        heading, *table = (line.rstrip("\n").split("\t") for line in file)
    cost = {(row[0], name): float(x) for row in table for name, x in zip(heading[1:], row[1:])}
    assert lists["costs"].tolist() == [cost[a, b] for a in classes for b in classes]
    if "?" in heading:
        assert lists["no-answer"].tolist() == [cost[a, "?"] for a in classes]


def applied(decided, plain, predictions, coverage, costs=None):
    _, lists = decisions(decided)
    _, voted, _, votes = predict.read_predictions(plain)
    classes, answers, _, proba = predict.read_predictions(predictions)
    expected = calibrate(lists, votes)
    assert np.allclose(proba, expected, rtol=2e-7, atol=1e-12)
    assert np.array_equal(answers, answers_of(lists, proba, voted))
    least = least_of(lists, float(coverage))
    for row, labels in zip(proba, sets_of(predictions)):
        order = np.argsort(-row, kind="stable")
        assert labels.tolist() == [c for c in order if row[c] >= least]
    if costs:
        check_costs(lists, costs, classes)
    print(np.sum(answers == -1), "of", len(answers), "without an answer")


def figures_of_sets(figures, predictions):
    with open(figures, encoding="utf-8") as file:
        ours = json.load(file)
    classes, _, labels, _ = predict.read_predictions(predictions)
    sets = sets_of(predictions)
    holds = np.mean([label in [classes[c] for c in found] for label, found in zip(labels, sets)])
    size = np.mean([len(found) for found in sets])
    for where, keys in (ours["sets"], ("coverage", "size")), (ours["measures"], ("set_coverage", "set_size")):
        for key, expected in zip(keys, (holds, size)):
            near(key, where[key]["value"] if where is ours["measures"] else where[key], expected)
    near("empty", ours["sets"]["empty"], sum(len(found) == 0 for found in sets))
    print("equal")


# ---- cross-fitting ----


def deal(count, folds, seed):
    random, order = glove.Random(seed, 0), list(range(count))
    for i in range(count, 1, -1):
        other = random.below(i)
        order[i - 1], order[other] = order[other], order[i - 1]
    return [order[count * f // folds:count * (f + 1) // folds] for f in range(folds)]


def judged(oob):
    classes, labels, voted, proba = rows_of(oob)
    own = proba[np.arange(len(labels)), labels].astype(float)
    p = proba.astype(float)
    near("sum", p.sum(axis=1).max(), 1, 1e-6)
    for coverage in 0.9, 0.95, 0.99:
        held, size, empty = 0, 0, 0
        for fold in deal(len(labels), 5, 0):
            scores = np.sort(np.delete(own, fold))[::-1]
            rank = int(np.ceil((len(scores) + 1) * coverage))
            least = scores[rank - 1] if rank <= len(scores) else 0
            sizes = np.sum(p[fold] >= least, axis=1)
            held += np.sum(own[fold] >= least)
            size += sizes.sum()
            empty += np.sum(sizes == 0)
        n = len(labels)
        print(f"rf-decide: sets for {100 * coverage:.0f}%: {100 * held / n:.2f}% hold the label, "
              f"{size / n:.3f} labels a set, {100 * empty / n:.2f}% empty")


# ---- rows without an answer ----


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
    {"abstained": abstained, "found": found, "applied": applied, "sets": figures_of_sets,
     "judged": judged, "weakened": weakened}[sys.argv[1]](*sys.argv[2:])
