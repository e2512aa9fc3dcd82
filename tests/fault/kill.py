"""Kills stages and workers at random moments and looks at what is left.

kill.py stages N   the main job as one pipe, a random stage killed, until N pipes broke
kill.py workers N PROGRAM  a random worker of rf-train, rf-train-oob (with --oob) or linear-train
                   killed, N times: the same streams
kill.py stopped N PROGRAM  a random worker stopped by a signal, N times: the same streams
kill.py checkpoint N        rf-train with --checkpoint, killed N times: it goes on, to the same bytes
kill.py live N             a pipe whose lines come one by one, a random stage killed, N times
kill.py parent N PROGRAM   the program itself killed or interrupted, until N runs ended early

KILL_SEED is what the moments and the victims are drawn by.

After each round: no process of the round is alive; no file stands under a final name; what
stands in a file that the shell had opened does not pass `mp-cat --check`, unless every byte of
it is there (a program can be killed between its last write and its exit).
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

import orphans

DEMO = os.environ["DEMO"]
# A leak check at exit forks a helper, which looks like a worker and must not be killed.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"
# Whether programs are confined here, and so another process names their outputs.
CONFINED = b"by Landlock" in subprocess.run(["mp-cat", "-v", "/dev/null"], capture_output=True).stderr
draw = random.Random(int(os.environ.get("KILL_SEED", 20261122)))


def path(name):
    return os.path.join(DEMO, name)


def fields_of(process):
    """What the system says of a process: state, parent, group, session, ...; nothing: it is gone."""
    try:
        with open(f"/proc/{process}/stat", "rb") as stat:
            return stat.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def lives_in(fields, session):
    """Zombies don't."""
    return bool(fields) and int(fields[3]) == session and fields[0] not in (b"Z", b"X")


def workers_of(parent):
    """Its children in its group, once the child is out of it that names its output (where there is
    one: with Landlock)."""
    children = {int(entry): fields for entry in os.listdir("/proc") if entry.isdigit()
                and (fields := fields_of(entry)) and int(fields[1]) == parent}
    workers = [process for process, fields in children.items()
               if lives_in(fields, parent) and int(fields[2]) == parent]
    return workers if len(workers) < len(children) or not CONFINED else []


def strike_a_worker(parent, kind):
    """Whether there was one."""
    workers = workers_of(parent)
    try:
        os.kill(draw.choice(workers), kind) if workers else None
    except ProcessLookupError:
        return False
    return bool(workers)


def whole(file):
    return subprocess.run(["mp-cat", "--check", file], capture_output=True).returncode == 0


def read(file):
    with open(file, "rb") as stream:
        return stream.read()


def until(wanted, what, seconds, kill):
    """Kills within `seconds` of a start until it told `wanted` times. Some kills come after all is
    done (False): the next come sooner; some before there is anything to kill (None): the next come
    later; each that struck (True) lets others come sooner again, so that no moment is left out for good."""
    told = tried = 0
    soonest, latest = 0, seconds
    while told < wanted:
        struck = kill(soonest + draw.random() * (latest - soonest))
        if struck:
            soonest *= 0.97
        elif struck is None:
            soonest += 0.03 * latest
            latest /= 0.98
        else:
            latest *= 0.97
        soonest = min(soonest, 0.9 * latest)
        told += struck is True
        tried += 1
        assert tried < 10 * wanted, f"only {told} of {tried} kills {what}"
    print(f"{told} of {tried} kills {what}")


def start_pipe(folder):
    """glove-load | vectorize | tee X.mp | rf-train -o model.mp, each in one session of its own."""
    load = subprocess.Popen(["glove-load", "-q", path("vectors.zip")], stdout=subprocess.PIPE,
                            start_new_session=True, stderr=subprocess.DEVNULL)
    join = dict(stderr=subprocess.DEVNULL)
    vectorize = subprocess.Popen(["vectorize", "-q", path("train.txt")], stdin=load.stdout,
                                 stdout=subprocess.PIPE, start_new_session=True, **join)
    load.stdout.close()
    tee = subprocess.Popen(["tee", os.path.join(folder, "X.mp")], stdin=vectorize.stdout,
                           stdout=subprocess.PIPE, start_new_session=True, **join)
    vectorize.stdout.close()
    train = subprocess.Popen(["rf-train", "-q", "-n", "40", "-j2", "-o",
                              os.path.join(folder, "model.mp")], stdin=tee.stdout,
                             start_new_session=True, **join)
    tee.stdout.close()
    return [load, vectorize, tee, train]


def run_reference(folder):
    started = time.monotonic()
    assert [stage.wait() for stage in start_pipe(folder)] == [0, 0, 0, 0]
    seconds = time.monotonic() - started
    return seconds, {name: read(os.path.join(folder, name)) for name in ("X.mp", "model.mp")}


