#!/usr/bin/env bats
# rf-eval --all, --measures, --costs, --against: figures beyond those of the report.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

streams() {
    "$PYTHON" "$ROOT/tests/cli/predict.py" "$@"
}

measures() {
    "$PYTHON" -W ignore "$ROOT/tests/cli/measures.py" "$@"
}

# Those that have all that is compared.
need_peers() {
    need_python msgpack numpy sklearn scipy
    "$PYTHON" -W ignore -c 'from scipy.stats import binomtest
from sklearn.metrics import top_k_accuracy_score' 2>/dev/null || skip "scikit-learn before 0.24, or scipy before 1.7"
}

@test "measures and costs: scikit-learn's, of 2 to 40 classes, with and without equal probabilities" {
    need_peers
    measures random 0.mp:0:300:2:0.7 1.mp:1:300:2:0.7 2.mp:2:300:3:0.7 3.mp:3:300:5:0.7 \
        4.mp:4:400:40:0.7 5.mp:5:400:40:0.7 6.mp:6:20:7:0.7
    measures costs costs.tsv 40
    local number
    for number in 0 1 2 3 4 5 6; do
        rf-eval --all --json --costs costs.tsv --resamples 2 "$number.mp" >"$number.json"
    done
    expect 0 measures compare costs.tsv {0.mp,0.json} {1.mp,1.json} {2.mp,2.json} {3.mp,3.json} \
        {4.mp,4.json} {5.mp,5.json} {6.mp,6.json}
    equal "$output" equal
}

@test "intervals: numpy's percentiles of scikit-learn's measures of the same resamples" {
    need_peers
    measures random p.mp:8:90:4:0.7
    rf-eval --all --json --resamples 20 --seed 7 p.mp >p.json
    expect 0 measures resamples p.mp p.json
    equal "$output" equal
    rf-eval --all --json --resamples 20 --seed 8 p.mp >other.json
    expect 1 cmp -s p.json other.json
    rf-eval --measures kappa --resamples 0 p.mp >none
    equal "$(sed 1d none | tr -s ' ' | cut -d ' ' -f 3-)" "- -"
}

@test "two models: scikit-learn's measures, McNemar's test as scipy has its distributions" {
    need_peers
    measures random few.mp:12:40:4:0.6 more.mp:12:40:4:0.9 some.mp:13:200:4:0.6 most.mp:13:200:4:0.9
    rf-eval --json --against more.mp --resamples 5 few.mp >p.json
    expect 0 measures pair few.mp more.mp p.json
    equal "$output" "equal, exact"
    rf-eval --json --against some.mp --resamples 5 most.mp >p.json
    expect 0 measures pair most.mp some.mp p.json
    equal "$output" equal
}

@test "two models, as text" {
    # First right where second is wrong: 3 rows; the other way: 1. p = 2 (1 + 4) / 16.
    printf '%s\n' $'a\ta' $'a\ta' $'b\tb' $'b\tb' $'b\ta' $'a\tb' >first.tsv
    printf '%s\n' $'a\tb' $'a\tb' $'b\ta' $'b\tb' $'b\tb' $'a\tb' >second.tsv
    expect 0 rf-eval --against second.tsv --measures accuracy,kappa --resamples 0 first.tsv
    equal "$output" "measure                 first     second  first-second          95% interval
accuracy               0.6667     0.3333        0.3333          -          -
kappa                  0.3333    -0.3333        0.6667          -          -

right in both 1, in the first only 3, in the second only 1, in neither 1
McNemar's test: p = 0.625 (exact binomial)"
    expect 0 rf-eval --against - first.tsv <second.tsv
    sed -i '5s/b/c/' second.tsv
    expect 3 rf-eval --against second.tsv first.tsv
    equal "$stderr" "rf-eval: first.tsv and second.tsv are not of the same rows: they differ first at row 5"
    head -n 3 first.tsv >second.tsv
    expect 3 rf-eval --against second.tsv first.tsv
    contains "$stderr" "they differ first at row 4"
}

@test "costs, as text, and what is refused" {
    printf '%s\n' $'a\ta' $'a\tb' $'a\tb' $'b\tb' >p.tsv
    printf '%s\n' $'true\tb\ta' $'b\t-0.5\t9' $'a\t2.25\t0' >costs.tsv
    expect 0 rf-eval --costs costs.tsv p.tsv
    contains "$output" $'\n\ncost 4: 1 a row'
    expect 0 rf-eval --measures cost,accuracy --costs - p.tsv <costs.tsv
    equal "$(grep -c 'cost  *1.0000 ' <<<"$output")" 1
    gzip <costs.tsv >costs.gz
    expect 0 rf-eval --costs costs.gz p.tsv
    contains "$output" $'\n\ncost 4: 1 a row'
    sed -i 's/2.25/2,25/' costs.tsv
    expect 3 rf-eval --costs costs.tsv p.tsv
    equal "$stderr" "rf-eval: costs.tsv:3: '2,25' is no number"
    printf '%s\n' $'\ta' $'a\t0' >costs.tsv
    expect 3 rf-eval --costs costs.tsv p.tsv
    equal "$stderr" "rf-eval: the costs lack the label 'a' predicted as 'b', which occurs"
    expect 1 rf-eval --costs missing.tsv p.tsv
}

@test "measures that need probabilities say so where there are none" {
    printf '%s\n' $'a\ta' $'a\tb' $'b\tb' >p.tsv
    local measure
    for measure in log-loss brier auc auc-weighted top; do
        expect 3 rf-eval --measures "accuracy,$measure" p.tsv
        equal "$output" ""
        equal "$stderr" "rf-eval: log-loss, brier, auc and top need probabilities, which the predictions lack: rf-predict --proba"
    done
    expect 0 rf-eval --all p.tsv
    contains "$output" "top and coverage need probabilities: rf-predict --proba"
    lacks "$output" "confidence "
}

@test "--all: the report, and behind it measures and coverage" {
    need_python msgpack numpy
    streams hand .
    rf-predict -q --proba -o p.tsv model.mp samples.mp
    expect 0 rf-eval --all --top 1 p.tsv
    # The model is right in 2 of the 4 rows, and does not know wheat.
    contains "$output" "accuracy 0.500000: 2 of 4 rows"
    contains "$output" $'\ntop-1                  0.5000 '
    contains "$output" "log-loss: 1 row gave its label no probability"
    contains "$output" $'\nconfidence   answered    of all      right  accuracy      95% interval\n'
    contains "$output" $'\n0.5                 4   100.00%          2    0.5000   0.1500   0.8500\n'
}
