#!/usr/bin/env bats
# vectorize: where documents come from, and which columns of them.

load helpers
load vectorize

# ---- which columns ----

@test "columns: label and text where they are said to be" {
    need_python msgpack numpy
    load_vectors
    printf '7\tgold\tsilver\tearn\n8\tlead\tgold gold\tacq\n' >table.txt
    expect 0 vectorize -q --vectors vectors.mp --label-column 4 --text-column 3 -o X.mp table.txt
    equal "$(check rows X.mp)" "$(printf '%s\t%d\t%d\t%s\t%s\n' earn 1 1 4 -8 acq 2 2 1 2)"
    expect 0 vectorize -q --vectors vectors.mp --text-column 2 -o X.mp table.txt
    equal "$(check rows X.mp)" "$(printf '%s\t%d\t%d\t%s\t%s\n' 7 1 1 1 2 8 1 0 0 0)"
    expect 0 vectorize -q --vectors vectors.mp -o X.mp table.txt
    equal "$(check rows X.mp)" "$(printf '%s\t%d\t%d\t%s\t%s\n' 7 3 2 2.5 -3 8 4 2 1 2)"
}

@test "--no-label: the whole line is text, and the stream has no labels" {
    need_python msgpack numpy
    load_vectors
    printf 'gold\tsilver\n\nlead' >texts.txt
    expect 0 vectorize -q --vectors vectors.mp --no-label -o X.mp texts.txt
    equal "$(check rows X.mp)" "$(printf '%d\t%d\t%s\t%s\n' 2 2 2.5 -3 0 0 0 0 1 0 0 0)"
    expect 0 vectorize -q --vectors vectors.mp --no-label --text-column 1 -o X.mp texts.txt
    equal "$(check rows X.mp | head -n 1)" "$(printf '1\t1\t1\t2')"
}

@test "columns that make no sense together are refused" {
    load_vectors
    expect 2 vectorize --vectors vectors.mp --no-label --label-column 1 "$DEMO/train.txt"
    contains "$stderr" "exclude each other"
    expect 2 vectorize --vectors vectors.mp --label-column 2 "$DEMO/train.txt"
    contains "$stderr" "--text-column"
    expect 2 vectorize --vectors vectors.mp --text-column 1 "$DEMO/train.txt"
    contains "$stderr" "can't be both label and text"
    expect 2 vectorize --vectors vectors.mp --text-column 0 "$DEMO/train.txt"
    contains "$stderr" "--text-column: '0' is not a whole number"
}

@test "a line without its columns is refused by file and line, and leaves no output" {
    load_vectors
    printf 'a\tgold\nno label here\nb\tgold\n' >bad.txt
    expect 3 vectorize --vectors vectors.mp -o X.mp bad.txt
    equal "$stderr" "vectorize: bad.txt:2: no TAB between a label and a text: put the label first, and a TAB behind it; if lines are text alone, use --no-label, or glovepipe predict"
    expect 3 vectorize --vectors vectors.mp --text-column 3 -o X.mp bad.txt
    equal "$stderr" "vectorize: bad.txt:1: no column 3: the line has 2, separated by TABs"
    expect 3 vectorize --words -o words bad.txt
    only_files . bad.txt vectors.mp vectors.txt
    # The earliest line is named, whatever thread meets which first.
    yes "$(printf 'a\tgold')" | head -n 200000 >long.txt
    (cat long.txt && echo first && cat long.txt && echo second) >worse.txt
    for jobs in 1 2 8; do
        expect 3 vectorize --vectors vectors.mp -j $jobs -o X.mp worse.txt
        contains "$stderr" "worse.txt:200001: no TAB"
    done
}

# ---- inputs ----

@test "vectors or documents come from standard input, not both" {
    load_vectors
    printf 'a\tgold\n' >train.txt
    vectorize -q --vectors vectors.mp train.txt >wanted
    vectorize -q train.txt <vectors.mp >got
    same_file got wanted
    vectorize -q --vectors - train.txt <vectors.mp >got
    same_file got wanted
    vectorize -q --vectors vectors.mp - <train.txt >got
    same_file got wanted
    expect 2 vectorize - <train.txt
    contains "$stderr" "standard input can't be read twice: name the vectors with --vectors"
    expect 2 vectorize --vectors vectors.mp - - <train.txt
    contains "$stderr" "standard input can't be read twice"
    expect 2 vectorize --vectors vectors.mp
    contains "$stderr" "no documents"
    expect 2 vectorize --words --vectors vectors.mp train.txt
}

@test "several files are one after the other, and not joined at their border" {
    load_vectors
    printf 'a\tgold' >one.txt
    printf 'b\tsilver\n' >two.txt
    printf 'a\tgold\nb\tsilver\n' >both.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp one.txt /dev/null two.txt
    contains "$stderr" "2 documents"
    equal "$(vectorize --words one.txt two.txt 2>/dev/null)" "$(printf 'gold\nsilver')"
}

@test "files that are not there are noticed before the vectors are read" {
    expect 1 vectorize -o X.mp absent.txt </dev/null
    equal "$stderr" "vectorize: absent.txt: can't open: No such file or directory"
    mkdir empty
    expect 3 vectorize -o X.mp empty </dev/null
    equal "$stderr" "vectorize: empty: there are no files in this folder"
}

