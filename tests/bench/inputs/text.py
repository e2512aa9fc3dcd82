#!/usr/bin/python3
"""Random text, a document of 60 words a line, without labels: text.py TOKENS >TEXT

Words as frequent as Zipf's law has it, so that, as in real text, distinct words and pairs of
them go on appearing as it gets longer.
"""
import sys

import numpy as np

WORDS, EXPONENT, DOCUMENT = 300_000, 1.05, 60


def main():
    tokens = int(sys.argv[1])
    shares = np.arange(1, WORDS + 1) ** -EXPONENT
    ranks = np.random.default_rng(1).random(tokens)
    numbers = np.searchsorted(np.cumsum(shares / shares.sum()), ranks)
    for start in range(0, tokens, DOCUMENT):
        print(" ".join(f"w{number:x}" for number in numbers[start:start + DOCUMENT]))


if __name__ == "__main__":
    main()
