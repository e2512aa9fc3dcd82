#!/usr/bin/env bats
# corpus: labelled texts to what is in them.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return 1
}

@test "figures by hand" {
    printf '%s\n' 'b	one two three' 'a	One  TWO three' 'b	four five' 'b	' 'b	four five' \
        'a	six six six seven' >texts.txt
    printf '%s\n' 'a	four five' 'b	one two three' 'a	new' >test.txt
    expect 0 corpus --format tsv --test test.txt texts.txt
    equal "$(grep ^figure <<<"$output" | cut -f 2,3)" "$(printf '%s\t%s\n' documents 6 labels 2 \
        tokens 14 'distinct words' 7 shortest 0 'median length' 2 longest 4 'without a word' 1 \
        copies 2 'texts of several labels' 1 'texts with a near one' 0 'test documents' 3 \
        'test texts that are in training' 2 'of these under another label' 1)"
    equal "$(grep ^label <<<"$output")" $'label\ta\t2\t3\nlabel\tb\t4\t2'
    expect 0 corpus texts.txt
    contains "$output" "        2   33.3%       3  a: six seven"
    expect 3 corpus /dev/null
    expect 2 corpus
}

@test "texts that are taken for labels are told" {
    paste <(seq -f 'text %g' 24) <(yes $'a\nb' | head -n 24) >texts.txt
    expect 0 corpus texts.txt
    contains "$stderr" 'warning: 24 classes for 24 documents: is the label in another column?'
    expect 0 corpus --label-column 2 --text-column 1 texts.txt
    lacks "$stderr" classes
}

@test "words by chi-squared, lengths, near and common texts by all pairs: numpy's and Python's" {
    need_python numpy
    head -n 300 "$ROOT/pipelines/newswire-train.txt" >some.txt
    { cat some.txt && sed -n '3,9s/$/ indeed/p' some.txt; } >texts.txt
    { sed -n '250,290p' some.txt | sed '1~3s/^[^\t]*/other/' && sed -n '301,330p' \
        "$ROOT/pipelines/newswire-train.txt"; } >test.txt
    corpus --format json --words 6 --near 0.6 --test test.txt texts.txt >got.json
    "$PYTHON" - <<'END'
import json
import numpy as np
def read(path):
    rows = [line.rstrip("\n").partition("\t") for line in open(path, encoding="utf-8")]
    return [(label, tuple(text.lower().split())) for label, _, text in rows]
rows, got, first = read("texts.txt"), json.load(open("got.json")), {}
for label, text in rows:
    first.setdefault(text, label)
equal = [(first[text], label) for label, text in read("test.txt") if text in first]
assert len(equal) >= 41 and got["test_texts_that_are_in_training"] == len(equal), got
assert 14 <= got["of_these_under_another_label"] == sum(a != b for a, b in equal) < len(equal), got
texts, labels = list(first), np.array(list(first.values()))
sets = [set(text) for text in texts]
words = list(dict.fromkeys(word for text in texts for word in text))
has = np.array([[word in one for word in words] for one in sets])
n = len(texts)
for of in got["by_label"]:
    mine, lengths = labels == of["label"], sorted(len(t) for label, t in rows if label == of["label"])
    assert of["documents"] == len(lengths) and of["median"] == lengths[(len(lengths) - 1) // 2], of
    a = has[mine].sum(0); b = has[~mine].sum(0); c = mine.sum() - a; d = (~mine).sum() - b
    below = (a + c) * (b + d) * (a + b) * (c + d)
    score = np.where((a * d > c * b) & (below > 0), n * (a * d - c * b) ** 2 / np.maximum(below, 1), 0)
    best = [(words[i], score[i]) for i in np.argsort(-score, kind="stable")[:6] if score[i] > 0]
    assert [w["word"] for w in of["words"]] == [w for w, _ in best], (of, best)
    assert np.allclose([w["chi_squared"] for w in of["words"]], [s for _, s in best], rtol=1e-12)
near = set()
for i in range(n):
    for j in range(i):
        if len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= 0.6:
            near |= {i, j}
assert len(near) >= 14 and got["texts_with_a_near_one"] == len(near), (len(near), got)
END
}

@test "hostile labels and words are shown as text" {
    printf '<b>\x1b[1m\xe2\x80\xae\t<script> \x1b[2J\n' >texts.txt
    expect 0 corpus texts.txt
    lacks "$output" $'\e'
    lacks "$output" $'\xe2\x80\xae'
}
