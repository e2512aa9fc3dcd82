#!/usr/bin/env bats
# rf-train: going on from what was grown before.

load helpers
load forests

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

# ---- going on from what was grown before ----

@test "a warm start: the first trees stay, and the forest is that of one run" {
    demo_samples
    rf-train -q -n 20 -o one.mp train.mp
    local count jobs
    for count in 1 13 20; do
        rf-train -q -n "$count" -o first.mp train.mp
        for jobs in 1 2 8; do
            rf-train -q -n 20 -j "$jobs" --warm-start first.mp train.mp | cmp - one.mp
        done
    done
    rf-train -q -n 20 --warm-start - train.mp <first.mp | cmp - one.mp
    rf-train -q -n 20 --warm-start first.mp - <train.mp | cmp - one.mp
    # The trees that stay are not grown: no path was taken.
    expect 0 rf-train -v -n 20 --warm-start first.mp -o model.mp train.mp
    contains "$stderr" "20 of 20 trees were grown before"
    lacks "$stderr" paths
    rf-train -q -n 1 -o first.mp train.mp
    expect 0 rf-train -n 1 --warm-start first.mp -o model.mp train.mp
    contains "$stderr" "1 of 1 tree was grown before"
    expect 0 rf-train -n 2 --warm-start first.mp -o model.mp train.mp
    contains "$stderr" "1 of 2 trees was grown before"
}

@test "a warm start of a part" {
    demo_samples
    rf-train -q -n 20 --tree-range 5:15 -o part.mp train.mp
    rf-train -q -n 20 --tree-range 5:8 -o first.mp train.mp
    rf-train -q -n 20 --tree-range 5:15 --warm-start first.mp train.mp | cmp - part.mp
    refuses 3 "first.mp: has the trees 5:8, and the trees 0:3 are wanted" \
        --warm-start first.mp train.mp
}

@test "a warm start from other samples, options, trees, or a broken model is refused" {
    demo_samples
    rf-train -q -n 3 --criterion entropy -o other.mp train.mp
    refuses 3 "other.mp and this forest were made with different options: not the same --criterion" \
        --warm-start other.mp train.mp
    head -n 300 "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o few.mp -
    rf-train -q -n 3 -o other.mp few.mp
    refuses 3 "other.mp and this forest were grown from different samples" \
        --warm-start other.mp train.mp
    rf-train -q -n 4 -o other.mp train.mp
    refuses 3 "other.mp: has the trees 0:4, and the trees 0:3 are wanted" \
        --warm-start other.mp train.mp
    rf-train -q -n 3 -o first.mp train.mp
    head -c -1 first.mp >cut.mp
    refuses 4 "cut.mp: upstream ended early" --warm-start cut.mp train.mp
    { head -c 900 first.mp; printf x; tail -c +902 first.mp; } >changed.mp
    refuses 3 "changed.mp: byte" --warm-start changed.mp train.mp
    refuses 2 "standard input can't be read twice" --warm-start -
    only_files . changed.mp cut.mp few.mp first.mp other.mp train.mp vectors.mp
}

@test "a checkpoint that was cut anywhere: the same bytes, in forest and checkpoint" {
    demo_samples
    rf-train -q -n 9 -o one.mp train.mp
    rf-train -q -n 9 --checkpoint whole train.mp | cmp - one.mp
    expect 0 mp-cat --check whole
    local size at kept fewer=0
    size=$(stat -c %s whole)
    for ((at = 0; at <= size; at += at < size - 100 ? size / 40 : 13)); do
        head -c "$at" whole >cut.c
        expect 0 rf-train -n 9 --checkpoint cut.c -o model.mp train.mp
        lacks "$stderr" warning
        same_file model.mp one.mp
        same_file cut.c whole
        kept=$(sed -n 's/^rf-train: \([0-9]*\) of 9 trees were grown before$/\1/p' <<<"$stderr")
        [ "${kept:-0}" -ge "$fewer" ] || fail "$kept trees kept of $at bytes, $fewer of fewer"
        fewer=${kept:-0}
    done
    equal "$fewer" 9
}

