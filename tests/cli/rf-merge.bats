#!/usr/bin/env bats
# rf-merge: parts of a forest to the forest.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
}

# part RANGE [OPTION...]: grown to RANGE.mp, a part of 20 trees.
part() {
    local range=$1
    shift
    rf-train -q -n 20 --tree-range "$range" "$@" -o "$range.mp" train.mp
}

# refuses STATUS PART ARGUMENT...: no forest, and the message has the part.
refuses() {
    local wanted=$1 part=$2
    shift 2
    expect "$wanted" rf-merge -o model.mp "$@"
    contains "$stderr" "$part"
    [ ! -e model.mp ] || fail "there is a forest"
}

@test "parts in any order are the forest of one run" {
    rf-train -q -n 20 -o one.mp train.mp
    part 0:7 -j1
    part 7:8 -j2
    GLOVEPIPE_CPU=portable part 8:20 -j8
    rf-merge -q -o model.mp 8:20.mp 0:7.mp 7:8.mp
    same_file model.mp one.mp
    rf-merge -q 0:7.mp - 8:20.mp <7:8.mp | cmp - one.mp
    rf-merge -q <(cat 8:20.mp) <(cat 0:7.mp) <(cat 7:8.mp) | cmp - one.mp
}

@test "parts with other options, merged, are the forest of one run with them" {
    local options
    for options in "--criterion entropy --seed 9" "--no-bootstrap --max-features 3" \
        "--max-samples 0.3 --max-depth 5"; do
        # shellcheck disable=SC2086 # several words
        rf-train -q -n 20 $options -o one.mp train.mp
        # shellcheck disable=SC2086
        part 0:13 $options
        # shellcheck disable=SC2086
        part 13:20 $options
        rf-merge -q 0:13.mp 13:20.mp | cmp - one.mp
    done
}

@test "a range of all trees is no part, and is merged as it is" {
    rf-train -q -n 20 -o one.mp train.mp
    part 0:20
    same_file 0:20.mp one.mp
    rf-merge -q one.mp | cmp - one.mp
}

@test "more parts than a process has files open" {
    rf-train -q -n 40 -o one.mp train.mp
    local i
    for i in {0..39}; do
        rf-train -q -n 40 --tree-range "$i:$((i + 1))" -o "$i.mp" train.mp
    done
    (ulimit -Sn 20 && rf-merge -q -o model.mp {0..39}.mp)
    same_file model.mp one.mp
    rm model.mp
    # shellcheck disable=SC2016 # the inner shell's
    expect 1 bash -c 'ulimit -n 20 && rf-merge -q -o model.mp "$@"' - {0..39}.mp
    # glibc's words, and musl's.
    [[ $stderr =~ ": can't open: "("Too many open files"|"No file descriptors available")$ ]] || fail "$stderr"
}

@test "what a part has, and a summary" {
    part 3:10
    expect 0 mp-cat --stats 3:10.mp
    contains "$output" $'\npart       3:10 of 20\n'
    contains "$output" $'\ntrees      7\n'
    part 0:3
    part 10:20
    expect 0 rf-merge -v -o model.mp 0:3.mp 3:10.mp 10:20.mp
    local said=$'\n''rf-merge: 20 trees of 3 parts, in [0-9.]+ s'$'\n''rf-merge: [0-9,]+ nodes$'
    [[ $stderr =~ $said ]] || fail "$stderr"
    expect 0 mp-cat --stats model.mp
    lacks "$output" $'\npart '
    expect 0 rf-merge --progress=always -o model.mp 0:3.mp 3:10.mp 10:20.mp
    contains "$stderr" trees
}

@test "a part does not predict, unless one insists" {
    part 0:12
    expect 3 rf-predict 0:12.mp train.mp
    contains "$stderr" "0:12.mp: is a part of a forest, its trees 0:12 of 20: merge the parts with rf-merge"
    equal "$output" ""
    expect 0 rf-predict --force 0:12.mp train.mp
    contains "$stderr" "warning: 0:12.mp: is a part of a forest"
    rf-train -q -n 12 -o twelve.mp train.mp
    equal "$output" "$(rf-predict -q twelve.mp train.mp)"
}

