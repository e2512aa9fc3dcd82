"""Streams of every kind, small, and how to change what is in them with the sums mended."""
import os
import struct
import subprocess
import zlib

import msgpack

ENV = dict(os.environ, LC_ALL="C.UTF-8", GLOVEPIPE_JOBS="2")

VECTORS = "".join(f"{word} {i} {i % 3} -{i}.5\n" for i, word in enumerate(
    "wheat corn grain ship port sea bank rate loan the of".split(), 1))
DOCUMENTS = "".join(f"{label}\t{text}\n" for label, text in (
    ("grain", "the wheat and the corn of"), ("ship", "ship in the port of sea"),
    ("bank", "the bank loan rate"), ("grain", "corn corn grain"), ("ship", "sea port of ship"),
    ("bank", "rate of the bank")))


def run(arguments, data=b"", **options):
    options.setdefault("env", ENV)
    return subprocess.run(arguments, input=data, capture_output=True, timeout=60, **options)


def must(arguments, data=b""):
    done = run(arguments, data)
    assert done.returncode == 0, (arguments, done.stderr.decode(errors="replace"))
    return done.stdout


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    return path


def make(folder):
    """Writes vectors.txt, train.txt and a stream of each kind; returns their paths by name."""
    paths = {name: write(folder, name, text)
             for name, text in (("vectors.txt", VECTORS), ("train.txt", DOCUMENTS))}
    texts, train = paths["vectors.txt"], paths["train.txt"]
    for name, arguments in (
            ("vectors", ["glove-load", "-q", texts]),
            ("linear", ["linear-train", "-q", "--folds", "2", "--views", "bayes,word", train]),
            ("samples", ["vectorize", "-q", "--vectors", f"{folder}/vectors", train]),
            ("forest", ["rf-train", "-q", "-n", "3", f"{folder}/samples"]),
            ("predictions", ["rf-predict", "-q", "--format", "mp", "--proba", f"{folder}/forest",
                             f"{folder}/samples"]),
            ("tsv", ["rf-predict", "-q", "--proba", f"{folder}/forest", f"{folder}/samples"])):
        paths[name] = write(folder, name, must(arguments))
    return paths


def read(path):
    with open(path, "rb") as file:
        return file.read()


def records(data):
    unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)
    unpacker.feed(data)
    return list(unpacker)


def joined(objects):
    """The bytes of a stream of these records, the last of which is its end, with the sum mended."""
    data = b"".join(msgpack.packb(record) for record in objects[:-1])
    end = {key: value for key, value in objects[-1].items() if key != "crc32"}
    last = msgpack.packb(end)
    last = bytes([last[0] + 1]) + last[1:] + msgpack.packb("crc32") + b"\xce"
    return data + last + struct.pack(">I", zlib.crc32(last, zlib.crc32(data)))
