#!/usr/bin/python3
"""Mean vectors of texts in a table or in lines of JSON: documents.py TEXTS.csv|TEXTS.jsonl VECTORS.mp

The texts are read by Python's own modules, csv and json, whose parsers are written in C, and made
into vectors as the notebook does it. Prints the seconds of that; the words' vectors are there before.
"""
import csv
import json
import subprocess
import sys

import numpy as np

import notebook
from timing import timed


def load(path):
    vectors = {}
    with subprocess.Popen(["mp-cat", path], stdout=subprocess.PIPE, text=True, encoding="utf-8") as shown:
        for line in shown.stdout:
            word, *numbers = line.rstrip("\n").split(" ")
            vectors[word] = np.asarray(numbers, dtype="float32")
    return vectors


def rows_of(path):
    with open(path, encoding="utf-8", newline="" if path.endswith(".csv") else None) as texts:
        rows = csv.DictReader(texts) if path.endswith(".csv") else map(json.loads, texts)
        pairs = [(row["topic"], row["body"]) for row in rows]
    return [label for label, _ in pairs], [text for _, text in pairs]


if __name__ == "__main__":
    file, known = sys.argv[1], load(sys.argv[2])
    print("check\t{:,} x {}".format(*timed(lambda: notebook.vectorize(known, rows_of(file)[1])).shape))
