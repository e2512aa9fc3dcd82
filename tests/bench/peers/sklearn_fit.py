#!/usr/bin/python3
"""scikit-learn grows a forest: sklearn_fit.py NAME.x.npy TREES JOBS [MODEL.joblib [COMPRESS]]

Float32 in C order, which its trees take without a copy, and classes as numbers, so that no time
goes into sorting labels; jobs are threads, for which growing a tree releases Python's lock.
Everything else is its default, which is the forest that rf-train grows, unless the environment has a
RECIPE: extra (trees, of bags), balanced (classes), or oob (with the score out of bag). A forest of
one tree comes first, so that nothing is done for the first time within the seconds.
"""
import functools
import os
import sys

import joblib
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from timing import load_xy, timed

x, y = load_xy(sys.argv[1])
MODELS = {
    "extra": functools.partial(ExtraTreesClassifier, bootstrap=True),
    "balanced": functools.partial(RandomForestClassifier, class_weight="balanced"),
    "oob": functools.partial(RandomForestClassifier, oob_score=True),
}
model = MODELS.get(os.environ.get("RECIPE"), RandomForestClassifier)
trees, jobs = int(sys.argv[2]), int(sys.argv[3])
model(n_estimators=1, n_jobs=jobs, random_state=0).fit(x[:100], y[:100])
forest = model(n_estimators=trees, n_jobs=jobs, random_state=0)
timed(lambda: forest.fit(x, y))
print(f"check\t{sum(tree.tree_.node_count for tree in forest.estimators_):,} nodes")
if len(sys.argv) > 4:
    joblib.dump(forest, sys.argv[4], compress=int(sys.argv[5]) if len(sys.argv) > 5 else 0)
