#!/usr/bin/python3
"""A samples stream as arrays, for the peers.

Usage: arrays.py SAMPLES.mp NAME.x.npy NAME.y.npy [CLASSES.mp]

x: float32, C order. y: int32, the number of each label in the sorted labels of SAMPLES, or of
CLASSES; -1 where it is not among them.
"""
import sys

import numpy as np

import samples


def main():
    x, labels = samples.read(sys.argv[1])
    known = samples.read(sys.argv[4])[1] if len(sys.argv) > 4 else labels
    code_of = {label: code for code, label in enumerate(sorted(set(known)))}
    np.save(sys.argv[2], x)
    np.save(sys.argv[3], np.array([code_of.get(label, -1) for label in labels], dtype="int32"))


if __name__ == "__main__":
    main()
