"""Damages streams and shows that every consumer refuses them.

damage.py small: every offset of a small stream of each kind, cut there and changed there.
damage.py large: 200 random offsets of a large stream of each kind, cut and changed in turn.

A cut must end in status 4, a change in status 3; what the consumer wrote must not end like a
whole stream, and a file named with -o must not appear. Prints one line a consumer.
"""
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile

DEMO = os.environ["DEMO"]
LARGE = 200
END_SIZE = 78
END_START = b"\x85\xa3end\xc3"


def run(arguments, data=b""):
    return subprocess.run(arguments, input=data, capture_output=True, timeout=60)


def must(arguments, data=b""):
    done = run(arguments, data)
    assert done.returncode == 0, (arguments, done.stderr.decode())
    return done.stdout


def head(path, count):
    with open(os.path.join(DEMO, path), "rb") as lines:
        return b"".join(line for line, _ in zip(lines, range(count)))


def make_streams(folder, vectors, train, trees):
    """The streams of the main job, as bytes by kind."""
    paths = {name: os.path.join(folder, name) for name in ("vectors.txt", "train.txt", "model.mp")}
    for name, data in (("vectors.txt", vectors), ("train.txt", train)):
        with open(paths[name], "wb") as out:
            out.write(data)
    streams = {"vectors": must(["glove-load", "-q", paths["vectors.txt"]])}
    streams["linear"] = must(["linear-train", "-q", "--folds", "2", paths["train.txt"]])
    streams["samples"] = must(["vectorize", "-q", paths["train.txt"]], streams["vectors"])
    streams["forest"] = must(["rf-train", "-q", "-n", str(trees)], streams["samples"])
    with open(paths["model.mp"], "wb") as out:
        out.write(streams["forest"])
    streams["predictions"] = must(
        ["rf-predict", "-q", "--format", "mp", "--proba", paths["model.mp"]], streams["samples"])
    out_of_bag = os.path.join(folder, "oob.mp")
    must(["rf-train", "-q", "-n", str(trees), "--oob", out_of_bag], streams["samples"])
    streams["decisions"] = must(["rf-decide", "-q", "--maximize", "macro-f1", out_of_bag])
    return streams, paths


def consumers(streams, paths):
    """name, kind, and a function of the damaged bytes that runs the consumer."""
    def by_stdin(arguments):
        return lambda data, out: run(arguments + (["-o", out] if out else []), data)

    def by_name(arguments, standard_input=b""):
        def consume(data, out):
            with tempfile.NamedTemporaryFile(dir=os.path.dirname(paths["model.mp"])) as file:
                file.write(data)
                file.flush()
                return run(arguments + [file.name] + (["-o", out] if out else []), standard_input)
        return consume

    return [
        ("rf-importance", "forest", by_stdin(["rf-importance"])),
        ("rf-merge", "forest", by_stdin(["rf-merge", "-q", "-"])),
        ("vectorize", "vectors", by_stdin(["vectorize", "-q", paths["train.txt"]])),
        ("rf-train", "samples", by_stdin(["rf-train", "-q", "-n", "2"])),
        ("rf-predict", "samples", by_stdin(["rf-predict", "-q", "--format", "mp",
                                            paths["model.mp"]])),
        ("rf-predict (model)", "forest", by_name(["rf-predict", "-q", "--format", "mp"],
                                                 streams["samples"])),
        ("vectorize (evidence)", "linear", by_name(["vectorize", "-q", paths["train.txt"],
                                                    "--linear"])),
        ("rf-eval", "predictions", by_stdin(["rf-eval", "-q"])),
        ("rf-decide", "predictions", by_stdin(["rf-decide", "-q"])),
        ("rf-predict (decisions)", "decisions", by_name(["rf-predict", "-q", "--format", "mp",
                                                         paths["model.mp"], "-", "--decide"],
                                                        streams["samples"])),
    ] + [(f"mp-cat --check ({kind})", kind, by_stdin(["mp-cat", "--check"])) for kind in streams]


def ends_whole(data):
    return data[-END_SIZE:].startswith(END_START)


def check(consume, data, status, out):
    done = consume(data, out)
    problem = None
    if done.returncode != status:
        problem = f"status {done.returncode}, expected {status}"
    elif not done.stderr:
        problem = "no message"
    elif ends_whole(done.stdout):
        problem = "a whole stream came out"
    elif out and os.path.exists(out):
        problem = f"{out} appeared"
    return problem and f"{problem}: {done.stderr.decode(errors='replace').strip()}"


def damages(data, offsets, both):
    """(what, damaged bytes, status)"""
    draw = random.Random(1)
    for turn, at in enumerate(offsets):
        if both or turn % 2 == 0:
            yield f"cut at {at}", data[:at], 4
        if both or turn % 2 == 1:
            changed = data[at] ^ draw.randrange(1, 256)
            yield f"byte {at} changed", data[:at] + bytes([changed]) + data[at + 1:], 3


def damage(name, consume, data, offsets, both, folder):
    takes_output = not name.startswith(("mp-cat", "rf-eval", "rf-importance"))
    out = os.path.join(folder, "out-" + "".join(c for c in name if c.isalnum()))
    tried, failures = 0, []
    for turn, (what, damaged, status) in enumerate(damages(data, offsets, both)):
        problem = check(consume, damaged, status, out if takes_output and turn % 4 == 3 else None)
        tried += 1
        if problem:
            failures.append(f"{name}: {what}: {problem}")
    return name, tried, failures


def offsets_of(data, mode):
    if mode == "small":
        return range(len(data))
    draw = random.Random(2)
    return [draw.randrange(len(data)) for _ in range(LARGE)]


def main():
    mode = sys.argv[1]
    vectors, train = head("vectors.txt", 10**9), head("train.txt", 10**9)
    if mode == "small":
        lines = vectors.splitlines()[:4]
        vectors = b"".join(b" ".join(line.split(b" ")[:4]) + b"\n" for line in lines)
        words = [line.split(b" ")[0] for line in lines]
        train = b"".join(b"%s\t%s\n" % (label, b" ".join(text)) for label, text in (
            (b"a", words[:2]), (b"b", words[2:]), (b"a", words[:1])))
    with tempfile.TemporaryDirectory() as folder:
        streams, paths = make_streams(folder, vectors, train, 2 if mode == "small" else 20)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(damage, name, consume, streams[kind],
                                offsets_of(streams[kind], mode), mode == "small", folder)
                    for name, kind, consume in consumers(streams, paths)]
            failed = 0
            for job in jobs:
                name, tried, failures = job.result()
                print(f"{name}: {tried} damaged streams, {len(failures)} not refused as they should")
                print("\n".join(failures[:10]), end="\n" if failures else "")
                failed += len(failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
