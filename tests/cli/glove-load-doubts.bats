#!/usr/bin/env bats
# glove-load: what is no file of vectors, and what can not be loaded.

load helpers
load glove-load

# ---- what is no file of vectors, though a line might be one ----

# refused TEXT...: what the refusal of a file says, with printf's escapes in it.
refused() {
    # shellcheck disable=SC2059 # that is what it is for
    printf "$1" >odd.txt
    expect 3 glove-load -o odd.mp odd.txt
    [ ! -e odd.mp ]
    shift
    local part
    for part; do
        contains "$stderr" "$part"
    done
}

@test "one stray line is no shape: pointers, error pages, headers alone" {
    refused 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n' \
        'Git LFS pointer' 'git lfs pull'
    refused '/annex/objects/SHA256E-s3--aa.txt\n' 'git annex get'
    refused 'Too many requests\n\nerror 429\n' 'no two lines have' "line 1: 'many' is no number"
    refused 'the 1 2\nof 3\n' 'no two lines have' 'line 2: it has another number of values'
    refused '400000 50\n' 'odd.txt:1: the header says 400000 vectors, but none follows'
    refused '400000 50' 'but none follows'
    refused '0 100\n\n\n' 'but none follows'
    refused '\357\273\2773 2\r\n' 'but none follows'
    refused '0 0\n' 'the header says 0 vectors, but none follows'
}

@test "the shape is that of most lines, not of the first" {
    printf 'made in 2014\nfrom 6\nthe 1 2\nof 3 4\n. . 5 6\n' >odd.txt
    expect 0 glove-load -o odd.mp odd.txt
    equal "$(mp-cat odd.mp)" $'the 1 2\nof 3 4\n. . 5 6'
    contains "$stderr" '1 line: another number of values: left out (first: line 2)'
}

@test "a file of which most lines were left out is refused, and what is wrong with them is told" {
    { printf 'the 1 2\nof 3 4\n' && yes 'to 1,5 2,5' | head -n 300; } >odd.txt
    expect 3 glove-load -o odd.mp odd.txt
    contains "$stderr" 'odd.txt: 300 of 302 lines are no vectors of 2 dimensions: line 3: '
    contains "$stderr" "'1,5' is no number: there are decimal commas"
    [ ! -e odd.mp ]
    { printf 'the 1 2\nof 3 4\n\n\n\n\n\n\n\n'; } >odd.txt # empty lines do no harm
    expect 0 glove-load -o odd.mp odd.txt
}

@test "separators: the field that offends is quoted, and the advice works" {
    local name text
    while IFS='|' read -r name text advice; do
        # shellcheck disable=SC2059
        printf "$text" >odd.txt
        expect 3 glove-load -o odd.mp odd.txt
        contains "$stderr" "$name"
        contains "$stderr" "$advice"
        bash -c "$advice <odd.txt" | glove-load -q --strict -o odd.mp -
        equal "$(mp-cat odd.mp)" $'the 0.5 -1\nof 2 0.25'
    done <<'END'
'the\t0.5\t-1' is no word and numbers: fields are separated by TABs|the\t0.5\t-1\nof\t2\t0.25\n|tr '\t' ' '
'the\t0.5' is no word and numbers: fields are separated by TABs|the\t0.5 -1\nof\t2 0.25\n|tr '\t' ' '
'the\t0.5\t-1' is no word and numbers: fields are separated by TABs|2 2\nthe\t0.5\t-1\nof\t2\t0.25\n|tr '\t' ' '
'0,5' is no number: there are decimal commas|the 0,5 -1\nof 2 0,25\n|tr , .
'0,5' is no number: there are decimal commas|2 2\nthe 0,5 -1\nof 2 0,25\n|tr , .
'the,0.5,-1' is no word and numbers: fields are separated by commas|the,0.5,-1\nof,2,0.25\n|tr -s ', ' ' '
'0.5,' is no number: fields are separated by commas|the 0.5, -1\nof 2, 0.25\n|tr -s ', ' ' '
'the;0.5;-1' is no word and numbers: fields are separated by semicolons|the;0.5;-1\nof;2;0.25\n|tr ';' ' '
'[0.5,' is no number: the numbers are in brackets|the [0.5, -1]\nof [2, 0.25]\n|tr -s '[](), ' ' '
'' is no number: there are several spaces in a row|the 0.5  -1\nof 2  0.25\n|tr -s ' '
its lines end with a carriage return alone|the 0.5 -1\rof 2 0.25\r|tr '\r' '\n'
fields are separated by no-break spaces|the\302\2400.5\302\240-1\nof\302\2402\302\2400.25\n|sed 's/\xc2\xa0/ /g'
the minus is no hyphen|the 0.5 \342\210\2221\nof 2 0.25\n|sed 's/\xe2\x88\x92/-/g'
'the\t0.5,-1' is no word and numbers: fields are separated by a TAB and commas|the\t0.5,-1\nof\t2,0.25\n|tr '\t,' ' '
there are decimal commas, and fields are separated by TABs|the\t0,5\t-1\nof\t2\t0,25\n|tr ',\t' '. '
there are decimal commas, and fields are separated by TABs|2 2\nthe\t0,5\t-1,0\nof\t2,0\t0,25\n|tr ',\t' '. '
there are decimal commas, and fields are separated by semicolons|the;0,5;-1,0\nof;2;0,25\n|tr ',;' '. '
there are decimal commas, and fields are separated by semicolons|the;0,5;-1\nof;2;0,25\n|tr ',;' '. '
there are decimal commas, and fields are separated by semicolons|the 0,5;-1,0\nof 2,0;0,25\n|tr ',;' '. '
fields are separated by a semicolon and commas|the;0.5,-1\nof;2,0.25\n|tr ';,' ' '
a blank stands before the word| the 0.5 -1\n of 2 0.25\n|sed 's/^ *//'
lines end with U+2028|the 0.5 -1\342\200\250of 2 0.25\n|sed 's/\xe2\x80\xa8/\n/g'
lines end with U+0085|the 0.5 -1\302\205of 2 0.25\n|sed 's/\xc2\x85/\n/g'
lines end with a vertical tab|the 0.5 -1\013of 2 0.25\n|tr '\v' '\n'
lines end with a form feed|the 0.5 -1\014of 2 0.25\n|tr '\f' '\n'
END
}

