#!/usr/bin/env bats
# What a program has no use for, the kernel refuses it, whoever asks; and what it has a use for,
# it still does.
load ../cli/helpers
load ../cli/work

PROGRAMS=$(programs)
REFUSED='pries: open EACCES, create EACCES, socket EPERM, execve EPERM'
DONE='pries: open done, create done, socket done, execve done'

setup() {
    work_begin
    mkdir secret temp
    echo secret >secret/file
}

# Whether this kernel has all of it.
need_sandbox() {
    local said
    said=$(mp-cat -v samples.mp 2>&1 >/dev/null)
    [[ $said == *'signals by Landlock'*'calls by seccomp'* ]] || skip "${said#mp-cat: }"
}

need_pry() {
    need_plain_build
    PRY=${PRY:-$(dirname "$BIN")/tests/fault/pry.so}
    [ -e "$PRY" ] || skip "no $PRY (it is built where the C library is glibc)"
    need_sandbox
}

# Runs a command that pries, standard output in a file, so that it has no folder to write to but that
# for temporary files.
prying() {
    TMPDIR=$PWD/temp LD_PRELOAD=$PRY PRY_FILE=$PWD/secret/file PRY_FOLDER=$PWD/secret "$@" 2>said >out
}

# The different things that the processes of a program said of it.
said_by() {
    sed -n "s/^$1 \(pries: .*\)/\1/p" said | LC_ALL=C sort -u
}

@test "in the middle of a read, no program opens, makes, connects or runs what it was not asked to" {
    need_pry
    local program
    for program in $PROGRAMS; do
        prying work "$program" || fail "$program: $(cat said)"
        equal "$program $(said_by "$program")" "$program $REFUSED"
    done
}

@test "with --no-sandbox they could" {
    need_pry
    local program
    for program in $PROGRAMS; do
        prying work "$program" --no-sandbox || fail "$program: $(cat said)"
        equal "$program $(said_by "$program")" "$program $DONE"
    done
}

@test "workers are confined as who started them is" {
    need_pry
    prying rf-train -q -n 20 -j 2 samples.mp
    equal "$(said_by rf-train)" "$REFUSED"
    [ "$(grep -c '^rf-train pries:' said)" -ge 3 ] || fail "$(cat said)"
}

@test "a folder is read, what it links to as well, and nothing else; an output's folder not at all" {
    need_pry
    mkdir -p texts/a elsewhere/b place
    echo 'the wheat' >texts/a/1
    echo 'a bank' >elsewhere/2
    echo 'the rain' >elsewhere/b/3
    ln -s ../../elsewhere/2 texts/a/2
    ln -s ../elsewhere/b texts/b
    prying vectorize -q --words texts
    equal "$(tr '\n' ' ' <out)" "the wheat a bank rain "
    equal "$(said_by vectorize)" "$REFUSED"
    LD_PRELOAD=$PRY PRY_FILE=$PWD/place/old PRY_FOLDER=$PWD/place TMPDIR=$PWD/temp \
        vectorize -q --words -o place/words texts 2>said
    equal "$(said_by vectorize)" "pries: open ENOENT, create EACCES, socket EPERM, execve EPERM"
    echo old >place/old
    LD_PRELOAD=$PRY PRY_FILE=$PWD/place/old PRY_FOLDER=$PWD/secret TMPDIR=$PWD/temp \
        vectorize -q --words -o place/words texts 2>said
    equal "$(said_by vectorize)" "$REFUSED"
}

@test "-v says what confines a program, and what does not" {
    local program
    for program in $PROGRAMS; do
        work "$program" -v 2>said >/dev/null
        [ "$(grep -c "^$program: sandbox: " said)" -ge 1 ] || fail "$program: $(cat said)"
        work "$program" -v --no-sandbox 2>said >/dev/null
        grep -q "^$program: sandbox: none, as --no-sandbox says\$" said || fail "$program: $(cat said)"
    done
    need_sandbox
    mp-cat -v samples.mp 2>said >/dev/null
    grep -qE '^mp-cat: sandbox: files, TCP, signals by Landlock [0-9]+; system calls by seccomp$' said ||
        fail "$(cat said)"
}

# pried COMMAND OUTCOME PROGRAM...: the programs that a script runs say that alone.
pried() {
    local program
    for program in "${@:3}"; do
        equal "$1: $program $(said_by "$program")" "$1: $program $2"
    done
}

