#!/usr/bin/env bats
# glove-load: text in all its forms to a stream of vectors.

load helpers
load glove-load

# ---- what the numbers are ----

@test "words of twelve bytes that differ in two letters are different words" {
    need_python
    "$PYTHON" -c '
letters = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
for a in letters:
    for b in letters:
        print("сло" + a + "в" + b, ord(a), ord(b))' >words.txt
    expect 0 glove-load --strict -o words.mp words.txt
    contains "$stderr" "1,024 word vectors"
}

@test "words and numbers: the last fields are numbers, the word is the rest" {
    need_python msgpack numpy
    equal "$(rows_of small.txt)" "$small_rows"
    printf 'caf\303\251 1\nx\302\205y 2\na\302\240b 3\nA\tb 4\n5 5' >odd.txt
    equal "$(rows_of odd.txt)" "$(printf 'caf\303\251|1\nx\302\205y|2\na\302\240b|3\nA\tb|4\n5|5')"
}

@test "R8: all words, every bit the reference run's, with both vector files" {
    need_shared
    need_python msgpack numpy
    local notebook=$SHARED/../oracle/notebook.py
    glove-load -q -o r8.mp "$SHARED/glove.r8.50d.zip"
    equal "$(check oracle "$notebook" r8.mp "$SHARED/glove.r8.50d.zip")" 12290
    glove-load -q -o 6b.mp "$SHARED/glove.6B.50d.top2445.txt"
    equal "$(check oracle "$notebook" 6b.mp "$SHARED/glove.6B.50d.top2445.txt")" 2440
}

@test "hard numbers are numpy's to the bit, on every level of instructions" {
    need_python msgpack numpy
    check numbers hard.txt
    local level
    for level in portable avx2 avx512; do
        GLOVEPIPE_CPU=$level glove-load -q -o hard.mp hard.txt
        check equal hard.mp hard.txt
    done
}

@test "any number of jobs, either inflater, every level and all packings give the same bytes" {
    need_program gzip zip
    need_python
    awk 'BEGIN { for (i = 0; i < 20000; i++) { printf "word%d", i
        for (d = 0; d < 10; d++) printf " %.5g", ((i * 7919 + d * 104729) % 20011 - 10000) / 9973
        print "" } }' >plain.txt
    gzip -k plain.txt
    zip -q deep.zip plain.txt
    zip -q -0 stored.zip plain.txt
    glove-load -q -j 1 -o wanted.mp plain.txt
    local file jobs inflate level
    for file in plain.txt plain.txt.gz deep.zip stored.zip; do
        for jobs in 2 8; do
            for inflate in zlib isal; do
                if [ "$inflate" = isal ] && ! GLOVEPIPE_INFLATE=isal glove-load -q plain.txt.gz >/dev/null; then
                    continue
                fi
                GLOVEPIPE_INFLATE=$inflate glove-load -q -j "$jobs" "$file" >got.mp
                same_file got.mp wanted.mp
            done
        done
    done
    for level in portable avx2 avx512; do
        GLOVEPIPE_CPU=$level glove-load -q plain.txt >got.mp
        same_file got.mp wanted.mp
    done
    tail -c +1 deep.zip | glove-load -q -o got.mp -
    same_file got.mp wanted.mp
    glove-load -q <plain.txt.gz >got.mp
    same_file got.mp wanted.mp
}

# Many chunks, and many times the buffer of packed bytes.
make_large() {
    awk 'BEGIN { for (i = 0; i < 25000; i++) { printf "word%d", i
        for (d = 0; d < 50; d++) { x = (x * 1103515245 + 12345) % 2147483648
            printf " %.5f", x / 1073741824 - 1 }
        print "" } }' >large.txt
    zip -q large.zip large.txt
    gzip -k large.txt
}

