#!/usr/bin/env bats
# linear-train --part and --join: the work in parts, to the bytes of one run.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# train ARGUMENT...: on the demo's texts, with three parts of evidence where no --views are named
train() {
    local views=(--views "bayes,bigram,char1")
    [[ " $* " != *" --views "* ]] || views=()
    linear-train -q "${views[@]}" "$@" "$DEMO/train.txt"
}

# parts N [OPTION...]: to 1-N.mp, 2-N.mp, ...; then ${joined[@]} names them to --join.
parts() {
    local n=$1 k
    shift
    joined=()
    for ((k = 1; k <= n; k++)); do
        train --part "$k/$n" "$@" -o "$k-$n.mp"
        joined=(--join "$k-$n.mp" "${joined[@]}")
    done
}

# refuses STATUS PART ARGUMENT...: no evidence, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" train "$@" -o refused.mp
    contains "$stderr" "$part"
    [ ! -e refused.mp ] || fail "there is evidence"
}

@test "parts in any order are the evidence of one run, however many there are" {
    local n
    train -o one.mp
    for n in 1 3 14; do
        parts "$n" -j "$((n % 3 + 1))"
        train "${joined[@]}" -o all.mp
        same_file all.mp one.mp
    done
}

@test "with other options, without scores, on another instruction set, in files" {
    local options
    for options in "--no-training-scores" "--folds 3 --views space,char" "--max-size 100K --cost 2" \
        "--views bayes" "--memory 8M"; do
        # shellcheck disable=SC2086 # several words
        train $options -o one.mp
        # shellcheck disable=SC2086
        GLOVEPIPE_CPU=portable parts 3 $options
        # shellcheck disable=SC2086
        train $options "${joined[@]}" -o all.mp
        same_file all.mp one.mp
    done
}

@test "labels in more than one block, which parts share" {
    seq 1 400 | awk '{ print "label" $1 % 37 "\tword" $1 % 37 " word" $1 % 11 " word" $1 }' >many.txt
    linear-train -q -o one.mp many.txt
    local k joins=()
    for k in 1 2 3 4 5; do
        linear-train -q --part "$k/5" -o "$k.mp" many.txt
        joins+=(--join "$k.mp")
    done
    linear-train -q "${joins[@]}" -o all.mp many.txt
    same_file all.mp one.mp
}

@test "a part is a stream of numbers that mp-cat knows" {
    parts 2
    expect 0 mp-cat --stats 2-2.mp
    contains "$output" "kind       pieces"
    contains "$output" "part       2 of 2"
    mp-cat --check 2-2.mp
    equal "$(mp-cat 2-2.mp | wc -l)" "$(mp-cat --stats 2-2.mp | sed -n 's/^rows *//p')"
    expect 3 vectorize --linear 2-2.mp "$DEMO/train.txt"
    contains "$stderr" "2-2.mp: byte 0: this stream holds pieces"
}

@test "a part that is missing, there twice, of another number, or none" {
    parts 3
    refuses 3 "part 2 of 3 is missing: make it, with --part 2/3" --join 1-3.mp --join 3-3.mp
    refuses 3 "3-3.mp: part 3 of 3 was given already" --join 3-3.mp --join 3-3.mp
    train --part 1/2 -o 1-2.mp
    refuses 3 "1-2.mp: is one of 2 parts, and others are of 3" --join 2-3.mp --join 1-2.mp
    train -o one.mp
    refuses 3 "one.mp: byte 0: this stream holds evidence of words, and pieces are needed here" --join one.mp
    refuses 2 "--part and --join exclude each other" --part 1/2 --join 1-2.mp
    refuses 2 "standard input can't be read twice" --join - --join -
    refuses 1 "absent.mp" --join absent.mp
}

@test "a part of none, or of more than there may be, is refused before memory is taken" {
    need_python msgpack
    parts 2
    local whole
    for whole in 0 100001 4294967295; do
        "$PYTHON" - "$whole" <<'END'
import sys
import msgpack
whole = int(sys.argv[1])
bytes_read = open("1-2.mp", "rb").read()
records = msgpack.Unpacker(raw=False, strict_map_key=False)
records.feed(bytes_read)
header = next(records)
if whole:
    header["whole"] = whole
else:
    del header["first"], header["whole"]
open("odd.mp", "wb").write(msgpack.packb(header) + bytes_read[records.tell():])
END
        refuses 3 "odd.mp: is one of $whole parts, and there are 1 to 100000" --join odd.mp
    done
}

@test "what is told of a part's views does not say what is written" {
    expect 0 linear-train --part 1/2 -o 1-2.mp "$DEMO/train.txt"
    contains "$stderr"$'\n' $' terms\n'
    lacks "$stderr" "of which"
}

@test "parts of other documents or options are refused" {
    parts 2
    refuses 3 "were made with different options: not the same --cost" "${joined[@]}" --cost 2
    # The same words the other way round: as many documents, labels and terms.
    sed '1!b; s/ \([a-z]*\) \([a-z]*\) / \2 \1 /' "$DEMO/train.txt" >other.txt
    cmp -s other.txt "$DEMO/train.txt" && fail "the texts are the same"
    local options=(--views "space,word" --no-training-scores)
    train --part 1/2 "${options[@]}" -o mine.mp
    linear-train -q --part 2/2 "${options[@]}" -o other.mp other.txt
    refuses 3 "the documents here and other.mp were made of different documents" \
        "${options[@]}" --join mine.mp --join other.mp
    head -n 300 "$DEMO/train.txt" >fewer.txt
    linear-train -q --part 2/2 --views bayes,word,bigram -o fewer.mp fewer.txt
    refuses 3 "fewer.mp: was made of other documents than these" --join fewer.mp
}

@test "a part that is cut or damaged" {
    parts 2
    head -c 20000 2-2.mp >cut.mp
    refuses 4 "cut.mp" --join 1-2.mp --join cut.mp
    { head -c 20000 2-2.mp && printf '\377\376\375' && tail -c +20004 2-2.mp; } >damaged.mp
    refuses 3 "damaged.mp" --join 1-2.mp --join damaged.mp
}

@test "a part from a pipe" {
    parts 2
    train -o one.mp
    train --join 1-2.mp --join - <2-2.mp | cmp - one.mp
    train --join <(cat 2-2.mp) --join 1-2.mp | cmp - one.mp
}
