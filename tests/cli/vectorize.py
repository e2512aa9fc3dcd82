"""What vectorize.bats compares with: Python's own tokens, and a reader of samples.

    rows SAMPLES                    each row as label, tokens, known and values, by TABs
    same SAMPLES X.npy DOCUMENTS    the same bits, labels and numbers of tokens, or exit 1
    words FILE...                   the distinct tokens of label<TAB>text lines, in order
    words --no-label FILE...        likewise of whole lines
    characters                      every character that has a case or could be white space,
                                    and some of the others, alone and beside a capital sigma
    unicode                         the version of Python's own data
    peak COMMAND...                 runs it; prints its peak memory in KiB
"""
import io
import resource
import subprocess
import sys
import unicodedata


def write(text):
    sys.stdout.buffer.write(text.encode("utf-8"))


def documents(path):
    for line in io.open(path, encoding="utf-8", errors="ignore", newline="\n"):
        if line.startswith("\ufeff"):  # a byte order mark before a line is none of it
            line = line[1:]
        label, _, text = line.rstrip("\n").partition("\t")
        yield line, label, text


def blocks(path):
    import msgpack
    with open(path, "rb") as stream:
        records = list(msgpack.Unpacker(stream, raw=False, max_buffer_size=0))
    return records[0], records[1:-1]


def columns(path):
    import numpy
    header, body = blocks(path)
    x = [numpy.frombuffer(block["x"], "<f4").reshape(block["n"], header["dim"]) for block in body]
    tokens = [numpy.frombuffer(block["tokens"], "<i4") for block in body]
    known = [numpy.frombuffer(block["known"], "<i4") for block in body]
    labels = [label for block in body for label in block.get("labels", [])]
    return numpy.concatenate(x), numpy.concatenate(tokens), numpy.concatenate(known), labels


def rows(path):
    x, tokens, known, labels = columns(path)
    for i, values in enumerate(x):
        label = [labels[i]] if labels else []
        write("\t".join(label + [str(tokens[i]), str(known[i])] + [f"{v:g}" for v in values]) + "\n")


def same(samples, matrix, texts):
    import numpy
    x, tokens, _, labels = columns(samples)
    wanted = numpy.load(matrix)
    assert x.shape == wanted.shape, (x.shape, wanted.shape)
    assert x.tobytes() == wanted.tobytes(), numpy.flatnonzero((x != wanted).any(axis=1))[:10]
    lines = list(documents(texts))
    assert labels == [label for _, label, _ in lines]
    assert list(tokens) == [len(text.lower().split()) for _, _, text in lines]


def words(*paths):
    whole = paths[0] == "--no-label"
    seen = {}
    for path in paths[whole:]:
        for line, _, text in documents(path):
            seen.update(dict.fromkeys((line if whole else text).lower().split()))
    write("".join(word + "\n" for word in seen))


def characters():
    for code in range(1, 0x110000):
        c = chr(code)
        if c == "\n" or 0xD800 <= code < 0xE000:
            continue
        # Of later letters without case and of what is not assigned, all alike, one in a hundred.
        alike = code >= 0x3000 and unicodedata.category(c) in ("Lo", "Cn", "Co")
        if not alike or code % 100 == 0:
            write(f"{c} A{c}Σ AΣ{c} {c}Σ AΣ{c}A\n")


def unicode():
    print(unicodedata.unidata_version)


def peak(*command):
    subprocess.run(command, check=True)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
