#!/usr/bin/env bats
# What people slip on with documents: the program tells, or refuses with what helps. Each condition
# was reported by users of other tools.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    printf '%s\n' 'oil 1 2' 'goal 4 -8' | glove-load -q -o v.mp -
}

# made FILE...: vectorize with its options makes samples; what it says is in $stderr.
made() {
    expect 0 vectorize --vectors v.mp -o X.mp "$@"
}

# refused STATUS PART FILE...
refused() {
    local status=$1 part=$2
    shift 2
    expect "$status" vectorize --vectors v.mp -o X.mp "$@"
    contains "$stderr" "$part"
    [ ! -e X.mp ]
}

labels() {
    mp-cat X.mp | cut -f 1
}

# ---- ends of lines, marks, holes ----

@test "a carriage return within a line is told, since lines may have been lost; at its end it is not" {
    printf 'money\toil\r\nsport\tgoal\r\n' >t.txt
    made t.txt
    lacks "$stderr" carriage
    # Python's universal newlines find 4 lines.
    printf 'money\toil\nsport\tgoal\rmoney\toil\rsport\tgoal\n' >t.txt
    equal "$(python3 -c 'print(len(open("t.txt").readlines()))')" 4
    made -q t.txt
    contains "$stderr" "warning: 1 line: a carriage return stands within it"
    contains "$stderr" "(first: t.txt:2)"
}

@test "several carriage returns at a line's end, as Python's csv leaves them on Windows, end it" {
    local columns=(--label-column 2 --text-column 1) said="several carriage returns end it"
    # newline='\r\n' is what a file that is opened to write text has there.
    python3 -c "
import csv
csv.writer(open('t.csv', 'w', newline='\r\n')).writerows([['text', 'label'], ['oil', 'money'], ['goal', 'sport']])
"
    equal "$(head -n 1 t.csv | od -An -c | tr -d ' ')" 'text,label\r\r\n'
    made t.csv
    equal "$(labels)" $'money\nsport'
    contains "$stderr" "2 lines: $said: read as one end (first: t.csv:2)"
    lacks "$stderr" warning
    made --header "${columns[@]}" --keep line t.csv
    equal "$(mp-cat X.mp | awk -F '\t' '{ print $1, $NF }')" $'money oil,money\nsport goal,sport'
    tail -n +2 t.csv | tr , '\t' >t.txt
    made --defects defects "${columns[@]}" t.txt
    equal "$(labels)" $'money\nsport'
    equal "$(cut -f 1-3 defects)" "$(printf 't.txt\t%d\t%s\n' 1 "$said" 2 "$said")"
    # A header that stands again and an empty record are these.
    { cat t.csv t.csv && printf '\r\r\n'; } >u.csv
    made u.csv
    equal "$(labels)" $'money\nsport\nmoney\nsport'
    contains "$stderr" "the header stands there again: passed over (first: u.csv:4)"
    contains "$stderr" "the line is empty: passed over (first: u.csv:7)"
    # What is written anew keeps them, and the label is what they don't belong to.
    printf '1\tmoney\toil price\r\r\n' >corrections
    relabel -q corrections t.csv >u.csv
    equal "$(od -An -c u.csv | tr -d ' \n')" 'text,label\r\r\noil,oilprice\r\r\ngoal,sport\r\r\n'
    mp-pack --label-column label -q --drop text <(sed 's/^/1,/; 1s/^1/x/' t.csv) | mp-cat >rows
    equal "$(awk '{ print $1, $NF }' rows)" $'label x\nmoney 1\nsport 1'
}

