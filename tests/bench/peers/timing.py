"""What the peers in Python share: timing the step that counts, and the arrays."""
import time

import numpy as np


def timed(work):
    """Prints how long `work` took, and returns what it returned."""
    start = time.perf_counter()
    result = work()
    print(f"seconds\t{time.perf_counter() - start:.6f}")
    return result


def load_x(path):
    return np.load(path)


def load_xy(path):
    """NAME.x.npy and the classes' numbers beside it in NAME.y.npy."""
    return np.load(path), np.load(path.replace(".x.npy", ".y.npy"))
