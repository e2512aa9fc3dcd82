#!/usr/bin/python3
"""What the tests of glove-load compare with, in Python.

glove-load.py rows STREAM              the words and vectors of a stream, as text
glove-load.py blocks STREAM            how many rows each block has
glove-load.py oracle NOTEBOOK STREAM VECTORS    STREAM holds what the reference run loads
glove-load.py numbers LINES            writes vectors of one dimension with hard numbers
glove-load.py equal STREAM LINES       STREAM holds what numpy makes of those numbers
glove-load.py peak COMMAND...          runs it; prints the most memory it had resident, in MiB
glove-load.py random BYTES             random bytes, to standard output
glove-load.py large ZIP                a zip whose member unpacks to more than 4 GiB; prints how
                                       many of its lines are repeats
glove-load.py far ZIP                  a zip whose second member lies behind 4 GiB
"""
import importlib.util
import random
import resource
import struct
import subprocess
import sys
import zipfile
import zlib


def read(path):
    import msgpack
    import numpy as np

    words, rows, blocks = [], [], []
    with open(path, "rb") as file:
        for record in msgpack.Unpacker(file, raw=False, max_buffer_size=2**31 - 1):
            if "format" in record:
                dim = record["dim"]
            elif "end" not in record:
                words += record["words"]
                rows.append(np.frombuffer(record["x"], dtype="<f4").reshape(record["n"], dim))
                blocks.append(record["n"])
    return words, np.concatenate(rows) if rows else np.zeros((0, dim), "float32"), blocks


def rows(path):
    words, x, _ = read(path)
    for word, vector in zip(words, x):
        print(word, *("%.9g" % value for value in vector), sep="|")


def blocks(path):
    print(*read(path)[2])


def oracle(notebook, path, vectors):
    spec = importlib.util.spec_from_file_location("notebook", notebook)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    expected = module.load_vectors(vectors)
    words, x, _ = read(path)
    loaded = dict(zip(words, x))
    assert list(loaded) == list(expected), "other words"
    for word, vector in expected.items():
        assert vector.tobytes() == loaded[word].tobytes(), word
    print(len(loaded))


def hard_number(rng):
    import numpy as np

    kind = rng.randrange(6)
    if kind == 0:
        return repr(struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0])
    if kind == 1:
        return "%.5g" % rng.gauss(0, 0.4)
    if kind == 2:
        return "%.17g" % rng.gauss(0, 10 ** rng.uniform(-12, 8))
    if kind == 3:
        digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 25)))
        point = rng.randint(0, len(digits))
        return rng.choice(["", "-"]) + digits[:point] + "." + digits[point:]
    if kind == 4:
        return "%d.%de%d" % (rng.randrange(10), rng.randrange(10**12), rng.randint(-60, 45))
    low = np.uint32(rng.randrange(0x7F000000)).view("float32")
    tie = (float(low) + float(np.nextafter(low, np.float32(np.inf)))) / 2
    return rng.choice(["%.17g", "%.20g", "%.80g", "%.16e"]) % tie


def numbers(path):
    rng = random.Random(1)
    with open(path, "w") as file:
        for i in range(40000):
            file.write("w%d %s\n" % (i, " ".join(hard_number(rng) for _ in range(3))))


def equal(path, text):
    import numpy as np

    _, x, _ = read(path)
    with open(text) as file:
        fields = [line.split()[1:] for line in file]
    with np.errstate(all="ignore"):
        expected = np.asarray(fields, dtype="float64").astype("float32")
        # The definition, for some of them: numpy's own reading of text.
        assert (np.asarray(fields[:500], dtype="float32").tobytes() == expected[:500].tobytes())
    assert x.shape == expected.shape
    assert x.tobytes() == expected.tobytes()


def peak(*command):
    subprocess.run(command, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)


def write_random(size):
    sys.stdout.buffer.write(random.Random(2).randbytes(int(size)))


def large(path):
    """Deflate data in which one block, flushed so that it needs nothing before it, repeats."""
    words = 20000
    block = b"".join(b"word%d" % i + 25 * b" 0.5 -0.25" + b"\n" for i in range(words))
    count = (1 << 32) // len(block) + 2
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(6, zlib.DEFLATED, -15).flush()
    crc = 0
    for _ in range(count):
        crc = zlib.crc32(block, crc)
    write_zip(path, 8, crc, len(block) * count, [packed] * count + [end])
    print(f"{(count - 1) * words:,}")


def write_zip(path, method, crc, size, parts):
    name, packed_size = b"large.txt", sum(map(len, parts))
    sizes = struct.pack("<HHQQ", 1, 16, size, packed_size)
    header = struct.pack("<HHHHHIIIHH", 45, 0, method, 0, 33, crc, 2**32 - 1, 2**32 - 1, len(name),
                         len(sizes))
    with open(path, "wb") as file:
        file.write(b"PK\3\4" + header + name + sizes)
        file.writelines(parts)
        start = file.tell()
        file.write(b"PK\1\2" + struct.pack("<H", 45) + header + bytes(14) + name + sizes)
        size = file.tell() - start
        file.write(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, size, start, 0))


def far(path):
    """Before the second member is a hole in the file, which takes no room on most disks."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("near.txt", b"near 1 2\n")
    with zipfile.ZipFile(path, "a") as archive:
        archive.start_dir = 5 * 10**9
        archive.writestr("far.txt", b"far 1 2\naway 3 4\n", zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    commands = {"rows": rows, "blocks": blocks, "oracle": oracle, "numbers": numbers,
                "equal": equal, "peak": peak, "random": write_random, "large": large, "far": far}
    commands[sys.argv[1]](*sys.argv[2:])
