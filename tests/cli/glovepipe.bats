#!/usr/bin/env bats
# glovepipe: train, predict and test with a folder; what its pipes give is what the programs give.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

@test "train, test and predict give what the programs give by hand" {
    expect 0 glovepipe train -q -o model "$DEMO/train.txt"
    equal "$output$stderr" ""
    only_files model linear.mp model.mp oob.mp report.html
    linear-train -q -o linear.mp "$DEMO/train.txt"
    vectorize -q --linear linear.mp "$DEMO/train.txt" |
        rf-train -q --trees 200 --seed 0 --min-samples-leaf 3 --max-samples 6000 -o model.mp
    same_file linear.mp model/linear.mp
    same_file model.mp model/model.mp

    vectorize -q --linear linear.mp "$DEMO/test.txt" | rf-predict -q --format mp model.mp |
        rf-eval >report
    expect 0 glovepipe test model "$DEMO/test.txt"
    equal "$output" "$(cat report)"

    cut -f 2- "$DEMO/test.txt" >texts
    vectorize -q --linear linear.mp --no-label texts | rf-predict -q --labels-only model.mp >labels
    glovepipe predict model <texts >predicted
    same_file labels predicted
    equal "$(wc -l <predicted)" "$(wc -l <texts)"
    glovepipe predict --keep model texts | cmp - <(paste predicted texts)
    glovepipe predict --keep --proba model texts | cut -f 1,8- | tail -n +2 | cmp - <(paste predicted texts)
}

@test "fastText's form trains the same model and tests the same" {
    glovepipe train -q -o plain "$DEMO/train.txt"
    sed 's/^\([^\t]*\)\t/__label__\1 /' "$DEMO/train.txt" >train.ft
    sed 's/^\([^\t]*\)\t/__label__\1 /' "$DEMO/test.txt" >test.ft
    glovepipe train -q -o marked train.ft
    expect 0 glovepipe test plain "$DEMO/test.txt"
    local report=$output
    expect 0 glovepipe test marked test.ft
    equal "$output" "$report"
    cut -f 2- "$DEMO/test.txt" >texts
    expect 0 glovepipe predict marked test.ft
    equal "$output" "$(glovepipe predict plain texts)"
}

@test "--skip-bad trains, predicts and mends what can be read" {
    awk 'NR == 3 { print "no tab" } { print }' "$DEMO/train.txt" >bad.txt
    expect 3 glovepipe train -q --trees 5 -o bad bad.txt
    expect 0 glovepipe train -q --skip-bad --trees 5 -o bad bad.txt
    contains "$stderr" "1 document is left out, which can't be read (first: bad.txt:3: "
    equal "$(grep -c "left out" <<<"$stderr")" 1
    glovepipe train -q --trees 5 -o good "$DEMO/train.txt"
    cmp <(mp-cat bad/model.mp) <(mp-cat good/model.mp)
    printf '{"text": "the keeper saved the penalty"}\n{\n{"text": "shares fell"}\n' >new.jsonl
    expect 0 glovepipe predict --skip-bad bad new.jsonl
    equal "${#lines[@]}" 2
    contains "$stderr" "new.jsonl:2"
    yes c | glovepipe fix --skip-bad --top 2 -o fixed bad bad.txt >/dev/null
    equal "$(diff fixed/train.txt "$DEMO/train.txt" | grep -c '^<')" 2
    expect 2 glovepipe train --skip-bad=yes bad.txt
}

@test "vectors stand beside evidence, as text or as a stream" {
    expect 0 glovepipe train -q --vectors "$DEMO/vectors.txt" --trees 10 --seed 3 -o text "$DEMO/train.txt"
    only_files text linear.mp model.mp oob.mp report.html vectors.mp
    expect 0 glovepipe train -q --vectors text/vectors.mp --trees 10 --seed 3 -o stream "$DEMO/train.txt"
    same_file text/model.mp stream/model.mp
    expect 0 glovepipe predict --proba text "$DEMO/test.txt"
    contains "${lines[0]}" "predicted"
}

@test "a failure leaves no folder, and the model that was there" {
    glovepipe train -q --trees 5 -o model "$DEMO/train.txt"
    cp -r model before
    printf 'no tab\n' >bad
    expect 3 glovepipe train -q -o model bad
    contains "$stderr" "bad:1:"
    diff -r before model
    expect 3 glovepipe train -q -o other bad
    only_files . bad before model
    expect 0 glovepipe train -q --trees 6 -o model "$DEMO/train.txt"
    only_files . bad before model
    contains "$(mp-cat --lineage model/model.mp)" "trees              6"
}

