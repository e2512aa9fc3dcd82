"""Zips of every method and flag, by Python's zipfile and Info-ZIP: read to the bytes that they read,
or refused by name. Prints how many of each."""
import io
import itertools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

import streams

# APPNOTE.TXT 4.4.5, and what unzip calls them.
METHODS = {1: "shrink", 6: "implode", 9: "deflate64", 12: "bzip2", 14: "LZMA", 42: "unknown",
           93: "zstd", 95: "xz", 98: "PPMd", 99: "AES"}
ENTRY, HEADER = b"PK\1\2", b"PK\3\4"


class Pipe(io.RawIOBase):
    """What can't be sought in, so that sizes and sum come behind a member's bytes."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def by_python(text, method, force, pipe, comment, extra, prefix):
    out = Pipe() if pipe else io.BytesIO()
    if prefix:
        out.write(b"#!/bin/sh\nexit\n")
    with zipfile.ZipFile(out, "w" if pipe or not prefix else "a", method) as archive:
        info = zipfile.ZipInfo("v.txt")
        info.compress_type, info.comment = method, comment
        info.extra = struct.pack("<HHI", 0x5455, 4, 7) if extra else b""
        with archive.open(info, "w", force_zip64=force) as member:
            member.write(text)
        archive.comment = comment
    return out.data if pipe else out.getvalue()


def all_by_python(text):
    for method, force, pipe, comment, extra, prefix in itertools.product(
            (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA),
            (False, True), (False, True), (b"", b"a comment"), (False, True), (False, True)):
        if pipe and prefix:
            continue
        data = by_python(text, method, force, pipe, comment, extra, prefix)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.read("v.txt") == text
        wanted = None if method in (0, 8) else METHODS[method]
        yield f"zipfile {method} {force} {pipe} {comment} {extra} {prefix}", data, wanted


def all_by_info_zip(folder, text):
    if not shutil.which("zip"):
        return
    streams.write(folder, "v.txt", text)
    # -fd with -fz is left out: zip 3.0 then leaves the directory without its place.
    for options, wanted in itertools.chain(
            ((level + flags, None) for level in (["-0"], ["-1"], ["-9"])
             for flags in ([], ["-fd"], ["-fz"], ["-X"])),
            [(["-Z", "bzip2"], "bzip2"), (["-P", "secret"], "encrypted"),
             (["-0", "-P", "secret"], "encrypted")]):
        path = os.path.join(folder, "i.zip")
        if os.path.exists(path):
            os.unlink(path)
        done = subprocess.run(["zip", "-q", *options, "i.zip", "v.txt"], cwd=folder)
        if done.returncode == 0:
            yield f"zip {options}", streams.read(path), wanted
    packed = subprocess.run(["zip", "-q", "-", "v.txt"], cwd=folder, capture_output=True).stdout
    yield "zip to a pipe", packed, None


def all_by_number(text):
    """Methods that nothing here writes: a deflated member is called so."""
    data = by_python(text, 8, False, False, b"", False, False)
    for method, name in METHODS.items():
        number = struct.pack("<H", method)
        entry = data.index(ENTRY)
        yield f"method {method}", (data[:8] + number + data[10:entry + 10] + number +
                                   data[entry + 12:]), name
    entry = data.index(ENTRY)
    for flag, name in ((0x41, "encrypted"), (1, "encrypted")):
        flags = struct.pack("<H", flag)
        yield f"flags {flag}", data[:6] + flags + data[8:entry + 8] + flags + data[entry + 10:], name


def check(path, data, wanted, plain, by_pipe):
    arguments = ["glove-load", "-q", "-" if by_pipe else path]
    done = streams.run(arguments, data if by_pipe else b"")
    if wanted is None:
        return None if done.returncode == 0 and done.stdout == plain else done
    return None if done.returncode == 3 and wanted.encode() in done.stderr else done


def main():
    text = streams.VECTORS.encode() * 3
    read = refused = 0
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        plain = streams.must(["glove-load", "-q", streams.write(folder, "plain.txt", text)])
        for what, data, wanted in itertools.chain(all_by_python(text), all_by_info_zip(folder, text),
                                                  all_by_number(text)):
            path = streams.write(folder, "z.zip", data)
            # Whether a file is a zip behind other bytes, its end says, which a pipe does not have.
            for by_pipe in (False, True)[:1 + data.startswith(b"PK")]:
                problem = check(path, data, wanted, plain, by_pipe)
                read += wanted is None
                refused += wanted is not None
                if problem:
                    wrong.append((what, by_pipe, problem.returncode, problem.stderr[-200:]))
    print(f"{read} zips read, {refused} refused by name, {len(wrong)} otherwise")
    print("\n".join(map(str, wrong[:20])))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
