#!/usr/bin/python3
"""Random short documents, `label<TAB>text` a line: labelled.py DOCUMENTS LABELS >TEXT

12 words as frequent as Zipf's law has it, of which a quarter come from the label's own part of the
vocabulary; so distinct words and pairs of them go on appearing as documents do, and labels can be
told apart, not always.
"""
import sys

import numpy as np

WORDS, EXPONENT, LENGTH, OWN = 300_000, 1.05, 12, 0.25


def main():
    documents, labels = int(sys.argv[1]), int(sys.argv[2])
    shares = np.arange(1, WORDS + 1) ** -EXPONENT
    sums = np.cumsum(shares / shares.sum())
    random = np.random.default_rng(1)
    for number in range(documents):
        label = number % labels
        ranks = np.searchsorted(sums, random.random(LENGTH))
        own = random.random(LENGTH) < OWN
        words = (f"{'o' + str(label) if mine else 'w'}{rank:x}" for rank, mine in zip(ranks, own))
        print(f"label{label}\t{' '.join(words)}")


if __name__ == "__main__":
    main()
