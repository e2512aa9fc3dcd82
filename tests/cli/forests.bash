# What the tests of rf-train share beside helpers; a .bats file says `load forests` behind that.
#
# shellcheck shell=bash disable=SC2154 # bats sets status, output and stderr

# The demo corpus as vectors.mp and train.mp.
demo_samples() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
}

# accuracy SAMPLES: of model.mp on them.
accuracy() {
    rf-predict -q --format mp model.mp "$1" | rf-eval --accuracy
}

# Every node of one tree beside scikit-learn's, with what follows as `DATA [OPTION...]`.
trees() {
    need_python msgpack numpy sklearn
    expect 0 "$PYTHON" "$ROOT/tests/oracle/trees.py" . "$@"
}

# same_bytes SAMPLES OPTION...: for any number of jobs and any instruction set.
same_bytes() {
    local samples=$1 jobs level
    shift
    rf-train -q -j1 -n 30 "$@" -o one.mp "$samples"
    for jobs in 2 8; do
        rf-train -q -j "$jobs" -n 30 "$@" "$samples" | cmp - one.mp
    done
    for level in portable avx2 avx512; do
        GLOVEPIPE_CPU=$level rf-train -q -n 30 "$@" "$samples" | cmp - one.mp
    done
}

# refuses STATUS PART ARGUMENT...: no forest, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" rf-train -n 3 -o model.mp "$@"
    contains "$stderr" "$part"
    [ ! -e model.mp ] || fail "there is a forest"
}

# gaps FROM TO: the same samples without one value in five.
gaps() {
    need_python msgpack numpy
    "$PYTHON" - "$1" "$2" "$ROOT/tests/oracle" <<'END'
import sys
import msgpack, numpy as np
sys.path.insert(0, sys.argv[3])
import streams
with open(sys.argv[1], "rb") as file:
    header, *blocks, end = msgpack.Unpacker(file, raw=False)
x = np.concatenate([np.frombuffer(b["x"], "<f4") for b in blocks]).reshape(-1, header["dim"]).copy()
x[np.random.default_rng(3).random(x.shape) < 0.2] = np.nan
streams.write_samples(sys.argv[2], x, sum((b["labels"] for b in blocks), []))
END
}
