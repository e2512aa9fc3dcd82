#!/usr/bin/python3
"""XGBoost grows a forest: xgboost_fit.py NAME.x.npy TREES JOBS

One round of parallel trees, a forest in XGBoost's terms: for every class TREES trees that tell it
from the rest. Leaves down to one sample, sqrt(features) candidates a node, 63 in 100 rows a tree
(the share of distinct rows in a bag). All thresholds are tried, as rf-train does; on R8 that is
faster than XGBoost's histograms. It wants a bound on the depth, which no tree comes near to.
"""
import math
import sys

import xgboost

from timing import load_xy, timed

x, y = load_xy(sys.argv[1])
forest = xgboost.XGBRFClassifier(
    n_estimators=int(sys.argv[2]), n_jobs=int(sys.argv[3]), tree_method="exact", max_depth=64,
    min_child_weight=0, reg_lambda=0, subsample=0.632,
    colsample_bynode=math.isqrt(x.shape[1]) / x.shape[1], random_state=0)
timed(lambda: forest.fit(x, y))
print(f"check\ttrain accuracy {(forest.predict(x) == y).mean():.4f}")
