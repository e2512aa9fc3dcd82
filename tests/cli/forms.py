"""forms.py WHAT: texts in other forms, by Python's csv and json, and what these read of corrected ones.

    write NAME.txt          NAME.csv, NAME.jsonl and a folder NAME, of label TAB text lines
    check OLD NEW LABEL N   NEW is OLD but for the label of document N, by csv or json
"""

import csv
import json
import os
import sys


def write(path):
    name = path[:-4]
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t", 1) for line in lines]
    with open(name + ".csv", "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, quoting=csv.QUOTE_ALL)
        table.writerow(["id", "topic", "a b", "when"])
        for number, (label, text) in enumerate(rows):
            table.writerow([number, label, text, '"today", or so\nand then'])
    with open(name + ".jsonl", "w", encoding="utf-8") as out:
        for number, (label, text) in enumerate(rows):
            json.dump({"label": "no", "text": text, "n": 1.50, "meta": {"topic": label}}, out)
            out.write("\n" if number % 7 else "\n\n")
    for number, (label, text) in enumerate(rows):
        os.makedirs(f"{name}/{label}", exist_ok=True)
        with open(f"{name}/{label}/{number:05}.txt", "w", encoding="utf-8") as out:
            out.write(text)


def read(path):
    with open(path, encoding="utf-8", newline="") as lines:
        if path.endswith(".csv"):
            return list(csv.reader(lines))
        return [json.loads(line) for line in lines if line.strip()]


def check(old, new, label, number):
    before, after = read(old), read(new)
    if old.endswith(".csv"):
        before[int(number)][1] = label
    else:
        before[int(number) - 1]["meta"]["topic"] = label
    assert before == after, [pair for pair in zip(before, after) if pair[0] != pair[1]]


{"write": write, "check": check}[sys.argv[1]](*sys.argv[2:])
