"""Runs every program where the system gives it less: modes.py MODE quick|all.

files       at most so many open files (RLIMIT_NOFILE)
memory      at most so many addresses (RLIMIT_AS)
processes   at most so many processes and threads (RLIMIT_NPROC), as a user who is not root
closed      with descriptors 0, 1 and 2 closed, alone and together
proc        without /proc

A run ends as it would have, to the same bytes, or in status 1 with what the system said; no file, no
process is left then. What ends before main, in the loader, is not the program's.
"""
import collections
import ctypes
import itertools
import os
import resource
import signal
import sys
import tempfile

import inject

NOBODY = 54321 # who runs nothing else that would count
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 1 << 18
SAID = {"files": ("Too many open files",), "memory": ("memory", "starting a thread"),
        "processes": ("Resource temporarily unavailable",), "closed": ("Bad file descriptor",), "proc": ()}


def limit(kind, value):
    return lambda: resource.setrlimit(kind, (value, value))


def as_nobody(value):
    def before():
        resource.setrlimit(resource.RLIMIT_NPROC, (value, value))
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return before


def close_these(descriptors):
    def before():
        for fd in descriptors:
            os.close(fd)
    return before


def hide_proc():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) or \
            libc.mount(b"none", b"/proc", b"tmpfs", 0, None):
        os._exit(126)


def ways(mode, quick):
    """What is limited, by how much, and what makes it so."""
    if mode == "files":
        return [(n, limit(resource.RLIMIT_NOFILE, n)) for n in range(3, 12 if quick else 40)]
    if mode == "memory":
        steps = (8, 12, 16, 24, 48, 96) if quick else range(6, 200, 2)
        return [(f"{n} MiB", limit(resource.RLIMIT_AS, n << 20)) for n in steps]
    if mode == "processes":
        return [(n, as_nobody(n)) for n in range(1, 4 if quick else 12)]
    if mode == "closed":
        sets = itertools.chain.from_iterable(itertools.combinations((0, 1, 2), n) for n in (1, 2, 3))
        return [(some, close_these(some)) for some in sets]
    return [("/proc", hide_proc)]


def judge(mode, way, done, whole, scenario):
    """What is wrong with the run; None: nothing."""
    status, said, files = done[:3]
    if status == 0:
        return None if files == whole[2] else f"status 0, but other files: {sorted(files)}"
    if b"error while loading shared libraries" in said or status in (126, 127):
        return None
    if mode == "memory" and status == -signal.SIGKILL and not files:
        return None # the system could not even begin it
    if status != 1:
        return f"status {status}"
    text = said.decode(errors="replace")
    told = any(part in text for part in SAID[mode])
    if not told and not (mode == "closed" and 2 in way):
        return "does not say what the system said"
    left = {name for name, data in files.items() if name != "check" and data != b"old"}
    return f"leaves {sorted(left)}" if left else None


def run_mode(mode, quick, folder):
    paths = inject.make(folder)
    bench = inject.Bench(folder)
    for path in (folder, bench.place, bench.counter):
        os.chmod(path, 0o777)
    wrong, came = [], collections.Counter()
    for scenario in inject.scenarios(paths, folder):
        whole = bench.run(scenario)
        assert whole[0] == 0, (scenario.name, whole)
        for way, before in ways(mode, quick):
            try:
                done = bench.run(scenario, before=before)
            except BlockingIOError:
                came["not begun"] += 1
                continue
            came[done[0]] += 1
            problem = judge(mode, way, done, whole, scenario)
            if problem:
                wrong.append(f"{scenario.name}: {mode} {way}: {problem}: {done[1][-200:]}")
    print(f"{mode}: {sum(came.values())} runs, status {dict(sorted(came.items(), key=str))}, "
          f"{len(wrong)} wrong")
    print("\n".join(wrong[:20]), flush=True)
    return len(wrong)


def main():
    modes = SAID if sys.argv[1] == "every" else (sys.argv[1],)
    failed = 0
    os.umask(0) # what others are to write to
    for mode in modes:
        if os.getuid() != 0 and mode in ("processes", "proc"):
            print(f"{mode}: left out: root alone can")
            continue
        with tempfile.TemporaryDirectory() as folder:
            failed += run_mode(mode, sys.argv[2] == "quick", folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
