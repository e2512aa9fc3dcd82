"""Whether a program left processes behind: what outlives its parent becomes this process's child,
whatever session and group it is in."""
import ctypes
import os
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt():
    """Before the first program is started."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0


def any_left():
    while True:
        try:
            ended = os.waitpid(-1, os.WNOHANG)[0]
        except ChildProcessError:
            return False
        if not ended:
            return True


def are_gone():
    """Where all programs that were started have been waited for: are theirs gone, too? Children of a
    killed one are ended by the system at once, not in no time."""
    deadline = time.monotonic() + 5
    while any_left():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True
