#!/usr/bin/python3
"""OpenCV grows a forest: opencv_fit.py NAME.x.npy TREES

RTrees as near to rf-train's forest as it goes: sqrt(features) candidates a node, leaves down to
one sample, no surrogates, no pruning, no out-of-bag error (which a bound on the error alone would
ask for). It stops at depth 25, the most it allows. It trains on one thread.
"""
import math
import sys

import cv2

from timing import load_xy, timed

cv2.setNumThreads(1)
x, y = load_xy(sys.argv[1])
forest = cv2.ml.RTrees_create()
forest.setTermCriteria((cv2.TERM_CRITERIA_COUNT, int(sys.argv[2]), 0))
forest.setActiveVarCount(math.isqrt(x.shape[1]))
forest.setMaxDepth(25)
forest.setMinSampleCount(1)
forest.setUseSurrogates(False)
forest.setCalculateVarImportance(False)
timed(lambda: forest.train(x, cv2.ml.ROW_SAMPLE, y))
print(f"check\ttrain accuracy {(forest.predict(x)[1].ravel() == y).mean():.4f}")
