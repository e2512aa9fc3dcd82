#!/usr/bin/env bats
# The programs that look at labelled texts read them in every form that vectorize reads: what they say
# of a table, lines of JSON or a folder is what they say of the same texts as lines.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR"
    need_python csv json
    head -n 150 "$ROOT/pipelines/newswire-train.txt" >train.txt
    head -n 40 "$ROOT/pipelines/newswire-test.txt" >test.txt
    "$PYTHON" "$ROOT/tests/cli/forms.py" write train.txt
    "$PYTHON" "$ROOT/tests/cli/forms.py" write test.txt
    csv=(--label-column topic --text-column 'a b')
    json=(--label-key /meta/topic)
}

# votes OPTIONS... TEXTS: linear.mp, train.mp, oob.mp and model.mp.
votes() {
    linear-train -q --views word -o linear.mp "$@"
    vectorize -q --linear linear.mp -o train.mp "$@"
    rf-train -q --trees 30 --oob oob.mp -o model.mp train.mp
}

# The folder's texts as lines, in its order.
as_lines() {
    (cd "$1" && find . -type f | LC_ALL=C sort | while read -r file; do
        printf '%s\t%s\n' "$(basename "$(dirname "$file")")" "$(cat "$file")"
    done)
}

# Without where a document is.
placeless() {
    sed 's/"file": "[^"]*", "line": [0-9]*//'
}

@test "rf-explain: the words of a text in a table, JSON and a folder" {
    votes train.txt
    local format similar=(--similar 2 --samples train.mp --training) why=(rf-explain -q --linear linear.mp)
    for format in tsv json; do
        "${why[@]}" --format $format "${similar[@]}" train.txt model.mp test.txt | placeless >lines
        "${why[@]}" --format $format "${csv[@]}" "${similar[@]}" train.csv model.mp test.csv |
            placeless | cmp lines -
        "${why[@]}" --format $format "${json[@]}" -j 3 "${similar[@]}" train.jsonl model.mp - <test.jsonl |
            placeless | cmp lines -
    done
    as_lines test >folder.txt
    "${why[@]}" --wrong --format tsv model.mp folder.txt >lines
    "${why[@]}" --wrong --format tsv model.mp test | cmp lines -
    contains "$("${why[@]}" model.mp test.csv "${csv[@]}" --words 1)" "test.csv:2"
    # Text alone, and texts of two fields, joined.
    cut -f 2- test.txt | "${why[@]}" --no-label --format tsv model.mp - >lines
    "${why[@]}" --no-label --text-column 'a b' --format tsv model.mp test.csv | cmp lines -
    printf 'a,b\none,shares rose\ntwo,bank rate\n' >two.csv
    printf 'one shares rose\ntwo bank rate\n' | "${why[@]}" --no-label --format tsv model.mp - >lines
    "${why[@]}" --no-label --text-column a --text-column b --format tsv model.mp two.csv | cmp lines -
}

@test "rf-explain: a text that was trained on keeps its bits, and repairs are told" {
    votes "${csv[@]}" train.csv
    rf-explain -q --linear linear.mp "${csv[@]}" --format json model.mp train.csv >lines
    vectorize -q --linear linear.mp "${csv[@]}" train.csv | rf-predict -q --proba --format mp model.mp - |
        mp-cat - | tail -n +2 | cut -f 2 >predicted
    need_program jq
    jq -r '.held_out_predicted' lines | cmp predicted -
    expect 0 rf-explain --linear linear.mp "${json[@]}" --defects defects -o out model.mp test.jsonl
    equal "$(wc -l <defects)" 6
    equal "$(head -n 1 defects)" $'test.jsonl\t2\tthe line is empty\tpassed over'
    contains "$stderr" "test.jsonl: lines of JSON"
    contains "$stderr" "6 lines: the line is empty: passed over"
}

@test "rf-suspect and corpus: the same lists and figures" {
    votes train.txt
    rf-suspect -q --top 50 --format tsv oob.mp train.txt >lines
    rf-suspect -q --top 50 --format tsv "${csv[@]}" oob.mp train.csv | cmp lines -
    rf-suspect -q --top 50 --format tsv "${json[@]}" oob.mp train.jsonl | cmp lines -
    corpus -q --format json --test test.txt train.txt >lines
    corpus -q --format json "${csv[@]}" --test test.csv train.csv | cmp lines -
    corpus -q --format json "${json[@]}" --test test.jsonl train.jsonl | cmp lines -
    as_lines train >folder.txt
    as_lines test >others.txt
    corpus -q --format json --test others.txt folder.txt >lines
    corpus -q --format json --test test train | cmp lines -
    votes train
    rf-suspect -q --top 50 --format tsv oob.mp folder.txt >lines
    rf-suspect -q --top 50 --format tsv oob.mp train | cmp lines -
    contains "$(rf-suspect -q --top 1 oob.mp train)" "train/"
}

