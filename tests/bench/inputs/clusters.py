#!/usr/bin/python3
"""Samples of 50 features in 8 classes: clusters that overlap as documents' vectors do.

Usage: clusters.py ROWS[xFEATURES[xCLASSES]] SEED SAMPLES.mp [gaps]  (gaps: 20% of the values are missing)

A class is two normal clusters of different width, placed at random by a generator of its own, so
that files of any ROWS and SEED are drawn from one distribution; 3 labels in 100 are drawn anew.
Trees grown to their ends are then of a realistic size: on 200,000 rows some 22,000 leaves, 11 in
100 rows (on R8 it is 7), and 20 trees name 94 in 100 fresh rows right.
"""
import sys

import numpy as np

import samples

SHAPE, CLUSTERS, WRONG = (50, 8), 2, 0.03


def draw(rows, dim, classes, seed):
    """x (rows x dim float32) and the classes' numbers."""
    placing = np.random.default_rng(8)
    centre = placing.normal(0, 0.7, (classes, CLUSTERS, dim))
    width = placing.uniform(0.5, 1.5, (classes, CLUSTERS, 1))
    rng = np.random.default_rng(seed)
    of_class = rng.integers(classes, size=rows)
    cluster = rng.integers(CLUSTERS, size=rows)
    x = centre[of_class, cluster] + width[of_class, cluster] * rng.normal(size=(rows, dim))
    wrong = rng.random(rows) < WRONG
    of_class[wrong] = rng.integers(classes, size=wrong.sum())
    return x.astype("float32"), of_class


def main():
    rows, *shape = map(int, sys.argv[1].split("x"))
    x, of_class = draw(rows, *shape, *SHAPE[len(shape):], seed=int(sys.argv[2]))
    if len(sys.argv) > 4:
        x[np.random.default_rng(5).random(x.shape) < 0.2] = np.nan
    samples.write(sys.argv[3], x, [f"class-{number}" for number in of_class])


if __name__ == "__main__":
    main()
