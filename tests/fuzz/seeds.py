"""Writes the corpora that fuzzing starts from: seeds.py FOLDER. Small, and the same each time.

Streams of every kind and shape, gzip and zip files of every method and flag that Python can write,
lines of vectors, documents, tables and numbers at their edges.
"""
import gzip
import io
import os
import struct
import sys
import tempfile
import zipfile
import zlib

import msgpack

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


TABLES = ("label,text\na,one two\nb,\"three, \"\"four\"\"\nfive\"\n", "a;b\n\"c\"d;e\n", "sep=;\nlabel;text\n",
          "a\tb\tc\n\td\t\n", "label,text,text\r\na,b,c\r\n", "\"open,b\nc,d\n", "a,b\n\n\nc,d",
          "x|y\n1|2\n", "\xef\xbb\xbflabel,text\na,\xe9\n")

JSON = ('{"label": "a", "text": "one", "a": {"b/c": "two"}}\n{"label":1.5e-3,"text":null,"a":["x"]}\n',
        '{"label":"\\ud83d\\ude00\\ud83d","text":"\\u0000\\"\\\\\\/\\b\\f\\n\\r\\t"}\n', "[1, 2]\n",
        '{"a":[["deep"],{"b~c":true}],"label":NaN,"text":-Infinity}\n', '{"label":"a","label":"b"}',
        " \n{\"label\" : \"a\" , \"text\" : \"\xc3\xa9\"}\r\n", '{"text":"no label"}\n', '{"label":01}\n')

NUMBERED = ("1 1:0.5 3:-2\n-1 2:1e5 # a comment\n", "a 0:1 1:2\nb\n", "1 qid:3 1:1\n", "2 1:1 1:2\n", "0 5:nan 4:inf\n")


def word2vec(numbers=b"\0\0\x80\x3f\xcd\xcc\xcc\xbd"):
    return b"3 2\nthe " + numbers + b"\nof " + numbers + b"\n\xff\xc3\xa9 " + numbers


def fasttext(version=12, model=1, dim=2, buckets=4, quantized=0):
    words = (b"</s>", b"the", "caf\xe9".encode())
    entries = b"".join(word + b"\0" + struct.pack("<qb", 5, 0) for word in words)
    return b"".join((
        struct.pack("<14id", 793712314, version, dim, 5, 5, 5, 5, 1, 1, model, buckets, 2, 4, 0, 1e-4),
        struct.pack("<iiiqq", 4, 3, 1, 99, -1), entries, b"__label__x\0" + struct.pack("<qb", 5, 1),
        struct.pack("<bqq", quantized, 3 + buckets, dim),
        struct.pack(f"<{(3 + buckets) * dim}f", *range((3 + buckets) * dim))))


def npy(kind="<f4", shape="(2, 3)", numbers=bytes(range(24)), order="False"):
    head = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}"
    head += " " * (-(len(head) + 11) % 64) + "\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode() + numbers


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


def variants(data):
    """A stream whose header says something otherwise, or whose block lacks a column, the sum mended."""
    head, *blocks, end = streams.records(data)
    for key, value in head.items():
        if isinstance(value, bool):
            yield streams.joined([{**head, key: not value}, *blocks, end])
        if key not in ("format", "version", "kind"):
            yield streams.joined([{k: v for k, v in head.items() if k != key}, *blocks, end])
    for key in blocks[0] if blocks else ():
        yield streams.joined([head, {k: v for k, v in blocks[0].items() if k != key}, *blocks[1:], end])


def growing(data):
    """A forest as a checkpoint: with the digest of the samples in front, a sum behind each tree, no end."""
    head, *trees, end = streams.records(data)
    head["lineage"][-1]["read"] = end["read"]
    made = msgpack.packb(head)
    for tree in trees:
        made += msgpack.packb({**tree, "crc32": bytes(4)})[:-4]
        made += struct.pack("<I", zlib.crc32(made))
    return made


def several(*parts):
    """Parts as one input: fuzz_split of tests/fuzz/fuzz.h takes them apart."""
    sizes = struct.pack(f"<B{len(parts) - 1}H", len(parts) - 1, *map(len, parts[:-1]))
    return sizes + b"".join(parts)