@test "other ends of lines, as Python's splitlines has them, are told where they stand within a line" {
    local end ends=('\v' '\f' '\034' '\035' '\036' '\302\205' '\342\200\250' '\342\200\251')
    for end in "${ends[@]}"; do
        # shellcheck disable=SC2059 # escapes of printf are what it is for
        printf "money\toil\nsport\tgoal${end}goal of a match\nmoney\toil\f\n" >t.txt
        equal "$(python3 -c 'print(len(open("t.txt").read().split("\n")[1].splitlines()))')" 2
        made --defects defects t.txt
        contains "$stderr" "1 line: a form feed, or another of Unicode's ends of lines, stands within it: read as a blank (first: t.txt:2)"
        lacks "$stderr" warning
        equal "$(cut -f 1,2,4 defects)" $'t.txt\t2\tread as a blank'
        equal "$(labels)" $'money\nsport\nmoney'
    done
    # Characters that share bytes with these are none: U+2027, U+202A, U+0086, U+00C5, a tab.
    printf 'money\toil\t\342\200\247\342\200\252\302\206\303\205 and more of it\n' >t.txt
    equal "$(python3 -c 'print(len(open("t.txt").read().splitlines()))')" 1
    made t.txt
    lacks "$stderr" "form feed"
}

@test "byte order marks amid a file, as cat leaves them, are passed over and counted" {
    printf '\357\273\277money\toil\n' >a.txt
    cat a.txt a.txt >t.txt
    made t.txt
    contains "$stderr" "1 line: a byte order mark stands before it: passed over (first: t.txt:2)"
    equal "$(labels)" $'money\nmoney'
    printf '\357\273\277label,text\n"money",oil\n' >a.csv
    cat a.csv a.csv >t.csv
    made t.csv
    equal "$(labels)" $'money\nmoney'
    printf '\357\273\277{"label":"money","text":"oil"}\n' >a.jsonl
    cat a.jsonl a.jsonl >t.jsonl
    made t.jsonl
    contains "$stderr" "(first: t.jsonl:2)"
    equal "$(labels)" $'money\nmoney'
    # Of lines of text as well, as Python's utf-8-sig has each of the files.
    printf '\357\273\277oil\n' >a.txt
    printf '\357\273\277goal\n' >b.txt
    cat a.txt b.txt >t.txt
    expect 0 vectorize --words --no-label t.txt
    contains "$stderr" "1 line: a byte order mark stands before it: passed over (first: t.txt:2)"
    equal "$(vectorize -q --words --no-label t.txt)" \
        "$(python3 -c 'for name in "ab": print(open(name + ".txt", encoding="utf-8-sig").read(), end="")')"
}

@test "a byte order mark amid a list of words, as cat leaves it, hides none" {
    printf '\357\273\277oil\n\357\273\277goal\n' >list
    printf 'oil 1 2\ngoal 4 -8\n' >v.txt
    equal "$(glove-load -q --vocab list v.txt | mp-cat | cut -d ' ' -f 1)" $'oil\ngoal'
    # What begins with the mark in texts is another word, and stays so.
    printf '\357\273\277goal 1 1\n' >>v.txt
    printf 'oil \357\273\277goal\n' >t.txt
    vectorize -q --words --no-label t.txt | glove-load -q --vocab - -o part.mp v.txt
    glove-load -q -o all.mp v.txt
    cmp <(vectorize -q --no-label --vectors part.mp t.txt | mp-cat) \
        <(vectorize -q --no-label --vectors all.mp t.txt | mp-cat)
}

@test "NUL bytes are told, and name what is wrong with a line that has no TAB" {
    printf 'money\toil\0\nsport\tgoal\n' >t.txt
    made -q t.txt
    contains "$stderr" "warning: 1 line: there are NUL bytes"
    local i # a NUL as a word, at each place of a pair
    for i in 1 2 3 4 5 6 7 8 9; do printf 'sports\tthe \0 tokens x%d\n' "$i"; done >t.txt
    made -q t.txt
    contains "$stderr" "warning: 9 lines: there are NUL bytes"
    printf 'sport\thello \0 world foo\n' >t.txt
    made -q t.txt
    contains "$stderr" "warning: 1 line: there are NUL bytes"
    { printf 'money\toil\n' && head -c 4096 /dev/zero; } >t.txt
    rm X.mp
    refused 3 "t.txt:2: no TAB between a label and a text, and NUL bytes" t.txt
}

