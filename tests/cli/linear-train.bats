#!/usr/bin/env bats
# linear-train: documents to evidence, and what vectorize makes of it.

load helpers
load linear-train

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

# ---- what the numbers are ----

@test "terms and their documents are those of scikit-learn, in every view" {
    need_python msgpack sklearn
    linear-train -q --views bayes,space,word,bigram,trigram,char -o demo.mp "$DEMO/train.txt"
    check terms demo.mp "$DEMO/train.txt"
    small
    linear-train -q --views bayes,space,word,bigram,trigram,char -o small.mp small.txt
    check terms small.mp small.txt
    linear-train -q --views char1 -o demo.mp "$DEMO/train.txt"
    check terms demo.mp "$DEMO/train.txt"
    linear-train -q --views word,char1 -o small.mp small.txt
    check terms small.mp small.txt
    expect 2 linear-train --views char,word,char1 small.txt
    contains "$stderr" "char1 has all that char has: leave char out"
}

@test "demo: every column is what scikit-learn and the counts say, held out where trained on" {
    need_python msgpack sklearn
    linear-train -q --views bayes,space -o l.mp "$DEMO/train.txt"
    vectorize -q --linear l.mp -o train.mp "$DEMO/train.txt"
    vectorize -q --linear l.mp -o test.mp "$DEMO/test.txt"
    check scores l.mp "$DEMO/train.txt" train.mp "$DEMO/test.txt" test.mp
}

@test "two labels, and texts that are there several times under either" {
    need_python msgpack sklearn
    grep -E '^(music|space)' "$DEMO/train.txt" >once.txt
    { cat once.txt && head -n 3 once.txt && sed -n '1s/^[a-z]*/music/p' once.txt; } >two.txt
    linear-train -q --views bayes,bigram,char1 --folds 5 -o l.mp two.txt
    vectorize -q --linear l.mp -o two.mp two.txt
    check scores l.mp two.txt two.mp
    equal "$(mp-cat --stats l.mp | grep -E '^(samples|scored)' | tr -s ' \n' ' ')" \
        "samples $(wc -l <two.txt) scored $(($(wc -l <two.txt) - 3)) "
}

@test "R8: vocabularies" {
    need_shared
    need_python msgpack sklearn
    linear-train -q --views bayes,word,char --no-training-scores -o l.mp \
        "$SHARED/r8-train-all-terms.txt"
    check terms l.mp "$SHARED/r8-train-all-terms.txt"
}

# deal LINES UNIQUE: so many short texts under two labels, of 19 common words each and one more, which
# no other text has in the first UNIQUE of them.
deal() {
    awk -v lines="$1" -v unique="$2" 'BEGIN {
        for (line = 1; line <= lines; line++) {
            text = line % 2 ? "odd\t" : "even\t"
            for (i = 0; i < 19; i++) text = text "w" (line * (i + 1) * 7 + i) % 40 " "
            print text (line <= unique ? "once" line : "w1")
        }
    }'
}

# By Good and Turing so many words of a new text are unknown as there are words that occur once.
@test "short texts are looked at by characters, too, where one word in twenty is unknown" {
    deal 1200 1200 >twentieth.txt
    linear-train -v -o l.mp twentieth.txt 2>said
    contains "$(cat said)" "of the words of a new text 5.0% are unknown"
    contains "$(mp-cat --lineage l.mp)" "views      bayes,bigram,char1"
    deal 1200 1199 >fewer.txt
    linear-train -v -o l.mp fewer.txt 2>said
    contains "$(cat said)" "of the words of a new text 5.0% are unknown"
    linear-train -q --views bigram fewer.txt | cmp - l.mp
    local part
    for part in 1 2; do
        linear-train -q --part "$part/2" -o "part-$part.mp" fewer.txt
    done
    linear-train -q --join part-1.mp --join part-2.mp fewer.txt | cmp - l.mp
}