# 3, that of rf-predict, which refuses the model: vectorize has nobody to write to then, which kills it,
# or where SIGPIPE is ignored, as systemd has it, makes it fail with 1.
@test "the status is that of the program that failed for a reason of its own" {
    need_python signal
    glovepipe train -q --no-report --trees 3 -o model "$DEMO/train.txt"
    cp -r model bad
    echo 'no stream' >bad/model.mp
    seq 200000 >many.txt
    local ignoring=("$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
os.execvp(sys.argv[1], sys.argv[1:])')
    expect 3 glovepipe predict bad many.txt
    expect 3 "${ignoring[@]}" glovepipe predict bad many.txt
    contains "$stderr" "vectorize: standard output: can't write"
    sed 's/^/a\t/' many.txt >labelled.txt
    expect 3 "${ignoring[@]}" glovepipe test --no-report bad labelled.txt
    gzip -c many.txt | head -c 200000 >cut.gz
    expect 4 glovepipe predict model cut.gz
    echo 'no label' >bad.txt
    expect 3 glovepipe test --no-report model bad.txt
    run -141 bash -c 'set -o pipefail; glovepipe predict model many.txt | head -n 1'
}

@test "what is no model is left alone" {
    mkdir folder
    touch folder/mine
    expect 2 glovepipe train -q -o folder "$DEMO/train.txt"
    contains "$stderr" "is no model alone: name another folder"
    only_files folder mine
    expect 3 glovepipe predict folder </dev/null
    contains "$stderr" "holds no model.mp"
    expect 1 glovepipe test nowhere "$DEMO/test.txt"
}

@test "a model that can't be reached is told as the system says it: status 1" {
    local shut=(glovepipe) command
    mkdir model
    touch model/model.mp
    chmod 0 model
    ln -s loop loop
    if ls model >ls.out 2>&1; then # as root, which needs no rights
        shut=(setpriv '--bounding-set=-dac_override,-dac_read_search' glovepipe)
        "${shut[@]}" --version >version.out 2>&1 || shut=()
    fi
    for command in predict test explain; do
        expect 1 glovepipe "$command" loop "$DEMO/test.txt"
        equal "$stderr" "glovepipe: loop: can't open: Too many levels of symbolic links"
        expect 1 glovepipe "$command" nowhere "$DEMO/test.txt"
        equal "$stderr" "glovepipe: nowhere: there is no such folder"
        [ "${#shut[@]}" -gt 0 ] || continue
        expect 1 "${shut[@]}" "$command" model "$DEMO/test.txt"
        equal "$stderr" "glovepipe: model: can't open: Permission denied"
    done
    chmod 700 model
}

@test "a folder that holds a model among other things is left alone" {
    glovepipe train -q --trees 2 -o model "$DEMO/train.txt"
    touch 'model/my notes'
    expect 2 glovepipe train -q --trees 3 -o model "$DEMO/train.txt"
    contains "$stderr" "is no model alone"
    only_files model linear.mp model.mp 'my notes' oob.mp report.html
    lacks "$(mp-cat --lineage model/model.mp)" "trees              3"
}

@test "bash before 4.4 is refused, and which it has to be is told" {
    grep -qx 'need_bash 4 4' "$BIN/glovepipe"
    grep -qx 'need_bash 4 4' "$BIN/rf-tune"
    local talk=". '$ROOT/pipelines/parts/talk.bash'"
    # shellcheck disable=SC2016 # the inner shell expands it
    expect 0 bash -c "program=it; $talk; "'need_bash "${BASH_VERSINFO[0]}" "${BASH_VERSINFO[1]}"; need_bash 4 0; need_bash 3 99'
    expect 1 bash -c "program=it; $talk; need_bash 99 2"
    equal "$stderr" "it: needs bash 99.2 or later, and this is $BASH_VERSION: put a newer one first in PATH"
    # shellcheck disable=SC2016
    expect 1 bash -c "program=it; $talk; "'need_bash "${BASH_VERSINFO[0]}" $((BASH_VERSINFO[1] + 1))'
}

# A folder with all programs of PATH but these: all_but NAME...
all_but() {
    local place
    mkdir programs
    while IFS= read -r -d : place; do
        ln -s "$place"/* programs/ 2>/dev/null || true # the first of a name counts
    done <<<"$PATH:"
    rm "${@/#/programs/}"
}

@test "programs that scripts need and that are missing are told before the work" {
    glovepipe train -q --trees 2 -o model "$DEMO/train.txt"
    touch model/notes
    all_but grep cksum wc
    expect 1 env PATH="$PWD/programs" glovepipe train -q --trees 2 -o model "$DEMO/train.txt"
    equal "$stderr" "glovepipe: needs grep, wc: not in PATH"
    only_files model linear.mp model.mp notes oob.mp report.html
    expect 1 env PATH="$PWD/programs" rf-tune -q --runs 1 --trees 2 "$DEMO/train.txt"
    equal "$output$stderr" "rf-tune: needs cksum, grep, wc: not in PATH"
}

@test "where there is no /dev/fd scripts say so before the work, and change nothing" {
    unshare -m true 2>/dev/null || skip "may not mount"
    [ "$(readlink /dev/fd)" = /proc/self/fd ] || skip "/dev/fd is no part of /proc"
    glovepipe train -q --trees 2 -o model "$DEMO/train.txt"
    local command
    for command in 'glovepipe train -q -o other "$DEMO/train.txt"' 'glovepipe predict model "$DEMO/test.txt"' \
        'rf-tune -q --folds 2 "$DEMO/train.txt"' 'printf "c\nw\n" | glovepipe fix -o other model "$DEMO/train.txt"'; do
        expect 1 unshare -m bash -c "mount -t tmpfs none /proc && $command"
        equal "$output" ''
        contains "$stderr" ": needs /dev/fd, by which bash joins programs: mount /proc"
        equal "$(ls)" model
    done
}

# Each text is answered by a line that would be the next text; with little of both the end would come first.
@test "predict does not append to what it reads" {
    glovepipe train -q --trees 2 -o model "$DEMO/train.txt"
    mkdir folder
    cut -f 2 "$DEMO/test.txt" >texts
    cp texts folder/texts
    expect 2 eval 'glovepipe predict model texts >>texts'
    equal "$stderr" "glovepipe: texts: is read, and can't be what is written as well: name another file"
    expect 2 eval 'glovepipe predict --keep model texts - <texts >>texts'
    expect 2 eval 'glovepipe predict model <texts >>texts'
    expect 2 eval 'glovepipe predict model folder >>folder/texts'
    same_file texts folder/texts
    expect 0 eval 'glovepipe predict model <texts >>said'
    equal "$(wc -l <said)" "$(wc -l <texts)"
    expect 0 glovepipe predict model folder
}

# As on Alpine, whose readlink, gzip, mv and so on are busybox's.
@test "with busybox's programs: the same model, the same settings, what is refused" {
    need_program busybox
    local program
    mkdir programs texts texts/a
    for program in $(busybox --list | grep -vxE 'sh|ash|bash'); do ln -s "$(command -v busybox)" "programs/$program"; done
    rf-tune -q --runs 1 --folds 2 --trees 3 "$DEMO/test.txt" >wanted
    glovepipe train -q --no-report --trees 3 -o model "$DEMO/test.txt"
    PATH=$PWD/programs:$PATH
    expect 0 rf-tune -q --runs 1 --folds 2 --trees 3 "$DEMO/test.txt"
    equal "$output" "$(cat wanted)"
    expect 0 glovepipe train -q --no-report --trees 3 -o other "$DEMO/test.txt"
    equal "$output$stderr" ""
    same_file other/model.mp model/model.mp
    echo text >texts/a/1
    expect 2 glovepipe train -q -o texts/model texts
    contains "$stderr" "texts/model: lies in $(readlink -f texts), whose files are texts"
}

@test "a folder may be called anything" {
    expect 0 glovepipe train -q --trees 2 -o 'a b/' "$DEMO/train.txt"
    expect 0 glovepipe train -q --trees 2 -o 'a b//' "$DEMO/train.txt"
    expect 0 glovepipe train -q --trees 2 -o -dash "$DEMO/train.txt"
    only_files . 'a b' -dash
    expect 0 glovepipe test 'a b' "$DEMO/test.txt"
    local report=$output
    expect 0 glovepipe test -- -dash "$DEMO/test.txt"
    equal "$output" "$report"
    expect 1 glovepipe train -q -o nowhere/model "$DEMO/train.txt"
    contains "$stderr" "glovepipe: nowhere/model: can't be made: "
}

@test "a link leads to where the model goes, and stays" {
    ln -s model link
    expect 0 glovepipe train -q --trees 2 -o link "$DEMO/train.txt"
    expect 0 glovepipe train -q --trees 3 -o link "$DEMO/train.txt"
    [ -L link ]
    only_files . link model
    contains "$(mp-cat --lineage model/model.mp)" "trees              3"
}

# As a volume of a container is; what is there can't be renamed, no more than `.` can.
# in_mount COMMAND...: where the folder `mount` is a file system of its own, which ends with it.
in_mount() {
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare -m sh -c 'mount -t tmpfs -o size="$0" none mount && "$@"' "$@"
}

@test "a mount point gets the files, and loses those of the model before" {
    glovepipe train -q --trees 3 --no-report -o wanted "$DEMO/test.txt"
    mkdir here mount
    (cd here && glovepipe train -q --trees 3 --vectors "$DEMO/vectors.txt" -o . "$DEMO/train.txt")
    only_files here linear.mp model.mp oob.mp report.html vectors.mp
    (cd here && glovepipe train -q --trees 3 --no-report -o . "$DEMO/test.txt")
    diff -r here wanted
    # A run that was killed there left these.
    rm here/model.mp
    touch here/.linear.mp.new here/.model.mp.new
    (cd here && glovepipe train -q --trees 3 --no-report -o . "$DEMO/test.txt")
    diff -r here wanted
    unshare -m true 2>/dev/null || skip "may not mount"
    expect 0 in_mount 9m sh -c 'glovepipe train -q --trees 3 --decide -o mount "$DEMO/train.txt" &&
        glovepipe train -q --trees 3 --no-report -o mount "$DEMO/test.txt" && diff -r mount wanted'
    equal "$(find . -name 'mount.*')" ""
}

@test "a mount point without space for the model: it stays beside, whole, and so does the old one" {
    mkdir mount
    unshare -m true 2>/dev/null || skip "may not mount"
    glovepipe train -q --trees 3 --no-report -o wanted "$DEMO/test.txt"
    expect 1 in_mount 64k sh -c 'echo old >mount/model.mp
        glovepipe train -q --trees 3 --no-report -o mount "$DEMO/test.txt"; status=$?
        ls -A mount; cat mount/model.mp; exit $status'
    equal "$output" $'model.mp\nold'
    local kept
    kept=$(echo mount.??????)
    contains "$stderr" "glovepipe: mount: can't be replaced: the model is whole, and stays in $kept"
    diff -r "$kept" wanted
}

@test "vectors may come through a pipe, whole; texts, read twice, may not" {
    glovepipe train -q --trees 2 --vectors "$DEMO/vectors.txt" -o file "$DEMO/train.txt"
    expect 0 glovepipe train -q --trees 2 --vectors <(cat "$DEMO/vectors.txt") -o pipe "$DEMO/train.txt"
    same_file file/vectors.mp pipe/vectors.mp
    expect 2 glovepipe train -q -o other <(cat "$DEMO/train.txt")
    contains "$stderr" "name a file, not standard input or a pipe"
}

@test "files of two models are refused together" {
    glovepipe train -q --trees 5 -o one "$DEMO/train.txt"
    glovepipe train -q --trees 5 --views bayes,space -o two "$DEMO/train.txt"
    cp two/linear.mp one/
    expect 3 glovepipe test one "$DEMO/test.txt"
    lacks "$output" accuracy
}

@test "a file that is missing in a model's folder is named" {
    glovepipe train -q --no-report --vectors "$DEMO/vectors.txt" --trees 5 -o model "$DEMO/train.txt"
    local name command
    for name in vectors.mp linear.mp; do
        mv model/$name .
        for command in predict explain test; do
            expect 3 glovepipe $command model "$DEMO/test.txt"
            contains "$stderr" "glovepipe: model: the model was trained with a $name, which is missing: put it back, or train anew"
        done
        mv $name model
    done
    printf 'no label\n' >bad.txt
    expect 3 glovepipe test model bad.txt
    lacks "$stderr" "missing"
}

@test "a program that is killed is named, and by which signal, and nothing is left" {
    mkdir false
    cp "$BIN/glovepipe" false
    local program
    for program in "$BIN"/*; do [ -e "false/${program##*/}" ] || ln -s "$program" false; done
    rm false/linear-train false/rf-train
    printf '#!/bin/sh\nsleep 0.2\nkill -SEGV $$\n' >false/linear-train
    printf '#!/bin/sh\n[ "$5" = --help ] || kill -KILL $$\n' >false/rf-train
    chmod +x false/*-train
    expect 139 false/glovepipe train -q -o model "$DEMO/train.txt"
    equal "$stderr" "glovepipe: linear-train was killed (signal SEGV)"
    ln -sf "$BIN/linear-train" false
    expect 137 false/glovepipe train -q -o model "$DEMO/train.txt"
    equal "$stderr" "glovepipe: rf-train was killed (signal KILL): is there too little memory?"
    only_files . false
}

@test "-v shows the commands, which do the same" {
    expect 0 glovepipe train -v --trees 5 -o model "$DEMO/train.txt"
    contains "$stderr" "linear-train -v -o model."
    contains "$stderr" " | rf-train -v --trees 5 --seed 0 "
    expect 0 glovepipe predict -v model "$DEMO/test.txt"
    local wanted=$output
    local command
    command=$(grep '^vectorize -v .* | rf-predict' <<<"$stderr")
    equal "$(bash -c "$command" 2>/dev/null)" "$wanted"
}

@test "usage: what is missing or unknown is named" {
    expect 2 glovepipe
    contains "$stderr" "train, predict, test, explain or fix"
    expect 2 glovepipe learn
    contains "$stderr" "unknown command 'learn'"
    expect 2 glovepipe train "$DEMO/train.txt"
    contains "$stderr" "needs -o DIR"
    expect 2 glovepipe train -o model
    contains "$stderr" "no texts"
    expect 2 glovepipe train -o model -
    contains "$stderr" "name a file"
    expect 2 glovepipe predict --trees 3 model
    contains "$stderr" "predict takes no --trees"
    expect 2 glovepipe train --tree 3 -o model "$DEMO/train.txt"
    contains "$stderr" "unknown option --tree"
    expect 2 glovepipe test --json=no model "$DEMO/test.txt"
    contains "$stderr" "--json takes no value"
    expect 2 glovepipe train --trees many -o model "$DEMO/train.txt"
    contains "$stderr" "--trees: 'many' is not a whole number"
    only_files .
    expect 0 glovepipe train -qj2 -omodel --trees 2 "$DEMO/train.txt"
    only_files . model
    expect 2 glovepipe predict
    contains "$stderr" "no model"
    expect 0 glovepipe --version
    contains "$output" "glovepipe (glovepipe)"
}

@test "a page beside the model, and where it is; --no-report: neither" {
    expect 0 glovepipe train -o model --trees 20 "$DEMO/train.txt"
    contains "$stderr" "glovepipe: model/report.html shows it: open it in a browser"
    contains "$(cat model/report.html)" "Suspect labels"
    expect 0 glovepipe test model "$DEMO/test.txt"
    contains "$stderr" "glovepipe: model/test.html shows it"
    contains "$(cat model/test.html)" "The surest mistakes"
    equal "$output" "$(glovepipe test --no-report model "$DEMO/test.txt")"
    equal "$(glovepipe test -q model - <"$DEMO/test.txt")" "$output"
    expect 0 glovepipe train --no-report -o model --trees 20 "$DEMO/train.txt"
    only_files model linear.mp model.mp
    lacks "$stderr" "report.html"
}

@test "test: a page that can't be written is told of, and the report is printed" {
    glovepipe train -q --no-report -o model --trees 5 "$DEMO/train.txt"
    glovepipe test -q model "$DEMO/test.txt" >report
    chmod 444 model/test.html
    expect 0 glovepipe test model "$DEMO/test.txt"
    equal "$output" "$(cat report)"
    contains "$stderr" "glovepipe: warning: there is no page: model/test.html: is write-protected: chmod u+w it"
    lacks "$stderr" "name another file"
    expect 0 glovepipe test -q model "$DEMO/test.txt"
    equal "$stderr" ""
    glovepipe train -q -o model --trees 5 "$DEMO/train.txt"
    chmod 444 model/report.html
    expect 0 glovepipe train -q -o model --trees 5 "$DEMO/train.txt"
}

@test "what is doubtful in texts and labels is told once in a command" {
    for i in $(seq 20); do printf 'bill\trefund %s\nnet\tvpn timeout %s\n' "$i" "$i"; done >texts.txt
    printf 'Bill\tcaf\xe9 money\n\tno label\nno tab\n' >>texts.txt
    local command what
    for command in 'train --skip-bad -o model texts.txt texts.txt' 'test --skip-bad model texts.txt texts.txt'; do
        # shellcheck disable=SC2086
        expect 0 glovepipe $command
        for what in "left out" "not valid UTF-8" "the label is empty" "named twice" "labels look alike"; do
            equal "$what $(grep -c "$what" <<<"$stderr")" "$what 1"
        done
    done
    for i in $(seq 12); do printf 'l%s\ttext\n' "$i"; done >classes.txt
    expect 0 glovepipe train -o model --trees 5 classes.txt
    equal "$(grep -c ' classes for ' <<<"$stderr")" 1
    # What is not of the texts alone is told by who knows.
    sed 's/\t.*/\tqqq www/' texts.txt | head -n 20 >strange.txt
    expect 0 glovepipe train -o model --trees 5 --vectors "$DEMO/vectors.txt" strange.txt
    contains "$stderr" "vectorize: warning: no word of the documents has a vector"
}