@test "DOS's mark of a file's end is told in lines, and passed over in tables and JSON" {
    printf 'money\toil\r\nsport\tgoal\r\n\032' >t.txt
    refused 3 "t.txt:3: no TAB between a label and a text, but the byte 0x1A, DOS's mark of a file's end: take it out, with tr -d '\\032'" t.txt
    tr -d '\032' <t.txt >u.txt # as it says
    made u.txt
    equal "$(labels)" $'money\nsport'
    local said="1 line: it is the byte 0x1A, DOS's mark of a file's end: passed over (first:"
    printf 'label,text\r\nmoney,oil\r\nsport,goal\r\n\032' >t.csv
    made t.csv
    equal "$(labels)" $'money\nsport'
    contains "$stderr" "$said t.csv:4)"
    printf '{"label":"money","text":"oil"}\r\n\032\r\n' >t.jsonl
    made t.jsonl
    equal "$(labels)" money
    contains "$stderr" "$said t.jsonl:2)"
    printf 'a,label\r\n1,x\r\n\032' >t.csv
    mp-pack -q --label-column label t.csv | mp-cat >rows
    equal "$(awk 'NR > 1 { print $1, $NF }' rows)" 'x 1'
}

@test "UTF-16 and UTF-32 without a mark are named, whatever the script" {
    need_program iconv
    local form text
    for text in $'деньги\tнефть дорожает' $'体育\t石油 价格 上涨 一' $'กีฬา\tภาษา ไทย ญาติ' $'खेल\tठंडा पानी उबला' $'money\toil rises'; do
        for form in UTF-16LE UTF-16BE UTF-32LE UTF-32BE; do
            for ((i = 0; i < 20; i++)); do echo "$text"; done | iconv -f UTF-8 -t $form >t.txt
            refused 3 "turn it into UTF-8, with iconv -f $form -t UTF-8" t.txt
            iconv -f $form -t UTF-8 t.txt >u.txt # the advice works
            equal "$(head -n 1 u.txt)" "$text"
        done
    done
}

# ---- labels ----

@test "labels that look alike are told when a forest is trained on them" {
    local first second
    while IFS='|' read -r first second; do
        # shellcheck disable=SC2059 # escapes of printf are what it is for
        printf "$first\toil\n$second\tgoal\n$first\toil\n$second\tgoal\n" >t.txt
        made -q t.txt
        expect 0 rf-train -q -n 2 -o model.mp X.mp
        contains "$stderr" "warning: labels look alike: "
    done <<'END'
money|Money
money|money 
money|money\342\200\213
money|mon\302\255ey
money|money\302\240
caf\303\251|cafe\314\201
1|1.0
1|01
money|"money"
END
    printf 'money\toil\nsport\tgoal\n' >t.txt
    made -q t.txt
    expect 0 rf-train -q -n 2 -o model.mp X.mp
    lacks "$stderr" alike
    printf 'NaN\toil\nsport\tgoal\n' >t.txt
    made -q t.txt
    expect 0 rf-train -q -n 2 -o model.mp X.mp
    contains "$stderr" "warning: a label is 'NaN': does it stand for none?"
}

@test "an empty label is told, and so are files named twice" {
    printf '\toil\nsport\tgoal\n' >t.txt
    made -q t.txt
    contains "$stderr" "warning: 1 line: the label is empty"
    ln t.txt u.txt
    made -q t.txt ./u.txt
    contains "$stderr" "warning: ./u.txt is named twice"
}

@test "columns by number where headers differ or are taken for a document" {
    printf 'label,text\nmoney,oil\n' >a.csv
    printf 'id,label,text\n1,money,oil\n' >b.csv
    made --label-column 1 --text-column 2 a.csv
    contains "$stderr" "warning: a.csv:1: the first record is read as a document: if it names columns, say --header"
    made --no-header --label-column 1 --text-column 2 a.csv # as it says
    lacks "$stderr" warning
    made --header --label-column 1 --text-column 2 a.csv a.csv # as it says
    lacks "$stderr" "is called"
    made --header --label-column 1 --text-column 2 a.csv b.csv
    contains "$stderr" "warning: b.csv: column 1 is called 'id' here, and 'label' in a file before"
    made --label-column label --text-column text a.csv b.csv # as it says
    lacks "$stderr" warning
    equal "$(labels)" $'money\nmoney'
}

