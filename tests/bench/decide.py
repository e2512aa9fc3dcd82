#!/usr/bin/env python3
"""What decisions bring on texts that nobody has seen, by the programs on PATH.

decide.py sets TRAIN TEST [COUNT]     both files dealt anew COUNT (20) times into parts of their
                                      sizes: coverage and size of sets
decide.py splits TRAIN TEST [COUNT]   the same of calibration, thresholds and costs, beside votes as
                                      they are
decide.py novelty TRAIN TEST [RATE]   without each pair of labels in turn (of more than 12 labels:
                                      without an eighth of them, 8 times): their texts that are
                                      called novel, and others; beside the highest vote and
                                      scikit-learn's IsolationForest

Texts are label<TAB>text, a line each. Prints tables.
"""
import functools
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))

COVERAGES = ("0.9", "0.95", "0.99")
FOREST = ["rf-train", "-q", "--min-samples-leaf", "3", "--max-samples", "6000", "--oob", "oob.mp",
          "-o", "model.mp", "train.mp"]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read(path):
    with open(path, encoding="utf-8") as lines:
        return lines.read().splitlines()


def write(path, lines):
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def label(line):
    return line.split("\t")[0]


def train(train_lines, test_lines):
    write("train.txt", train_lines)
    write("test.txt", test_lines)
    run("linear-train", "-q", "-o", "linear.mp", "train.txt")
    for name in "train", "test":
        run("vectorize", "-q", "--linear", "linear.mp", "-o", name + ".mp", name + ".txt")
    run(*FOREST)


def figures(measures, costs=None, *options):
    run("rf-predict", "-q", "--proba", "--format", "mp", "-o", "p.mp", *options, "model.mp", "test.mp")
    more = ["--costs", costs] if costs else []
    out = json.loads(run("rf-eval", "--json", "--resamples", "0", "--measures", measures, *more, "p.mp"))
    return {name: figure["value"] for name, figure in out["measures"].items()}


def decide(*options):
    run("rf-decide", "-q", "-o", "decide.mp", *options, "oob.mp")
    return ["--decide", "decide.mp"]


def write_costs(path, labels):
    """A mistake costs 1, of the rarer half of the labels 5; no answer half."""
    dear = {name for name, _ in labels[:len(labels) // 2]}
    names = [name for name, _ in labels]
    write(path, ["\t" + "\t".join(names) + "\t?"] + [
        true + "\t" + "\t".join("0" if true == name else "5" if true in dear else "1"
                                for name in names) + "\t0.5" for true in names])


def add(rows, what, values):
    for name, value in values.items():
        rows.setdefault((what, name), []).append(value)


def judge_sets(rows, _):
    decided = decide("--folds", "2")
    for coverage in COVERAGES:
        add(rows, "sets for " + coverage,
            figures("set-coverage,set-size", None, *decided, "--coverage", coverage))


def judge_answers(rows, train_lines):
    counts = {}
    for line in train_lines:
        counts[label(line)] = counts.get(label(line), 0) + 1
    write_costs("costs.tsv", sorted(counts.items(), key=lambda item: (item[1], item[0])))
    plain = "accuracy,macro-f1,balanced-accuracy,log-loss,brier,cost"
    add(rows, "as it is", figures(plain, "costs.tsv"))
    for how in "temperature", "isotonic":
        add(rows, how, figures("accuracy,macro-f1,log-loss,brier", None, *decide("--calibrate", how)))
    for goal in "macro-f1", "balanced-accuracy":
        add(rows, "for " + goal, figures("accuracy," + goal, None, *decide("--maximize", goal)))
    add(rows, "costs", figures("accuracy,cost,answered", "costs.tsv", *decide("--costs", "costs.tsv")))
    add(rows, "precision 0.95",
        figures("answered,answered-accuracy", None, *decide("--precision", "0.95")))


def splits(judge, train_file, test_file, count="20"):
    first, second = read(train_file), read(test_file)
    rows = {}
    for seed in range(int(count)):
        lines = first + second
        random.Random(seed).shuffle(lines)
        train(lines[:len(first)], lines[len(first):])
        judge(rows, lines[:len(first)])
    print(f"{'':22}{'measure':20}{'mean':>9}{'least':>9}{'most':>9}")
    for (what, name), values in rows.items():
        print(f"{what:22}{name:20}{sum(values) / len(values):9.4f}{min(values):9.4f}{max(values):9.4f}")


# ---- texts of no known kind ----


def isolation(novel, rate):
    import numpy as np
    import predict
    from sklearn.ensemble import IsolationForest

    x, _ = predict.read_samples("train.mp")
    other, _ = predict.read_samples("test.mp")
    forest = IsolationForest(random_state=0).fit(x)
    limit = np.quantile(forest.score_samples(x), rate)
    alarm = forest.score_samples(other) < limit
    return alarm[novel].mean(), alarm[~novel].mean()


def highest_vote(novel, rate):
    import numpy as np
    import predict

    *_, known = predict.read_predictions("oob.mp")
    run("rf-predict", "-q", "--proba", "--format", "mp", "-o", "p.mp", "model.mp", "test.mp")
    *_, votes = predict.read_predictions("p.mp")
    alarm = votes.max(axis=1) < np.quantile(known.max(axis=1), rate)
    return alarm[novel].mean(), alarm[~novel].mean()


def decided(novel, rate):
    import predict

    run("rf-predict", "-q", "--format", "mp", "-o", "p.mp", *decide("--novelty", str(rate)), "model.mp",
        "test.mp")
    _, answers, _, _ = predict.read_predictions("p.mp")
    return (answers == -1)[novel].mean(), (answers == -1)[~novel].mean()


def left_out(labels):
    if len(labels) <= 12:
        return list(itertools.combinations(labels, 2))
    return [tuple(random.Random(seed).sample(labels, len(labels) // 8)) for seed in range(8)]


def novelty(train_file, test_file, rate="0.05"):
    import numpy as np

    first, second, rows = read(train_file), read(test_file), {}
    for out in left_out(sorted(set(map(label, first)))):
        train([line for line in first if label(line) not in out], second)
        novel = np.array([label(line) in out for line in second])
        for name, found in (("rf-decide", decided(novel, float(rate))),
                            ("highest vote", highest_vote(novel, float(rate))),
                            ("IsolationForest", isolation(novel, float(rate)))):
            rows.setdefault(name, []).append(found)
            print(f"{' '.join(out):30} {name:16} caught {found[0]:.3f}, false alarms {found[1]:.3f}")
    for name, found in rows.items():
        caught, false = zip(*found)
        print(f"{'mean':30} {name:16} caught {sum(caught) / len(caught):.3f}, "
              f"false alarms {sum(false) / len(false):.3f}; least caught {min(caught):.3f}")


if __name__ == "__main__":
    arguments = [os.path.abspath(a) if os.path.exists(a) else a for a in sys.argv[2:]]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        {"sets": functools.partial(splits, judge_sets), "novelty": novelty,
         "splits": functools.partial(splits, judge_answers)}[sys.argv[1]](*arguments)
