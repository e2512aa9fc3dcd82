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
    expect 2 glovepipe --bogus train
    equal "$stderr" "glovepipe: unknown option --bogus: see glovepipe --help"
    expect 2 glovepipe --tress 5 train
    equal "$stderr" "glovepipe: unknown option --tress: did you mean --trees?"
    local option
    for option in -j4 -q --trees=5 --no-sync; do
        expect 2 glovepipe $option train
        contains "$stderr" "glovepipe: no command before $option: train, predict, test, explain or fix"
    done
    expect 2 glovepipe -
    contains "$stderr" "unknown command '-'"
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
        equal "$stderr" "vectorize: train.txt: is read, and can't be what is written as well: name another file"
    done
    expect 2 vectorize --vectors v.mp -o v.mp train.txt
    contains "$stderr" "v.mp: is read"
    expect 2 mp-cat -o v.mp v.mp
    expect 2 linear-train -o train.txt train.txt
    expect 2 vectorize --defects train.txt --words -o words train.txt
    contains "$stderr" "train.txt: is read"
    expect 2 bash -c 'vectorize --words train.txt >>train.txt'
    # Whatever option names the output.
    vectorize -q --vectors v.mp -o s.mp train.txt
    rf-train -q -n 2 --oob p.mp -o m.mp s.mp
    cp s.mp s.kept && cp p.mp p.kept
    expect 2 rf-train -n 2 --oob s.mp -o m.mp s.mp
    equal "$stderr" "rf-train: s.mp: is read, and can't be what is written as well: name another file"
    expect 2 rf-train -n 2 --checkpoint ./s.mp -o m.mp s.mp
    expect 2 glove-train --iter 1 --save-gradsq train.txt -o g.mp train.txt
    expect 2 glove-load --defects v.mp -o w.mp v.mp
    expect 2 rf-eval --html p.mp p.mp
    expect 2 rf-eval -o report --html train.txt --texts train.txt p.mp
    contains "$stderr" "train.txt: is read"
    expect 2 rf-eval -o report --html m.mp --model m.mp p.mp
    expect 2 rf-eval -o m.mp --html page --model m.mp p.mp
    same_file s.mp s.kept
    same_file p.mp p.kept
    rf-train -q -n 3 --warm-start m.mp -o m.mp s.mp # it becomes the longer one
    equal "$(mp-cat m.mp | grep -c '^tree')" 3
    same_file train.txt kept.txt
    same_file v.mp kept.mp
    vectorize --words -q -o words train.txt # a device takes any number
    vectorize --words -q /dev/null >/dev/null
}

@test "an output that is a document of a folder, or standard input, is refused before anything is lost" {
    mkdir -p texts/earn texts/acq
    echo 'net of tax' >texts/earn/1
    echo 'oil for shares' >texts/acq/2
    ln -s ../acq/2 texts/earn/3
    local output
    for output in texts/earn/1 ./texts/acq/2 texts/earn/3; do
        expect 2 vectorize --words -o $output texts
        contains "$stderr" "is read, and can't be what is written as well: name another file"
    done
    expect 2 vectorize --words --defects texts/earn/1 -o words texts
    equal "$stderr" "vectorize: texts/earn/1: is read, and can't be what is written as well: name another file"
    expect 2 linear-train --folds 2 -o texts/acq/2 texts
    expect 2 glove-train --iter 1 --save-gradsq texts/acq/2 -o g.mp texts
    expect 2 bash -c 'vectorize --words texts >>texts/acq/2'
    expect 2 vectorize --words --no-label -o texts/acq/2 texts/acq
    equal "$(cat texts/earn/1 texts/acq/2)" $'net of tax\noil for shares'
    # What is no document is replaced: with labels, what lies beside their folders.
    vectorize --words -q -o texts/words texts
    expect 0 vectorize --words -o texts/words texts
    expect 2 vectorize --words --no-label -o texts/words texts

    printf 'a 1 2\nb 3 4\n' | glove-load -q -o v.mp -
    cp v.mp kept.mp
    for output in v.mp ./v.mp /dev/stdin; do
        expect 2 mp-cat -o $output <v.mp
    done
    # shellcheck disable=SC2094 # that is refused
    expect 2 mp-cat -o v.mp - <v.mp
    equal "$stderr" "mp-cat: v.mp: is standard input, and can't be what is written as well: name another file"
    # shellcheck disable=SC2094
    expect 2 vectorize --words --no-label -o v.mp - <v.mp
    expect 2 bash -c 'mp-cat <v.mp >>v.mp'
    equal "$stderr" "mp-cat: standard output: is standard input, and can't be what is written as well: name another file"
    same_file v.mp kept.mp
    mp-cat -o text <v.mp
    mp-cat -o text <v.mp                                # a file is replaced
    bash -c 'mp-cat -o again v.mp 0<>both 1>&0' && [ -s again ] # whatever it was started with
}

