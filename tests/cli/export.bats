#!/usr/bin/env bats
# mp-cat --format: each form read by the program that it is for.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

# Streams whose names and numbers are hard to write.
odd_streams() {
    need_python msgpack numpy
    check make .
}

check() {
    "$PYTHON" "$ROOT/tests/cli/export.py" "$@"
}

export_as() {
    local format
    for format; do mp-cat --format "$format" x.mp >"x.$format" || return; done
}

# model.mp, test.mp and predictions.mp of the demo corpus
demo() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    linear-train -q --views bayes -o linear.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp --linear linear.mp "$DEMO/train.txt" | rf-train -q -n 30 -o model.mp
    vectorize -q --vectors vectors.mp --linear linear.mp -o test.mp "$DEMO/test.txt"
    rf-predict -q --proba --format mp -o predictions.mp model.mp test.mp
}

# The same of few texts: evidence has a part of the vote for itself.
few() {
    head -n 60 "$DEMO/train.txt" >few.txt
    linear-train -q -o linear.mp few.txt
    vectorize -q --linear linear.mp few.txt | rf-train -q -n 10 -o model.mp
    contains "$(mp-cat --lineage model.mp)" evidence-share
    vectorize -q --linear linear.mp -o test.mp "$DEMO/test.txt"
    rf-predict -q --proba --format mp -o predictions.mp model.mp test.mp
}

# ---- rows ----

@test "samples and predictions as csv, tsv and jsonl: Python's csv and json read every bit back" {
    odd_streams
    local stream
    for stream in samples bare twice predictions; do
        cp "$stream.mp" x.mp
        export_as csv tsv jsonl
        check tables x.mp x.csv x.tsv x.jsonl
    done
    need_python msgpack numpy sklearn
    demo
    for stream in test predictions; do
        cp "$stream.mp" x.mp
        export_as csv tsv jsonl
        check tables x.mp x.csv x.tsv x.jsonl
    done
}

