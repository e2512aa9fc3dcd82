# Tables as Python's csv, numpy and scikit-learn write them, and the samples that they are.
import csv
import random
import sys

import numpy as np

random.seed(11)
RNG = np.random.default_rng(11)
ROWS = 700
X = (RNG.standard_normal((ROWS, 4)) * 10.0 ** RNG.integers(-8, 9, (ROWS, 4))).astype('f8')
LABELS = [random.choice(['acq', 'money, fx', 'ü', 'a "b"']) for _ in range(ROWS)]
COLOURS = [random.choice(['red', 'blue', '', 'Grün']) for _ in range(ROWS)]


def shown(value):
    return 'nan' if np.isnan(value) else repr(float(np.float32(value)))


def want(names, labels, x):
    """label, then float32 in digits that read back, a line a row, under the names."""
    with open('wanted', 'w', encoding='utf-8') as out:
        out.write('\t'.join(names) + '\n')
        for label, row in zip(labels, x):
            out.write('\t'.join([label] + [shown(v) for v in row]) + '\n')


def table(separator):
    missing = RNG.random(X.shape) < 0.05
    with open('given.csv', 'w', encoding='utf-8', newline='') as out:
        writer = csv.writer(out, delimiter=separator)
        writer.writerow(['id', 'a', 'b', 'topic', 'c,c', 'd', 'colour'])
        for i in range(ROWS):
            cells = [random.choice(['', 'NA', 'nan', 'None']) if missing[i, j] else repr(float(X[i, j]))
                     for j in range(4)]
            writer.writerow([i, cells[0], cells[1], LABELS[i], cells[2], cells[3], COLOURS[i]])
    x = np.where(missing, np.nan, X)
    kinds = sorted(set(COLOURS) - {''}, key=lambda kind: kind.encode())
    hot = np.array([[colour == kind for kind in kinds] for colour in COLOURS], 'f8')
    want(['a', 'b', 'c,c', 'd'] + ['colour=' + kind for kind in kinds], LABELS, np.hstack([x, hot]))


def array(kind):
    x = RNG.integers(-100, 100, X.shape).astype(kind) if kind[1] in 'iu' else (X / 10.0 ** np.floor(np.log10(abs(X)))).astype(kind)
    np.save('given.npy', x)
    with open('labels', 'w', encoding='utf-8') as out:
        out.write('\n'.join(LABELS) + '\n')
    want([], LABELS, np.load('given.npy').astype('f4'))


def libsvm(zero_based):
    from sklearn.datasets import dump_svmlight_file
    x = X * (RNG.random(X.shape) < 0.6)
    x[0] = 1
    y = RNG.integers(0, 3, ROWS)
    dump_svmlight_file(x, y, 'given.svm', zero_based=zero_based, comment='two\nlines')
    want([], [str(v) for v in y], x.astype('f4'))


if sys.argv[1] == 'table':
    table(sys.argv[2])
elif sys.argv[1] == 'npy':
    array(sys.argv[2])
else:
    libsvm(sys.argv[2] == '0')