@test "test: a label that the model lacks is told of the texts, not of a temporary file" {
    glovepipe train -q --no-report -o model --trees 20 "$DEMO/train.txt"
    sed '1s/^[^\t]*/strange/' "$DEMO/test.txt" >strange.txt
    expect 0 glovepipe test model strange.txt
    contains "$stderr" "rf-eval: warning: strange.txt: 1 of "
    lacks "$stderr" "${TMPDIR:-/tmp}/tmp"
    : >empty
    expect 3 glovepipe test model empty
    contains "$stderr" "glovepipe: empty: no documents"
    lacks "$stderr" "${TMPDIR:-/tmp}/tmp"
    lacks "$stderr" "rf-explain"
    expect 3 glovepipe test model - <empty
    contains "$stderr" "standard input: is empty: there are no documents"
    equal "$output" ""
}

@test "explain: what moved the prediction of each line" {
    glovepipe train -q -o model --trees 20 "$DEMO/train.txt"
    cut -f 2 "$DEMO/test.txt" | head -n 3 >texts
    expect 0 glovepipe explain model texts
    equal "$(rf-explain -q --no-label --linear model/linear.mp model/model.mp texts)" "$output"
    equal "$(glovepipe explain model <texts | grep -c '^-:\|^standard input:')" 3
    equal "$(glovepipe explain model <texts | cut -d ' ' -f 3- | grep -c '^')" "$(wc -l <<<"$output")"
}

