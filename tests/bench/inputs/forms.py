#!/usr/bin/python3
"""Lines `label TAB text` as another form of documents: forms.py csv|jsonl TEXTS >OUT"""
import csv
import json
import sys


def main():
    form, path = sys.argv[1:]
    table = csv.writer(sys.stdout, lineterminator="\n")
    if form == "csv":
        table.writerow(["topic", "body"])
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            label, text = line.rstrip("\n").split("\t", 1)
            if form == "csv":
                table.writerow([label, text])
            else:
                print(json.dumps({"topic": label, "body": text}))


if __name__ == "__main__":
    main()