@test "rf-eval --texts: the page shows them" {
    votes train.txt
    vectorize -q --linear linear.mp test.txt | rf-predict -q --proba --format mp -o predicted.mp model.mp
    rf-eval -q -o /dev/null --html page.html --texts test.txt predicted.mp
    rf-eval -q -o /dev/null --html table.html "${csv[@]}" --texts test.csv predicted.mp
    same_file page.html table.html
    rf-eval -q -o /dev/null --html table.html "${json[@]}" --texts test.jsonl predicted.mp
    same_file page.html table.html
    expect 3 rf-eval --html page2.html --label-column id --text-column 'a b' --texts test.csv predicted.mp
    contains "$stderr" "test.csv:2: has another label than prediction 1"
    [ ! -e page2.html ]
}

@test "--skip-bad: numbers of documents are those of the ones that can be read" {
    local bad=(--skip-bad train.bad)
    # Several chunks, in which every tenth line is bad.
    for ((i = 0; i < 8; i++)); do cat train.txt; done >many.txt
    awk 'NR % 10 == 3 { print "no tab" } { print }' many.txt >many.bad
    awk 'NR % 10 == 3 { print "no tab" } { print }' train.txt >train.bad
    votes "${bad[@]}"
    cp model.mp bad.mp
    mp-cat oob.mp >bad.oob
    votes train.txt
    cmp <(mp-cat model.mp) <(mp-cat bad.mp)
    cmp <(mp-cat oob.mp) bad.oob
    # What is told of a document, but for its line.
    local why=(rf-explain -q --linear linear.mp --wrong --words 1 --format tsv)
    "${why[@]}" -j 2 model.mp many.txt | cut -f 1,3- | sort >good
    "${why[@]}" -j 2 --skip-bad model.mp many.bad | cut -f 1,3- | sort | cmp - good
    rf-suspect -q --format tsv oob.mp train.txt | cut -f 1-4 >good
    rf-suspect -q --format tsv oob.mp "${bad[@]}" | cut -f 1-4 | cmp - good
    corpus -q --format tsv "${bad[@]}" | cmp - <(corpus -q --format tsv train.txt)
    rf-eval -q --html page.html --texts train.txt oob.mp >report
    rf-eval -q --html page.html --skip-bad --texts train.bad oob.mp | cmp - report
    expect 2 rf-eval --skip-bad oob.mp
}

@test "relabel: a table and JSON as they were, but for one label" {
    local old
    old=$(sed -n 3p train.txt | cut -f 1)
    printf '3\t%s\t%s\n' "$old" 'a "new", one' >corrections
    expect 0 relabel "${csv[@]}" -o new.csv corrections train.csv
    contains "$stderr" "1 of 150 labels changed"
    "$PYTHON" "$ROOT/tests/cli/forms.py" check train.csv new.csv 'a "new", one' 3
    relabel -q "${json[@]}" -o new.jsonl corrections train.jsonl
    "$PYTHON" "$ROOT/tests/cli/forms.py" check train.jsonl new.jsonl 'a "new", one' 3
    # Nothing changed: every byte as it was, ends of lines of either kind.
    relabel -q "${csv[@]}" /dev/null train.csv | cmp train.csv -
    # Lines whose columns are chosen keep their others; a carriage return is no part of a label.
    printf 'x\tone\ta\r\ny\ttwo\tb\r\n' >columns
    printf '2\tb\tc\n' >corrections
    relabel -q --label-column 3 --text-column 2 corrections columns >got
    equal "$(cat got)" $'x\tone\ta\r\ny\ttwo\tc\r'
    # A member that was no string becomes one.
    printf '{"label": 5, "text": "a"}\n' >numbers.json
    printf '1\t5\t6\n' >corrections
    equal "$(relabel -q corrections numbers.json)" '{"label": "6", "text": "a"}'
}

