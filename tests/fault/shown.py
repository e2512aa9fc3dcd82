"""Names from outside that would steer a terminal, in every field of every tool.

shown.py: each string of a stream of each kind (labels, words, features, options, tools, versions,
keys), labels and words of text, members of zips, names of files and values of options are made
hostile in turn, and every program that reads or says them is run. Nothing of what it prints, on
either side, may hold a control character but the ends of lines and TABs, a separator of lines, a
change of direction, or a byte that is not UTF-8. Prints how many runs were looked at.
"""
import io
import json
import os
import re
import sys
import tempfile
import unicodedata
import zipfile

import streams
from streams import run, write

# CSI in 7 and 8 bits, an operating system command, device control, directions, separators, DEL.
HOSTILE = "a\x1b[31mb\x1b]0;t\x07c\x9b31md\x90e\u202ef\u2028g\u2029h\x7fi\u2066j\u200ek\x85l"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

looked = 0
shown = 0
failures = []


def look(arguments, data=b"", **options):
    global looked, shown
    done = run([os.fsencode(a) if isinstance(a, str) else a for a in arguments], data, **options)
    looked += 1
    for side, said in (("stdout", done.stdout), ("stderr", done.stderr)):
        if side == "stdout" and said[:1] >= b"\x80" and b"glovepipe" in said[:64]:
            continue  # a stream is no text
        shown += b"\\x1b" in said or b"\\u001b" in said or b"\\x9b" in said
        try:
            wrong = FORBIDDEN.search(said.decode())
        except UnicodeDecodeError as error:
            failures.append((arguments, side, str(error), said[-200:]))
            continue
        if wrong:
            failures.append((arguments, side, repr(wrong.group()), said[-200:]))
    if done.returncode not in (0, 1, 2, 3, 4):
        failures.append((arguments, "status", done.returncode, done.stderr[-200:]))


