#!/usr/bin/env bats
# rf-decide: from out-of-bag predictions to answers; and rf-predict --decide, --coverage.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

decide() {
    "$PYTHON" "$ROOT/tests/cli/decide.py" "$@"
}

# The demo corpus by evidence: rows out of bag, and others.
demo() {
    [ -e "$BATS_FILE_TMPDIR/oob.mp" ] || (
        cd "$BATS_FILE_TMPDIR"
        linear-train -q -o linear.mp "$DEMO/train.txt"
        vectorize -q --linear linear.mp -o train.mp "$DEMO/train.txt"
        vectorize -q --linear linear.mp -o test.mp "$DEMO/test.txt"
        rf-train -q -n 60 --min-samples-leaf 3 --oob oob.mp -o model.mp train.mp
        rf-predict -q --proba --format mp -o plain.mp model.mp test.mp
    )
    cp "$BATS_FILE_TMPDIR"/{oob,model,train,test,plain}.mp .
}

# dear FILE [NONE]: a table of costs, dearer the further apart two labels stand.
dear() {
    costs "$DEMO/train.txt" 'i == j ? -0.5 : 1 + i * (i - j) * (i - j) / 8' "${2-}" >"$1"
}

# ---- what is found ----

@test "calibration: the least log-loss, by scipy; scikit-learn's isotonic curves" {
    need_python msgpack numpy scipy sklearn
    demo
    rf-decide -q --calibrate temperature -o d.mp oob.mp
    expect 0 decide found oob.mp d.mp
    equal "$output" "temperature scores rows"
    rf-decide -q --calibrate isotonic -o d.mp oob.mp
    expect 0 decide found oob.mp d.mp
    equal "$output" "isotonic-knots isotonic-x isotonic-y prior scores rows"
    rf-decide -q --calibrate none -o d.mp oob.mp
    expect 0 decide found oob.mp d.mp
    equal "$output" "scores rows"
}

