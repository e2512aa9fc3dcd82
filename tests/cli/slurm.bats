#!/usr/bin/env bats
# pipelines/slurm.mk and spread on a cluster of two nodes, all of them this machine.

load helpers

# (Not all bats can skip in setup_file.)
setup_file() {
    export MISSING
    MISSING=$(missing)
    [ -z "$MISSING" ] || return 0
    export CLUSTER=$BATS_FILE_TMPDIR/cluster SLURM_CONF=$BATS_FILE_TMPDIR/cluster/slurm.conf
    mkdir "$CLUSTER"
    timeout 60 "$ROOT/tests/slurm/cluster" start "$CLUSTER" 2 || fail "$(tail -n 3 "$CLUSTER"/*.out "$CLUSTER"/*.log 2>&1)" "$CLUSTER"
}

teardown_file() {
    [ -n "$MISSING" ] || [ ! -e "$CLUSTER/slurm.conf" ] || "$ROOT/tests/slurm/cluster" stop "$CLUSTER"
}

# What the cluster is made of; without it all tests here are skipped.
missing() {
    local program
    for program in slurmctld slurmd sbatch munged unshare ss; do
        command -v "$program" >/dev/null || { echo "$program" && return; }
    done
}

setup() {
    [ -z "$MISSING" ] || skip "no $MISSING: ./setup check-slurm installs it"
    cd "$BATS_TEST_TMPDIR" || return 1
    export SPREAD_POLL=0.1
    PATH=$ROOT/pipelines:$PATH
}

in_slurm() {
    make -s --no-print-directory -f "$ROOT/pipelines/slurm.mk" BIN="$BIN" TRAIN="$DEMO/train.txt" \
        TEST="$DEMO/test.txt" FEATURES=linear OUT=out TREES=20 "$@"
}

samples() {
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --linear linear.mp -o train.mp "$DEMO/train.txt"
}

# slow: puts a slower rf-train before the others: one that waits for the file `go` where the file
# `wait` is there. A node is told by the file NODE.took.
slow() {
    mkdir -p bin
    cat >bin/rf-train <<END
#!/bin/sh
touch "\$SLURMD_NODENAME.took"
while [ -e wait ] && [ ! -e go ]; do sleep 0.05; done
exec "$BIN/rf-train" "\$@"
END
    chmod +x bin/rf-train
    PATH=$PWD/bin:$PATH
}

# until_true COMMAND...: within 20 seconds
until_true() {
    local until=$((SECONDS + 20))
    until "$@"; do
        [ $SECONDS -lt $until ] || fail "never true: $*"
        sleep 0.1
    done
}

nothing_queued() { [ -z "$(squeue --noheader)" ]; }

# begin: starts a forest of 20 trees in two parts, `$spread`, and waits until both nodes are at work.
# spread's messages go to messages.txt.
begin() {
    slow
    touch wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    spread=$!
    until_true both_took
}

# again: the same, with nobody in its way, and whether the forest is that of one machine.
again() {
    rm -f wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt
    rf-train -q -n 20 train.mp | cmp - model.mp
}

# kill_second: the program of the second part
kill_second() { kill -KILL "$(pgrep -f "^/bin/sh $PWD/bin/rf-train .*10:20")"; }

# first_job: the number of the job array
first_job() { cut -d ' ' -f 1 model.mp.parts/jobs; }

# same_results FILE...: of the folders of one machine and of the cluster
same_results() {
    local file
    for file; do same_file "out/$file" "one/$file"; done
}

# both_ways FILE SETTING...: the same make command here, to one/FILE, and on the cluster, to out/FILE
both_ways() {
    local file=$1
    shift
    make -s --no-print-directory -f "$ROOT/pipelines/classify.mk" BIN="$BIN" TRAIN="$DEMO/train.txt" \
        TEST="$DEMO/test.txt" FEATURES=linear OUT=one TREES=20 "$@" "one/$file" >/dev/null
    in_slurm NODES=2 "$@" "out/$file" >/dev/null 2>messages.txt
}