@test "ranges that are missing or there twice: status 3, and which" {
    part 0:7
    part 7:8
    part 5:20
    part 8:20
    refuses 3 "no part has the trees 7:8 of 20" 0:7.mp 8:20.mp
    refuses 3 "no part has the trees 0:7 of 20" 8:20.mp 7:8.mp
    refuses 3 "no part has the trees 8:20 of 20" 0:7.mp 7:8.mp
    refuses 3 "0:7.mp and 5:20.mp both have the trees 5:7" 5:20.mp 0:7.mp
    refuses 3 "7:8.mp and 7:8.mp both have the trees 7:8" 0:7.mp 7:8.mp 7:8.mp 8:20.mp
    rf-train -q -n 20 -o one.mp train.mp
    refuses 3 "one.mp and 8:20.mp both have the trees 8:20" one.mp 8:20.mp
}

@test "parts of different options: status 3, and which" {
    part 0:7
    part 7:20 --seed 1
    refuses 3 "0:7.mp and 7:20.mp were made with different options: not the same --seed" \
        0:7.mp 7:20.mp
    part 7:20 --max-depth 3
    refuses 3 "not the same --max-depth" 0:7.mp 7:20.mp
    rf-train -q -n 21 --tree-range 7:21 -o 7:21.mp train.mp
    refuses 3 "not the same --trees" 0:7.mp 7:21.mp
}

@test "parts of different samples: status 3, and whose" {
    part 0:7
    head -n 300 "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o few.mp -
    rf-train -q -n 20 --tree-range 7:20 -o few:7:20.mp few.mp
    refuses 3 "0:7.mp and few:7:20.mp were grown from different samples" 0:7.mp few:7:20.mp
}

@test "samples that differ in their values alone are told apart at the end" {
    need_python msgpack numpy
    "$PYTHON" -c '
import sys
sys.path.insert(0, sys.argv[1])
import numpy, streams
x = numpy.random.default_rng(0).random((30, 3), dtype="f4")
streams.write_samples("a.mp", x, "ab" * 15)
x[7, 1] += 1
streams.write_samples("b.mp", x, "ab" * 15)
' "$ROOT/tests/oracle"
    rf-train -q -n 4 --tree-range 0:2 -o 0.mp a.mp
    rf-train -q -n 4 --tree-range 2:4 -o 1.mp b.mp
    refuses 3 "0.mp and 1.mp were grown from different samples" 0.mp 1.mp
}

@test "parts that are cut, changed, or no forest" {
    part 0:7
    part 7:20
    head -c -1 7:20.mp >cut.mp
    refuses 4 "cut.mp: upstream ended early" 0:7.mp cut.mp
    head -c 900 0:7.mp >cut.mp
    refuses 4 "cut.mp: upstream ended early" cut.mp 7:20.mp
    { head -c 900 0:7.mp; printf 'x'; tail -c +902 0:7.mp; } >changed.mp
    refuses 3 "changed.mp: byte" changed.mp 7:20.mp
    refuses 3 "this stream holds samples, and a forest is needed here" 0:7.mp train.mp
    refuses 3 "not a glovepipe stream" "$DEMO/train.txt"
    refuses 1 none.mp none.mp
    refuses 2 "no parts"
    refuses 2 "standard input can't be read twice" - -
    only_files . 0:7.mp 7:20.mp changed.mp cut.mp train.mp vectors.mp
}

@test "wrong ranges: status 2, and what would be right" {
    local range
    for range in 3 3- 3:3 4:3 -1:3 :3 3: 3:x x:3 3:4:5 "3: 4"; do
        expect 2 rf-train -n 20 --tree-range "$range" -o model.mp train.mp
        contains "$stderr" --tree-range
    done
    expect 2 rf-train -n 20 --tree-range 19:21 -o model.mp train.mp
    contains "$stderr" "a forest of 20 trees, as --trees says, has the trees 0:20"
    only_files . train.mp vectors.mp
}
