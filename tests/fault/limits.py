"""Small files that ask for much: limits that hold each alone must hold together.

Each case has a bound of memory, and one of time that is far above what it takes and far below what
it took when work went by the limits instead of by what is there. Prints a line a case.
"""
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import msgpack

LINEAGE = [{"tool": "test", "version": "1", "options": {}}]


def stream(path, header, blocks, rows):
    """`blocks` are records packed already, as there may be a million of them."""
    end = msgpack.packb({"end": True, "rows": rows, "blocks": len(blocks),
                         "read": {"crc32": 0, "size": 0}})
    head = msgpack.packb({"format": "glovepipe", "version": 1, **header, "lineage": LINEAGE})
    before = b"".join([head, *blocks, bytes([end[0] + 1]), end[1:], msgpack.packb("crc32"), b"\xce"])
    with open(path, "wb") as file:
        file.write(before + struct.pack(">I", zlib.crc32(before)))
    return path


def names(count):
    return [f"c{i:07}" for i in range(count)]


def number(value, classes):
    return struct.pack("<I", value)[:1 if classes < 255 else 2 if classes < 65535 else 4]


def forest(path, classes, trees, block, dim=1):
    return stream(path, {"kind": "forest", "dim": dim, "trees": trees, "samples": 100,
                         "classes": names(classes)}, [msgpack.packb(block)] * trees,
                  trees * block["n"])


def leaf():
    return {"n": 1, "feature": b"\xff", "threshold": b"", "class": b"\0", "weight": b"\x64",
            "counts": b""}


def split(classes):
    return {"n": 3, "feature": b"\0\xff\xff", "threshold": struct.pack("<f", 2),
            "class": number(1, classes) + number(0, classes), "weight": b"\x32\x32", "counts": b""}


def mixed(classes):
    counts = struct.pack("<II", 1, 49) + bytes(4 * classes - 8)
    return {"n": 3, "feature": b"\0\xff\xff", "threshold": struct.pack("<f", 2),
            "class": b"\xff" * len(number(0, classes)) + number(0, classes), "weight": b"\x32\x32",
            "counts": counts}


def chain(splits):
    return {"n": 2 * splits + 1, "feature": b"\0\xff" * splits + b"\xff",
            "threshold": struct.pack(f"<{splits}f", *range(splits)),
            "class": b"\0" * splits + b"\1", "weight": b"\1" * (splits + 1), "counts": b""}


def apart(splits):
    """A chain whose leaves are each of a class of its own."""
    classes = splits + 1
    return {**chain(splits), "class": b"".join(number(i, classes) for i in range(classes))}


def samples(path, rows):
    return stream(path, {"kind": "samples", "dim": 1, "labelled": False},
                  [msgpack.packb({"n": rows, "x": struct.pack("<f", 1) * rows,
                                  "tokens": b"\1\0\0\0" * rows, "known": b"\1\0\0\0" * rows})], rows)


def predictions(path, classes):
    predicted = struct.pack(f"<{classes}i", *((7 * i) % classes for i in range(classes)))
    return stream(path, {"kind": "predictions", "labelled": True, "classes": names(classes),
                         "proba": False},
                  [msgpack.packb({"n": classes, "predicted": predicted, "labels": names(classes)})],
                  classes)


def line_of(path, size):
    with open(path, "wb") as file:
        file.truncate(size - 1)
        file.seek(size - 1)
        file.write(b"\n")
    return path


def measure(arguments, seconds):
    """Status, MiB and seconds of a run whose output nobody reads."""
    began = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(arguments, stdout=nowhere, stderr=nowhere)
    try:
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid or time.monotonic() - began > seconds:
                break
            time.sleep(0.005)
    finally:
        if not pid:
            process.kill()
    process.returncode = os.waitstatus_to_exitcode(status) if pid else process.wait()
    return (process.returncode if pid else "too slow", usage.ru_maxrss // 1024 if pid else 0,
            time.monotonic() - began)


def make(folder):
    """Writes the files, in a process of its own: what a process has had counts for its children."""
    os.chdir(folder)
    samples("many", 65536)
    samples("few", 100)
    forest("wide", 1 << 20, 1, split(1 << 20))
    forest("mixed", 1 << 20, 1, mixed(1 << 20))
    forest("tall", 10000, 2, mixed(10000))
    forest("leaves", 2, 1000000, leaf())
    forest("deep", 2, 1, chain(1000000))
    forest("apart", 20001, 1, apart(20000))
    forest("most", 80001, 1, apart(80000))
    forest("features", 2, 1000000, split(2), dim=65536)
    predictions("answers", 20000)
    line_of("line", 1 << 30)


# What it is, the command, its status, MiB, seconds.
CASES = (
    ("2^20 classes", "rf-predict -j2 wide many", 0, 300, 60),
    ("2^20 classes in mixed leaves", "rf-predict -j2 mixed many", 0, 300, 60),
    ("10,000 classes, probabilities", "rf-predict -j2 --proba --format mp tall many", 0, 450, 120),
    # More jobs than there are blocks of probabilities to hold.
    ("10,000 classes, probabilities", "rf-predict -j40 --proba --format mp tall many", 0, 700, 120),
    ("10,000 classes, probabilities", "rf-predict -j40 --proba tall many", 0, 500, 120),
    ("2^20 classes in mixed leaves", "rf-predict -j40 mixed many", 0, 900, 120),
    ("10^6 trees of one leaf", "rf-predict -j2 leaves few", 0, 300, 120),
    ("a chain of 10^6 splits", "rf-predict -j2 deep few", 0, 200, 60),
    ("a chain of 10^6 splits", "mp-cat deep", 0, 150, 120),
    ("a chain of 10^6 splits", "rf-predict -j2 --contributions deep few", 0, 250, 60),
    ("20,000 leaves, all of other classes", "rf-predict -j2 apart few", 0, 60, 60),
    ("20,000 leaves, all of other classes", "rf-predict -j2 --contributions apart few", 3, 100, 60),
    ("80,000 leaves, all of other classes", "rf-importance --top 1 most", 0, 60, 10),
    ("10^6 trees of a split on one of 65,536 features", "rf-importance --top 1 features", 0, 60, 60),
    ("20,000 labels, all mistaken", "rf-eval --json answers", 0, 60, 60),
    ("20,000 labels, all mistaken", "rf-eval answers", 0, 60, 60),
    ("a line of 1 GiB", "glove-load --vocab line line", 3, 60, 60),
    ("a line of 1 GiB", "glove-load line", 3, 60, 60),
    ("a line of 1 GiB", "rf-eval --costs line answers", 3, 100, 60))


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        maker = os.fork()
        if maker == 0:
            make(folder)
            os._exit(0)
        assert os.waitpid(maker, 0)[1] == 0
        os.chdir(folder)
        for what, command, wanted, megabytes, seconds in CASES:
            status, memory, took = measure(command.split(), seconds)
            good = status == wanted and memory <= megabytes
            failed += not good
            print(f"{'' if good else 'WRONG: '}{what}: {command}: status {status}, {memory} MiB of "
                  f"{megabytes}, {took:.1f} s of {seconds}", flush=True)
        os.chdir("/")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