@test "relabel: bytes that are no UTF-8 stay, and the byte order mark" {
    local form
    printf '\xef\xbb\xbflabel,text\r\na,caf\xe9\r\n"b",na\xefve\r\n' >latin.csv
    printf '\xef\xbb\xbfa\tcaf\xe9\nb\tna\xefve\r\n__label__c  \xe0 la\tcarte\n' >latin.txt
    printf '{"label": "a", "text": "caf\xe9"}\n{"text": "na\xefve", "label": "b"}\n' >latin.jsonl
    printf '2\tb\tnew\n' >corrections
    for form in csv txt jsonl; do
        relabel -q -o same /dev/null "latin.$form"
        cmp same "latin.$form"
        expect 0 relabel -o "new.$form" corrections "latin.$form"
        lacks "$stderr" "UTF-8"
    done
    sed 's/"b"/new/' latin.csv | cmp new.csv -
    sed 's/^b/new/' latin.txt | cmp new.txt -
    sed 's/"b"/"new"/' latin.jsonl | cmp new.jsonl -
    # A label that fastText's form can't have stands before a TAB.
    printf '3\tc\td e\n' >corrections
    relabel -q corrections latin.txt | tail -n 1 | cmp - <(printf 'd e\t\xe0 la\tcarte\n')
    # The mark is where it is once such bytes are dropped; and no label of a line begins with it.
    printf '\xff__label__a caf\xe9\tsecond\n__label__\xe9a third\n' >marked
    printf '1\ta\tnew\n2\ta\tnew\n' >corrections
    relabel -q corrections marked | cmp - <(printf '__label__new caf\xe9\tsecond\n__label__new third\n')
    printf '3\tc\t__label__d\n' >corrections
    expect 3 relabel -o refused.txt corrections latin.txt
    contains "$stderr" "latin.txt:3: the new label can't stand in this record"
    [ ! -e refused.txt ]
    # JSON that is written anew is UTF-8, and what is dropped for that is told.
    expect 0 relabel --to json /dev/null latin.csv
    equal "${output%%$'\n'*}" '{"label": "a", "text": "caf"}'
    contains "$stderr" "2 lines: there are bytes that are not valid UTF-8: dropped those bytes"
}

@test "relabel: files become lines of JSON, and one file is of one form" {
    as_lines train | cut -f 1 >labels
    printf '1\t%s\tnew\n' "$(head -n 1 labels)" >corrections
    relabel -q -o new.jsonl corrections train
    need_program jq
    jq -r .label new.jsonl | cmp - <(sed 1s/.*/new/ labels)
    cmp <(vectorize -q --words --no-label new.jsonl) <(vectorize -q --words --no-label train)
    equal "$(head -n 1 new.jsonl | jq -r .file | xargs cat)" "$(head -n 1 new.jsonl | jq -r .text)"
    printf 'label,text\na,b\n' >one.csv
    printf 'id,label,text\n1,a,b\n' >two.csv
    expect 3 relabel -o both.csv /dev/null one.csv two.csv
    contains "$stderr" "two.csv: is of another form, or has other columns, than one.csv"
    contains "$stderr" "give --to json"
    [ ! -e both.csv ]
    equal "$(relabel -q --to json /dev/null one.csv two.csv)" \
        $'{"label": "a", "text": "b"}\n{"label": "a", "text": "b"}'
    relabel -q /dev/null one.csv one.csv >got
    equal "$(cat got)" $'label,text\na,b\na,b'
}

@test "rf-tune: the same figures of a table, JSON and a folder, by parts too" {
    local tune=(rf-tune -q --trees 5)
    "${tune[@]}" --runs 2 train.txt | sed '/^linear-train/,$d' >lines
    "${tune[@]}" --runs 2 "${csv[@]}" train.csv >table
    sed '/^linear-train/,$d' table | cmp lines -
    "${tune[@]}" --runs 2 "${json[@]}" train.jsonl | sed '/^linear-train/,$d' | cmp lines -
    sed -n '/^linear-train/,$p' table >commands
    expect 0 bash -e commands
    [ -s model.mp ]
    "${tune[@]}" --runs 1 --folds 2 train.txt | sed '/^linear-train/,$d' >lines
    "${tune[@]}" --runs 1 --folds 2 "${csv[@]}" train.csv | sed '/^linear-train/,$d' | cmp lines -
    "${tune[@]}" --curve train.txt >lines
    "${tune[@]}" --curve "${json[@]}" train.jsonl | cmp lines -
    as_lines train >folder.txt
    "${tune[@]}" --runs 1 folder.txt | sed '/^linear-train/,$d' >lines
    "${tune[@]}" --runs 1 --cache stages train | sed '/^linear-train/,$d' | cmp lines -
    # The cache knows a folder by its files.
    echo more words >>"$(find train -type f | head -n 1)"
    "${tune[@]}" --runs 1 --cache stages train >/dev/null
    equal "$(find stages -name 'linear-*' | wc -l)" 2
}

@test "what options say together is refused as by vectorize" {
    votes train.txt
    local message
    expect 2 vectorize --linear linear.mp --label-key x --header train.txt
    message=${stderr#vectorize}
    expect 2 corpus --label-key x --header train.txt
    equal "${stderr#corpus}" "$message"
    expect 2 rf-suspect --label-key x --header oob.mp train.txt
    equal "${stderr#rf-suspect}" "$message"
    expect 2 rf-explain --label-key x --header --linear linear.mp model.mp train.txt
    equal "${stderr#rf-explain}" "$message"
    expect 2 relabel --label-key x --header /dev/null train.txt
    equal "${stderr#relabel}" "$message"
    expect 3 vectorize --linear linear.mp --label-column nothing --text-column 'a b' train.csv
    message=${stderr#vectorize}
    expect 3 corpus --label-column nothing --text-column 'a b' train.csv
    equal "${stderr#corpus}" "$message"
}
