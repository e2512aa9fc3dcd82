"""Makes each call of the system fail in turn, in every program, and looks at what comes of it.

inject.py quick             a few places of each call, for `make check`
inject.py all               every place; goes on where a run that was stopped had come to
inject.py without           the system lacks O_TMPFILE, /proc, reads and writes whole, ...
inject.py saved             files reach the disk before their names, unless --no-sync
inject.py pages             workers end whenever they make large pages
inject.py signals N         N runs that write under a hidden name are ended by signals

A run whose call failed must end in status 1 with a sentence that says what the system said, and
leave no file, no process and no memory; or do what it would have done, where it can do without.
"""
import array
import collections
import errno
import hashlib
import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time

import orphans
import streams

INJECT = os.environ["INJECT"]
CALLS = ("read pread write open close lseek dup fcntl fstat ftruncate fsync rename link unlink pipe "
         "socketpair send sendmsg recv recvmsg fork poll waitpid pthread_create mmap malloc calloc realloc posix_memalign "
         "getentropy madvise").split()
MEMORY = {"malloc", "calloc", "realloc", "posix_memalign", "mmap"}
# What each call fails with: what disks, tables and memories that are full or broken say.
CAUSES = collections.defaultdict(lambda: [errno.EIO], {
    "write": [errno.EIO, errno.ENOSPC], "open": [errno.EIO, errno.EMFILE], "fork": [errno.EAGAIN],
    "dup": [errno.EMFILE], "pipe": [errno.EMFILE], "pthread_create": [errno.EAGAIN],
    "rename": [errno.EIO, errno.ENOSPC], "link": [errno.EIO, errno.ENOSPC],
    "waitpid": [errno.ECHILD], "socketpair": [errno.EMFILE], "sendmsg": [errno.ETOOMANYREFS],
    "fcntl": [errno.EMFILE], **{call: [errno.ENOMEM] for call in MEMORY}})

# What runs write beside their output.
BESIDE = ("defects", "state", "oob", "check", "page")

Scenario = collections.namedtuple("Scenario", "name arguments data old")


