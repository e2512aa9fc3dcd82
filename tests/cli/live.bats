#!/usr/bin/env bats
# As it comes: each line is answered before the next one is there; answers are those of files; what
# is killed or cut on the way leaves nothing that passes for whole.

load helpers

setup_file() {
    export MODEL=$BATS_FILE_TMPDIR/model
    glovepipe train -q --trees 20 --vectors "$DEMO/vectors.txt" -o "$MODEL" "$DEMO/train.txt"
}

setup() {
    cd "$BATS_TEST_TMPDIR"
    need_python zlib
    head -n 40 "$DEMO/test.txt" >labelled
    printf '%s\n' $'sport\ta' $'sport\t' $'\t' >>labelled # short ones, and none
    cut -f 2- labelled >texts
}

# live [OPTION...] TEXTS COMMAND
live() {
    timeout 60 "$PYTHON" "$ROOT/tests/cli/live.py" "$@"
}

@test "each line is answered before the next: vectors, evidence, both; any -j; with labels" {
    local sources jobs
    for sources in "--vectors $MODEL/vectors.mp" "--linear $MODEL/linear.mp" \
        "--vectors $MODEL/vectors.mp --linear $MODEL/linear.mp"; do
        # shellcheck disable=SC2086 # options
        vectorize -q $sources "$DEMO/train.txt" | rf-train -q -n 10 -o model.mp
        # shellcheck disable=SC2086
        vectorize -q $sources labelled | rf-predict -q --proba --header never model.mp >wanted
        for jobs in 1 2; do
            live labelled "vectorize -q -j$jobs $sources - |
                rf-predict -q -j$jobs --proba --header never model.mp" >answers
            same_file wanted answers
            live texts "vectorize -q -j$jobs --no-label $sources - |
                rf-predict -q -j$jobs --proba --header never model.mp" >answers
            same_file <(cut -f 2- wanted) answers
        done
    done
}

@test "lines that come in pieces, and gzipped" {
    glovepipe predict "$MODEL" texts >wanted
    live --pieces texts "glovepipe predict $MODEL" >answers
    same_file wanted answers
    live --gzip texts "glovepipe predict $MODEL -" >answers
    same_file wanted answers
    live --gzip --pieces texts "GLOVEPIPE_INFLATE=zlib glovepipe predict $MODEL" >answers
    same_file wanted answers
}

@test "--skip-bad: what can't be read is told at once, and what comes behind it answered" {
    mkfifo lines
    glovepipe predict --skip-bad --from json "$MODEL" lines >answers 2>told &
    exec 4>lines
    printf '{"text": "the keeper saved the penalty"}\n{"text"\n' >&4
    for ((i = 0; i < 300; i++)); do
        ! grep -q "lines:2: byte 8: .*: left out" told || break
        sleep 0.1
    done
    equal "$(wc -l <answers)" 1
    printf '{}\n{"text": "the band played on"}\n' >&4
    exec 4>&-
    wait $!
    equal "$(wc -l <answers)" 2
    contains "$(cat told)" "2 documents are left out, which can't be read (first: lines:2: "
}

@test "a stream of predictions is handed on row by row, too" {
    need_python msgpack
    cat >rows.py <<'PYTHON'
import msgpack, sys
records = msgpack.Unpacker(raw=False)
while chunk := sys.stdin.buffer.read1():
    records.feed(chunk)
    for record in records:
        if "n" in record:
            print("\n".join(["row"] * record["n"]), flush=True)
PYTHON
    live texts "vectorize -q --no-label --vectors $MODEL/vectors.mp --linear $MODEL/linear.mp - |
        rf-predict -q --format mp $MODEL/model.mp | $PYTHON rows.py" >rows
    equal "$(sort rows | uniq -c | tr -s ' ')" " $(wc -l <texts) row"
}

@test "blocks end where lines were waited for, and nothing else differs" {
    local sources="--vectors $MODEL/vectors.mp --linear $MODEL/linear.mp"
    # shellcheck disable=SC2086 # options
    vectorize -q $sources -o file.mp labelled
    live labelled "vectorize -q $sources - | tee live.mp | rf-predict -q $MODEL/model.mp" >/dev/null
    contains "$(mp-cat --stats live.mp)" "blocks     $(wc -l <labelled)"
    contains "$(mp-cat --stats file.mp)" "blocks     1"
    same_file <(mp-cat file.mp) <(mp-cat live.mp)
    same_file <(mp-cat --lineage file.mp) <(mp-cat --lineage live.mp)
}

watch() {
    make --no-print-directory -f "$ROOT/pipelines/watch.mk" BIN="$BIN" "$@"
}

# live_watch OPTION TEXTS MODEL: the lines of TEXTS are added to a log that is watched.
live_watch() {
    rm -f log
    live "$1" "$2" "exec 3<&0; cat <&3 >>log & exec make --no-print-directory LINES=+1 \
        -f $ROOT/pipelines/watch.mk BIN=$BIN MODEL=$3 FILE=log"
}

