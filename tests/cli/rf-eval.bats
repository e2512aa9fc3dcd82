#!/usr/bin/env bats
# rf-eval: predictions to figures.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

streams() {
    "$PYTHON" "$ROOT/tests/cli/predict.py" "$@"
}

# compare NAME: rf-eval's figures of NAME.mp with scikit-learn's.
compare() {
    rf-eval --json "$1.mp" >"$1.json"
    expect 0 streams report "$1.mp" "$1.json"
    equal "$output" equal
}

@test "text: the figures of four rows" {
    need_python msgpack numpy
    streams pairs p.mp acq acq acq earn earn earn ship earn
    expect 0 rf-eval p.mp
    # By hand: earn is predicted three times, once rightly; ship never.
    equal "$output" "accuracy 0.500000: 2 of 4 rows

class          precision    recall        f1    support
acq               1.0000    0.5000    0.6667          2
earn              0.3333    1.0000    0.5000          1
ship              0.0000    0.0000    0.0000          1

macro mean        0.4444    0.5000    0.3889          4
weighted mean     0.5833    0.5000    0.4583          4

confusion matrix: true classes down, predicted across, . for 0
      acq  earn  ship
acq     1     1     .
earn    .     1     .
ship    .     1     ."
    equal "$stderr" ""
}

@test "--accuracy: the number alone" {
    need_python msgpack numpy
    streams pairs p.mp a a b a c a a b
    expect 0 rf-eval --accuracy p.mp
    equal "$output" 0.250000
}

@test "scikit-learn's report and matrix: random predictions of 1 to 60 classes" {
    need_python msgpack numpy sklearn
    local classes
    for classes in 1 2 7 60; do
        streams random "r$classes.mp" "$classes" 500 "$classes"
        compare "r$classes"
    done
}

@test "scikit-learn's report and matrix: where something does not occur" {
    need_python msgpack numpy sklearn
    streams pairs never-right.mp a b b a b a
    streams pairs one-row.mp a a
    streams pairs never-predicted.mp a a b a c a
    streams pairs unknown-label.mp new a other b a a
    streams pairs only-predicted.mp a b a c
    streams pairs odd.mp $'a"\\b' 'a b' $'new\nline' $'new\nline' 'ÿ' 'z' '' 'ÿ'
    local name
    for name in never-right one-row never-predicted unknown-label only-predicted odd; do
        compare "$name"
    done
}

@test "a class of the model that neither occurs nor is predicted is left out" {
    need_python msgpack numpy
    streams pairs p.mp a a b b
    expect 0 mp-cat --stats p.mp
    contains "$output" "classes    3: a, b, unused"
    expect 0 rf-eval p.mp
    lacks "$output" unused
}

@test "R8: the figures of the whole pipe" {
    need_shared
    need_python msgpack numpy sklearn
    glove-load -q -o vectors.mp "$SHARED/glove.r8.50d.zip"
    vectorize -q --vectors vectors.mp "$SHARED/r8-train-all-terms.txt" | rf-train -q -n 20 -o m.mp
    vectorize -q --vectors vectors.mp "$SHARED/r8-test-all-terms.txt" |
        rf-predict --format mp -o p.mp m.mp 2>summary
    compare p
    contains "$(cat summary)" "accuracy $(rf-eval --accuracy p.mp) "
}

@test "JSON holds what it should, for jq" {
    need_program jq
    need_python msgpack numpy
    streams pairs p.mp acq acq acq earn earn earn
    rf-eval --json p.mp >p.json
    equal "$(jq -r '.classes[] | select(.label == "acq") | .recall' p.json)" 0.5
    equal "$(jq -c .confusion p.json)" "[[1,1],[0,1]]"
    equal "$(jq -c 'keys_unsorted' p.json)" \
        '["rows","accuracy","macro","weighted","classes","confusion"]'
}

@test "predictions without labels: nothing to compare with" {
    need_python msgpack numpy
    streams hand .
    rf-predict -q --format mp -o p.mp model.mp unlabelled.mp
    expect 3 rf-eval p.mp
    equal "$output" ""
    equal "$stderr" "rf-eval: p.mp: the rows have no labels to compare with: vectorize without --no-label"
}

@test "no rows: there is nothing to evaluate" {
    need_python msgpack numpy
    streams hand .
    rf-predict -q --format mp -o p.mp model.mp empty.mp
    expect 3 rf-eval --accuracy p.mp
    equal "$output" ""
    equal "$stderr" "rf-eval: p.mp: there are no rows to evaluate"
}

@test "text instead of a stream: says what is expected" {
    printf 'acq\tacq\n' >p.tsv
    expect 3 rf-eval p.tsv
    contains "$stderr" "p.tsv: byte 0: not a glovepipe stream"
    contains "$stderr" "rf-predict --format mp"
}

@test "predictions cut short or damaged: no figures" {
    need_python msgpack numpy
    streams pairs p.mp a a b b
    head -c -1 p.mp >cut.mp
    local option
    for option in --json --accuracy -q; do
        expect 4 rf-eval "$option" cut.mp
        equal "$output" ""
    done
    { head -c 200 p.mp; printf '\377'; tail -c +202 p.mp; } >damaged.mp
    expect 3 rf-eval -o figures damaged.mp
    [ ! -e figures ]
}

@test "options that exclude each other" {
    expect 2 rf-eval --json --accuracy p.mp
    contains "$stderr" "--json and --accuracy exclude each other"
}
