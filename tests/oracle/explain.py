#!/usr/bin/python3
"""Makes the features of texts without each of their words anew, in numpy, and votes on them.

Usage: explain.py MODEL VECTORS LINEAR EXPLANATIONS.json TEXTS [MOST]

EXPLANATIONS are what `rf-explain --words 0 --format json` says of TEXTS (label<TAB>text lines);
VECTORS may be `-` for none. Vectors, weights and trees are read from the streams as glovepipe(5)
has them; everything else is worked out here: tokens by Python, the views by re, TF-IDF, naive
Bayes and margins by their formulas, leaves by walking. Of a text that was trained on, all of it is
that of a new text. Of the first MOST texts [50] every word's shift must be there, in the right
order, and equal within 1e-9; where a logarithm's last bit may have moved a float over a threshold,
which is one leaf of one tree, it is told, and at most one shift in 2,000 may be so. Prints what was compared.

       explain.py similar MODEL TRAIN.mp TEST.mp EXPLANATIONS.json MOST

The training samples that each test sample shares a leaf with in most trees, by walking: those of
the explanations must be these, of equals the first.
"""
import json
import re
import sys

import msgpack
import numpy as np

import streams

WORDS = re.compile(r"\w+")


def records(path):
    with open(path, "rb") as file:
        unpacker = msgpack.Unpacker(file, raw=False, strict_map_key=False, max_buffer_size=2**31 - 1)
        header, *blocks, _ = unpacker
    return header, blocks


class Vectors:
    def __init__(self, path):
        header, blocks = records(path)
        self.dim = header["dim"]
        self.of = {}
        for block in blocks:
            x = np.frombuffer(block["x"], "<f4").reshape(block["n"], self.dim)
            self.of.update(zip(block["words"], x))

    def features(self, tokens):
        known = [self.of[token] for token in tokens if token in self.of]
        return np.array(known).mean(axis=0, dtype="f4") if known else np.zeros(self.dim, "f4")


def view_terms(name, tokens):
    text = " ".join(tokens)
    if name in ("space", "bayes"):
        return tokens
    words = WORDS.findall(text)
    if name in ("char", "char1"):
        padded = [f" {token} " for token in tokens]
        grams = []
        for token in padded:
            # scikit-learn's char_wb: of a token that is shorter, the whole once.
            for n in range(1 if name == "char1" else 3, 6):
                grams.append(token[:n])
                grams += [token[i:i + n] for i in range(1, len(token) - n + 1)]
                if len(token) <= n:
                    break
        return grams
    most = {"word": 1, "bigram": 2, "trigram": 3}[name]
    return [" ".join(words[i:i + n]) for n in range(1, most + 1)
            for i in range(len(words) - n + 1)]


def counts_of(terms, number):
    counts = {}
    for term in terms:
        if term in number:
            counts[number[term]] = counts.get(number[term], 0) + 1
    rows = np.array(sorted(counts), int)
    return rows, np.array([counts[row] for row in rows], float)


def margins(scores):
    if len(scores) < 2:
        return scores
    order = np.sort(scores)
    best = int(scores.argmax())
    return np.array([s - (order[-2] if i == best else order[-1]) for i, s in enumerate(scores)], "f4")


class View:
    def __init__(self, part, header):
        self.name = part["name"]
        self.intercepts = np.frombuffer(part["intercepts"], "<f4")
        self.classes, self.samples = len(header["classes"]), header["samples"]
        self.number, self.weights, self.rarity = {}, [], []

    def add(self, block):
        for term in block["terms"]:
            self.number[term] = len(self.number)
        held = np.frombuffer(block["documents"], "<u4").astype(float)
        self.rarity += list(1 + np.log((1 + self.samples) / (1 + held)))
        self.weights.append(np.frombuffer(block["weights"], "<f4").reshape(-1, self.classes))

    def settle(self):
        self.weights, self.rarity = np.concatenate(self.weights), np.array(self.rarity)

    def scores(self, tokens):
        rows, counts = counts_of(view_terms(self.name, tokens), self.number)
        value = (1 + np.log(counts)) * self.rarity[rows]
        squares = 0.0
        for square in value * value:
            squares += square
        value = (value / np.sqrt(squares)).astype("f4") if len(rows) else value.astype("f4")
        scores = np.zeros(self.classes, "f4")
        for v, row in zip(value, rows):
            scores += v * self.weights[row]
        return scores + self.intercepts


class Bayes:
    name = "bayes"

    def __init__(self, header):
        self.number, self.counts, self.classes = {}, [], len(header["classes"])

    def add(self, block):
        labels = np.frombuffer(block["labels"], "<u4")
        counts, at = np.frombuffer(block["counts"], "<u4"), 0
        for term, pairs in zip(block["terms"], np.frombuffer(block["pairs"], "<u4")):
            row = np.zeros(self.classes)
            row[labels[at:at + pairs]] = counts[at:at + pairs]
            self.number[term] = len(self.number)
            self.counts.append(row)
            at += pairs

    def settle(self):
        self.counts = np.array(self.counts)
        p = (self.counts + 1) / (self.counts.sum(axis=0) + len(self.counts))
        self.logs = np.log(p) - np.log(p.sum(axis=1, keepdims=True))

    def scores(self, tokens):
        rows, times = counts_of(tokens, self.number)
        if not len(rows):
            return np.zeros(self.classes, "f4")
        return (times @ self.logs[rows] / times.sum()).astype("f4")


