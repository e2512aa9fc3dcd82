# Documents in other forms than label<TAB>text: tables, lines of JSON, folders. What they should be
# read as, Python's csv and json say, or it is written down by hand.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR"
    printf 'gold 1 0\nsilver 0 1\nlead 2 2\nseen 4 0\n' | glove-load -q -o vectors.mp
}

# rows OPTIONS...: label and numbers of each sample.
rows() {
    vectorize -q --vectors vectors.mp "$@" | numbers
}

# Of mp-cat's columns, without those of tokens.
numbers() {
    mp-cat "$@" | awk -F '\t' '{ print (NF == 5 ? $1 "\t" : "") $(NF - 1) "\t" $NF }'
}

# The last column.
last() {
    awk -F '\t' '{ print $NF }'
}

# refused STATUS PART OPTIONS...: nothing is written, and the message has PART.
refused() {
    local status=$1 part=$2
    shift 2
    rm -f X.mp
    expect "$status" vectorize --vectors vectors.mp -o X.mp "$@"
    contains "$stderr" "$part"
    [ ! -e X.mp ] || fail "X.mp is there"
}

# as_wanted OPTIONS...: the samples of `given` are those of wanted.tsv, and so is evidence.
as_wanted() {
    rows -j2 "$@" given >got
    rows wanted.tsv | cmp - got
    vectorize -q --words "$@" given >words
    vectorize -q --words wanted.tsv | cmp - words
}

@test "CSV is what Python's csv reads, whatever its separator and quoting" {
    need_python csv
    local separator style
    for separator in ',' ';' $'\t'; do
        for style in MINIMAL ALL NONNUMERIC; do
            "$PYTHON" "$ROOT/tests/cli/documents.py" csv "$separator" "$style"
            as_wanted --from csv --label-column 'the label' --text-column title --text-column body
            as_wanted --from csv --header --label-column 2 --text-column 3 --text-column 4
        done
    done
    mv given given.csv
    rows --label-column 'the label' --text-column title --text-column body --delimiter tab given.csv |
        cmp - got
    gzip given.csv
    rows --label-column 'the label' --text-column title --text-column body given.csv.gz | cmp - got
}

@test "a first record is what Python's csv reads, however long, and wherever a look at it ends" {
    need_python csv
    local size
    for size in 65535 65536 65537 131071 131073; do
        "$PYTHON" "$ROOT/tests/cli/documents.py" first $size names
        as_wanted --from csv
        dd status=none bs=1000 if=given | rows --from csv - | cmp - got
        "$PYTHON" "$ROOT/tests/cli/documents.py" first $size text
        as_wanted --from csv --label-column 1 --text-column 2 --no-header --delimiter ,
    done
    dd status=none bs=1000 if=given |
        rows --from csv --label-column 1 --text-column 2 --delimiter , - | cmp - got
    gzip given
    rows --from csv --label-column 1 --text-column 2 --delimiter , given.gz | cmp - got
}

@test "a header has up to 64 MiB; a quote that nothing closes is told" {
    local most=$((64 * 1024 * 1024 - 12))
    header() { printf 'label,text,' && head -c "$1" /dev/zero | tr '\0' x && printf '\na,gold\n'; }
    equal "$(header $most | rows --from csv -)" "$(printf 'a\t1\t0')"
    header $((most + 1)) >t.csv
    refused 3 't.csv:1: the first record is longer than 64 MiB: does a quote open' t.csv
    { printf 'label,text,"x\n' && head -c $most /dev/zero | tr '\0' '\n'; } >t.csv
    refused 3 't.csv:1: the first record is longer than 64 MiB: does a quote open' t.csv
    refused 3 't.csv:1: a quote opens a field of the first record, and nothing closes it' \
        --label-column 1 --text-column 2 t.csv
}

@test "lines of JSON are what Python's json reads" {
    need_python json
    "$PYTHON" "$ROOT/tests/cli/documents.py" json
    as_wanted --label-key /meta/topic --text-key $'bo\ndy' --text-key title
    mv given given.jsonl
    rows --label-key /meta/topic --text-key $'bo\ndy' --text-key title given.jsonl | cmp - got
    printf '%s\n' '{"text": "gold \ud834\udd1e", "label": "a\u00e9\t"}' '{"label": 7, "text": "lead"}' \
        '{"text": "silver", "label": true, "text": "lead", "x": NaN}' '' >x.jsonl
    equal "$(rows x.jsonl | cut -f 1,2)" "$(printf 'aé\\t\t1\n7\t2\ntrue\t2')"
    equal "$(vectorize -q --words x.jsonl)" "$(printf 'gold\n𝄞\nlead')"
}

