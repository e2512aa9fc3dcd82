# Word vectors in other forms than text: word2vec's binary, numpy's arrays, fastText's models. What
# they should be read as, numpy computes by the papers, or gensim and fastText say.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR"
}

written() {
    "$PYTHON" "$ROOT/tests/cli/vectors.py" "$@"
}

# loads_as WANTED ARGUMENTS...: glove-load writes the vectors of the text, bit for bit.
loads_as() {
    local wanted=$1
    shift
    glove-load -q -o wanted.mp "$wanted"
    glove-load -q -j2 -o got.mp "$@"
    cmp <(mp-cat wanted.mp) <(mp-cat got.mp)
    glove-load -q -j1 "$@" | cmp - got.mp
}

# refused STATUS PART ARGUMENTS...
refused() {
    local status=$1 part=$2
    shift 2
    rm -f X.mp
    expect "$status" glove-load -o X.mp "$@"
    contains "$stderr" "$part"
    [ ! -e X.mp ] || fail "X.mp is there"
}

@test "word2vec's binary form, with a line's end behind each vector or without" {
    need_python numpy
    for newline in yes no; do
        written word2vec $newline
        loads_as wanted.txt given
        glove-load -q - <given | cmp - got.mp
        gzip -kf given
        loads_as wanted.txt given.gz
    done
    expect 0 glove-load -o X.mp given
    contains "$stderr" "1 vector: the word came before: replaces the vector of an earlier line (first: vector 6)"
    printf 'keeper\nof\nno\n' >words
    equal "$(glove-load --vocab words given 2>stderr | mp-cat | cut -d ' ' -f 1 | tr '\n' ' ')" "of of keeper "
    contains "$(cat stderr)" "2 word vectors of 7 dimensions"
    equal "$(glove-load -q --top 3 given | mp-cat | cut -d ' ' -f 1 | tr '\n' ' ')" "the of café "
}

@test "gensim's word2vec files, binary and text, are the same vectors" {
    need_python gensim
    written gensim
    loads_as wanted.txt given
}

@test "word2vec's binary form: phrases, as gensim writes them, are words with blanks" {
    need_python numpy
    for newline in yes no; do
        written phrases $newline
        loads_as wanted.txt given
        expect 0 glove-load --strict -o X.mp given
    done
    # Blanks that pad a word are no part of it, and none stands before one, as in lines of text.
    "$PYTHON" -c "import struct, sys
sys.stdout.buffer.write(b'3 20\n' + b''.join(word + b' ' + struct.pack('<20f', *((20 * i + j) / 7 for j in range(1, 21)))
                        for i, word in enumerate([b'the', b'of ', b' in'])))" >padded
    expect 0 glove-load -o X.mp padded
    equal "$(mp-cat X.mp | cut -d ' ' -f 1,2)" $'the 0.14285715\nof 3'
    contains "$stderr" "1 vector: there is no word before the numbers: left out (first: vector 3)"
}

@test "word2vec's binary form: what is damaged is left out and told" {
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
words = [b'new', b'a', b'b', b'new you', b'c', b'd', b'e', b'f']
x = np.arange(400, dtype='<f4').reshape(8, 50) / 7
x[3, 49] = np.frombuffer(b'abc>', '<f4')[0]  # as text it goes on into the next word
x[5, 7] = 1e30
x[6] = 1e-30
open('odd', 'wb').write(b'8 50\n' + b''.join(w + b' ' + v.tobytes() for w, v in zip(words, x)))
END
    expect 0 glove-load --defects defects -o X.mp odd
    contains "$stderr" "2 vectors: it is damaged, or out of step: does a word hold a blank?: left out (first: vector 6)"
    equal "$(cut -f 1 defects)" $'6\n7'
    equal "$(mp-cat X.mp | sed -n 's/^new //p' | cut -d ' ' -f 1,2)" $'0 0.14285715\nyou 21.428572'
    equal "$(mp-cat X.mp | tail -n 1 | cut -d ' ' -f 1,2)" "f 50"
    refused 3 "odd: vector 6: it is damaged, or out of step" --strict odd
}

