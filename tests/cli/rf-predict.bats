#!/usr/bin/env bats
# rf-predict: samples and a forest to predicted labels.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

streams() {
    "$PYTHON" "$ROOT/tests/cli/predict.py" "$@"
}

# The forest and samples that can be judged by hand.
hand() {
    need_python msgpack numpy
    streams hand .
}

# A forest of the demo corpus, its training samples, and others.
demo_forest() {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o train.mp "$DEMO/train.txt"
    vectorize -q --vectors vectors.mp -o test.mp "$DEMO/test.txt"
    rf-train -q -n 40 "$@" -o model.mp train.mp
}

lines() {
    printf '%s\n' "$@"
}

# ---- what is predicted ----

@test "labels and predictions, a line a sample" {
    hand
    expect 0 rf-predict -q model.mp samples.mp
    equal "$output" "$(printf '%s\t%s\n' ship ship acq ship acq acq wheat acq)"
    equal "$stderr" ""
}

@test "probabilities are the mean of the leaves' shares" {
    hand
    # By hand: (1 + 1/4 + 0) / 3, (0 + 1/4 + 0) / 3, (0 + 1/2 + 1) / 3; and so on, as float32.
    expect 0 rf-predict -q --proba model.mp samples.mp
    equal "$output" "$(printf '%s\t%s\t%s\t%s\t%s\n' label predicted acq earn ship \
        ship ship 0.41666666 0.083333336 0.5 \
        acq ship 0.083333336 0.41666666 0.5 \
        acq acq 0.5 0.083333336 0.41666666 \
        wheat acq 0.75 0.083333336 0.16666667)"
}

@test "equal votes go to the class that comes first" {
    hand
    expect 0 rf-predict -q --labels-only tie.mp unlabelled.mp
    equal "$output" "$(lines b b b b)"
}

@test "scikit-learn's forests predict the same, to the last bit" {
    need_python msgpack numpy sklearn
    expect 0 streams scikit-learn .
    equal "$output" "4 forests"
}

@test "every vote of a forest of rf-train, recomputed from its stream" {
    need_python msgpack numpy
    local options
    for options in "" "--min-samples-leaf 6 --no-bootstrap" "--max-depth 2 --seed 3"; do
        # shellcheck disable=SC2086 # several words
        demo_forest $options
        expect 0 rf-predict -q --proba --format mp -o predictions.mp model.mp test.mp
        expect 0 streams votes model.mp test.mp predictions.mp
        equal "$output" "$(wc -l <"$DEMO/test.txt") rows, 40 trees"
    done
}

@test "R8: every vote of 200 trees, recomputed" {
    need_shared
    need_python msgpack numpy
    glove-load -q -o vectors.mp "$SHARED/glove.r8.50d.zip"
    vectorize -q --vectors vectors.mp -o train.mp "$SHARED/r8-train-all-terms.txt"
    vectorize -q --vectors vectors.mp -o test.mp "$SHARED/r8-test-all-terms.txt"
    rf-train -q -o model.mp train.mp
    expect 0 rf-predict -q --proba --format mp -o predictions.mp model.mp test.mp
    expect 0 streams votes model.mp test.mp predictions.mp
    equal "$output" "2189 rows, 200 trees"
}

@test "--abstain: no answer below a probability" {
    hand
    # The probabilities of the answers, as above: 0.5, 0.5, 0.5, 0.75.
    expect 0 rf-predict --abstain 0.625 model.mp samples.mp
    equal "$output" "$(printf '%s\t%s\n' ship '?' acq '?' acq '?' wheat acq)"
    contains "$stderr" "rf-predict: 4 rows in "
    contains "$stderr" "accuracy 0.000000 (0 right)"
    contains "$stderr" "rf-predict: 3 rows without an answer (75.00%)"
    expect 0 rf-predict -q --abstain 0.5 --labels-only model.mp samples.mp
    equal "$output" "$(lines ship ship acq acq)"
    rf-predict -q --abstain 0.625 --proba --format mp model.mp samples.mp >predictions.mp
    mp-cat predictions.mp >shown
    rf-predict -q --abstain 0.625 --proba model.mp samples.mp | cmp - shown
    contains "$(mp-cat --stats predictions.mp)" "abstains   yes"
    contains "$(mp-cat --lineage predictions.mp)" "abstain      0.625"
    rf-predict -q --abstain 0 --format mp model.mp samples.mp >zero.mp
    rf-predict -q --format mp model.mp samples.mp | cmp - zero.mp
}