@test "columns by number and a header: told by who learns and by who only reads, in tables and lines" {
    local said="1: the first record is read as a document: if it names columns, say --header, else --no-header"
    local texts=(--text-column 2) header
    head -n 60 "$DEMO/train.txt" >train.txt
    linear-train -q -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt | rf-train -q --trees 5 -o model.mp
    for header in label,text id,sentence topic,words; do
        printf '%s\nmoney,oil price\nsport,a goal\n' "$header" >t.csv
        made --no-label "${texts[@]}" t.csv
        contains "$stderr" "vectorize: warning: t.csv:$said"
        expect 0 rf-explain --linear linear.mp --no-label "${texts[@]}" model.mp t.csv
        contains "$stderr" "rf-explain: warning: t.csv:$said"
        expect 0 glove-train --min-count 1 "${texts[@]}" t.csv
        contains "$stderr" "glove-train: warning: t.csv:$said"
        made --no-label --header "${texts[@]}" t.csv # as it says
        lacks "$stderr" warning
        equal "$(labels | wc -l)" 2
        made --no-label --no-header "${texts[@]}" t.csv
        lacks "$stderr" warning
    done
    printf 'money,oil price\nsport,text\n' >t.csv
    made --no-label "${texts[@]}" t.csv
    lacks "$stderr" warning
    # Lines of which columns are chosen.
    printf 'label\ttext\nmoney\toil\nsport\tgoal\n' >t.txt
    for header in --no-label "--label-column 1"; do
        # shellcheck disable=SC2086 # an option and its value
        made $header "${texts[@]}" t.txt
        contains "$stderr" "warning: t.txt:1: the first line is read as a document: if it names columns, say --from tsv --header"
        # shellcheck disable=SC2086 # likewise
        made $header "${texts[@]}" --from tsv --header t.txt # as it says
        lacks "$stderr" warning
        equal "$(mp-cat X.mp | wc -l)" 2
    done
}

@test "--no-header: first records of several files that look like headers are told" {
    local no_header=(--no-header --label-column 1 --text-column 2)
    printf 'label,text\nmoney,oil\n' >a.csv
    printf 'id,text,label\n1,oil,money\n' >b.csv
    made "${no_header[@]}" a.csv
    lacks "$stderr" warning
    made -q "${no_header[@]}" a.csv b.csv
    contains "$stderr" "warning: b.csv:1: 'id,text,label' looks like names of columns"
    made -q --label-column label --text-column text a.csv b.csv # as it says
    equal "$stderr" ""
    equal "$(labels)" $'money\nmoney'
    # Names that are not usual tell by their place.
    printf 'Rubrik;Inhalt\nmoney;oil\n' >a.csv
    printf 'Nummer;Inhalt;Rubrik\n1;oil;money\n' >b.csv
    made -q "${no_header[@]}" a.csv b.csv
    contains "$stderr" "warning: b.csv:1: 'Nummer;Inhalt;Rubrik' looks like"
    printf 'sport;goal\nmoney;oil\n' >a.csv
    printf 'sport;oil\nmoney;oil\n' >b.csv
    made -q "${no_header[@]}" a.csv b.csv
    equal "$stderr" ""
}

@test "lines whose fields are in quotes, as spreadsheets write them, are doubted" {
    printf '"money"\t"oil price"\n"sport"\t"the ""goal"""\n' >t.txt
    made t.txt
    contains "$stderr" "warning: t.txt: quotes around fields are read as part of them"
    equal "$(labels)" $'"money"\n"sport"'
    made --from csv --delimiter '\t' --no-header --label-column 1 --text-column 2 t.txt # as it says
    lacks "$stderr" warning
    equal "$(labels)" $'money\nsport'
    printf '"money"\t"oil price"\nsport\tgoal\n' >t.txt
    made t.txt
    lacks "$stderr" "quotes around"
}