def scenarios(paths, folder):
    """Every program by each of the paths that its options and inputs make it take."""
    streams_by_kind = {kind: streams.read(paths[kind]) for kind in
                       ("vectors", "linear", "samples", "forest", "predictions")}
    texts = streams.read(paths["vectors.txt"])
    streams.write(folder, "vectors.gz", __import__("gzip").compress(texts))
    packed = os.path.join(folder, "vectors.zip")
    with __import__("zipfile").ZipFile(packed, "w", 8) as archive:
        archive.writestr("vectors.txt", texts)
    plain, train = paths["vectors.txt"], paths["train.txt"]

    def scenario(name, *arguments, data=None, old=False):
        return Scenario(name, list(arguments), data, old)

    yield scenario("load", "glove-load", plain)
    yield scenario("load over", "glove-load", plain, old=True)
    yield scenario("load over unsaved", "glove-load", "--no-sync", plain, old=True)
    yield scenario("load stdin", "glove-load", data=texts)
    yield scenario("load gzip", "glove-load", folder + "/vectors.gz")
    yield scenario("load zip", "glove-load", packed)
    yield scenario("load zip pipe", "glove-load", data=streams.read(packed))
    yield scenario("load list", "glove-load", "--list", packed)
    yield scenario("load vocab", "glove-load", "--vocab", train, "--top", "3", plain)
    yield scenario("load defects", "glove-load", "--defects", folder + "/defects", plain)
    yield scenario("glove", "glove-train", "--iter", "2", "--vector-size", "3", "--min-count", "1", train)
    yield scenario("glove state", "glove-train", "--iter", "1", "--vector-size", "3", "--min-count", "1",
                   "--save-gradsq", folder + "/state", train)
    yield scenario("linear", "linear-train", "--folds", "2", "--views", "bayes,word,char", train)
    yield scenario("linear part", "linear-train", "--folds", "2", "--views", "word", "--part", "1/2", train)
    yield scenario("linear join", "linear-train", "--folds", "2", "--views", "word", "--join",
                   folder + "/pieces1", "--join", folder + "/pieces2", train)
    yield scenario("vectorize", "vectorize", "--vectors", paths["vectors"], train)
    yield scenario("vectorize stdin", "vectorize", train, data=streams_by_kind["vectors"])
    yield scenario("vectorize both", "vectorize", "--vectors", paths["vectors"], "--linear",
                   paths["linear"], train)
    yield scenario("vectorize words", "vectorize", "--words", train)
    yield scenario("vectorize part", "vectorize", "--vectors", paths["vectors"], "--part", "1/2", train)
    yield scenario("join", "mp-join", folder + "/rows1", folder + "/rows2")
    yield scenario("train", "rf-train", "-n", "3", paths["samples"])
    yield scenario("train oob", "rf-train", "-n", "3", "--oob", folder + "/oob", paths["samples"])
    yield scenario("train checkpoint", "rf-train", "-n", "3", "--checkpoint", folder + "/check",
                   paths["samples"])
    yield scenario("train part", "rf-train", "-n", "3", "--tree-range", "0:2", paths["samples"])
    yield scenario("train warm", "rf-train", "-n", "5", "--warm-start", paths["forest"],
                   paths["samples"])
    yield scenario("merge", "rf-merge", folder + "/part1", folder + "/part2")
    yield scenario("predict", "rf-predict", "--proba", paths["forest"], paths["samples"])
    yield scenario("predict mp", "rf-predict", "--format", "mp", paths["forest"],
                   data=streams_by_kind["samples"])
    yield scenario("eval", "rf-eval", "--all", "--resamples", "20", paths["predictions"])
    yield scenario("eval json", "rf-eval", "--json", data=streams_by_kind["predictions"])
    yield scenario("eval text", "rf-eval", paths["tsv"])
    yield scenario("eval against", "rf-eval", "--against", paths["predictions"], paths["tsv"])
    yield scenario("eval page", "rf-eval", "--html", folder + "/page", "--texts", train, paths["predictions"])
    yield scenario("importance", "rf-importance", "--groups", paths["forest"])
    yield scenario("permutation", "rf-importance", "--permutation", paths["samples"], "--repeats",
                   "2", paths["forest"])
    yield scenario("explain", "rf-explain", "--vectors", paths["vectors"], paths["forest"], train)
    yield scenario("explain similar", "rf-explain", "--format", "html", "--similar", "1",
                   "--training", train, "--samples", paths["samples"], "--vectors",
                   paths["vectors"], paths["forest"], train)
    yield scenario("suspect", "rf-suspect", paths["predictions"], train)
    yield scenario("decide", "rf-decide", paths["predictions"])
    yield scenario("predict decided", "rf-predict", "--decide", folder + "/decisions", paths["forest"],
                   paths["samples"])
    yield scenario("corpus", "corpus", train)
    yield scenario("relabel", "relabel", streams.write(
        folder, "corrections", "1\tgrain\tship\n"), train)
    yield scenario("pack", "mp-pack", "--header", "--label-column", "kind", streams.write(
        folder, "table.csv", "kind,x,y\na,1,2\nb,3,4\n"))
    yield scenario("linear csv", "linear-train", "--folds", "2", "--views", "bayes", streams.write(
        folder, "train.csv", "label,text\n" + streams.DOCUMENTS.replace("\t", ",")))
    for kind in streams_by_kind:
        yield scenario("cat " + kind, "mp-cat", paths[kind])
    yield scenario("cat check", "mp-cat", "--check", data=streams_by_kind["forest"])
    yield scenario("cat npy", "mp-cat", "--format", "npy", paths["samples"])
    yield scenario("cat stats", "mp-cat", "--stats", paths["samples"])
    yield scenario("cat neighbours", "mp-cat", "--neighbours", "wheat", paths["vectors"])
    yield scenario("cat lineage", "mp-cat", "--lineage", paths["forest"])