@test "names make the first record a header, numbers leave it a document" {
    printf 'label,text\na,gold\nb,silver\n' >t.csv
    equal "$(rows t.csv)" "$(printf 'a\t1\t0\nb\t0\t1')"
    equal "$(rows --header t.csv)" "$(printf 'a\t1\t0\nb\t0\t1')"
    equal "$(rows --label-column 1 --text-column 2 t.csv | cut -f 1)" "$(printf 'label\na\nb')"
    equal "$(rows --text-column 2 --no-header t.csv | wc -l)" 3
    equal "$(rows --no-label t.csv)" "$(printf '1\t0\n0\t1')"
    equal "$(rows --from csv --label-column text --text-column label - <t.csv | cut -f 1)" \
        "$(printf 'gold\nsilver')"
    expect 0 vectorize --vectors vectors.mp -o X.mp t.csv
    contains "$stderr" "t.csv: a table of 2 columns, separated by ',', with a header: label 1, text 2"
    refused 3 "t.csv:1: no column is called 'topic'; separated by commas, the first record has 'label', 'text'" \
        --label-column topic t.csv
    refused 3 "no column 3: the first record has 2" --label-column 3 --text-column 2 t.csv
    refused 2 "can't be both label and text" --label-column text --text-column text t.csv
    refused 2 "can't be both label and text" --header --label-column 2 --text-column 2 t.csv
    refused 2 "exclude each other" --header --no-header t.csv
    refused 2 "--delimiter 'ab': give one character" --delimiter ab t.csv
    refused 2 "keys are for JSON" --label-key a --text-column 2 t.csv
    : >t.jsonl
    refused 2 "is JSON by its name" --label-column 1 --text-column 2 t.jsonl
    printf 'a,a,text\nx,y,gold\n' >twice.csv
    refused 3 "two columns are called 'a'" --label-column a twice.csv
}

@test "a header that is counted as a document is noticed" {
    printf 'topic,body\n' >t.csv
    for i in 1 2 3 4 5 6 7 8; do printf 'a,gold\nb,silver\n' >>t.csv; done
    refused 3 "t.csv:1: no other record has the label 'topic'" --label-column 1 --text-column 2 t.csv
    equal "$(rows --header --label-column 1 --text-column 2 t.csv | wc -l)" 16
    equal "$(rows --no-header --label-column 1 --text-column 2 t.csv | wc -l)" 17
}

@test "each file has a header of its own" {
    printf 'label,text\na,gold\n' >one.csv
    printf 'text;x;label\nsilver;;b' >two.csv
    printf 'c\tlead\n' >three.txt
    equal "$(rows one.csv two.csv three.txt)" "$(printf 'a\t1\t0\nb\t0\t1\nc\t2\t2')"
    rows one.csv two.csv three.txt >/dev/null
    vectorize -q --vectors vectors.mp one.csv two.csv three.txt | mp-cat --lineage >lineage
    contains "$(cat lineage)" "several"
}

@test "a table of TABs has no quotes, unless it is called CSV" {
    printf 'label\ttext\na\t"gold" lead\nb\tsilver "lead\n' >t.tsv
    equal "$(rows --label-column label --text-column text t.tsv | cut -f 1)" "$(printf 'a\nb')"
    printf 'label\ttext\na\t"gold\nlead"\n' >t.tsv
    refused 3 't.tsv:3: no column 2: the record has 1' --label-column label --text-column text t.tsv
    equal "$(rows --from csv t.tsv)" "$(printf 'a\t1.5\t1')"
    printf 'a\tgold\n' >lines.csv
    equal "$(rows lines.csv)" "$(printf 'a\t1\t0')"
    printf '__label__a gold, lead\n' >lines.csv
    equal "$(rows lines.csv)" "$(printf 'a\t2\t2')"
}

