#!/usr/bin/python3
"""GloVe in plain numpy, step by step in one thread: what glove-train must give to the last bit.

Usage: glove.py CORPUS VECTORS COSTS [--NAME VALUE]...

Reads label<TAB>text lines, trains with glove-train's options and defaults, and compares: every
float32 of VECTORS (GloVe's text), and the costs in COSTS (glove-train's messages). Silent, or a
sentence and status 1. Slow: for a few thousand words of text.
"""
import math
import sys

import numpy as np

OPTIONS = {
    "min-count": 2, "max-vocab": 1 << 24, "window-size": 10, "symmetric": 1,
    "distance-weighting": 1, "x-max": 10.0, "alpha": 0.75, "eta": 0.05, "vector-size": 50,
    "iter": 50, "seed": 0, "model": "W+C",
}
UNIT = 1 << 28
MASK = (1 << 64) - 1
f32 = np.float32


class Random:
    """xoshiro256** filled by SplitMix64, keyed by (seed, stream)."""

    def __init__(self, seed, stream):
        self.mix = seed
        self.mix = self.splitmix() ^ stream
        self.state = [self.splitmix() for _ in range(4)]

    def splitmix(self):
        self.mix = (self.mix + 0x9E3779B97F4A7C15) & MASK
        z = self.mix
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def next(self):
        s = self.state
        x = (s[1] * 5) & MASK
        result = (((x << 7) | (x >> 57)) & MASK) * 9 & MASK
        shifted = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
        return result

    def below(self, bound):
        product = (self.next() >> 32) * bound
        if product & 0xFFFFFFFF < bound:
            while product & 0xFFFFFFFF < (1 << 32) % bound:
                product = (self.next() >> 32) * bound
        return product >> 32

    def unit(self):
        return (self.next() >> 11) * 2.0**-53

    def shuffle(self, items):
        for left in range(len(items), 1, -1):
            other = self.below(left)
            items[left - 1], items[other] = items[other], items[left - 1]


def read_words(path, options):
    """The documents as ranks, words that get no vector left out; and the words by rank."""
    with open(path, encoding="utf-8", errors="ignore", newline="\n") as corpus:
        documents = [line.rstrip("\n").partition("\t")[2].lower().split() for line in corpus]
    counts = {}
    for document in documents:
        for word in document:
            counts[word] = counts.get(word, 0) + 1
    words = [word for word in counts if counts[word] >= options["min-count"]]
    words.sort(key=lambda word: -counts[word])  # stable: first come, first ranked
    words = words[:options["max-vocab"]]
    rank = {word: number for number, word in enumerate(words)}
    return [[rank[word] for word in document if word in rank] for document in documents], words


def count_pairs(documents, options):
    """(word, context) -> count in units."""
    pairs = {}

    def add(word, context, units):
        pairs[word, context] = pairs.get((word, context), 0) + units

    for document in documents:
        for at, context in enumerate(document):
            for distance in range(1, min(at, options["window-size"]) + 1):
                word = document[at - distance]
                units = round(UNIT / distance) if options["distance-weighting"] else UNIT
                add(word, context, units)
                if options["symmetric"]:
                    add(context, word, units)
    return pairs


class Grid:
    def __init__(self, words, row_size):
        bits = 4
        while bits < 8 and -(-words >> bits) > (1 << 20) // row_size:
            bits += 1
        while bits > 0 and 1 << bits > words:
            bits -= 1
        self.stripes = 1 << bits

    def place(self, rank):
        """Stripe and row: words are dealt back and forth."""
        row, stripe = divmod(rank, self.stripes)
        return (self.stripes - 1 - stripe if row % 2 else stripe), row


def arrange(pairs, grid, options):
    """block -> its (word, context, log count, weight), shuffled."""
    blocks = {}
    for (word, context), units in pairs.items():
        (row, i), (column, j) = grid.place(word), grid.place(context)
        count = units / UNIT
        weight = (count / options["x-max"]) ** options["alpha"] if count < options["x-max"] else 1
        key = (i, j, 0)
        if options["symmetric"] and (column, j) < (row, i):
            key = (j, i, 1)  # stands where its twin of the other order stands, behind it
        blocks.setdefault((row, column), []).append(
            (key, word, context, f32(math.log(count)), f32(weight)))
    for (row, column), block in blocks.items():
        block.sort(key=lambda item: item[0])
        Random(options["seed"], 1 << 56 | row * grid.stripes + column).shuffle(block)
    return blocks


