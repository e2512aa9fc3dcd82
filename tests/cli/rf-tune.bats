#!/usr/bin/env bats
# rf-tune: settings tried and measured, the best one's commands.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    awk 'NR % 4 == 1' "$DEMO/train.txt" >train.txt
}

# measure NAME: of oob.mp, as the table rounds it.
measure() {
    rf-eval --json --resamples 0 --measures "$1" oob.mp |
        sed -n 's/.*"value": \([^,]*\),.*/\1/p' | awk '{ printf "%.6f", $1 }'
}

# ---- what is tried ----

@test "the first run is what glovepipe train does, and its measure that of rf-eval" {
    expect 0 rf-tune -q --runs 1 --trees 20 train.txt
    linear-train -q -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt >train.mp
    rf-train -q --trees 20 --min-samples-leaf 3 --max-samples 6000 --oob oob.mp -o model.mp train.mp
    equal "${lines[0]}" $'run\taccuracy\tsetting'
    equal "${lines[1]}" $'1\t'"$(measure accuracy)"$'\tas glovepipe train does'
    contains "$output" "best: run 1, accuracy $(measure accuracy)"
    glovepipe train -q --trees 20 -o folder train.txt
    same_file model.mp folder/model.mp
}

@test "the commands at the end make what was measured; a clear winner is told from chance" {
    cp "$DEMO/train.txt" .
    rf-tune -q --runs 5 --trees 5 --measure brier -o tuned train.txt
    equal "$(grep -c '^[0-9]' tuned)" 5
    local best value
    best=$(sed -n 's/^best: run \([0-9]*\), brier .*/\1/p' tuned)
    value=$(awk -F '\t' -v run="$best" '$1 == run { print $2 }' tuned)
    grep -q "^best: run $best, brier $value\$" tuned
    sed -n '/^linear-train/,$p' tuned | sed 's/rf-train/& --oob oob.mp/' >commands
    expect 0 bash -e commands
    equal "$(measure brier)" "$value"
    grep -q "^clearly better than run 1: by -[0-9.]*, 95% interval of the best of 5 -[0-9.]* to -[0-9.]*$" tuned
    [ "$(awk -F '\t' '/^[0-9]/ { print $2 }' tuned | sort -g | head -n 1)" = "$value" ]
}

# For 4 at once the normal's quantile of 1 - 0.025 / 4 stands for that of 0.975: scipy's
# norm.isf(0.025 / 4) / norm.isf(0.025) is 1.27437.
@test "the interval of the best is as wide as all that were tried ask for" {
    cp "$DEMO/train.txt" .
    rf-tune -q --runs 5 --trees 5 --measure brier -o tuned train.txt
    sed -n '/^linear-train/,$p' tuned | sed 's/rf-train/& --oob oob.mp/' >commands
    expect 0 bash -e commands
    linear-train -q -o first.linear.mp train.txt
    vectorize -q --linear first.linear.mp train.txt |
        rf-train -q --trees 5 --min-samples-leaf 3 --max-samples 6000 --oob first.mp -o first.model.mp
    rf-eval --json --measures brier --against first.mp oob.mp |
        sed -n 's/.*"difference": {"value": \([^,]*\), "interval": \[\([^,]*\), \([^]]*\)\].*/\1 \2 \3/p' |
        awk '{ print $1, $1 - 1.27437 * ($1 - $2), $1 + 1.27437 * ($3 - $1) }' >wanted
    sed -n 's/^clearly better than run 1: by \(.*\), 95% interval of the best of 5 \(.*\) to /\1 \2 /p' tuned >told
    paste -d ' ' told wanted | awk 'function off(a, b) { return a > b ? a - b : b - a }
        { near = off($1, $4) < 0.0002 && off($2, $5) < 0.0002 && off($3, $6) < 0.0002 } END { exit !near }'
}

@test "what is not clearly better does not replace the first" {
    rf-tune -q --runs 6 --trees 20 -o tuned train.txt
    if grep -q '^run .* is the best, but not clearly' tuned; then
        grep -q '^best: run 1, ' tuned
    else
        grep -qE '^(best: run 1,|clearly better)' tuned
    fi
}