@test "blanks that pad a word are no part of it, and runs of them never are" {
    # Python's split() gives these words and numbers.
    printf '%-6s 0.5 -1\n' the of in >padded.txt
    printf 'to\t 1 2\nto  3 1 2\na \tb 1 2\nat name 3 4\n' >>padded.txt
    expect 0 glove-load -o padded.mp --defects defects.tsv padded.txt
    equal "$(mp-cat padded.mp)" $'the 0.5 -1\nof 0.5 -1\nin 0.5 -1\nto 1 2\nat name 3 4'
    equal "$(cut -f 1,2 defects.tsv)" \
        $'5\tanother number of values\n6\tthe word has several blanks in a row'
}

@test "NUL bytes: the line is left out and counted, wherever it stands" {
    printf '\0 0.7 0.5\na\0b 1 2\nc 1\0 2\n' >nul.txt
    printf 'w%d 1 2\n' {1..9000} >many.txt
    for order in 'nul.txt many.txt' 'many.txt nul.txt'; do
        # shellcheck disable=SC2086
        cat $order >hole.txt
        expect 0 glove-load -o hole.mp hole.txt
        contains "$stderr" '9,000 word vectors'
        contains "$stderr" '2 lines: there is a NUL byte before the numbers: left out'
        contains "$stderr" '1 line: a value is not a number: left out'
    done
}

@test "a carriage return before the numbers is no part of a word: lines were lost there" {
    # Python's universal newlines find five lines.
    printf 'the 1 2\nof 3 4\nto 5 6\rin 7 8\rat 9 1\n' >odd.txt
    expect 0 glove-load -o odd.mp odd.txt
    equal "$(mp-cat odd.mp)" $'the 1 2\nof 3 4'
    contains "$stderr" "1 line: there is a carriage return before the numbers: left out (first: line 3: '6\\rin' is no number: lines end with a carriage return alone"
    { cat odd.txt && printf 'a 1 2\rb 1 2\n%.0s' 1 2 3; } >more.txt
    expect 3 glove-load -o more.mp more.txt
    contains "$stderr" '4 of 6 lines are no vectors of 2 dimensions'
}

