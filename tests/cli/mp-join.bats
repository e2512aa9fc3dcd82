#!/usr/bin/env bats
# mp-join: parts of samples to the samples.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    # Three blocks of 256 KiB of text, and a last one of less.
    for _ in 1 2 3 4 5; do cat "$DEMO/train.txt"; done >texts.txt
}

# part K/N [OPTION...]: to K-N.mp
part() {
    local part=$1
    shift
    vectorize -q --vectors vectors.mp --part "$part" "$@" -o "${part/\//-}.mp" texts.txt
}

# refuses STATUS PART ARGUMENT...: no samples, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" mp-join -o train.mp "$@"
    contains "$stderr" "$part"
    [ ! -e train.mp ] || fail "there are samples"
}

@test "parts in any order are the samples of one run" {
    vectorize -q --vectors vectors.mp -o one.mp texts.txt
    part 1/3 -j1
    part 2/3 -j2
    GLOVEPIPE_CPU=portable part 3/3 -j8
    mp-join -q -o train.mp 3-3.mp 1-3.mp 2-3.mp
    same_file train.mp one.mp
    mp-join -q 2-3.mp - 3-3.mp <1-3.mp | cmp - one.mp
    mp-join -q <(cat 3-3.mp) <(cat 1-3.mp) <(cat 2-3.mp) | cmp - one.mp
}

@test "more parts than blocks, and a single part, are the samples of one run" {
    local k
    vectorize -q --vectors vectors.mp --no-label -o one.mp texts.txt
    for k in {1..20}; do part "$k/20" --no-label; done
    mp-join -q ./*-20.mp | cmp - one.mp
    part 1/1 --no-label
    mp-join -q 1-1.mp | cmp - one.mp
}

@test "a part is told by mp-cat, and taken for samples by nothing" {
    part 2/3
    expect 0 mp-cat --stats 2-3.mp
    contains "$output" "part       2 of 3"
    expect 3 rf-train -o model.mp 2-3.mp
    contains "$stderr" "2-3.mp: byte 0: these are part 2 of 3 of samples: join all parts with mp-join"
    rf-train -q -n 2 -o model.mp <(vectorize -q --vectors vectors.mp texts.txt)
    expect 3 rf-predict model.mp 2-3.mp
    contains "$stderr" "join all parts with mp-join"
}

@test "a part that is missing, there twice, of another number, or no part" {
    part 1/3
    part 2/3
    part 3/3
    refuses 3 "part 2 of 3 is missing: make it, with vectorize --part 2/3" 1-3.mp 3-3.mp
    refuses 3 "part 3 of 3 is missing" 1-3.mp 2-3.mp
    refuses 3 "part 1 of 3 is missing" 2-3.mp
    refuses 3 "2-3.mp: part 2 of 3 was given already" 1-3.mp 2-3.mp 2-3.mp
    refuses 3 "1-3.mp: part 1 of 3 was given already" 1-3.mp 2-3.mp 3-3.mp 1-3.mp
    part 2/2
    refuses 3 "2-2.mp: is one of 2 parts, and others are of 3" 1-3.mp 2-2.mp 3-3.mp
    vectorize -q --vectors vectors.mp -o one.mp texts.txt
    refuses 3 "one.mp: is no part, but all of its samples: parts are what vectorize --part writes" one.mp
    refuses 3 "this stream holds vectors, and samples are needed here: vectorize --part writes them" vectors.mp
    refuses 4 "/dev/null: is empty: upstream ended early, and wrote nothing: run vectorize --part" /dev/null
    refuses 3 "texts.txt: byte 0: not a glovepipe stream, it is text: expected what vectorize --part writes" texts.txt
    rf-train -q -n 4 --tree-range 0:2 -o forest.mp one.mp
    refuses 3 "forest.mp: is a forest: rf-merge merges its parts" forest.mp
    refuses 2 "no parts: name the files that vectorize --part wrote"
}

@test "parts of other documents, vectors or options are refused" {
    part 1/2
    part 2/2
    mv 2-2.mp same.mp
    head -n 50 "$DEMO/vectors.txt" | glove-load -q -o fewer.mp -
    vectorize -q --vectors fewer.mp --part 2/2 -o 2-2.mp texts.txt
    refuses 3 "1-2.mp and 2-2.mp have different features" 1-2.mp 2-2.mp
    part 2/2 --text-column 2
    refuses 3 "1-2.mp and 2-2.mp were made with different options: not the same --text-column" 1-2.mp 2-2.mp
    head -n 1 texts.txt >few.txt && mv few.txt texts.txt
    part 2/2
    equal "$(mp-cat --stats 2-2.mp | sed -n 's/^rows *//p')" 0
    refuses 3 "have too different numbers of blocks to be of the same samples" 1-2.mp 2-2.mp
    mp-join -q -o train.mp 1-2.mp same.mp
}

@test "parts of other documents with as many blocks are refused at their end" {
    part 1/2
    sed '1s/the/teh/' texts.txt >texts.new && mv texts.new texts.txt
    part 2/2
    refuses 3 "1-2.mp and 2-2.mp were made of different documents: make both of the same" 1-2.mp 2-2.mp
}

@test "a part that is cut or damaged" {
    part 1/2
    part 2/2
    head -c 20000 2-2.mp >cut.mp
    refuses 4 "cut.mp" 1-2.mp cut.mp
    { head -c 20000 2-2.mp && printf '\377' && tail -c +20002 2-2.mp; } >damaged.mp
    cmp -s damaged.mp 2-2.mp && skip "the byte was 255 before"
    refuses 3 "damaged.mp" 1-2.mp damaged.mp
}

@test "what is no part of anything is a usage error" {
    local part
    for part in 0/3 4/3 3 3/ /3 a/b 1/0 -1/3; do
        expect 2 vectorize --vectors vectors.mp --part "$part" texts.txt
        contains "$stderr" "--part"
    done
    expect 2 vectorize --words --part 1/2 texts.txt
}
