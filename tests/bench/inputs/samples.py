"""Samples streams in Python, as glovepipe(5) has them: write() and read()."""
import struct
import zlib

import msgpack
import numpy as np

BLOCK_FLOATS, BLOCK_ROWS = 2**18, 2**16  # at most, as glovepipe's programs write them


def column(values, of):
    return np.ascontiguousarray(values, dtype=of).tobytes()


def records(x, labels):
    """The header's map, then each block's."""
    rows, dim = x.shape
    most = min(max(1, BLOCK_FLOATS // dim), BLOCK_ROWS)
    lineage = [{"tool": "bench", "version": "1", "options": {}}]
    yield {"format": "glovepipe", "version": 1, "kind": "samples", "dim": dim, "labelled": True,
           "lineage": lineage}
    for first in range(0, rows, most):
        part = slice(first, min(first + most, rows))
        ones = np.ones(part.stop - first)
        yield {"n": len(ones), "x": column(x[part], "<f4"), "tokens": column(ones, "<i4"),
               "known": column(ones, "<i4"), "labels": list(labels[part])}


def end_record(rows, blocks, crc):
    """Laid down as bytes, for its numbers travel at full width."""
    text = b"\x85\xa3end\xc3\xa4rows" + struct.pack(">BQ", 0xCF, rows)
    text += b"\xa6blocks" + struct.pack(">BQ", 0xCF, blocks)
    text += b"\xa4read\x82\xa5crc32" + struct.pack(">BI", 0xCE, 0) + b"\xa4size" + struct.pack(">BQ", 0xCF, 0)
    text += b"\xa5crc32\xce"
    return text + struct.pack(">I", zlib.crc32(text, crc))


def write(path, x, labels):
    """x: rows x dim; labels: as many strings."""
    crc, count = 0, 0
    with open(path, "wb") as out:
        for record in records(x, labels):
            data = msgpack.packb(record)
            crc, count = zlib.crc32(data, crc), count + 1
            out.write(data)
        out.write(end_record(len(x), count - 1, crc))


def read(path):
    """x (float32, rows x dim) and the labels."""
    with open(path, "rb") as stream:
        header, *blocks, end = msgpack.Unpacker(stream, raw=False, max_buffer_size=2**31 - 1)
    assert header["kind"] == "samples" and end["rows"] == sum(b["n"] for b in blocks)
    x = np.concatenate([np.frombuffer(b["x"], "<f4").reshape(b["n"], -1) for b in blocks])
    return x, [label for b in blocks for label in b["labels"]]