# Of its five tokens two are known, and so is a pair of them.
@test "pairs of words are no known tokens" {
    printf 'x\tred blue red\ny\tgreen red blue\n' >two.txt
    linear-train -q --views bigram -o l.mp two.txt
    printf 'z\tred blue one two three\n' | vectorize --linear l.mp -o s.mp - 2>said
    contains "$(cat said)" "40.00% of 5 tokens known"
}

@test "what is chosen of short texts: few, and many of known words" {
    deal 900 0 >few.txt
    linear-train -q -o l.mp few.txt
    contains "$(mp-cat --lineage l.mp)" "views      bayes,word,char1"
    deal 1200 0 >known.txt
    linear-train -q -o l.mp known.txt
    contains "$(mp-cat --lineage l.mp)" "views      bigram"
}

# What is left of a chunk before a long line does not make texts few.
@test "a long line among the first does not make texts few" {
    deal 2000 0 >texts.txt
    awk 'NR == 6 { printf "x\t"; for (i = 0; i < 60000; i++) printf "t%d ", i % 900; print "" } { print }' \
        texts.txt >long.txt
    linear-train -q --no-training-scores -o l.mp long.txt
    lacks "$(mp-cat --lineage l.mp)" "bayes,word,char1"
}

# told_by_ends TELL: 4,000 texts of known words, TELL in ten of which end as the label has it.
told_by_ends() {
    awk -v tell="$1" '
        function draw(n) { seed = seed * 16807 % 2147483647; return int(seed / 2147483647 * n) }
        BEGIN {
            seed = 5
            for (i = 0; i < 4000; i++) {
                label = draw(4)
                printf "%s\t", substr("abcd", 1 + label, 1)
                for (j = 0; j < 8; j++) {
                    ending = draw(10) < tell ? label : draw(4)
                    printf "%c%c%c%d%s ", 97 + draw(5), 97 + draw(5), 97 + draw(6), draw(8),
                        substr("ingerslyness", 1 + 3 * ending, 3)
                }
                print ""
            }
        }'
}

@test "of known words, what characters add to pairs is tried on a sample, as scikit-learn finds it" {
    need_python msgpack sklearn
    local tell views said tried pairs both wanted
    for tell in 0 3; do
        told_by_ends "$tell" >texts.txt
        said=$(linear-train -v -o l.mp texts.txt 2>&1)
        views=bigram
        [ "$tell" = 0 ] || views=bayes,bigram,char1
        contains "$(mp-cat --lineage l.mp)" "views      $views"
        linear-train -q -j 3 --views "$views" texts.txt | cmp - l.mp
        read -r tried pairs both <<<"$(sed -n 's/.* of \([0-9,]*\) documents tried, bigram names \([0-9.]*\)% rightly, with char1 \([0-9.]*\)%/\1 \2 \3/p' <<<"$said")"
        mapfile -t wanted < <(check trial texts.txt)
        awk -v tried="${tried/,/}" -v pairs="$pairs" -v both="$both" -v pairs_wanted="${wanted[0]}" \
            -v both_wanted="${wanted[1]}" 'BEGIN {
                near = 0.5
                a = pairs - 100 * pairs_wanted / tried; b = both - 100 * both_wanted / tried
                print tried, a, b
                exit !(tried > 2900 && tried < 3100 && a * a < near * near && b * b < near * near)
            }'
    done
}

# All copies of a text are drawn, or none: at most 6,000 documents are tried, and where hardly any is
# drawn, none.
@test "texts that are copies of one do not make the trial large, nor characters needed" {
    local number seen=
    for number in 1 2 3 4 5 6 7 8; do
        awk -v text="$number" 'BEGIN {
            for (i = 0; i < 7000; i++)
                print i % 2 "\tword" text " other" text " third" text
        }' >copies.txt
        linear-train -v -o l.mp copies.txt 2>said
        contains "$(mp-cat --lineage l.mp)" "views      bigram"
        contains "$(cat said)" "of the words of a new text 0.0% are unknown"
        seen+=" $(sed -n 's/.* of \([0-9,]*\) documents tried.*/\1/p' said)."
    done
    equal "$(tr ' ' '\n' <<<"$seen" | sort -u | tr '\n' ' ')" " . 6,000. "
}

