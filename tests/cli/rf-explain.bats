#!/usr/bin/env bats
# rf-explain: documents to the words that moved their predictions, and the texts that are like them.

load helpers

# The newswire's model, of all views and vectors; made once.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    cp "$ROOT/pipelines/newswire-train.txt" train.txt
    head -n 40 "$ROOT/pipelines/newswire-test.txt" >test.txt
    glove-train -q --format mp --vector-size 10 --iter 3 -o vectors.mp train.txt
    linear-train -q --views space,word,bigram,trigram,char1,bayes -o linear.mp train.txt
    vectorize -q --vectors vectors.mp --linear linear.mp -o train.mp train.txt
    vectorize -q --vectors vectors.mp --linear linear.mp -o test.mp test.txt
    rf-train -q -n 50 --min-samples-leaf 3 --oob oob.mp -o model.mp train.mp
    # A label that comes later in the alphabet is dear to miss, and so cheap to answer.
    costs train.txt 'i == j ? 0 : i * i' 6 >costs.tsv
    rf-decide -q --costs costs.tsv -o decide.mp oob.mp
}

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
    work=$BATS_TEST_TMPDIR
}

explain() {
    rf-explain -q --vectors vectors.mp --linear linear.mp "$@"
}

oracle() {
    "$PYTHON" "$ROOT/tests/oracle/explain.py" "$@"
}

@test "R8: every word of 50 texts, left out in numpy" {
    need_shared
    need_python msgpack numpy
    cd "$work"
    head -n 50 "$SHARED/r8-test-all-terms.txt" >fifty.txt
    linear-train -q -o linear.mp "$SHARED/r8-train-all-terms.txt"
    glove-load -q -o vectors.mp "$SHARED/glove.r8.50d.zip"
    vectorize -q --vectors vectors.mp --linear linear.mp "$SHARED/r8-train-all-terms.txt" |
        rf-train -q --min-samples-leaf 3 -o model.mp
    explain --words 0 --format json -o why.json model.mp fifty.txt
    expect 0 oracle model.mp vectors.mp linear.mp why.json fifty.txt
    contains "$output" "50 texts, 4127 words left out"
}

@test "the newswire by all views and vectors, left out in numpy" {
    need_python msgpack numpy
    head -n 12 test.txt >"$work/few.txt"
    explain --words 0 --format json -o "$work/why.json" model.mp "$work/few.txt"
    expect 0 oracle model.mp vectors.mp linear.mp "$work/why.json" "$work/few.txt"
    # Those that were trained on are explained as new.
    head -n 4 train.txt >"$work/few.txt"
    explain --words 0 --format json -o "$work/why.json" model.mp "$work/few.txt"
    expect 0 oracle model.mp vectors.mp linear.mp "$work/why.json" "$work/few.txt"
}