@test "a checkpoint with a changed byte: what is behind it is grown again" {
    demo_samples
    rf-train -q -n 9 --checkpoint whole -o one.mp train.mp
    local size at
    size=$(stat -c %s whole)
    for ((at = size / 3; at < size; at += size / 23)); do
        { head -c "$at" whole; head -c $((at + 1)) whole | tail -c 1 | tr '\000-\377' '\001-\377\000'
            tail -c +$((at + 2)) whole; } >changed
        expect 0 rf-train -n 9 --checkpoint changed -o model.mp train.mp
        contains "$stderr" "warning: changed: byte"
        same_file model.mp one.mp
        same_file changed whole
    done
}

@test "a checkpoint with a warm start, and of a part" {
    demo_samples
    rf-train -q -n 9 -o one.mp train.mp
    rf-train -q -n 4 -o first.mp train.mp
    rf-train -q -n 9 --checkpoint whole -o model.mp train.mp
    head -c 3000 whole >a
    head -c 6000 whole >b
    local file
    for file in a b none; do
        rf-train -q -n 9 --warm-start first.mp --checkpoint $file train.mp | cmp - one.mp
        same_file $file whole
    done
    rf-train -q -n 9 --tree-range 3:7 --checkpoint part.c -o part.mp train.mp
    head -c 3000 part.c >cut.c
    rf-train -q -n 9 --tree-range 3:7 --checkpoint cut.c train.mp | cmp - part.mp
    same_file cut.c part.c
}

@test "a file that is no checkpoint of this forest is left as it is" {
    demo_samples
    rf-train -q -n 3 --seed 5 --checkpoint other -o other.mp train.mp
    cp other other.was
    refuses 3 "not the same --seed" --checkpoint other train.mp
    same_file other other.was
    cp train.mp samples
    refuses 3 "holds samples, and a forest is needed" --checkpoint samples train.mp
    same_file samples train.mp
    rf-train -q -n 3 -o plain train.mp
    refuses 3 "plain: is a forest and no checkpoint" --checkpoint plain train.mp
    refuses 3 "not a glovepipe stream" --checkpoint "$DEMO/train.txt" train.mp
    refuses 2 "name a file" --checkpoint - train.mp
    refuses 2 "can't both go to model.mp" --checkpoint model.mp train.mp
    refuses 2 "would write over the model" --checkpoint plain --warm-start plain train.mp
    rf-train -q -n 3 --tree-range 1:2 --checkpoint part -o part.mp train.mp
    refuses 3 "part: is of the trees 1:2, and the trees 0:3 are wanted" --checkpoint part train.mp
    refuses 2 "no regular file" --checkpoint /dev/null train.mp
    refuses 1 "nowhere/c" --checkpoint nowhere/c train.mp
}

@test "a checkpoint that another run is writing is refused" {
    need_python fcntl
    demo_samples
    rf-train -q -n 3 --checkpoint c -o one.mp train.mp
    expect 2 "$PYTHON" -c '
import fcntl, subprocess, sys
with open("c", "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX)
    sys.exit(subprocess.run(["rf-train", "-n", "3", "--checkpoint", "c", "-o", "model.mp",
                             "train.mp"]).returncode)'
    contains "$stderr" "c: another run is writing it"
    [ ! -e model.mp ]
}

@test "a checkpoint where there are no locks: the same bytes, with a warning" {
    need_inject
    demo_samples
    rf-train -q -n 9 --checkpoint whole -o one.mp train.mp
    head -c 3000 whole >cut.c
    local cause
    for cause in ENOSYS ENOLCK EOPNOTSUPP EINVAL; do
        cp cut.c c
        expect 0 env LD_PRELOAD="$INJECT" INJECT_WITHOUT=locks \
            INJECT_ERRNO="$("$PYTHON" -c "import errno; print(errno.$cause)")" \
            rf-train -n 9 --checkpoint c -o model.mp train.mp
        contains "$stderr" "rf-train: warning: goes on without a lock of the checkpoint, which no other run must write: $("$PYTHON" -c "import errno, os; print(os.strerror(errno.$cause))")"
        same_file one.mp model.mp
        same_file whole c
    done
    expect 1 env LD_PRELOAD="$INJECT" INJECT_WITHOUT=locks INJECT_ERRNO=5 \
        rf-train -n 9 --checkpoint c -o none.mp train.mp
    contains "$stderr" "c: can't lock it: Input/output error"
    [ ! -e none.mp ]
}