@test "a stream of vectors or evidence that is given twice is told" {
    small
    printf 'a 1 2\nb 3 4\n' | glove-load -q -o v.mp -
    expect 0 vectorize -q --vectors v.mp --vectors ./v.mp -o X.mp train.txt
    equal "$stderr" "vectorize: warning: ./v.mp is given twice, and fills twice the columns"
    cp v.mp w.mp
    expect 0 vectorize -q --vectors v.mp --vectors w.mp -o X.mp train.txt
    lacks "$stderr" twice
}

@test "--keep of a column that is not there is named, and what it takes" {
    small
    printf 'a 1 2\nb 3 4\n' | glove-load -q -o v.mp -
    expect 3 vectorize --vectors v.mp --keep id -o X.mp train.txt
    contains "$stderr" "train.txt:1: no column is called 'id'"
    contains "$stderr" "--keep takes a column's name or number, or line"
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

@test "glovepipe: the version behind a command and on a full disk, fastText's words, a model among its texts" {
    local wanted
    wanted=$(glovepipe --version)
    equal "$(glovepipe predict --version)" "$wanted"
    equal "$(glovepipe -V)" "$wanted"
    expect 1 bash -c 'glovepipe --version >/dev/full'
    lacks "$stderr" "did you mean"
    equal "$(glovepipe version)" "$wanted"
    cmp <(glovepipe help) <(glovepipe --help)
    expect 2 glovepipe supervised -input train.txt -output model
    contains "$stderr" "fastText's supervised: glovepipe train -o DIR TRAIN"
    expect 2 glovepipe predict-prob model texts 3
    contains "$stderr" "fastText's predict-prob: glovepipe predict --top K DIR FILE"
    expect 2 glovepipe train -input train.txt -o model
    contains "$stderr" "fastText's -input: glovepipe train -o DIR TRAIN"
    expect 2 glovepipe predict -k 3 model
    contains "$stderr" "fastText's -k: glovepipe predict --top K"
    local option
    for option in -output -epoch -lr -lrUpdateRate -wordNgrams -minCount -minCountLabel -minn -maxn -neg -loss -bucket \
        -dim -ws -t -thread -pretrainedVectors -autotune-validation -autotune-duration -verbose -seed -label; do
        expect 2 glovepipe train "$option" 1 -o model train.txt
        contains "$stderr" "glovepipe: fastText's $option: "
    done
    mkdir -p texts/a texts/b
    echo x >texts/a/1
    echo y >texts/b/1
    expect 2 glovepipe train -o texts/model texts
    contains "$stderr" "glovepipe: texts/model: lies in "
    expect 2 glovepipe train -o ./model texts/../
    expect 0 glovepipe train -q --trees 2 -o textss texts
    only_files texts a b
}

@test "glovepipe train: what rf-decide won't take is told before anything is trained" {
    small
    local wrong
    for wrong in '--maximize f2' '--novelty 2' '--maximize macro-f1 --costs t.tsv'; do
        # shellcheck disable=SC2086
        expect 2 glovepipe train $wrong -o model train.txt
        contains "$stderr" "rf-decide: --"
        lacks "$stderr" "linear-train"
    done
    expect 1 glovepipe train --costs nowhere -o model train.txt
    equal "$stderr" "glovepipe: --costs nowhere: can't be read"
    printf 'a b\n' >costs.tsv
    expect 3 glovepipe train --costs costs.tsv -o model train.txt
    equal "$stderr" "rf-decide: costs.tsv:1: no predicted labels: expected an empty field, a TAB, and labels separated by TABs"
    expect 2 glovepipe train --costs . -o model train.txt
    expect 3 glovepipe train --costs /dev/null -o model train.txt
    contains "$stderr" "rf-decide: /dev/null: is empty: there are no costs"
    expect 0 glovepipe train -q --trees 5 --novelty 0.1 -o model train.txt
}

@test "glovepipe train: a model that can't be decided on is not thrown away" {
    small
    printf '\tsport\nsport\t0\n' >costs.tsv # all but a label's
    expect 3 glovepipe train -q --trees 5 --costs costs.tsv -o model train.txt
    contains "$stderr" "rf-decide: costs.tsv: has no cost of the label "
    local kept=(model.*)
    contains "$stderr" "glovepipe: the model is whole but for decisions, and stays in ${kept[0]}: rf-decide(1) may add them, from its oob.mp as its decide.mp"
    only_files "${kept[0]}" linear.mp model.mp oob.mp
    rf-decide -q -o "${kept[0]}/decide.mp" "${kept[0]}/oob.mp"
    mv "${kept[0]}" model
    glovepipe train -q --trees 5 --decide -o other train.txt
    cmp model/decide.mp other/decide.mp
    cmp <(glovepipe predict --proba model train.txt) <(glovepipe predict --proba other train.txt)
}

# glovepipe in a folder `false`, for which folders can't be exchanged and mv is what $1 says.
without_exchange() {
    mkdir -p false
    printf '#!/bin/bash\nreal=%q\n%s\n' "$(command -v mv)" "$1" >false/mv
    # shellcheck disable=SC2016
    printf '#!/bin/bash\n[[ $* != *" --exchange "* ]] || exit 1\nexec %q "$@"\n' "$BIN/mp-cat" >false/mp-cat
    chmod +x false/mv false/mp-cat
    cp "$BIN/glovepipe" false
    local program
    for program in "$BIN"/*; do [ -e "false/${program##*/}" ] || ln -s "$program" false; done
}