@test "a large zip or gzip gives the same bytes as plain text, by any inflater and number of threads" {
    need_program gzip zip
    make_large
    glove-load -q -j 1 -o wanted.mp large.txt
    local jobs file inflate
    for inflate in zlib isal; do
        GLOVEPIPE_INFLATE=$inflate glove-load -q -o got.mp large.zip || continue
        for file in large.zip large.txt.gz; do
            for jobs in 1 2 8; do
                GLOVEPIPE_INFLATE=$inflate glove-load -q -j "$jobs" -o got.mp "$file"
                same_file got.mp wanted.mp
            done
        done
    done
    glove-load -q -j 4 -o got.mp <large.zip
    same_file got.mp wanted.mp
    expect 0 glove-load -j 4 --top 3 -o got.mp large.zip
    contains "$stderr" '3 word vectors'
}

@test "a large gzip that is cut or damaged is refused in the same words by any number of threads" {
    need_program gzip zip
    make_large
    head -c 3500000 large.txt.gz >cut.gz
    { head -c 2500000 large.txt.gz; printf 'damage of some length'
        tail -c +2500022 large.txt.gz; } >bad.gz
    local file jobs wanted
    for file in cut.gz bad.gz; do
        run --separate-stderr glove-load -q -j 1 -o got.mp "$file"
        [ "$status" -ge 3 ] || fail "status $status"
        wanted="$status $stderr"
        for jobs in 2 3 8; do
            run --separate-stderr glove-load -q -j "$jobs" -o got.mp "$file"
            equal "$status $stderr" "$wanted"
            [ ! -e got.mp ] || fail "got.mp is there"
        done
    done
}

@test "a reader that goes away ends it amid a large zip" {
    need_program zip gzip
    make_large
    run bash -c 'set -o pipefail; glove-load -q -j 4 large.zip | head -c 100000 | wc -c'
    equal "$output" 100000
}

# ---- what is said ----

@test "the summary counts distinct words, and -q and -v say less and more" {
    expect 0 glove-load -o small.mp small.txt
    [[ $stderr =~ ^'glove-load: 3 word vectors of 2 dimensions in '[0-9]+\.[0-9][0-9]' s'$ ]] ||
        fail "$stderr"
    equal "$output" ''
    expect 0 glove-load -q -o small.mp small.txt
    equal "$stderr" ''
    expect 0 glove-load -v -o small.mp small.txt
    contains "$stderr" 'small.txt: plain'
}

@test "-v tells what inflates: ISA-L wherever it was built in, unless zlib is asked for" {
    need_program gzip zip
    local usual=zlib
    ! grep -q HAVE_ISAL "$(dirname "$BIN")/flags" || usual=ISA-L
    awk 'BEGIN { for (i = 0; i < 100; i++) print "w" i, 1, 2 }' >some.txt
    gzip -k some.txt
    zip -q some.zip some.txt
    expect 0 glove-load -v -o some.mp some.txt.gz
    contains "$stderr" "some.txt.gz: gzip, $usual; "
    expect 0 glove-load -v -o some.mp some.zip
    contains "$stderr" "some.zip: zip, $usual; "
    GLOVEPIPE_INFLATE=zlib expect 0 glove-load -v -o some.mp some.txt.gz
    contains "$stderr" "some.txt.gz: gzip, zlib; "
}

@test "lines with a defect are left out or repaired, counted, and listed" {
    need_python msgpack numpy
    printf '%s\n' 'the 1 2' '' ' of 1 2' 'to 1' 'and 1 x' 'in 1 2 3' 'the 3 4' '   ' >bad.txt
    printf 'caf\351 5 6\n\377 7 8\nnext -1 0\nlast 9 10' >>bad.txt
    expect 0 glove-load -o bad.mp --defects defects.tsv bad.txt
    equal "$(cat defects.tsv)" "$(printf '%s\t%s\t%s\n' \
        2 'the line is empty' 'left out' \
        3 'there is no word before the numbers' 'left out' \
        4 'another number of values' 'left out' \
        5 'a value is not a number' 'left out' \
        6 'another number of values' 'left out' \
        7 'the word came before' 'replaces the vector of an earlier line' \
        8 'the line is empty' 'left out' \
        9 'the word has bytes that are not valid UTF-8' 'dropped those bytes' \
        10 'the word has no byte that is valid UTF-8' 'left out')"
    contains "$stderr" '4 word vectors of 2 dimensions'
    contains "$stderr" '2 lines: the line is empty: left out (first: line 2)'
    contains "$stderr" '2 lines: another number of values: left out (first: line 4)'
    contains "$stderr" "1 line: a value is not a number: left out (first: line 5: 'x' is no number: "
    contains "$stderr" "an earlier line (first: line 7: 'the')"
    equal "$(check rows bad.mp)" $'the|1|2\nthe|3|4\ncaf|5|6\nnext|-1|0\nlast|9|10'
}