# ---- nothing from oneself ----

# On texts that it was trained on, a model without held-out scores is right nearly always; evidence
# is as often right there as on other texts.
@test "no document gets evidence from itself: leaking would be noticed" {
    need_python msgpack sklearn
    local views
    for views in word char; do
        linear-train -q --views "$views" -o l.mp "$DEMO/train.txt"
        linear-train -q --views "$views" --no-training-scores -o leak.mp "$DEMO/train.txt"
        vectorize -q --linear l.mp -o train.mp "$DEMO/train.txt"
        vectorize -q --linear l.mp -o test.mp "$DEMO/test.txt"
        vectorize -q --linear leak.mp -o leak.train.mp "$DEMO/train.txt"
        vectorize -q --linear leak.mp -o leak.test.mp "$DEMO/test.txt"
        mp-cat test.mp >test.tsv
        mp-cat leak.test.mp | cmp - test.tsv
        awk -v train="$(check accuracy train.mp)" -v test="$(check accuracy test.mp)" \
            -v leak="$(check accuracy leak.train.mp)" 'BEGIN {
                print train, test, leak
                exit !(leak > 0.99 && train - test < 0.05 && test - train < 0.05) }'
    done
}

@test "a document is known by its tokens, whatever file, case and white space" {
    small
    linear-train -q --views bayes,space -o l.mp small.txt
    printf '%s\n' 'x	  OIL prices rose, Oil ' 'x	oil prices' 'x	schiff IN übersee' >others.txt
    expect 0 vectorize --linear l.mp -o x.mp others.txt
    contains "$stderr" "vectorize: evidence: 2 documents were trained on and held out, 1 is another"
    vectorize -q --linear l.mp -o small.mp small.txt
    equal "$(mp-cat x.mp | sed -n 2p | cut -f 2-)" "$(mp-cat small.mp | sed -n 2p | cut -f 2-)"
    equal "$(mp-cat x.mp | sed -n 4p | cut -f 2-)" "$(mp-cat small.mp | sed -n 6p | cut -f 2-)"
}

# Held out, evidence is as often right on its own training texts as scikit-learn's models are on
# texts that they have not seen; a model asked about texts that it has seen is right on nearly all.
@test "held-out scores are as good as cross-validation, and far from those of a leak" {
    need_python msgpack sklearn
    local view train=$ROOT/pipelines/newswire-train.txt
    for view in word char; do
        linear-train -q --views "$view" -o l.mp "$train"
        linear-train -q --views "$view" --no-training-scores -o leak.mp "$train"
        vectorize -q --linear l.mp -o held-out.mp "$train"
        vectorize -q --linear leak.mp -o leak.mp.samples "$train"
        # shellcheck disable=SC2046 # two numbers
        set -- $(check accuracy held-out.mp) $(check accuracy leak.mp.samples) \
            $(check peers "$train" "$view")
        echo "$view: held out $1, leaking $2; scikit-learn: held out $3, leaking $4"
        awk -v ours="$1" -v leak="$2" -v theirs="$3" -v seen="$4" 'BEGIN {
            exit !((ours - theirs) ^ 2 < 0.03 ^ 2 && (leak - seen) ^ 2 < 0.005 ^ 2 && leak > ours + 0.08) }'
    done
}

# ---- same input, same bytes ----

