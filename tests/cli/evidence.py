"""Linear streams written anew, beside those that linear-train writes.

    evidence.py cut ROWS FROM TO                the same with its documents in blocks of so many rows
    evidence.py many DOCUMENTS CLASSES FROM TO  of one view: its terms, and scores of so many documents
    evidence.py peak COMMAND...                 runs it; the most memory that it took, in KiB
"""
import os
import resource
import subprocess
import sys

import msgpack

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../oracle"))
from streams import end_record  # noqa: E402


def read(path):
    with open(path, "rb") as file:
        header, *blocks, _ = msgpack.Unpacker(file, raw=False, max_buffer_size=2**31 - 1)
    return header, blocks


def write(path, header, blocks):
    out = b"".join(msgpack.packb(record) for record in (header, *blocks))
    with open(path, "wb") as file:
        file.write(out + end_record(sum(block["n"] for block in blocks), len(blocks), out))


def pieces(block, rows):
    for first in range(0, block["n"], rows):
        count = min(rows, block["n"] - first)
        piece = {"n": count}
        for key, column in block.items():
            if key != "n":
                width = len(column) // block["n"]
                piece[key] = column[first * width:(first + count) * width]
        yield piece


def cut(rows, source, path):
    header, blocks = read(source)
    cut_up = []
    for block in blocks:
        cut_up += pieces(block, int(rows)) if "hashes" in block else [block]
    assert len(cut_up) > len(blocks) + 2
    write(path, header, cut_up)


def many(documents, classes, source, path):
    header, blocks = read(source)
    documents, classes = int(documents), int(classes)
    header["classes"] = [f"label {label:04}" for label in range(classes)]
    header["samples"] = header["scored"] = documents
    header["parts"][0]["intercepts"] = bytes(4 * classes)
    terms = [dict(block, weights=bytes(4 * classes * block["n"])) for block in blocks if "terms" in block]
    scored = {"n": documents, "hashes": b"".join(row.to_bytes(8, "little") for row in range(documents)),
              "labels": bytes(4 * documents), "copies": (1).to_bytes(4, "little") * documents,
              "scores": bytes(4 * classes * documents)}
    write(path, header, terms + list(pieces(scored, 1000)))


def peak(*command):
    subprocess.run(command, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