# ---- a header line ----

@test "a header line of word2vec or fastText is no vector; a wrong count is noticed" {
    need_python msgpack numpy
    { echo '3 2'; sed 's/$/ /' small.txt; } >header.txt
    expect 0 glove-load -o header.mp header.txt
    lacks "$stderr" warning
    equal "$(check rows header.mp)" "$small_rows"
    sed -i '1s/3/4/' header.txt
    expect 0 glove-load -o header.mp header.txt
    contains "$stderr" 'warning: header.txt:1: the header says 4 vectors, but 3 follow'
    expect 3 glove-load --strict -o strict.mp header.txt
    contains "$stderr" 'header.txt:1: the header says 4 vectors, but 3 follow'
    [ ! -e strict.mp ]
    expect 0 glove-load --strict --top 2 -o top.mp header.txt
    equal "$(check rows top.mp)" $'the|1|2\nof|-0.5|0.00100000005'
    { echo '3 7'; cat small.txt; } >wrong.txt
    expect 0 glove-load --defects defects.tsv -o wrong.mp wrong.txt
    equal "$(check rows wrong.mp)" "$small_rows"
    equal "$(cat defects.tsv)" $'1\tanother number of values\tleft out'
}

@test "a byte order mark is no part of the first word" {
    need_python msgpack numpy
    { printf '\357\273\277'; cat small.txt; } >marked.txt
    equal "$(rows_of marked.txt)" "$small_rows"
    { printf '\357\273\2773 2\n'; cat small.txt; } >marked.txt
    equal "$(rows_of marked.txt)" "$small_rows"
}

@test "CRLF files load as others do" {
    need_python msgpack numpy
    sed 's/$/\r/' small.txt >crlf.txt
    equal "$(rows_of crlf.txt)" "$small_rows"
}

# ---- a part of the words ----

@test "--vocab keeps the words listed, and parses no others' numbers" {
    need_python msgpack numpy
    printf '%s\n' 'the 1 2' 'of x y' '. . 3 4' 'to 5 6' 'and 7' >some.txt
    printf 'to\r\n\n. .\nabsent\nto\n' >list.txt
    expect 0 glove-load --vocab list.txt -o some.mp some.txt
    contains "$stderr" '2 word vectors of 2 dimensions'
    contains "$stderr" 'of 3 listed and 4 in the file'
    contains "$stderr" '1 line: another number of values: left out (first: line 5)'
    equal "$(check rows some.mp)" $'. .|3|4\nto|5|6'
    expect 0 glove-load --vocab list.txt --top 1 -o top.mp some.txt
    equal "$(check rows top.mp)" '. .|3|4'
    contains "$stderr" 'of 3 listed'
    lacks "$stderr" 'in the file'
    expect 0 glove-load -q --vocab - -o piped.mp some.txt <list.txt
    same_file some.mp piped.mp
    expect 2 glove-load --vocab - -
    expect 2 glove-load --vocab - <list.txt
    expect 3 glove-load --vocab /dev/null small.txt
    contains "$stderr" 'lists no words'
    printf 'ok\nb\377d\n' >list.txt
    expect 3 glove-load --vocab list.txt small.txt
    contains "$stderr" 'list.txt:2: is not valid UTF-8'
}