@test "csv by hand: what is quoted, and what is not" {
    printf 'say "hi"\tgold\nplain\tgold\na,b\t\n' >t.txt
    printf 'gold 0.1 -2\n' | glove-load -q -o v.mp -
    vectorize -q --vectors v.mp --keep line -o x.mp t.txt
    expect 0 mp-cat --format csv x.mp
    equal "$output" "$(printf '%s\n' 'label,0,1,kept' '"say ""hi""",0.1,-2,"say ""hi""	gold"' \
        'plain,0.1,-2,plain	gold' '"a,b",0,0,"a,b	"')"
    expect 0 mp-cat --format jsonl --head 1 x.mp
    equal "$output" '{"label": "say \"hi\"", "tokens": 1, "known": 1, "x": [0.1, -2], "kept": "say \"hi\"\u0009gold"}'
    expect 0 mp-cat --format libsvm x.mp
    equal "$output" "$(printf '%s\n' '2 1:0.1 2:-2' '1 1:0.1 2:-2' '0')"
    expect 0 mp-cat --format names x.mp
    equal "$output" "$(printf '%s\n' 'say "hi"' plain a,b)"
}

@test "npy: numpy loads it, of samples and of vectors; of none, too" {
    odd_streams
    local stream
    for stream in samples bare vectors spaced; do
        cp "$stream.mp" x.mp
        export_as npy
        check npy x.mp x.npy
    done
    mp-cat --format npy --head 0 vectors.mp >none.npy
    "$PYTHON" -c 'import numpy; assert numpy.load("none.npy").shape == (0, 3)'
    mp-cat --format npy --head 9 samples.mp >nine.npy
    "$PYTHON" -c 'import numpy; a, b = numpy.load("nine.npy"), numpy.load("all.npy"); assert (a == b[:9]).all()' \
        "$(mp-cat --format npy samples.mp >all.npy)"
}

@test "libsvm: scikit-learn loads it; labels are numbers, or get them" {
    odd_streams
    need_python msgpack numpy sklearn
    local stream
    for stream in samples bare twice; do
        cp "$stream.mp" x.mp
        export_as libsvm
        check libsvm x.mp x.libsvm
    done
}

@test "word2vec: gensim loads it; a word with a space is refused" {
    odd_streams
    expect 3 mp-cat --format word2vec spaced.mp
    contains "$stderr" "spaced.mp: row 2: the word '. . .' can't be written in word2vec's form"
    need_python msgpack numpy gensim
    cp vectors.mp x.mp
    export_as word2vec
    check word2vec x.mp x.word2vec
}

@test "names: the words and labels, a line each" {
    odd_streams
    equal "$(mp-cat --format names spaced.mp)" "$(printf '%s\n' the '. . .' b)"
    equal "$(mp-cat --format names predictions.mp | wc -l)" 30
    expect 2 mp-cat --format names bare.mp
    contains "$stderr" "these samples have no labels"
}

@test "names are read back as they were; on a terminal they steer nothing" {
    need_program script
    printf 'a\302\205b 1 2\ntab\tbed 3 4\n\033[1m 5 6\nx\342\200\256y 7 8\n' >v.txt
    glove-load -q -o v.mp v.txt
    mp-cat --format npy -o v.npy v.mp
    mp-cat --format names -o names v.mp
    cut -d ' ' -f 1 v.txt | cmp - names
    mp-cat --format names v.mp | cmp - names
    # The same rows; the streams tell what they were read from.
    glove-load -q --word-list names v.npy | mp-cat --format word2vec | cmp - <(mp-cat --format word2vec v.mp)
    SHELL=/bin/sh script -qec "mp-cat --format names v.mp" /dev/null >said </dev/null
    equal "$(tr -d '\r' <said)" "$(printf '%s\n' 'a\u0085b' 'tab\tbed' '\x1b[1m' 'x\u202ey')"
    odd_streams
    contains "$(mp-cat --format names samples.mp)" 'two\nlines'
    contains "$(mp-cat --format names samples.mp)" $'tab\tand\\rreturn'
}

# ---- forests ----

@test "a forest as jsonl: voted again, its predictions are the same" {
    odd_streams
    local model
    for model in model two one; do
        rf-predict -q --force --proba --format mp -o p.mp $model.mp rows.mp
        mp-cat --format jsonl $model.mp >x.jsonl
        check forest $model.mp x.jsonl rows.mp p.mp
    done
    mp-cat --format jsonl --tree 2 model.mp | tail -n +2 >one.jsonl
    mp-cat --format jsonl model.mp | tail -n 1 | cmp - one.jsonl
    demo
    mp-cat --format jsonl model.mp >x.jsonl
    check forest model.mp x.jsonl test.mp predictions.mp
    few
    mp-cat --format jsonl model.mp >x.jsonl
    check forest model.mp x.jsonl test.mp predictions.mp
}

# compile and run SAMPLES: c.txt
run_c() {
    local flags
    for flags in -O1 -O2; do
        ${CC:-cc} $flags -std=c99 -pedantic -Wall -Wextra -Werror -Wno-overlength-strings -DFOREST_MAIN \
            -o forest forest.c
        mp-cat --format tsv "$1" | tail -n +2 | cut -f "$2" | ./forest >c.txt
    done
}

@test "a forest as C: compiled, it gives the same bits" {
    odd_streams
    need_program "${CC:-cc}"
    local model
    for model in model two one; do
        rf-predict -q --force --proba --format mp -o p.mp $model.mp rows.mp
        mp-cat --format c $model.mp >forest.c
        run_c rows.mp 1-
        check program p.mp c.txt
    done
    local make
    for make in demo few; do
        $make
        mp-cat --format c model.mp >forest.c
        run_c test.mp 2-
        check program predictions.mp c.txt
    done
}

@test "a forest as ONNX: ONNX Runtime gives the same labels, and probabilities to 1e-6" {
    odd_streams
    need_program node
    [ -d "${ONNX_MODULES:-}/onnxruntime-node" ] ||
        skip "no \$ONNX_MODULES, the node_modules of npm install onnxruntime-node"
    onnx() {
        node "$ROOT/tests/cli/onnx.js" "$ONNX_MODULES" "$1" "$2" "$3"
    }
    local model
    check rows rows.mp rows.f32
    for model in model two; do
        rf-predict -q --force --proba --format mp -o p.mp $model.mp rows.mp
        mp-cat --format onnx $model.mp >x.onnx
        onnx x.onnx rows.f32 2 >onnx.txt
        check program p.mp onnx.txt 1e-6
    done
    expect 2 mp-cat --format onnx one.mp
    contains "$stderr" "a forest of one class"
    local make
    for make in demo few; do
        $make
        mp-cat --format onnx model.mp >x.onnx
        check rows test.mp rows.f32
        onnx x.onnx rows.f32 "$(mp-cat --stats test.mp | awk '/^dim/ { print $2 }')" >onnx.txt
        check program predictions.mp onnx.txt 1e-6
    done
}

@test "a forest as ONNX has the weights of the views" {
    need_python msgpack numpy sklearn
    few
    mp-cat --format onnx model.mp >x.onnx
    check weights model.mp x.onnx
}

@test "the model's protobuf by protoc, where it is there" {
    need_program protoc
    odd_streams
    mp-cat --format onnx two.mp | protoc --decode_raw >fields
    contains "$(<fields)" '"TreeEnsembleClassifier"'
    contains "$(<fields)" '"classlabels_strings"'
}

@test "a tree as dot: the nodes and branches that the text shows" {
    odd_streams
    mp-cat --format dot model.mp >tree.dot
    equal "$(head -n 4 tree.dot | tail -n 1)" '    0 [label="x[0] <= 0.1"];'
    equal "$(grep -c -- '->' tree.dot)" 4
    contains "$(<tree.dot)" '[style=rounded, label="say \"hi\" 1\ntwo\\nlines 2"];'
    expect 0 mp-cat --format dot --tree 1 model.mp
    lacks "$output" "->"
    expect 2 mp-cat --format dot --tree 3 model.mp
    contains "$stderr" "--tree 3: the trees are numbered 0 to 2"
    need_program dot
    dot -Tplain tree.dot >plain
    equal "$(grep -c '^node' plain)" 5
    equal "$(grep -c '^edge' plain)" 4
}

@test "missing values take the side that the forest says, or that of more samples" {
    odd_streams
    local model
    for model in model sided two; do
        rf-predict -q --force --proba --format mp -o p.mp $model.mp holes.mp
        mp-cat --format jsonl $model.mp >x.jsonl
        check forest $model.mp x.jsonl holes.mp p.mp
        mp-cat --format c $model.mp >forest.c
        run_c holes.mp 1-
        check program p.mp c.txt
    done
    expect 0 mp-cat --format dot sided.mp
    contains "$output" '0 -> 1 [label="yes or missing"];'
    contains "$output" '[label="no or missing"];'
    [ -d "${ONNX_MODULES:-}/onnxruntime-node" ] || return 0
    check rows holes.mp rows.f32
    for model in model sided two; do
        rf-predict -q --force --proba --format mp -o p.mp $model.mp holes.mp
        mp-cat --format onnx $model.mp >x.onnx
        node "$ROOT/tests/cli/onnx.js" "$ONNX_MODULES" x.onnx rows.f32 2 >onnx.txt
        check program p.mp onnx.txt 1e-6
    done
}

@test "parts of a forest: not as C or ONNX; as dot by their own numbers" {
    demo
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
    rf-train -q -n 10 --tree-range 4:8 -o part.mp train.mp
    expect 2 mp-cat --format c part.mp
    contains "$stderr" "rf-merge"
    expect 2 mp-cat --format onnx part.mp
    expect 0 mp-cat --format dot part.mp
    contains "$output" 'digraph "tree 4"'
    expect 2 mp-cat --format dot --tree 3 part.mp
    contains "$stderr" "numbered 4 to 7"
    contains "$(mp-cat --format jsonl part.mp | head -n 1)" '"first": 4, "whole": 10'
}

# ---- manners ----

@test "a form that a kind has not is refused with those that it has" {
    odd_streams
    expect 2 mp-cat --format dot samples.mp
    contains "$stderr" "this stream holds samples, which may be shown as text, csv, tsv, jsonl, npy, libsvm, names"
    expect 2 mp-cat --format csv model.mp
    contains "$stderr" "holds a forest, which may be shown as text, jsonl, dot, c, onnx"
    demo
    expect 2 mp-cat --format csv linear.mp
    contains "$stderr" "holds linear, which may be shown as text"
    expect 2 mp-cat --format csv --stats samples.mp
    expect 2 mp-cat --tree 1 model.mp
    expect 2 mp-cat --format c --tree 1 model.mp
    expect 2 mp-cat --format csv --tree 1 samples.mp
    expect 2 mp-cat --format xml samples.mp
}

@test "what is cut or damaged ends in its status, and leaves no file" {
    odd_streams
    local format
    for format in csv jsonl npy libsvm; do
        head -c -3 samples.mp >cut.mp
        expect 4 mp-cat --format $format -o out cut.mp
        [ ! -e out ] || fail "out appeared"
    done
    for format in c onnx dot jsonl; do
        head -c -3 model.mp >cut.mp
        expect 4 mp-cat --format $format -o out cut.mp
        [ ! -e out ] || fail "out appeared"
    done
    expect 1 eval 'TMPDIR=/nowhere mp-cat --format npy samples.mp'
    contains "$stderr" "the temporary file in /nowhere (TMPDIR says where)"
    if [ -w /dev/full ]; then
        for format in csv npy libsvm; do
            expect 1 eval "mp-cat --format $format samples.mp >/dev/full"
            contains "$stderr" "No space left"
        done
    fi
}

@test "binary forms are not written to a terminal" {
    odd_streams
    need_program script
    script -qec "mp-cat --format npy samples.mp" /dev/null >said </dev/null || true
    contains "$(<said)" "standard output is a terminal"
}

@test "live: a row is written before the next one comes" {
    demo
    need_python zlib
    cut -f 2- "$DEMO/test.txt" | head -n 20 >texts
    timeout 60 "$PYTHON" "$ROOT/tests/cli/live.py" texts \
        "vectorize -q --no-label --vectors vectors.mp --linear linear.mp - | rf-predict -q --format mp model.mp |
         mp-cat --format jsonl" >answers
    vectorize -q --no-label --vectors vectors.mp --linear linear.mp texts | rf-predict -q --format mp model.mp |
        mp-cat --format jsonl | cmp - answers
}

@test "logarithms are written; leaves, paths and contributions are text alone" {
    demo
    rf-predict -q --log-proba --format mp -o x.mp model.mp test.mp
    export_as csv jsonl text
    same_file <(tr , '\t' <x.csv) x.text
    contains "$(head -n 1 x.jsonl)" '"log_proba": {'
    local option format
    for option in apply decision-path contributions; do
        rf-predict -q --$option --format mp -o x.mp model.mp test.mp
        for format in csv tsv jsonl; do
            expect 2 mp-cat --format $format x.mp
            contains "$stderr" "which text shows"
        done
    done
}

@test "a row without an answer: ? in a table, null in JSON" {
    demo
    rf-predict -q --abstain 0.9 --format mp -o x.mp model.mp test.mp
    export_as csv jsonl names text
    local unanswered
    unanswered=$(cut -f 2 x.text | grep -c '^?$')
    [ "$unanswered" -gt 0 ] || fail "all rows have an answer"
    equal "$(cut -d , -f 2 x.csv | grep -c '^?$')" "$unanswered"
    equal "$(grep -c '"predicted": null' x.jsonl)" "$unanswered"
    equal "$(grep -c '^?$' x.names)" "$unanswered"
}