@test "glovepipe train: killed while it takes the old model's place, the old one is told of" {
    small
    glovepipe train -q --no-report --trees 2 -o model train.txt
    cp -r model before
    # shellcheck disable=SC2016
    without_exchange '$real "$@"; [[ $* != *.old ]] || kill -KILL $PPID'
    run false/glovepipe train -q --no-report --trees 3 -o model train.txt
    equal "$status" 137
    [ ! -e model ]
    expect 1 glovepipe predict model/ train.txt
    contains "$stderr" "glovepipe: model: there is no such folder, but model."
    contains "$stderr" ".old, the model that a train which was killed was replacing: mv it back"
    mv model.*.old model
    diff -r before model
    # A train that is about it is waited for.
    rm -rf model.??????
    # shellcheck disable=SC2016
    without_exchange '$real "$@"; [[ $* != *.old ]] || { touch away; sleep 0.3; }'
    false/glovepipe train -q --no-report --trees 3 -o model train.txt &
    until [ -e away ]; do sleep 0.01; done
    expect 0 glovepipe predict model <<<text
    equal "$stderr" ""
    wait
    contains "$(mp-cat --lineage model/model.mp)" "trees              3"
}

@test "glovepipe train: the model's folder is there at any time" {
    small
    glovepipe train -q --no-report --trees 2 -o model train.txt
    mkdir other one
    mp-cat --script glovepipe --exchange other one || skip "folders can't be exchanged here"
    # shellcheck disable=SC2016
    without_exchange 'exit 1'
    ln -sf "$BIN/mp-cat" false/mp-cat
    expect 0 false/glovepipe train -q --no-report --trees 3 -o model train.txt
    contains "$(mp-cat --lineage model/model.mp)" "trees              3"
    equal "$(ls -d model*)" model
}