# What numpy can't say is whether it is vectorize's: so vectorize gets the texts without the words.
@test "vectorize and rf-predict of the texts without their words: the same probabilities, and decisions" {
    need_python numpy
    printf '%s\n' 'ship	the the the U.S. -- "oil" ship, U.S. port ΑΣ -- oil the' 'grain	wheat' 'ship	' \
        'trade	-- wheat -- -- corn -- u.s. -- a b a b a a b c' >"$work/odd.txt"
    head -n 3 test.txt >>"$work/odd.txt"
    cat >"$work/cut.py" <<'END'
import json, subprocess, sys
work = sys.argv[1]
lines = open(f"{work}/odd.txt", encoding="utf-8").read().splitlines()
said = [json.loads(line) for line in open(f"{work}/why.json", encoding="utf-8")]
assert len(said) == len(lines)
rows, wanted = [], []
for document in said:
    tokens = lines[document["line"] - 1].partition("\t")[2].lower().split()
    assert len(document["words"]) == len(set(tokens))
    for word in document["words"]:
        rows.append(" ".join(t for t in tokens if t != word["word"]))
        wanted.append((document["class"], document["class_probability"] - word["shift"],
                       word["without"] or "?"))
with open(f"{work}/without.txt", "w", encoding="utf-8") as file:
    file.writelines(row + "\n" for row in rows)
vectorize = subprocess.run(["vectorize", "-q", "--vectors", "vectors.mp", "--linear", "linear.mp",
                            "--no-label", f"{work}/without.txt"], check=True, capture_output=True)
text = subprocess.run(["rf-predict", "-q", "--proba", *sys.argv[2:], "model.mp"], input=vectorize.stdout,
                      check=True, capture_output=True).stdout.decode()
heading, *got = [line.split("\t") for line in text.splitlines()]
assert len(got) == len(wanted) > 100, (len(got), len(wanted))
for row, (label, probability, without) in zip(got, wanted):
    # rf-predict's are float32.
    assert abs(float(row[heading.index(label)]) - probability) < 1e-7, (row, label, probability)
    assert row[0] == without
END
    local decide
    for decide in "" "--decide decide.mp"; do
        # shellcheck disable=SC2086 # none or two
        explain --words 0 --format json $decide -o "$work/why.json" model.mp "$work/odd.txt"
        # shellcheck disable=SC2086
        "$PYTHON" "$work/cut.py" "$work" $decide
    done
}

@test "--decide: what rf-predict --decide answers is explained, and no answer by the most probable label" {
    need_program jq
    rf-predict -q --decide decide.mp --proba model.mp test.mp >"$work/predicted"
    rf-predict -q model.mp test.mp | paste - <(tail -n +2 "$work/predicted") |
        awk -F '\t' '$2 != $4 { n[$4 == "?"]++ } END { exit !(n[0] && n[1]) }' # both are there
    explain --decide decide.mp --words 1 --format json -o "$work/why.json" model.mp test.txt
    jq -r '[.predicted // "?", .class, .probability // "none", .class_probability] | @tsv' "$work/why.json" >"$work/said"
    # Of the columns of probabilities that of the answer, or of none the greatest.
    awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 3; i <= NF; i++) name[i] = $i; next }
        { at = 3; for (i = 3; i <= NF; i++) if ($2 == "?" ? $i > $at : name[i] == $2) at = i
          print $2, name[at], $2 == "?" ? "none" : $at, $at }' "$work/predicted" >"$work/wanted"
    awk -F '\t' 'NR == FNR { row[NR] = $0; next } { split(row[FNR], w)
        if ($1 != w[1] || $2 != w[2] || ($3 == "none") != (w[3] == "none") || ($4 - w[4])^2 > 1e-14) { print row[FNR]; print; exit 1 } }' \
        "$work/wanted" "$work/said"
    equal "$(wc -l <"$work/said")" 40
    explain --decide decide.mp --wrong --words 1 --format tsv model.mp test.txt | awk 'NR > 1' | cut -f 1,3 >"$work/wrong"
    awk -F '\t' -v OFS='\t' 'NR > 1 && $1 != $2 { print NR - 1, $2 }' "$work/predicted" >"$work/wanted"
    same_file "$work/wrong" "$work/wanted"
    # As text and as a page: no answer has no probability of its own.
    explain --decide decide.mp --words 1 model.mp test.txt | grep -E '^test.txt:[0-9]+  \?, labelled [a-z-]+; for [a-z-]+ 0\.[0-9]{4}$'
    explain --decide decide.mp --words 1 --format html model.mp test.txt | grep -F '<bdi>?</bdi>, labelled'
    # Decisions of another forest.
    rf-train -q -n 9 --oob "$work/oob.mp" -o "$work/other.mp" train.mp
    rf-decide -q -o "$work/d.mp" "$work/oob.mp"
    expect 3 explain --decide "$work/d.mp" model.mp test.txt
    contains "$stderr" "was found for another model than model.mp"
    expect 2 explain --decide - model.mp - <test.txt
    contains "$stderr" "standard input can't be read twice"
}