@test "what is wrong with a record is said with its line" {
    printf 'label,text\na,"gold\nand\nlead"\nb,silver, lead\n' >t.csv
    refused 3 't.csv:5: the record has 3 fields, the first one 2' t.csv
    printf 'label,text\na,"gold\nand\nlead"\nb\n' >t.csv
    refused 3 't.csv:5: no column 2: the record has 1' t.csv
    printf 'label,text\na,gold\nb,"silver\nlead\n' >t.csv
    refused 3 't.csv:3: a quote opens a field of this record, and nothing closes it' t.csv
    printf 'label,"text\na,gold\n' >t.csv
    refused 3 'a quote opens a field of the first record' t.csv
    printf '{"label": "a", "text": "gold"}\n{"label": "a", "text": gold}\n' >t.jsonl
    refused 3 't.jsonl:2: byte 24: this is no value' t.jsonl
    printf '{"label": "a", "text": "gold"}\n' >t.txt
    refused 3 't.txt:1: no TAB between a label and a text, but the line is like JSON: read it with --from json' t.txt
    expect 0 vectorize --vectors vectors.mp --no-label -o X.mp t.txt
    contains "$stderr" 'warning: t.txt: its lines are like JSON, and are read as text: say --from json'
    equal "$(rows --from json t.txt)" "$(printf 'a\t1\t0')"
    printf '{\n "label": "a"\n}\n' >t.jsonl
    refused 3 "t.jsonl:1: byte 2: the line ends before the object does: an object a line is read: jq -c ." t.jsonl
    printf '[{"label": "a"}]\n' >t.jsonl
    refused 3 "this is a list, and no object: an object a line is read: jq -c '.[]' makes such lines" t.jsonl
    printf 'a\tgold\n' >t.jsonl
    refused 3 "this is no JSON object" t.jsonl
    printf '{"label": ["a", "b"], "text": "gold"}\n' >t.jsonl
    refused 3 "'label' is a list: a document has one label, a string" t.jsonl
    printf '{"label": "a", "text": null}\n' >t.jsonl
    refused 3 "'text' is null" t.jsonl
    # What json.dumps makes of a missing value is no word, and no label.
    printf '{"label": "a", "text": "gold"}\n{"label": "a", "text": NaN}\n' >t.jsonl
    refused 3 "t.jsonl:2: 'text' is NaN: a string is read" t.jsonl
    printf '{"label": NaN, "text": "gold"}\n' >t.jsonl
    refused 3 "'label' is NaN: a document has one label, a string" t.jsonl
    printf '{"label": "a", "body": "gold"}\n' >t.jsonl
    refused 3 "the object has no member 'text'" t.jsonl
    contains "$stderr" "; --text-key KEY names another"
    printf '{"label": "a", "text": "gold"} {}\n' >t.jsonl
    refused 3 "something stands behind the object" t.jsonl
    (printf '{"label": "a", "text": "gold", "x": ' && head -c 1000 /dev/zero | tr '\0' '[') >t.jsonl
    refused 3 "512 deep" t.jsonl
}

@test "what is repaired or passed over is counted, and listed with --defects" {
    printf 'label,text\n\na,gold\xff lead\n\n\xffb,"silver"lead\n' >t.csv
    printf '{"label": "c", "text": "gold \\ud834 \\udd1e"}\n \n' >t.jsonl
    expect 0 vectorize --vectors vectors.mp --defects defects -o X.mp t.csv t.jsonl
    contains "$stderr" "2 lines: there are bytes that are not valid UTF-8: dropped those bytes (first: t.csv:3)"
    contains "$stderr" "3 lines: the line is empty: passed over (first: t.csv:2)"
    contains "$stderr" "1 line: text stands behind a closing quote: joined to the field (first: t.csv:5)"
    contains "$stderr" "1 line: there are halves of surrogate pairs: dropped those (first: t.jsonl:1)"
    equal "$(cut -f 1-3 defects)" "$(printf '%s\t%s\t%s\n' \
        t.csv 2 'the line is empty' \
        t.csv 3 'there are bytes that are not valid UTF-8' \
        t.csv 4 'the line is empty' \
        t.csv 5 'text stands behind a closing quote' \
        t.csv 5 'there are bytes that are not valid UTF-8' \
        t.jsonl 1 'there are halves of surrogate pairs' \
        t.jsonl 2 'the line is empty')"
    equal "$(mp-cat X.mp | cut -f 1)" "$(printf 'a\nb\nc')"
    linear-train -q --defects other --views word -o linear.mp t.csv t.jsonl
    cmp defects other
    glove-train -q --iter 1 --min-count 1 --defects other t.csv t.jsonl >/dev/null
    grep -v "t.csv\s5\sthere are bytes" defects | cmp - other # of labels it reads nothing
    printf 'a\tgo\xffld\nb\tlead\n' >t.txt
    vectorize -q --vectors vectors.mp --defects defects -o X.mp t.txt
    equal "$(cat defects)" "$(printf 't.txt\t1\tthere are bytes that are not valid UTF-8\tdropped those bytes')"
    expect 2 vectorize --vectors vectors.mp --defects - t.txt
    contains "$stderr" "can't be both"
    rm -f X.mp defects
    printf 'a\tgo\xffld\nb\n' >t.txt
    expect 3 vectorize --vectors vectors.mp --defects defects -o X.mp t.txt
    [ ! -e X.mp ] && [ ! -e defects ]
}

