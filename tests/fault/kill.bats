#!/usr/bin/env bats
# Whatever is killed, whenever: no plausible result, no child, no file under a final name.
load ../cli/helpers

@test "a stage of the pipe killed, 100 times" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" stages 100
}

@test "a worker killed, 100 times: the forest is the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 100 rf-train
}

@test "a worker stopped, 4 times: its trees are grown elsewhere, to the same forest" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" stopped 4 rf-train
}

@test "rf-train killed or interrupted, 100 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 100 rf-train
}

@test "with --oob, a worker killed, 50 times: the forest and what is said out of bag are the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 50 rf-train-oob
}

@test "with --oob, rf-train killed or interrupted, 50 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 50 rf-train-oob
}

@test "a worker of linear-train killed, 50 times: the evidence is the same" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" workers 50 linear-train
}

@test "linear-train killed or interrupted, 50 times: its workers go with it" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" parent 50 linear-train
}

@test "rf-train killed again and again, 50 times: a checkpoint brings it to the same bytes" {
    need_python sys
    "$PYTHON" "$ROOT/tests/fault/kill.py" checkpoint 50
}

# held PROGRAM: the programs, of which that one tells of its process and goes no further, but to help.
held() {
    mkdir held
    ln -s "$BIN"/* held
    rm "held/$1" held/glovepipe held/rf-tune
    cp "$BIN/glovepipe" "$BIN/rf-tune" held # they look for the others beside them
    printf '#!/bin/sh\ncase "$*" in *--help*) exec %q "$@" ;; esac\necho $$ >started\nread -r line <never\n' \
        "$BIN/$1" >"held/$1"
    chmod +x "held/$1"
    mkfifo never
}

# ended PROGRAM SIGNAL STATUS SCRIPT ARGUMENT...: a script gets a signal alone while a stage runs; one
# that is ignored where the tests were started, as nohup has it, is heard all the same. It ends with
# that status, by itself and at once, which it can't while the stage runs; no process is left, no file
# and no folder.
ended() {
    held "$1"
    mkfifo input
    sleep 60 >input 3>&- & # keeps it open
    local open=$! waiting status=0 before
    before=$(find . ! -path ./kept/\*)
    env --default-signal=HUP timeout --foreground -s KILL 30 "held/$4" "${@:5}" <input >said 2>&1 3>&- &
    waiting=$!
    until [ -s started ]; do
        kill -0 "$waiting" || fail "$(cat said)"
        sleep 0.01
    done
    sleep 0.3 # until it waits: bash takes no notice of a signal in the moment in which it begins to
    kill "-$2" "$waiting"
    wait "$waiting" || status=$?
    kill "$open"
    equal "$status" "$3"
    run ! kill -0 "$(cat started)"
    rm -f started said
    equal "$(find . ! -path ./kept/\*)" "$before"
    rm -r held never input
}

@test "a script that is ended ends its stages: no process, no file, its status says so" {
    cd "$BATS_TEST_TMPDIR"
    export TMPDIR=$PWD/tmp
    mkdir tmp kept
    cp "$DEMO/test.txt" .
    awk 'NR % 8 == 1' "$DEMO/train.txt" >train.txt
    glovepipe train -q --trees 5 -o model train.txt
    local train=(glovepipe train -q --trees 5 -o new)
    ended linear-train TERM 143 "${train[@]}" train.txt
    ended rf-train TERM 143 "${train[@]}" train.txt
    ended rf-train TERM 143 "${train[@]}" --tune 2 train.txt
    ended rf-predict HUP 129 glovepipe predict -q model
    ended rf-explain TERM 143 glovepipe explain -q model
    ended vectorize TERM 143 glovepipe test -q --no-report model test.txt
    ended rf-suspect TERM 143 glovepipe fix -q -o new model train.txt
    ended linear-train TERM 143 rf-tune -q --cache kept train.txt
    ended rf-train HUP 129 rf-tune -q --cache kept train.txt
    ended rf-predict TERM 143 rf-tune -q --folds 2 --trees 5 train.txt
}

# signalled DEPTH COUNT COMMAND...: a pipe into that command, whose shell at that depth (1: the one that what
# writes to it has of its own) gets a signal right after it started its COUNT-th process, before the next
# command. Standard error of all is a pipe, which ends with the last of them.
signalled() {
    local statuses
    bash -uT -c 'starts=0 last=
        at_command() {
            [ "$BASH_SUBSHELL" = "$1" ] && [ "${!-}" != "$last" ] || return 0
            last=${!-} starts=$((starts + 1))
            [ "$starts" != "$2" ] || kill -TERM "$BASHPID"
        }
        . "$1"
        first=(sleep 9) second=("${@:4}")
        trap "at_command $2 $3" DEBUG
        attend_pipe first second' bash "$ROOT/pipelines/parts/stages.bash" "$@" 2>&1 >/dev/null <&- 3>&- |
        timeout 5 cat
    statuses=${PIPESTATUS[*]}
    equal "$statuses" '143 0'
}

@test "a signal that comes as a stage starts ends that too" {
    signalled 0 1 sleep 9
    signalled 0 2 sleep 9
    signalled 1 1 cat
}

@test "a signal that comes as a folder is made takes that along" {
    mkdir "$BATS_TEST_TMPDIR/made"
    expect 143 env TMPDIR="$BATS_TEST_TMPDIR/made" bash -uT -c 'program=script
        at_command() {
            [ "$BASH_SUBSHELL" = 0 ] && [ "$(ls "$TMPDIR")" ] || return 0
            trap - DEBUG
            kill -TERM "$$"
        }
        . "$1/stages.bash"
        . "$1/files.bash"
        trap at_command DEBUG
        make_work
        echo "goes on"' bash "$ROOT/pipelines/parts"
    equal "$output$(ls "$BATS_TEST_TMPDIR/made")" ''
}

# As from a terminal: all of the script's processes get it, mktemp too, which has made the folder and not told
# its name yet. Where the tests were started with interrupts ignored, as in the background, they are heard here.
@test "an interrupt that comes as a folder is made takes that along" {
    mkdir "$BATS_TEST_TMPDIR/here"
    cd "$BATS_TEST_TMPDIR/here"
    mkdir bin
    printf '#!/bin/sh\nfolder=$(%q "$@") || exit\necho >begun\nuntil [ -e sent ]; do sleep 0.01; done\nsleep 0.1\necho "$folder"\n' "$(command -v mktemp)" >bin/mktemp
    chmod +x bin/mktemp
    cp "$DEMO/train.txt" .
    expect 130 env --default-signal=INT PATH="$PWD/bin:$PATH" TMPDIR="$PWD" bash -c 'set -m
        glovepipe train -q -o model train.txt &
        until [ -e begun ]; do sleep 0.01; done
        kill -INT -- "-$!"
        : >sent
        wait "$!"'
    equal "$(printf '%s ' *)" "begun bin sent train.txt "
}
