#!/usr/bin/env bats
# The page of rf-eval --html, as a browser shows it.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

need_browser() {
    local name
    need_python json
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    skip "no Chromium to open the page in (Debian's package chromium)"
}

page() {
    timeout 120 "$PYTHON" "$ROOT/tests/oracle/page.py" "$@"
}

# whole PAGE: every tag is closed, nothing is asked from elsewhere, no script but its own.
whole() {
    "$PYTHON" - "$1" <<'END'
import html.parser, re, sys
text = open(sys.argv[1], encoding="utf-8").read()
class Checker(html.parser.HTMLParser):
    open_tags, empty = [], {"meta", "link", "br", "path", "circle"}
    def handle_starttag(self, tag, attributes):
        assert not any(name == "src" or name.startswith("on") for name, _ in attributes), attributes
        assert all(value.startswith(("#", "data:,")) for name, value in attributes if name == "href")
        if tag not in self.empty:
            self.open_tags.append(tag)
    def handle_endtag(self, tag):
        assert self.open_tags.pop() == tag, (tag, self.getpos())
    def handle_startendtag(self, tag, attributes):
        pass
checker = Checker()
checker.feed(text)
assert not checker.open_tags and text.count("<script") == text.count("(function(){")
assert "http:" not in text and "https:" not in text
END
}

# a_model: of the newswire, with all that a page may show.
a_model() {
    cp "$ROOT/pipelines/newswire-train.txt" train.txt
    cp "$ROOT/pipelines/newswire-test.txt" test.txt
    linear-train -q -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt |
        rf-train -q -n 50 --min-samples-leaf 3 --oob oob.mp -o model.mp
    vectorize -q --linear linear.mp test.txt | rf-predict -q --proba --format mp -o predicted.mp model.mp
    rf-explain -q --linear linear.mp --wrong --format tsv -o why.tsv model.mp test.txt
    rf-suspect -q --format tsv -o suspects.tsv oob.mp train.txt
    corpus -q --format tsv --test test.txt -o corpus.tsv train.txt
    printf 'documents\taccuracy\n100\t0.7\n428\t0.88\n' >curve.tsv
}

all=(--texts test.txt --model model.mp --explanations why.tsv --suspects suspects.tsv
    --corpus corpus.tsv --curve curve.tsv)

@test "the page says what --json says, to the eye, the keyboard and in either theme" {
    need_browser
    a_model
    rf-eval -q --html page.html "${all[@]}" predicted.mp >report
    rf-eval predicted.mp | cmp - report
    rf-eval --json --all predicted.mp >figures.json
    expect 0 page check page.html figures.json
    whole page.html
}

@test "hostile labels and texts are text" {
    need_python msgpack numpy
    printf '%s\t%s\n' '"><script>alert(1)</script>' 'one <img src=x onerror=alert(2)> two' \
        $'\e[31mred\xe2\x80\xae\'&amp;' 'three </bdi></main><script>alert(3)</script> four' >some.txt
    cat some.txt some.txt some.txt some.txt some.txt some.txt >train.txt
    { sed 's/one/three/' some.txt && cat some.txt; } >test.txt
    linear-train -q --views word -o linear.mp train.txt
    vectorize -q --linear linear.mp train.txt | rf-train -q -n 20 --oob oob.mp -o model.mp
    vectorize -q --linear linear.mp test.txt | rf-predict -q --proba --format mp -o predicted.mp model.mp
    rf-explain -q --linear linear.mp --format tsv -o why.tsv model.mp test.txt
    rf-suspect -q --format tsv --top 9 -o suspects.tsv oob.mp train.txt
    corpus -q --format tsv -o corpus.tsv train.txt
    rf-eval -q --html page.html --title '<script>' --texts test.txt --model model.mp \
        --explanations why.tsv --suspects suspects.tsv --corpus corpus.tsv predicted.mp >/dev/null
    whole page.html
    lacks "$(cat page.html)" "<script>alert"
    lacks "$(cat page.html)" "<img"
    lacks "$(cat page.html)" $'\e'
    lacks "$(cat page.html)" $'\xe2\x80\xae'
    contains "$(cat page.html)" '\u202e'
    need_browser
    rf-eval --json --all predicted.mp >figures.json
    expect 0 page check page.html
}

@test "60 labels: a field of colour, within 3 MB; one label; no probabilities; more than a matrix shows" {
    need_python msgpack numpy
    for classes in 60 1 300; do
        "$PYTHON" "$ROOT/tests/cli/predict.py" random p.mp 1 4000 "$classes"
        rf-eval --html "$classes.html" p.mp >/dev/null 2>&1
        whole "$classes.html"
        [ "$(wc -c <"$classes.html")" -lt 3000000 ]
    done
    lacks "$(cat 300.html)" 'class="matrix'
    need_browser
    rf-eval --json --all p.mp >figures.json 2>/dev/null
    expect 0 page check 300.html figures.json
    expect 0 page check 60.html
    expect 0 page check 1.html
}