@test "a training text stays one: it is said, and held out beside it" {
    need_program jq
    head -n 5 train.txt >"$work/train.txt"
    head -n 2 test.txt >>"$work/train.txt"
    expect 0 rf-explain --vectors vectors.mp --linear linear.mp --format json model.mp "$work/train.txt"
    contains "$stderr" "5 of them were trained on: they are explained as new texts, by evidence that has seen them"
    printf '%s\n' "$output" >"$work/why.json"
    equal "$(jq -c .trained "$work/why.json" | uniq -c | tr -s ' ' | tr '\n' ,)" " 5 true, 2 false,"
    vectorize -q --vectors vectors.mp --linear linear.mp "$work/train.txt" |
        rf-predict -q model.mp | cut -f 2 >"$work/predicted"
    jq -r '.held_out_predicted // .predicted' "$work/why.json" >"$work/held-out"
    same_file "$work/held-out" "$work/predicted"
}

@test "similar texts: those of most shared leaves, by walking" {
    need_python msgpack numpy
    explain --similar 7 --training train.txt --samples train.mp --format json -o "$work/why.json" model.mp test.txt
    expect 0 oracle similar model.mp train.mp test.mp "$work/why.json" 7
    equal "$output" "40 texts"
    # A training text is most like itself.
    head -n 3 train.txt >"$work/few.txt"
    explain --words 1 --similar 1 --training train.txt --samples train.mp --format tsv model.mp "$work/few.txt" >"$work/tsv"
    equal "$(awk -F '\t' '$5 == "similar" { print $6, $7 }' "$work/tsv" | tr '\n' ,)" "1 1,2 1,3 1,"
    # Samples of another forest, texts of other samples.
    vectorize -q --vectors vectors.mp --linear linear.mp -o "$work/few.mp" "$work/few.txt"
    expect 3 explain --similar 1 --training "$work/few.txt" --samples "$work/few.mp" model.mp test.txt
    contains "$stderr" "model.mp: was not trained on these samples"
    expect 3 explain --similar 1 --training test.txt --samples train.mp model.mp test.txt
    contains "$stderr" "test.txt has 40 documents, and train.mp is of 428"
    expect 2 explain --similar 1 model.mp test.txt
    contains "$stderr" "--similar needs --training TEXTS and --samples FILE"
}

@test "the same bytes for any number of jobs and any machine, from a pipe and packed" {
    explain -j 1 -o "$work/one" --words 0 --format tsv model.mp test.txt
    local way
    for way in portable avx2; do
        GLOVEPIPE_CPU=$way explain -j 2 -o "$work/other" --words 0 --format tsv model.mp test.txt
        same_file "$work/one" "$work/other"
    done
    explain -j 8 --words 0 --format tsv model.mp - <test.txt | cmp - "$work/one"
    gzip -c test.txt >"$work/test.txt.gz"
    explain --words 0 --format tsv model.mp "$work/test.txt.gz" | cmp - "$work/one"
    equal "$(head -n 1 "$work/one")" $'document\tlabel\tpredicted\tprobability\tkind\twhat\tvalue\tto'
}

@test "text: what moved it most first, --words, --class, --wrong, --no-label" {
    expect 0 explain --words 3 model.mp test.txt
    equal "$(grep -c '^test.txt:' <<<"$output")" 40
    equal "$(wc -l <<<"$output")" 160
    expect 0 explain --words 1 --class ship --format tsv model.mp test.txt
    equal "$(wc -l <<<"$output")" 41
    expect 2 explain --class shop model.mp test.txt
    contains "$stderr" "--class: the model has no label 'shop'"
    explain --words 1 --wrong --format tsv model.mp test.txt | awk 'NR > 1' | cut -f 1 >"$work/wrong"
    rf-predict -q model.mp test.mp | awk -F '\t' '$1 != $2 { print NR }' >"$work/wanted"
    [ -s "$work/wanted" ]
    same_file "$work/wrong" "$work/wanted"
    cut -f 2 test.txt >"$work/texts"
    explain --no-label --words 0 --format tsv model.mp "$work/texts" | cut -f 1,3- >"$work/one"
    explain --words 0 --format tsv model.mp test.txt | cut -f 1,3- | cmp - "$work/one"
}

