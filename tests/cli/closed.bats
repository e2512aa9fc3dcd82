#!/usr/bin/env bats
# Standard descriptors that are closed, with and without a /dev/null to stand in their places.
load helpers
load work

PROGRAMS="$(programs) rf-tune" # a script, whose output is written as theirs

setup() { work_begin; }

work_to_closed() {
    work "$@" >&-
}

# no_null WHAT COMMAND: with a /dev of its own, in which null is WHAT: `missing`, or a `folder`.
no_null() {
    # shellcheck disable=SC2016 # it is for the inner shell
    unshare --mount --propagation private bash -c '
        mount -t tmpfs glovepipe-test /dev && { [ "$0" = missing ] || mkdir /dev/null; } || exit 99
        eval "$1"' "$@"
}

@test "a closed stdout: status 1" {
    for program in $PROGRAMS; do
        expect 1 work_to_closed "$program"
        contains "$stderr" "Bad file descriptor"
    done
}

@test "a closed stdin: status 1, whatever else is read" {
    expect 1 eval 'vectorize --vectors vectors.mp - <&-'
    contains "$stderr" "Bad file descriptor"
    expect 1 eval 'rf-predict model.mp <&-'
    contains "$stderr" "standard input: can't read: Bad file descriptor"
}

@test "what is said to a closed stderr, or written to a closed stdout, goes to no file" {
    expect 1 eval 'glove-load --defects defects.tsv "$DEMO/vectors.txt" >&-'
    [ ! -e defects.tsv ] || fail "defects.tsv appeared"
    expect 0 eval 'rf-train -v --progress always samples.mp -o out 2>&-'
    mp-cat --check out
    printf 'a\tunheardof\n' >unknown.txt
    expect 0 eval 'vectorize -v --vectors vectors.mp unknown.txt -o out 2>&-'
    mp-cat --check out
}

@test "scripts end well where nothing can be said, as programs do" {
    local where
    for where in '2>/dev/full' '2>&-'; do
        rm -rf model
        expect 0 eval "glovepipe train --trees 5 -o model train.txt $where"
        expect 0 eval "glovepipe test model train.txt $where"
        contains "$output" "accuracy "
        [ -e model/report.html ] && [ -e model/test.html ]
        expect 0 eval "glovepipe fix -o fixed model train.txt </dev/null $where"
        expect 0 eval "rf-tune --runs 1 --trees 5 train.txt $where"
        contains "$output" "best: run 1"
    done
}

@test "the same where /dev/null is missing, or a folder" {
    [ "$(id -u)" = 0 ] || skip "a /dev of its own needs root"
    need_program unshare
    no_null missing '[ ! -e /dev/null ]' 2>messages || skip "no /dev of its own: $(tail -n 1 messages)"
    for what in missing folder; do
        expect 1 no_null "$what" 'glove-load --defects defects.tsv "$DEMO/vectors.txt" >&-'
        contains "$stderr" "standard output: can't write: Bad file descriptor"
        [ ! -e defects.tsv ] || fail "defects.tsv appeared"
        expect 0 no_null "$what" 'rf-train -v --progress always samples.mp -o out 2>&-'
        mp-cat --check out
        expect 1 no_null "$what" 'rf-predict model.mp <&-'
        contains "$stderr" "standard input: can't read: Bad file descriptor"
        expect 0 no_null "$what" 'rf-train -q -n 3 samples.mp -o again <&- >&- 2>&-'
        same_file again model.mp
    done
    [ -c /dev/null ]
}
