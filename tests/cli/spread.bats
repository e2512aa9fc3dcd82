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
    for tool in bash env mkdir rm stat make sed awk cat; do ln -s "$(command -v $tool)" "tools/$tool"; done
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
    expect 2 make -f "$ROOT/pipelines/classify.mk" ON=moon TRAIN="$DEMO/train.txt" TEST="$DEMO/test.txt" BIN="$BIN"
    contains "$stderr" "ON=moon: it may be slurm, or not be set"
}