@test "fastText's labels: before a comma, behind the text, with another mark" {
    printf '__label__a,oil price\n__label__b,goal match\n' >t.txt
    made t.txt
    contains "$stderr" "warning: t.txt: the first label is 'a,oil', for it ends at a blank"
    sed 's/^\(__label__[^ ,]*\),/\1 /' t.txt >u.txt # as it says
    made u.txt
    lacks "$stderr" warning
    equal "$(labels)" $'a\nb'
    printf '__label__%060d,price behind\n__label__b,goal match\n' 0 >t.txt
    made t.txt
    contains "$stderr" "the first label is '$(printf %060d 0),pri', for it ends" # 64 bytes of it
    rm X.mp
    printf 'oil price __label__a\n' >t.txt
    refused 3 "put the label first" t.txt
    printf '__label__a oil\n__label__b goal __label__c match\n' >t.txt
    refused 3 "t.txt:2: a word of the text begins with '__label__', which makes it a second label" t.txt
    local separator
    for separator in ';' '|'; do
        printf 'money%soil price\nsport%sgoal\n' "$separator" "$separator" >t.txt
        refused 3 "--from csv --delimiter '$separator' --label-column 1 --text-column 2" t.txt
        made --from csv --delimiter "$separator" --label-column 1 --text-column 2 t.txt # as it says
        equal "$(labels)" $'money\nsport'
        rm X.mp
    done
    printf '__class__a oil\n' >t.txt
    refused 3 "fastText's labels begin with '__label__'" t.txt
}

@test "a table or a list of JSON from a pipe: what is said of it reads it by its names" {
    local separator text said="t.txt:1: no TAB between a label and a text, but names of a table's columns: say"
    for separator in ',' ';' '|'; do
        for text in text body; do
            { printf '"%s"%slabel\n' $text "$separator" && printf '%s\n' "oil${separator}money" "goal${separator}sport"; } >t.txt
            local options=(--from csv)
            [ "$separator" != '|' ] || options+=(--delimiter '|')
            local advice="$said ${options[*]}"
            advice=${advice/ |/" '|'"}
            if [ $text = text ]; then
                expect 3 vectorize --vectors v.mp -o X.mp t.txt
                equal "$stderr" "vectorize: $advice"
            else
                refused 3 "$advice, and which is what with --label-column and --text-column" t.txt
                options+=(--label-column label --text-column body)
            fi
            made "${options[@]}" t.txt # as it says
            equal "$(labels)" $'money\nsport'
            rm X.mp
        done
    done
    local list
    for list in '[{"label": "money", "text": "oil"}, {"label": "sport", "text": "goal"}]' \
        $'[\n{"label": "money", "text": "oil"},\n{"label": "sport", "text": "goal"}]'; do
        printf '%s\n' "$list" >t.txt
        refused 3 "the line is like a list of JSON: make lines of it, with jq -c '.[]', and read them with --from json" t.txt
    done
}

@test "lines whose first one names columns are doubted, and read as the advice says" {
    printf 'label\ttext\nmoney\toil\n' >t.txt
    made t.txt
    contains "$stderr" "warning: t.txt:1: no other line has the label 'label': if the line names columns, say --from tsv --label-column 'label' --text-column 'text'"
    { printf 'topic\tbody\n' && yes $'money\toil\nsport\tgoal' | head -n 20; } >t.tsv
    made t.tsv
    contains "$stderr" "say --from tsv --label-column 'topic' --text-column 'body'"
    made --from tsv --label-column 'topic' --text-column 'body' t.tsv
    lacks "$stderr" warning
    equal "$(labels | sort -u)" $'money\nsport'
    # The label may be named second, as in GLUE's files.
    printf 'sentence\tlabel\noil rises \tmoney\na goal \tsport\n' >t.tsv
    made t.tsv
    contains "$stderr" "warning: t.tsv:1: no other line has the label 'sentence': if the line names columns, say --from tsv --label-column 'label' --text-column 'sentence'"
    made --from tsv --label-column 'label' --text-column 'sentence' t.tsv # as it says
    lacks "$stderr" warning
    equal "$(labels)" $'money\nsport'
    made "$DEMO/train.txt"
    lacks "$stderr" columns
}