@test "the bytes depend neither on -j nor on the instruction set" {
    local jobs level
    linear-train -q -j1 --views bayes,space,bigram,char -o one.mp "$DEMO/train.txt"
    vectorize -q -j1 --linear one.mp -o one.samples.mp "$DEMO/train.txt" "$DEMO/test.txt"
    for jobs in 2 8; do
        linear-train -q -j "$jobs" --views char,bigram,space,bayes "$DEMO/train.txt" | cmp - one.mp
        vectorize -q -j "$jobs" --linear one.mp "$DEMO/train.txt" "$DEMO/test.txt" |
            cmp - one.samples.mp
    done
    for level in portable avx2; do
        GLOVEPIPE_CPU=$level linear-train -q --views bayes,space,bigram,char "$DEMO/train.txt" |
            cmp - one.mp
        GLOVEPIPE_CPU=$level vectorize -q --linear one.mp "$DEMO/train.txt" "$DEMO/test.txt" |
            cmp - one.samples.mp
    done
    linear-train -q --views bayes,space,bigram,char - <"$DEMO/train.txt" | cmp - one.mp
}

# ---- options ----

@test "--min-count and --max-features leave terms out, the counts of bayes none" {
    printf '%s\n' 'a	x x x y z' 'b	y w w' 'b	w v' >t.txt
    linear-train -q --views bayes,space --folds 2 --min-count 2 -o l.mp t.txt
    expect 0 linear-train -q --views bayes,word --folds 2 --min-count 500 -o none.mp t.txt
    equal "$stderr" "linear-train: warning: word: no term is in 500 documents: give a smaller --min-count"
    contains "$(mp-cat --stats l.mp)" "bayes 5, space 2"
    linear-train -q --views space --max-features 2 -o l.mp t.txt
    equal "$(mp-cat l.mp | cut -f 4 | LC_ALL=C sort -u | tr '\n' ' ')" "w x "
    linear-train -q --views char -o l.mp t.txt
    equal "$(mp-cat l.mp | cut -f 4 | LC_ALL=C sort -u | tr '\n' '|')" " w | y |"
}

@test "--max-size leaves the terms that say most, and takes no more" {
    need_python msgpack
    local size
    linear-train -q --no-training-scores --views bayes,word,char -o whole.mp "$DEMO/train.txt"
    for size in 80 200; do
        linear-train -q --no-training-scores --views bayes,word,char --max-size "${size}K" \
            -o part.mp "$DEMO/train.txt"
        check kept whole.mp part.mp "$((size * 1024))"
    done
    # The training scores come on top, and are those of all terms.
    linear-train --views bayes,word,char --max-size 80K -o part.mp "$DEMO/train.txt" 2>said
    grep -Eq '^linear-train: char: 6,471 terms, of which [0-9,]+ are written$' said
    linear-train -q --views bayes,word,char -o whole.mp "$DEMO/train.txt"
    vectorize -q --linear part.mp "$DEMO/train.txt" | mp-cat >part.tsv
    vectorize -q --linear whole.mp "$DEMO/train.txt" | mp-cat | cmp - part.tsv
    linear-train -q --views bayes,word,char --max-size 1G "$DEMO/train.txt" | mp-cat >part.tsv
    mp-cat whole.mp | cmp - part.tsv
    expect 2 linear-train --views bayes,word --max-size 8K -o none.mp "$DEMO/train.txt"
    contains "$stderr" "without any term of a view: give more, or --views without bayes"
    [ ! -e none.mp ]
}

@test "columns are picked as vectorize picks them" {
    small
    awk -F '\t' '{ print $2 "\t" NR "\t" $1 }' small.txt >table.tsv
    linear-train -q -o a.mp small.txt
    linear-train -q --label-column 3 --text-column 1 -o b.mp table.tsv
    equal "$(mp-cat a.mp)" "$(mp-cat b.mp)"
    expect 2 linear-train --label-column 3 table.tsv
    contains "$stderr" "--text-column"
    expect 2 linear-train --text-column 1 table.tsv
    contains "$stderr" "column 1 can't be both label and text"
    expect 3 linear-train --label-column 9 --text-column 1 -o c.mp table.tsv
    only_files . a.mp b.mp small.txt table.tsv
}