@test "scripts confine what they run, or not, and say so" {
    need_pry
    prying glovepipe train -q --decide --trees 20 -o model train.txt
    pried train "$REFUSED" linear-train vectorize rf-train rf-decide rf-suspect corpus rf-eval
    prying glovepipe train -v --no-sandbox --decide --trees 20 -o other train.txt
    pried train "$DONE" linear-train vectorize rf-train rf-decide rf-suspect corpus rf-eval
    contains "$(grep '^linear-train --no-sandbox' said)" linear.mp
    grep -qF 'linear-train: sandbox: none, as --no-sandbox says' said || fail "$(cat said)"
    same_file model/model.mp other/model.mp
    prying glovepipe test --no-sandbox model train.txt
    pried test "$DONE" vectorize rf-predict mp-cat rf-explain rf-eval
    prying glovepipe fix --no-sandbox --top 1 -o better model train.txt < <(printf '=corn\n=corn\n')
    pried fix "$DONE" mp-cat rf-suspect linear-train vectorize rf-train rf-decide corpus rf-eval
    prying rf-tune --no-sandbox --runs 1 --trees 5 train.txt
    pried rf-tune "$DONE" linear-train vectorize rf-train rf-eval mp-cat
}

@test "without Landlock or seccomp a program runs on, and only -v says so" {
    need_pry
    local none='Function not implemented'
    export LD_PRELOAD=$PRY
    PRY_WITHOUT=landlock,seccomp mp-cat samples.mp >out 2>said
    equal "$(cat said)" ""
    mp-cat samples.mp | cmp - out
    PRY_WITHOUT=landlock,seccomp mp-cat -v samples.mp 2>said >out
    equal "$(cat said)" "mp-cat: sandbox: no Landlock ($none); no seccomp ($none)"
    export PRY_FILE=$PWD/secret/file PRY_FOLDER=$PWD/secret
    PRY_WITHOUT=landlock mp-cat samples.mp 2>said >out
    equal "$(said_by mp-cat)" "pries: open done, create done, socket EPERM, execve EPERM"
    rm secret/pried-*
    PRY_WITHOUT=seccomp mp-cat samples.mp 2>said >out
    equal "$(said_by mp-cat)" "pries: open EACCES, create EACCES, socket done, execve EACCES"
}

@test "the same bytes with it and without" {
    local program
    for program in $PROGRAMS; do
        work "$program" >with 2>/dev/null
        work "$program" --no-sandbox >without 2>/dev/null
        same_file with without
    done
}

# by_folder COMMAND...: what a command that writes to place/ can do there with a file it does not name.
by_folder() {
    LD_PRELOAD=$PRY PRY_FILE=$PWD/place/old PRY_FOLDER=$PWD/place TMPDIR=$PWD/temp "$@" 2>said >out
    said_by "$1"
}

@test "an output's folder is out of reach, new or there; a checkpoint's while it is new" {
    need_pry
    mkdir place
    echo old >place/old
    for _ in new there; do
        equal "$(by_folder glove-load -q --defects place/defects -o place/out "$DEMO/vectors.txt")" "$REFUSED"
        equal "$(by_folder rf-train -q -n 3 -j 1 --oob place/oob -o place/model samples.mp)" "$REFUSED"
        equal "$(by_folder rf-eval --html place/page -o place/report proba.mp)" "$REFUSED"
        equal "$(by_folder glove-train -q --iter 2 --checkpoint-every 1 --save-gradsq place/state \
            --memory 64M --temp-dir temp -o place/v train.txt)" "$REFUSED"
    done
    same_file model.mp place/model
    equal "$(by_folder rf-train -q -n 3 -j 1 --checkpoint place/check samples.mp)" \
        "pries: open EACCES, create done, socket EPERM, execve EPERM"
    rm place/pried-*
    equal "$(by_folder rf-train -q -n 3 -j 1 --checkpoint place/check samples.mp)" "$REFUSED"
    only_files place check defects model old oob out page report state v
}

@test "the folder of temporary files is read and written, and has no file made in it" {
    need_pry
    echo old >temp/old
    TMPDIR=$PWD/temp LD_PRELOAD=$PRY PRY_FILE=$PWD/temp/old PRY_FOLDER=$PWD/temp \
        linear-train -q train.txt 2>said >out
    equal "$(said_by linear-train)" "pries: open done, create EACCES, socket EPERM, execve EPERM"
}