@test "words elsewhere, pairs, hexadecimals, failed trainings: what it may be is told" {
    refused '1 the 2 3\n2 of 4 5\n' "'the' is no number: if it is the word, put it first: it is field 2"
    refused '2 9\na 1:0.5 3:1\nb 2:1 4:2\n' 'pairs of an index and a value'
    refused 'a 0x1p3 0x1p4\nb 0x1p3 0x1p4\n' 'hexadecimal'
    refused 'a -nan(ind) 1\nb -nan(ind) 1\n' 'a training failed here'
    refused 'a 1.234,5 2\nb 1.234,5 3\n' 'decimal commas, and points between thousands'
    refused 'sport\tthe goal\nmoney\tthe oil\n' "'goal' is no number: a word and its numbers"
    refused '<?xml version="1.0"?>\n<Error/>\n' 'is an XML page'
}

@test "words and their counts, and lists that name none of the words, are doubted" {
    printf 'the 100\nof 50\n' >counts.txt # GloVe's vocab.txt
    expect 0 glove-load -o odd.mp counts.txt
    contains "$stderr" 'warning: counts.txt: vectors of one number: are these words and their counts?'
    expect 0 glove-load --vocab counts.txt -o odd.mp small.txt
    contains "$stderr" "warning: no word that is listed is in the file: the first one listed is 'the 100'"
    printf 'a\000b\tc\n' >nul.txt
    expect 0 glove-load --vocab nul.txt -o odd.mp small.txt
    contains "$stderr" "the first one listed is 'a\x00b\tc'"
    printf 'the \nof\t\r\n' >blanks.txt
    expect 0 glove-load --vocab blanks.txt -o odd.mp small.txt
    equal "$(mp-cat odd.mp | wc -l)" 2
}

@test "words in quotes or with a colon, and lines of numbers alone, are doubted; the advice works" {
    # odd TEXT PART: it is loaded as it stands, and doubted.
    odd() {
        printf %b "$1" >odd.txt
        expect 0 glove-load -q -o odd.mp odd.txt
        contains "$stderr" "warning: odd.txt: $2"
    }
    odd '"the" 1 2\n"of" 3 4\n' "words stand in quotes"
    equal "$(mp-cat odd.mp | head -n 1)" '"the" 1 2'
    equal "$(tr -d '"' <odd.txt | glove-load -q - | mp-cat)" $'the 1 2\nof 3 4'
    odd 'the: 1 2\nof: 3 4\n' "words end in a colon"
    equal "$(sed 's/: / /' odd.txt | glove-load -q - | mp-cat)" $'the 1 2\nof 3 4'
    odd '0.5 1.5\n-2.5 1.5\n' "lines begin with numbers"
    # Words of these kinds among others, and things that are called by whole numbers.
    printf '" 1 2\n"" 1 2\n: 1 2\n0.5 1 2\n' >odd.txt
    expect 0 glove-load -q -o odd.mp odd.txt
    equal "$stderr" ""
    printf '17 1 2\n18 3 4\n' >odd.txt
    expect 0 glove-load -q -o odd.mp odd.txt
    equal "$stderr" ""
}