@test "the same for any -j, and with what a cache keeps" {
    rf-tune -q --runs 5 --trees 10 -j 1 -o one train.txt
    rf-tune -q --runs 5 --trees 10 -j 3 --cache kept -o three train.txt
    same_file one three
    stat -c '%n %y' kept/* >before
    grep -q linear before
    rf-tune -q --runs 5 --trees 10 --cache kept train.txt | cmp - one
    stat -c '%n %y' kept/* | cmp - before
    rf-tune -q --runs 5 --trees 10 --seed 7 train.txt >other
    run ! cmp -s one other
}

@test "stages that do not change are made once" {
    rf-tune -v --runs 6 --trees 5 --cache kept train.txt 2>said >/dev/null
    equal "$(grep -c '^linear-train' said)" "$(find kept -name 'linear*' | wc -l)"
    equal "$(grep -c '^vectorize' said)" "$(find kept -name 'samples*' | wc -l)"
    equal "$(grep -c '^rf-train --' said)" 6
    contains "$(cat said)" "rf-tune: run 6 of 6, "
    contains "$(cat said)" "; best 0."
}

# tuned ARGUMENT...: the first run's measure; with a cache it is the same.
tuned() { rf-tune -q --runs 1 --trees 3 --measure log-loss "$@" 2>/dev/null | sed -n 2p; }
same_kept() {
    local wanted
    wanted=$(tuned "$@")
    contains "$wanted" $'1\t'
    equal "$(tuned --cache kept "$@")" "$wanted"
}

@test "a cache goes by what texts hold, not by their names" {
    cp train.txt texts.txt
    same_kept texts.txt
    awk 'NR % 4 == 2' "$DEMO/train.txt" >texts.txt
    same_kept texts.txt
    same_kept --folds 2 texts.txt
    # A file of a folder may be a link to another.
    mkdir -p folder/a folder/b
    awk -F '\t' '{ file = "folder/" (NR % 2 ? "a" : "b") "/" NR; print $2 >file; close(file) }' train.txt
    mv folder/a/1 linked
    ln -s ../../linked folder/a/1
    same_kept folder
    head -n 40 folder/b/* >linked
    same_kept folder
    # One after the other they are what they were, but the second table has lost its heading.
    { echo label,text && tr -d ',"' <train.txt | tr '\t' ,; } >a.csv
    { head -n 1 a.csv && sed -n '61,$p' a.csv; } >b.csv
    same_kept --label-column label --text-column text a.csv b.csv
    head -n 1 b.csv >>a.csv
    sed -i 1d b.csv
    expect 3 rf-tune -q --runs 1 --trees 3 --cache kept --label-column label --text-column text a.csv b.csv
}

@test "a cache goes by what vectors hold: as text, as a stream, through a pipe" {
    local n
    for n in 1 2; do
        awk -v n=$n '{ print $1, $(n + 1), $4 }' "$DEMO/vectors.txt" >$n.txt
        cp $n.txt vectors.txt
        glove-load -q -o vectors.mp $n.txt
        tuned --vectors vectors.txt train.txt >wanted.$n
        [ -s wanted.$n ]
        tuned --cache kept --vectors vectors.txt train.txt | cmp - wanted.$n
        tuned --cache kept --vectors vectors.mp train.txt | cmp - wanted.$n
        tuned --cache kept --vectors <(cat $n.txt) train.txt | cmp - wanted.$n
    done
    run ! cmp -s wanted.1 wanted.2
}

# stages_made: which programs made what the cache had not.
stages_made() {
    once/rf-tune -v --runs 1 --trees 3 --folds 2 --vectors <(cat "$DEMO/vectors.txt") --cache kept train.txt 2>&1 >/dev/null |
        awk '/ -o kept/ { print $1 }' | sort | uniq -c | awk '{ print $1, $2 }'
}

@test "a cache goes by the programs, which may be others of that version, and by nothing temporary" {
    mkdir once
    local name
    for name in $(commands); do cp "$BIN/$name" once; done
    equal "$(stages_made)" $'2 linear-train\n2 vectorize'
    equal "$(stages_made)" ""
    echo >>once/vectorize
    equal "$(stages_made)" "2 vectorize"
}

@test "a cache looks once at what is large, however many runs there are" {
    mkdir wrap
    printf '#!/bin/sh\nreadlink /proc/$$/fd/0 >>%q\nexec %q "$@"\n' "$PWD/looked" "$(command -v cksum)" >wrap/cksum
    chmod +x wrap/cksum
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    PATH=$PWD/wrap:$PATH rf-tune -q --runs 3 --trees 3 --vectors vectors.mp train.txt >/dev/null 2>&1
    equal "$(grep -c '/train\.txt$' looked)" 1
    equal "$(grep -c '/vectors\.mp$' looked)" 1
}

@test "--time: at least one run, and no more when it is over" {
    expect 0 rf-tune -q --time 1 --trees 5 train.txt
    contains "$output" $'\n1\t0.'
    contains "$output" "best: run "
}

@test "--vectors: settings with and without" {
    expect 0 rf-tune -q --runs 25 --trees 2 --vectors "$DEMO/vectors.txt" train.txt
    equal "${lines[1]#*$'\t'*$'\t'}" "as glovepipe train does"
    contains "$output" "sources=linear"
}

# ---- other ways to measure ----

@test "--folds: the mean of the parts, each judged by the others" {
    expect 0 rf-tune -q --runs 1 --trees 10 --folds 2 train.txt
    local part sum=()
    for part in 0 1; do
        awk -v part=$part 'NR % 2 == part' train.txt >held
        awk -v part=$part 'NR % 2 != part' train.txt >rest
        linear-train -q -o linear.mp rest
        vectorize -q --linear linear.mp rest |
            rf-train -q --trees 10 --min-samples-leaf 3 --max-samples 6000 -o model.mp
        vectorize -q --linear linear.mp held | rf-predict -q --format mp -o oob.mp model.mp
        sum+=("$(rf-eval --json --resamples 0 --measures accuracy oob.mp |
            sed -n 's/.*"value": \([^,]*\),.*/\1/p')")
    done
    contains "$output" "best: run 1, accuracy $(printf '%s\n' "${sum[@]}" |
        awk '{ s += $1 } END { printf "%.6f", s / 2 }'), the mean of 2 parts"
}

