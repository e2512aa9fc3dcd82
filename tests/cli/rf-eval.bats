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

# refuse STATUS TEXT SENTENCE: what rf-eval says of the text.
refuse() {
    expect "$1" rf-eval --measures accuracy - < <(printf %b "$2")
    equal "$output" ""
    equal "$stderr" "rf-eval: standard input$3"
}

# compare NAME...: rf-eval's figures of each NAME.mp with scikit-learn's.
compare() {
    local name
    for name; do
        rf-eval --json "$name.mp" >"$name.json"
    done
    expect 0 streams report "$@"
    equal "$output" "$(printf '%s: equal\n' "$@")"
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
    # The model's classes are those that it predicts, and one more.
    equal "$stderr" "rf-eval: warning: p.mp: 1 of 4 rows has a label that the model does not know, and counts as wrong: ship"
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
    done
    compare r1 r2 r7 r60
}

@test "scikit-learn's report and matrix: where something does not occur" {
    need_python msgpack numpy sklearn
    streams pairs never-right.mp a b b a b a
    streams pairs one-row.mp a a
    streams pairs never-predicted.mp a a b a c a
    streams pairs unknown-label.mp new a other b a a
    streams pairs only-predicted.mp a b a c
    streams pairs odd.mp $'a"\\b' 'a b' $'new\nline' $'new\nline' 'ÿ' 'z' '' 'ÿ'
    compare never-right one-row never-predicted unknown-label only-predicted odd
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

@test "text from rf-predict: the figures of its stream" {
    need_python msgpack numpy
    streams hand .
    rf-predict -q --format mp -o p.mp model.mp samples.mp
    rf-predict -q --proba --format mp -o proba.mp model.mp samples.mp
    rf-eval p.mp >expected
    rf-predict -q model.mp samples.mp | rf-eval >report
    cmp report expected
    rf-predict -q --header always model.mp samples.mp | sed 's/$/\r/' | rf-eval | cmp - expected
    rf-predict -q --proba model.mp samples.mp | rf-eval | cmp - expected
    rf-eval --all --json proba.mp >expected
    rf-predict -q --proba -o proba.tsv model.mp samples.mp
    rf-eval --all --json proba.tsv >report
    cmp report expected
    { printf '\357\273\277'; cat proba.tsv; } | rf-eval --all --json | cmp - expected
}

@test "text that is not rf-predict's: says where and what" {
    refuse 3 'the 0.1 0.2\n' ":1: no TAB: expected a stream of predictions, or a label, a TAB and the predicted label a line, as rf-predict writes them for labelled samples"
    refuse 3 'a\tb\nc\n' ":2: 1 field, and the first line has 2: the lines are not of one run of rf-predict"
    refuse 3 'a\ta\t0.5\t0.5\n' ":1: more than a label and a predicted one: probabilities need the line before them that names their classes: rf-predict without --header never"
    local beside="where sets (--coverage), or what is kept (--keep), stand beside the answers, rf-eval reads a stream: rf-predict --format mp"
    refuse 3 'a\ta\tb\n' ":1: more than a label and a predicted one: $beside"
    refuse 3 'label\tpredicted\tset\ta\tb\na\tb\tb\t.1\t.9\n' ":2: 'b' is no number: $beside"
    refuse 3 'label\tpredicted\tset\ttop_1\tproba_1\na\tb\tb\tb\t.9\n' ":2: 'b' is predicted, but the first line does not name it: $beside"
    refuse 3 'label\tpredicted\ta\tb\tkept\na\tb\t.1\t.9\ta line\n' ":2: 'a line' is no number: $beside"
    refuse 3 'label\tpredicted\ta\tb\tkept\na\tb\t.1\t.9\ta\tline\n' ":2: 6 fields, and the first line has 5: $beside"
    refuse 3 'predicted\ta\tb\na\t1\t0\n' ":1: the rows have no labels to compare with: vectorize without --no-label"
    refuse 3 'label\tpredicted\ta\tb\na\ta\t1\t0\na\tc\t1\t0\n' ":3: 'c' is predicted, but the first line does not name it"
    refuse 3 'label\tpredicted\ta\tb\na\ta\t1\tO\n' ":2: 'O' is no number"
    refuse 3 'label\tpredicted\ta\tb\na\ta\tnan\t0\n' ":2: a probability is not in 0 .. 1"
    refuse 3 'label\tpredicted\ta\tb\na\ta\t0.5\t0.4\n' ":2: the probabilities do not sum to 1"
    refuse 3 'label\tpredicted\ta\ta\na\ta\t1\t0\n' ":1: 'a' names two columns"
    refuse 3 'a\ta\n\377\ta\n' ":2: is not valid UTF-8"
    refuse 3 'label\tpredicted\n' ": there are no rows to evaluate"
    refuse 4 'a\ta\na\tb' ":2: upstream ended early: the last line has no end"
    refuse 4 '' ": is empty: upstream ended early, and wrote nothing: run rf-predict --format mp"
    refuse 3 'a\tb\0\n' ": byte 0: not a glovepipe stream, and no text: expected what rf-predict writes"
    printf 'a\ta\n' | gzip >p.gz
    expect 3 rf-eval p.gz
    equal "$stderr" "rf-eval: p.gz: is gzip data: gzip -dc into a pipe"
    printf 'a\ta\n' | iconv -t UTF-16 >p.txt
    expect 3 rf-eval p.txt
    equal "$stderr" "rf-eval: p.txt: is UTF-16: turn it into UTF-8"
}

@test "text of any lines: each cut at any place is read alike" {
    yes $'some label\tsome other label' | head -n 20000 >p.tsv
    printf '%070000d\t%070000d\n' 1 1 >>p.tsv
    expect 0 rf-eval --accuracy p.tsv
    equal "$output" 0.000050
    { head -c 65537 p.tsv; sleep 0.1; tail -c +65538 p.tsv; } | rf-eval --json >p.json
    rf-eval --json p.tsv | cmp - p.json
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

@test "labels that the model lacks are named" {
    need_python msgpack numpy
    streams pairs p.mp sport sport Sport sport 'money ' sport
    expect 0 rf-eval p.mp
    equal "$(head -n 1 <<<"$stderr")" 'rf-eval: warning: p.mp: 2 of 3 rows have labels that the model does not know, and count as wrong: Sport, money\x20'
    contains "$stderr" "labels look alike"
    contains "$output" $'\nmoney\\x20         0.0000    0.0000    0.0000          1\n'
    printf 'sport\tthe keeper\nmoney\tshares\n' >documents.txt
    expect 0 rf-eval documents.txt
    equal "$stderr" "rf-eval: warning: documents.txt: no label is ever predicted: are these a model's predictions?"
}

@test "more classes than a matrix shows: the most frequent confusions, and --matrix" {
    need_python msgpack numpy
    streams random p.mp 3 400 30
    expect 0 rf-eval p.mp
    lacks "$output" "confusion matrix"
    contains "$output" "the matrix of 30 classes with --matrix"
    expect 0 rf-eval --matrix p.mp
    contains "$output" "confusion matrix: true classes down"
}

@test "many labels: JSON goes by the pairs that occur" {
    # 20,000 labels would make 4 x 10^8 numbers.
    seq 20000 | awk '{ print $1 "\t" $1 % 100 }' >p.tsv
    rf-eval --json p.tsv >p.json
    [ "$(wc -c <p.json)" -lt 4000000 ]
    need_program jq
    equal "$(jq '.cells | length' p.json)" 20000
    equal "$(jq '[.cells[] | .[2]] | add' p.json)" 20000
}

@test "colour: never into a pipe or a file, unless it is asked for" {
    printf '%s\n' $'a\ta' $'a\tb' >p.tsv
    rf-eval p.tsv >plain
    lacks "$(cat plain)" $'\033'
    rf-eval --color always p.tsv >colour
    contains "$(cat colour)" $'\033'
    sed $'s/  \033\\[38;5;34m[^\033]*\033\\[0m$//; s/\033\\[[0-9;]*m//g' colour | cmp - plain
    need_program script
    script -qec true /dev/null >/dev/null 2>&1 || skip "script takes no -qec"
    export TERM=xterm
    contains "$(script -qec "rf-eval p.tsv" /dev/null)" $'\033'
    lacks "$(NO_COLOR=1 script -qec "rf-eval p.tsv" /dev/null)" $'\033'
    lacks "$(TERM=dumb script -qec "rf-eval p.tsv" /dev/null)" $'\033'
    lacks "$(script -qec "rf-eval -o out p.tsv" /dev/null)" $'\033'
    cmp out plain
}

@test "options that exclude each other" {
    expect 2 rf-eval --json --accuracy p.mp
    contains "$stderr" "--json and --accuracy exclude each other"
    local pair
    for pair in "--all --accuracy" "--measures auc --all" "--against p.mp --all" \
        "--measures auc --accuracy" "--matrix --measures kappa"; do
        # shellcheck disable=SC2086 # two options
        expect 2 rf-eval $pair p.mp
        contains "$stderr" " exclude each other"
    done
    expect 2 rf-eval --measures accuracy,auk p.mp
    contains "$stderr" "--measures: there is no 'auk'"
    expect 2 rf-eval --measures cost p.mp
    contains "$stderr" "needs --costs FILE"
    for option in against costs; do
        expect 2 rf-eval "--$option" - </dev/null
        contains "$stderr" "standard input can't be read twice"
    done
    for option in texts model explanations suspects corpus curve; do
        expect 2 rf-eval --html p.html "--$option" - </dev/null
        contains "$stderr" "standard input can't be read twice"
        expect 2 rf-eval --html p.html "--$option" - - </dev/null
        contains "$stderr" "standard input can't be read twice"
    done
    [ ! -e p.html ]
}

@test "rows without an answer: the figures, as scikit-learn's of the classes alone" {
    need_python sklearn
    awk 'BEGIN { srand(1); for (i = 0; i < 400; i++) { t = int(rand() * 5)
        p = rand() < 0.2 ? "?" : "c" (rand() < 0.6 ? t : int(rand() * 6)); print "c" t "\t" p } }' >p.tsv
    rf-eval --json --matrix --all --resamples 20 p.tsv >p.json
    expect 0 "$PYTHON" "$ROOT/tests/cli/decide.py" abstained p.json p.tsv
    equal "$output" equal
    local answered
    answered=$(awk '$2 != "?"' p.tsv | wc -l)
    expect 0 rf-eval --all --resamples 20 p.tsv
    contains "$output" $'\nanswered '"$answered of 400 rows"
    contains "$output" $'\nanswered  '
    contains "$output" $'\nanswered-accuracy  '
    lacks "$output" $'\n?                 '
    # Where rows are labelled so, that no kind is known is the right answer.
    printf '%s\n' $'a\ta' $'?\t?' $'?\ta' $'a\t?' >p.tsv
    expect 0 rf-eval p.tsv
    contains "$output" "accuracy 0.500000: 2 of 4 rows"
    contains "$output" "answered 2 of 4 rows (50.00%), accuracy on these 0.500000"
    contains "$output" "?                 0.5000    0.5000    0.5000          2"
}

