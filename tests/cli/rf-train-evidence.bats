#!/usr/bin/env bats
# rf-train: the part of the vote that evidence has for itself.

load helpers
load forests

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
    head -n 80 "$DEMO/train.txt" >few.txt
    linear-train -q -o linear.mp few.txt
    vectorize -q --linear linear.mp -o few.mp few.txt
    vectorize -q --linear linear.mp -o test.mp "$DEMO/test.txt"
}

# pools SHARE WITH WITHOUT SAMPLES: of predictions by a forest of few.mp with it and the same without.
pools() {
    need_python numpy msgpack
    cat >pool.py <<'END'
import sys
import msgpack, numpy as np
share, pooled, votes, samples = sys.argv[1:]
def records(path):
    with open(path, "rb") as file:
        head, *blocks, _ = msgpack.Unpacker(file, raw=False)
    return head, blocks
def read(path, key):
    head, blocks = records(path)
    return head, np.concatenate([np.frombuffer(b[key], "<f4").reshape(b["n"], -1) for b in blocks])
head, x = read(samples, "x")
_, trained = read("few.mp", "x")
about, p = read(pooled, "proba")
_, v = read(votes, "proba")
names = head["features"]
views = sorted({name.split(":")[0] for name in names} - {"bayes"})
assert len(views) > 1
columns = [[names.index(f"{view}:{label}") for label in about["classes"]] for view in views]
true = [about["classes"].index(label) for block in records("few.mp")[1] for label in block["labels"]]
right = np.array([np.sum(trained[:, view].argmax(axis=1) == true) for view in columns])
assert len(set(right)) > 1, "all views are as good"
a = 6 * np.average([x[:, view].astype(float) for view in columns], axis=0,
                   weights=((right + 1) / (len(true) + 1))**4)
e = np.exp(a - a.max(axis=1, keepdims=True))
e /= e.sum(axis=1, keepdims=True)
wanted = (1 - float(share)) * v + float(share) * e
assert np.abs(wanted - v).max() > 0.01, "the share shows nowhere"
assert np.abs(wanted - p).max() < 2e-7, np.abs(wanted - p).max()
END
    "$PYTHON" pool.py "$@"
}

@test "probabilities are the pool of the trees' votes and what evidence says, by numpy" {
    local share predictions=(rf-predict -q --proba --format mp -o)
    rf-train -q -n 20 --evidence-share 0 --oob oob0.mp -o model0.mp few.mp
    "${predictions[@]}" p0.mp model0.mp test.mp
    for share in 0.25 0.99; do
        rf-train -q -n 20 --evidence-share $share --oob oob.mp -o model.mp few.mp
        "${predictions[@]}" p.mp model.mp test.mp
        pools $share p.mp p0.mp test.mp
        pools $share oob.mp oob0.mp few.mp
        rf-predict -q --labels-only model.mp test.mp >labels
        rf-predict -q model.mp test.mp | cut -f 2 | cmp - labels
    done
}

# Two for each pair of labels: k = 2 x labels^2 of k + 80.
@test "the share goes by the numbers of labels and texts; of many texts a label it is none" {
    local labels k
    labels=$(cut -f 1 few.txt | sort -u | wc -l) k=$((2 * labels * labels))
    expect 0 rf-train -v -n 3 -o model.mp few.mp
    contains "$stderr" "evidence has $(awk "BEGIN { printf \"%.6f\", $k / ($k + 80) }") of the vote for itself, by "
    [[ $stderr =~ by\ [0-9]\ views:\ [a-z]*\ 0\.[0-9]{3},\ [a-z0-9]*\ 0\.[0-9]{3} ]] || fail "$stderr"
    contains "$(mp-cat --lineage model.mp)" "evidence-share     0."
    rf-train -q -n 3 --evidence-share 0 -o model0.mp few.mp
    lacks "$(mp-cat --lineage model0.mp)" evidence-share
    contains "$(mp-cat --stats model.mp)" " of the vote, by "
    equal "$(mp-cat model0.mp)" "$(mp-cat model.mp)"
    # 40 times the same texts, and no evidence for each label.
    for k in {1..40}; do cat few.txt; done >many.txt
    vectorize -q --linear linear.mp many.txt | rf-train -v -n 3 -o model.mp 2>told
    lacks "$(<told)" "for itself"
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp few.txt | rf-train -v -n 3 -o model.mp 2>told
    lacks "$(<told)" "for itself"
}

@test "where texts are few, more answers are right" {
    local share right
    for share in 0 0.8; do
        rf-train -q -n 100 --evidence-share $share few.mp | rf-predict -q --format mp - test.mp |
            rf-eval --accuracy
    done >accuracies
    mapfile -t right <accuracies
    awk "BEGIN { exit !(${right[1]} > ${right[0]}) }" || fail "${right[*]}"
}

