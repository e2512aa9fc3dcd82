"""A pipe that answers each line before it gets the next.

live.py [OPTION...] TEXTS COMMAND: runs COMMAND by bash, writes the lines of TEXTS to it, each
only when the answer to the one before was read, and prints the answers. A pipe that keeps one back
is never answered, and timeout(1) ends the test.

--gzip    what is written is one gzip member, flushed behind each line
--pieces  a line comes in two pieces, the second with the beginning of the next line
--forever COMMAND does not end with its input: it is interrupted after the last answer
--alone   so is its first process alone, which has to take all others along
"""
import argparse
import os
import signal
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fault"))
import orphans  # noqa: E402


def pieces_of(lines):
    """Each ends one line, and holds the half of the next."""
    halves = [(line[: len(line) // 2], line[len(line) // 2 :]) for line in lines] + [(b"", b"")]
    yield halves[0][0] + halves[0][1] + halves[1][0]
    for (_, rest), (begin, _) in zip(halves[1:-1], halves[2:]):
        yield rest + begin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--pieces", action="store_true")
    parser.add_argument("--forever", action="store_true")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("texts")
    parser.add_argument("command")
    wanted = parser.parse_args()
    lines = open(wanted.texts, "rb").readlines()
    if wanted.alone:
        orphans.adopt()
    pipe = subprocess.Popen(["bash", "-o", "pipefail", "-c", wanted.command], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, start_new_session=True)
    gzip = zlib.compressobj(wbits=31) if wanted.gzip else None
    for piece in pieces_of(lines) if wanted.pieces else lines:
        pipe.stdin.write(gzip.compress(piece) + gzip.flush(zlib.Z_SYNC_FLUSH) if gzip else piece)
        pipe.stdin.flush()
        answer = pipe.stdout.readline()
        assert answer.endswith(b"\n"), f"no answer to {piece}"
        sys.stdout.buffer.write(answer)
    if gzip:
        pipe.stdin.write(gzip.flush())
    pipe.stdin.close()
    if wanted.forever:
        os.killpg(pipe.pid, signal.SIGTERM)
    if wanted.alone:
        pipe.terminate()
        pipe.wait()
        assert orphans.are_gone(), "processes are left"
    rest = pipe.stdout.read()
    assert not rest, f"more than was asked: {rest}"
    status = pipe.wait()
    return 0 if wanted.forever or wanted.alone else status


if __name__ == "__main__":
    sys.exit(main())