@test "watch.mk answers what is added to a log" {
    expect 2 watch MODEL="$MODEL"
    contains "$stderr" "FILE= is not set"
    expect 2 watch MODEL=nowhere FILE=log
    contains "$stderr" "nowhere: holds no model.mp"
    expect 2 watch MODEL="$MODEL" FILE="a log"
    contains "$stderr" "path with spaces"
    expect 2 watch MODEL="$MODEL" FILE='x;id>INJ'
    contains "$stderr" "make can't take the ; of this"
    expect 2 watch MODEL="$MODEL" FILE=.
    contains "$stderr" "FILE=.: is a folder"
    expect 2 watch MODEL="$MODEL" FILE=log LINES=abc
    contains "$stderr" "LINES=abc: is no number of lines"
    contains "$(LINES=24 watch -n MODEL="$MODEL" FILE=log)" "tail -q -n 0 -F log" # a terminal's
    contains "$(watch -n MODEL="$MODEL" FILE=log READ='--keep line')" "--no-label --keep line --"
    glovepipe predict "$MODEL" texts >wanted
    live_watch --forever texts "$MODEL" >answers
    same_file wanted answers
    printf '%s\n' 'FEATURES=linear' >"$BATS_TEST_TMPDIR/FEATURES"
    cp "$MODEL"/*.mp .
    contains "$(watch -n MODEL=. FILE=log)" "--no-label --linear ./linear.mp -"
}

@test "watch.mk goes by the decisions of a model, as predict does" {
    cp -r "$MODEL" .
    rf-decide -q --novelty 0.2 -o model/decide.mp model/oob.mp
    glovepipe predict model texts >wanted
    contains "$(cat wanted)" '?'
    live_watch --forever texts model >answers
    same_file wanted answers
}

@test "watch.mk, ended by TERM, takes its pipe along; what fails ends at once" {
    head -n 2 texts >few
    glovepipe predict "$MODEL" few >wanted
    live_watch --alone few "$MODEL" >answers
    same_file wanted answers
    : >log
    expect 2 timeout 30 make -f "$ROOT/pipelines/watch.mk" BIN="$BIN" MODEL="$MODEL" FILE=log PREDICT=--nonsense
    contains "$stderr" "unknown option --nonsense"
}

@test "a live pipe that is killed leaves no stream that passes for whole, 40 times" {
    "$PYTHON" "$ROOT/tests/fault/kill.py" live 40
}

@test "a live stream cut behind any block, or in it, is refused" {
    vectorize -q --linear "$MODEL/linear.mp" "$DEMO/train.txt" | rf-train -q -n 10 -o model.mp
    head -n 8 texts >few
    live few "vectorize -q --no-label --linear $MODEL/linear.mp - | tee live.mp |
        rf-predict -q model.mp" >answers
    local at size
    size=$(stat -c %s live.mp)
    for ((at = 0; at < size; at += 61)); do
        head -c "$at" live.mp >cut.mp
        expect 4 rf-predict -q --format mp -o out.mp model.mp cut.mp
        [ ! -e out.mp ] || fail "out.mp appeared of $at bytes"
        run rf-predict -q --format mp model.mp - <cut.mp 2>messages >out.mp
        expect 4 mp-cat --check out.mp
        rm out.mp
    done
}

@test "lines before one that is refused are answered, from a pipe and from a file" {
    vectorize -q --linear "$MODEL/linear.mp" "$DEMO/train.txt" | rf-train -q -n 10 -o model.mp
    head -n 8 "$DEMO/test.txt" >good
    vectorize -q --linear "$MODEL/linear.mp" good | rf-predict -q --proba model.mp >wanted
    { cat good && printf 'no label\n' && cat good; } >bad
    local from
    for from in bad -; do
        vectorize -q --linear "$MODEL/linear.mp" $from <bad 2>messages |
            rf-predict -q --proba model.mp 2>>messages >answers || true
        same_file answers wanted
        contains "$(cat messages)" ":9: no TAB"
        contains "$(cat messages)" "upstream ended early: no end record; the last good row is 8"
        vectorize -q --linear "$MODEL/linear.mp" $from <bad 2>messages >cut.mp || true
        expect 4 mp-cat --check cut.mp # handed on, and not whole
    done
}

@test "the manual's service on a socket answers" {
    need_program socat
    local serve ask port server
    port=$((20000 + RANDOM % 10000))
    serve=$(sed -n '/^socat .*TCP-LISTEN/,/EXEC:/p' "$ROOT/man/glovepipe.7" | sed 's/\\e$//' | tr -d '\n')
    ask=$(sed -n '/| socat -t/p' "$ROOT/man/glovepipe.7")
    contains "$serve" "bind=127.0.0.1"
    cp -r "$MODEL" model
    glovepipe predict model <<<'the keeper saved the penalty' >wanted
    mkdir slow # as a large model, or a machine with much to do
    printf '#!/bin/sh\nsleep 1\nexec %q "$@"\n' "$(command -v glovepipe)" >slow/glovepipe
    chmod +x slow/glovepipe
    local PATH=$PWD/slow:$PATH
    eval "exec ${serve//7777/$port}" 3>&- 2>messages &
    server=$!
    eval "${ask//7777/$port,retry=200,interval=0.05}" >answers || true
    kill "$server"
    same_file wanted answers
}
