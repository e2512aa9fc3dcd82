#!/usr/bin/env bats
# What holds for every program: help, version, wrong options, wrong input, writes that fail.
load helpers

PROGRAMS=$(cd "$BIN" && echo *)

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    head -n 40 "$DEMO/train.txt" >train.txt
    glove-load -q "$DEMO/vectors.txt" >vectors.mp
    vectorize -q --vectors vectors.mp train.txt >samples.mp
    rf-train -q -n 3 samples.mp >model.mp
    rf-predict -q --format mp model.mp samples.mp >predictions.mp
}

# The arguments with which each program has something to write.
work_of() {
    case $1 in
    glove-load) echo "glove-load -q $DEMO/vectors.txt" ;;
    glove-train) echo "glove-train -q --iter 1 train.txt" ;;
    vectorize) echo "vectorize -q --vectors vectors.mp train.txt" ;;
    rf-train) echo "rf-train -q -n 100 samples.mp" ;;
    rf-predict) echo "rf-predict -q model.mp samples.mp" ;;
    rf-eval) echo "rf-eval predictions.mp" ;;
    mp-cat) echo "mp-cat samples.mp" ;;
    *) fail "no work for $1" ;;
    esac
}

@test "help goes to stdout, opens with the usage, and ends well" {
    for program in $PROGRAMS; do
        expect 0 "$program" --help
        contains "$output" "usage: $program "
        equal "$stderr" ""
        equal "$output" "$("$program" -h)"
    done
}

@test "the version" {
    for program in $PROGRAMS; do
        expect 0 "$program" --version
        [[ $output =~ ^$program\ \(glovepipe\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$output"
        equal "$output" "$("$program" -V)"
    done
}

@test "help's lines fit a terminal" {
    for program in $PROGRAMS; do
        "$program" --help | awk -v p="$program" 'length > 100 { print p ": " $0; bad = 1 } END { exit bad }'
    done
}

@test "a wrong option: status 2, one line, the program's name" {
    for program in $PROGRAMS; do
        expect 2 "$program" --no-such-option
        equal "$output" ""
        [[ $stderr == "$program: "*--no-such-option* ]] || fail "$stderr"
        equal "$(wc -l <<<"$stderr")" 1
    done
}

@test "a file that is not there: status 1, its name" {
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 1 "$program" no-such-file
        contains "$stderr" "$program: no-such-file: "
        contains "$stderr" "No such file or directory"
    done
    expect 1 vectorize --vectors vectors.mp no-such-file
    contains "$stderr" "No such file or directory"
    expect 1 vectorize --vectors no-such-file train.txt
    contains "$stderr" "No such file or directory"
    expect 1 rf-predict no-such-file samples.mp
    contains "$stderr" "No such file or directory"
}

@test "a folder in place of a file" {
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 2 "$program" .
        equal "$stderr" "$program: .: is a folder: name a file"
    done
}

@test "a picture: status 3, and what was expected" {
    printf '\377\330\377\340\0\020JFIF\0\1\1\0\0\1\0\1\0\0\377\333\0\103\0' >picture.jpg
    head -c 20000 /dev/urandom >>picture.jpg
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 3 "$program" picture.jpg
        contains "$stderr" "$program: picture.jpg: "
        equal "$(tail -c 78 <<<"$output" | grep -c rows)" 0
    done
    expect 3 rf-predict picture.jpg samples.mp
    contains "$stderr" "picture.jpg: byte 0: not a glovepipe stream"
    expect 3 vectorize --vectors picture.jpg train.txt
    contains "$stderr" "picture.jpg: byte 0: not a glovepipe stream"
}

@test "an empty stream is one that ended early" {
    : >empty
    for program in rf-train rf-eval mp-cat; do
        expect 4 "$program" empty
        contains "$stderr" "upstream ended early"
    done
    expect 4 vectorize --vectors empty train.txt
    expect 4 rf-predict empty samples.mp
    expect 4 rf-predict model.mp empty
}

@test "a stream of another kind is named" {
    expect 3 rf-train vectors.mp
    contains "$stderr" "holds vectors, and samples are needed here"
    expect 3 rf-predict samples.mp samples.mp
    contains "$stderr" "holds samples, and forest is needed here"
    expect 3 rf-eval model.mp
    contains "$stderr" "holds forest, and predictions are needed here"
}

@test "a full disk: status 1, and the reason" {
    [ -w /dev/full ] || skip "no /dev/full"
    for program in $PROGRAMS; do
        # shellcheck disable=SC2046 # words on purpose
        run --separate-stderr sh -c '"$@" >/dev/full' sh $(work_of "$program")
        equal "$status" 1
        contains "$stderr" "No space left on device"
        # shellcheck disable=SC2046
        expect 1 $(work_of "$program") -o /dev/full
        contains "$stderr" "No space left on device"
    done
}

@test "a full disk under -o leaves no file" {
    [ "$(id -u)" = 0 ] || skip "mounting a small disk needs root"
    mkdir disk
    mount -t tmpfs -o size=4k glovepipe-test disk 2>/dev/null || skip "can't mount a small disk"
    for program in glove-load vectorize rf-train; do
        # shellcheck disable=SC2046
        run --separate-stderr $(work_of "$program") -o disk/out
        left=$(ls -A disk)
        [ "$status" = 1 ] && [ -z "$left" ] || break
    done
    umount disk
    equal "$program: $status" "rf-train: 1"
    equal "$left" ""
}

@test "a closed stdout: status 1" {
    for program in $PROGRAMS; do
        # shellcheck disable=SC2046
        run --separate-stderr sh -c '"$@" >&-' sh $(work_of "$program")
        equal "$program: $status" "$program: 1"
        contains "$stderr" "Bad file descriptor"
    done
}

@test "a reader that goes away ends the program quietly, by SIGPIPE" {
    for program in glove-load vectorize mp-cat; do
        # shellcheck disable=SC2046
        run --separate-stderr bash -c '"$@" | head -c 1 >/dev/null; echo ${PIPESTATUS[0]}' \
            bash $(work_of "$program")
        [ "$output" = 141 ] || [ "$output" = 0 ] || fail "$program: $output"
        equal "$stderr" ""
    done
}

@test "-o: the file appears, stdout stays empty, an old file is replaced" {
    for program in $PROGRAMS; do
        echo old >out
        # shellcheck disable=SC2046
        expect 0 $(work_of "$program") -o out
        equal "$output" ""
        # shellcheck disable=SC2046
        $(work_of "$program") | cmp - out
    done
}

@test "the same bytes for -j1, -j2 and -j8" {
    for program in $PROGRAMS; do
        case $program in rf-eval | mp-cat) continue ;; esac
        for jobs in 1 2 8; do
            # shellcheck disable=SC2046
            $(work_of "$program") -j "$jobs" >"out.$jobs"
        done
        cmp out.1 out.2
        cmp out.1 out.8
    done
}

@test "the same bytes on every instruction set" {
    for program in $PROGRAMS; do
        for level in portable avx2 avx512; do
            # shellcheck disable=SC2046
            GLOVEPIPE_CPU=$level $(work_of "$program") >"out.$level"
        done
        cmp out.portable out.avx2
        cmp out.portable out.avx512
    done
}

@test "binary does not go to a terminal without -f" {
    need_program script
    for program in glove-load vectorize rf-train; do
        run script -qec "$(work_of "$program") >/dev/tty" /dev/null
        equal "$status" 2
        contains "$output" "is a terminal, and the output is binary"
    done
}