@test "a dictionary in JSON is told with what makes lines of it; the advice works" {
    need_program jq
    printf '{"the": [1, 2.5], "of": [3, 4]}' >words.json
    expect 3 glove-load -o odd.mp words.json
    contains "$stderr" "it is like JSON"
    local advice=${stderr##*jq -r } # as it is typed
    equal "$(eval "jq -r $advice words.json" | glove-load -q - | mp-cat)" $'the 1 2.5\nof 3 4'
}

@test "a header that says another number of numbers than there are is told" {
    printf '2 5\nthe 1 2\nof 3 4\n' >odd.txt
    expect 0 glove-load -o odd.mp odd.txt
    equal "$(mp-cat odd.mp)" $'the 1 2\nof 3 4'
    contains "$stderr" "warning: odd.txt:1: the header says 5 numbers a vector, but 2 follow each word"
    printf '9 2\nthe 1 2\nof 3 4\n' >odd.txt
    expect 0 glove-load -o odd.mp odd.txt
    contains "$stderr" 'the header says 9 vectors, but 2 follow: did the download end early?'
}

@test "what follows the last vector of word2vec's binary form is no vector that was cut" {
    { printf '1 2\nthe ' && printf '\0\0\200?\0\0\0@\nmore bytes'; } >more.bin
    expect 3 glove-load -o odd.mp more.bin
    contains "$stderr" 'something that is no vector follows the 1 of the header'
}

@test "numbers of another byte order than word2vec's are refused" {
    need_python
    local order
    for order in '>' '<'; do
        python3 -c "import struct, sys
sys.stdout.buffer.write(b'9 40\n' + b''.join(b'w%d ' % i +
    struct.pack('${order}40f', *(j ** .5 - 3 for j in range(i, i + 40)))
                                             for i in range(9)))" >"$order.bin"
    done
    expect 0 glove-load -o odd.mp '<.bin'
    expect 3 glove-load -o odd.mp '>.bin'
    contains "$stderr" 'no words and little-endian 32-bit numbers follow'
}

@test "binary vectors that can't be read are told as such, and get no advice on text" {
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
for seed in range(20):
    x = np.random.default_rng(seed).normal(size=(9, 10))
    def save(name, kind, begin=b'9 10\n', end=b'\n'):
        with open('%s%d.bin' % (name, seed), 'wb') as out:
            out.write(begin + b''.join(b'w%d ' % i + row.astype(kind).tobytes() + end for i, row in enumerate(x)))
    save('big', '>f4')
    save('half', '<f2')
    save('crlf', '<f4', b'9 10\r\n', b'\r\n')
    save('none', '>f4', b'')
    save('marked', '<f4', b'\xef\xbb\xbf9 10\n')
END
    local file
    for file in big*.bin half*.bin crlf*.bin; do
        expect 3 glove-load -o odd.mp "$file"
        contains "$stderr" 'little-endian 32-bit numbers follow'
    done
    for file in none*.bin; do
        expect 3 glove-load -o odd.mp "$file"
        contains "$stderr" 'is not text'
    done
    # As of text, a byte order mark is passed over.
    for file in marked?.bin; do
        tail -c +4 "$file" | glove-load -q -o odd.mp
        glove-load -q "$file" | mp-cat | cmp - <(mp-cat odd.mp)
    done
    rm odd.mp
    # Text is told from it where a word is Latin-1, or Windows', or holds a stray control.
    for word in 'caf\351' '\223caf\351\224' 'a\001b'; do
        refused "$word"';0.5;-1\nof;2;0.25\n' 'fields are separated by semicolons'
    done
}

@test "values that are not finite are kept, counted, and the first is named" {
    need_python numpy
    printf 'the 1 0\nbad nan 1\nbig 1e39 1\nlow -inf 1\nmost 3.4028235e38 1\n' >v.txt
    # numpy: 2, 3 and 4 are not finite as float32
    equal "$("$PYTHON" -W ignore -c "import numpy as n
print([i + 1 for i, l in enumerate(open('v.txt'))
       if not n.isfinite(n.asarray(l.split()[1:], dtype='float32')).all()])")" '[2, 3, 4]'
    for level in portable avx2 ''; do
        GLOVEPIPE_CPU=$level expect 0 glove-load --strict -o v.mp v.txt
        contains "$stderr" "3 lines: a value is infinite or not a number: kept"
        contains "$stderr" "(first: line 2: 'bad')"
    done
}

@test "--strict ends at the first defect, naming its line, and leaves nothing" {
    local line
    for line in '' ' of 1 2' 'to 1' 'and 1 x' 'the 3 4' $'caf\351 1 2'; do
        printf '%s\n' 'the 1 2' 'as 3 4' "$line" 'bad' >bad.txt
        expect 3 glove-load --strict -o bad.mp bad.txt
        contains "$stderr" 'glove-load: bad.txt:3: '
        [ ! -e bad.mp ]
    done
    expect 0 glove-load --strict -o small.mp small.txt
}

@test "a line that is longer than any chunk is left out, whatever its length" {
    need_python msgpack numpy
    {
        echo 'a 1'
        head -c 1000000 /dev/zero | tr '\0' x
        echo ' 2'
        echo 'b 3'
        head -c 600000 /dev/zero | tr '\0' y
    } >long.txt
    expect 0 glove-load -o long.mp --defects defects.tsv long.txt
    equal "$(check rows long.mp)" $'a|1\nb|3'
    equal "$(cut -f 1,2 defects.tsv)" $'2\tthe line is too long\n4\tthe line is too long'
}

# ---- what can't be loaded ----

@test "a zip behind other bytes is read where its directory says it is" {
    need_program zip
    zip -q plain.zip small.txt
    { printf 'HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\n\r\n'; cat plain.zip; } >saved.zip
    glove-load -q -o wanted.mp plain.zip
    expect 0 glove-load -q -o got.mp saved.zip
    same_file got.mp wanted.mp
    equal "$(glove-load --list saved.zip)" "$(glove-load --list plain.zip)"
}

@test "what holds no word vectors is a clear error, and no stream" {
    need_python
    : >empty.txt
    printf 'once upon a time\nthere was a file\n' >prose.txt
    check random 300000 >random.bin
    printf '\377\330\377\340\0\020JFIF\0' >photo.jpg
    printf '%%PDF-1.4\n1 0 obj\n<< /Length 44 >>\n' >paper.pdf
    printf '3000000 300\n</s> \001\002\003\0\0' >word2vec.bin
    printf '\375\067zXZ\0\0\4' >vectors.xz
    printf '\n\n\n' >lines.txt
    local file
    for file in empty.txt prose.txt random.bin photo.jpg paper.pdf vectors.xz lines.txt; do
        expect 3 glove-load -o out.mp "$file"
        contains "$stderr" "glove-load: $file: "
        [ ! -e out.mp ]
        run --separate-stderr glove-load -f "$file"
        [ "$status" -eq 3 ] || fail "$file: status $status"
        equal "$output" ''
    done
    expect 3 glove-load -o out.mp vectors.xz
    contains "$stderr" 'xz -d'
    expect 4 glove-load -o out.mp word2vec.bin
    contains "$stderr" 'ends amid vector 1 of 3000000'
    glove-load -q -o small.mp small.txt
    expect 3 glove-load -o out.mp small.mp
    contains "$stderr" 'glovepipe stream already'
}

@test "an empty gzip file or member is an error too" {
    need_program gzip zip
    : >empty.txt
    gzip -k empty.txt
    zip -q empty.zip empty.txt
    expect 3 glove-load empty.txt.gz
    contains "$stderr" 'is empty'
    expect 3 glove-load empty.zip
    contains "$stderr" 'is empty'
}

@test "a gzip file or zip that was cut ends with 4, one that is damaged with 3" {
    need_program gzip zip
    awk 'BEGIN { for (i = 0; i < 60000; i++) print "w" i, i * 7919 % 1000, i * 104729 % 1000 }' >plain.txt
    gzip -k plain.txt
    zip -q plain.zip plain.txt
    local file size
    for file in plain.txt.gz plain.zip; do
        size=$(stat -c %s "$file")
        head -c $((size / 2)) "$file" >short
        expect 4 glove-load -o out.mp short
        contains "$stderr" 'ends early'
        cp "$file" damaged
        printf 'XXXX' | dd of=damaged bs=1 seek=$((size / 2)) conv=notrunc status=none
        expect 3 glove-load -o out.mp damaged
        contains "$stderr" damaged
        only_files . damaged plain.txt plain.txt.gz plain.zip short small.txt
    done
}

@test "several gzip members are one file" {
    need_program gzip
    need_python msgpack numpy
    head -n 1 small.txt | gzip >parts.gz
    tail -n +2 small.txt | gzip >>parts.gz
    equal "$(rows_of parts.gz)" "$small_rows"
    printf junk >>parts.gz
    expect 3 glove-load -o parts.mp parts.gz
    contains "$stderr" 'no gzip data any more'
}

@test "a file that is not there, a folder, two files" {
    expect 1 glove-load -o out.mp absent.txt
    contains "$stderr" 'absent.txt: can'
    expect 2 glove-load -o out.mp .
    expect 2 glove-load -o out.mp small.txt small.txt
    contains "$stderr" 'one file at a time'
    expect 2 glove-load --defects - small.txt
    contains "$stderr" 'both vectors and defects'
    expect 2 glove-load --defects both -o both small.txt
    contains "$stderr" "can't both go to both"
    GLOVEPIPE_INFLATE=best expect 0 glove-load -q -o out.mp small.txt
    gzip -k small.txt
    GLOVEPIPE_INFLATE=best expect 2 glove-load -q -o out.mp small.txt.gz
}

@test "the zip from a pipe leaves no file behind" {
    need_program zip
    zip -q small.zip small.txt
    mkdir spool
    tail -c +1 small.zip | TMPDIR=$PWD/spool glove-load -q -o small.mp
    only_files spool
    expect 1 eval 'tail -c +1 small.zip | TMPDIR=absent glove-load -q -o out.mp'
    equal "$stderr" "glove-load: standard input: can't copy the zip to a temporary file in absent (TMPDIR says where): No such file or directory"
    expect 1 eval "{ printf '\272\026\117\057'; cat /dev/zero; } | head -c 999 | TMPDIR=absent glove-load -q -o out.mp"
    equal "$stderr" "glove-load: standard input: can't copy the model to a temporary file in absent (TMPDIR says where): No such file or directory"
}