# Twenty texts whose label is another one.
mislabel() {
    awk -F '\t' -v OFS='\t' 'NR % 20 == 0 && n < 20 { $1 = $1 == "sport" ? "health" : "sport"; n++ } 1' \
        "$ROOT/pipelines/newswire-train.txt" | sed 's/^health/ship/; s/^sport/earn/' >train.txt
}

@test "fix: keep, change, undo, go on later, and a new model of the corrected texts" {
    mislabel
    glovepipe train -q -o model --trees 50 train.txt
    cp train.txt source.txt
    cp -r model before
    # Unknown answers ask again; q leaves the answers for the next time.
    printf '%s\n' c nonsense k u c q >answers
    expect 0 glovepipe fix --top 8 -o better model train.txt <answers
    contains "$output" "[1 of 8]"
    contains "$output" "what is 'nonsense'?"
    contains "$stderr" "the answers are in better.answers: the same command goes on from there"
    equal "$(wc -l <better.answers)" 2
    equal "$(awk -F '\t' '$2 != $3' better.answers | wc -l)" 2
    [ ! -e better ]
    # The rest: skipped, another label, and enough.
    printf '%s\n' s =weather =weather w >answers
    expect 0 glovepipe fix --top 8 -o better model train.txt <answers
    lacks "$output" "[1 of 8]"
    contains "$output" "no text is labelled 'weather': give it once more where it is a new label"
    contains "$stderr" "3 labels changed: better/train.txt has the texts, better/report.html shows the model"
    contains "$stderr" "out-of-bag accuracy $(rf-eval --accuracy model/oob.mp) before, $(rf-eval --accuracy better/oob.mp) now"
    only_files better corrections.tsv linear.mp model.mp oob.mp report.html train.txt
    equal "$(diff train.txt better/train.txt | grep -c '^>')" 3
    equal "$(grep -c ^weather better/train.txt)" 1
    # The same as by hand, and nothing of what there was is another.
    glovepipe train -q -o hand --trees 50 better/train.txt
    cmp hand/model.mp better/model.mp
    cmp train.txt source.txt
    diff -r model before
}