@test "what tells of memory is open before a program is confined, and can't be opened then" {
    need_pry
    LD_PRELOAD=$PRY PRY_FILE=/proc/meminfo PRY_FOLDER=$PWD/secret linear-train -q train.txt 2>said >out
    equal "$(said_by linear-train)" "$REFUSED"
}

# ---- what it must not be in the way of ----

@test "outputs: other folders, links, devices, FIFOs, descriptors" {
    mkdir -p there/deep
    mp-cat samples.mp >wanted
    mp-cat -o there/deep/out samples.mp
    same_file wanted there/deep/out
    mp-cat -o there/deep/out samples.mp # over what is there
    same_file wanted there/deep/out
    ln -s there/deep/link-to link
    echo old >there/deep/link-to
    mp-cat -o link samples.mp
    [ -L link ] && same_file wanted there/deep/link-to
    mp-cat -o /dev/stdout samples.mp | cmp wanted
    mp-cat -o /dev/fd/3 samples.mp 3>three
    same_file wanted three
    mp-cat -o /proc/self/fd/3 samples.mp 3>three
    same_file wanted three
    mkfifo fifo
    cat fifo >four &
    mp-cat -o fifo samples.mp
    wait
    same_file wanted four
    mp-cat -o /dev/null samples.mp
    expect 1 mp-cat -o /dev/full samples.mp
    contains "$stderr" "No space left on device"
    expect 1 mp-cat -o nowhere/out samples.mp
    contains "$stderr" "No such file or directory"
}

@test "inputs: descriptors, FIFOs, files that are gone, another process's" {
    mp-cat samples.mp >wanted
    mp-cat <(cat samples.mp) | cmp wanted
    mp-cat /dev/stdin <samples.mp | cmp wanted
    mp-cat /dev/fd/3 3<samples.mp | cmp wanted
    mkfifo fifo
    cat samples.mp >fifo &
    mp-cat fifo | cmp wanted
    wait
    expect 1 mp-cat nowhere
    contains "$stderr" "No such file or directory"
    sleep 60 3<samples.mp 4>other &
    until [ "/proc/$!/fd/4" -ef other ]; do sleep 0.1; done # before, 3 is this test's own
    mp-cat "/proc/$!/fd/3" >out || fail "not read"
    mp-cat -o "/proc/$!/fd/4" samples.mp || fail "not written"
    kill "$!"
    same_file wanted out
    same_file wanted other
}

@test "temporary files: zips from pipes, pairs, evidence, arrays, where TMPDIR or --temp-dir is" {
    export TMPDIR=$PWD/temp
    glove-load -q -o wanted "$DEMO/vectors.zip"
    glove-load -q <"$DEMO/vectors.zip" >out
    glove-load -q < <(cat "$DEMO/vectors.zip") >piped
    same_file wanted piped
    mp-cat --format npy vectors.mp >in-temp.npy
    need_program zip
    zip -q train.zip train.txt
    vectorize -q --vectors vectors.mp - <train.zip | cmp - samples.mp
    vectorize -q --vectors vectors.mp - < <(cat train.zip) | cmp - samples.mp
    glove-load -q --vocab <(cat train.zip) -o out "$DEMO/vectors.txt"
    unset TMPDIR
    glove-train -q --iter 1 --memory 64M --temp-dir temp train.txt >a
    TMPDIR=$PWD/temp glove-train -q --iter 1 train.txt >b
    same_file a b
    only_files temp
}

@test "files that are gone on with, and several at a time" {
    mkdir kept
    rf-train -q -n 3 --oob kept/oob --checkpoint kept/check -o kept/model samples.mp
    same_file model.mp kept/model
    rf-train -q -n 3 --checkpoint kept/check samples.mp | cmp - model.mp
    glove-train -q --iter 3 train.txt >wanted
    glove-train -q --iter 2 --save-gradsq kept/state --checkpoint-every 1 train.txt >/dev/null
    glove-train -q --iter 3 --resume kept/state --save-gradsq kept/state train.txt >out
    same_file wanted out
    glove-load -q --defects kept/defects "$DEMO/vectors.txt" >/dev/null
    rf-eval -q --html kept/page --texts train.txt --model model.mp proba.mp >/dev/null
    ln -s kept/new dangling
    rf-train -q -n 3 --checkpoint dangling samples.mp | cmp - model.mp
    [ -e kept/new ] || fail "$(ls -l . kept)"
}