@test "the same bytes by any number of jobs and any instruction set" {
    local jobs level
    rf-train -q -n 20 --oob oob.mp -o model.mp few.mp
    GLOVEPIPE_CPU=portable rf-predict -q --proba -j1 model.mp test.mp >one
    for level in portable avx2 avx512; do
        for jobs in 1 3; do
            GLOVEPIPE_CPU=$level rf-predict -q --proba -j $jobs model.mp test.mp | cmp - one
            GLOVEPIPE_CPU=$level rf-train -q -n 20 -j $jobs --oob again.mp few.mp | cmp - model.mp
            same_file again.mp oob.mp
        done
    done
    tail -n +2 one | cut -f 2 >labels
    rf-predict -q --labels-only model.mp test.mp | cmp - labels
}

@test "parts, warm starts and checkpoints: the forest of one run; another share is refused" {
    rf-train -q -n 12 -o whole.mp few.mp
    rf-train -q -n 12 --tree-range 0:5 -o a.mp few.mp
    rf-train -q -n 12 --tree-range 5:12 -o b.mp few.mp
    rf-merge -q a.mp b.mp | cmp - whole.mp
    rf-train -q -n 5 -o first.mp few.mp
    rf-train -q -n 12 --warm-start first.mp few.mp | cmp - whole.mp
    rf-train -q -n 12 --checkpoint c few.mp | cmp - whole.mp
    head -c 9000 c >cut.c
    rf-train -q -n 12 --checkpoint cut.c few.mp | cmp - whole.mp
    rf-train -q -n 12 --evidence-share 0.1 --tree-range 5:12 -o b.mp few.mp
    expect 3 rf-merge -o merged.mp a.mp b.mp
    contains "$stderr" "not the same --evidence-share"
    expect 3 rf-train -n 12 --evidence-share 0 --warm-start first.mp -o model.mp few.mp
    contains "$stderr" "not the same --evidence-share"
}

@test "a share without evidence, and one that leaves trees no vote, are refused" {
    glove-load -q -o vectors.mp "$DEMO/vectors.txt"
    vectorize -q --vectors vectors.mp -o bare.mp few.txt
    refuses 2 "bare.mp has no evidence of linear models for each of its labels" --evidence-share 0.5 bare.mp
    rf-train -q -n 3 --evidence-share 0 -o model.mp bare.mp
    rm model.mp
    awk -F '\t' '{ print NR % 2 "\t" $2 }' few.txt >two.txt
    linear-train -q -o two.l two.txt
    vectorize -q --linear two.l -o two.mp two.txt
    refuses 2 "knows of no direction that --monotonic gives" --evidence-share 0.5 --monotonic word:0:+1 two.mp
    rf-train -q -n 3 --monotonic word:0:+1 -o model.mp two.mp
    lacks "$(mp-cat --lineage model.mp)" evidence-share
    rm model.mp
    refuses 2 "'1' is not a number from 0 to 0.99" --evidence-share 1 few.mp
    refuses 2 "is not a number from 0 to 0.99" --evidence-share -0.1 few.mp
}

@test "a part from before views had weights is not merged with others" {
    need_python msgpack
    cat >before.py <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import msgpack, streams
whole = open(sys.argv[2], "rb").read()
records = msgpack.Unpacker(raw=False, strict_map_key=False, max_buffer_size=len(whole))
records.feed(whole)
header, first = next(records), records.tell()
rows = blocks = last = 0
for record in records:
    if "end" in record:
        break
    rows, blocks, last = rows + record["n"], blocks + 1, records.tell()
header["opinion"]["columns"] = [view["columns"] for view in header["opinion"].pop("views")]
out = msgpack.packb(header) + whole[first:last]
open(sys.argv[3], "wb").write(out + streams.end_record(rows, blocks, out))
END
    before() {
        "$PYTHON" before.py "$ROOT/tests/oracle" "$@"
    }
    rf-train -q -n 12 -o whole.mp few.mp
    rf-train -q -n 12 --tree-range 0:5 -o a.mp few.mp
    rf-train -q -n 12 --tree-range 5:12 -o b.mp few.mp
    before a.mp old.mp
    contains "$(mp-cat --stats old.mp)" " 0.500, "
    expect 3 rf-merge -o model.mp old.mp b.mp
    contains "$stderr" "old.mp and b.mp have different views, or weigh them differently"
    [ ! -e model.mp ]
    before b.mp older.mp
    rf-merge -q -o model.mp old.mp older.mp
    contains "$(mp-cat --stats model.mp)" " 0.500, "
}
