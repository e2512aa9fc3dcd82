#!/usr/bin/env bats
# What holds for every program: help, version, wrong options, wrong input, writes that fail.
load helpers
load work

PROGRAMS=$(programs)

setup() { work_begin; }

work_to_full() {
    work "$@" >/dev/full
}

# Prints how the program ended whose reader went away.
work_to_leaver() {
    work "$@" | head -c 1 >/dev/null
    echo "${PIPESTATUS[0]}"
}

# ---- what the lineage notes, by the table of options ----

# What --help -v says is noted; what the last entry of a stream's lineage has.
noted() {
    "$1" -v --help | sed -n 's/^In the lineage: //p' | tr -d ' ' | tr , '\n'
}

in_lineage() {
    mp-cat --lineage "$1" | awk '/^[0-9]/ { list = "" } /^ / && $1 != "read" { list = list $1 "\n" }
        END { printf "%s", list }'
}

# written_otherwise COMMAND...: streams c.mp to e.mp of documents in other forms.
written_otherwise() {
    sed 's/\t/|/' train.txt | "$@" --delimiter '|' --no-header --label-column 1 --text-column 2 -o c.mp -
    (echo 'label|text' && sed 's/\t/|/' train.txt) | "$@" --delimiter '|' --header -o d.mp -
    sed 's/\(.*\)\t\(.*\)/{"a": "\1", "b": "\2"}/' train.txt |
        "$@" --label-key a --text-key b --skip-bad -o e.mp -
}

# A fastText model of the word `the`, in one dimension, without n-grams.
one_word_model() {
    printf '\272\026\117\057\f\0\0\0\1'
    head -c 31 /dev/zero # of twelve settings, the first and the rest
    head -c 24 /dev/zero
    printf '\1\0\0\0\1'
    head -c 15 /dev/zero
    printf '\377\377\377\377\377\377\377\377the\0'
    head -c 10 /dev/zero
    printf '\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\200\077'
}

