#!/usr/bin/env bats
# What people slip on at the command line: options of other programs, outputs that are inputs, names
# that make can't take, a terminal that waits.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

small() {
    head -n 60 "$DEMO/train.txt" >train.txt
}

@test "options that are none: the one that is meant, behind one dash too, in the scripts too" {
    expect 2 rf-train -trees 5
    equal "$stderr" "rf-train: unknown option -trees: did you mean --trees?"
    expect 2 glove-train -vector_size 50 x
    equal "$stderr" "glove-train: unknown option -vector_size: did you mean --vector-size?"
    expect 2 rf-train -z
    contains "$stderr" "unknown option -z: see"
    expect 2 glovepipe train --tres 5
    equal "$stderr" "glovepipe: unknown option --tres: did you mean --trees?"
    expect 2 glovepipe train -trees 5
    contains "$stderr" "did you mean --trees?"
    expect 2 glovepipe train --colour
    contains "$stderr" "unknown option --colour: see glovepipe --help"
    expect 2 glovepipe trian
    contains "$stderr" "unknown command 'trian': did you mean train?"
    expect 2 rf-tune --run 4
    equal "$stderr" "rf-tune: unknown option --run: did you mean --runs?"
}

@test "an output that is an input is refused before anything is lost" {
    small
    cp train.txt kept.txt
    ln train.txt other.txt
    printf 'a 1 2\nb 3 4\n' | glove-load -q -o v.mp -
    cp v.mp kept.mp
    local output
    for output in train.txt ./train.txt other.txt; do
        expect 2 vectorize --vectors v.mp -o $output train.txt
        equal "$stderr" "vectorize: train.txt: is read, and can't be what is written as well: name another file with -o"
    done
    expect 2 vectorize --vectors v.mp -o v.mp train.txt
    contains "$stderr" "v.mp: is read"
    expect 2 mp-cat -o v.mp v.mp
    expect 2 linear-train -o train.txt train.txt
    expect 2 vectorize --defects train.txt --words -o words train.txt
    contains "$stderr" "train.txt: is read, and can't take defects"
    expect 2 bash -c 'vectorize --words train.txt >>train.txt'
    same_file train.txt kept.txt
    same_file v.mp kept.mp
    vectorize --words -q -o words train.txt # a device takes any number
    vectorize --words -q /dev/null >/dev/null
}

@test "a report and its page go to two files; temporary folders are looked at before the work" {
    small
    printf 'a\ta\nb\tb\n' >p.tsv
    expect 2 rf-eval --html page -o page p.tsv
    contains "$stderr" "report and page can't both go to page"
    expect 1 glove-train --temp-dir absent -o g train.txt
    contains "$stderr" "--temp-dir absent: no files can be made there: No such file"
    expect 1 linear-train --temp-dir train.txt -o l train.txt
    contains "$stderr" "--temp-dir train.txt: no files can be made there: Not a directory"
}

@test "weights and costs: empty files are refused, and class weights that are no file" {
    printf 'a,label\n1,x\n2,y\n' | mp-pack -q -o s.mp -
    : >empty
    expect 3 rf-train -q -n 2 --class-weight empty -o f.mp s.mp
    contains "$stderr" "empty: is empty: there are no weights"
    expect 1 rf-train -q -n 2 --class-weight Balanced -o f.mp s.mp
    contains "$stderr" "--class-weight Balanced: is no file, and neither balanced nor balanced-subsample"
    printf 'x\t2\n\ny\t1\n' >weights
    rf-train -q -n 2 --class-weight weights -o f.mp s.mp
    printf 'x\tx\ny\tx\n' >p.tsv
    expect 3 rf-eval --costs empty p.tsv
    contains "$stderr" "empty: is empty: there are no costs"
    printf '\tx\ty\nx\t0\t1\ny\t3\t0\n\n' >costs
    contains "$(rf-eval --costs costs p.tsv)" "cost 3: 1.5 a row"
}

@test "glovepipe: help on a full disk, models without features, tests on what was trained on" {
    small
    expect 1 bash -c 'glovepipe --help >/dev/full'
    expect 1 bash -c 'glovepipe train --help >/dev/full'
    lacks "$stderr" unbound
    glovepipe train -q --trees 5 -o model train.txt
    expect 0 glovepipe test model train.txt
    contains "$stderr" "warning: the model was trained on these texts"
    expect 0 glovepipe test model "$DEMO/test.txt"
    lacks "$stderr" "was trained on"
    rm model/linear.mp
    expect 3 glovepipe predict model train.txt
    equal "$stderr" "glovepipe: model: is no model: it holds neither linear.mp nor vectors.mp"
}

@test "glovepipe predict says that it waits at a terminal" {
    need_program script
    small
    glovepipe train -q --no-report --trees 5 -o model train.txt
    run bash -c '{ sleep 0.2; printf "\004"; } | script -qec "glovepipe predict model" /dev/null'
    contains "$output" "glovepipe: reads from the terminal: end the input with Ctrl-D, or name a file"
    run bash -c '{ sleep 0.2; printf "\004"; } | script -qec "glovepipe predict -q model" /dev/null'
    lacks "$output" "reads from the terminal"
}

@test "classify.mk: names that make or a shell would take apart, a folder that can't be written to" {
    small
    cp train.txt test.txt
    local name classify=(make --no-print-directory -f "$ROOT/pipelines/classify.mk" TEST=test.txt)
    for name in "a'b" 'a:b' 'a%b' 'a;b' 'a&b' 'a*b' 'a(b)' 'a\b' 'a|b'; do
        cp train.txt "$name"
        expect 2 "${classify[@]}" TRAIN="$name"
        contains "$stderr" "make can't take the "
    done
    cp train.txt ./-a
    expect 2 "${classify[@]}" TRAIN=-a
    contains "$stderr" "is taken for an option: say ./-a"
    expect 2 "${classify[@]}" TRAIN=train.txt OUT=/proc/none
    contains "$stderr" "OUT=/proc/none: can't be written to: name another folder"
    expect 0 "${classify[@]}" TRAIN=test.txt OUT=out -n
    contains "$stderr" "TEST is TRAIN: what is said of it says little of other texts"
    [ ! -e out ]
}