@test "--vocab: the list may be marked, gzipped or zipped, and is held to be one" {
    need_program gzip zip
    printf '%s\n' 'the 1 0' 'of 0 1' 'to 5 6' >some.txt
    printf '\357\273\277the\nof\n' >list.txt
    gzip -k list.txt
    zip -q list.zip list.txt
    printf '%s\n' 'the 1 0' 'of 0 1' >wanted.txt
    local list
    for list in list.txt list.txt.gz list.zip; do
        expect 0 glove-load --vocab "$list" -o some.mp some.txt
        contains "$stderr" '2 word vectors of 2 dimensions'
        contains "$stderr" 'of 2 listed and 3 in the file'
        equal "$(mp-cat some.mp)" "$(cat wanted.txt)"
    done
    expect 3 glove-load --vocab some.mp some.txt
    contains "$stderr" 'some.mp: is a glovepipe stream, not text'
    { echo the; head -c 3000000 /dev/zero | tr '\0' x; } >long.txt
    expect 3 glove-load --vocab long.txt some.txt
    contains "$stderr" 'long.txt:2: the line is longer than 2 MiB: is this a list of words'
}

@test "few rows of many chunks are gathered into blocks, alike for any jobs" {
    need_python msgpack numpy
    awk 'BEGIN { for (i = 0; i < 100000; i++) print "w" i, i, i / 2, i / 3, i / 7 }' >many.txt
    awk 'BEGIN { for (i = 0; i < 100000; i += 7) print "w" i }' >list.txt
    glove-load -q -j 1 --vocab list.txt -o one.mp many.txt
    glove-load -q -j 8 --vocab list.txt -o eight.mp many.txt
    same_file one.mp eight.mp
    equal "$(check rows one.mp | cut -d '|' -f 1)" "$(cat list.txt)"
    # 14,286 rows of 16 bytes and their words: blocks of 32 KiB at least, but for the last.
    read -r -a blocks <<<"$(check blocks one.mp)"
    [ "${#blocks[@]}" -ge 5 ] && [ "${#blocks[@]}" -le 10 ] || fail "blocks of ${blocks[*]} rows"
}

@test "--top keeps the first vectors, and still verifies the rest of the file" {
    need_python msgpack numpy
    need_program gzip
    printf '%s\n' 'the 1 2' 'bad' 'of 3 4' 'the 5 6' 'worse' 'to 7 8' >some.txt
    expect 0 glove-load --top 3 --defects defects.tsv -o top.mp some.txt
    equal "$(check rows top.mp)" $'the|1|2\nof|3|4\nthe|5|6'
    equal "$(cut -f 1 defects.tsv)" $'2\n4'
    contains "$stderr" '2 word vectors'
    gzip -k some.txt
    expect 0 glove-load -q --top 1 -o top.mp some.txt.gz
    # The CRC-32 in the gzip trailer is eight bytes from the end.
    printf '\0' | dd of=some.txt.gz bs=1 seek=$(($(stat -c %s some.txt.gz) - 8)) conv=notrunc status=none
    expect 3 glove-load --top 1 -o damaged.mp some.txt.gz
    contains "$stderr" 'CRC-32'
    [ ! -e damaged.mp ]
    expect 2 glove-load --top 0 some.txt
}

# ---- zip ----

@test "the members of a zip: one needs no name, several do, --list shows them" {
    need_program zip
    need_python msgpack numpy
    mkdir folder __MACOSX
    cp small.txt folder/a.txt
    cp small.txt __MACOSX/._a.txt
    zip -q -r one.zip folder __MACOSX
    equal "$(rows_of one.zip)" "$small_rows"
    echo 'other 1' >b.txt
    zip -q two.zip folder/a.txt b.txt
    expect 2 glove-load two.zip
    contains "$stderr" 'the zip holds 2 files: pick one with --member: folder/a.txt, b.txt'
    equal "$(rows_of --member b.txt two.zip)" 'other|1'
    equal "$(glove-load --list two.zip)" "$(printf 'folder/a.txt\t29\nb.txt\t8')"
    equal "$(tail -c +1 two.zip | glove-load --list)" "$(printf 'folder/a.txt\t29\nb.txt\t8')"
    expect 2 glove-load --member c.txt two.zip
    contains "$stderr" 'it holds folder/a.txt, b.txt'
    expect 2 glove-load --member b.txt small.txt
    expect 2 glove-load --list small.txt
}