# As where a train puts another model there while programs open the files of the old one.
@test "glovepipe: a model that is replaced meanwhile is gone through once more, where texts can be" {
    small
    cut -f 2- train.txt >texts
    glovepipe train -q --no-report --trees 2 -o next train.txt
    glovepipe train -q --no-report --trees 3 --vectors "$DEMO/vectors.txt" -o other train.txt
    glovepipe predict next texts >wanted
    # shellcheck disable=SC2016
    without_exchange 'exec $real "$@"'
    local program command
    for program in vectorize rf-explain; do
        rm false/$program
        printf '#!/bin/sh\n[ -e was ] || { mv model was; cp -r next model; }\nexec %s "$@"\n' "$BIN/$program" >false/$program
        chmod +x false/$program
    done
    for command in 'predict model texts' 'test --no-report model train.txt' 'explain model texts' 'test model train.txt'; do
        rm -rf model was
        cp -r other model
        # shellcheck disable=SC2086
        expect 0 false/glovepipe $command
        lacks "$stderr" "can't open"
        [[ $command != predict* ]] || equal "$output" "$(cat wanted)"
        [ -e was ]
    done
    rm -rf model was
    cp -r other model
    expect 1 false/glovepipe predict model <texts
    contains "$stderr" "model/vectors.mp: can't open: No such file or directory"
    # With the predictions made, there is a report, and no page.
    ln -sf "$BIN/vectorize" false
    rm -rf model was
    cp -r other model
    expect 0 false/glovepipe test model train.txt
    contains "$stderr" "glovepipe: warning: there is no page: model is another model by now, and what follows is of the one before"
    equal "$output" "$(glovepipe test -q --no-report other train.txt)"
    [ ! -e model/test.html ]
    # A failure that has another reason is none of these.
    expect 1 false/glovepipe predict model nowhere
    equal "$stderr" "vectorize: nowhere: can't open: No such file or directory"
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

@test "archives of training and test texts, and of folders: what is advised keeps them apart" {
    need_program tar gzip zip unzip
    mkdir -p texts/l texts/m
    printf 'l\tx\nm\ty\n' >train.txt
    printf 'l\tz\nm\tq\n' >test.txt
    echo x >texts/l/1
    echo y >texts/m/2
    tar -czf d.tgz train.txt test.txt
    expect 3 linear-train -o l.mp d.tgz
    contains "$stderr" "see what it holds, with tar -tf FILE; unpack it, with tar -xf FILE, and name the file or folder, or unpack one member, with tar -xf FILE MEMBER"
    equal "$(tar -tf d.tgz)" $'train.txt\ntest.txt'
    tar -xOf d.tgz train.txt | cmp - train.txt
    zip -q d.zip train.txt test.txt
    expect 2 linear-train -o l.mp d.zip
    contains "$stderr" "unzip one of them first, with unzip FILE MEMBER: train.txt, test.txt"
    unzip -p d.zip train.txt | cmp - train.txt
    zip -q -r f.zip texts
    expect 2 linear-train -o l.mp f.zip
    contains "$stderr" "unpack it, with unzip FILE, and name a file or folder of it: texts/"
    rm -r texts
    unzip -q f.zip
    linear-train -q -o l.mp texts
    equal "$(vectorize -q --linear l.mp texts | mp-cat | cut -f 1)" $'label\nl\nm'
}

@test "zips: what unpacks those that are not read, and what is no archive of texts" {
    need_python
    printf 'a 1 2\nb 3 4\n' >v.txt
    "$PYTHON" - <<'END'
import zipfile
for name, method in (('b', zipfile.ZIP_BZIP2), ('l', zipfile.ZIP_LZMA)):
    with zipfile.ZipFile(name + '.zip', 'w', method) as archive:
        archive.write('v.txt')
with zipfile.ZipFile('a.xlsx', 'w') as archive:
    for part in ('[Content_Types].xml', 'xl/workbook.xml'):
        archive.writestr(part, 'x')
END
    expect 3 glove-load -o v.mp b.zip
    contains "$stderr" "is packed by method 12 (bzip2), not deflate: unpack it first, with unzip FILE MEMBER"
    if unzip -p b.zip v.txt >unpacked.txt 2>/dev/null; then # as it says; some builds of it have no bzip2
        same_file unpacked.txt v.txt
    fi
    expect 3 glove-load -o v.mp l.zip
    contains "$stderr" "(LZMA), not deflate: unpack it with 7z x"
    "$PYTHON" - <<'END' # as zip -s leaves its last part, and the first one
import zipfile
with zipfile.ZipFile('whole.zip', 'w') as archive:
    archive.write('v.txt')
whole = bytearray(open('whole.zip', 'rb').read())
whole[whole.rindex(b'PK\5\6') + 4] = 3
open('last.zip', 'wb').write(whole)
open('first.z01', 'wb').write(b'PK\7\10' + whole[:60])
END
    local part
    for part in last.zip first.z01; do
        expect 3 glove-load -o v.mp $part
        contains "$stderr" "part of a zip that was split: put it together, with zip -s 0"
    done
    expect 3 vectorize --words a.xlsx
    equal "$stderr" "vectorize: a.xlsx: is a document of an office program (.xlsx, .docx, .ods): save it as CSV or plain text"
    printf '\320\317\021\340\241\261\032\341' >a.xls
    expect 3 vectorize --words a.xls
    contains "$stderr" "save it as CSV or plain text"
}

@test "labels that look alike in a report, and corrections that are none" {
    printf 'a \ta\nb\tb\n' >p.tsv
    expect 0 rf-eval p.tsv
    contains "$stderr" "warning: labels look alike: 'a' and 'a ': are they one?"
    printf 'a\toil\nb\tgoal\n' >t.txt
    printf '3\ta\tb\n' >answers
    expect 3 relabel answers t.txt
    contains "$stderr" "answers:1: the texts have no document of that number"
    printf '1\ta\tb\351\n' >answers
    expect 3 relabel answers t.txt
    contains "$stderr" "answers:1: the new label is not valid UTF-8"
    printf 'A\toil\n' >>t.txt
    expect 0 corpus t.txt
    contains "$stderr" "labels look alike: 'A' and 'a'"
}

@test "options that would do nothing without another are refused, and say which" {
    printf 'a\ta\nb\tb\n' >p.tsv
    printf 'a\toil\nb\tgoal\n' >t.txt
    printf 'gold 1 2\n' >v.txt
    python3 -m zipfile -c v.zip v.txt
    local given
    for given in resamples seed; do
        for with in "" --accuracy --json --matrix; do
            expect 2 rf-eval $with --$given 5 p.tsv
            equal "$stderr" "rf-eval: --$given is for measures: name some with --measures, or take --all"
        done
        expect 0 rf-eval --measures macro-f1 --$given 5 p.tsv # as it says
        expect 0 rf-eval --all --$given 5 p.tsv
    done
    for with in "" --json "--measures macro-f1"; do
        # shellcheck disable=SC2086 # an option and its value
        expect 2 rf-eval $with --top 2 p.tsv
        equal "$stderr" "rf-eval: --top is for the measure top: --measures top prints it, or --all"
    done
    expect 0 rf-eval --all --top 2 p.tsv # as it says
    expect 2 rf-eval --title Mine p.tsv
    contains "$stderr" "--title, --texts, --model, --explanations, --suspects, --curve and --corpus are for --html FILE"
    for given in "--from csv" "--text-column 2" "--label-key x" "--header" "--delimiter ;" "--defects d"; do
        for with in "" "--html page.html"; do
            # shellcheck disable=SC2086 # likewise
            expect 2 rf-eval $with $given p.tsv
            contains "$stderr" "such as --from, are for --texts FILE"
        done
    done
    [ ! -e page.html ] && [ ! -e d ]
    expect 0 rf-eval --html page.html --title Mine --texts t.txt --text-column 2 p.tsv # as they say
    for given in "member v.txt" "vocab t.txt" "top 1" "word-list t.txt" strict "defects d"; do
        # shellcheck disable=SC2086 # likewise
        expect 2 glove-load --list --$given v.zip
        equal "$stderr" "glove-load: --${given%% *} is for loading: --list loads nothing"
    done
    [ ! -e d ]
    expect 2 linear-train --folds 3 --no-training-scores -o l.mp t.txt
    equal "$stderr" "linear-train: --folds is for the training scores: leave --no-training-scores out"
}

@test "an empty name, of a variable that is unset, is told as such" {
    for command in vectorize glove-load mp-pack rf-train rf-eval mp-cat; do
        expect 2 $command -q ''
        contains "$stderr" "the name of file 1 is empty: is a variable of the shell unset?"
    done
}

@test "glovepipe train --vectors: a stream of something else is named as it was given" {
    printf 'money\toil\nsport\tgoal\n' >t.txt
    linear-train -q -o evidence.mp t.txt
    expect 3 glovepipe train --vectors evidence.mp -o model t.txt
    contains "$stderr" "glovepipe: evidence.mp: is a stream, and not of word vectors"
    [ ! -e model ]
    printf 'oil 1 2\ngoal 3 4\n' | glove-load -q -o v.mp -
    gzip -k v.mp
    expect 3 glovepipe train --vectors v.mp.gz -o model t.txt
    contains "$stderr" "unpack it before"
    gunzip -f v.mp.gz # as it says
    expect 0 glovepipe train --no-report --trees 5 --vectors v.mp -o model t.txt
}