@test "what is wrong with options or documents is told" {
    small
    expect 2 linear-train
    expect 2 linear-train --views word,words small.txt
    contains "$stderr" "--views 'words'"
    expect 2 linear-train --views '' small.txt
    expect 2 linear-train --folds 1 small.txt
    expect 2 linear-train --cost 0 small.txt
    expect 2 linear-train - -
    : >empty.txt
    expect 3 linear-train -o l.mp empty.txt
    contains "$stderr" "there are no documents"
    only_files . empty.txt small.txt
}

@test "one label, empty texts, and views without a term" {
    printf 'a\tx\na\t\n' >one.txt
    expect 0 linear-train --views bayes,space,char -o l.mp one.txt
    contains "$stderr" "nothing to tell apart"
    contains "$(mp-cat --stats l.mp)" "bayes 1, space 1, char 0"
    vectorize -q --linear l.mp -o x.mp one.txt
    mp-cat --check x.mp
    printf 'a\t\nb\t \n' >none.txt
    linear-train -q -o l.mp none.txt
    vectorize -q --linear l.mp none.txt one.txt | mp-cat --check
}

@test "the summary" {
    small
    expect 0 linear-train -v --views bayes,space -o l.mp small.txt
    [[ $stderr =~ linear-train:\ 7\ documents\ of\ 3\ labels\ in\ [0-9.]+\ s ]]
    contains "$stderr" "linear-train: space: 16 terms"
    contains "$stderr" "linear-train: bayes: 16 tokens"
    GLOVEPIPE_CPU=portable expect 0 linear-train -v --views bayes,space -o l.mp small.txt
    contains "$stderr" "kernels: tokens portable, svm portable"
    expect 0 linear-train -q -o l.mp small.txt
    equal "$stderr" ""
}

@test "up to eight models fill the vectors of AVX2 only, and -v says so" {
    many_labels 9
    expect 0 linear-train -v --views space -f -o l.mp labels.txt
    [[ $stderr == *"svm avx512;"* ]] || skip "no AVX-512 here"
    many_labels 8
    expect 0 linear-train -v --views space --no-training-scores -f -o l.mp labels.txt
    contains "$stderr" "svm avx2;"
    expect 0 linear-train -v --views space -f -o l.mp labels.txt
    contains "$stderr" "svm avx2 and avx512;"
}

# many_labels COUNT: labels.txt has two documents of each
many_labels() {
    seq "$1" | awk '{ print "label" $1 "\tsome words of " $1 "\nlabel" $1 "\tother words of " $1 }' >labels.txt
}

@test "models that do not come to their end are told of" {
    printf '%s\n' 'a	x y' 'b	x y' 'a	x z' 'b	x z w' 'a	w z' >both.txt
    expect 0 linear-train --views word --cost 1000000 -o l.mp both.txt
    contains "$stderr" "warning: models were stopped before they were done: give a smaller --cost"
    expect 0 linear-train --views word --cost 100 -o l.mp both.txt
    lacks "$stderr" warning
}

@test "more labels than samples have room for are refused before training" {
    seq 17000 | sed 's/.*/label &\tone text/' >many.txt
    expect 3 linear-train --views bayes,word -o l.mp many.txt
    contains "$stderr" "17000 labels and 2 views make 68000 features of at most 65536: use fewer"
    contains "$stderr" "warning: 17,000 classes for 17,000 documents: is the label in another column?"
    only_files . many.txt
}

@test "texts without a term are told" {
    printf 'a\t\nb\t--\n' >t.txt
    expect 0 linear-train -q --views word -o l.mp t.txt
    contains "$stderr" "warning: there is no term: are the texts empty, or in another column?"
    expect 0 linear-train -q --views bayes -o l.mp t.txt # `--` is a token
    equal "$stderr" ""
}
