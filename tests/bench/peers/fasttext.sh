#!/bin/sh
# fastText, from text to predictions: fasttext.sh OUT TRAIN TEST; or, without TEST, a model alone.
#
# The settings that are right most often on R8 of those that its users try: 25 epochs at a learning
# rate of 0.5, where its defaults, 5 and 0.1, are a fifth as long. Lines are in its own form already.
set -eu
[ -d "$1" ] || mkdir -p "$1"
fasttext supervised -input "$2" -output "$1/model" -epoch 25 -lr 0.5 -thread 2 -verbose 0
[ $# -lt 3 ] || fasttext predict "$1/model.bin" "$3" >"$1/predictions.txt"
