#!/bin/sh
# Text to predictions by evidence alone: evidence.sh OUT TRAIN TEST TREES JOBS [OPTION...]
#
# The options are linear-train's. One pipe after another, as `glovepipe train` and `predict` run
# them, but that none waits for the disk to have its file: nor do the programs beside it.
set -eu
out=$1 train=$2 test=$3 trees=$4 jobs=$5
shift 5
[ -d "$out" ] || mkdir -p "$out"
linear-train -q --no-sync -j "$jobs" "$@" -o "$out/linear.mp" "$train"
vectorize -q -j "$jobs" --linear "$out/linear.mp" "$train" |
    rf-train -q --no-sync -j "$jobs" -n "$trees" --min-samples-leaf 3 --max-samples 6000 -o "$out/model.mp"
vectorize -q -j "$jobs" --linear "$out/linear.mp" "$test" |
    rf-predict -q --no-sync -j "$jobs" -o "$out/predictions.tsv" "$out/model.mp"