# everything PROGRAM: streams a.mp, and perhaps more up to e.mp, with all of its options that are noted.
everything() {
    rm -f [a-e].mp
    cut -f 2 train.txt >bare.txt
    case $1 in
    glove-load)
        vectorize -q --words train.txt >words
        glove-load -q --top 30 --vocab words -o a.mp "$DEMO/vectors.txt"
        mp-cat --format npy -o v.npy vectors.mp
        glove-load -q --word-list <(mp-cat --format names vectors.mp) -o b.mp v.npy
        one_word_model >model.bin
        glove-load -q --vocab words -o c.mp model.bin
        ;;
    glove-train)
        glove-train -q --iter 1 --format mp --no-label --text-column 1 -o a.mp bare.txt
        (echo text && cat bare.txt) |
            glove-train -q --iter 1 --format mp --delimiter '|' --header -o b.mp -
        glove-train -q --iter 1 --format mp --delimiter '|' --no-header --text-column 1 -o c.mp bare.txt
        sed 's/.*/{"body": "&"}/' bare.txt |
            glove-train -q --iter 1 --format mp --text-key body --skip-bad -o d.mp -
        ;;
    linear-train)
        awk -F '\t' '{ print $2 "\t" $1 }' train.txt |
            linear-train -q --min-count 2 --max-features 50 --max-size 1M --no-training-scores \
                --label-column 2 --text-column 1 -o a.mp -
        written_otherwise linear-train -q
        ;;
    vectorize)
        vectorize -q --vectors vectors.mp --no-label -o a.mp bare.txt
        awk -F '\t' '{ print $2 "\t" $1 }' train.txt |
            vectorize -q --vectors vectors.mp --label-column 2 --text-column 1 --keep line -o b.mp -
        written_otherwise vectorize -q --vectors vectors.mp
        ;;
    mp-pack)
        printf 'a;?;red\nb;2;blue\n' |
            mp-pack -q --from csv --label-column 1 --missing '?' --one-hot 3 --delimiter ';' --no-header \
                -o a.mp -
        printf 'x,y,z\n1,2,3\n' | mp-pack -q --header --drop y --no-label -o b.mp -
        printf '1 0:3\n' | mp-pack -q --from libsvm --dim 5 --first-index 0 -o c.mp -
        ;;
    rf-train)
        rf-train -q -n 3 --max-depth 5 --max-samples 9 --max-leaf-nodes 4 --ccp-alpha 0.01 \
            --min-impurity-decrease 0.01 --min-weight-fraction-leaf 0.1 --splitter random \
            --class-weight balanced --weights-in bootstrap -o a.mp samples.mp
        awk -F '\t' '{ print NR % 2 "\t" $2 }' train.txt |
            vectorize -q --vectors vectors.mp - |
            rf-train -q -n 3 --monotonic 0:+1 --class-weight balanced-subsample -o b.mp
        awk '{ print (NR > 1) }' train.txt >weights
        rf-train -q -n 3 --sample-weight weights -o c.mp samples.mp
        linear-train -q --views bayes,word -o linear.mp train.txt
        vectorize -q --linear linear.mp train.txt | rf-train -q -n 3 --evidence-share 0.1 -o d.mp
        ;;
    rf-predict)
        rf-decide -q -o decide.mp proba.mp
        vectorize -q --vectors vectors.mp --keep line train.txt |
            rf-predict -q --decide decide.mp --coverage 0.9 --abstain 0.5 --format mp --keep -o a.mp \
                model.mp -
        rf-predict -q --log-proba --format mp -o b.mp model.mp samples.mp
        rf-predict -q --apply --format mp -o c.mp model.mp samples.mp
        rf-predict -q --decision-path --format mp -o d.mp model.mp samples.mp
        rf-predict -q --contributions --format mp -o e.mp model.mp samples.mp
        ;;
    rf-decide)
        rf-decide -q --novelty 0.1 --precision 0.9 -o a.mp proba.mp
        rf-decide -q --novelty 0.1 --maximize macro-f1 --strength 0.5 -o b.mp proba.mp
        cut -f 1 train.txt | LC_ALL=C sort -u | awk '{ label[NR] = $0 }
            END { for (to = 1; to <= NR; to++) printf "\t%s", label[to]
                  for (of = 1; of <= NR; of++) {
                      printf "\n%s", label[of]
                      for (to = 1; to <= NR; to++) printf "\t%d", of != to } print "" }' >costs.tsv
        rf-decide -q --costs costs.tsv -o c.mp proba.mp
        ;;
    esac
}

@test "the lineage has the options that a program notes, and no others" {
    local program stream found=0
    for program in $PROGRAMS; do
        noted "$program" | LC_ALL=C sort -u >wanted
        everything "$program"
        for stream in [a-e].mp; do
            [ ! -e "$stream" ] || in_lineage "$stream"
        done | LC_ALL=C sort -u >got
        diff wanted got || fail "$program notes (<) and its lineage has (>)"
        found=$((found + $(wc -l <got)))
    done
    [ "$found" -ge 30 ]
}

@test "options that are not noted leave the lineage as it is" {
    local program
    for program in glove-load glove-train vectorize rf-train rf-predict; do
        noted "$program" >names
        run ! grep -Ex 'jobs|output|quiet|verbose|progress|force|force-terminal|memory|temp-dir' names
    done
}

@test "-v names the kernels, and they are the fastest ones that the machine has" {
    grep -qw avx2 /proc/cpuinfo && grep -qw pclmulqdq /proc/cpuinfo || skip "no AVX2 here"
    export GLOVEPIPE_CPU=avx2
    expect 0 glove-load -v -o v.mp "$DEMO/vectors.txt"
    contains "$stderr" "kernels: fields avx2, CRC-32 avx2; 0 numbers converted one by one, "
    lacks "$stderr" "one by one, 0 groups of short ones"
    expect 0 vectorize -v --vectors v.mp -o s.mp train.txt
    contains "$stderr" "kernels: tokens avx2, mean avx2"
    expect 0 glove-train -v --iter 1 -o g.txt train.txt
    contains "$stderr" "kernels: tokens avx2, adagrad avx2"
    expect 0 linear-train -v -o l.mp train.txt
    contains "$stderr" "kernels: tokens avx2, svm avx2"
    export GLOVEPIPE_CPU=portable
    expect 0 glove-load -v -o v.mp "$DEMO/vectors.txt"
    contains "$stderr" "kernels: fields portable, CRC-32 portable; 9,340 numbers converted one by one, 0 groups of"
}