@test "no answer is no label: it has a column in the matrix, and no row anywhere" {
    need_python json
    awk 'BEGIN { for (i = 0; i < 60; i++) print "c" i % 3 "\t" (i % 4 ? "c" i % 3 : "?") }' >some.tsv
    rf-eval --html page.html some.tsv >report
    whole page.html
    grep -q '<dd id="labels" data-value="3">' page.html
    [ "$(sed -n '/id="confusion"/,/<\/table>/p' page.html | grep -o '<th scope="row"' | wc -l)" = 3 ]
    [ "$(sed -n '/id="classes"/,/<\/table>/p' page.html | grep -o '<th class="name" scope="row"' | wc -l)" = 3 ]
    [ "$(grep -o 'title="c[0-2] without an answer: 5"' page.html | wc -l)" = 3 ]
    sed -n '/^confusion/,$p' report >matrix
    printf '%s\n' 'confusion matrix: true classes down, predicted across, . for 0' \
        '    ?  c0  c1  c2' 'c0  5  15   .   .' 'c1  5   .  15   .' 'c2  5   .   .  15' | cmp - matrix
}

@test "R8: under 1 MB" {
    need_shared
    linear-train -q -o linear.mp "$SHARED/r8-train-all-terms.txt"
    vectorize -q --linear linear.mp "$SHARED/r8-train-all-terms.txt" |
        rf-train -q -n 50 --min-samples-leaf 3 --oob oob.mp -o model.mp
    rf-suspect -q --format tsv -o suspects.tsv oob.mp "$SHARED/r8-train-all-terms.txt"
    rf-eval --html page.html --model model.mp --suspects suspects.tsv --texts "$SHARED/r8-train-all-terms.txt" oob.mp >/dev/null
    [ "$(wc -c <page.html)" -lt 1000000 ]
}

@test "other texts, tables that are none, a page that can't be written: no page" {
    a_model
    expect 3 rf-eval --html page.html --texts train.txt predicted.mp
    contains "$stderr" "train.txt: 428 documents, and there are 107 predictions"
    sed '5s/^[^	]*/other/' test.txt >other.txt
    expect 3 rf-eval --html page.html --texts other.txt predicted.mp
    contains "$stderr" "other.txt:5: has another label than prediction 5"
    expect 3 rf-eval --html page.html --explanations corpus.tsv predicted.mp
    contains "$stderr" "corpus.tsv:1: expected a line that names the columns, of which number 1 is 'document'"
    printf 'documents\taccuracy\n5\tx\n' >curve.tsv
    expect 3 rf-eval --html page.html --curve curve.tsv predicted.mp
    contains "$stderr" "curve.tsv:2: 'x' is no number"
    expect 3 rf-eval --html page.html --model predicted.mp predicted.mp
    [ ! -e page.html ]
    expect 1 rf-eval --html /dev/full predicted.mp
    expect 1 rf-eval --html nowhere/page.html predicted.mp
    expect 2 rf-eval --texts test.txt predicted.mp
    contains "$stderr" "are for --html FILE"
    expect 2 rf-eval --html page.html --against predicted.mp predicted.mp
}

# refused SENTENCE ARGUMENT...: no page.
refused() {
    expect 3 rf-eval --html page.html "${@:2}"
    equal "$stderr" "rf-eval: $1"
    [ ! -e page.html ]
}

@test "a forest that the predictions don't come from: no page, as far as they tell" {
    a_model
    vectorize -q --linear linear.mp train.txt |
        rf-train -q -n 50 --min-samples-leaf 3 --seed 1 --oob other-oob.mp -o other.mp
    local advice="give that one, or leave --model out"
    refused "other.mp: is not the forest that predicted.mp comes from: $advice" --model other.mp predicted.mp
    refused "other.mp: is not the forest that standard input comes from: $advice" --model other.mp <predicted.mp
    refused "model.mp: is not the forest that other-oob.mp comes from: $advice" --model model.mp other-oob.mp
    expect 0 rf-eval --html page.html --model model.mp oob.mp
    vectorize -q --linear linear.mp test.txt | rf-predict -q --proba model.mp >predicted.tsv
    expect 0 rf-eval --html page.html --model other.mp predicted.tsv
}

@test "explanations of other texts than the rows': no page" {
    a_model
    local advice="explain the texts that were predicted" row
    rf-explain -q --linear linear.mp --format tsv -o other.tsv model.mp train.txt
    # The first text that has another label than the one of its number.
    row=$(paste <(cut -f 1 train.txt) <(cut -f 1 test.txt) | awk -F '\t' '$1 != $2 { print NR; exit }')
    refused "other.tsv:$(awk -F '\t' -v row="$row" '$1 == row { print NR; exit }' other.tsv): has another label than prediction $row: $advice" \
        --explanations other.tsv predicted.mp
    { head -n 1 why.tsv && sed -n '2s/^[0-9]*/108/p' why.tsv; } >beyond.tsv
    refused "beyond.tsv:2: there is no prediction 108: $advice" --explanations beyond.tsv predicted.mp
    cut -f 2 test.txt | rf-explain -q --linear linear.mp --no-label --format tsv -o bare.tsv model.mp -
    expect 0 rf-eval --html page.html --explanations bare.tsv predicted.mp
}