@test "a damaged word2vec file is refused with the place" {
    need_python numpy
    written word2vec yes
    local size
    size=$(wc -c <given)
    head -c $((size - 3)) given >cut.txt
    refused 4 "cut.txt: ends amid vector 10 of 10" cut.txt
    head -c $((size - 34 - 2)) given >cut.txt
    refused 4 "the header says 10 vectors, but 9 follow" cut.txt
    sed '1s/^10 /11 /' given >more.txt
    refused 4 "the header says 11 vectors, but 10 follow" more.txt
    sed '1s/^10 /9 /' given >fewer
    expect 0 glove-load -o X.mp fewer
    contains "$stderr" "the header says 9 vectors, but 10 follow"
    (printf '3 2\n' && head -c 2000000 /dev/zero) >zeros
    expect 3 glove-load -o X.mp zeros
    (printf '99999999999 60000\nx ' && head -c 100000 /dev/zero) >short
    refused 4 "ends amid vector 1 of 99999999999" short
    printf '2 1\n\xff \0\0\x80\x3fb \0\0\x80\x7f' >strange
    expect 0 glove-load --defects defects -o X.mp strange
    contains "$stderr" "1 vector: the word has no byte that is valid UTF-8: left out (first: vector 1)"
    contains "$stderr" "1 vector: a value is infinite or not a number"
    equal "$(cut -f 1 defects)" "$(printf '1\n2')"
}

@test ".npy with a list of words, of any kind of number" {
    need_python numpy
    for type in '<f4' '>f4' '<f8' '<f2' '>f8' '<i4' '|i1' '>u2'; do
        written npy "$type"
        loads_as wanted.txt --word-list words given.npy
    done
    gzip -k given.npy words
    loads_as wanted.txt --word-list words.gz given.npy.gz
    glove-load -q --word-list - given.npy <words | cmp - got.mp
    sed 's/$/\r\r/' words >returns # as some programs on Windows end lines
    loads_as wanted.txt --word-list returns given.npy
    contains "$(mp-cat --lineage got.mp)" "10 words"
    refused 2 "is a numpy array without words: list them, one a row, with --word-list FILE" given.npy
    refused 2 "is no numpy array" --word-list words wanted.txt
    head -n 9 words >fewer
    refused 3 "has 10 rows, and the list 9 words" --word-list fewer given.npy
    head -c 200 given.npy >cut.npy
    refused 4 "ends amid vector 8 of 10" --word-list words cut.npy
    head -c 60 given.npy >cut.npy
    refused 4 "ends amid the header" --word-list words cut.npy
    "$PYTHON" -c "
import numpy as np
np.save('f.npy', np.asfortranarray(np.ones((10, 3), 'f4')))
np.save('d.npy', np.ones((10, 3, 2), 'f4'))
np.save('s.npy', np.array(['a'] * 10))
np.save('c.npy', np.ones((10, 3), 'c8'))"
    refused 3 "in Fortran's order" --word-list words f.npy
    refused 3 "of more than two dimensions" --word-list words d.npy
    refused 3 "of no numbers" --word-list words s.npy
    refused 3 "of no numbers" --word-list words c.npy
}

@test "fastText's models: words, and the words that they do not know" {
    need_python numpy
    for kind in cbow skipgram supervised; do
        written fasttext $kind
        loads_as wanted.txt given.bin
        loads_as wanted-listed.txt --vocab listed given.bin
    done
    written fasttext skipgram
    gzip -k given.bin
    loads_as wanted.txt given.bin.gz
    loads_as wanted-listed.txt --vocab listed given.bin.gz
    glove-load -q -o X.mp given.bin
    glove-load -q <given.bin | cmp - X.mp
    contains "$(mp-cat --lineage got.mp)" "subwords"
    expect 0 glove-load --vocab listed -o X.mp given.bin
    contains "$stderr" "9 word vectors of 6 dimensions"
    equal "$(glove-load -q --top 2 given.bin | mp-cat | wc -l)" 2
    written fasttext quantized
    refused 3 "quantized fastText model" given.bin
}

# The output's pipe is full, and nobody has read on, when the file gets shorter.
@test "a fastText model that gets shorter while it is read is told, status 1" {
    need_python sys
    "$PYTHON" - given.bin <<'END'
import struct, sys
words, dim = 20000, 300
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<14id", 793712314, 12, dim, 5, 5, 5, 5, 1, 1, 2, 0, 0, 0, 0, 0.0))
    out.write(struct.pack("<iiiqq", words, words, 0, words, -1))
    out.write(b"".join(b"w%d\0" % i + struct.pack("<qb", 5, 0) for i in range(words)))
    out.write(struct.pack("<bqq", 0, words, dim))
    out.truncate(out.tell() + 4 * words * dim)
END
    glove-load -q -j2 given.bin | wc -c >whole
    equal "$(($(cat whole) > 4 * 20000 * 300))" 1
    { glove-load -j2 given.bin 2>said || echo "$?" >status; } | {
        head -c 1 >first
        truncate -s 1M given.bin
        cat >rest
    }
    equal "$(cat status)" 1
    contains "$(cat said)" "glove-load: the model got shorter while it was read"
    expect 4 mp-cat --check <(cat first rest)
}