@test "a misspelt option: the nearest one is named" {
    expect 2 rf-train --seeed 3
    equal "$stderr" "rf-train: unknown option --seeed: did you mean --seed?"
    expect 2 glove-load --stirct
    equal "$stderr" "glove-load: unknown option --stirct: did you mean --strict?"
    expect 2 vectorize --label-colum2=1
    equal "$stderr" "vectorize: unknown option --label-colum2=1: did you mean --label-column?"
    expect 2 rf-train --min 3
    equal "$stderr" "rf-train: ambiguous option --min: one of --min-samples-split,\
 --min-samples-leaf, --min-weight-fraction-leaf, --min-impurity-decrease?"
    expect 2 rf-train --min-s 3
    equal "$stderr" \
        "rf-train: ambiguous option --min-s: one of --min-samples-split, --min-samples-leaf?"
    expect 2 mp-cat --xyzzy
    equal "$stderr" "mp-cat: unknown option --xyzzy: see mp-cat --help"
}

@test "help goes to stdout, opens with the usage, and ends well" {
    for program in $PROGRAMS; do
        expect 0 "$program" --help
        contains "$output" "usage: $program "
        equal "$stderr" ""
        equal "$output" "$("$program" -h)"
    done
}

@test "the version" {
    for program in $PROGRAMS; do
        expect 0 "$program" --version
        [[ $output =~ ^$program\ \(glovepipe\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$output"
        equal "$output" "$("$program" -V)"
    done
}

@test "help and the version that can't be written: status 1, and one line that says why" {
    local program option
    for program in $(commands); do
        for option in --help -V; do
            expect 1 bash -c "$program $option >/dev/full"
            [[ $stderr =~ ^"$program: standard output: "("can't write: ")?"No space left on device"$ ]] || fail "$stderr"
            expect 1 bash -c "$program $option >&-"
            [[ $stderr =~ ^"$program: standard output: "("can't write: ")?"Bad file descriptor"$ ]] || fail "$stderr"
        done
    done
}

@test "help's lines fit a terminal" {
    for program in $PROGRAMS; do
        "$program" --help | awk -v p="$program" 'length > 100 { print p ": " $0; bad = 1 } END { exit bad }'
    done
}

@test "a wrong option: status 2, one line, the program's name" {
    for program in $PROGRAMS; do
        expect 2 "$program" --no-such-option
        equal "$output" ""
        [[ $stderr == "$program: "*--no-such-option* ]] || fail "$stderr"
        equal "$(wc -l <<<"$stderr")" 1
    done
}

@test "a file that is not there: status 1, its name" {
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 1 "$program" no-such-file
        contains "$stderr" "$program: no-such-file: "
        contains "$stderr" "No such file or directory"
    done
    expect 1 vectorize --vectors vectors.mp no-such-file
    contains "$stderr" "No such file or directory"
    expect 1 vectorize --vectors no-such-file train.txt
    contains "$stderr" "No such file or directory"
    expect 1 rf-predict no-such-file samples.mp
    contains "$stderr" "No such file or directory"
}

@test "a folder in place of a file" {
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 2 "$program" .
        equal "$stderr" "$program: .: is a folder: name a file"
    done
}

@test "a picture: status 3, and what was expected" {
    printf '\377\330\377\340\0\020JFIF\0\1\1\0\0\1\0\1\0\0\377\333\0\103\0' >picture.jpg
    head -c 20000 /dev/urandom >>picture.jpg
    for program in glove-load rf-train rf-eval mp-cat; do
        expect 3 "$program" picture.jpg
        contains "$stderr" "$program: picture.jpg: "
        equal "$(tail -c 78 <<<"$output" | grep -c rows)" 0
    done
    expect 3 rf-predict picture.jpg samples.mp
    contains "$stderr" "picture.jpg: byte 0: not a glovepipe stream"
    expect 3 vectorize --vectors picture.jpg train.txt
    contains "$stderr" "picture.jpg: byte 0: not a glovepipe stream"
}

@test "of one thing no plural is told" {
    one="$BATS_TEST_TMPDIR/one"
    mkdir "$one" && cd "$one"
    printf 'money\toil\n' >t.txt
    printf 'oil 3\n' >v.txt
    {
        glove-load -o v.mp v.txt
        glove-train -v --min-count 1 --vector-size 1 -o /dev/null - <<<$'x\toil oil'
        linear-train -v --views word -o l.mp t.txt
        vectorize --words t.txt
        vectorize -v --linear l.mp -o s.mp t.txt
        printf 'label,a\nx,1\n' | mp-pack -o packed.mp -
        rf-train --trees 1 -o /dev/null packed.mp
        rf-train --trees 1 -o m.mp s.mp
        rf-predict -v --proba --format mp -o p.mp m.mp s.mp
        rf-eval p.mp
        rf-explain --linear l.mp m.mp t.txt
        relabel /dev/null t.txt
        mp-cat m.mp
        mp-cat --lineage m.mp
        rf-train --trees 1 --tree-range 0:1 s.mp | rf-merge -o /dev/null -
        printf 'a\tb\nc\n' | rf-eval - || true
    } >said 2>&1
    local at
    for at in "1 word vector of 1 dimension in" "1 document, 2 tokens, 1 distinct word in" \
        "1 document of 1 label in" "word: 1 term" "1 distinct word of 1 token in 1 document, in" \
        "1 document in" "of 1 token known" "evidence: 1 document was trained on and held out" \
        "1 tree of 1 sample with 1 feature in 1 class, in" "1 row in" ": 1 of 1 row" \
        "1 document explained in" "0 of 1 label changed" "1 sample of 1 feature" "1 node, 1 leaf" \
        "1 tree of 1 part, in" ":2: 1 field, and the first line has 2"; do
        contains "$(cat said)" "$at"
    done
    run ! grep -nE '\b1 [a-z ]*(documents|words|tokens|terms|labels|vectors|dimensions|trees|samples|features|classes|rows|nodes|leaves|parts|views|passes|numbers|pairs)\b' said
}

@test "an empty stream is one that ended early" {
    : >empty
    for program in rf-train rf-eval mp-cat; do
        expect 4 "$program" empty
        contains "$stderr" "upstream ended early"
    done
    expect 4 vectorize --vectors empty train.txt
    expect 4 rf-predict empty samples.mp
    expect 4 rf-predict model.mp empty
}

@test "a stream of another kind is named" {
    expect 3 rf-train vectors.mp
    contains "$stderr" "holds vectors, and samples are needed here"
    expect 3 rf-predict samples.mp samples.mp
    contains "$stderr" "holds samples, and a forest is needed here"
    expect 3 rf-eval model.mp
    contains "$stderr" "holds a forest, and predictions are needed here"
}

@test "what is no stream is named, and what writes the stream; the advice works" {
    need_program gzip
    # stage KIND: reads a stream of the kind from standard input
    stage() {
        case $1 in
        vectors) vectorize -q --vectors - train.txt ;;
        samples) rf-train -q -n 1 - ;;
        model) rf-predict -q - samples.mp ;;
        predictions) rf-eval - ;;
        esac
    }
    while read -r kind maker; do
        stage "$kind" <"$kind.mp" >wanted
        gzip -c "$kind.mp" >packed
        expect 3 stage "$kind" <packed
        contains "$stderr" "gzip -dc"
        gzip -dc <packed | stage "$kind" | cmp - wanted
        cat "$kind.mp" "$kind.mp" >joined
        expect 3 stage "$kind" <joined
        contains "$stderr" "another stream follows the end of this one: streams can't be joined"
        expect 4 stage "$kind" </dev/null
        contains "$stderr" "is empty"
        other=vectors
        [ "$kind" != vectors ] || other=samples
        expect 3 stage "$kind" <"$other.mp"
        contains "$stderr" "needed here: $maker writes"
        [ "$kind" != predictions ] || continue # these may be text
        expect 3 stage "$kind" <train.txt
        contains "$stderr" "it is text: expected what $maker writes"
    done <<'END'
