#!/usr/bin/env bats
# vectorize: documents to samples, and to their words.

load helpers
load vectorize

# Whether Python and the programs, as their samples say, have one version of Unicode; sets both.
unicode_agrees() {
    load_vectors
    vectorize -q --vectors vectors.mp -o X.mp "$DEMO/train.txt"
    ours=$(LC_ALL=C sed -n 's/.*unicode[\xa3\xa4]\([0-9]*\.[0-9]\).*/\1/p' X.mp | head -n 1)
    theirs=$(check unicode)
    [ "$theirs" = "$ours.0" ]
}

# ---- what the numbers are ----

@test "each row is the mean of the known words, and counts them" {
    need_python msgpack numpy
    load_vectors
    printf 'a\tGold  SILVER\nb\tgold gold lead\nc\t\nd\tlead\ne\tSTRAßE\tgold\n' >train.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp train.txt
    equal "$(check rows X.mp)" "$(printf '%s\t%d\t%d\t%s\t%s\n' \
        a 2 2 2.5 -3  b 3 2 1 2  c 0 0 0 0  d 1 0 0 0  e 2 2 0.75 1.125)"
}

# as_the_reference VECTORS HOW_MANY UNKNOWN_IN_TRAIN UNKNOWN_IN_TEST
as_the_reference() {
    need_shared
    need_python msgpack numpy
    local train=$SHARED/r8-train-all-terms.txt test=$SHARED/r8-test-all-terms.txt
    "$PYTHON" "$SHARED/../oracle/notebook.py" "$SHARED/$1" "$train" "$test" reference --no-fit
    glove-load -q -o vectors.mp "$SHARED/$1"
    expect 0 vectorize -v --vectors vectors.mp -o train.mp "$train"
    contains "$stderr" "vectorize: $2 vectors of 50 dimensions"
    contains "$stderr" "vectorize: 5,485 documents"
    contains "$stderr" "s, $3 without a known word"
    expect 0 vectorize --vectors vectors.mp -o test.mp "$test"
    contains "$stderr" "vectorize: 2,189 documents"
    contains "$stderr" "s, $4 without a known word"
    check same train.mp reference/X_train.npy "$train"
    check same test.mp reference/X_test.npy "$test"
}

@test "R8: every bit, label and count is the reference run's" {
    as_the_reference glove.r8.50d.zip 12,290 0 0
}

@test "R8: the same with published vectors, five of whose words are broken" {
    as_the_reference glove.6B.50d.top2445.txt 2,440 10 4
}

# ---- tokens ----

@test "--words prints Python's tokens, each once, in order of appearance" {
    need_python
    check words "$DEMO/train.txt" "$DEMO/test.txt" >wanted
    [ -s wanted ]
    vectorize -q --words "$DEMO/train.txt" "$DEMO/test.txt" >got
    same_file got wanted
    vectorize -q --words -j 8 -o got.txt "$DEMO/train.txt" "$DEMO/test.txt"
    same_file got.txt wanted
    if [ -n "$SHARED" ]; then
        check words "$SHARED/r8-train-all-terms.txt" >wanted
        vectorize -q --words "$SHARED/r8-train-all-terms.txt" >got
        same_file got wanted
    fi
}

@test "--words leaves out what no vector can have, and glove-load --vocab takes the others" {
    q() { head -c "$1" /dev/zero | tr '\0' q; }
    { printf 'a\tgold ' && q 1048576 && printf ' ' && q 1048577 && printf ' ' && q 2200000 && printf ' lead\n'; } >blob.txt
    expect 0 vectorize --words -o words blob.txt
    contains "$stderr" "5 distinct words of 5 tokens"
    contains "$stderr" "2 of them longer than 1 MiB, as no word of vectors is: left out"
    same_file words <(printf 'gold\n' && q 1048576 && printf '\nlead\n')
    vectorize -q --words blob.txt | glove-load -q --vocab - -o v.mp "$DEMO/vectors.txt"
    expect 0 vectorize --words "$DEMO/test.txt"
    lacks "$stderr" "left out"
}

@test "every character is lower-cased and split as Python does, beside a sigma too" {
    need_python
    local ours theirs
    unicode_agrees || skip "libunistring knows Unicode $ours, Python $theirs"
    check characters >characters.txt
    check words --no-label characters.txt >wanted
    vectorize -q --words --no-label characters.txt >got
    same_file got wanted
}

@test "bytes that are not UTF-8 are dropped as Python drops them" {
    need_python
    # Letters of three bytes and more, some of which only newer versions of Unicode have, are among
    # them where both know the same.
    local ours theirs bytes=256
    unicode_agrees || bytes=224
    "$PYTHON" -c 'import random, sys
random.seed(7)
sys.stdout.buffer.write(bytes(random.choices(range(int(sys.argv[1])), k=300000)))' $bytes >random.txt
    check words --no-label random.txt >wanted
    vectorize -q --words --no-label random.txt >got
    same_file got wanted
    # Mostly valid, with a few bytes broken.
    "$PYTHON" -c '
import random, sys
random.seed(8)
text = bytearray(" ".join(chr(random.choice([65, 233, 0x3a3, 0x20ac, 0x1f600])) * 3
                          for _ in range(50000)).encode())
for _ in range(5000):
    text[random.randrange(len(text))] = random.choice(b"\n\t \x80\xc3\xe2\xed\xa0\xf4\xff")
sys.stdout.buffer.write(text)' >broken.txt
    check words --no-label broken.txt >wanted
    vectorize -q --words --no-label broken.txt >got
    same_file got wanted
}