@test "a byte order mark is no part of the first label, and UTF-16 is refused" {
    load_vectors
    printf 'a\tgold\n' >plain.txt
    printf '\357\273\277a\tgold\n' >marked.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp plain.txt marked.txt
    equal "$(mp-cat X.mp | cut -f 1)" "$(printf 'a\na')"
    printf 'a\tgold\n' | iconv -f UTF-8 -t UTF-16 >wide.txt
    expect 3 vectorize --vectors vectors.mp wide.txt
    contains "$stderr" "wide.txt: is UTF-16 text"
}

@test "documents may be gzipped, or the only file of a zip: the same samples" {
    need_program gzip zip
    load_vectors
    awk 'BEGIN { for (i = 0; i < 60000; i++) print "label" i % 7 "\tgold " i " silver" }' >train.txt
    printf '\357\273\277b\tgold\nc\tlead' >more.txt
    vectorize -q --vectors vectors.mp -o wanted.mp train.txt more.txt
    gzip -k train.txt more.txt
    zip -q more.zip more.txt
    expect 0 vectorize -q --vectors vectors.mp -o got.mp train.txt.gz more.zip
    same_file got.mp wanted.mp
    expect 0 vectorize -q -j 8 --vectors vectors.mp -o got.mp train.txt.gz - <more.txt.gz
    same_file got.mp wanted.mp
    equal "$(vectorize -q --words train.txt.gz)" "$(vectorize -q --words train.txt)"
    head -c 9000 train.txt.gz >cut.gz
    expect 4 vectorize --vectors vectors.mp -o X.mp cut.gz
    contains "$stderr" "cut.gz: the compressed data ends early"
    zip -q two.zip train.txt more.txt
    expect 2 vectorize --vectors vectors.mp -o X.mp two.zip
    contains "$stderr" "the zip holds 2 files: unzip one of them first, with unzip FILE MEMBER"
    [ ! -e X.mp ] || fail "X.mp is there"
}

@test "a zip is opened where threads have no more stack than musl gives them, 128 KiB" {
    need_plain_build
    need_program zip
    load_vectors
    printf 'b\tgold\nc\tsilver\n' >train.txt
    zip -q train.zip train.txt
    vectorize -q --vectors vectors.mp -o wanted.mp train.txt
    # glibc's threads have what ulimit says.
    (ulimit -s 128 && env -i PATH="$PATH" vectorize -q --vectors vectors.mp -o got.mp train.zip)
    same_file got.mp wanted.mp
}

@test "where not all threads can be had, those that there are do the work" {
    need_plain_build
    load_vectors
    printf 'b\tgold\nc\tsilver\n' >train.txt
    vectorize -q --vectors vectors.mp -o wanted.mp train.txt
    # The stacks of 250 threads take 2 GB of addresses.
    (ulimit -s 8192 && ulimit -v 800000 && vectorize -q -j 250 --vectors vectors.mp -o got.mp train.txt)
    same_file got.mp wanted.mp
}

@test "what is no text is refused by its first bytes" {
    need_program xz
    load_vectors
    printf 'a\tgold\n' | xz >train.txt.xz
    expect 3 vectorize --vectors vectors.mp train.txt.xz
    contains "$stderr" "train.txt.xz: is xz data: unpack it first, with xz -d"
    expect 3 vectorize --vectors vectors.mp --no-label vectors.mp
    contains "$stderr" "vectors.mp: is a glovepipe stream, not text: its vectors go with vectorize --vectors"
}

@test "a text may begin with letters that a file of another form begins with" {
    printf 'PAR1\tbinds thrombin\nPAR2\tother\n' >genes.txt
    equal "$(vectorize --words genes.txt)" $'binds\nthrombin\nother'
    expect 0 corpus genes.txt
    printf 'PAR1 0.1 0.2\nPAR2 0.3 0.4\n' >genes.vec
    equal "$(glove-load -q genes.vec | mp-cat)" "$(<genes.vec)"
    mkdir -p texts/a texts/b
    echo 'PAR1 is a receptor' >texts/a/1
    printf '%%PDF-files and {\\rtf\n' >texts/b/2
    expect 0 vectorize --words texts
    contains "$stderr" "7 distinct words of 7 tokens in 2 documents"
    lacks "$stderr" "no text"
}

@test "documents of which no word is known are told with a warning" {
    load_vectors
    printf 'a\tlead\n' >foreign.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp foreign.txt
    contains "$stderr" "warning: no word of the documents has a vector"
}

@test "vectors that end early, and streams of another kind, give nothing" {
    load_vectors
    printf 'a\tgold\n' >train.txt
    head -c -1 vectors.mp >cut.mp
    expect 4 vectorize --vectors cut.mp train.txt
    equal "$output" ""
    contains "$stderr" "upstream ended early"
    expect 4 vectorize -o X.mp train.txt </dev/null
    vectorize -q --vectors vectors.mp -o samples train.txt
    expect 3 vectorize --vectors samples -o X.mp train.txt
    contains "$stderr" "this stream holds samples, and vectors are needed here"
    expect 3 vectorize --vectors vectors.txt -o X.mp train.txt
    contains "$stderr" "not a glovepipe stream"
    only_files . cut.mp samples train.txt vectors.mp vectors.txt
}

@test "an empty file is a stream without rows" {
    load_vectors
    expect 0 vectorize --vectors vectors.mp -o X.mp /dev/null
    contains "$stderr" "0 documents"
    vectorize -q --vectors vectors.mp /dev/null | mp-cat --check
}
