#!/usr/bin/env bats
# mp-cat: any stream as text.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

streams() {
    "$PYTHON" "$ROOT/tests/cli/predict.py" "$@"
}

# small.mp: three vectors of two values.
small_vectors() {
    printf '%s\n' 'gold 1 2' 'straße -0.1 1e-7' 'a b 0.333333343 12345678' >small.txt
    glove-load -q -o small.mp small.txt
}

# ---- what is shown ----

@test "vectors: GloVe's text, in as many digits as it takes" {
    small_vectors
    expect 0 mp-cat small.mp
    equal "$output" "$(printf '%s\n' 'gold 1 2' 'straße -0.1 1e-07' 'a b 0.33333334 12345678')"
    equal "$stderr" ""
}

@test "vectors and back: the same stream of words and values" {
    glove-load -q -o once.mp "$DEMO/vectors.txt"
    mp-cat once.mp | glove-load -q - | mp-cat >twice.txt
    mp-cat once.mp >once.txt
    same_file twice.txt once.txt
}

@test "samples: label, tokens, known, values" {
    small_vectors
    printf 'a\tGold silver\nb\tstraße gold gold\n\tx y z\n' >train.txt
    vectorize -q --vectors small.mp -o train.mp train.txt
    expect 0 mp-cat train.mp
    equal "$output" "$(printf '%s\t%s\t%s\t%s\t%s\n' a 2 1 1 2 b 3 3 0.6333333 1.3333334 '' 3 0 0 0)"
    cut -f 2 train.txt | vectorize -q --vectors small.mp --no-label -o bare.mp -
    expect 0 mp-cat --head 1 bare.mp
    equal "$output" "$(printf '2\t1\t1\t2')"
}

@test "a forest: its branches, and what their leaves hold" {
    need_python msgpack numpy
    streams hand .
    expect 0 mp-cat model.mp
    equal "$output" "tree 0: 5 nodes, 3 leaves
  x[0] <= 0.5: acq 3
  x[0] > 0.5
    x[1] <= -1: earn 2
    x[1] > -1: acq 1, ship 3
tree 1: 1 node, 1 leaf
  acq 2, earn 2, ship 4
tree 2: 3 nodes, 2 leaves
  x[1] <= 0: ship 1
  x[1] > 0: acq 5"
}

@test "predictions: as rf-predict writes them" {
    need_python msgpack numpy
    streams hand .
    rf-predict -q --proba --format mp -o p.mp model.mp samples.mp
    rf-predict -q --proba model.mp samples.mp >expected
    mp-cat p.mp >got
    same_file got expected
}

@test "a branch that is deep names its level instead of moving on" {
    need_python msgpack numpy
    "$PYTHON" - "$ROOT" <<'EOF'
import sys
sys.path.insert(0, sys.argv[1] + "/tests/cli")
import predict
chain = [node for level in range(60) for node in ((0, 100 - level), [1, 0])]
# The left sides are leaves, so the splits follow one another on the right.
predict.write_forest("deep.mp", 1, ["a", "b"], [chain + [[0, 1]]])
EOF
    mp-cat deep.mp >text
    equal "$(sed -n 2p text)" "  x[0] <= 100: a 1"
    equal "$(grep -c . text)" 121
    equal "$(tail -n 1 text)" "$(printf '%80s(60) x[0] > 41: b 1' '')"
}

@test "control characters are escaped, all else is shown as it is" {
    need_python msgpack numpy
    streams pairs p.mp $'a\tb\x1b[1m\x7f' 'é\n "x"'
    expect 0 mp-cat p.mp
    equal "$output" "$(printf '%s\t%s' 'a\tb\x1b[1m\x7f' 'é\n "x"')"
}

# ---- options ----

@test "--head N: the first rows or trees" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    mp-cat vectors.mp >all
    local rows
    for rows in 0 1 7 100000; do
        mp-cat --head "$rows" vectors.mp >got
        head -n "$rows" all >expected
        same_file got expected
    done
    vectorize -q --vectors vectors.mp "$DEMO/train.txt" | rf-train -q -n 5 -o model.mp
    expect 0 mp-cat --head 2 model.mp
    equal "$(grep -c '^tree' <<<"$output")" 2
    contains "$output" "tree 1: "
}

