"""Samples streams out, forest streams in, for the comparisons with scikit-learn."""

import struct
import zlib

import msgpack
import numpy as np

BLOCK_ROWS = 1024


def end_record(rows, blocks, before):
    """The last record, laid out as glovepipe(5) has it; `before` is every byte ahead of it."""
    record = b"\x85\xa3end\xc3\xa4rows\xcf" + struct.pack(">Q", rows)
    record += b"\xa6blocks\xcf" + struct.pack(">Q", blocks)
    record += b"\xa4read\x82\xa5crc32\xce" + struct.pack(">I", 0)
    record += b"\xa4size\xcf" + struct.pack(">Q", 0) + b"\xa5crc32\xce"
    return record + struct.pack(">I", zlib.crc32(record, zlib.crc32(before)))


def write_samples(path, x, labels, names=None):
    """`names`: of the features; without, they have none."""
    x = np.ascontiguousarray(x, dtype="<f4")
    lineage = [{"tool": "oracle", "version": "1", "options": {}}]
    named = {} if names is None else {"features": [str(name) for name in names]}
    out = msgpack.packb({"format": "glovepipe", "version": 1, "kind": "samples",
                         "dim": x.shape[1], **named, "labelled": True, "lineage": lineage})
    starts = range(0, len(x), BLOCK_ROWS)
    for start in starts:
        rows = x[start:start + BLOCK_ROWS]
        counts = np.ones(len(rows), dtype="<i4").tobytes()
        out += msgpack.packb({"n": len(rows), "x": rows.tobytes(), "tokens": counts,
                              "known": counts,
                              "labels": [str(label) for label in labels[start:start + len(rows)]]})
    with open(path, "wb") as file:
        file.write(out + end_record(len(x), len(starts), out))


def unsigned(column, rows):
    """A column of 1, 2 or 4 bytes a row; -1 where all bits are ones."""
    width = len(column) // rows
    values = np.frombuffer(column, dtype=f"<u{width}").astype(np.int64)
    return np.where(values == 256**width - 1, -1, values)


def leaf_counts(block, mixed, classes):
    """The training samples of each class in each mixed leaf; all of them at once, as it was, too."""
    if not mixed:
        return np.zeros((0, classes), dtype=np.uint32)
    if "kinds" not in block:
        return np.frombuffer(block["counts"], dtype="<u4").reshape(mixed, classes)
    kinds = unsigned(block["kinds"], mixed)
    counts = np.zeros((mixed, classes), dtype=np.uint32)
    leaves = np.repeat(np.arange(mixed), kinds)
    counts[leaves, unsigned(block["among"], kinds.sum())] = unsigned(block["counts"], kinds.sum())
    return counts


def read_forest(path):
    """The header and, for each tree, its columns as arrays."""
    with open(path, "rb") as file:
        header, *blocks, end = msgpack.Unpacker(file, raw=False, strict_map_key=False,
                                                max_buffer_size=2**31 - 1)
    assert header["kind"] == "forest" and end["end"] and end["blocks"] == len(blocks)
    trees = []
    for block in blocks:
        leaves = (block["n"] + 1) // 2
        kind = unsigned(block["class"], leaves)
        trees.append({
            "feature": unsigned(block["feature"], block["n"]),
            "threshold": np.frombuffer(block["threshold"], dtype="<f4"),
            "class": kind,
            "weight": unsigned(block["weight"], leaves),
            "counts": leaf_counts(block, np.count_nonzero(kind < 0), len(header["classes"])),
        })
    return header, trees


def opinion(header, x):
    """What evidence says of rows for itself, rows x classes, and its part of the vote: 0 where it has none."""
    if "opinion" not in header:
        return np.zeros((len(x), len(header["classes"]))), 0.0
    about = header["opinion"]
    said = np.zeros((len(x), len(header["classes"])))
    for view in about["views"]:
        said += view["weight"] * np.nan_to_num(np.asarray(x, dtype=float)[:, view["columns"]])
    said = np.exp(about["sharpness"] * (said - said.max(axis=1, keepdims=True)))
    return said / said.sum(axis=1, keepdims=True), about["share"]