@test "--skip-bad leaves out what can't be read, counts it, and tells why of the first" {
    printf 'label,text\na,gold\nb\na,"lead\nc"\nb,silver,x\nb\n' >t.csv
    printf '{"label": "a", "text": "gold"}\n{bad\n{"label": "b"}\n[]\n{"label": "b", "text": "lead"}\n' >t.jsonl
    printf 'a\tgold\nno tab\n\nb\tlead\n' >t.txt
    refused 3 "t.csv:3: no column 2" t.csv
    expect 0 vectorize --skip-bad --vectors vectors.mp --defects defects -o X.mp t.csv t.jsonl t.txt
    contains "$stderr" "warning: 8 documents are left out, which can't be read (first: t.csv:3: no column 2: "
    equal "$(mp-cat X.mp | cut -f 1 | tr '\n' ' ')" "a a a b a b "
    equal "$(cut -f 1,2 defects | tr '\t\n' ': ')" \
        "t.csv:3 t.csv:6 t.csv:7 t.jsonl:2 t.jsonl:3 t.jsonl:4 t.txt:2 t.txt:3 "
    equal "$(cut -f 3,4 defects | sort -u)" $'it can\'t be read\tleft out'
    contains "$(mp-cat --lineage X.mp)" "skip-bad"
    # What is left is as if nothing else had been there, for each program that reads texts.
    printf 'a\tgold\nb\tlead\n' >good.txt
    cmp <(vectorize -q --words --skip-bad t.txt) <(vectorize -q --words good.txt)
    relabel -q --skip-bad /dev/null t.txt | cmp - good.txt
    expect 0 linear-train --skip-bad --views word -o linear.mp t.txt
    contains "$stderr" "warning: 2 documents are left out"
    linear-train -q --views word good.txt | mp-cat | cmp - <(mp-cat linear.mp)
    printf '{"text": "gold lead gold"}\n' >good.jsonl
    (cat good.jsonl && echo '{"text": 3') >t.jsonl
    glove-train -q --iter 1 --min-count 1 good.jsonl >good.out
    glove-train -q --iter 1 --min-count 1 --skip-bad t.jsonl | cmp - good.out
    # Where nothing can be read the first reason is told, and not that nothing is there.
    printf 'no tab\n' >t.txt
    expect 3 linear-train --skip-bad -o linear.mp t.txt
    equal "$stderr" "linear-train: no document can be read; the first: t.txt:1: no TAB between a label and a text: put the label first, and a TAB behind it"
    expect 3 corpus --skip-bad t.txt
    contains "$stderr" "corpus: no document can be read; the first: t.txt:1: no TAB"
    expect 0 vectorize -q --skip-bad --vectors vectors.mp -o X.mp t.txt
    contains "$stderr" "1 document is left out, which can't be read (first: t.txt:1: no TAB"
    lacks "$stderr" "is empty"
    # What belongs to a quote that nothing closes can't be told, and so nothing behind it is left out.
    printf 'label,text\na,gold\nb,"silver\nb,silver\na,lead\n' >t.csv
    refused 3 "t.csv:3: a quote opens a field of this record, and nothing closes it" --skip-bad t.csv
}

@test "labels that become one in a table are named" {
    printf 'label,text\nM\xe1laga,gold\nM\xe2laga,lead\n' >t.csv
    expect 0 vectorize --vectors vectors.mp -o X.mp t.csv
    contains "$stderr" "labels became one when bytes were dropped: 'Mlaga'"
}

# folder: 20 Newsgroups' shape, with all that may lie about.
make_folder() {
    mkdir -p f/b f/a/deep f/.git g
    printf 'gold\n\nseen' >f/b/2
    printf '\xef\xbb\xbfsilver' >f/b/10
    printf 'gold \xff' >f/a/deep/x.txt
    gzip -c f/b/2 >f/a/z.gz
    printf '\x89PNG\r\n\x1a\n' >f/a/picture.png
    printf 'gold\0lead' >f/a/nul
    : >f/a/empty
    printf 'read me' >f/README
    : >f/.git/x
    : >f/.DS_Store
    mkfifo f/b/pipe
    ln -s ../../g f/b/folder
    ln -s ../b/2 f/a/link
    ln -s ../g f/c
    printf 'lead' >g/1
}