@test "--head stops reading: what lies behind is not missed" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    head -c -1 vectors.mp >cut.mp
    expect 0 mp-cat --head 1 cut.mp
    expect 4 mp-cat --head 1000000 cut.mp
}

@test "--check: only the exit status" {
    small_vectors
    expect 0 mp-cat --check small.mp
    equal "$output$stderr" ""
    head -c -1 small.mp >cut.mp
    expect 4 mp-cat --check cut.mp
    equal "$output" ""
    contains "$stderr" "mp-cat: cut.mp: upstream ended early"
    { head -c 150 small.mp; printf '\377'; tail -c +152 small.mp; } >damaged.mp
    expect 3 mp-cat --check damaged.mp
    contains "$stderr" "mp-cat: damaged.mp: byte "
}

@test "--check reads the columns, too: a class that is not there" {
    need_python msgpack numpy
    "$PYTHON" - "$ROOT" <<'EOF'
import sys
sys.path.insert(0, sys.argv[1] + "/tests/cli")
import predict, numpy
header = {"kind": "predictions", "labelled": False, "classes": ["a"], "proba": False, "lineage": []}
predict.write("p.mp", header, [{"n": 2, "predicted": numpy.array([0, 1], "<i4").tobytes()}])
predict.write_forest("f.mp", 1, ["a"], [[(0, float("nan")), [1], [1]]])
EOF
    local option
    for option in --check --stats --lineage --head=5; do
        expect 3 mp-cat "$option" p.mp
        contains "$stderr" "row 2 predicts class 1 of 1"
    done
    expect 3 mp-cat --check f.mp
    contains "$stderr" "threshold 0 is not finite"
}

@test "--stats of each kind" {
    small_vectors
    expect 0 mp-cat --stats small.mp
    equal "$(sed '$d' <<<"$output")" "kind       vectors
rows       3
blocks     1
bytes      $(stat -c %s small.mp)
dim        2"
    equal "${lines[-1]}" "crc32      $(gzip -c small.mp | tail -c 8 |
        od -An -N4 -tx4 --endian=little | tr -d ' ')"
    need_python msgpack numpy
    streams hand .
    expect 0 mp-cat --stats samples.mp
    contains "$output" "labelled   yes"
    contains "$output" "labels     3: ship 1, acq 2, wheat 1"
    expect 0 mp-cat --stats model.mp
    contains "$output" "nodes      9
trees      3
bytes      $(stat -c %s model.mp)
dim        2
samples    1
classes    3: acq, earn, ship"
    streams random many.mp 1 10 25
    expect 0 mp-cat --stats many.mp
    contains "$output" "proba      no
classes    25: class 0, class 1, class 10,"
    contains "$output" ", class 24, class 3, class 4, ..."
}

@test "--lineage: the stages, their options, what they read" {
    glove-load -q --top 40 -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp --no-label -o x.mp "$DEMO/test.txt"
    expect 0 mp-cat --lineage x.mp
    local version
    version=$(mp-cat --version | sed 's/.* //')
    equal "${lines[0]}" "1 glove-load $version"
    contains "$output" "    top   40"
    contains "$output" "    read  $(stat -c %s "$DEMO/vectors.txt") bytes, CRC-32 $(
        gzip -c "$DEMO/vectors.txt" | tail -c 8 | od -An -N4 -tx4 --endian=little | tr -d ' ')"
    contains "$output" "2 vectorize $version"
    contains "$output" "    no-label   yes"
    contains "$output" "    read       $(stat -c %s "$DEMO/test.txt") bytes"
}

@test "options that exclude each other" {
    expect 2 mp-cat --check --stats x.mp
    contains "$stderr" "exclude each other"
    expect 2 mp-cat --head 3 --lineage x.mp
    expect 2 mp-cat --head -1 x.mp
    expect 2 mp-cat a b
}

@test "a reader that has enough: mp-cat ends quietly" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    run --separate-stderr bash -c 'set -o pipefail; mp-cat vectors.mp | head -n 1 >first'
    equal "$stderr" ""
    equal "$(cut -d ' ' -f 1 first)" "$(head -n 1 "$DEMO/vectors.txt" | cut -d ' ' -f 1)"
}
