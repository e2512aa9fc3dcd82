#!/usr/bin/env bats
# pipelines/slurm.mk and spread on a cluster of two nodes, all of them this machine.

load helpers

setup_file() {
    need_cluster
    export CLUSTER=$BATS_FILE_TMPDIR/cluster SLURM_CONF=$BATS_FILE_TMPDIR/cluster/slurm.conf
    mkdir "$CLUSTER"
    timeout 60 "$ROOT/tests/slurm/cluster" start "$CLUSTER" 2 || fail "$(tail -n 3 "$CLUSTER"/*.out "$CLUSTER"/*.log 2>&1)" "$CLUSTER"
}

teardown_file() {
    [ ! -e "$CLUSTER/slurm.conf" ] || "$ROOT/tests/slurm/cluster" stop "$CLUSTER"
}

# What the cluster is made of; without it all tests here are skipped.
need_cluster() {
    local program
    for program in slurmctld slurmd sbatch munged unshare ss; do
        command -v "$program" >/dev/null || skip "no $program: ./setup check-slurm installs it"
    done
}

setup() {
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
    mkdir bin
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

both_took() { [ -e node1.took ] && [ -e node2.took ]; }

@test "the same make command on two nodes makes the same bytes, and a second one nothing" {
    make -s --no-print-directory -f "$ROOT/pipelines/classify.mk" BIN="$BIN" TRAIN="$DEMO/train.txt" \
        TEST="$DEMO/test.txt" FEATURES=linear OUT=one TREES=20 >/dev/null
    in_slurm NODES=2 >report.txt 2>messages.txt
    local file
    for file in linear.mp train.mp test.mp model.mp test-predicted.mp; do
        same_file "out/$file" "one/$file"
    done
    contains "$(<messages.txt)" "spread: rf-train: 2 of 2 parts"
    contains "$(<report.txt)" "test accuracy"
    [ -z "$(find out -name '*.parts')" ] || fail "parts are left"
    local before
    before=$(stat -c '%n %i %y' out/*.mp)
    in_slurm NODES=2 >again.txt 2>messages.txt
    same_file again.txt out/report.txt
    equal "$(stat -c '%n %i %y' out/*.mp)" "$before"
    equal "$(<messages.txt)" ""
}

@test "with vectors, of which only the texts' words are loaded" {
    local settings=(FEATURES=both VECTORS="$DEMO/vectors.zip" WORDS=texts TRAIN="$DEMO/train.txt"
        TEST="$DEMO/test.txt" BIN="$BIN" TREES=20)
    make -s --no-print-directory -f "$ROOT/pipelines/classify.mk" "${settings[@]}" OUT=one >/dev/null
    make -s --no-print-directory -f "$ROOT/pipelines/classify.mk" "${settings[@]}" OUT=out ON=slurm NODES=2 \
        >report.txt 2>messages.txt
    local file
    for file in words.txt vectors.mp train.mp model.mp; do same_file "out/$file" "one/$file"; done
}

@test "both nodes work, on parts of their own" {
    samples
    slow
    touch wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local spread=$!
    until_true both_took
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
case "\$*" in *10:20*) [ -e full ] && exec "$BIN/rf-train" --tree-range 10:20 -n 20 -q train.mp >/dev/full ;; esac
exec "$BIN/rf-train" "\$@"
END
    chmod +x bin/rf-train
    touch full
    PATH=$PWD/bin:$PATH expect 1 spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp
    contains "$stderr" "part 2 of 2 failed on node"
    contains "$stderr" "status 1"
    contains "$stderr" "No space left on device"
    until_true [ -e model.mp.parts/1.mp ]
    local before
    before=$(stat -c %i model.mp.parts/1.mp)
    rm full
    PATH=$PWD/bin:$PATH spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local spread=$!
    until_true [ -e model.mp.parts/2.command ]
    [ ! -e model.mp.parts/1.mp ] || equal "$(stat -c %i model.mp.parts/1.mp)" "$before"
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "interrupted, and run again: what is whole is kept, what is cut is made again" {
    samples
    slow
    rf-train -q -n 20 --tree-range 0:10 -o first.mp train.mp
    touch wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local spread=$!
    until_true both_took
    cp first.mp model.mp.parts/1.mp
    kill -TERM "$spread"
    wait "$spread" && fail "it was not interrupted"
    contains "$(<messages.txt)" "interrupted; 1 of 2 parts are kept in model.mp.parts"
    until_true nothing_queued
    head -c 3000 first.mp >model.mp.parts/2.mp
    rm wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt
    rf-train -q -n 20 train.mp | cmp - model.mp
}

@test "parts of another command or input are not taken" {
    samples
    rf-train -q -n 20 --seed 9 --tree-range 0:10 -o other.mp train.mp
    slow
    touch wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local spread=$!
    until_true both_took
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
    expect 1 env PARTITION=absent spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp
    contains "$stderr" "sbatch refused"
    [ ! -e model.mp ] || fail "there is a model"
}

# The last, since it takes a node.
@test "a node dies: its task runs on the other one, to the same bytes" {
    samples
    slow
    touch wait
    spread -n 2 -- rf-train -q -n 20 -o model.mp train.mp 2>messages.txt &
    local spread=$!
    until_true both_took
    "$ROOT/tests/slurm/cluster" kill "$CLUSTER" node2
    touch go
    wait "$spread"
    rf-train -q -n 20 train.mp | cmp - model.mp
}
