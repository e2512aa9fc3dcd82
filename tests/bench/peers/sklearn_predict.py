#!/usr/bin/python3
"""scikit-learn predicts: sklearn_predict.py MODEL.joblib NAME.x.npy JOBS

A forest that sklearn_fit.py grew from the samples that rf-train had; float32 in C order, jobs are
threads. Some rows are predicted before, so that nothing is done for the first time within the
seconds.
"""
import sys

import joblib

from timing import load_xy, timed

forest = joblib.load(sys.argv[1])
x, y = load_xy(sys.argv[2])
forest.set_params(n_jobs=int(sys.argv[3]))
forest.predict(x[:100])
predicted = timed(lambda: forest.predict(x))
print(f"check\taccuracy {(predicted == y).mean():.4f}")