# ---- what is told ----

@test "the summary tells documents, unknown ones and the share of known tokens" {
    load_vectors
    printf 'a\tgold lead tin\nb\tlead\nc\tgold gold gold\n' >train.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp train.txt
    [[ $stderr =~ ^'vectorize: 3 documents in '[0-9.]+' s, 1 without a known word, 57.14% of 7 tokens known'$ ]] ||
        fail "$stderr"
    expect 0 vectorize -q --vectors vectors.mp -o X.mp train.txt
    equal "$stderr" ""
    expect 0 vectorize -v --vectors vectors.mp -o X.mp train.txt
    contains "$stderr" "vectorize: train.txt:2: no known word"
    yes "$(printf 'a\tlead')" | head -n 25 >unknown.txt
    expect 0 vectorize -v --vectors vectors.mp -o X.mp unknown.txt
    contains "$stderr" "unknown.txt:10: no known word"
    lacks "$stderr" "unknown.txt:11:"
    contains "$stderr" "and 15 more documents without a known word"
    expect 0 vectorize --words unknown.txt
    [[ $stderr =~ ^'vectorize: 1 distinct word of 25 tokens in 25 documents, in '[0-9.]+' s'$ ]] ||
        fail "$stderr"
}

@test "the lineage has the vectors' source and what changes the result, nothing else" {
    load_vectors
    printf 'gold\ta\n' >train.txt
    vectorize -q -j 2 --vectors vectors.mp --label-column 2 --text-column 1 -o X.mp train.txt
    expect 0 mp-cat --lineage X.mp
    contains "$output" "glove-load"
    contains "$output" "python-lower-split"
    contains "$output" "label-column"
    contains "$output" "text-column"
    lacks "$output" "jobs"
    lacks "$output" "train.txt"
}

# ---- what is doubtful is told ----

@test "repaired lines are counted, with the first, and labels that become one are named" {
    printf 'M\341laga\tcaf\351 gold\nLeon\tgold\nM\342laga\tgold\n' >latin1.txt
    printf 'a\tgold\n' >clean.txt
    # Python: decode(errors='ignore') leaves Mlaga twice
    equal "$(printf 'M\341laga M\342laga' | "$PYTHON" -c 'import sys
print(sys.stdin.buffer.read().decode(errors="ignore"))')" 'Mlaga Mlaga'
    load_vectors
    for jobs in 1 3; do
        expect 0 vectorize -j $jobs --vectors vectors.mp -o X.mp clean.txt latin1.txt clean.txt
        contains "$stderr" '2 lines: there are bytes that are not valid UTF-8: dropped those bytes (first: latin1.txt:1)'
        contains "$stderr" "labels became one when bytes were dropped: 'Mlaga'"
    done
    expect 0 vectorize --words -o words latin1.txt
    contains "$stderr" '2 lines: there are bytes that are not valid UTF-8'
    expect 0 linear-train -o linear.mp latin1.txt
    contains "$stderr" '2 lines: there are bytes that are not valid UTF-8'
    contains "$stderr" "'Mlaga'"
    expect 0 glove-train --iter 1 --min-count 1 --vector-size 2 -o v.txt latin1.txt
    contains "$stderr" '2 lines: there are bytes that are not valid UTF-8'
    expect 0 vectorize --vectors vectors.mp -o X.mp clean.txt
    lacks "$stderr" 'UTF-8'
    printf 'M\341laga\tgold\nLe\363n\tgold\nM\341laga\tgold\n' >other.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp other.txt
    contains "$stderr" '3 lines: '
    lacks "$stderr" 'became one'
}

@test "carriage returns alone, UTF-16 and UTF-32, with or without a mark: what to do, and it works" {
    load_vectors
    printf 'a\tgold\nb\tsilver gold lead\n' >text.txt
    vectorize -q --vectors vectors.mp -o wanted text.txt
    tr '\n' '\r' <text.txt >odd.txt
    for form in CR UTF-16 UTF-16LE UTF-16BE UTF-32 UTF-32LE; do
        advice="iconv -f $form -t UTF-8"
        if [ $form = CR ]; then
            advice="tr '\r' '\n'"
        else
            iconv -f UTF-8 -t $form <text.txt >odd.txt
        fi
        expect 3 vectorize --vectors vectors.mp -o X.mp odd.txt
        contains "$stderr" "$advice"
        bash -c "$advice <odd.txt" | cmp - text.txt
    done
}