class Bench:
    """Runs scenarios in a folder of their own and keeps what each makes when nothing fails."""

    def __init__(self, folder):
        self.folder = folder
        self.place = os.path.join(folder, "place")
        os.mkdir(self.place)
        self.counter = streams.write(folder, "counter", bytes(8 * (len(CALLS) + 2)))
        self.out = os.path.join(self.place, "out")
        self.runs = 0
        orphans.adopt()

    def clean(self, old):
        for name in os.listdir(self.place):
            os.unlink(os.path.join(self.place, name))
        if old:
            streams.write(self.place, "out", b"old")

    def run(self, scenario, jobs=2, before=None, **settings):
        """What came of it: status, stderr, the files that are there, counts, struck, live. `before`
        is called in the new process, before it becomes the program."""
        self.clean(scenario.old)
        with open(self.counter, "r+b") as file:
            file.write(bytes(8 * (len(CALLS) + 2)))
        env = dict(streams.ENV, LD_PRELOAD=INJECT, INJECT_FILE=self.counter,
                   GLOVEPIPE_JOBS=str(jobs))
        env.update({"INJECT_" + name.upper(): str(value) for name, value in settings.items()})
        beside = {os.path.join(self.folder, name): os.path.join(self.place, name) for name in BESIDE}
        arguments = [beside.get(argument, argument) for argument in scenario.arguments]
        process = subprocess.Popen(arguments + ["-o", self.out], env=env, start_new_session=True,
                                   stdin=subprocess.PIPE if scenario.data else subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   preexec_fn=before)
        try:
            said = process.communicate(scenario.data, timeout=20)[1]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return "hangs", b"", {}, [0] * len(CALLS), 1, 0
        self.runs += 1
        if not orphans.are_gone():
            return "leaves a process", said, {}, [0] * len(CALLS), 1, 0
        numbers = array.array("q", streams.read(self.counter))
        files = {name: streams.read(os.path.join(self.place, name))
                 for name in sorted(os.listdir(self.place))}
        return (process.returncode, said, files, list(numbers[:-2]), numbers[-2], numbers[-1])


def judge(done, whole, scenario, cause):
    """What is wrong with a run one of whose calls failed; None: nothing."""
    status, said, files, _, struck, live = done
    if not struck:
        return None
    if status == 0:
        return None if files == whole[2] else f"status 0, but other files: {sorted(files)}"
    if status != 1:
        return f"status {status}"
    text = said.decode(errors="replace")
    expected = os.strerror(cause)
    # A thread's own memory is taken by pthread_create, which says EAGAIN then.
    if expected not in text and not (cause == errno.ENOMEM and
                                     ("memory" in text or "starting a thread" in text)):
        return "does not say what the system said"
    left = {name: data for name, data in files.items() if name != "check"}
    saved = "folder can't be saved" in text or "whole, but" in text
    if scenario.old and not saved and left.pop("out", None) != b"old":
        return "what stood there is gone"
    if left and not saved and any(whole[2].get(name) != data for name, data in left.items()):
        return f"leaves {sorted(left)}"
    if "out" in left and not scenario.old and not saved:
        return "leaves an output"
    if live > whole[5] + 2:
        return f"leaves {live - whole[5]} blocks of memory"
    return None


