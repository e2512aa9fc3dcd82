"""Writes the corpora that fuzzing starts from: seeds.py FOLDER. Small, and the same each time.

Streams of every kind and shape, gzip and zip files of every method and flag that Python can write,
lines of vectors, documents, tables and numbers at their edges.
"""
import gzip
import io
import os
import sys
import tempfile
import zipfile
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fault"))
import streams  # noqa: E402

NUMBERS = """0 -0 1 -1 .5 5. 1e5 1E-5 1e+38 3.4028235e38 3.4028236e38 3.40282356779733661637e38 1e39
1.17549435e-38 1e-45 7.006492321624085e-46 7.0064923216240854e-46 1e-46 inf -inf nan Infinity 1_000
1__0 _1 0x1p3 1e 1e+ + . 16777217 16777219 0.1 0.30000001192092896 123456789012345678901234567890
8388609.5 1.00000005960464477539062500001 4.9406564584124654e-324 1e-400 1e400""".split()

LINES = ("the 1 2 3\nof -0.5 1e-5 .25\n", "2 3\na 1 2 3\nb 4 5 6\n", ". . . 1 2 3\r\nx 1 2\n\n",
         "a\xa0b 1 2 3\n caf\xc3\xa9 1 nan inf\n", "a\t1\t2\t3\n", "a 1,5 2,5 3,5\n", "a [1, 2, 3]\n",
         "\xef\xbb\xbfa 1 2 3", "a 1 2 3 " + "9" * 70 + "\n", " \n  1 2 3\n")

TEXTS = ("earn\tThe Wheat And\n", "__label__a some text\n__label__b __label__c x\n", "no tab here\n",
         "a\tΟΔΥΣΣΕΥΣ ΣΟΦΟΣ İI\n", "a\tx\u2028y\u0085z\u3000w\n", "\t\n\n", "a\tb\tc\td\n",
         "\tacq\tearn\nacq\t0\t1\nearn\t5.5\t0\n", "a\r\nb\r\n", "\x00\x1b\x9b\tx\n")


def packed(names, method=zipfile.ZIP_DEFLATED, comment=b"", prefix=b"", force=False):
    data = io.BytesIO()
    data.write(prefix)
    with zipfile.ZipFile(data, "a" if prefix else "w", method) as archive:
        for name in names:
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=force) as member:
                member.write(streams.VECTORS.encode())
        archive.comment = comment
    return data.getvalue()


def archives():
    text = streams.VECTORS.encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    yield text
    yield gzip.compress(text, mtime=0)
    yield gzip.compress(text, 0, mtime=0)
    yield gzip.compress(text[:50], mtime=0) + gzip.compress(text[50:], mtime=0)
    yield b"\x1f\x8b\x08\x1e\0\0\0\0\0\3" + b"\4\0abcd" + b"name\0" + b"comment\0" + b"\0\0" + \
        raw.compress(text) + raw.flush()
    yield packed(["a.txt"])
    yield packed(["a.txt"], zipfile.ZIP_STORED)
    yield packed(["a.txt"], zipfile.ZIP_BZIP2)
    yield packed(["a.txt"], zipfile.ZIP_LZMA)
    yield packed(["a.txt", "b/", "__MACOSX/x", "b/c.txt"], comment=b"a comment")
    yield packed(["a.txt"], prefix=b"#!/bin/sh\n")
    yield packed(["a.txt"], force=True)
    yield packed([])


def parts():
    with tempfile.TemporaryDirectory() as folder:
        paths = streams.make(folder)
        kinds = {kind: streams.read(paths[kind])
                 for kind in ("vectors", "linear", "samples", "forest", "predictions")}
        more = [streams.must(["vectorize", "-q", "--no-label", "--vectors", paths["vectors"],
                              paths["train.txt"]]),
                streams.must(["vectorize", "-q", "--linear", paths["linear"], paths["train.txt"]]),
                streams.must(["rf-train", "-q", "-n", "4", "--tree-range", "1:3",
                              "--min-samples-leaf", "2", paths["samples"]])]
        for detail in ("--leaves", "--paths", "--contributions", "--log-proba"):
            done = streams.run(["rf-predict", "-q", "--format", "mp", detail, paths["forest"],
                                paths["samples"]])
            more += [done.stdout] if done.returncode == 0 else []
        tables = [streams.read(paths["tsv"]), b"earn\tearn\nacq\tearn\n"]
    lines = [bytes([2]) + line.encode("latin-1") for line in LINES]
    texts = [text.encode() for text in TEXTS]
    return {"stream": [*kinds.values(), *more], "forest": [kinds["forest"], more[2]],
            "sources": [kinds["vectors"], kinds["linear"]],
            "samples": [kinds["samples"], kinds["predictions"], *more, *tables],
            "source": list(archives()), "lines": lines, "text": texts,
            "number": [number.encode() for number in NUMBERS]}


WORDS = {"stream": ("format", "glovepipe", "version", "kind", "vectors", "samples", "forest",
                    "predictions", "linear", "dim", "features", "labelled", "trees", "first", "whole",
                    "classes", "proba", "parts", "lineage", "tool", "options", "read", "crc32", "size",
                    "words", "x", "labels", "tokens", "known", "n", "feature", "threshold", "class",
                    "weight", "counts", "predicted", "end", "rows", "blocks", "\\xce", "\\xcf", "\\xdb",
                    "\\xdd", "\\xdf", "\\xc6", "\\xff\\xff\\xff\\xff"),
         "source": ("PK\\x03\\x04", "PK\\x01\\x02", "PK\\x05\\x06", "PK\\x06\\x07", "PK\\x06\\x06",
                    "\\x1f\\x8b\\x08", "\\xff\\xff\\xff\\xff"),
         "number": ("inf", "nan", "infinity", "e-", "E+", "_", "0000000000", "9999999999"),
         "lines": (" ", "\\x0d\\x0a", "e-5", "nan", "\\xc2\\xa0", "\\xef\\xbb\\xbf"),
         "text": ("__label__", "\\x09", "\\xe2\\x80\\xa8", "\\xc2\\x85", "\\xce\\xa3", "\\xc4\\xb0")}


def registered():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "targets")
    with open(path, encoding="ascii") as lines:
        return [line.split()[0] for line in lines if line.strip() and line[0] != "#"]


def main():
    folder = sys.argv[1]
    made = parts()
    assert sorted(made) == sorted(registered()), "corpora and the list of targets differ"
    for target, seeds in made.items():
        os.makedirs(os.path.join(folder, target), exist_ok=True)
        for number, seed in enumerate(seeds):
            streams.write(os.path.join(folder, target), f"seed-{number:02}", seed)
        words = WORDS.get(target, WORDS["stream"])
        streams.write(folder, target + ".dict", "".join(f'"{word}"\n' for word in words))


if __name__ == "__main__":
    main()