@test "fix: nothing changed, nothing to go on, what is refused" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    expect 0 glovepipe fix --top 2 -o better model train.txt < <(printf 'k\nk\n')
    contains "$stderr" "no label is changed: nothing to train"
    [ ! -e better ]
    expect 0 glovepipe fix --top 2 -o other model train.txt </dev/null
    contains "$stderr" "nothing was answered, and nothing is changed"
    [ ! -e other.answers ]
    expect 2 glovepipe fix model train.txt
    contains "$stderr" "needs -o NEW"
    expect 2 glovepipe fix -o model model train.txt
    contains "$stderr" "model: is there: name another folder"
    expect 3 glovepipe fix -o new model "$ROOT/pipelines/newswire-test.txt"
    contains "$stderr" "has 107 documents"
    glovepipe train -q --no-report -o bare --trees 20 train.txt
    expect 3 glovepipe fix -o new bare train.txt
    contains "$stderr" "bare: has no oob.mp"
}

# beside_warnings SENTENCE: a line that begins so, and what vectorize had time to warn of, is all that is told.
beside_warnings() {
    local told
    told=$(grep -v '^vectorize: warning: ' <<<"$stderr")
    [[ $told == "$1"* && $told != *$'\n'* ]] || fail "$stderr"
}

@test "of a pipe that fails the cause alone is told, and what is the only message is told" {
    head -n 60 "$DEMO/train.txt" >train.txt
    glovepipe train -q --no-report --trees 5 -o model train.txt
    printf '{"text": "oil"}\nno JSON\n' >bad.jsonl
    expect 3 glovepipe predict model bad.jsonl
    equal "$stderr" "vectorize: bad.jsonl:2: byte 1: this is no JSON object"
    expect 1 glovepipe predict model missing.txt
    equal "$stderr" "vectorize: missing.txt: can't open: No such file or directory"
    expect 3 glovepipe test model - <<<'text alone' # of three programs
    [[ $stderr == "vectorize: standard input:1: no TAB "* && $stderr != *$'\n'* ]]
    # A model that ends early is a cause.
    mkdir cut
    cp model/linear.mp cut
    head -c -10 model/model.mp >cut/model.mp
    expect 4 glovepipe predict cut train.txt
    beside_warnings "rf-predict: cut/model.mp: upstream ended early"
    expect 4 glovepipe test cut - <<<$'oil\ttext'
    beside_warnings "rf-predict: cut/model.mp: upstream ended early"
    gzip -c train.txt | head -c 500 >cut.gz
    expect 4 glovepipe predict model cut.gz
    equal "$stderr" "vectorize: cut.gz: the compressed data ends early: fetch or make it again"
    # Of one that is killed the script tells, and not the shell; what is no such message is told always.
    expect 137 bash -c 'program=it; . "$1" && killed=(bash -c "kill -9 \$\$") warned=(bash -c "
        echo a: warning: of something >&2
        cat
        echo a: standard input: upstream ended early: x >&2
        exit 4") last=(bash -c "cat; echo b: standard input: is empty: upstream ended early >&2; exit 4")
        join_stages killed warned last' bash "$ROOT/pipelines/parts/stages.bash"
    equal "$(sort <<<"$stderr")" $'a: warning: of something\nit: bash was killed (signal KILL): is there too little memory?'
    # How many documents were read is no cause.
    expect 4 bash -c '. "$1" && killed=(bash -c "echo a: 5 documents >&2; kill -PIPE \$\$") last=(bash -c "
        cat
        echo b: standard input: upstream ended early: x >&2
        exit 4")
        join_stages killed last' bash "$ROOT/pipelines/parts/stages.bash"
    equal "$(grep '^[ab]:' <<<"$stderr")" $'a: 5 documents\nb: standard input: upstream ended early: x'
    expect 4 glovepipe predict -v cut train.txt
    lacks "$stderr" "standard input: upstream ended early"
}