@test "--folds: gzipped texts, and one that ends amid a line, are dealt out as their lines" {
    rf-tune -q --runs 1 --trees 3 --folds 2 train.txt | head -n 2 >wanted
    head -n 20 train.txt | head -c -1 >one.txt # without its last end of line
    tail -n +21 train.txt | gzip >two.txt.gz
    rf-tune -q --runs 1 --trees 3 --folds 2 one.txt two.txt.gz | head -n 2 | cmp - wanted
}

@test "--curve: an eighth of the texts, a quarter, a half, all" {
    expect 0 rf-tune -q --curve --trees 10 train.txt
    equal "${lines[0]}" $'texts\taccuracy\t95% interval'
    local all
    all=$(wc -l <train.txt)
    equal "$(cut -f 1 <<<"${lines[4]}")" "$all"
    equal "$(cut -f 1 <<<"${lines[3]}")" "$((all / 2))"
    rf-tune -q --runs 1 --trees 10 train.txt >first
    equal "$(cut -f 2 <<<"${lines[4]}")" "$(awk -F '\t' '$1 == 1 { print $2 }' first)"
}

# ---- where it runs ----

# As the shell of who lives there: the locale is made where no one else sees it.
@test "where numbers have a comma, the same table, the same best" {
    need_program localedef mawk
    mkdir locales programs
    localedef -i de_DE -f UTF-8 "$PWD/locales/de_DE.UTF-8" 2>said || skip "no sources of locales: $(cat said)"
    ln -s "$(command -v mawk)" programs/awk
    export PATH=$PWD/programs:$PATH LOCPATH=$PWD/locales
    equal "$(LC_ALL=de_DE.UTF-8 mawk 'BEGIN { printf "%.1f", 1 / 2 }')" 0,5
    rf-tune -q --runs 3 --folds 2 --trees 5 -o wanted train.txt
    LC_ALL=de_DE.UTF-8 rf-tune -q --runs 3 --folds 2 --trees 5 -o got train.txt
    same_file got wanted
    LC_ALL='' LC_NUMERIC=de_DE.UTF-8 rf-tune -q --runs 3 --folds 2 --trees 5 -o got train.txt
    same_file got wanted
}