class Evidence:
    def __init__(self, path):
        header, blocks = records(path)
        self.parts = [View(part, header) if "intercepts" in part else Bayes(header)
                      for part in header["parts"]]
        left = [part["terms"] for part in header["parts"]]
        at = 0
        for block in blocks:
            while at < len(left) and left[at] == 0:
                at += 1
            if at == len(left):
                break
            self.parts[at].add(block)
            left[at] -= block["n"]
        for part in self.parts:
            part.settle()

    def features(self, tokens):
        scores = [part.scores(tokens) for part in self.parts]
        return np.concatenate([np.concatenate([s, margins(s)]) for s in scores])


class Forest:
    """Trees as arrays of nodes, walked for many rows at a time."""

    def __init__(self, path):
        header, trees = streams.read_forest(path)
        self.header, self.classes = header, header["classes"]
        self.trees = [self.nodes_of(tree) for tree in trees]

    def nodes_of(self, tree):
        feature = tree["feature"]
        right, threshold = np.zeros(len(feature), int), np.zeros(len(feature), "f4")
        share = np.zeros((len(feature), len(self.classes)))
        split = leaf = mixed = 0
        waiting = []
        for node, f in enumerate(feature):
            if waiting and waiting[-1][1]:
                right[waiting.pop()[0]] = node
            if f >= 0:
                threshold[node] = tree["threshold"][split]
                split += 1
                waiting.append([node, False])
                continue
            if tree["class"][leaf] >= 0:
                share[node, tree["class"][leaf]] = 1
            else:
                share[node] = tree["counts"][mixed] / tree["weight"][leaf]
                mixed += 1
            leaf += 1
            # What ends here is the left subtree of the nearest split without a right one.
            if waiting:
                waiting[-1][1] = True
        return feature, threshold, right, share

    @staticmethod
    def leaves(tree, x):
        feature, threshold, right, _ = tree
        at = np.zeros(len(x), int)
        inner = feature[at] >= 0
        while inner.any():
            left = x[np.arange(len(x)), feature[at]] <= threshold[at]
            at = np.where(inner, np.where(left, at + 1, right[at]), at)
            inner = feature[at] >= 0
        return at

    def votes(self, x):
        votes = sum(tree[3][self.leaves(tree, x)] for tree in self.trees) / len(self.trees)
        said, share = streams.opinion(self.header, x)
        return (1 - share) * votes + share * said


def samples(path):
    header, blocks = records(path)
    return np.concatenate([np.frombuffer(b["x"], "<f4").reshape(-1, header["dim"])
                           for b in blocks])


def similar(model, train, test, explanations, most):
    forest, train, test = Forest(model), samples(train), samples(test)
    shared = np.zeros((len(test), len(train)), int)
    for tree in forest.trees:
        shared += forest.leaves(tree, test)[:, None] == forest.leaves(tree, train)[None, :]
    for row, line in zip(shared, open(explanations, encoding="utf-8")):
        best = [i for i in np.argsort(-row, kind="stable")[:int(most)] if row[i]]
        got = json.loads(line)["similar"]
        assert [kin["document"] - 1 for kin in got] == best, (got, best)
        assert [kin["proximity"] for kin in got] == [row[i] / len(forest.trees) for i in best]
    print(f"{len(test)} texts")


def main(model, vectors, linear, explanations, texts, most="50"):
    forest = Forest(model)
    sources = ([] if vectors == "-" else [Vectors(vectors)]) + \
        ([] if linear == "-" else [Evidence(linear)])
    said = [json.loads(line) for line in open(explanations, encoding="utf-8")]
    lines = open(texts, encoding="utf-8", newline="\n").read().split("\n")
    shifts = moved = 0
    for document in said[:int(most)]:
        tokens = lines[document["line"] - 1].partition("\t")[2].lower().split()
        words = list(dict.fromkeys(tokens))
        rows = [tokens] + [[t for t in tokens if t != word] for word in words]
        x = np.array([np.concatenate([s.features(row) for s in sources]) for row in rows], "f4")
        votes = forest.votes(x)
        c = forest.classes.index(document["class"])
        got = {word["word"]: word for word in document["words"]}
        assert sorted(got) == sorted(words), (document["line"], set(got) ^ set(words))
        assert abs(votes[0, c] - document["class_probability"]) < 0.01
        order = [(-abs(w["shift"]), words.index(w["word"])) for w in document["words"]]
        assert order == sorted(order), document["line"]
        base = document["class_probability"]
        for word, vote in zip(words, votes[1:]):
            shifts += 1
            assert got[word]["times"] == tokens.count(word)
            wrong = abs(got[word]["shift"] - (base - vote[c]))
            same = got[word]["without"] == forest.classes[int(vote.argmax())]
            # A last bit of a score moves what evidence says for itself a little, or a tree's vote.
            if wrong > (1e-6 if "opinion" in forest.header else 1e-9) or not same:
                moved += 1
                assert wrong < 0.02, (document["line"], word, got[word], base - vote[c])
    assert shifts and moved * 2000 <= shifts, (moved, shifts)
    print(f"{min(len(said), int(most))} texts, {shifts} words left out, {moved} moved by a last bit")


if __name__ == "__main__":
    if sys.argv[1] == "similar":
        similar(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