vectors glove-load
samples vectorize
model rf-train
predictions rf-predict --format mp
END
}

@test "a full disk: status 1, and the reason" {
    [ -w /dev/full ] || skip "no /dev/full"
    for program in $PROGRAMS; do
        expect 1 work_to_full "$program"
        contains "$stderr" "No space left on device"
        expect 1 work "$program" -o /dev/full
        contains "$stderr" "No space left on device"
    done
}

@test "a full disk under -o leaves no file" {
    [ "$(id -u)" = 0 ] || skip "mounting a small disk needs root"
    mkdir disk
    mount -t tmpfs -o size=4k glovepipe-test disk 2>/dev/null || skip "can't mount a small disk"
    for program in glove-load vectorize rf-train; do
        run --separate-stderr work "$program" -o disk/out
        left=$(ls -A disk)
        [ "$status" = 1 ] && [ -z "$left" ] || break
    done
    umount disk
    equal "$program: $status" "rf-train: 1"
    equal "$left" ""
}

@test "a reader that goes away ends the program quietly, by SIGPIPE" {
    for program in glove-load vectorize mp-cat; do
        run --separate-stderr work_to_leaver "$program"
        [ "$output" = 141 ] || [ "$output" = 0 ] || fail "$program: $output"
        equal "$stderr" ""
    done
}