def kill_a_stage(moment, reference):
    with tempfile.TemporaryDirectory() as folder:
        stages = start_pipe(folder)
        victim = stages[draw.choice((0, 1, 3))]
        time.sleep(moment)
        victim.send_signal(draw.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
        statuses = [stage.wait(timeout=60) for stage in stages]
        assert orphans.are_gone(), "processes are left"
        for name, wanted in reference.items():
            file = os.path.join(folder, name)
            if name == "model.mp" and os.path.exists(file):
                # It takes its name last; rf-train itself can be killed between that and its exit.
                assert statuses[3] <= 0, f"{name} stands though rf-train failed"
                assert read(file) == wanted, f"{name} stands and is not whole"
            if os.path.exists(file) and whole(file):
                assert read(file) == wanted, f"{name} passes for whole and is not"
        left = set(os.listdir(folder)) - set(reference)
        assert not left, f"left behind: {left}"
        return statuses != [0, 0, 0, 0]


def stages(rounds):
    with tempfile.TemporaryDirectory() as folder:
        seconds, reference = run_reference(folder)
    until(rounds, "broke the pipe", seconds, lambda moment: kill_a_stage(moment, reference))


PROGRAMS = {"rf-train": ["rf-train", "-q", "-n", "200", "-j3"],
            "rf-train-oob": ["rf-train", "-q", "-n", "200", "-j3"],
            "linear-train": ["linear-train", "-q", "--views", "bayes,word,bigram,char", "-j3"]}
# What names a file that it writes.
OUTPUTS = {"rf-train-oob": {"-o": "model.mp", "--oob": "oob.mp"}}


def outputs_of(program):
    return OUTPUTS.get(program, {"-o": "model.mp"})


def start_training(folder, program, read_from, *options):
    named = [part for option, name in outputs_of(program).items()
             for part in (option, os.path.join(folder, name))]
    return subprocess.Popen([*PROGRAMS[program], *options, *named, read_from],
                            start_new_session=True, stderr=subprocess.PIPE)


def written(folder, program):
    """By name, what stands there of its outputs."""
    return {name: read(file) for name in outputs_of(program).values()
            if os.path.exists(file := os.path.join(folder, name))}


def make_input(folder, program):
    """What the program trains on: its path."""
    if program == "linear-train":
        return path("train.txt")
    samples = os.path.join(folder, "samples.mp")
    vectors = subprocess.run(["glove-load", "-q", path("vectors.txt")], check=True,
                             capture_output=True).stdout
    subprocess.run(["vectorize", "-q", "-o", samples, path("train.txt")], input=vectors, check=True)
    return samples


def time_training(folder, program, read_from):
    started = time.monotonic()
    assert start_training(folder, program, read_from).wait() == 0
    return time.monotonic() - started, written(folder, program)


def kill_a_worker(moment, wanted, program, read_from):
    with tempfile.TemporaryDirectory() as folder:
        train = start_training(folder, program, read_from)
        time.sleep(moment)
        struck = strike_a_worker(train.pid, signal.SIGKILL)
        early = not struck and train.poll() is None
        message = train.communicate(timeout=60)[1].decode()
        assert train.returncode == 0, f"status {train.returncode}: {message}"
        assert orphans.are_gone(), "processes are left"
        assert written(folder, program) == wanted, "other streams"
        return None if early else struck


def stop_a_worker(moment, wanted, program, read_from):
    """A worker that stays stopped is replaced; one that is idle by then keeps nobody waiting."""
    with tempfile.TemporaryDirectory() as folder:
        train = start_training(folder, program, read_from)
        time.sleep(moment)
        struck = strike_a_worker(train.pid, signal.SIGSTOP)
        early = not struck and train.poll() is None
        message = train.communicate(timeout=60)[1].decode()
        assert train.returncode == 0, f"status {train.returncode}: {message}"
        assert orphans.are_gone(), "processes are left"
        assert written(folder, program) == wanted, "other streams"
        return None if early else "its worker was stopped by a signal" in message


def stopped(rounds, program):
    with tempfile.TemporaryDirectory() as folder:
        run = program, make_input(folder, program)
        seconds, wanted = time_training(folder, *run)
        until(rounds, "stopped a worker that was at work", seconds,
              lambda moment: stop_a_worker(moment, wanted, *run))


def workers(rounds, program):
    with tempfile.TemporaryDirectory() as folder:
        run = program, make_input(folder, program)
        seconds, wanted = time_training(folder, *run)
        until(rounds, "killed a worker", seconds, lambda moment: kill_a_worker(moment, wanted, *run))


def kill_the_parent(moment, wanted, program, read_from):
    with tempfile.TemporaryDirectory() as folder:
        train = start_training(folder, program, read_from)
        time.sleep(moment)
        train.send_signal(draw.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
        train.communicate(timeout=60)
        assert orphans.are_gone(), "processes are left"
        found = written(folder, program)
        # Between giving its outputs their names and exiting, a killed program has finished its work.
        assert found == wanted if train.returncode == 0 else found.items() <= wanted.items()
        assert not set(os.listdir(folder)) - set(wanted)
        return train.returncode != 0


def parent(rounds, program):
    with tempfile.TemporaryDirectory() as folder:
        run = program, make_input(folder, program)
        seconds, wanted = time_training(folder, *run)
        until(rounds, "ended the run early", seconds,
              lambda moment: kill_the_parent(moment, wanted, *run))


def kill_until_whole(seconds, wanted, samples):
    """A run killed again and again, each time a bit further on; returns how often."""
    with tempfile.TemporaryDirectory() as folder:
        file, model = os.path.join(folder, "c"), os.path.join(folder, "model.mp")
        kills = 0
        while True:
            train = start_training(folder, "rf-train", samples, "--checkpoint", file)
            time.sleep(draw.random() * seconds / 2)
            train.send_signal(draw.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT)))
            train.communicate(timeout=60)
            assert orphans.are_gone(), "processes are left"
            if os.path.exists(model):
                assert written(folder, "rf-train") == wanted, "another forest"
                assert whole(file), "the checkpoint is not whole"
                return kills
            assert train.returncode < 0, f"status {train.returncode}"
            kills += 1