# By CDPATH cd goes to another folder of that name, which holds other texts.
@test "CDPATH: a cache is of the texts that were named" {
    mkdir -p here/a here/b elsewhere/here
    awk -F '\t' '{ file = "here/" (NR % 2 ? "a" : "b") "/" NR; print $2 >file; close(file) }' train.txt
    cp -r here/a here/b elsewhere/here
    echo other >elsewhere/here/a/other
    rf-tune -q --runs 1 --trees 3 --cache kept here >/dev/null
    local kept
    kept=$(ls kept)
    CDPATH=$PWD/elsewhere rf-tune -q --runs 1 --trees 3 --cache kept here >/dev/null
    equal "$(ls kept)" "$kept"
}

# POSIX: what stands behind the first operand is one.
@test "POSIXLY_CORRECT: options stand before names" {
    rf-tune -q --runs 2 --folds 2 --trees 3 -o wanted train.txt
    POSIXLY_CORRECT=1 rf-tune -q --runs 2 --folds 2 --trees 3 -o got train.txt
    same_file got wanted
}

# ---- where it goes ----

# refused STATUS MESSAGE ARGUMENT...: before anything is trained.
refused() {
    expect "$1" rf-tune -v --trees 3 "${@:3}"
    contains "$stderr" "rf-tune: $2"
    lacks "$stderr" linear-train
}

@test "-o onto what is read: status 2 before the first run, and nothing is lost" {
    local read="is read, and can't be what is written as well: name another file" name
    mkdir -p texts/music texts/travel
    echo 'a song' >texts/music/1
    echo 'a road' >texts/travel/2
    glove-load -q -o v.mp "$DEMO/vectors.txt"
    ln train.txt hard
    ln -s train.txt soft
    tar -cf before.tar train.txt texts v.mp
    for name in train.txt ./train.txt hard soft; do
        refused 2 "train.txt: $read" -o "$name" train.txt
    done
    refused 2 "train.txt: $read" --curve -o train.txt "$DEMO/test.txt" train.txt
    refused 2 "v.mp: $read" --vectors v.mp -o v.mp train.txt
    refused 2 "texts/travel/2: $read" -o texts/travel/2 texts
    expect 2 bash -c 'rf-tune --runs 1 train.txt >>train.txt'
    contains "$stderr" "rf-tune: train.txt: $read"
    tar -df before.tar
}

@test "-o onto what can't be written: told before the first run" {
    mkdir folder
    refused 1 "nowhere/tuned: can't write beside it: No such file or directory" -o nowhere/tuned train.txt
    refused 2 "folder: is a folder: name a file" -o folder train.txt
    refused 2 "an empty name is no place to write to" -o '' train.txt
    refused 2 "--output: tuned.gz is written as it is, not packed" -o tuned.gz train.txt
    only_files . folder train.txt
}

@test "a text that is gone when all runs are done: nothing is lost" {
    cp train.txt gone.txt
    rf-tune -q --runs 1 --folds 2 --trees 3 -o wanted gone.txt
    mkdir once
    local name
    for name in $(programs); do ln -s "$BIN/$name" once; done
    rm -f once/rf-predict once/rf-tune
    printf '#!/bin/sh\nrm -f gone.txt\nexec "%s/rf-predict" "$@"\n' "$BIN" >once/rf-predict
    chmod +x once/rf-predict
    cp "$BIN/rf-tune" once
    once/rf-tune -q --runs 1 --folds 2 --trees 3 -o got gone.txt
    [ ! -e gone.txt ]
    same_file got wanted
}

@test "-o onto a FIFO: who reads it gets it all" {
    mkfifo fifo
    timeout 60 cat fifo >got 3>&- &
    expect 0 rf-tune -q --runs 1 --trees 30 -o fifo train.txt
    wait
    rf-tune -q --runs 1 --trees 30 train.txt | cmp - got
}

# ---- wrong use, and what is left behind ----