@test "fix: labels are text, so that 01 in place of 1 is a change" {
    mislabel
    awk -F '\t' '!($1 in number) { number[$1] = ++count } { print number[$1] FS $2 }' train.txt >numbers.txt
    glovepipe train -q -o model --trees 20 numbers.txt
    local label
    label=$(rf-suspect -q --top 1 --format tsv model/oob.mp numbers.txt | awk -F '\t' 'NR == 2 { print $3 }')
    expect 0 glovepipe fix --top 1 -o better model numbers.txt < <(printf '=0%s\n' "$label" "$label")
    contains "$stderr" "1 label changed"
    equal "$(diff numbers.txt better/train.txt | sed -n 's/^> \([0-9]*\).*/\1/p')" "0$label"
}

@test "fix: texts that can be read but once are refused" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    local once="glovepipe: fix reads its texts twice: name a file, not standard input or a pipe"
    expect 2 glovepipe fix -o new model - <train.txt
    equal "$output$stderr" "$once"
    expect 2 bash -c 'cat train.txt | glovepipe fix -o new model /dev/stdin'
    equal "$output$stderr" "$once"
    expect 2 glovepipe fix -o new model <(cat train.txt)
    equal "$output$stderr" "$once"
    only_files . model train.txt
}

@test "fix: what can't be read or asked ends it, status 1; a last line needs no end" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    expect 1 timeout 30 bash -c 'glovepipe fix --top 2 -o new model train.txt <&-'
    equal "$stderr" "glovepipe: standard input: can't read: Bad file descriptor"
    expect 1 bash -c 'glovepipe fix --top 2 -o new model train.txt <.'
    equal "$stderr" "glovepipe: standard input: can't read: Is a directory"
    expect 1 bash -c 'echo k | glovepipe fix --top 2 -o new model train.txt >/dev/full'
    equal "$stderr" "glovepipe: standard output: can't write: No space left on device"
    expect 0 glovepipe fix --top 2 -o new model train.txt < <(printf 'k\nw')
    contains "$stderr" "no label is changed: nothing to train"
}

@test "fix: a label that there is not yet is asked for again; what it is like is named" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    expect 0 glovepipe fix --top 4 -o new model train.txt < <(printf '%s\n' =crud =crude =rain =weather =rain =rain =rain q)
    equal "$(grep -o "no text is labelled .*" <<<"$output")" "$(printf "no text is labelled '%s: give it once more where it is a new label\n" \
        "crud': did you mean 'crude'?" "rain': did you mean 'grain'?" "weather'" "rain': did you mean 'grain'?")"
    equal "$(cut -f 3 new.answers)" $'crude\nrain\nrain' # the third is no question any more
}

@test "fix: a TAB in a label is asked for again" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    expect 0 glovepipe fix --top 1 -o new model train.txt < <(printf '=new\tlabel\nq\n')
    contains "$output" "a label holds no TAB"
    [ ! -e new.answers ]
}

# Suspects are listed twice: for the script, and to be shown.
@test "fix: a list that fails the second time ends it" {
    mislabel
    glovepipe train -q -o model --trees 20 train.txt
    mkdir once
    # shellcheck disable=SC2016 # it is for the inner shell
    printf '#!/bin/sh\ncase $* in *--color*) echo "rf-suspect: no" >&2; exit 3 ;; esac\nexec "%s/rf-suspect" "$@"\n' "$BIN" >once/rf-suspect
    chmod +x once/rf-suspect
    cp "$BIN/glovepipe" once
    expect 3 once/glovepipe fix --top 2 -o new model train.txt </dev/null
    equal "$output$stderr" "rf-suspect: no"
}

