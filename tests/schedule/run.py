"""Runs the programs whose threads and processes meet under schedules that are drawn by a seed.

run.py FIRST:END        each scenario under each of these seeds
run.py FIRST:END WORD   those whose name holds the word

The programs are built with the thread sanitizer and with delays.c, which holds threads up. Whatever the
schedule and the number of jobs, a run has to write the same bytes and to say the same as one without
delays by one job; and the sanitizer has nothing to report. Where input comes by a pipe, it comes in
pieces that the seed draws.
"""
import collections
import gzip
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

BIN, DEMO = os.environ["BIN"], os.environ["DEMO"]
SEED_OF_PIECES = 7
LONGEST = 120 # seconds, after which a run is taken to hang, and killed

# `waits`: input comes in pieces, with time between them. `status`: what it ends with.
Scenario = collections.namedtuple("Scenario", "name arguments data waits status")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def call(arguments, data=None, jobs=1, seed=None, waits=False):
    """Status, stdout and stderr of a run; its input in one go, or in pieces."""
    env = dict(os.environ, GLOVEPIPE_JOBS=str(jobs), LC_ALL="C.UTF-8", PATH=BIN + ":" + os.environ["PATH"],
               TSAN_OPTIONS="halt_on_error=1:exitcode=66:abort_on_error=0")
    env.pop("SCHEDULE_SEED", None)
    if seed is not None:
        env["SCHEDULE_SEED"] = str(seed)
    process = subprocess.Popen(arguments, env=env, stdin=subprocess.PIPE if data else subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = threading.Timer(LONGEST, process.kill)
    watch.start()
    outcome = exchange(process, data, seed, waits)
    watch.cancel()
    return (process.returncode, *outcome)


def exchange(process, data, seed, waits):
    if not (data and waits):
        return process.communicate(data)
    feeder = threading.Thread(target=feed, args=(process.stdin, data, seed))
    feeder.start()
    said = []
    listener = threading.Thread(target=lambda: said.append(process.stderr.read()))
    listener.start()
    written = process.stdout.read()
    feeder.join()
    listener.join()
    process.wait()
    return written, said[0]


def feed(pipe, data, seed):
    pieces = random.Random(SEED_OF_PIECES if seed is None else seed)
    try:
        with pipe:
            while data:
                size = pieces.choice([1, 100, 1000, 30000])
                pipe.write(data[:size])
                pipe.flush()
                data = data[size:]
                if pieces.random() < 0.2:
                    time.sleep(pieces.random() * 0.002)
    except BrokenPipeError:
        pass


def must(arguments, data=None):
    status, written, said = call(arguments, data)
    assert status == 0, (arguments, status, said.decode(errors="replace"))
    return written


def scenarios(folder):
    def place(name):
        return os.path.join(folder, name)

    texts = read(DEMO + "/train.txt")
    many = write(place("many.txt"), texts * 4)
    few = write(place("few.txt"), texts[:texts.index(b"\n", 20000) + 1])
    lines = read(DEMO + "/vectors.txt")
    broad = b"".join(b"word%d" % copy + line for copy in range(40) for line in lines.splitlines(True))
    vectors = write(place("vectors.txt"), lines)
    write(place("broad.txt"), broad)
    packed = write(place("broad.gz"), gzip.compress(broad))
    # Damage in the middle, and a line that --strict refuses: the earliest failure is the one told.
    damaged = bytearray(read(packed))
    damaged[len(damaged) // 2] ^= 255
    write(place("damaged.gz"), bytes(damaged))
    wrong = broad.splitlines(True)
    for at in (9000, 9001, 15000):
        wrong[at] = b"short 1 2\n"
    write(place("wrong.txt"), b"".join(wrong))
    with zipfile.ZipFile(place("broad.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("broad.txt", broad)
    stream = write(place("vectors.mp"), must(["glove-load", "-q", vectors]))
    samples = write(place("samples.mp"), must(["vectorize", "-q", "--vectors", stream, many]))
    small = write(place("small.mp"), must(["vectorize", "-q", "--vectors", stream, few]))
    model = write(place("model.mp"), must(["rf-train", "-q", "-n", "20", small]))
    evidence = write(place("linear.mp"), must(["linear-train", "-q", "--folds", "2", few]))
    cut = write(place("cut.mp"), read(samples)[:len(read(samples)) * 2 // 3])

    def scenario(name, *arguments, data=None, waits=False, status=0):
        return Scenario(name, list(arguments), data, waits, status)

    yield scenario("load", "glove-load", "-q", place("broad.txt"))
    yield scenario("load gzip", "glove-load", "-q", packed)
    yield scenario("load zip", "glove-load", "-q", place("broad.zip"))
    yield scenario("load pipe", "glove-load", "-q", data=broad[:200000], waits=True)
    yield scenario("load damaged", "glove-load", "-q", place("damaged.gz"), status=3)
    yield scenario("load strict", "glove-load", "-q", "--strict", place("wrong.txt"), status=3)
    yield scenario("load vocab", "glove-load", "-q", "--vocab", few, "--top", "300", vectors)
    yield scenario("vectorize", "vectorize", "-q", "--vectors", stream, "--linear", evidence, many)
    yield scenario("vectorize live", "vectorize", "-q", "--vectors", stream, "-", data=texts[:60000],
                   waits=True)
    yield scenario("words", "vectorize", "-q", "--words", many)
    yield scenario("train", "rf-train", "-q", "-n", "8", small)
    yield scenario("predict", "rf-predict", "-q", "--proba", model, samples)
    yield scenario("predict live", "rf-predict", "-q", model, data=read(small), waits=True)
    yield scenario("predict cut", "rf-predict", "-q", model, cut, status=4)
    yield scenario("linear", "linear-train", "-q", "--folds", "2", "--views", "bayes,word", few)
    yield scenario("glove", "glove-train", "-q", "--iter", "2", "--vector-size", "8", few)
    yield scenario("importance", "rf-importance", "-q", "--permutation", small, "--repeats", "1", model)
    yield scenario("explain", "rf-explain", "-q", "--vectors", stream, model, few)


def shown(outcome):
    return f"status {outcome[0]}, {len(outcome[1])} bytes, {outcome[2].decode(errors='replace')[-3000:]}"


def judge(scenario, outcome, wanted):
    """What is wrong with a run; None: nothing."""
    if b"ThreadSanitizer" in outcome[2]:
        return "the sanitizer reports: " + shown(outcome)
    if outcome[0] != scenario.status or outcome[2] != wanted[2]:
        return f"{shown(outcome)}, and not {shown(wanted)}"
    # What a run that fails had written before depends on when it failed; it begins as the whole does.
    if scenario.status and not scenario.waits:
        return None
    return None if outcome[1] == wanted[1] else "writes other bytes: " + shown(outcome)


def main():
    first, end = (int(number) for number in sys.argv[1].split(":"))
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    began, runs, wrong = time.monotonic(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        everything = [one for one in scenarios(folder) if word in one.name]
        wanted = {one.name: call(one.arguments, one.data, waits=one.waits) for one in everything}
        for one in everything:
            assert wanted[one.name][0] == one.status, (one.name, shown(wanted[one.name]))
        for seed in range(first, end):
            for one in everything:
                outcome = call(one.arguments, one.data, 2 + seed % 4, seed, one.waits)
                runs += 1
                problem = judge(one, outcome, wanted[one.name])
                if problem:
                    wrong.append(f"seed {seed}, {one.name}: {problem}")
                    print(wrong[-1], flush=True)
            if seed % 10 == 0 or seed == end - 1:
                print(f"seed {seed} of {first}:{end}: {runs} schedules, {time.monotonic() - began:.0f} s, "
                      f"{len(wrong)} wrong", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
