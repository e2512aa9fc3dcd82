#!/bin/sh
# The four programs of GloVe's authors, from the folder GLOVE_REF, one after the other:
#
#   glove_reference.sh CORPUS FOLDER ITERATIONS THREADS
#
# CORPUS is text alone, a document a line. The options are glove-train's defaults; what the
# programs tell of their progress goes to standard error. FOLDER takes the files between them.
set -eu
programs=$(cd "$GLOVE_REF" && pwd)
corpus=$1 folder=$2 iterations=$3 threads=$4
mkdir -p "$folder"
cd "$folder"
"$programs/vocab_count" -verbose 0 -min-count 2 <"$corpus" >vocab.txt
"$programs/cooccur" -verbose 0 -memory 4 -vocab-file vocab.txt -window-size 10 <"$corpus" \
    >cooccurrence.bin
"$programs/shuffle" -verbose 0 -memory 4 -seed 1 <cooccurrence.bin >cooccurrence.shuf.bin
"$programs/glove" -verbose 0 -input-file cooccurrence.shuf.bin -vocab-file vocab.txt \
    -save-file vectors -vector-size 50 -iter "$iterations" -x-max 10 -threads "$threads" -seed 1
