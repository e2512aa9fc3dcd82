#!/usr/bin/env bats
# glove-train: memory, and temporary files for what does not fit.
load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# ---- memory and temporary files ----

# Random documents: many distinct words and pairs. big_corpus TOKENS WORDS
big_corpus() {
    need_python numpy
    "$PYTHON" - "$@" <<'END'
import sys

import numpy as np

tokens, words = map(int, sys.argv[1:])
random = np.random.default_rng(1)
shares = 1 / np.arange(1, words + 1)
numbers = np.searchsorted(np.cumsum(shares / shares.sum()), random.random(tokens))
for start in range(0, tokens, 50):
    print("x\t" + " ".join(f"w{number:x}" for number in numbers[start:start + 50]))
END
}

# Random documents of words of three letters, nearly all that there are: what takes most memory
# while it is read. short_words TOKENS
short_words() {
    "$PYTHON" - "$@" <<'END'
import sys

import numpy as np

letters = np.array(list("abcdefghijklmnopqrstuvwxyz0123456789"))
words = ["".join(word) for word in letters[np.random.default_rng(2).integers(0, 36, (int(sys.argv[1]), 3))]]
for start in range(0, len(words), 50):
    print("x\t" + " ".join(words[start:start + 50]))
END
}

# The peak of memory of a command, in KiB, on file descriptor 3.
peak_of() {
    "$PYTHON" -c 'import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)' "$@"
}

@test "--memory holds, whatever has to go to temporary files, which leave no trace" {
    need_plain_build
    big_corpus 1500000 60000 >corpus.txt
    mkdir temp
    glove-train -q --iter 1 --vector-size 20 -o wanted.txt corpus.txt
    expect 0 peak_of glove-train -v --iter 1 --vector-size 20 --memory 64M --temp-dir temp \
        -o got.txt corpus.txt
    contains "$stderr" "the pairs are in a temporary file in temp"
    [ "$output" -le $((64 * 1024)) ] || fail "$output KiB"
    same_file got.txt wanted.txt
    only_files temp
}

@test "--memory holds for any number of threads" {
    need_plain_build
    need_python numpy
    peak_within() {
        expect 0 peak_of glove-train --iter 1 --vector-size 20 --memory 64M --temp-dir . "$@"
        [ "$output" -le $((64 * 1024)) ] || fail "$output KiB: $*"
    }
    # Many pairs, so that the parts of them that threads train on are long.
    big_corpus 5000000 60000 >corpus.txt
    peak_within -j 1 -o wanted.txt corpus.txt
    peak_within -j 8 -o got.txt corpus.txt
    same_file got.txt wanted.txt
    short_words 1500000 >corpus.txt
    peak_within -j 40 -o got.txt corpus.txt
}

@test "too many words for the memory: what to do is told" {
    big_corpus 400000 60000 >corpus.txt
    expect 2 glove-train --memory 64M --vector-size 300 -o vectors.txt corpus.txt
    contains "$stderr" "--memory gives 64"
    contains "$stderr" "--min-count or --max-vocab"
    expect 2 glove-train --memory 63M corpus.txt
    contains "$stderr" "at least 64M"
    expect 2 glove-train --memory 4 corpus.txt
    contains "$stderr" "such as 4G"
}

@test "a disk without room is told, and nothing is left" {
    need_plain_build
    big_corpus 1500000 60000 >corpus.txt
    mkdir temp
    no_room() {
        ulimit -f 2048
        glove-train --iter 1 --vector-size 20 --memory 64M --temp-dir temp "$@"
    }
    expect 1 no_room -o vectors.txt corpus.txt
    contains "$stderr" "temp: File too large while writing a temporary file"
    contains "$stderr" "--temp-dir"
    [ ! -e vectors.txt ]
    only_files temp
    expect 1 glove-train --iter 1 --vector-size 20 --memory 64M --temp-dir nowhere corpus.txt
    contains "$stderr" "nowhere: no files can be made there"
}