def places(value, path=()):
    """The paths of all strings in a record, keys too; of long lists the first two and the last."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for key, below in value.items():
            yield path + (("key", key),)
            yield from places(below, path + (key,))
    elif isinstance(value, list):
        for i in sorted({0, 1, len(value) - 1} & set(range(len(value)))):
            yield from places(value[i], path + (i,))


def changed(value, path):
    if not path:
        return value + HOSTILE
    step, rest = path[0], path[1:]
    if isinstance(step, tuple):
        return {k + HOSTILE if k == step[1] else k: v for k, v in value.items()}
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = changed(value[step], rest)
    return copy


def consumers(kind, file, paths):
    yield from ([["mp-cat", file], ["mp-cat", "--check", file], ["mp-cat", "--lineage", file],
                 ["mp-cat", "--stats", file], ["mp-cat", "--head", "1", file]])
    if kind == "vectors":
        yield ["vectorize", "-v", "--vectors", file, paths["train.txt"]]
        yield ["mp-cat", "--neighbours", "wheat" + HOSTILE, file]
        yield ["mp-cat", "--neighbours", "wheat", file]
    elif kind == "linear":
        yield ["vectorize", "-v", "--linear", file, paths["train.txt"]]
    elif kind == "samples":
        yield ["rf-train", "-v", "-n", "2", file]
        yield ["rf-train", "-q", "-n", "2", "--tree-range", "0:1", file]
        yield ["rf-predict", "-v", "--proba", paths["forest"], file]
    elif kind == "forest":
        yield ["rf-predict", "-v", "--proba", file, paths["samples"]]
        yield ["rf-predict", "-v", "--force", file, paths["samples"]]
        for form in ("text", "tsv", "json", "html"):
            yield ["rf-explain", "--format", form, "--force", "--vectors", paths["vectors"], file,
                   paths["train.txt"]]
        yield ["rf-importance", "--permutation", paths["samples"], file]
        yield ["rf-importance", file]
        yield ["rf-importance", "--groups", file]
        yield ["rf-merge", "-v", file, file]
    elif kind == "predictions":
        for options in ([], ["--json"], ["--all"], ["--all", "--json"],
                        ["--against", paths["predictions"]]):
            yield ["rf-eval", *options, file]
        yield ["rf-suspect", file, paths["train.txt"]]
        yield ["rf-decide", file]


def of_streams(folder, paths):
    for kind in ("vectors", "linear", "samples", "forest", "predictions"):
        whole = streams.records(streams.read(paths[kind]))
        # The header, the first block and the end.
        for number in sorted({0, 1, len(whole) - 1}):
            for place in places(whole[number]):
                altered = list(whole)
                altered[number] = changed(whole[number], place)
                file = write(folder, "altered", streams.joined(altered))
                for arguments in consumers(kind, file, paths):
                    look(arguments)


def of_texts(folder, paths):
    word = HOSTILE.replace("\u2028", "").replace("\u2029", "").replace("\x85", "")
    train = write(folder, "train", f"a{word}\twheat {word} corn\nb\t{word}\n" +
                  streams.DOCUMENTS * 2 + f"{HOSTILE} no tab\n")
    for arguments in (["vectorize", "-v", "--vectors", paths["vectors"]], ["vectorize", "--words"],
                      ["linear-train", "-v", "--views", "bayes,word"], ["glove-train", "-v"]):
        look(arguments + [train])
    for form in ("text", "tsv", "json", "html"):
        look(["rf-explain", "--format", form, "--vectors", paths["vectors"], paths["forest"], train])
        look(["rf-explain", "--format", form, "--words", "0", "--similar", "1", "--training", train,
              "--vectors", paths["vectors"], paths["forest"], train])
    for arguments in (["corpus"], ["corpus", "--format", "tsv"], ["corpus", "--test", train],
                      ["rf-suspect", paths["predictions"]], ["relabel", train]):
        look(arguments + [train])
    table = write(folder, "t.csv", f"label,x{HOSTILE},y\na{HOSTILE},1,2\nb,{HOSTILE},3\n")
    lines = write(folder, "t.jsonl", json.dumps({"label": HOSTILE, "text": HOSTILE}) +
                  '\n{"label": "' + HOSTILE + '"\n')
    for options in ([], ["--header"], ["--label-column", HOSTILE], ["--label-column", "label"]):
        look(["mp-pack", "-o", folder + "/out", *options, table])
        look(["linear-train", "-o", folder + "/out", *options, table])
    for options in ([], ["--from", "json"], ["--text-key", HOSTILE]):
        look(["linear-train", "-o", folder + "/out", *options, lines])
        look(["corpus", *options, lines])
    vectors = write(folder, "bad.txt", f"{word} 1 2 3\nx {word} 2 3\ny 1 2\n" + streams.VECTORS)
    for options in ([], ["--strict"], ["--defects", "-"], ["--vocab", train], ["-v"]):
        look(["glove-load", "-o", folder + "/out", *options, vectors])
    tsv = streams.read(paths["tsv"])
    for old, new in ((b"grain", b"grain" + HOSTILE.encode()), (b"0.", b"0" + HOSTILE.encode()),
                     (b"\t", b"\t" + HOSTILE.encode()), (b"grain", b"gr\xff\x9bain")):
        for turn in (1, -1):
            file = write(folder, "tsv", tsv.replace(old, new, turn))
            for options in ([], ["--json"], ["--all"]):
                look(["rf-eval", *options, file])
    for costs in (f"grain{HOSTILE}\tship\t2\n", f"grain\tship\t{HOSTILE}\n", HOSTILE,
                  f"{HOSTILE}\t{HOSTILE}\t1\t2\n"):
        look(["rf-eval", "--costs", write(folder, "costs", costs), paths["predictions"]])


def of_zips(folder):
    for names in ([HOSTILE], [HOSTILE, "b\nc\t1"], ["x"]):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, streams.VECTORS)
        for data in (packed.getvalue(), packed.getvalue().replace("\x9b".encode(), b"\x9b\x90"),
                     packed.getvalue().replace(b"\x08\x00", b"\x63\x00")):
            file = write(folder, "zip", data)
            for options in (["--list"], ["-o", folder + "/out"], ["--member", HOSTILE],
                            ["--member", names[0], "-v", "-o", folder + "/out"]):
                look(["glove-load", *options, file])


def of_names(folder, paths):
    raw = os.fsencode(folder) + b"/" + HOSTILE.encode() + b"\n\x9b\xff"
    for there in (False, True):
        if there:
            with open(raw, "wb") as file:
                file.write(b"\x00not a stream\n")
        for program in ("corpus", "glove-load", "glove-train", "linear-train", "mp-cat", "mp-join",
                        "mp-pack", "relabel", "rf-decide", "rf-eval", "rf-explain", "rf-importance",
                        "rf-merge", "rf-predict", "rf-suspect", "rf-train", "vectorize"):
            look([program, raw])
            look([program, "-o", raw + b"/x", paths["train.txt"]])
            look([program, "--" + HOSTILE, paths["train.txt"]])
            look([program, "-j", HOSTILE, paths["train.txt"]])
            for option in ("views", "member", "vectors", "linear", "costs", "against", "label",
                           "vocab", "tree-range", "max-features", "checkpoint", "memory"):
                look([program, "--" + option, HOSTILE, paths["train.txt"]])
        for command in ("train", "predict", "test"):
            look(["glovepipe", command, "-o", raw + b"/model", raw])
            look(["glovepipe", command, raw, raw])
    look(["glovepipe", HOSTILE])
    look(["glovepipe", "train", "--" + HOSTILE])


def main():
    assert all(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in HOSTILE
               if FORBIDDEN.match(c))
    with tempfile.TemporaryDirectory() as folder:
        paths = streams.make(folder)
        of_streams(folder, paths)
        of_texts(folder, paths)
        of_zips(folder)
        of_names(folder, paths)
    print(f"{looked} runs with hostile names, {shown} of which showed one; {len(failures)} as it is")
    for arguments, side, what, said in failures[:20]:
        print(f"{ascii(arguments)}: {side}: {what}: {said}")
    return 1 if failures or shown < looked // 10 else 0


if __name__ == "__main__":
    sys.exit(main())
