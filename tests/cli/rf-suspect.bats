#!/usr/bin/env bats
# rf-suspect, relabel: labels that look wrong, and texts with them corrected.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# votes TEXTS: oob.mp, of a forest over the evidence of the texts.
votes() {
    linear-train -q -o linear.mp "$1"
    vectorize -q --linear linear.mp "$1" |
        rf-train -q --min-samples-leaf 3 --max-samples 6000 --oob oob.mp -o model.mp
}

oracle() {
    "$PYTHON" "$ROOT/tests/oracle/suspects.py" "$@"
}

@test "the newswire: order, joint and twins are numpy's" {
    need_python msgpack numpy
    # Texts that stand there twice, one with another label, and nearly the same.
    head -n 300 "$ROOT/pipelines/newswire-train.txt" >some.txt
    {
        cat some.txt
        head -n 5 some.txt | sed 's/^[^	]*/ship/'
        sed -n '10,12s/$/ indeed/p' some.txt | sed 's/^[^	]*/grain/'
        head -n 2 some.txt
    } >train.txt
    votes train.txt
    expect 0 oracle check oob.mp train.txt
    contains "$output" "310 rows in order"
}

@test "R8, 5% of its labels flipped: found more surely than by cleanlab's method" {
    need_shared
    need_python msgpack numpy
    oracle flip "$SHARED/r8-train-all-terms.txt" 2 flipped.txt
    votes flipped.txt
    expect 0 oracle check oob.mp flipped.txt flipped.txt.true
    contains "$output" "274 flipped"
}

@test "text, TSV and JSON say the same; --top" {
    need_program jq
    head -n 200 "$ROOT/pipelines/newswire-train.txt" >some.txt
    { cat some.txt && head -n 3 some.txt | sed 's/^[^	]*/ship/'; } >train.txt
    votes train.txt
    rf-suspect -q --top 20 --format tsv oob.mp train.txt >rows.tsv
    equal "$(head -n 1 rows.tsv)" $'kind\tdocument\tlabel\tshould\tprobability\tshould_probability\ttwin\ttext'
    equal "$(wc -l <rows.tsv)" 21
    rf-suspect -q --top 20 --format json oob.mp train.txt >lines
    jq -r '[.kind, .document, .label, .should] | @tsv' lines >fields
    tail -n +2 rows.tsv | cut -f 1-4 | cmp - fields
    rf-suspect -q --top 20 oob.mp train.txt >text
    equal "$(wc -l <text)" 40
    contains "$(cat text)" ", as the equal train.txt:"
    expect 0 rf-suspect --format tsv oob.mp train.txt
    contains "$stderr" "labels may be wrong; 2 texts stand under another label as well"
}

@test "predictions of other texts, without probabilities, of no labels" {
    head -n 60 "$ROOT/pipelines/newswire-train.txt" >train.txt
    votes train.txt
    head -n 59 train.txt >fewer.txt
    expect 3 rf-suspect oob.mp fewer.txt
    contains "$stderr" "fewer.txt has 59 documents, and oob.mp is of 60"
    sed '7s/^[^	]*/other/' train.txt >other.txt
    expect 3 rf-suspect oob.mp other.txt
    contains "$stderr" "other.txt:7: has another label than row 7 of oob.mp"
    vectorize -q --linear linear.mp train.txt | rf-predict -q --format mp -o plain.mp model.mp
    expect 3 rf-suspect plain.mp train.txt
    contains "$stderr" "needs labels and probabilities"
    expect 3 rf-suspect model.mp train.txt
    contains "$stderr" "predictions are needed here: rf-train --oob writes them"
    expect 4 rf-suspect /dev/null train.txt
    contains "$stderr" "/dev/null: is empty: upstream ended early, and wrote nothing: run rf-train --oob"
    expect 3 rf-suspect train.txt train.txt
    contains "$stderr" "it is text: expected what rf-train --oob writes"
    expect 2 rf-suspect oob.mp
    expect 2 rf-suspect - -
    head -c 2000 oob.mp >cut.mp
    expect 4 rf-suspect cut.mp train.txt
    equal "$output" ""
}

@test "predictions that are not out of bag are doubted" {
    head -n 60 "$ROOT/pipelines/newswire-train.txt" >train.txt
    votes train.txt
    expect 0 rf-suspect oob.mp train.txt
    lacks "$stderr" warning
    vectorize -q --linear linear.mp train.txt |
        rf-predict -q --proba --format mp -o seen.mp model.mp
    expect 0 rf-suspect seen.mp train.txt
    contains "$stderr" "warning: seen.mp: rf-predict wrote these"
    contains "$stderr" "take what rf-train --oob writes"
}

@test "hostile texts and labels are shown as text" {
    head -n 60 "$ROOT/pipelines/newswire-train.txt" >train.txt
    printf '\x1b[31mred\xe2\x80\xae\tsome \x1b[2J \xe2\x80\xaetext\x07\n%.0s' 1 2 3 >>train.txt
    printf 'ship\tsome \x1b[2J \xe2\x80\xaetext\x07\n' >>train.txt
    votes train.txt
    expect 0 rf-suspect --top 64 oob.mp train.txt
    lacks "$output" $'\e'
    lacks "$output" $'\xe2\x80\xae'
    contains "$output" '\x1b[31mred\u202e'
    contains "$output" 'some \x1b[2J \u202etext\x07'
}

@test "relabel: the labels that are named, and no others" {
    printf 'a\tone\nb\ttwo\ttabs\na\tthree\n__label__c four\n' >texts.txt
    printf '2\tb\tnew\n1\ta\ta\n4\tc\ta\n' >corrections.tsv
    expect 0 relabel corrections.tsv texts.txt
    equal "$output" $'a\tone\nnew\ttwo\ttabs\na\tthree\n__label__a four'
    contains "$stderr" "2 of 4 labels changed"
    # The last line about a document counts; line ends of either kind.
    printf '3\ta\tx\r\n3\ta\ty\r\n' >corrections.tsv
    equal "$(relabel -q corrections.tsv texts.txt | sed -n 3p)" $'y\tthree'
    printf '5\ta\tx\n' >corrections.tsv
    expect 3 relabel corrections.tsv texts.txt
    contains "$stderr" "corrections.tsv:1: the texts have no document of that number"
    printf '1\tb\tx\n' >corrections.tsv
    expect 3 relabel -o out.txt corrections.tsv texts.txt
    contains "$stderr" "corrections.tsv:1: the document has another label"
    [ ! -e out.txt ]
    printf '1\ta\t\n' >corrections.tsv
    expect 3 relabel corrections.tsv texts.txt
    contains "$stderr" "no new label"
}
