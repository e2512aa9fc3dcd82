#!/usr/bin/env bats
# pipelines/spread without a cluster: what it says.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir bin
    PATH=$BATS_TEST_TMPDIR/bin:$ROOT/pipelines:$PATH
}

# Links to what spread needs, without Slurm's programs, which may lie beside them.
only_tools() {
    local tool
    mkdir tools
    for tool in bash env mkdir rm stat make sed awk cat grep; do ln -s "$(command -v $tool)" "tools/$tool"; done
    PATH=$PWD/tools:$BIN "$@"
}

@test "without Slurm it says what it needs" {
    expect 1 only_tools bash "$ROOT/pipelines/spread" -n 2 -- rf-train -o model.mp train.mp
    contains "$stderr" "Slurm's sbatch is not here: run this where jobs are submitted from"
    expect 2 only_tools make -f "$ROOT/pipelines/slurm.mk" TRAIN="$DEMO/train.txt" TEST="$DEMO/test.txt" BIN="$BIN"
    contains "$stderr" "ON=slurm needs Slurm: there is no sbatch here"
}

@test "wrong arguments" {
    expect 1 spread -n 0 -- rf-train -o model.mp train.mp
    contains "$stderr" "-n '0' is no number of nodes"
    expect 1 spread -n 2
    contains "$stderr" "name a command, with -o FILE"
    ln -s /bin/true bin/sbatch
    expect 1 spread -n 2 -- rf-train train.mp
    contains "$stderr" "the command has no -o FILE"
    expect 1 spread -- vectorize -o samples.mp --linear linear.mp -
    contains "$stderr" "'vectorize -' reads what no task of a cluster has, its standard input"
    expect 1 spread -- rf-train -o model.mp --oob - train.mp
    contains "$stderr" "a job has no standard output: name a file"
    expect 1 spread -- rf-train -o model.mp --trees=many train.mp
    contains "$stderr" "--trees 'many' is no number of trees"
    expect 2 make -f "$ROOT/pipelines/classify.mk" ON=moon TRAIN="$DEMO/train.txt" TEST="$DEMO/test.txt" BIN="$BIN"
    contains "$stderr" "ON=moon: it may be slurm, or not be set"
}

# sbatch that refuses, after which the commands of the parts are there to look at.
commands_of() {
    printf '#!/bin/sh\nexit 1\n' >bin/sbatch
    chmod +x bin/sbatch
    rm -rf model.mp.parts
    expect 1 spread "$@"
    contains "$stderr" "sbatch refused the job"
}

@test "options are understood in all their forms, and commands keep their words" {
    local form
    for form in "-n 10 -o model.mp" "-n10 -omodel.mp" "--trees 10 --output model.mp" "--trees=10 --output=model.mp"; do
        # shellcheck disable=SC2086 # several words
        commands_of -n 2 -- rf-train $form train.mp
        contains "$(<model.mp.parts/2.command)" "'-o' 'model.mp.parts/2.mp' '--tree-range' '5:10'"
    done
    commands_of -n 2 -- linear-train -o model.mp --text-column "the body" $'it\'s.csv'
    contains "$(<model.mp.parts/1.command)" "'-o' 'model.mp.parts/1.mp' '--part' '1/2' '--text-column' 'the body' 'it'\''s.csv'"
}

@test "what writes a file beside its result, or says itself which part it does, is one job" {
    local option
    for option in --defects=file --checkpoint=file --warm-start=file --tree-range=0:5; do
        commands_of -n 2 -- rf-train "$option" -o model.mp train.mp
        [ ! -e model.mp.parts/1.command ] || fail "$option: there are parts"
        contains "$(<model.mp.parts/whole.command)" "'rf-train' '$option' '-o' 'model.mp.parts/whole' 'train.mp'"
    done
}

# sbatch that runs a job at once, of an array both tasks.
@test "with --, and by POSIXLY_CORRECT, options are taken for options" {
    printf '%s\n' '#!/bin/sh' 'for script; do :; done' 'tasks=whole' 'case "$*" in *--array=1,2*) tasks="1 2" ;; esac' \
        'for k in $tasks; do SLURM_ARRAY_TASK_ID=${k#whole} bash "$script" >/dev/null 2>&1; done' 'echo 1' >bin/sbatch
    chmod +x bin/sbatch
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --linear linear.mp -o train.mp "$DEMO/train.txt"
    rf-train -q -n 4 --oob one.oob -o one.mp train.mp
    expect 0 spread -n 2 -- rf-train -n 4 --oob got.oob -o got.mp -- train.mp
    same_file one.mp got.mp
    same_file one.oob got.oob
    expect 0 env POSIXLY_CORRECT=1 "$ROOT/pipelines/spread" -n 2 -- linear-train -o got.mp "$DEMO/train.txt"
    same_file linear.mp got.mp
    expect 0 env POSIXLY_CORRECT=1 "$ROOT/pipelines/spread" -n 2 -- vectorize -o got.mp --linear linear.mp "$DEMO/train.txt"
    same_file train.mp got.mp
    commands_of -- nice rf-train -o model.mp -- train.mp # another program, whose own options are not those
    contains "$(<model.mp.parts/whole.command)" "'nice' 'rf-train' '-o' 'model.mp.parts/whole' '--' 'train.mp'"
}