@test "--abstain: a forest that knows the label ? is refused" {
    hand
    printf '?\ta b\nx\tc d\n?\ta b\nx\tc d\n' >train.txt
    linear-train -q --folds 2 -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt >samples.mp
    rf-train -q -n 3 -o model.mp samples.mp
    expect 0 rf-predict -q model.mp samples.mp
    expect 3 rf-predict -q --abstain 0.5 model.mp samples.mp
    contains "$stderr" "has the label '?', which stands for no answer"
}

# ---- the forms of the output ----

@test "--labels-only: the predictions alone" {
    hand
    expect 0 rf-predict -q --labels-only model.mp samples.mp
    equal "$output" "$(lines ship ship acq acq)"
}

@test "--top: the most probable classes, each with its probability" {
    hand
    expect 0 rf-predict -q --top 2 model.mp samples.mp # by --proba's figures above
    equal "$output" "$(printf '%s\t%s\t%s\t%s\t%s\t%s\n' label predicted top_1 proba_1 top_2 proba_2 \
        ship ship ship 0.5 acq 0.41666666 \
        acq ship ship 0.5 earn 0.41666666 \
        acq acq acq 0.5 ship 0.41666666 \
        wheat acq acq 0.75 ship 0.16666667)"
    expect 0 rf-predict -q --top 1 --header never tie.mp unlabelled.mp # of equal ones the first, as predicted
    equal "$(cut -f 1,2 <<<"$output")" "$(lines b$'\t'b b$'\t'b b$'\t'b b$'\t'b)"
    equal "$(rf-predict -q --top 1000 model.mp samples.mp | awk -F '\t' '{ print NF }' | sort -u)" 8 # all 3
    demo_forest
    rf-predict -q --proba --header never model.mp test.mp >all
    rf-predict -q --proba --header always model.mp test.mp | sed 1q >names
    for k in 1 3 1000; do
        rf-predict -q --top "$k" --header never -j 3 model.mp test.mp >top
        awk -F '\t' -v k="$k" 'FILENAME == "names" { for (i = 3; i <= NF; i++) name[i] = $i; next }
            {
                line = $1 "\t" $2
                for (n = 0; n < k && n < NF - 2; n++) {
                    best = 0
                    for (i = 3; i <= NF; i++)
                        if (!($i == "taken") && (!best || $i > $best || ($i == $best && name[i] == $2))) best = i
                    line = line "\t" name[best] "\t" $best
                    $best = "taken"
                }
                print line
            }' names all | cmp - top
    done
}

@test "--top is not for rf-eval, which says so" {
    hand
    rf-predict -q --top 1 -o top.tsv model.mp samples.mp
    expect 3 rf-eval top.tsv
    contains "$stderr" "top.tsv:1: the probabilities of some classes are not enough: rf-predict with --proba"
}

@test "--top beside no answer, sets and what was kept" {
    demo_forest
    rf-predict -q --top 1 --header never model.mp test.mp | cut -f 3- >best
    rf-predict -q --top 1 --abstain 0.6 --header never model.mp test.mp >some # the guess is shown all the same
    cut -f 3- some | cmp - best
    awk -F '\t' '$2 != ($4 < 0.6 ? "?" : $3) { exit 1 } $2 == "?" { n++ } END { exit n == 0 }' some
    vectorize -q --vectors vectors.mp --keep line -o kept.mp "$DEMO/test.txt"
    rf-predict -q --top 1 --keep --header never model.mp kept.mp | cut -f 3- | cmp - <(paste best "$DEMO/test.txt")
}

@test "samples without labels: the column is not there" {
    hand
    expect 0 rf-predict model.mp unlabelled.mp
    equal "$output" "$(lines ship ship acq acq)"
    contains "$stderr" "rf-predict: 4 rows in "
    lacks "$stderr" accuracy
    expect 0 rf-predict -q --proba model.mp unlabelled.mp
    equal "${lines[0]}" "$(printf 'predicted\tacq\tearn\tship')"
    equal "${lines[1]}" "$(printf 'ship\t0.41666666\t0.083333336\t0.5')"
}

@test "--header: always, never" {
    hand
    expect 0 rf-predict -q --header always model.mp samples.mp
    equal "${lines[0]}" "$(printf 'label\tpredicted')"
    equal "${#lines[@]}" 5
    expect 0 rf-predict -q --header always --labels-only model.mp samples.mp
    equal "$output" "$(lines predicted ship ship acq acq)"
    expect 0 rf-predict -q --header never --proba model.mp samples.mp
    equal "${#lines[@]}" 4
}