@test "rows without an answer come last in the accuracy by confidence" {
    # By hand: the answers' confidences are 0.9, 0.8 and 0.6.
    printf '%s\n' $'label\tpredicted\ta\tb' $'a\ta\t0.9\t0.1' $'b\tb\t0.2\t0.8' $'b\t?\t0.5\t0.5' \
        $'b\ta\t0.6\t0.4' >p.tsv
    expect 0 rf-eval --all p.tsv
    contains "$output" $'\n0.6                 3    75.00%          2    0.6667 '
    lacks "$output" 100.00%
}

@test "many classes on a terminal: what fits it, the worst first; --matrix: all" {
    need_python msgpack numpy
    need_program script
    streams random p.mp 1 4000 58
    script -qec "stty rows 40; TERM=xterm rf-eval p.mp" /dev/null >seen </dev/null
    [ "$(wc -l <seen)" -le 40 ]
    contains "$(cat seen)" "... the 16 of lowest F1 of 58 classes"
    contains "$(cat seen)" "the most frequent confusions, 8 of "
    contains "$(cat seen)" $'\e[38;5;34m'
    script -qec "stty rows 40; NO_COLOR=1 TERM=xterm rf-eval p.mp" /dev/null >seen </dev/null
    lacks "$(cat seen)" $'\e['
    [ "$(wc -l <seen)" -le 40 ]
    script -qec "stty rows 40; TERM=xterm rf-eval --matrix p.mp" /dev/null >seen </dev/null
    [ "$(wc -l <seen)" -gt 110 ]
}
