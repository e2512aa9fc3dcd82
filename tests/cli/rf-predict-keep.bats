#!/usr/bin/env bats
# rf-predict: what was kept of the documents.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

# ---- what was kept ----

# model.mp and linear.mp of the demo corpus; ids.tsv: a number, a label and a text a line.
keep_setup() {
    linear-train -q --views bayes -o linear.mp "$DEMO/train.txt"
    vectorize -q --linear linear.mp "$DEMO/train.txt" | rf-train -q -n 5 -o model.mp
    nl -w 1 "$DEMO/test.txt" >ids.tsv
}

# by_id OPTION...: samples of the numbered texts
by_id() {
    vectorize -q --linear linear.mp --label-column 2 --text-column 3 "$@" ids.tsv
}

@test "--keep: an id or the line beside the answer, in any form and for any -j" {
    keep_setup
    by_id | rf-predict -q model.mp >plain
    by_id | rf-predict -q --proba model.mp >proba
    for jobs in 1 2; do
        by_id --keep 1 -j $jobs | rf-predict -q -j $jobs --keep model.mp >got
        same_file got <(cut -f 1 ids.tsv | paste plain -)
        by_id --keep line -j $jobs | rf-predict -q -j $jobs --keep model.mp >got
        same_file got <(paste plain ids.tsv)
    done
    by_id --keep 1 | rf-predict -q --keep --proba model.mp >got
    same_file got <((echo kept && cut -f 1 ids.tsv) | paste proba -)
    by_id --keep 1 | rf-predict -q --keep --labels-only --header always model.mp >got
    same_file got <((echo predicted && cut -f 2 plain) | paste - <(echo kept && cut -f 1 ids.tsv))
    by_id --keep line | rf-predict -q --keep --format mp -o p.mp model.mp
    same_file <(mp-cat p.mp) <(paste plain ids.tsv)
    contains "$(mp-cat --lineage p.mp)" "keep   "
    equal "$(rf-eval --accuracy p.mp)" "$(rf-eval --accuracy plain)"
    equal "$(by_id --keep 1 | rf-predict -q --keep model.mp | cut -f 1,2 | rf-eval --accuracy)" \
        "$(rf-eval --accuracy plain)"
}

@test "what is not kept, or not asked for, changes nothing" {
    keep_setup
    by_id | rf-predict -q model.mp >wanted
    by_id --keep 1 | rf-predict -q model.mp | cmp - wanted
    by_id --keep 1 | rf-predict -q --format mp model.mp | mp-cat | cmp - wanted
    by_id --keep 1 | rf-train -q -n 3 | mp-cat >got
    by_id | rf-train -q -n 3 | mp-cat | cmp - got
    expect 2 eval 'by_id | rf-predict --keep model.mp'
    contains "$stderr" "vectorize with --keep as well"
    expect 3 by_id --keep id
    contains "$stderr" "no column is called 'id'"
    expect 3 by_id --keep 4
    contains "$stderr" "ids.tsv:1: no column 4: the line has 3"
    expect 2 vectorize --words --keep line ids.tsv
}

@test "a file's path is kept whatever its bytes: U+FFFD for each that is not UTF-8" {
    keep_setup
    mkdir -p texts/earn texts/acq
    echo 'profit rises' >"$(printf 'texts/earn/caf\351.txt')"
    echo 'profit falls' >"$(printf 'texts/acq/caf\303\251\342\202.txt')"
    vectorize -q --linear linear.mp --keep line -o X.mp texts
    mp-cat --check X.mp
    equal "$(rf-predict -q --labels-only --keep model.mp X.mp | cut -f 2-)" $'texts/acq/caf\u00e9\ufffd\ufffd.txt\ntexts/earn/caf\ufffd.txt'
}

@test "what is kept stays as it came: blanks, TABs and CR LF; lines that are no UTF-8 lose bytes" {
    keep_setup
    printf 'a\t x\ty \r\nb\t\t\r\nc\tx\xffy\nd\t\x1b[1m' >odd.txt
    vectorize -q --linear linear.mp --keep line odd.txt | rf-predict -q --labels-only --keep model.mp |
        cut -f 2- >got
    printf 'a\t x\ty \nb\t\t\nc\txy\nd\t\\x1b[1m\n' >wanted
    same_file got wanted
    (printf 'a\t'; head -c 1048576 /dev/zero | tr '\0' x) >long.txt
    expect 3 vectorize --linear linear.mp --keep line long.txt
    contains "$stderr" "long.txt:1: what --keep keeps of it is longer than 1 MiB"
}