@test "of entries of one name in a zip, the last one is the file, as Python reads it" {
    need_python
    local wanted
    wanted=$("$PYTHON" -W ignore -c 'import zipfile
for name, text in ("v.txt", "old 1 2\nof 3 4\n"), ("w.txt", "other 1 2\n"), ("v.txt", "new 5 6\nof 7 8\nto 1 1\n"):
    with zipfile.ZipFile("v.zip", "a") as file: file.writestr(name, text)
for name, text in ("v.txt", "old 1 2\n"), ("v.txt", "new 5 6\n"):
    with zipfile.ZipFile("one.zip", "a") as file: file.writestr(name, text)
print(zipfile.ZipFile("v.zip").read("v.txt").decode(), end="")')
    equal "$(glove-load -q --member v.txt v.zip | mp-cat)" "$wanted"
    equal "$(glove-load --list v.zip)" $'v.txt\t22\nw.txt\t10'
    equal "$(glove-load -q one.zip | mp-cat)" "new 5 6"
    expect 2 glove-load v.zip
    contains "$stderr" 'the zip holds 2 files: pick one with --member: v.txt, w.txt'
}

@test "an encrypted member is named" {
    need_program zip
    zip -q -P secret locked.zip small.txt
    expect 3 glove-load locked.zip
    contains "$stderr" 'small.txt: is encrypted'
}

@test "a member over 4 GiB loads, in less than 64 MiB" {
    need_python
    need_plain_build
    local repeats
    repeats=$(check large large.zip)
    expect 0 check peak glove-load -o /dev/null large.zip
    contains "$stderr" '20,000 word vectors of 50 dimensions'
    contains "$stderr" "$repeats lines: the word came before"
    [ "$output" -lt 64 ] || fail "$output MiB"
}

@test "a member behind 4 GiB loads" {
    need_python msgpack numpy
    check far far.zip || skip "no room for a file of 5 GB with a hole"
    equal "$(rows_of --member far.txt far.zip)" $'far|1|2\naway|3|4'
}

@test "memory stays below 64 MiB with 64 jobs" {
    need_python
    need_plain_build
    awk 'BEGIN { line = ""; for (d = 0; d < 50; d++) line = line " 0." d * 7919 % 1000
        for (i = 0; i < 200000; i++) print "word" i line }' >many.txt
    expect 0 check peak glove-load -j 64 -o /dev/null many.txt
    contains "$stderr" '200,000 word vectors'
    [ "$output" -lt 64 ] || fail "$output MiB"
}

@test "memory stays below 64 MiB where the first lines tell little of the others" {
    need_python
    need_plain_build
    awk 'BEGIN { for (i = 0; i < 3200000; i++) printf "w%07d 0.%s\n", i, i < 120000 ? "12345678901" : "1234567" }' >many.txt
    expect 0 check peak glove-load -j 64 -o /dev/null many.txt
    contains "$stderr" '3,145,728 word vectors' # as many as are noted
    [ "$output" -lt 64 ] || fail "$output MiB"
}

# ---- lineage ----

@test "the lineage tells the source's digest and what was kept, and no path" {
    need_program gzip zip
    need_python msgpack
    cat >digest.py <<'END'
import msgpack, sys, zlib
records = list(msgpack.Unpacker(open(sys.argv[1], "rb"), raw=False))
data = open(sys.argv[2], "rb").read()
assert records[-1]["read"] == {"crc32": zlib.crc32(data), "size": len(data)}, records[-1]
print(records[0]["lineage"][-1]["options"])
END
    gzip -k small.txt
    zip -q small.zip small.txt
    for file in small.txt small.txt.gz small.zip; do
        glove-load -q -o out.mp "$file"
        equal "$("$PYTHON" digest.py out.mp small.txt)" '{}'
    done
    glove-load -q --top 1 --member small.txt --strict -j 3 -o out.mp small.zip
    equal "$("$PYTHON" digest.py out.mp small.txt)" "{'top': 1}"
    printf 'of\nthe\n' >list.txt
    printf 'the\nof\nthe\n' >same.txt
    glove-load -q --vocab list.txt -o out.mp small.txt
    glove-load -q --vocab same.txt -o same.mp small.txt
    same_file out.mp same.mp
    contains "$("$PYTHON" digest.py out.mp small.txt)" "{'vocab': '2 words, "
}