@test "labels in lines of text alone are doubted, and left out as the advice says" {
    yes $'money\toil\nsport\tgoal' | head -n 20 >t.txt
    made --no-label t.txt
    contains "$stderr" "warning: t.txt: lines begin with 'money' and a TAB"
    made --no-label --text-column 2 t.txt
    lacks "$stderr" warning
    cut -f 2 t.txt >u.txt
    made --no-label u.txt
    lacks "$stderr" warning
}

# ---- tables, JSON, folders ----

@test "CSV: a quote that swallows records, a header that stands there again, quotes that are escaped" {
    { printf 'label,text\nmoney,"oil\n' && yes 'sport,goal' | head -n 5 && printf 'money,"oil"\n'; } >t.csv
    made -q t.csv # one document, as Python's csv has it
    equal "$(labels)" money
    contains "$stderr" "warning: 1 record: quotes go over several lines, and text stands behind the closing one"
    contains "$stderr" "(first: t.csv:2)"
    printf 'label,text\nmoney,oil\n' >a.csv
    cat a.csv a.csv >t.csv
    made t.csv
    equal "$(labels)" $'money\nmoney'
    contains "$stderr" "1 line: the header stands there again: passed over (first: t.csv:3)"
    rm X.mp
    printf 'label,text\nsport,"goal \\"a, b\\""\n' >t.csv
    refused 3 "has to stand in double quotes, and a quote within them be doubled, not escaped" t.csv
    printf "label,text\nmoney,'oil, price'\n" >t.csv
    refused 3 "has to stand in double quotes" t.csv
    printf '"label","text"\n"1","money","oil"\n' >t.csv
    refused 3 "or the header lacks a name, as R's write.table leaves one out" t.csv
    printf 'label|text\nmoney|oil\n' >t.csv
    refused 3 "has 'label|text': say --delimiter '|'" t.csv
    vectorize -q --vectors v.mp --delimiter '|' t.csv | mp-cat --check
    printf '{"label":"money","text":"oil"}\n' >t.csv
    refused 3 "is it JSON? Say --from json" t.csv
    vectorize -q --vectors v.mp --from json t.csv | mp-cat --check
}

@test "JSON: members that stand twice, and what makes lines of other shapes" {
    printf '{"label":"money","label":"sport","text":"oil"}\n' >t.jsonl
    made -q t.jsonl
    equal "$(labels)" "$(python3 -c 'import json; print(json.loads(open("t.jsonl").read())["label"])')"
    contains "$stderr" "warning: 1 line: a member stands twice: took the last one (first: t.jsonl:1)"
    rm X.mp
    printf '{"label":"a","text":"b"}{"label":"a","text":"b"}' >t.jsonl
    refused 3 "something stands behind the object: an object a line is read: jq -c ." t.jsonl
    printf '{"label":"a","text":"b"},\n' >t.jsonl
    refused 3 "take the comma off, with sed 's/,\$//'" t.jsonl
    printf "{'label':'a','text':'b'}\n" >t.jsonl
    refused 3 "JSON has double quotes" t.jsonl
    printf '{"Label":"a","x":{"text":1},"Text":"b"}\n' >t.jsonl
    refused 3 "has no member 'label': it has 'Label', 'x', 'Text'; --label-key KEY names another" t.jsonl
    refused 3 "of one within another write /meta/topic" --label-key x.text --text-key Text t.jsonl
    refused 3 "'x' is an object: a document has one label, a string; of one within it write /meta/topic" \
        --label-key x --text-key Text t.jsonl
}