@test "pipes that do not wait, as node.js makes them, are waited for" {
    need_python
    # From a pipe in which nothing is yet, to one that is full at first.
    cat >odd.py <<'END'
import fcntl, os, subprocess, sys, time
source, sink = os.pipe(), os.pipe()
for end in (source[0], sink[1]):
    fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_NONBLOCK)
program = subprocess.Popen(sys.argv[2:], stdin=source[0], stdout=sink[1])
os.close(source[0]), os.close(sink[1])
if os.fork() == 0:
    os.close(sink[0])
    time.sleep(0.2)
    with open(sys.argv[1], "rb") as file, os.fdopen(source[1], "wb") as end:
        end.write(file.read())
    os._exit(0)
os.close(source[1])
time.sleep(0.4)
with os.fdopen(sink[0], "rb") as end:
    sys.stdout.buffer.write(end.read())
sys.exit(program.wait())
END
    yes "$(cat train.txt)" | head -n 40000 >long.txt
    vectorize -q --no-label --vectors vectors.mp -o X.mp long.txt
    [ "$(wc -c <X.mp)" -gt 200000 ]
    mp-cat X.mp >wanted
    "$PYTHON" odd.py X.mp mp-cat >got
    same_file got wanted
    "$PYTHON" odd.py long.txt vectorize -q --no-label --vectors vectors.mp - | mp-cat >got
    same_file got wanted
}

@test "-o: the file appears, stdout stays empty, an old file is replaced" {
    for program in $PROGRAMS; do
        echo old >out
        expect 0 work "$program" -o out
        equal "$output" ""
        work "$program" | cmp - out
    done
}

@test "-o NAME.gz is refused before anything is read, for nothing is packed; the advice works" {
    for program in $PROGRAMS; do
        expect 2 "$program" -o out.gz no-such-file no-such-file
        contains "$stderr" "$program: --output: out.gz is written as it is, not packed: leave '.gz' off"
    done
    vectorize -q --vectors vectors.mp train.txt | gzip >out.gz
    vectorize -q --vectors vectors.mp train.txt | cmp - <(gzip -dc out.gz)
    expect 2 vectorize --vectors vectors.mp --defects defects.zip -o out train.txt
    contains "$stderr" "--defects: defects.zip is written as it is, not packed: leave '.zip' off"
    case $stderr in *piped*) fail "defects can't be piped" ;; esac
    mkfifo pipe.gz
    printf 'a\tb\n' >text.txt
    cat pipe.gz >packed &
    linear-train -q -o pipe.gz text.txt
    wait "$!"
    linear-train -q text.txt | cmp - packed
    [ ! -e out ]
}

@test "GLOVEPIPE_CPU: what names no instruction set is refused" {
    for program in $PROGRAMS; do
        GLOVEPIPE_CPU=avx51 expect 2 "$program" no-such-file
        equal "$stderr" "$program: GLOVEPIPE_CPU=avx51: it may be portable, avx2 or avx512"
    done
    GLOVEPIPE_CPU='' expect 0 work vectorize -o out
}
