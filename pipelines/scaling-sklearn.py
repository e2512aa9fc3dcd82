#!/usr/bin/python3
"""Times scikit-learn's random forest on a samples stream, for scaling.

Usage: scaling-sklearn.py SAMPLES TREES JOBS...

Prints `scikit-learn<TAB>jobs<TAB>seconds` for each number of jobs: the best of three fits. Reading
the samples and starting Python are left out.
"""
import sys
import time

import msgpack
import numpy as np
from sklearn.ensemble import RandomForestClassifier


def read_samples(path):
    rows, labels = [], []
    with open(path, "rb") as stream:
        records = msgpack.Unpacker(stream, max_buffer_size=0)
        dim = next(records)["dim"]
        for record in records:
            if "x" in record:
                rows.append(np.frombuffer(record["x"], "<f4").reshape(-1, dim))
                labels.extend(record["labels"])
    return np.concatenate(rows), np.array(labels)


def main():
    samples, trees, jobs = sys.argv[1], int(sys.argv[2]), [int(n) for n in sys.argv[3:]]
    x, labels = read_samples(samples)
    for n in jobs:
        seconds = []
        for _ in range(3):
            forest = RandomForestClassifier(n_estimators=trees, n_jobs=n, random_state=0)
            start = time.perf_counter()
            forest.fit(x, labels)
            seconds.append(time.perf_counter() - start)
        print(f"scikit-learn\t{n}\t{min(seconds):.3f}", flush=True)


if __name__ == "__main__":
    main()