class Side:
    """The words' rows, or the contexts': vector, bias, constant 1, and their squares."""

    def __init__(self, side, count, options):
        dim = options["vector-size"]
        width = -(-(dim + 2) // 16) * 16
        self.rows = np.zeros((count, width), f32)
        self.squares = np.ones((count, width), f32)
        self.rates = np.zeros(width, f32)
        self.rates[:dim] = options["eta"]
        self.rates[dim + side] = 1
        self.rows[:, dim + 1 - side] = 1
        for rank in range(count):
            random = Random(options["seed"], 2 * rank + side)
            for lane in list(range(dim)) + [dim + side]:
                self.rows[rank, lane] = (random.unit() - 0.5) / dim


def dot(left, right):
    sums = np.zeros(16, f32)
    for k in range(0, len(left), 16):
        sums = sums + left[k:k + 16] * right[k:k + 16]
    while len(sums) > 1:
        half = len(sums) // 2
        sums = sums[:half] + sums[half:]
    return sums[0]


def step(words, contexts, item):
    _, word, context, log_count, weight = item
    w, c = words.rows[word].copy(), contexts.rows[context].copy()
    difference = dot(w, c) - log_count
    slope = weight * difference
    for side, row, other in ((words, word, c), (contexts, context, w)):
        move = slope * side.rates * other
        side.rows[row] -= move / np.sqrt(side.squares[row])
        side.squares[row] += move * move
    return float(slope) * float(difference)


def train(pairs, count, options):
    """The words' side, the contexts', and the cost of each pass."""
    words, contexts = Side(0, count, options), Side(1, count, options)
    grid = Grid(count, 2 * 4 * words.rows.shape[1])
    blocks = arrange(pairs, grid, options)
    costs = []
    for number in range(1, options["iter"] + 1):
        shifts = list(range(grid.stripes))
        Random(options["seed"], 2 << 56 | number).shuffle(shifts)
        terms = {}
        for shift in shifts:
            for row in range(grid.stripes):
                block = row, (row + shift) % grid.stripes
                total = 0.0
                for item in blocks.get(block, []):
                    total += step(words, contexts, item)
                terms[block] = total
        costs.append(0.5 * sum(terms[block] for block in sorted(terms)) / len(pairs))
    return words, contexts, costs


def wanted_vectors(words, contexts, options):
    dim = options["vector-size"]
    parts = {"W": [words.rows], "C": [contexts.rows], "W+C": [words.rows, contexts.rows]}
    sides = [rows[:, :dim] for rows in parts[options["model"]]]
    vectors = sides[0] if len(sides) == 1 else sides[0] + sides[1]
    rare = sum(side[-100:].astype(float) for side in sides)
    return np.vstack([vectors, (rare.sum(axis=0) / len(rare)).astype(f32)])


def compare(names, vectors, costs, vectors_path, costs_path):
    with open(vectors_path, encoding="utf-8") as text:
        lines = [line.rstrip("\n").split(" ") for line in text]
    if [line[0] for line in lines] != names + ["<unk>"]:
        return "other words, or in another order"
    got = np.array([[f32(number) for number in line[1:]] for line in lines], f32)
    if not np.array_equal(got, vectors):
        differ = np.argwhere(got != vectors)
        return f"{len(differ)} of {got.size} numbers differ, the first at {differ[0]}"
    with open(costs_path, encoding="utf-8") as messages:
        said = [line.split()[-1] for line in messages if " cost " in line]
    if said != [f"{cost:.6f}" for cost in costs]:
        return f"costs {said}, expected {costs}"
    return None


def main():
    corpus, vectors_path, costs_path, *rest = sys.argv[1:]
    options = dict(OPTIONS)
    for name, value in zip(rest[::2], rest[1::2]):
        options[name.lstrip("-")] = type(options[name.lstrip("-")])(value)
    documents, names = read_words(corpus, options)
    words, contexts, costs = train(count_pairs(documents, options), len(names), options)
    vectors = wanted_vectors(words, contexts, options)
    return compare(names, vectors, costs, vectors_path, costs_path)


if __name__ == "__main__":
    sys.exit(main())