@test "colour: on a terminal or where asked for, not with NO_COLOR" {
    lacks "$(explain model.mp test.txt)" $'\e'
    contains "$(explain --color always --words 2 model.mp test.txt)" $'\e[32m'
    lacks "$(explain --color never model.mp test.txt)" $'\e'
    need_program script
    script -qec "TERM=xterm rf-explain -q --vectors vectors.mp --linear linear.mp model.mp test.txt" /dev/null >"$work/seen" </dev/null
    contains "$(cat "$work/seen")" $'\e['
    NO_COLOR=1 script -qec "TERM=xterm rf-explain -q --vectors vectors.mp --linear linear.mp model.mp test.txt" /dev/null >"$work/seen" </dev/null
    lacks "$(cat "$work/seen")" $'\e['
}

@test "hostile texts are shown as text, on the terminal and in the page" {
    printf 'ship\t<script>alert(1)</script> "oil" &amp; \x1b[2J \xe2\x80\xaeevil\xe2\x80\xac \x07\n' >"$work/evil.txt"
    expect 0 explain --words 0 model.mp "$work/evil.txt"
    lacks "$output" $'\e'
    lacks "$output" $'\x07'
    lacks "$output" $'\xe2\x80\xae'
    contains "$output" '\x1b[2j'
    contains "$output" '\u202eevil\u202c'
    explain --words 0 --format html -o "$work/why.html" model.mp "$work/evil.txt"
    lacks "$(cat "$work/why.html")" "<script"
    lacks "$(cat "$work/why.html")" $'\xe2\x80\xae'
    contains "$(cat "$work/why.html")" '&lt;script&gt;alert(1)&lt;/script&gt;'
    contains "$(cat "$work/why.html")" '&amp;amp;'
}

@test "a page that is whole: every tag closed, nothing from elsewhere" {
    need_python html
    explain --words 5 --similar 3 --training train.txt --samples train.mp --format html -o "$work/why.html" model.mp test.txt
    "$PYTHON" - "$work/why.html" <<'END'
import html.parser, sys
class Checker(html.parser.HTMLParser):
    open_tags, articles, empty = [], 0, {"meta", "link", "br"}
    def handle_starttag(self, tag, attributes):
        assert not any(name in ("src", "onload") for name, _ in attributes)
        self.articles += tag == "article"
        if tag not in self.empty:
            self.open_tags.append(tag)
    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag, tag
checker = Checker()
checker.feed(open(sys.argv[1], encoding="utf-8").read())
assert not checker.open_tags and checker.articles == 40
END
}

@test "other vectors, none at all, no model, no documents" {
    expect 2 rf-explain model.mp test.txt
    contains "$stderr" "name what the model's samples were made with"
    expect 2 rf-explain --linear linear.mp model.mp
    expect 2 rf-explain
    expect 3 rf-explain -q --linear linear.mp model.mp test.txt
    contains "$stderr" "rows of"
    head -n 30 train.txt >"$work/few.txt"
    glove-train -q --format mp --vector-size 10 --iter 1 -o "$work/other.mp" "$work/few.txt"
    expect 3 rf-explain -q --vectors "$work/other.mp" --linear linear.mp model.mp test.txt
    contains "$stderr" "come from different vectors"
    expect 0 rf-explain -q --force --vectors "$work/other.mp" --linear linear.mp model.mp test.txt
    contains "$stderr" "warning"
    : >"$work/empty"
    expect 0 rf-explain --vectors vectors.mp --linear linear.mp model.mp "$work/empty"
    contains "$stderr" "is empty: there are no documents"
}