def parted(paths):
    """What rf-merge, mp-join and linear-train --join read: lists of parts, by target."""
    def made(*arguments):
        return [streams.must([*arguments, f"{k}/2"] + [paths["train.txt"]]) for k in (1, 2)]
    trees = [streams.must(["rf-train", "-q", "-n", "5", "--tree-range", trees, paths["samples"]])
             for trees in ("0:1", "1:3", "3:5")]
    rows = made("vectorize", "-q", "--vectors", paths["vectors"], "--part")
    bare = made("vectorize", "-q", "--no-label", "--linear", paths["linear"], "--part")
    pieces = made("linear-train", "-q", "--folds", "2", "--views", "word,bigram", "--part")
    whole = [streams.must(["linear-train", "-q", "--folds", "2", "--views", "word,bigram", "--part",
                           "1/1", paths["train.txt"]])]
    return {"merge": [trees, trees[:2], trees[::-1], [streams.read(paths["forest"])]] +
                     [[trees[0], changed, trees[2]] for changed in variants(trees[1])],
            "join": [rows, rows[::-1], bare, rows[:1]] + [[rows[0], changed] for changed in variants(rows[1])],
            "pieces": [pieces, whole, pieces[:1], [pieces[0], pieces[0]]] +
                      [[pieces[0], changed] for changed in variants(pieces[1])]}


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
        more += [changed for stream in (*kinds.values(), *more) for changed in variants(stream)]
        tables = [streams.read(paths["tsv"]), b"earn\tearn\nacq\tearn\n"]
        state = streams.write(folder, "documents", "x\ta b c d\nx\ta b c\nx\ta b\nx\ta\n")
        streams.must(["glove-train", "-q", "--min-count", "1", "--vector-size", "3", "--iter", "2",
                      "--save-gradsq", folder + "/state", "-o", folder + "/v", state])
        states = [streams.read(folder + "/state")]
        oob = folder + "/oob"
        streams.must(["rf-train", "-q", "-n", "20", "--oob", oob, "-o", folder + "/f", paths["samples"]])
        checkpoint = growing(kinds["forest"])
        costs = streams.write(folder, "costs", "\tbank\tgrain\tship\nbank\t0\t1\t2\n"
                              "grain\t1\t0\t1\nship\t5\t1\t0\n")
        found = [streams.run(["rf-decide", "-q", *options, oob]) for options in (
            [], ["--maximize", "macro-f1"], ["--costs", costs], ["--novelty", "0.2"],
            ["--calibrate", "isotonic"], ["--calibrate", "temperature"], ["--precision", "0.5"])]
        found = [done.stdout for done in found if done.returncode == 0]
        assert len(found) > 3
        of_several = {target: [several(*parts) for parts in inputs]
                      for target, inputs in parted(paths).items()}
    lines = [bytes([2]) + line.encode("latin-1") for line in LINES]
    texts = [text.encode() for text in TEXTS]
    return {**of_several, "stream": [*kinds.values(), *more],
            "forest": [kinds["forest"], more[2], *variants(kinds["forest"])],
            "trees": [kinds["forest"], more[2], *variants(kinds["forest"])],
            "saved": [kinds["forest"], more[2], checkpoint, checkpoint[:-7], checkpoint[:len(checkpoint) // 2],
                      *variants(kinds["forest"])],
            "export": [*kinds.values(), *more],
            "sources": [kinds["vectors"], kinds["linear"], *variants(kinds["linear"])],
            "samples": [kinds["samples"], kinds["predictions"], *more, *tables],
            "state": [*states, *variants(states[0])], "decisions": [*found, *variants(found[-1])],
            "source": list(archives()), "lines": lines, "text": texts,
            "records": [bytes(way) + word2vec() for way in ([2, 0], [1, 1], [7, 0])] +
                       [bytes([3, 2 + 4 * kind]) + bytes(range(64)) for kind in range(11)],
            "subwords": [fasttext(), fasttext(11, 3), fasttext(12, 2, 1, 0), fasttext(quantized=1)],
            "load": [b"\0" + data for data in (fasttext(), word2vec(), streams.VECTORS.encode(),
                                               gzip.compress(word2vec(), mtime=0), packed(["a"]))] +
                    [b"\1" + npy(shape="(3, 2)"), b"\1" + npy("<f8", "(3, 1)")],
            "pack": [bytes([way]) + table.encode("latin-1") for table in TABLES for way in (0, 9, 0xa0)] +
                    [b"\1x\ty\n1\t2\n", b"\2" + npy(), b"\2" + npy(">f8", "(3, 1)"), b"\2" + npy("|i1", "(24,)"),
                     b"\2" + npy("<f2", "(3, 4)"), b"\2" + npy("<f4", "(2, 3)", order="True")] +
                    [b"\3" + rows.encode() for rows in NUMBERED],
            "table": [bytes([way]) + table.encode("latin-1") for table in TABLES for way in (4, 12, 0xf6)],
            "json": [lines.encode("latin-1") for lines in JSON],
            "number": [number.encode() for number in NUMBERS]}


WORDS = {"stream": ("format", "glovepipe", "version", "kind", "vectors", "samples", "forest",
                    "predictions", "linear", "dim", "features", "labelled", "trees", "first", "whole",
                    "classes", "proba", "parts", "lineage", "tool", "options", "read", "crc32", "size",
                    "words", "x", "labels", "tokens", "known", "n", "feature", "threshold", "class",
                    "weight", "kinds", "among", "counts", "opinion", "views", "columns", "predicted", "end", "rows", "blocks", "\\xce", "\\xcf", "\\xdb",
                    "\\xdd", "\\xdf", "\\xc6", "\\xff\\xff\\xff\\xff"),
         "source": ("PK\\x03\\x04", "PK\\x01\\x02", "PK\\x05\\x06", "PK\\x06\\x07", "PK\\x06\\x06",
                    "\\x1f\\x8b\\x08", "\\xff\\xff\\xff\\xff"),
         "records": ("3 2\\x0a", "the ", "\\x0a", "\\x00\\x00\\x80\\x7f", "\\xff\\xff\\xff\\xff"),
         "subwords": ("\\xba\\x16\\x4f\\x2f", "\\x0b\\x00\\x00\\x00", "\\xff\\xff\\xff\\x7f", "</s>\\x00", "__label__"),
         "load": ("\\xba\\x16\\x4f\\x2f", "\\x93NUMPY", "PK\\x03\\x04", "\\x1f\\x8b\\x08", "3 2\\x0a", " nan", "'<f4'"),
         "pack": ("\\x93NUMPY", "'descr': '", "'fortran_order': False", "'shape': (", "label", "qid:", "1:", "nan",
                  "sep=;", "\\x22", "#"),
         "table": ("\\x22", "\\x22\\x22", "label", "text", "sep=;\\x0a", "\\x0d\\x0a", "\\xef\\xbb\\xbf"),
         "json": ("\\x22label\\x22", "\\x22text\\x22", "\\\\u", "ud83d", "\\\\ude00", "null", "true", "false", "NaN",
                  "-Infinity", "[[[[[[[[", "{\\x22a\\x22:", "1e5"),
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