@test "fix: options that were tuned stay, and so do decisions" {
    mislabel
    glovepipe train -q --tune 3 --seed 4 --trees 10 --maximize macro-f1 -o model train.txt
    printf 'c\nw\n' | glovepipe fix -q --top 1 -o better model train.txt
    local kind
    for kind in model decide; do
        diff <(mp-cat --lineage model/$kind.mp | grep -v ' read ') <(mp-cat --lineage better/$kind.mp | grep -v ' read ')
    done
    awk 'BEGIN { n = split("acq crude earn grain interest money-fx ship trade", l, " ")
        for (i = 1; i <= n; i++) printf "\t%s", l[i]
        for (i = 1; i <= n; i++) { printf "\n%s", l[i]; for (j = 1; j <= n; j++) printf "\t%d", i != j }
        print "" }' >costs.tsv
    glovepipe train -q --trees 10 --costs costs.tsv -o model train.txt
    printf 'c\nw\n' >answers
    expect 0 glovepipe fix --top 1 -o best model train.txt <answers
    contains "$stderr" "answers by --costs are not decided on anew: rf-decide --costs FILE -o best/decide.mp best/oob.mp does it"
    [ ! -e best/decide.mp ]
    rf-decide -q --costs costs.tsv -o best/decide.mp best/oob.mp
    expect 0 glovepipe test -q best "$ROOT/pipelines/newswire-test.txt"
}

@test "texts in CSV, JSON and folders train the same forest, and get the same labels" {
    head -n 120 "$DEMO/train.txt" >train.txt
    head -n 30 "$DEMO/test.txt" >test.txt
    local form
    for form in train test; do
        (echo n,topic,body && sed 's/"/""/g; s/\t/,"/; s/^/1,/; s/$/"/' $form.txt) >$form.csv
        sed 's/["\\]/\\&/g; s/\(.*\)\t\(.*\)/{"t": "\1", "body": "\2"}/' $form.txt >$form.jsonl
    done
    glovepipe train -q --trees 5 -o lines train.txt
    glovepipe train -q --trees 5 --label-column topic --text-column body -o csv train.csv
    glovepipe train -q --trees 5 --label-key t --text-key body -o json train.jsonl
    glovepipe predict lines <(cut -f 2- test.txt) >predicted
    glovepipe predict --text-column body csv test.csv | cmp predicted -
    glovepipe predict --text-key body json test.jsonl | cmp predicted -
    glovepipe test lines test.txt >report
    glovepipe test --label-column topic --text-column 3 --header csv test.csv | cmp report -
    mkdir -p folder/a
    cp "$DEMO/train.txt" folder/a/1
    mkdir folder/b
    cp test.txt folder/b/1
    glovepipe train -q --trees 2 -o model folder
    expect 2 glovepipe predict --label-key t json test.jsonl
    contains "$stderr" "predict takes no --label-key"
    expect 2 glovepipe train -o x --from
    contains "$stderr" "--from needs a value"
    local unset=''
    expect 2 glovepipe train -o x --vectors "$unset" train.txt
    contains "$stderr" "--vectors needs a value"
    expect 2 glovepipe predict --abstain= lines test.txt
    contains "$stderr" "--abstain needs a value"
    expect 2 glovepipe train -o x '--=a' train.txt
    contains "$stderr" "unknown option --=a"
}

@test "tables, JSON and folders: pages, explanations, settings that are tried" {
    need_python csv json
    head -n 150 "$DEMO/train.txt" >train.txt
    head -n 30 "$DEMO/test.txt" >test.txt
    "$PYTHON" "$ROOT/tests/cli/forms.py" write train.txt
    "$PYTHON" "$ROOT/tests/cli/forms.py" write test.txt
    local csv=(--label-column topic --text-column 'a b') json=(--label-key /meta/topic)
    glovepipe train -q --tune 2 --trees 5 -o lines train.txt
    glovepipe train -q --tune 2 --trees 5 "${csv[@]}" -o csv train.csv
    glovepipe train -q --tune 2 --trees 5 "${json[@]}" -o json train.jsonl
    glovepipe train -q --tune 2 --trees 5 -o folder train
    only_files csv linear.mp model.mp oob.mp report.html
    only_files folder linear.mp model.mp oob.mp report.html
    cmp <(rf-eval --json lines/oob.mp) <(rf-eval --json csv/oob.mp)
    cmp <(rf-eval --json lines/oob.mp) <(rf-eval --json json/oob.mp)
    glovepipe test -q "${csv[@]}" csv test.csv >/dev/null
    glovepipe test -q "${json[@]}" json test.jsonl >/dev/null
    glovepipe test -q folder test >/dev/null
    [ -s csv/test.html ] && [ -s json/test.html ] && [ -s folder/test.html ]
    local placeless='s/^(standard input|test\.csv):[0-9]+ *//'
    cut -f 2- test.txt | glovepipe explain -q lines | sed -E "$placeless" >why
    glovepipe explain -q --text-column 'a b' csv test.csv | sed -E "$placeless" | cmp why -
    glovepipe explain -q csv - --text-key text <test.jsonl | sed -E "$placeless" | cmp why -
    expect 2 glovepipe explain --label-key t json test.jsonl
    contains "$stderr" "explain takes no --label-key"
}

