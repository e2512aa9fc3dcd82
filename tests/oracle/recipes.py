#!/usr/bin/python3
"""Mean accuracy of rf-train's recipes beside scikit-learn's, over seeds, on several data sets.

Usage: recipes.py data FOLDER [NAME=TRAIN.mp=TEST.mp]...   writes the sets, as arrays and samples
       recipes.py theirs FOLDER                            by scikit-learn, from 1.4 on
       recipes.py ours FOLDER                              by rf-train and rf-predict
       recipes.py table FOLDER                             both, side by side

Sets are scikit-learn's iris, wine, breast_cancer and digits, every second row to train on; one made
at random, of 20,000 x 200; and samples streams that are named. What either finds is kept in FOLDER,
so that they may run on different systems (20% of values missing ask for scikit-learn 1.4).
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

# Name: scikit-learn's forest and options, and rf-train's.
RECIPES = {
    "default": ("RandomForestClassifier", {}, []),
    "extra": ("ExtraTreesClassifier", {}, ["--splitter", "random", "--no-bootstrap"]),
    "balanced": ("RandomForestClassifier", {"class_weight": "balanced"},
                 ["--class-weight", "balanced"]),
    "entropy": ("RandomForestClassifier", {"criterion": "entropy"}, ["--criterion", "entropy"]),
    "missing": ("RandomForestClassifier", {}, []),
}
SMALL, LARGE = (50, 10), (10, 3)  # trees, seeds


def size_of(x):
    return SMALL if x.size < 10**6 else LARGE


def with_gaps(x, name):
    x = x.copy()
    x[np.random.default_rng(len(name)).random(x.shape) < 0.2] = np.nan
    return x


def save(folder, name, x, y, test_x, test_y):
    import streams

    np.savez(folder / name, x=x, y=y, test_x=test_x, test_y=test_y)
    for end, change in ("", lambda x, _: x), (".missing", with_gaps):
        streams.write_samples(folder / f"{name}{end}.train.mp", change(x, "train"), y)
        streams.write_samples(folder / f"{name}{end}.test.mp", change(test_x, "test"), test_y)


def read(path):
    import msgpack

    with open(path, "rb") as file:
        header, *blocks, _ = msgpack.Unpacker(file, raw=False, max_buffer_size=2**31 - 1)
    x = np.concatenate([np.frombuffer(b["x"], "<f4") for b in blocks])
    return x.reshape(-1, header["dim"]), np.array(sum((b["labels"] for b in blocks), []))


def data(folder, *named):
    from sklearn import datasets

    for name in "iris", "wine", "breast_cancer", "digits":
        x, y = getattr(datasets, "load_" + name)(return_X_y=True)
        x, y = x.astype("float32"), np.array([f"{label:03d}" for label in y])
        save(folder, name, x[::2], y[::2], x[1::2], y[1::2])
    x, y = datasets.make_classification(20000, 200, n_informative=30, n_classes=5, random_state=0)
    x, y = x.astype("float32"), np.array([f"{label:03d}" for label in y])
    save(folder, "random", x[::2], y[::2], x[1::2], y[1::2])
    for triple in named:
        name, train, test = triple.split("=")
        save(folder, name, *read(train), *read(test))


def theirs(folder):
    from sklearn import ensemble

    for path in sorted(folder.glob("*.npz")):
        set_of = np.load(path)
        trees, seeds = size_of(set_of["x"])
        for recipe, (model, options, _) in RECIPES.items():
            x, test_x = set_of["x"], set_of["test_x"]
            if recipe == "missing":
                x, test_x = with_gaps(x, "train"), with_gaps(test_x, "test")
            forests = (getattr(ensemble, model)(trees, random_state=seed, **options)
                       for seed in range(seeds))
            yield path.stem, recipe, [forest.fit(x, set_of["y"]).score(test_x, set_of["test_y"])
                                      for forest in forests]


def ours(folder):
    def run(*words):
        return subprocess.run([*map(str, words)], check=True, capture_output=True, text=True).stdout

    for path in sorted(folder.glob("*.npz")):
        trees, seeds = size_of(np.load(path)["x"])
        for recipe, (_, _, options) in RECIPES.items():
            stem = folder / (path.stem + (".missing" if recipe == "missing" else ""))
            found = []
            for seed in range(seeds):
                run("rf-train", "-q", "-n", trees, "--seed", seed, *options, "-o", folder / "model",
                    f"{stem}.train.mp")
                run("rf-predict", "-q", "--format", "mp", "-o", folder / "said", folder / "model",
                    f"{stem}.test.mp")
                found.append(float(run("rf-eval", "--accuracy", folder / "said")))
            yield path.stem, recipe, found


def keep(folder, name, rows):
    with open(folder / f"{name}.jsonl", "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
            file.flush()


def table(folder):
    """Means, and their difference beside the deviation that it is expected to have."""
    both = []
    for name in "ours", "theirs":
        lines = (folder / f"{name}.jsonl").read_text().splitlines()
        both.append({(row[0], row[1]): row[2] for row in map(json.loads, lines)})
    print("set            recipe      ours   theirs   difference  deviation")
    for key in both[0]:
        if key not in both[1]:
            continue
        mine, other = both[0][key], both[1][key]
        spread = (np.var(mine, ddof=1) / len(mine) + np.var(other, ddof=1) / len(other)) ** 0.5
        print(f"{key[0]:14} {key[1]:9} {np.mean(mine):.4f}   {np.mean(other):.4f}"
              f"   {np.mean(mine) - np.mean(other):+.4f}      {spread:.4f}")


def main():
    what, folder, *rest = sys.argv[1:]
    folder = pathlib.Path(folder)
    if what == "data":
        data(folder, *rest)
    elif what == "table":
        table(folder)
    else:
        keep(folder, what, {"ours": ours, "theirs": theirs}[what](folder))


if __name__ == "__main__":
    main()