@test "a folder's files are documents, its folders labels" {
    make_folder
    expect 0 vectorize --vectors vectors.mp --defects defects -o X.mp f
    equal "$(numbers X.mp)" "$(printf '%s\t%s\t%s\n' a 1 0 a 0 0 a 2.5 0 a 2.5 0 b 0 1 b 2.5 0 c 2 2)"
    contains "$stderr" "2 files: it is no text: left out (first: f/a/nul:1)"
    contains "$stderr" "1 file: it is in no folder of a label: left out (first: f/README:1)"
    contains "$stderr" "2 files: its name begins with a dot: left out (first: f/.DS_Store:1)"
    contains "$stderr" "1 file: it is a link to a folder: left out (first: f/b/folder:1)"
    contains "$stderr" "1 file: it is no regular file: left out (first: f/b/pipe:1)"
    contains "$stderr" "1 line: there are bytes that are not valid UTF-8"
    equal "$(wc -l <defects)" 8
    contains "$(mp-cat --lineage X.mp)" "files"
    rows -j1 f/ | cmp - <(numbers X.mp)
    equal "$(rows --no-label f | wc -l)" 8
    equal "$(rows --no-label f/b | wc -l)" 3
    linear-train -q --views word -o linear.mp f
    glove-train -q --iter 1 --min-count 1 f >v.txt
}

@test "a folder without labels, or with what can't be read, is refused" {
    mkdir -p f/a
    refused 3 "there are no files in this folder" f
    printf 'gold' >f/x
    refused 3 "its files are in no folders" f
    ln -s nowhere f/a/y # what is left out leaves no document
    refused 3 "its files are in no folders" f
    rm f/a/y
    mkdir "f/$(printf 'b\xff')"
    printf 'gold' >"f/$(printf 'b\xff')/1"
    refused 3 "which is a label, is not UTF-8" f
}