@test "wrong options" {
    expect 2 rf-tune
    contains "$stderr" "rf-tune: no texts"
    expect 2 rf-tune --vectors '' train.txt
    contains "$stderr" "--vectors needs a value"
    expect 2 rf-tune --runs 0 train.txt
    contains "$stderr" "--runs: '0' is not a whole number from 1 to 100000"
    expect 2 rf-tune --runs 3 --time 5 train.txt
    contains "$stderr" "--runs and --time exclude each other"
    expect 2 rf-tune --curve --folds 3 train.txt
    local counted
    for counted in --runs=3 --time=3; do
        expect 2 rf-tune --curve "$counted" train.txt
        contains "$stderr" "--curve tries the first setting alone: leave --runs and --time out"
    done
    expect 2 rf-tune --vectors - train.txt <"$DEMO/vectors.txt"
    equal "$stderr" "rf-tune: --vectors -: the commands of the best name a file: name one"
    expect 2 rf-tune --measure f2 train.txt
    contains "$stderr" "there is no measure 'f2'"
    expect 2 rf-tune --measure cost train.txt
    expect 2 rf-tune --nonsense train.txt
    contains "$stderr" "unknown option --nonsense"
    expect 2 rf-tune - <train.txt
    contains "$stderr" "name a file, not standard input"
    expect 1 rf-tune nowhere.txt
    contains "$stderr" "rf-tune: nowhere.txt: can't open: No such file or directory"
}

@test "vectors may come through a pipe, whole" {
    rf-tune -q --runs 1 --trees 3 --vectors "$DEMO/vectors.txt" --cache file train.txt >/dev/null
    expect 0 rf-tune -q --runs 1 --trees 3 --vectors <(cat "$DEMO/vectors.txt") --cache pipe train.txt
    same_file file/samples-*.mp pipe/samples-*.mp
}

@test "folders that can't be made: status 1, and why" {
    expect 1 env TMPDIR=nowhere rf-tune --runs 1 train.txt
    equal "$stderr" "rf-tune: nowhere: no folder can be made there: No such file or directory: name another with TMPDIR"
    expect 1 rf-tune --runs 1 --cache train.txt/kept train.txt
    equal "$stderr" "rf-tune: --cache train.txt/kept: can't be made: Not a directory"
}

@test "a failure leaves nothing behind" {
    export TMPDIR=$PWD/tmp
    mkdir tmp
    printf 'no tab\n' >bad
    expect 3 rf-tune -q -o tuned bad
    [ ! -e tuned ]
    rf-tune -q --runs 2 --trees 3 -o tuned train.txt
    [ -s tuned ]
    equal "$(ls -A tmp)" ""
    expect 1 bash -c 'rf-tune -q --runs 1 --trees 3 train.txt >/dev/full'
    equal "$(ls -A tmp)" ""
}

@test "names that begin with a dash, or hold a space" {
    mv -- train.txt "-a b.txt"
    expect 0 rf-tune -q --runs 2 --trees 3 -- "-a b.txt"
    sed -n '/^linear-train/,$p' <<<"$output" >commands
    expect 0 bash -e commands
}

@test "where a checksum fails no stage is taken for another" {
    mkdir wrap
    printf '#!/bin/sh\nexit 1\n' >wrap/cksum
    chmod +x wrap/cksum
    expect 1 eval 'PATH=$PWD/wrap:$PATH rf-tune -q --curve --trees 5 train.txt'
    equal "$output" ''
    contains "$stderr" ": cksum can't read it"
}

# full PROGRAM OPTION...: as if the disk were full where the program writes.
full() {
    mkdir -p "$1"
    printf '#!/bin/sh\necho "$0: no space" >&2\nexit 2\n' >"$1/$1"
    chmod +x "$1/$1"
    expect 1 eval "PATH=\$PWD/$1:\$PATH rf-tune -q ${*:2} --runs 1 --trees 5 -o tuned train.txt"
    contains "$stderr" ": can't be written"
    [ ! -e tuned ] || fail "tuned appeared"
}

@test "a temporary file that can't be written ends it, and nothing is told of the best" {
    full cat           # copies predictions
    full awk --folds 2 # deals out texts
}

@test "a folder in which a link leads in a circle is one like any" {
    mkdir -p texts/a texts/b
    head -n 20 train.txt | while IFS=$'\t' read -r _ text; do
        printf '%s\n' "$text" >"texts/a/${#text}"
        printf 'not %s\n' "$text" >"texts/b/${#text}"
    done
    expect 0 rf-tune -q --runs 1 --trees 5 texts
    local wanted=$output
    ln -s . texts/a/circle
    expect 0 rf-tune -q --runs 1 --trees 5 texts
    equal "$output" "$wanted"
}

@test "standard input and standard error closed: the same is told" {
    rf-tune -q --runs 1 --trees 5 train.txt >wanted 2>/dev/null
    expect 0 eval 'rf-tune -q --runs 1 --trees 5 train.txt <&- 2>&-'
    equal "$output" "$(cat wanted)"
}