@test "--format mp holds what the text shows" {
    hand
    local options
    for options in "" --proba; do
        # shellcheck disable=SC2086 # none or one
        rf-predict -q $options model.mp samples.mp >text
        # shellcheck disable=SC2086
        rf-predict -q $options --format mp model.mp samples.mp | mp-cat >shown
        same_file shown text
    done
}

@test "the stream's lineage: that of the samples, then the model" {
    hand
    rf-predict -q --format mp -o predictions.mp model.mp samples.mp
    expect 0 mp-cat --lineage predictions.mp
    contains "$output" "1 glove-load 1"
    contains "$output" "2 vectorize 1"
    contains "$output" "3 rf-predict "
    contains "$output" "model-size   $(stat -c %s model.mp)"
    contains "$output" "read         $(stat -c %s samples.mp) bytes, CRC-32 $(gzip -c samples.mp |
        tail -c 8 | od -An -N4 -tx4 --endian=little | tr -d ' ')"
}

@test "control characters in labels can't break a line or a column" {
    hand
    expect 0 rf-predict -q --proba odd.mp unlabelled.mp
    equal "${lines[0]}" "$(printf 'predicted\ta\\tb\tnew\\nline')"
    equal "${lines[1]}" "$(printf 'new\\nline\t0.33333334\t0.6666667')"
}

@test "no samples: no lines, and a whole stream" {
    hand
    expect 0 rf-predict model.mp empty.mp
    equal "$output" ""
    contains "$stderr" "rf-predict: 0 rows in "
    rf-predict -q --format mp model.mp empty.mp | mp-cat --check
}

@test "the summary tells the accuracy" {
    hand
    expect 0 rf-predict model.mp samples.mp
    contains "$stderr" "accuracy 0.500000 (2 right)"
}

@test "-v counts the rounds of walkers, those of all threads together" {
    demo_forest
    local jobs
    for jobs in 1 3; do
        GLOVEPIPE_CPU=portable expect 0 rf-predict -v --proba -j "$jobs" -o out.txt model.mp train.mp
        [[ $stderr =~ paths:\ rounds\ ([0-9,]+),\ topped\ 0,\ parts\ fetched\ 0 ]] || fail "$stderr"
        # Each tree passes over each block of samples at least once.
        [ "${BASH_REMATCH[1]//,/}" -ge 40 ]
        [ -z "${before-}" ] || equal "${BASH_REMATCH[1]}" "$before"
        before=${BASH_REMATCH[1]}
    done
}

@test "the class alone is asked of fewer trees, and is the same" {
    demo_forest
    rf-predict -q --proba --header never model.mp train.mp | cut -f 1,2 >expected
    local jobs level
    for level in portable avx2 avx512; do
        for jobs in 1 3; do
            GLOVEPIPE_CPU=$level expect 0 rf-predict -v --header never -j "$jobs" -o out.txt model.mp train.mp
            [[ $stderr =~ rows\ settled\ [1-9] ]] || fail "$stderr"
            same_file out.txt expected
        done
    done
    expect 0 rf-predict -v --proba -o out.txt model.mp train.mp
    contains "$stderr" "rows settled 0"
}

@test "rows that come a few at a time have the answers that they have among others" {
    demo_forest
    rf-predict -q --proba --header never model.mp train.mp | head -n 6 >expected
    head -n 6 "$DEMO/train.txt" | vectorize -q --vectors vectors.mp -o few.mp -
    expect 0 rf-predict -v --proba --header never -o few.txt model.mp few.mp
    contains "$stderr" "rows alone 6"
    same_file few.txt expected
}

@test "the model or the samples from standard input, not both" {
    hand
    rf-predict -q model.mp samples.mp >expected
    rf-predict -q model.mp <samples.mp >got
    same_file got expected
    rf-predict -q - samples.mp <model.mp >got
    same_file got expected
    expect 2 rf-predict - <model.mp
    contains "$stderr" "standard input can't be both"
}

@test "the same bytes for any number of jobs" {
    demo_forest
    local options jobs
    for options in "" "--proba" "--format mp --proba"; do
        for jobs in 1 2 8; do
            # shellcheck disable=SC2086
            rf-predict -q -j "$jobs" $options model.mp train.mp >"out.$jobs"
        done
        same_file out.1 out.2
        same_file out.1 out.8
    done
}

# ---- what is refused ----

@test "rows of another length" {
    hand
    expect 3 rf-predict model.mp wide.mp
    contains "$stderr" "wide.mp: rows of 3 features, and model.mp was trained on 2"
    expect 3 rf-predict --force model.mp wide.mp
    equal "$output" ""
}