both_took() { [ -e node1.took ] && [ -e node2.took ]; }

@test "the same make command on two nodes makes the same bytes, and a second one nothing" {
    both_ways report.txt
    same_results linear.mp train.mp test.mp model.mp test-predicted.mp
    contains "$(<messages.txt)" "spread: rf-train: 2 of 2 parts"
    contains "$(<out/report.txt)" "test accuracy"
    [ -z "$(find out -name '*.parts')" ] || fail "parts are left"
    local before
    before=$(stat -c '%n %i %y' out/*.mp)
    in_slurm NODES=2 >again.txt 2>messages.txt
    same_file again.txt out/report.txt
    equal "$(stat -c '%n %i %y' out/*.mp)" "$before"
    equal "$(<messages.txt)" ""
}

@test "with vectors, of which only the texts' words are loaded" {
    both_ways model.mp FEATURES=both VECTORS="$DEMO/vectors.zip" WORDS=texts
    same_results words.txt vectors.mp train.mp model.mp
}

@test "decisions by out-of-bag predictions, which the whole forest makes when its parts are merged" {
    both_ways decide.mp DECIDE='--maximize macro-f1'
    same_results model.mp oob.mp decide.mp
    contains "$(<out/model.mp.log)" "out-of-bag accuracy"
}

@test "texts as CSV, as JSON, and as a folder with a file a text" {
    awk -F '\t' 'BEGIN { print "topic,body" } { print $1 ",\"" $2 "\"" }' "$DEMO/train.txt" >train.csv
    awk -F '\t' '{ printf "{\"label\": \"%s\", \"text\": \"%s\"}\n", $1, $2 }' "$DEMO/test.txt" >test.jsonl
    both_ways train.mp TRAIN=train.csv READ='--label-column=topic --text-column=body'
    same_results linear.mp train.mp
    both_ways train.mp TRAIN=test.jsonl
    same_results linear.mp train.mp
    mkdir texts
    cut -f 1 "$DEMO/test.txt" | sort -u | sed 's|^|texts/|' | xargs mkdir
    awk -F '\t' '{ file = "texts/" $1 "/" NR; print $2 >file; close(file) }' "$DEMO/test.txt"
    both_ways train.mp TRAIN=texts
    same_results linear.mp train.mp
}

@test "both nodes work, on parts of their own" {
    samples
    begin
    touch go
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "a task that fails: a line says which, where and why, and nothing is left under the name" {
    samples
    head -c 5000 train.mp >cut.mp
    expect 1 spread -n 2 -- rf-train -q -n 20 -o model.mp cut.mp
    contains "$stderr" "failed on node"
    contains "$stderr" "status 4: rf-train: cut.mp"
    contains "$stderr" "its log is model.mp.parts/"
    [ ! -e model.mp ] || fail "there is a model"
    until_true nothing_queued
    # With the input mended, the same command goes on.
    cp train.mp cut.mp
    spread -n 2 -- rf-train -q -n 20 -o model.mp cut.mp 2>messages.txt
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "a full disk on one node: the other's part is kept, and the next run makes the rest" {
    samples
    mkdir bin
    cat >bin/rf-train <<END
#!/bin/sh
case "\$*" in *10:20*)
    if [ -e full ]; then
        while [ ! -e model.mp.parts/1.mp ]; do sleep 0.05; done
        exec "$BIN/rf-train" --tree-range 10:20 -n 20 -q train.mp >/dev/full
    fi ;;
esac
exec "$BIN/rf-train" "\$@"
END
    chmod +x bin/rf-train
    touch full
    echo before >model.mp
    PATH=$PWD/bin:$PATH expect 1 spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp
    contains "$stderr" "part 2 of 2 failed on node"
    contains "$stderr" "status 1"
    contains "$stderr" "No space left on device"
    equal "$(<model.mp)" before
    local before
    before=$(stat -c %i model.mp.parts/1.mp)
    rm full
    PATH=$PWD/bin:$PATH spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local rerun=$!
    until_true [ -e model.mp.parts/2.command ]
    [ ! -e model.mp.parts/1.mp ] || equal "$(stat -c %i model.mp.parts/1.mp)" "$before"
    wait "$rerun"
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "interrupted, and run again: what is whole is kept, what is cut is made again" {
    samples
    rf-train -q -n 20 --tree-range 0:10 -o first.mp train.mp
    begin
    cp first.mp model.mp.parts/1.mp
    local status=0
    kill -TERM "$spread"
    wait "$spread" || status=$?
    equal "$status" 143
    contains "$(<messages.txt)" "interrupted; 1 of 2 parts are kept in model.mp.parts"
    until_true nothing_queued
    head -c 3000 first.mp >model.mp.parts/2.mp
    again
}

@test "parts of another command or input are not taken" {
    samples
    rf-train -q -n 20 --seed 9 --tree-range 0:10 -o other.mp train.mp
    begin
    cp other.mp model.mp.parts/1.mp
    kill -TERM "$spread"
    wait "$spread" || :
    rm wait
    spread -n 2 -- rf-train -q -n 20 --seed 1 -o model.mp train.mp 2>messages.txt
    rf-train -q -n 20 --seed 1 train.mp | cmp - model.mp
}

@test "options of sbatch and the user's own line reach the tasks" {
    samples
    SETUP='export GLOVEPIPE_CPU=portable; env >"task.$K.env"' SBATCH='--comment=mine --job-name=ours' TIME=5 \
        PARTITION=all spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt
    contains "$(<task.2.env)" "GLOVEPIPE_CPU=portable"
    contains "$(<task.1.env)" "SLURM_JOB_NAME=ours"
    contains "$(<task.1.env)" "GLOVEPIPE_JOBS=1"
    rm model.mp
    expect 1 env PARTITION=absent spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp
    contains "$stderr" "sbatch refused"
    [ ! -e model.mp ] || fail "there is a model"
}

@test "a task that is killed: a line says so, and the next run makes its part" {
    samples
    begin
    kill_second
    wait "$spread" && fail "it succeeded"
    contains "$(<messages.txt)" "rf-train: part 2 of 2 failed on node"
    contains "$(<messages.txt)" "status 137, killed by signal 9; its log is model.mp.parts/2.log"
    [ ! -e model.mp ] || fail "there is a model"
    again
}

@test "a task that Slurm ends, as for its time: a line says which, and what Slurm calls it" {
    samples
    begin
    scancel "$(first_job)_2"
    wait "$spread" && fail "it succeeded"
    contains "$(<messages.txt)" "rf-train: part 2 of 2 was ended by Slurm on node"
    contains "$(<messages.txt)" "CANCELLED; its log is model.mp.parts/2.log"
    until_true nothing_queued
    again
}

@test "a task that Slurm queues again has not failed" {
    samples
    begin
    scontrol requeue "$(first_job)_2"
    touch go
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "a failed dependency: with nobody there to see it, what depends on it goes" {
    samples
    begin
    kill -KILL "$spread"
    kill_second
    touch go
    until_true nothing_queued
    [ ! -e model.mp ] && [ ! -e model.mp.parts/whole ] || fail "there is a model"
    again
}

was_cancelled() { [[ $(squeue --noheader --states=all --format '%i %T' --jobs "$1") == *_2\ CANCELLED* ]]; }

@test "jobs that were left over are ended by the next run" {
    samples
    begin
    local before
    before=$(first_job)
    kill -KILL "$spread"
    begin
    until_true was_cancelled "$before"
    touch go
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}

# The last, since it takes a node.
@test "a node dies: its task runs on the other one, to the same bytes" {
    samples
    begin
    "$ROOT/tests/slurm/cluster" kill "$CLUSTER" node2
    touch go
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}