@test "folders: links that lead nowhere, parts for labels, columns that none has" {
    mkdir -p d/money d/sport
    echo oil >d/money/1
    echo goal >d/sport/1
    ln -s nowhere d/money/2
    ln -s 3 d/money/3
    made d
    contains "$stderr" "2 files: it is a link that leads nowhere: left out (first: d/money/2:1)"
    equal "$(labels)" $'money\nsport'
    rm X.mp
    refused 2 "d: is a folder, of which each file is a document" --label-column label d
    mkdir e
    mv d e/train
    cp -r e/train e/test
    made e
    contains "$stderr" "warning: e: its labels are names such as 'train' and 'test'"
    made e/train
    lacks "$stderr" warning
}

@test "no TAB: blanks in a row, a spelt one, HTML; the advice works" {
    printf 'money    oil price\nsport    goal\n' >t.txt
    refused 3 "t.txt:1: no TAB between a label and a text, but a run of blanks" t.txt
    sed 's/   */\t/' t.txt >u.txt # as it says
    made u.txt
    equal "$(labels)" $'money\nsport'
    rm X.mp
    printf '%s\n' 'money\toil' 'sport\tgoal' >t.txt
    refused 3 "t.txt:1: no TAB between a label and a text, but a backslash and a 't'" t.txt
    sed 's/\\t/\t/' t.txt >u.txt # as it says
    made u.txt
    equal "$(labels)" $'money\nsport'
    rm X.mp
    printf '<!DOCTYPE html>\n<html>\n' >t.txt
    refused 3 "the line is like HTML or XML" t.txt
}

@test "no TAB: each program names its own options, and none where it has none" {
    local said="t.txt:1: no TAB between a label and a text" behind="put the label first, and a TAB behind it"
    printf 'text alone\n' >t.txt
    head -n 60 "$DEMO/train.txt" >train.txt
    linear-train -q -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt | rf-train -q --trees 5 --oob oob.mp -o model.mp
    expect 3 vectorize --words t.txt
    equal "$stderr" "vectorize: $said: $behind; if lines are text alone, use --no-label, or glovepipe predict"
    expect 3 rf-explain --linear linear.mp model.mp t.txt
    equal "$stderr" "rf-explain: $said: $behind; if lines are text alone, use --no-label"
    expect 3 glove-train t.txt
    equal "$stderr" "glove-train: $said: $behind; if lines are text alone, use --no-label"
    expect 0 vectorize --words --no-label t.txt # as they say
    equal "$output" $'text\nalone'
    local without
    for without in corpus linear-train "relabel /dev/null" "rf-suspect oob.mp"; do
        # shellcheck disable=SC2086 # a program and its operand
        expect 3 $without t.txt
        equal "$stderr" "${without%% *}: $said: $behind"
    done
    # Options that another program has for labels are none of glove-train's.
    printf 'oil;money\ngoal;sport\n' >t.txt
    refused 3 "read it as a table, with --from csv --delimiter ';' --label-column 1 --text-column 2" t.txt
    expect 3 glove-train t.txt
    equal "$stderr" "glove-train: $said, but a semicolon: read it as a table, with --from csv --delimiter ';' --text-column 2"
    expect 3 glove-train --from csv --delimiter ';' --text-column 2 t.txt # as it says
    contains "$stderr" "2 documents, 2 tokens"
    expect 3 glove-train --from csv t.txt
    contains "$stderr" "say which is the text with --text-column, by name or number"
}

@test "a table whose header stands further down" {
    local before
    for before in '\n' 'Report of May\n' '# exported\n\n'; do
        # shellcheck disable=SC2059 # escapes of printf are what it is for
        printf "${before}label,text\nmoney,oil\n" >t.csv
        refused 3 "if names of columns stand further down, take out the lines before them" t.csv
    done
    tail -n +3 t.csv >u.csv # as it says
    made u.csv
    equal "$(labels)" money
}

# ---- texts without labels: an answer a document ----

# unlabelled WARNING FILE...: as `made`, of texts alone; -q leaves warnings.
unlabelled() {
    local warning=$1
    shift
    expect 0 vectorize -q --no-label --vectors v.mp -o X.mp "$@"
    contains "$stderr" "$warning"
}