@test "a folder in order, in many chunks, is what its files are one by one" {
    mkdir -p f/a f/b
    local i
    for i in {1..300}; do
        printf '%s gold %*s' "$i" $((i * 20)) silver >"f/a/$i"
        printf 'lead' >"f/b/$i"
    done
    for i in $(cd f && printf '%s\n' a/* b/* | LC_ALL=C sort); do
        printf '%s\t%s\n' "${i%/*}" "$(cat "f/$i")"
    done >wanted.tsv
    rows -j2 f >got
    rows wanted.tsv | cmp - got
}

@test "a record may be longer than a chunk, and memory follows the longest" {
    need_python csv
    "$PYTHON" - <<'P'
import csv
with open('given', 'w', newline='') as out:
    w = csv.writer(out)
    w.writerow(['label', 'text'])
    for i in range(5):
        w.writerow(['a', 'gold "x"\n' * (100000 * i + 1)])
        w.writerow(['b', 'silver'])
P
    equal "$(rows --from csv -j2 given | cut -f 1 | tr '\n' ' ')" "a b a b a b a b a b "
    equal "$(rows --from csv given | cut -f 2 | tr '\n' ' ')" "1 0 1 0 1 0 1 0 1 0 "
}

@test "--keep: a column, a member, a record or a path stays with its sample" {
    printf 'label,text,id\r\na,"go\xffld\n",x\xff1\r\nb,"""silver""",x2\r\n' >t.csv
    printf '{"label":"c","text":"\\u0067old","m":{"id":[7,"k\\/t"]}}\n' >t.jsonl
    mkdir -p f/d
    printf 'gold' >f/d/1
    equal "$(vectorize -q --vectors vectors.mp --keep id t.csv | mp-cat | last)" "$(printf 'x1\nx2')"
    equal "$(vectorize -q --vectors vectors.mp --keep text t.csv | mp-cat | last)" \
        "$(printf 'gold\\n\n"silver"')"
    equal "$(vectorize -q --vectors vectors.mp --keep line t.csv | mp-cat | last)" \
        "$(printf 'a,"gold\\n",x1\nb,"""silver""",x2')"
    equal "$(vectorize -q --vectors vectors.mp --keep /m/id/1 t.jsonl | mp-cat | last)" k/t
    equal "$(vectorize -q --vectors vectors.mp --keep text t.jsonl | mp-cat | last)" gold
    equal "$(vectorize -q --vectors vectors.mp --keep line t.jsonl | mp-cat | last)" \
        "$(cat t.jsonl)"
    equal "$(vectorize -q --vectors vectors.mp --keep line f | mp-cat | last)" f/d/1
    refused 2 "f: is a folder: --keep line keeps the paths of its files" --keep id f
    # Of names that are no text each byte becomes one letter of three.
    local name number
    printf -v name '%240s' ''
    name=${name// /$'\xff'}
    mkdir -p odd/d
    for number in {100..399}; do : >"odd/d/$name$number"; done
    vectorize -q --vectors vectors.mp --keep line odd | mp-cat >kept
    equal "$(tail -n 1 kept | last)" "odd/d/${name//$'\xff'/$'\uFFFD'}399"
    refused 3 "no column is called 'no'" --keep no t.csv
    refused 3 "the object has no member 'no'" --keep no t.jsonl
}

@test "a column or member that is wanted twice is decoded once" {
    printf '{"text": "gold \\\\u0041 \xff", "label": "a"}\n' >t.jsonl
    equal "$(vectorize -q --words --text-key text --text-key text t.jsonl)" "$(printf 'gold\n\\u0041')"
    printf 'label,text\na,"gold ""\xffx"""\n' >t.csv
    equal "$(vectorize -q --words --text-column text --text-column text t.csv)" "$(printf 'gold\n"x"')"
}

# answers_live HEADER
answers_live() {
    mkfifo pipe
    (printf '%s\na,gold\n' "$1" && cat pipe) | vectorize -q --vectors vectors.mp --from csv - >out &
    local i
    for i in {1..200}; do
        ! grep -aq labels out || break
        sleep 0.05
    done
    local answered=no
    ! grep -aq labels out || answered=yes
    timeout 20 sh -c 'echo b,silver >pipe' || fail 'nobody reads'
    wait
    equal "$answered" yes
    equal "$(mp-cat out | cut -f 1)" "$(printf 'a\nb')"
    rm pipe out
}

@test "a live table answers before its end" {
    answers_live label,text
    answers_live "label,text,$(printf '"%0100d\n",' {1..2000})"
}

@test "a column that is kept, and is the label too, is repaired once" {
    printf 'M\341l,gold\n' >t.csv
    vectorize -q --vectors vectors.mp --label-column 1 --text-column 2 --keep 1 -o X.mp t.csv
    equal "$(mp-cat X.mp | cut -f 1,6)" "$(printf 'Ml\tMl')"
}

@test "a spreadsheet's line that says what separates the fields" {
    local separator
    for separator in ';' '|' ','; do
        printf 'sep=%s\r\nlabel%stext\r\na%sgold\r\n"b%s"%slead\r\n' "$separator"{,,,,} >t.csv
        equal "$(rows t.csv)" "$(printf 'a\t1\t0\nb%s\t2\t2' "$separator")"
        equal "$(rows --label-column 1 --text-column 2 --header t.csv | head -n 1)" "$(printf 'a\t1\t0')"
        gzip -c t.csv >t.csv.gz
        equal "$(rows t.csv.gz)" "$(rows t.csv)"
        { printf 'sep=%s\r\n' "$separator" && sleep 0.1 && tail -n +2 t.csv; } | rows --from csv - >piped
        rows t.csv | cmp - piped
    done
    printf 'sep=;\nlabel;text\na;gold;lead\n' >t.csv
    refused 3 't.csv:3: the record has 3 fields, the first one 2' t.csv
    printf 'sep=;\n' >t.csv
    equal "$(rows t.csv)" ""
    printf 'sep=;text\na;gold\n' >t.csv
    equal "$(rows --label-column 1 --text-column text t.csv)" "$(printf 'a\t1\t0')"
}

@test "a column whose name is not UTF-8 goes into the lineage as text" {
    local name
    name=$(printf 'caf\351')
    printf '%s,label\nx y,a\ny z,b\n' "$name" >d.csv
    linear-train -q --text-column "$name" -o linear.mp d.csv
    mp-cat --check linear.mp
    contains "$(mp-cat --lineage linear.mp)" $'text-column  caf\ufffd'
    vectorize -q --linear linear.mp --text-column "$name" --keep "$name" -o X.mp d.csv
    mp-cat --check X.mp
}