# ":" is this machine, without ssh.
@test "GNU parallel as glovepipe-cluster(7) has it, and texts labelled in pieces" {
    need_program parallel
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --linear linear.mp -o train.mp "$DEMO/train.txt"
    sed -n '/^parallel/,/^\.Ed/p' "$ROOT/man/glovepipe-cluster.7" | sed '/^\.Ed/d; s/\\e$/\\/; s/one,two/:/' >commands
    [ "$(wc -l <commands)" -eq 4 ] || fail "$(<commands)"
    bash -e commands
    rf-train -q -n 200 train.mp | cmp - model.mp
    cut -f 2- "$DEMO/test.txt" >texts.txt
    sed -n '/^split/,/^\.Ed/p' "$ROOT/man/glovepipe-cluster.7" | sed '/^\.Ed/d' >one
    local k
    for k in 1 2 3 4; do sed "s|l/3/64|l/$k/4|; s|labels.3|labels.$k|" one | bash -e; done 2>/dev/null
    vectorize -q --no-label --linear linear.mp texts.txt | rf-predict -q --labels-only model.mp | cmp - <(cat labels.[1-4])
}

# Before the first task 1 s, between two 0.5, to the joining job 2, to the end 1; tasks of 3 s, whose
# CPU takes 1 + 4 / parts; with four nodes 1 + 2 + 2 + 1 + 1.
@test "the model of a cluster foretells what was worked out by hand" {
    need_python statistics
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        s 2 1 a 101 104 3 s 2 2 b 101 104 3 s 2 whole a 106 107 1 s 2 spread - 100 108 0 \
        s 4 1 a 201 204 2 s 4 2 b 201 204 2 s 4 3 a 204.5 207.5 2 s 4 4 b 204.5 207.5 2 \
        s 4 whole a 209.5 210.5 1 s 4 spread - 200 211.5 0 >tasks.tsv
    expect 0 "$PYTHON" "$ROOT/tests/slurm/replay" . 1 4
    contains "$output" "to the first task 1.00, between tasks 0.50, to the joining job 2.00, to the end 1.00"
    [[ $output =~ s\ +2\ +8.0\ s\ +8.0\ s.*s\ +4\ +11.5\ s\ +11.5\ s ]] || fail "$output"
    contains "$output" "s: 1.00 s in every part, 4.00 s that are shared out, 1.00 s to join"
    contains "$output" "4 nodes        7.0 s,    0.7 times as fast as one"
}

@test "a signal ends it: its jobs are cancelled, what is whole is kept, the status says which" {
    local signals=([143]=TERM [129]=HUP) wanted status
    printf '#!/bin/sh\nread -r id <id\nid=$((id + 1))\necho $id | tee id\n' >bin/sbatch
    printf '#!/bin/sh\necho "$@" >cancelled\n' >bin/scancel
    chmod +x bin/*
    for wanted in "${!signals[@]}"; do
        rm -rf model.mp.parts cancelled
        echo 6 >id
        env --default-signal=HUP SPREAD_POLL=0.05 spread -n 2 -- rf-train -n 10 -o model.mp train.mp 2>messages 3>&- &
        until [ "$(cat model.mp.parts/jobs 2>/dev/null)" = "7 8" ]; do sleep 0.01; done
        kill "-${signals[wanted]}" $!
        status=0
        wait $! || status=$?
        equal "$status" "$wanted"
        equal "$(cat cancelled)" "7 8"
        contains "$(cat messages)" "interrupted; 0 of 2 parts are kept in model.mp.parts"
    done
    # The same while a job is submitted, whose number is not known yet.
    printf '#!/bin/sh\necho >begun\nsleep 0.5\necho 7\n' >bin/sbatch
    rm -rf model.mp.parts cancelled
    spread -n 2 -- rf-train -n 10 -o model.mp train.mp 2>messages 3>&- &
    until [ -e begun ]; do sleep 0.01; done
    kill -TERM $!
    status=0
    wait $! || status=$?
    equal "$status" 143
    equal "$(cat cancelled)" 7
}
