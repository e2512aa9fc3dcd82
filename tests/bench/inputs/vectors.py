#!/usr/bin/python3
"""A vectors file of the shape of the published GloVe files, from a seed.

Usage: vectors.py WORDS DIM [--known VECTORS.zip] [TEXTS ...] > vectors.txt

WORDS lines of a word and DIM numbers as '%.5g', one space between. At 400,000 x 50 this is
171 MB of text and 69 MB of deflate, as glove.6B.50d.txt is.

The tokens of TEXTS (`label<TAB>text` lines) are among the words, up to half of them, scattered
evenly; the other words are made of syllables, one in fifty with a letter beyond ASCII. A word of
--known, a GloVe file of the same dimension, keeps its vector there, so that texts are told apart
as well as with real vectors. Every other number is drawn from a normal distribution of deviation
0.65, which gives the published files' bytes a number.
"""
import argparse
import io
import itertools
import sys
import zipfile

import numpy as np

SEED = 20240229
DEVIATION = 0.65


def tokens_of(paths):
    """Distinct tokens in order of appearance."""
    seen = {}
    for path in paths:
        for line in open(path, encoding="utf-8", errors="ignore", newline="\n"):
            seen.update(dict.fromkeys(line.partition("\t")[2].lower().split()))
    return list(seen)


def made_words():
    """Distinct words without end: each is the digits of a number, written in syllables."""
    syllables = [c + v for c in "b c d f g h k l m n p r s t v w".split() for v in "aeiou"]
    syllables += ["st", "ing", "er", "ion", "an", "el"]
    for number in itertools.count(len(syllables) ** 2):
        word, rest = "", number
        while rest:
            rest, digit = divmod(rest, len(syllables))
            word += syllables[digit]
        yield word.replace("o", "ö", 1) if number % 50 == 0 else word


def words_of(count, tokens, rng):
    """`count` distinct words, the tokens among them."""
    words = tokens[: count // 2]
    taken = set(tokens)
    words += itertools.islice((w for w in made_words() if w not in taken), count - len(words))
    return [words[i] for i in rng.permutation(count)]


def known_vectors(path, dim):
    """word -> its numbers as they stand in the file."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
        fields = (line.rstrip("\n").split(" ") for line in io.TextIOWrapper(member, "utf-8"))
        return {f[0]: " ".join("%.5g" % float(v) for v in f[1:]) for f in fields if len(f) == dim + 1}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("words", type=int)
    parser.add_argument("dim", type=int)
    parser.add_argument("--known")
    parser.add_argument("texts", nargs="*")
    wanted = parser.parse_intermixed_args()
    rng = np.random.default_rng([SEED, wanted.dim])
    words = words_of(wanted.words, tokens_of(wanted.texts), rng)
    known = known_vectors(wanted.known, wanted.dim) if wanted.known else {}
    numbers = " ".join(["%.5g"] * wanted.dim)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    for first in range(0, len(words), 1000):
        part = words[first : first + 1000]
        x = rng.normal(0, DEVIATION, (len(part), wanted.dim)).tolist()
        out.writelines(f"{w} {known.get(w) or numbers % tuple(v)}\n" for w, v in zip(part, x))
    out.flush()


if __name__ == "__main__":
    main()