def some(total, wanted, draw):
    """The first places, the last, and others by chance."""
    if total <= wanted:
        return list(range(1, total + 1))
    chosen = set(range(1, wanted // 2 + 1)) | {total}
    while len(chosen) < wanted:
        chosen.add(draw.randint(1, total))
    return sorted(chosen)


class Report:
    def __init__(self):
        self.struck = collections.Counter()
        self.failures = []

    def take(self, scenario, call, place, cause, done, problem):
        self.struck[call] += done[4]
        if problem:
            self.failures.append(f"{scenario.name}: {call} {place} {errno.errorcode[cause]}: "
                                 f"{problem}: {done[1].decode(errors='replace').strip()[-200:]}")
            print("not refused:", self.failures[-1], flush=True)

    def end(self, runs):
        print(f"{runs} runs, {sum(self.struck.values())} calls made to fail, "
              f"{len(self.failures)} of them wrong:",
              ", ".join(f"{call} {count}" for call, count in sorted(self.struck.items()) if count))
        return 1 if self.failures else 0


def places_of(call, total, quick, draw):
    return some(total, 2 if quick else total, draw) if total else []


def fail_each(bench, paths, quick, done_before=None):
    report, draw = Report(), random.Random(20261126)
    everything = list(scenarios(paths, bench.folder))
    began = time.monotonic()
    for number, scenario in enumerate(everything):
        whole = bench.run(scenario)
        assert whole[0] == 0, (scenario.name, whole[0], whole[1].decode(errors="replace"))
        for call, total in zip(CALLS, whole[3]):
            if done_before and done_before.has(scenario.name, call):
                report.struck[call] += done_before.struck(scenario.name, call)
                continue
            before = report.struck[call], len(report.failures)
            for cause in CAUSES[call]:
                for place in places_of(call, total, quick, draw):
                    done = bench.run(scenario, call=call, at=place, errno=cause)
                    report.take(scenario, call, place, cause, done,
                                judge(done, whole, scenario, cause))
            if done_before and len(report.failures) == before[1]:
                done_before.add(scenario.name, call, report.struck[call] - before[0])
        if done_before:
            print(f"{number + 1} of {len(everything)} ({scenario.name}), {bench.runs} runs, "
                  f"{time.monotonic() - began:.0f} s", flush=True)
    return report.end(bench.runs)


def without(bench, paths):
    """What the system lacks or does differently must not show in what is written."""
    failures = 0
    ways = [dict(without="tmpfile"), dict(without="proc"), dict(without="tmpfile,proc"),
            dict(without="locks"),
            dict(short=1), dict(short=7, eintr=1), dict(eintr=1)]
    for scenario in scenarios(paths, bench.folder):
        whole = bench.run(scenario)
        for way in ways:
            done = bench.run(scenario, **way)
            if done[0] != 0 or done[2] != whole[2]:
                failures += 1
                print(f"{scenario.name}: {way}: status {done[0]}: {done[1][-200:]}: "
                      f"{'other' if done[2] != whole[2] else 'same'} files")
    print(f"{bench.runs} runs without or with part of what the system gives, {failures} wrong")
    return 1 if failures else 0


def saved(bench, paths):
    """fsync: the file, then the folder; what has no name yet when the first fails has none then."""
    named = {scenario.name: scenario for scenario in scenarios(paths, bench.folder)}
    fsync = CALLS.index("fsync")
    wrong = []
    # Outputs (file and folder each); a checkpoint: its name, its first tree, its end.
    for name, expected in (("load", 2), ("load over", 2), ("load defects", 4), ("glove state", 4),
                           ("train oob", 4), ("train checkpoint", 2 + 3), ("cat vectors", 2)):
        scenario = named[name]
        synced, scratch = bench.run(scenario), bench.run(
            scenario._replace(arguments=scenario.arguments + ["--no-sync"]))
        if synced[3][fsync] != expected or scratch[3][fsync] or scratch[2] != synced[2]:
            wrong.append((name, synced[3][fsync], scratch[3][fsync]))
    for place, there in ((1, False), (2, True)):
        done = bench.run(named["load"], call="fsync", at=place, errno=errno.EIO)
        if done[0] != 1 or ("out" in done[2]) != there or b"Input/output error" not in done[1]:
            wrong.append(("load", place, done))
    print(f"{bench.runs} runs, saved otherwise than they should: {wrong}")
    return 1 if wrong else 0


def pages(bench, paths):
    """Large pages are for speed: where each worker that makes some is killed, all goes as without."""
    rows, features = 22500, 400 # ranks of 2 bytes, by column and by row: 17 large pages, of which a worker makes 8 or 9
    draw = random.Random(20261127)
    values = array.array("f", (draw.randrange(100) for _ in range(rows)))
    turned = values + values
    body = b"".join(turned[i:i + features].tobytes() for i in range(rows))
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {features})}}".ljust(117)
    table = streams.write(bench.folder, "table.npy",
                          b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.encode() + b"\n" + body)
    labels = streams.write(bench.folder, "labels",
                           "".join("xy"[value > 50] + "\n" for value in values))
    packed = streams.write(bench.folder, "packed", streams.must(
        ["mp-pack", "-q", "--labels", labels, table]))
    scenario = Scenario("pages", ["rf-train", "-j", "2", "-n", "4", "--max-depth", "1", packed], None, False)
    whole, done = bench.run(scenario), bench.run(scenario, call="madvise", kill=1)
    said = done[1].decode(errors="replace")
    right = (whole[0] == done[0] == 0 and done[2] == whole[2] and done[4] >= 3 and
             said.count("goes on without large pages: ") == 1)
    print(f"{done[4]} workers killed, status {done[0]}: {said}")
    return 0 if right else 1