@test "an empty file is called empty, and a comma in place of a TAB a comma" {
    load_vectors
    : >empty.txt
    expect 0 vectorize --vectors vectors.mp -o X.mp empty.txt
    contains "$stderr" 'warning: empty.txt: is empty: there are no documents'
    expect 0 vectorize --vectors vectors.mp -o X.mp - <empty.txt
    contains "$stderr" 'warning: standard input: is empty: there are no documents'
    expect 0 vectorize --words empty.txt
    contains "$stderr" 'warning: empty.txt: is empty: there are no documents'
    expect 0 relabel /dev/null empty.txt
    contains "$stderr" 'warning: empty.txt: is empty: there are no documents'
    local program
    for program in linear-train glove-train corpus; do
        expect 3 $program -o out empty.txt
        contains "$stderr" "$program: empty.txt: is empty: there are no documents"
        expect 3 $program -o out - <empty.txt
        contains "$stderr" "$program: standard input: is empty: there are no documents"
    done
    printf 'a,gold\nb,"silver, lead"\n' >d.txt
    expect 3 vectorize --vectors vectors.mp -o X.mp d.txt
    contains "$stderr" "--from csv"
    contains "$stderr" "sed 's/,/\\t/'"
    sed 's/,/\t/' d.txt | vectorize -q --vectors vectors.mp -o X.mp -
    equal "$(mp-cat X.mp | cut -f 1)" $'a\nb'
    printf 'gold, silver\n' >d.txt
    expect 3 vectorize --vectors vectors.mp -o X.mp d.txt
    lacks "$stderr" comma
}

@test "one line that is all there is, and long, is doubted" {
    load_vectors
    yes 'gold silver' | head -n 10000 | tr '\n' ' ' >long.txt
    expect 0 vectorize --no-label --vectors vectors.mp -o X.mp long.txt
    contains "$stderr" 'warning: one document of 120,000 bytes is all there is'
    cp long.txt other.txt
    expect 0 vectorize --no-label --vectors vectors.mp -o X.mp long.txt other.txt
    lacks "$stderr" warning
}

# ---- the same bytes, within bounds ----

@test "any number of jobs and any instruction set give the same bytes" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    local text=$DEMO/train.txt
    [ -z "$SHARED" ] || text=$SHARED/r8-train-all-terms.txt
    vectorize -q -j 1 --vectors vectors.mp "$text" "$DEMO/test.txt" >wanted
    mp-cat --check wanted
    for jobs in 2 8; do
        vectorize -q -j $jobs --vectors vectors.mp "$text" "$DEMO/test.txt" >got
        same_file got wanted
    done
    for level in portable avx2 avx512; do
        GLOVEPIPE_CPU=$level vectorize -q --vectors vectors.mp "$text" "$DEMO/test.txt" >got
        same_file got wanted
    done
    # How the bytes arrive decides where blocks end, and nothing else.
    cat "$text" "$DEMO/test.txt" | vectorize -q --vectors vectors.mp - >got
    cat "$text" "$DEMO/test.txt" >one.txt
    vectorize -q --vectors vectors.mp one.txt >wanted
    same_file <(mp-cat got) <(mp-cat wanted)
    same_file <(mp-cat --lineage got) <(mp-cat --lineage wanted)
}

@test "memory does not grow with the documents" {
    need_python
    need_plain_build
    load_vectors
    awk 'BEGIN { for (i = 0; i < 40000; i++) { printf "a"; for (j = 0; j < 40; j++) printf "\tGold%d", i % 997; print "" } }' >8mb.txt
    cat 8mb.txt 8mb.txt 8mb.txt 8mb.txt 8mb.txt 8mb.txt 8mb.txt 8mb.txt >64mb.txt
    local small large
    small=$(check peak "$BIN/vectorize" -q -j 2 --vectors vectors.mp -o X.mp 8mb.txt)
    large=$(check peak "$BIN/vectorize" -q -j 2 --vectors vectors.mp -o X.mp 64mb.txt)
    [ "$large" -lt $((small + 4096)) ] || fail "$small KiB for 8 MB, $large KiB for 64 MB"
}

@test "a document longer than a chunk is one document" {
    need_python msgpack numpy
    load_vectors
    (printf 'a\t' && yes 'gold silver lead' | head -n 200000 | tr '\n' ' ' && printf '\nb\tgold\n') >train.txt
    expect 0 vectorize -q --vectors vectors.mp -o X.mp train.txt
    equal "$(check rows X.mp)" "$(printf '%s\t%d\t%d\t%s\t%s\n' a 600000 400000 2.5 -3 b 1 1 1 2)"
}

@test "a closed pipe ends it quietly" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    yes "$DEMO/train.txt" | head -n 50 | xargs cat >long.txt
    run bash -c 'vectorize -q --vectors vectors.mp long.txt 2>stderr | head -c 10 >/dev/null
        echo "${PIPESTATUS[0]}"'
    equal "$output" 141
    equal "$(cat stderr)" ""
}

@test "--help and --version" {
    expect 0 vectorize --help
    contains "$output" "usage: vectorize [options] [--vectors FILE]... [--linear FILE]... DOCUMENTS..."
    contains "$output" "--text-column=COLUMN"
    expect 0 vectorize -V
    contains "$output" "vectorize"
    expect 2 vectorize --nonsense
}
