"""Running a command and measuring it from outside: seconds, CPU seconds, peak memory.

A command is one program, or several joined by pipes. Its seconds run from the first start to the
last end, unless it times a step of its own (`step`): then it prints `seconds<TAB>number`, and that
number counts.

Peak memory is the sum of the proportional set sizes (PSS) of all processes of the command, which
counts a page that several of them share once. It is sampled, which slows the command down a
little, so it is taken in runs whose time doesn't count. The kernel's own peak (ru_maxrss) would
not do: it counts the harness's memory in at the start, and every process by itself.
"""
import dataclasses
import os
import shlex
import shutil
import signal
import time

WARM_RUNS, WARM_SECONDS = 20, 0.5


@dataclasses.dataclass(frozen=True)
class Command:
    """`stages` are the programs' arguments; what the last one writes is thrown away."""

    stages: tuple
    env: tuple = ()  # of (name, value)
    step: bool = False
    cold: tuple = ()  # files that must not be in the page cache when it starts
    fresh: tuple = ()  # folders that must not be there when it starts

    def __str__(self):
        env = "".join(f"{name}={value} " for name, value in self.env)
        return env + " | ".join(shlex.join(stage) for stage in self.stages)


@dataclasses.dataclass
class Run:
    seconds: float
    cpu: float
    memory: int = 0  # bytes, where it was sampled
    says: dict = dataclasses.field(default_factory=dict)  # what it printed as `name<TAB>value`


class Failed(Exception):
    """A command that can't be started or exits with another status than 0."""


def run(command, log, sample=False):
    """Runs the command to its end; its messages, and a step's stdout, go to files beside `log`."""
    for path in command.cold:
        drop_from_cache(path)
    for path in command.fresh:
        shutil.rmtree(path, ignore_errors=True)
    stdout = log + ".out" if command.step else os.devnull
    start = time.perf_counter()
    pids = start_stages(command, stdout, log)
    try:
        memory = peak_memory(pids) if sample else 0
        usages = [wait_for(pid, stage, log) for pid, stage in zip(pids, command.stages)]
    except BaseException:
        end_sessions(pids)
        raise
    result = Run(time.perf_counter() - start, sum(u.ru_utime + u.ru_stime for u in usages), memory)
    if command.step:
        result.says = tabbed(stdout)
        result.seconds = float(result.says["seconds"])
    return result


def warm_up(command, log):
    """Peak memory of a run; of several, where one is too quick to be looked at often."""
    peak, start = 0, time.perf_counter()
    for _ in range(WARM_RUNS):
        peak = max(peak, run(command, log, sample=True).memory)
        if time.perf_counter() - start > WARM_SECONDS:
            break
    return peak


def start_stages(command, stdout, log):
    """The processes' ids; each leads a session of its own, by which its children are found."""
    env = dict(os.environ, **dict(command.env))
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    pids, pipe = [], os.open(os.devnull, os.O_RDONLY)
    for number, stage in enumerate(command.stages):
        last = number == len(command.stages) - 1
        following, out = (None, os.open(stdout, flags, 0o644)) if last else os.pipe()
        messages = os.open(log, flags if number == 0 else flags & ~os.O_TRUNC | os.O_APPEND, 0o644)
        moves = [(os.POSIX_SPAWN_DUP2, fd, to) for to, fd in enumerate((pipe, out, messages))]
        try:
            pids.append(os.posix_spawnp(stage[0], stage, env, file_actions=moves, setsid=True))
        except OSError as problem:
            end_sessions(pids)
            raise Failed(f"{stage[0]}: {problem.strerror}") from None
        finally:
            for fd in (pipe, out, messages):
                os.close(fd)
        pipe = following
    return pids


def wait_for(pid, stage, log):
    _, status, usage = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise Failed(f"{shlex.join(stage)}: status {code}: {last_line(log)}")
    return usage


def end_sessions(pids):
    for pid in pids:
        try:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def tabbed(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        return dict(line.rstrip("\n").split("\t", 1) for line in lines if "\t" in line)


def last_line(path):
    with open(path, encoding="utf-8", errors="replace") as lines:
        return ([line.strip() for line in lines if line.strip()] or ["no message"])[-1]


# ---- memory ----


def peak_memory(pids):
    """Samples until the last of the processes has ended; leaves them to be waited for."""
    sessions, seen, peak = set(pids), {}, 0
    while any(os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None for pid in pids):
        start = time.perf_counter()
        peak = max(peak, sum(pss(pid) for pid in members(sessions, seen)))
        # Reading a large process's pages takes a while: it is left alone for most of the time.
        time.sleep(max(0.001, 3 * (time.perf_counter() - start)))
    return peak


def members(sessions, seen):
    """Processes of the sessions; `seen` remembers which belong and which don't."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            if name not in seen:
                seen[name] = session_of(name) in sessions
            if seen[name]:
                found.append(name)
    return found


def session_of(pid):
    try:
        return os.getsid(int(pid))
    except OSError:
        return None


def pss(pid):
    """Bytes; 0 for a process that has ended meanwhile."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as rollup:
            for line in rollup:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


# ---- the page cache ----


def drop_from_cache(path):
    """Takes a file out of the page cache; where the kernel keeps it, drops the cache as root."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if not is_cached(path):
        return
    try:
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as control:
            control.write("1")
    except OSError as problem:
        raise Failed(f"{path} stays in the page cache: {problem.strerror}") from None


def is_cached(path):
    """Whether the file's first page is in memory (no, where the kernel can't tell)."""
    with open(path, "rb") as file:
        try:
            os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)
        except OSError:
            return False
    return True