def checkpoint(rounds):
    with tempfile.TemporaryDirectory() as folder:
        samples = make_input(folder, "rf-train")
        seconds, wanted = time_training(folder, "rf-train", samples)
        kills = runs = 0
        while kills < rounds:
            kills += kill_until_whole(seconds, wanted, samples)
            runs += 1
            assert runs < 10 * rounds, f"{kills} kills in {runs} runs"
        print(f"{kills} kills in {runs} runs with a checkpoint")


def start_live(folder, linear, model):
    """vectorize | tee X.mp | rf-predict > P.mp, whose input is written to by and by."""
    join = dict(stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    vectorize = subprocess.Popen(["vectorize", "-q", "--linear", linear, "-"], stdin=subprocess.PIPE, **join)
    tee = subprocess.Popen(["tee", os.path.join(folder, "X.mp")], stdin=vectorize.stdout, **join)
    vectorize.stdout.close()
    predict = subprocess.Popen(["rf-predict", "-q", "--format", "mp", model], stdin=tee.stdout, **join)
    tee.stdout.close()
    return [vectorize, tee, predict]


def feed(pipe, lines):
    try:
        for line in lines:
            os.write(pipe, line)
            time.sleep(0.0005)
    except BrokenPipeError:
        pass  # nobody reads any more


def kill_live(lines, linear, model):
    """Its input stays open until a stage was killed, so that no end of it is right."""
    with tempfile.TemporaryDirectory() as folder:
        stages = start_live(folder, linear, model)
        pipe = stages[0].stdin.fileno()
        feed(pipe, draw.sample(lines, draw.randrange(20)))
        stages[draw.choice((0, 2))].send_signal(draw.choice((signal.SIGKILL, signal.SIGTERM)))
        feed(pipe, lines[:5])
        stages[0].stdin.close()
        predicted = os.path.join(folder, "P.mp")
        with open(predicted, "wb") as out:
            out.write(stages[2].stdout.read())
        statuses = [stage.wait(timeout=60) for stage in stages]
        assert statuses[0] or statuses[2], "nobody noticed"
        assert not whole(predicted) and not (statuses[0] and whole(os.path.join(folder, "X.mp"))), \
            f"a whole stream of stages that ended with {statuses}"
        assert statuses[2] == 4 or statuses[2] < 0, f"rf-predict: status {statuses[2]}"


def live(rounds):
    with tempfile.TemporaryDirectory() as folder:
        linear, samples, model = (os.path.join(folder, name) for name in ("linear.mp", "X.mp", "model.mp"))
        for made in (["linear-train", "-q", "--folds", "2", "-o", linear, path("train.txt")],
                     ["vectorize", "-q", "--linear", linear, "-o", samples, path("train.txt")],
                     ["rf-train", "-q", "-n", "5", "-o", model, samples]):
            subprocess.run(made, check=True)
        with open(path("test.txt"), "rb") as texts:
            lines = texts.readlines()
        for _ in range(rounds):
            kill_live(lines, linear, model)
        print(f"{rounds} kills in live pipes")


if __name__ == "__main__":
    orphans.adopt()
    {"live": live, "stages": stages, "workers": workers, "parent": parent, "checkpoint": checkpoint,
     "stopped": stopped}[
        sys.argv[1]](int(sys.argv[2]), *sys.argv[3:])
