#!/usr/bin/env bats
# tests/run counts what suites say, and what they fail to say.

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR"
}

# suite NAME: a program from the script on stdin
suite() {
    { echo '#!/bin/sh' && cat; } >"$1"
    chmod +x "$1"
}

# tally STATUS LINE SUITE...: the runner's exit status and last line
tally() {
    local wanted=$1 line=$2
    shift 2
    expect "$wanted" "$ROOT/tests/run" -j 2 results "$@"
    equal "${output##*$'\n'}" "$line"
}

@test "passed tests of several suites are added up" {
    suite ./one <<<'printf "1..2\nok 1 - a\nok 2 - b\n"'
    suite ./two <<<'printf "ok 1 - a\n1..1\n"'
    tally 0 "3 passed, 0 failed" ./one ./two
}

@test "a failed test is shown with its comments" {
    suite ./one <<<'printf "1..2\nok 1 - a\nnot ok 2 - b\n# 1 is not 2\n"; exit 1'
    tally 1 "1 passed, 1 failed" ./one
    contains "$output" "not ok 2 - b"
    contains "$output" "# 1 is not 2"
}

@test "skipped tests are no passed ones, in the manner of bats and of cmocka" {
    suite ./one <<<'printf "1..3\nok 1 a # skip no data\nnot ok 2 # SKIP b\nok 3 c\n"'
    tally 0 "1 passed, 0 failed, 2 skipped" ./one
    contains "$output" "# skip no data"
}

@test "a suite that says nothing has failed" {
    suite ./one <<<'exit 0'
    tally 1 "0 passed, 1 failed" ./one
}

@test "a suite that crashes half way has failed" {
    suite ./one <<<'printf "1..2\nok 1 - a\n"; kill -SEGV $$'
    tally 1 "1 passed, 1 failed" ./one
}

@test "an exit status counts where no test does" {
    suite ./one <<<'printf "1..1\nok 1 - a\n"; echo leak found >&2; exit 23'
    tally 1 "1 passed, 1 failed" ./one
    contains "$output" "exit status 23"
    contains "$output" "leak found"
}

@test "a suite that hangs is stopped, with its children" {
    need_program timeout pgrep
    suite ./one <<<'printf "1..1\n"; sleep 61.7; echo ok 1'
    SUITE_SECONDS=1 tally 1 "0 passed, 1 failed" ./one
    contains "$output" "ran for too long"
    equal "$(pgrep -f 'sleep 61\.7' || true)" ""
}

@test "several cmocka groups in one program" {
    suite ./one <<<'printf "1..1\nok 1 - a\n# ok - g\n1..2\nok 1 - a\nok 2 - b\n"'
    tally 0 "3 passed, 0 failed" ./one
}

@test "results of an earlier run don't count" {
    suite ./one <<<'printf "1..1\nok 1 - a\n"'
    suite ./two <<<'printf "1..1\nnot ok 1 - a\n"'
    tally 1 "0 passed, 1 failed" ./two
    tally 0 "1 passed, 0 failed" ./one
}

@test "a run that goes on does not run again what passed, and counts it" {
    suite ./one <<<'echo >>one.ran; printf "1..2\nok 1 - a\nok 2 - b # skip no data\n"'
    suite ./two <<<'echo >>two.ran; printf "1..1\n%s 1 - a\n" "$(cat says 2>/dev/null || echo not ok)"'
    suite ./three <<<'printf "1..1\nok 1 - a${RESUME+ and more}\n"'
    tally 1 "1 passed, 1 failed, 1 skipped" ./one ./two
    echo ok >says
    RESUME=yes tally 0 "3 passed, 0 failed, 1 skipped" ./one ./two ./three
    contains "$output" "# skip no data"
    equal "$(wc -l <one.ran) $(wc -l <two.ran) $(grep ok results/*three.tap)" "1 2 ok 1 - a"
    tally 0 "2 passed, 0 failed, 1 skipped" ./one ./two
    equal "$(wc -l <one.ran)" 2
}

@test "the ranks: an include upwards, past a door, or of a stranger's library, and a page of other doors, are found" {
    mkdir -p tree/tests tree/tools tree/common/{base,stream,run,odd}
    cp "$ROOT/tests/ranks" tree/tests
    echo '#include "stream/x.h"' >tree/common/base/a.c
    echo '#include "base/a.h"' >tree/common/stream/b.c
    echo '#include <msgpack.h>' >tree/common/base/c.h
    echo '#include "x.h"' >tree/common/stream/d.c
    echo '#include "base/a.h"' >tree/common/odd/e.c
    printf '#include "stream/%s.h"\n' frame stream >tree/common/run/f.c
    echo '#include "par/pipeline.h"' >tree/tools/g.c
    printf '| `par` | threads | `base` | `pipeline`, `prefault`; `team`, `queue` | |\n' >tree/CONTRIBUTING.md
    expect 1 tree/tests/ranks
    contains "$output" 'common/base/a.c:1: "stream/x.h" is not below base'
    contains "$output" 'common/base/c.h:1: <msgpack.h> belongs to msgpack'
    contains "$output" 'common/stream/d.c:1: "x.h" is not a header of a ranked folder'
    contains "$output" 'common/odd/e.c: its folder has no rank'
    contains "$output" 'common/run/f.c:1: "stream/frame.h" is no door of stream'
    contains "$output" 'tools/g.c:1: "par/pipeline.h" is not below tools'
    contains "$output" 'score/sheet.h: nobody enters by this door'
    contains "$output" 'it lacks par/workers.h'
    contains "$output" 'par/queue.h is no door'
    lacks "$output" 'it lacks par/team.h'
    lacks "$output" 'stream/b.c'
    lacks "$output" 'run/f.c:2'
    lacks "$output" 'stream/stream.h: nobody'
}

@test "no suite at all is an error: a name may be misspelt" {
    expect 2 "$ROOT/tests/run" -j 2 results
    contains "$stderr" "no suite: does ONLY name one?"
}

# suites TARGET WORDS: those that make would run
suites() {
    env -u MAKEFLAGS -u MFLAGS -u LONG make -n -C "$ROOT" "$1" ONLY="$2" | grep -o ' build/tests/results .*' | tr -s ' '
}

@test "ONLY names suites by their folders too, and the long ones" {
    equal "$(suites check-long schedule)" " build/tests/results tests/schedule/long "
    equal "$(suites check cli/runner)" " build/tests/results tests/cli/runner.bats "
}

@test "fuzzing for a while makes what all targets start from once" {
    mkdir -p b-fuzz/fuzz b-fuzz/bin
    local target
    while read -r target _; do
        suite "b-fuzz/fuzz/$target" <<<'echo "#7 DONE cov: 3"'
    done < <(sed 's/#.*//' "$ROOT/tests/fuzz/targets" | grep .)
    suite seeding <<<'echo "$1" >>"$(dirname "$0")/seeded"'
    BUILD=$PWD/b PYTHON=$PWD/seeding expect 0 "$ROOT/tests/fuzz/long"
    equal "$(wc -l <seeded)" 1
    contains "$output" "ok 1 - "
    lacks "$output" "not ok"
}