@test "what gets no answer is a warning where texts have no labels, and where they have, a summary" {
    printf 'text\noil\n\ngoal\n' >t.csv
    unlabelled "warning: 1 line: the line is empty: passed over (first: t.csv:3)" t.csv
    equal "$(labels | wc -l)" 2
    printf '{"text":"oil"}\n\n{"text":"goal"}\n' >t.jsonl
    unlabelled "warning: 1 line: the line is empty: passed over (first: t.jsonl:2)" t.jsonl
    printf 'label,text\na,oil\nb,goal\n' >one.csv
    cat one.csv one.csv >two.csv
    unlabelled "warning: 1 line: the header stands there again: passed over (first: two.csv:4)" two.csv
    equal "$(labels | wc -l)" 4
    mkdir d
    echo oil >d/1
    ln -s gone d/2
    printf 'a\0b' >d/3
    unlabelled "warning: 1 file: it is a link that leads nowhere: left out (first: d/2:1)" d
    contains "$stderr" "warning: 1 file: it is no text: left out (first: d/3:1)"
    made two.csv
    lacks "$stderr" "warning: 1 line"
    contains "$stderr" "1 line: the header stands there again: passed over"
}

@test "a table that is read as lines of text is told, and a sentence is no table" {
    local table
    for table in 'id,text\n1,oil\n' ',text\n0,oil\n' '"Id","Subject"\n"1","oil"\n' 'Id,Subject\n1,"oil\ngoal"\n'; do
        printf %b "$table" >t.txt
        unlabelled "if it is one, say --from csv" t.txt
        lacks "$stderr" delimiter
    done
    printf 'id;text\n1;oil\n' >t.txt
    unlabelled "if it is one, say --from csv --delimiter ';'" t.txt
    for table in 'oil, goal\n"oil", goal\n' '"oil" he said, and\ngoal, "oil"\n' 'oil,goal\noil\n' \
        '2 oil,text\n' 'oil and gas are up today,text\n' 'oil,goal\n"Oil," she said.\n' \
        'oil;goal\nHe said "oil"\n'; do
        printf %b "$table" >t.txt
        unlabelled '' t.txt
        lacks "$stderr" "like a table"
    done
}

@test "a table whose lines end with carriage returns alone, and has newlines within quotes" {
    printf 'label,text\ra,"oil\ngoal"\rb,"goal\noil"\r' >t.csv
    refused 3 "t.csv:1: a carriage return stands in the first record: if lines end with it alone" t.csv
    tr '\r' '\n' <t.csv >u.csv # as it says
    made u.csv
    equal "$(labels)" $'a\nb'
    printf '"la\rbel","text"\r\n"a","oil"\r\n' >t.csv # within quotes it is a letter
    made --label-column 1 --text-column 2 --header t.csv
}

@test "quotes around the fields of a table with TABs: what would heed them is told" {
    printf 'label\ttext\na\t"oil\ngoal"\n' >t.tsv
    refused 3 "t.tsv:3: no column 2: the record has 1: quotes are letters here" --label-column label --text-column text t.tsv
    made --from csv --delimiter tab --label-column label --text-column text t.tsv # as it says
    equal "$(labels)" a
}

@test "labels that look the same are told apart by what makes them differ" {
    printf 'Ger\303\244t\toil\nGera\314\210t\tgoal\n' >t.txt
    made -q t.txt
    expect 0 rf-train -q -n 2 -o m.mp X.mp
    contains "$stderr" "labels look alike: '"
    contains "$stderr" "', whose accents are composed in two ways: are they one?"
    printf 'a\toil\nA\tgoal\n' >t.txt
    made -q t.txt
    expect 0 rf-train -q -n 2 -o m.mp X.mp
    contains "$stderr" "labels look alike: 'A' and 'a': are they one?"
    printf '\toil\n' | vectorize -q --vectors v.mp -o E.mp -
    expect 0 eval 'rf-predict --format mp m.mp E.mp | rf-eval --accuracy'
    contains "$stderr" "counts as wrong: the empty one"
}