def end_by_signal(bench, turn, names):
    """A run that waits for its input, which is ended while its output has a hidden name."""
    bench.clean(turn % 2)
    env = dict(streams.ENV, LD_PRELOAD=INJECT, INJECT_WITHOUT="tmpfile")
    run = subprocess.Popen(["glove-load", "-q", "-o", bench.out], env=env, stdin=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 20
    while not (hidden := set(os.listdir(bench.place)) - {"out"}):
        assert time.monotonic() < deadline and run.poll() is None, "no hidden name"
    names |= hidden
    group = turn % 3 == 0 # as a terminal, or a batch system, sends it
    kind = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGSEGV)[turn % 5]
    os.killpg(run.pid, kind) if group else run.send_signal(kind)
    run.communicate()
    deadline = time.monotonic() + 5
    while set(os.listdir(bench.place)) - {"out"}:
        if time.monotonic() > deadline:
            return f"{kind.name} leaves {os.listdir(bench.place)}"
    return "what stood there is gone" if turn % 2 and streams.read(bench.out) != b"old" else None


def signals(bench, rounds):
    names, wrong = set(), []
    for turn in range(rounds):
        problem = end_by_signal(bench, turn, names)
        if problem:
            wrong.append(problem)
    print(f"{rounds} runs ended by signals, {len(names)} hidden names, {len(wrong)} wrong: "
          f"{wrong[:5]}")
    return 1 if wrong or len(names) != rounds else 0


class Progress:
    """What is done of a long run with these programs, and nothing was wrong with, in a file."""

    def __init__(self, path):
        self.path = path
        digest = hashlib.sha256()
        folder = os.environ["BIN"]
        for name in sorted(os.listdir(folder)):
            digest.update(streams.read(os.path.join(folder, name)))
        self.key = digest.hexdigest()[:16]
        lines = streams.read(path).decode().split("\n") if os.path.exists(path) else []
        same = lines[:1] == [self.key]
        self.done = dict(line.split("\t") for line in lines[1:-1]) if same else {}
        if not self.done:
            streams.write(os.path.dirname(path), os.path.basename(path), self.key + "\n")

    def has(self, scenario, call):
        return f"{scenario}: {call}" in self.done

    def struck(self, scenario, call):
        return int(self.done[f"{scenario}: {call}"])

    def add(self, scenario, call, struck):
        with open(self.path, "a") as file:
            file.write(f"{scenario}: {call}\t{struck}\n")


def make(folder):
    """What the scenarios read: paths by name."""
    paths = streams.make(folder)
    for part, trees in (("part1", "0:2"), ("part2", "2:3")):
        streams.write(folder, part, streams.must(
            ["rf-train", "-q", "-n", "3", "--tree-range", trees, paths["samples"]]))
    for part in ("1", "2"):
        streams.write(folder, "rows" + part, streams.must(
            ["vectorize", "-q", "--vectors", paths["vectors"], "--part", part + "/2", paths["train.txt"]]))
        streams.write(folder, "pieces" + part, streams.must(
            ["linear-train", "-q", "--folds", "2", "--views", "word", "--part", part + "/2", paths["train.txt"]]))
    streams.write(folder, "decisions", streams.must(["rf-decide", "-q", paths["predictions"]]))
    return paths


def main():
    mode = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        paths = make(folder)
        bench = Bench(folder)
        if mode in ("without", "saved", "pages"):
            return {"without": without, "saved": saved, "pages": pages}[mode](bench, paths)
        if mode == "signals":
            return signals(bench, int(sys.argv[2]))
        progress = Progress(sys.argv[2]) if mode == "all" else None
        status = fail_each(bench, paths, mode == "quick", progress)
        if progress and not status:
            os.unlink(progress.path)
        return status


if __name__ == "__main__":
    sys.exit(main())