@test "a damaged fastText model is refused, wherever it ends" {
    need_python numpy
    written fasttext skipgram
    # A word of 100 MiB: what no word ends in is not read on and on.
    head -c 92 given.bin >long.bin
    head -c 104857600 /dev/zero | tr '\0' x >>long.bin
    refused 3 "is a damaged fastText model" long.bin
    local size at
    size=$(($(wc -c <given.bin) - 41))
    for at in 4 8 40 63 64 100 200 250 400 $((size - 1)); do
        head -c "$at" given.bin >cut.bin
        expect 4 glove-load -o X.mp cut.bin
    done
    "$PYTHON" -c "
data = bytearray(open('given.bin', 'rb').read())
for at, value in ((4, 99), (8, 0x7fffffff), (64, 0x7fffffff), (68, -5), (40, -1)):
    other = bytearray(data)
    other[at:at + 4] = value.to_bytes(4, 'little', signed=True)
    open('bad%d.bin' % at, 'wb').write(other)"
    refused 3 "version 99" bad4.bin
    refused 3 "65536 are the most" bad8.bin
    for at in 64 68 40; do
        expect 3 glove-load -o X.mp "bad$at.bin"
    done
}

@test "fastText's own program and library give the same vectors" {
    need_program fasttext
    need_python fasttext
    cut -f 2 "$DEMO/train.txt" >corpus
    printf '%s\n' the goalkeeperish 中文 é a ab 'two words' oil >listed
    for kind in skipgram cbow; do
        fasttext $kind -input corpus -output model -dim 10 -epoch 1 -bucket 5000 -minCount 2 -thread 1 \
            >/dev/null 2>&1
        written python-fasttext model.bin
        loads_as wanted.txt model.bin
        written python-fasttext model.bin listed
        loads_as wanted.txt --vocab listed model.bin
        grep -v ' ' listed >single # the program cuts at blanks, and shows five digits
        fasttext print-word-vectors model.bin <single 2>/dev/null >shown
        "$PYTHON" - <<'P'
shown, wanted = [{line.split()[0]: line.split()[1:] for line in open(name)} for name in ('shown', 'wanted.txt')]
assert shown
for word, row in shown.items():
    assert all('%.5g' % float(w) == '%.5g' % float(s) for s, w in zip(row, wanted[word])), word
P
    done
    sed 's/^\([^\t]*\)\t/__label__\1 /' "$DEMO/train.txt" >labelled
    fasttext supervised -input labelled -output model -dim 10 -epoch 1 -minn 2 -maxn 3 -bucket 3000 \
        -wordNgrams 2 -thread 1 >/dev/null 2>&1
    written python-fasttext model.bin
    loads_as wanted.txt model.bin
    written python-fasttext model.bin listed
    loads_as wanted.txt --vocab listed model.bin
    fasttext supervised -input labelled -output plain -dim 10 -epoch 1 -thread 1 >/dev/null 2>&1
    written python-fasttext plain.bin
    loads_as wanted.txt plain.bin
    fasttext quantize -input labelled -output plain -qnorm >/dev/null 2>&1
    refused 3 "quantized fastText model (.ftz)" plain.ftz
}

@test "there and back: what mp-cat writes is loaded as it was" {
    glove-load -q -o v.mp "$DEMO/vectors.txt"
    mp-cat --format word2vec -o v.w2v v.mp
    mp-cat --format npy -o v.npy v.mp
    mp-cat --format names -o words v.mp
    glove-load -q v.w2v | mp-cat | cmp - <(mp-cat v.mp)
    glove-load -q --word-list words v.npy | mp-cat | cmp - <(mp-cat v.mp)
    # A word may hold anything but what ends it.
    printf 'a\tb 0.1 2\nc\001 -3 0.7\nd\302\205 1 5.3\n' | glove-load -q -o v.mp
    mp-cat --format word2vec v.mp | glove-load -q | mp-cat | cmp - <(mp-cat v.mp)
}