@test "--calibrate auto takes what has the lower log-loss on rows that were left out" {
    demo
    expect 0 rf-decide -o d.mp oob.mp
    local told temperature isotonic
    told=$(grep 'calibration: ' <<<"$stderr")
    temperature=${told#*log-loss } isotonic=${told##*, }
    temperature=${temperature%% *} isotonic=${isotonic%% *}
    if awk "BEGIN { exit !($isotonic < $temperature) }"; then
        contains "$told" "calibration: isotonic"
    else
        contains "$told" "calibration: temperature"
    fi
    rf-decide --calibrate temperature -o d.mp oob.mp 2>&1 | grep -F -- "-> $temperature, Brier"
    rf-decide --calibrate isotonic -o d.mp oob.mp 2>&1 | grep -F -- "-> $isotonic, Brier"
}

@test "thresholds: no other one of a single label does better" {
    need_python msgpack numpy scipy
    demo
    local measure how
    for measure in macro-f1 balanced-accuracy; do
        for how in none temperature; do
            rf-decide -q --calibrate $how --maximize $measure --strength 1 -o d.mp oob.mp
            expect 0 decide found oob.mp d.mp $measure
            contains "$output" thresholds
            # Weakened by what the summary tells.
            expect 0 rf-decide --calibrate $how --maximize $measure -o w.mp oob.mp
            expect 0 decide weakened d.mp w.mp "${stderr##*at strength }"
        done
    done
}

# Of small forests most shares are equal, or 0.
@test "thresholds: the same where few rows have few votes" {
    need_python msgpack numpy scipy
    local seed
    for seed in 2 30 47; do
        "$PYTHON" -c '
import random, sys
draw = random.Random(int(sys.argv[1]))
print("a,b,label")
for _ in range(draw.choice((40, 200))):
    print(draw.randint(0, 9), draw.randint(0, 9), draw.choice("xxyz"), sep=",")
' $seed >rows.csv
        mp-pack -q rows.csv | rf-train -q -n 5 --oob oob.mp -o model.mp
        for measure in macro-f1 balanced-accuracy; do
            rf-decide -q --calibrate none --maximize $measure --strength 1 -o d.mp oob.mp
            expect 0 decide found oob.mp d.mp $measure
        done
    done
}

@test "floors and limits of novelty, by numpy" {
    need_python msgpack numpy scipy
    demo
    rf-decide -q --calibrate temperature --precision 0.97 -o d.mp oob.mp
    expect 0 decide found oob.mp d.mp precision 0.97
    rf-decide -q --calibrate temperature --novelty 0.1 -o d.mp oob.mp
    expect 0 decide found oob.mp d.mp novelty 0.1
}

@test "what is said of rows that were left out, with the folds dealt anew" {
    need_python msgpack numpy
    demo
    rf-decide --calibrate none -o d.mp oob.mp 2>&1 | grep 'sets for' >said
    decide judged oob.mp >expected
    same_file said expected
    expect 0 rf-decide --calibrate none -o d.mp oob.mp
    local loss brier
    loss=$(rf-eval --measures log-loss oob.mp | awk '/^log-loss/ { print $2 }')
    brier=$(rf-eval --measures brier oob.mp | awk '/^brier/ { print $2 }')
    contains "$stderr" "log-loss $loss -> $loss, Brier $brier -> $brier"
}

# ---- what becomes of votes ----

# apply COVERAGE [COSTS]
apply() {
    rf-predict -q --proba --format mp --decide d.mp --coverage "$1" -o p.mp model.mp test.mp
    expect 0 decide applied d.mp plain.mp p.mp "$@"
}

@test "rf-predict --decide and --coverage, by numpy" {
    need_python msgpack numpy
    demo
    local options
    for options in "--calibrate temperature" "--calibrate isotonic --maximize macro-f1" \
        "--calibrate none --precision 0.98" "--novelty 0.1 --maximize balanced-accuracy"; do
        # shellcheck disable=SC2086 # several words
        rf-decide -q $options -o d.mp oob.mp
        apply 0.9
    done
    apply 1
    apply 0.5
}

@test "--costs: the lowest expected cost, by numpy; and of no answer" {
    need_python msgpack numpy
    demo
    dear c.tsv
    rf-decide -q --costs c.tsv -o d.mp oob.mp
    apply 0.9 c.tsv
    contains "$output" "0 of "
    dear c.tsv 0.4
    rf-decide --costs c.tsv -o d.mp oob.mp 2>said
    grep 'cost a row' said
    apply 0.9 c.tsv
    [ "${output%% *}" -gt 0 ]
    # rf-eval adds up the same costs.
    expect 0 rf-eval --costs c.tsv p.mp
    contains "$output" "cost "
}

@test "the lineage tells costs from others, packed or not" {
    local crc
    demo
    dear c.tsv
    gzip -k c.tsv
    rf-decide -q --costs c.tsv -o d.mp oob.mp
    mp-cat --lineage d.mp >lineage
    crc=$(gzip -lv c.tsv.gz | awk 'NR == 2 { print $2 }')
    grep -E "^ +costs-crc32 +$((16#$crc))\$" lineage
    grep -E "^ +costs-size +$(wc -c <c.tsv)\$" lineage
    rf-decide -q --costs c.tsv.gz -o packed.mp oob.mp
    cmp d.mp packed.mp
    rf-decide -q -o none.mp oob.mp
    expect 0 mp-cat --lineage none.mp
    lacks "$output" costs
}

@test "costs that lack a label, or no answer with --novelty, are refused" {
    demo
    printf '\ta\tb\na\t0\t1\nb\t1\t0\n' >c.tsv
    expect 3 rf-decide -q --costs c.tsv -o d.mp oob.mp
    contains "$stderr" "c.tsv: has no cost of the label"
    dear c.tsv
    expect 3 rf-decide -q --costs c.tsv --novelty 0.1 -o d.mp oob.mp
    contains "$stderr" "c.tsv: has no column '?'"
    [ ! -e d.mp ]
}

@test "a label that is shown as no answer is: refused where there may be none" {
    printf '?\tfoo\nb\tbar\n?\tfoo baz\n' >q.txt
    linear-train -q -o linear.mp q.txt
    vectorize -q --linear linear.mp q.txt | rf-train -q -n 20 --oob oob.mp -o model.mp
    local wrong
    for wrong in '--novelty 0.1' '--precision 0.9'; do
        # shellcheck disable=SC2086
        expect 3 rf-decide $wrong -o d.mp oob.mp
        contains "$stderr" "oob.mp: has the label '?', which stands for no answer: leave out --novelty"
        [ ! -e d.mp ]
    done
    expect 0 rf-decide -q -o d.mp oob.mp
    vectorize -q --linear linear.mp --no-label q.txt | rf-predict -q --decide d.mp model.mp >labels
    equal "$(wc -l <labels)" 3
}

@test "rf-eval's figures of sets" {
    need_python msgpack numpy
    demo
    rf-decide -q --novelty 0.1 -o d.mp oob.mp
    rf-predict -q --proba --format mp --decide d.mp --coverage 0.9 -o p.mp model.mp test.mp
    rf-eval --json --all --resamples 20 p.mp >p.json
    expect 0 decide sets p.json p.mp
    expect 0 rf-eval p.mp
    contains "$output" "rows have their label in it"
    expect 3 rf-eval --measures set-size plain.mp
    contains "$stderr" "set-coverage and set-size need a stream with sets"
}

@test "text shows what the stream holds; a comma in a label is spelled out" {
    demo
    rf-decide -q --novelty 0.1 -o d.mp oob.mp
    local options
    for options in "" --proba; do
        # shellcheck disable=SC2086 # none or one
        rf-predict -q $options --decide d.mp --coverage 0.99 --format mp model.mp test.mp |
            mp-cat >shown
        # shellcheck disable=SC2086
        rf-predict -q $options --decide d.mp --coverage 0.99 model.mp test.mp | cmp - shown
    done
    printf '%s\n' $'a,b\tx y' $'c\tz w' $'a,b\tx y' $'c\tz w' $'a,b\tx' $'c\tz' >train.txt
    linear-train -q --folds 2 -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt >train.mp
    rf-train -q -n 20 --oob oob.mp -o model.mp train.mp
    rf-decide -q --calibrate none -o d.mp oob.mp
    expect 0 rf-predict -q --decide d.mp --coverage 1 --header always model.mp train.mp
    equal "${lines[0]}" $'label\tpredicted\tset'
    contains "$output" 'a\x2cb,c'
}

@test "the same bytes for any -j" {
    demo
    rf-decide -q --novelty 0.1 --maximize macro-f1 -o d.mp oob.mp
    rf-predict -q --proba --format mp --decide d.mp --coverage 0.9 -j 1 model.mp test.mp >one
    rf-predict -q --proba --format mp --decide d.mp --coverage 0.9 -j 7 model.mp test.mp | cmp - one
}

# ---- whose decisions ----

@test "decisions of another model are refused; the same forest is the same" {
    demo
    rf-decide -q -o d.mp oob.mp
    rf-train -q -n 60 --min-samples-leaf 3 -j 3 train.mp | cmp - model.mp
    local options
    for options in "--seed 1" "-n 61" "--min-samples-leaf 2"; do
        # shellcheck disable=SC2086 # two words
        rf-train -q -n 60 --min-samples-leaf 3 $options -o other.mp train.mp
        expect 3 rf-predict -q --decide d.mp other.mp test.mp
        contains "$stderr" "d.mp: was found for another model than other.mp"
    done
    rf-train -q -n 60 --min-samples-leaf 3 -o other.mp test.mp
    expect 3 rf-predict -q --decide d.mp other.mp test.mp
    contains "$stderr" "was found for another model"
}

@test "predictions of held-out texts serve as well, for the model that made them" {
    demo
    rf-decide -q -o d.mp plain.mp
    expect 0 rf-predict -q --decide d.mp model.mp test.mp
    rf-train -q -n 9 -o other.mp train.mp
    expect 3 rf-predict -q --decide d.mp other.mp test.mp
    contains "$stderr" "was found for another model"
}

@test "the lineage: that of the predictions, then what was decided" {
    demo
    rf-decide -q --novelty 0.125 -o d.mp oob.mp
    expect 0 mp-cat --lineage d.mp
    contains "$output" " rf-train "
    contains "$output" " rf-decide "
    contains "$output" "novelty    0.125"
    contains "$output" "read       $(stat -c %s oob.mp) bytes"
    rf-predict -q --decide d.mp --coverage 0.5 --format mp model.mp test.mp >p.mp
    expect 0 mp-cat --lineage p.mp
    contains "$output" "decide-size   $(stat -c %s d.mp)"
    contains "$output" "coverage      0.5"
    rf-decide -q --maximize macro-f1 --strength 0.5 -o s.mp oob.mp
    expect 0 mp-cat --lineage s.mp
    contains "$output" "strength   0.5"
}

@test "mp-cat shows decisions, and their labels" {
    demo
    rf-decide -q --calibrate temperature --maximize macro-f1 -o d.mp oob.mp
    expect 0 mp-cat d.mp
    contains "$output" $'temperature\t0\t'
    contains "$output" $'thresholds\tmusic\t'
    expect 0 mp-cat --stats d.mp
    contains "$output" "kind       decisions"
    contains "$output" "classes    6: cooking, "
    expect 0 mp-cat --check d.mp
}

# ---- wrong use ----

@test "predictions that can't serve are refused" {
    demo
    rf-decide -q -o once.mp oob.mp
    rf-predict -q --decide once.mp --proba --format mp -o decided.mp model.mp test.mp
    expect 3 rf-decide -q -o twice.mp decided.mp
    contains "$stderr" "decided.mp: these probabilities are calibrated already: take those of rf-predict without --decide"
    rf-predict -q --format mp -o bare.mp model.mp test.mp
    expect 3 rf-decide -q -o d.mp bare.mp
    contains "$stderr" "the rows have no probabilities: take those of rf-train --oob"
    cut -f 2 "$DEMO/test.txt" >bare.txt
    vectorize -q --linear "$BATS_FILE_TMPDIR/linear.mp" --no-label bare.txt >bare
    rf-predict -q --proba --format mp -o bare.mp model.mp bare
    expect 3 rf-decide -q -o d.mp bare.mp
    contains "$stderr" "the rows have no labels"
    expect 3 rf-decide -q -o d.mp train.mp
    contains "$stderr" "this stream holds samples, and predictions are needed here"
    [ ! -e d.mp ]
}

@test "options that do not go together" {
    expect 2 rf-decide --maximize macro-f1 --precision 0.9 oob.mp
    contains "$stderr" "--maximize, --precision and --costs exclude each other"
    expect 2 rf-decide --novelty 2 oob.mp
    expect 2 rf-decide --calibrate platt oob.mp
    expect 2 rf-decide --costs - -
    contains "$stderr" "standard input can't be read twice"
    expect 2 rf-predict --decide - model.mp test.mp
    contains "$stderr" "--decide: name the file, not standard input"
    expect 2 rf-predict --contributions --decide d.mp model.mp test.mp
    contains "$stderr" "leave out one of them"
    expect 2 rf-predict --coverage 0.9 model.mp test.mp
    contains "$stderr" "--coverage needs --decide FILE"
    expect 2 rf-predict --coverage 0.9 --decide d.mp --labels-only model.mp test.mp
    contains "$stderr" "--labels-only and --coverage exclude each other"
}

@test "rows of labels that the model lacks are left out, and counted" {
    demo
    sed '1,5s/^[^\t]*/strange/' "$DEMO/test.txt" >strange.txt
    vectorize -q --linear "$BATS_FILE_TMPDIR/linear.mp" strange.txt >strange.mp
    rf-predict -q --proba --format mp -o p.mp model.mp strange.mp
    expect 0 rf-decide -o d.mp p.mp
    contains "$stderr" "5 rows have labels that the model does not know: left out"
    contains "$stderr" "$(($(wc -l <strange.txt) - 5)) rows of 6 labels"
}

@test "what a forest says of its own samples is told apart from what it says out of bag" {
    for ((i = 0; i < 40; i++)); do printf '%s\t%d\n' "$((i % 2))" "$((i % 2 * 9 + i % 5))"; done |
        mp-pack -q --from tsv --label-column 1 -o X.mp -
    rf-train -q -n 5 --oob oob.mp -o m.mp X.mp
    expect 0 bash -c 'rf-predict -q --proba --format mp m.mp X.mp | rf-decide -q -o d.mp -'
    contains "$stderr" "warning: every prediction is right: was the forest trained on these samples?"
    expect 0 rf-decide -q -o d.mp oob.mp # as it says
    lacks "$stderr" "every prediction"
}

# ---- R8 ----

@test "R8: cross-fitting tells what a test set shows" {
    need_shared
    need_python msgpack numpy
    linear-train -q -o linear.mp "$SHARED/r8-train-all-terms.txt"
    vectorize -q --linear linear.mp -o train.mp "$SHARED/r8-train-all-terms.txt"
    vectorize -q --linear linear.mp -o test.mp "$SHARED/r8-test-all-terms.txt"
    rf-train -q --min-samples-leaf 3 --max-samples 6000 --oob oob.mp -o model.mp train.mp
    rf-decide -q --novelty 0.05 -o d.mp oob.mp
    rf-predict -q --proba --format mp -o plain.mp model.mp test.mp
    apply 0.95
    rf-eval --measures log-loss,set-coverage p.mp >figures
    # 0.087 before.
    awk '$1 == "log-loss" { exit !($2 < 0.08) }' figures
    awk '$1 == "set-coverage" { exit !($2 > 0.94 && $2 < 0.96) }' figures
}
