#!/usr/bin/python3
"""pandas reads a zip of vectors: pandas_vectors.py VECTORS.zip

Its C parser, straight to float32; the words stay an ordinary column, for an index takes a quarter
longer. No quotes and no words for missing values, which the file doesn't have and which cost time
to look for. Its own float converter, which may be off by a last bit; the exact one
(float_precision='round_trip') is slower.
"""
import sys
import zipfile

import numpy as np
import pandas as pd

from timing import timed

with zipfile.ZipFile(sys.argv[1]) as archive, archive.open(archive.namelist()[0]) as member:
    dim = len(member.readline().split()) - 1

table = timed(lambda: pd.read_csv(
    sys.argv[1], sep=" ", header=None, names=range(dim + 1), engine="c", quoting=3,
    dtype={column: np.float32 for column in range(1, dim + 1)}, na_filter=False,
    compression="zip", encoding_errors="ignore"))
print(f"check\t{len(table):,} x {table.shape[1] - 1}")