@test "fix: a table stays one, files become lines of JSON" {
    need_python csv json
    head -n 150 "$DEMO/train.txt" >train.txt
    sed -i '7s/^[^\t]*/space/; 9s/^[^\t]*/space/; 11s/^[^\t]*/music/' train.txt
    "$PYTHON" "$ROOT/tests/cli/forms.py" write train.txt
    local csv=(--label-column topic --text-column 'a b') number label new
    glovepipe train -q --trees 20 "${csv[@]}" -o model train.csv
    printf 'c\nw\n' | glovepipe fix -q --top 1 "${csv[@]}" -o better model train.csv >asked
    IFS=$'\t' read -r number label new <better/corrections.tsv
    contains "$(cat asked)" "$label"
    "$PYTHON" "$ROOT/tests/cli/forms.py" check train.csv better/train.csv "$new" "$number"
    vectorize -q "${csv[@]}" --linear better/linear.mp better/train.csv |
        rf-train -q --trees 20 --min-samples-leaf 3 --max-samples 6000 -o model.mp
    same_file model.mp better/model.mp
    glovepipe train -q --trees 20 -o model train
    printf 'c\nw\n' | glovepipe fix -q --top 1 -o best model train >asked
    equal "$(wc -l <best/train.jsonl)" 150
    need_program jq
    IFS=$'\t' read -r number label new <best/corrections.tsv
    equal "$(sed -n "${number}p" best/train.jsonl | jq -r .label)" "$new"
    [ -s best/report.html ]
    # Two tables of other columns go on as lines of JSON, too.
    (echo topic,a b && sed '1d; s/\t/,"/; s/$/"/' train.txt) >other.csv
    head -n 1 train.csv >short.csv && tail -n +2 train.csv | head -n 2 >>short.csv
    glovepipe train -q --trees 20 "${csv[@]}" -o two other.csv short.csv
    printf 'c\nw\n' | glovepipe fix -q --top 1 "${csv[@]}" -o three two other.csv short.csv >asked
    equal "$(wc -l <three/train.jsonl)" 150
}

@test "--decide: answers by rf-decide; --coverage and --abstain" {
    expect 0 glovepipe train -q --no-report --novelty 0.1 -o model "$DEMO/train.txt"
    only_files model decide.mp linear.mp model.mp
    vectorize -q --linear model/linear.mp "$DEMO/train.txt" |
        rf-train -q --min-samples-leaf 3 --max-samples 6000 --oob oob.mp -o model.mp
    same_file model.mp model/model.mp
    rf-decide -q --novelty 0.1 oob.mp >decide.mp
    same_file decide.mp model/decide.mp
    vectorize -q --linear model/linear.mp "$DEMO/test.txt" >test.mp
    rf-predict -q --decide decide.mp --format mp model.mp test.mp | rf-eval >report
    expect 0 glovepipe test --no-report model "$DEMO/test.txt"
    equal "$output" "$(cat report)"
    contains "$output" "answered "
    cut -f 2- "$DEMO/test.txt" >texts
    rf-predict -q --decide decide.mp --coverage 0.9 model.mp test.mp | cut -f 2- >sets
    glovepipe predict --coverage 0.9 model texts | cmp - sets
    glovepipe predict model texts >labels
    contains "$(cat labels)" '?'
    glovepipe explain model texts | sed -n 's/^texts:[0-9]*  \([^ ;]*\).*/\1/p' | cmp - labels
    # Trained again, without: the folder has none.
    glovepipe train -q --no-report --trees 5 -o model "$DEMO/train.txt"
    only_files model linear.mp model.mp
    expect 2 glovepipe predict --coverage 0.9 model texts
    contains "$stderr" "has no decisions for --coverage: train with --decide"
    expect 0 glovepipe predict --abstain 0.99 model texts
    contains "$output" '?'
}

@test "--costs: the page of test has words for the mistakes that the decisions make" {
    cut -f 1 "$DEMO/train.txt" | sort -u | awk '{ label[NR] = $0 } END {
        for (i = 1; i <= NR; i++) printf "\t%s", label[i]
        for (i = 1; i <= NR; i++) {
            printf "\n%s", label[i]
            for (j = 1; j <= NR; j++) printf "\t%g", i == j ? 0 : i * i * i
        }
        print ""
    }' >costs.tsv
    glovepipe train -q --no-report --trees 20 --costs costs.tsv -o model "$DEMO/train.txt"
    glovepipe test -q model "$DEMO/test.txt" >/dev/null
    # Each mistake that is shown, and whether it has words.
    grep -o '<h3>Text [0-9]*\|<p class="small"><mark' model/test.html |
        awk '/Text/ { at = $2; words[at] = 0; next } { words[at] = 1 } END { for (n in words) print n, words[n] }' | sort >shown
    # Those that move it by what is seen.
    rf-explain -q --linear model/linear.mp --decide model/decide.mp --words 1 --format tsv model/model.mp "$DEMO/test.txt" |
        awk -F '\t' 'NR == FNR { shown[$1]; next } $1 in shown { print $1, ($7 >= 0.0005 || $7 <= -0.0005) + 0 }' <(cut -d ' ' -f 1 shown) - | sort >wanted
    same_file shown wanted
    # A mistake that is none of the forest's.
    vectorize -q --linear model/linear.mp "$DEMO/test.txt" | rf-predict -q model/model.mp |
        awk -F '\t' '$1 == $2 { print NR }' | sort | join - shown | grep ' 1$'
}

@test "--tune: trains with what rf-tune finds" {
    awk 'NR % 4 == 1' "$DEMO/train.txt" >train.txt
    expect 0 glovepipe train -q --no-report --tune 4 --trees 10 -o model train.txt
    rf-tune -q --runs 4 --trees 10 train.txt | sed -n '/^linear-train/,$p' >commands
    bash -e commands 2>/dev/null
    same_file model.mp model/model.mp
    expect 2 glovepipe train --tune 4 --views word -o model train.txt
    contains "$stderr" "--views and --tune exclude each other"
    local number
    for number in no 0 100001; do
        expect 2 glovepipe train -q --tune $number -o model train.txt
        equal "$stderr" "glovepipe: --tune: '$number' is not a whole number from 1 to 100000"
    done
}