@test "samples of another tokenizer, unless with --force" {
    hand
    expect 3 rf-predict -o out model.mp other.mp
    contains "$stderr" "model.mp and other.mp come from different tokenizers (python-lower-split; other-tokens)"
    [ ! -e out ]
    expect 0 rf-predict --force --labels-only model.mp other.mp
    equal "$output" "$(lines ship ship acq acq)"
    contains "$stderr" "warning: model.mp and other.mp come from different tokenizers"
}

@test "samples of other vectors, unless with --force" {
    demo_forest
    glove-load -q --top 50 "$DEMO/vectors.txt" |
        vectorize -q "$DEMO/test.txt" >top.mp
    expect 3 rf-predict model.mp top.mp
    contains "$stderr" "come from different vectors"
    contains "$stderr" "top 50"
    expect 0 rf-predict -q --force model.mp top.mp
}

@test "infinite values: the row is named, and no file appears" {
    hand
    expect 3 rf-predict -o out model.mp inf.mp
    contains "$stderr" "inf.mp: row 2346 "
    [ ! -e out ]
}

@test "a model cut short, or damaged: nothing is predicted" {
    hand
    head -c -1 model.mp >cut.mp
    expect 4 rf-predict -o out cut.mp samples.mp
    equal "$output" ""
    [ ! -e out ]
    { head -c 300 model.mp; printf x; tail -c +302 model.mp; } >damaged.mp
    expect 3 rf-predict -o out damaged.mp samples.mp
    equal "$output" ""
    [ ! -e out ]
}

@test "samples cut short: status 4, and no file or whole stream" {
    hand
    head -c -1 samples.mp >cut.mp
    expect 4 rf-predict -o out model.mp cut.mp
    contains "$stderr" "cut.mp: upstream ended early"
    [ ! -e out ]
    rf-predict -q --format mp model.mp cut.mp >out.mp || true
    expect 4 mp-cat --check out.mp
}

@test "another kind of stream in either place" {
    hand
    expect 3 rf-predict samples.mp model.mp
    contains "$stderr" "samples.mp: byte 0: this stream holds samples, and a forest is needed here"
    expect 3 rf-predict model.mp model.mp
    contains "$stderr" "model.mp: byte 0: this stream holds a forest, and samples are needed here"
}

@test "options that exclude each other, and operands" {
    expect 2 rf-predict --labels-only --proba m s
    contains "$stderr" "--labels-only and --proba"
    expect 2 rf-predict --proba --top 3 m s
    contains "$stderr" "--proba and --top"
    expect 2 rf-predict --top 3 --format mp m s
    contains "$stderr" "--top is text"
    expect 2 rf-predict --top 1001 m s
    expect 2 rf-predict --labels-only --format mp m s
    expect 2 rf-predict --header never --format mp m s
    expect 2 rf-predict --format json m s
    contains "$stderr" "'json' is none of tsv, mp"
    expect 2 rf-predict
    contains "$stderr" "no model"
    expect 2 rf-predict a b c
    contains "$stderr" "'c'"
}

@test "many classes: a block is worked on in parts, and the rows are the same" {
    need_python msgpack numpy
    streams crowd .
    # A part of text is 4 MiB of probabilities, 262 rows of 16 kB; of a stream, 64 MiB.
    rf-predict -q --proba --format mp crowd.mp people.mp >whole.mp
    expect 0 streams votes crowd.mp people.mp whole.mp
    for jobs in 1 3; do
        rf-predict -q --proba -j "$jobs" crowd.mp people.mp >parts.tsv
        mp-cat whole.mp | cmp - parts.tsv
        rf-predict -q --proba --keep -j "$jobs" crowd.mp people.mp >kept.tsv
        same_file <(tail -n +2 kept.tsv | rev | cut -f 1 | rev) <(seq 0 599)
        same_file <(sed '1s/\tkept$//; s/\tperson\t[0-9]*$//' kept.tsv) parts.tsv
    done
    expect 3 rf-predict -q --proba crowd.mp unknown.mp
    contains "$stderr" "unknown.mp: row 501 "
}

# ---- input that is long in coming ----

@test "a full disk is told at once, not when the samples end" {
    [ -w /dev/full ] || skip "no /dev/full"
    demo_forest
    mkfifo samples
    exec 8<>samples # the pipe stays open, and silent
    head -c -64 test.mp >&8
    expect 1 timeout 60 "$BIN/rf-predict" -q -o /dev/full model.mp samples
    exec 8>&-
    contains "$stderr" "No space left"
}
