#!/usr/bin/env bats
# What the other programs make of the evidence that linear-train wrote.

load helpers
load linear-train

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

@test "mp-cat shows the terms that speak most for and against a label" {
    printf '%s\n' 'oil	oil crude' 'oil	oil price' 'gold	gold price' 'gold	gold' >t.txt
    linear-train -q --views word -o l.mp t.txt
    equal "$(mp-cat --head 1 l.mp | cut -f 1-4)" "$(printf 'word\t%s\t%s\t%s\n' gold for gold \
        gold against oil oil for oil oil against gold)"
}

@test "vectors and evidence side by side, named, and in the lineage" {
    glove-load -q -o v.mp "$DEMO/vectors.txt"
    linear-train -q --views word -o l.mp "$DEMO/train.txt"
    vectorize -q --vectors v.mp -o v.samples.mp "$DEMO/test.txt"
    vectorize -q --linear l.mp -o l.samples.mp "$DEMO/test.txt"
    vectorize -q --linear l.mp --vectors v.mp -o both.mp "$DEMO/test.txt"
    equal "$(mp-cat both.mp | sed 1d)" "$(paste <(mp-cat v.samples.mp) \
        <(mp-cat l.samples.mp | sed 1d | cut -f 4-))"
    contains "$(mp-cat both.mp | head -n 1)" $'\tglove:0\tglove:1\t'
    contains "$(mp-cat both.mp | head -n 1)" $'\tword:space\tword:'
    equal "$(mp-cat --lineage both.mp | grep '^[0-9]' | tr -s ' \n' ' ')" \
        "1 glove-load 0.1.0 2 linear-train 0.1.0 3 vectorize 0.1.0 "
    vectorize -q --vectors v.mp --vectors v.mp --linear l.mp --linear l.mp -o twice.mp "$DEMO/test.txt"
    local names
    names=$(mp-cat twice.mp | head -n 1)
    contains "$names" $'\tglove2:0\t'
    contains "$names" $'\tword2:space\tword2:'
    equal "$(tr '\t' '\n' <<<"$names" | sort | uniq -d)" ""
}

@test "rf-predict refuses other evidence, and takes the same without training scores" {
    linear-train -q --views word -o l.mp "$DEMO/train.txt"
    linear-train -q --views word --no-training-scores -o bare.mp "$DEMO/train.txt"
    linear-train -q --views word --cost 2 -o other.mp "$DEMO/train.txt"
    vectorize -q --linear l.mp "$DEMO/train.txt" | rf-train -q -n 5 -o model.mp
    vectorize -q --linear l.mp -o test.mp "$DEMO/test.txt"
    rf-predict -q model.mp test.mp >wanted
    vectorize -q --linear bare.mp "$DEMO/test.txt" | rf-predict -q model.mp | cmp - wanted
    vectorize -q --linear other.mp -o test.mp "$DEMO/test.txt"
    expect 3 rf-predict model.mp test.mp
    contains "$stderr" "come from different evidence"
    contains "$stderr" "cost 2"
    glove-load -q "$DEMO/vectors.txt" | vectorize -q -o test.mp "$DEMO/test.txt"
    expect 3 rf-predict model.mp test.mp
}

@test "training on the documents of evidence without training scores is warned of" {
    linear-train -q --no-training-scores -o bare.mp "$DEMO/train.txt"
    linear-train -q -o whole.mp "$DEMO/train.txt"
    expect 0 vectorize --linear bare.mp -o x.mp "$DEMO/train.txt"
    contains "$stderr" "warning: these are the documents that the evidence was made of"
    expect 0 vectorize --linear whole.mp -o x.mp "$DEMO/train.txt"
    lacks "$stderr" warning
    expect 0 vectorize --linear bare.mp -o x.mp "$DEMO/test.txt"
    lacks "$stderr" warning
}

@test "what vectorize says of evidence is about evidence" {
    small
    linear-train -q --views bayes -o l.mp small.txt
    printf 'a\tnothing known\n' >other.txt
    expect 0 vectorize --linear l.mp -o x.mp other.txt
    contains "$stderr" "warning: no word of the documents is in the evidence"
    # Of a language without spaces between words, it is characters that are known.
    printf '%s\n' $'zh\t列出目录' $'zh\t显示文件' $'ja\tファイルを表示' $'ja\tフォルダを一覧' >cjk.txt
    linear-train -q --views bayes,char1 -o l.mp cjk.txt
    printf 'ja\tファイルを一覧\n' >other.txt
    expect 0 vectorize -q --linear l.mp -o x.mp other.txt
    equal "$stderr" ""
    expect 0 vectorize --linear l.mp -o x.mp other.txt
    contains "$stderr" "vectorize: no word of the documents is in the evidence"
    expect 2 vectorize --linear - -o x.mp - <l.mp
    equal "$stderr" "vectorize: standard input can't be read twice: name a file"
}

@test "a label that leaves no room for the names of features" {
    { head -c 1048570 /dev/zero | tr '\0' L; printf '\tx y\nb\tz\n'; } >long.txt
    linear-train -q -o l.mp long.txt
    expect 3 vectorize --linear l.mp -o x.mp long.txt
    contains "$stderr" "has 1048583 bytes, and may have 1048576"
}

@test "evidence that is cut, damaged or another stream" {
    linear-train -q --views word -o l.mp "$DEMO/train.txt"
    head -c 20000 l.mp >cut.mp
    expect 4 vectorize --linear cut.mp -o x.mp "$DEMO/test.txt"
    contains "$stderr" "upstream ended early"
    { head -c 20000 l.mp; printf '\xff\xff\xff'; tail -c +20004 l.mp; } >damaged.mp
    expect 3 vectorize --linear damaged.mp -o x.mp "$DEMO/test.txt"
    expect 3 mp-cat --check damaged.mp
    glove-load -q -o v.mp "$DEMO/vectors.txt"
    expect 3 vectorize --linear v.mp -o x.mp "$DEMO/test.txt"
    contains "$stderr" "holds vectors, and evidence of words is needed"
    expect 3 vectorize --vectors l.mp -o x.mp "$DEMO/test.txt"
    contains "$stderr" "holds evidence of words, and vectors are needed"
    only_files . cut.mp damaged.mp l.mp v.mp
}

# ---- the scores of texts that were trained on ----

rewrite() {
    "$PYTHON" "$ROOT/tests/cli/evidence.py" "$@"
}

@test "a text's scores are found in whatever block they stand, in a file and in a pipe" {
    need_python msgpack numpy
    linear-train -q --views bayes,word,char -o l.mp "$DEMO/train.txt"
    vectorize -q --linear l.mp "$DEMO/train.txt" | mp-cat >wanted
    local rows
    for rows in 1 7 64; do
        rewrite cut "$rows" l.mp cut.mp
        vectorize -q --linear cut.mp "$DEMO/train.txt" | mp-cat | cmp - wanted
        vectorize -q --linear - "$DEMO/train.txt" <cut.mp | mp-cat | cmp - wanted
    done
}

# A stream of 40 MB.
@test "loaded from a file, scores take no memory but that of the file" {
    need_plain_build
    need_python msgpack numpy
    local small large size
    printf 'a\tx y\nb\ty z\n' >t.txt
    linear-train -q --views space -o l.mp t.txt
    rewrite many 10000 10 l.mp small.mp
    rewrite many 10000 1000 l.mp large.mp
    size=$(($(wc -c <large.mp) / 1024))
    small=$(rewrite peak "$BIN/vectorize" -q -j 1 --linear small.mp -o x.mp t.txt)
    large=$(rewrite peak "$BIN/vectorize" -q -j 1 --linear large.mp -o x.mp t.txt)
    [ "$large" -lt $((small + size + 8192)) ] ||
        fail "$small KiB and $large KiB for a stream of $size KiB"
}

# log SEED LINES: labelled lines of six kinds, of words that come again and numbers that hardly do.
log() {
    awk -v seed="$1" -v lines="$2" '
        function draw(n) { seed = (seed * 1103515245 + 12345) % 2147483648; return int(seed / 65536) % n }
        function number() { return draw(20000) * 3 + draw(7) }
        function one(words,    all, n) { n = split(words, all, " "); return all[1 + draw(n)] }
        BEGIN {
            host = "web1 web2 mail db cache build"; user = "root alice bob carol deploy backup www git"
            for (i = 0; i < lines; i++) {
                k = draw(6); at = one(host) " " number() " "
                if (k == 0) print "auth\t" at "sshd " one("failed accepted invalid closed") " password for " one(user) " from " number() " port " number()
                if (k == 1) print "web\t" at one("GET POST HEAD") " " one("login page image style script feed") " " one("200 301 404 500") " " number()
                if (k == 2) print "cron\t" at "cron " one(user) " cmd " one("backup rotate clean report sync") " " number()
                if (k == 3) print "kernel\t" at one("usb eth0 ext4 oom tcp") " " one("reset error up down new") " device " number()
                if (k == 4) print "mail\t" at "postfix " one("smtp qmgr cleanup local") " to " one(user) " delay " number() " " one("sent deferred bounced")
                if (k == 5) print "app\t" at "worker " one("start stop retry done") " request " number() " took " number() " ms " one("ok slow failed")
            }
        }'
}

# Held-out scores of texts with words of their own were too low, and limits found by them too narrow.
@test "of new lines full of numbers, about as many are called novel as is asked for" {
    log 1 600 >train.txt
    log 2 300 | cut -f 2- >new.txt
    linear-train -q -o l.mp train.txt
    vectorize -q --linear l.mp train.txt | rf-train -q --min-samples-leaf 3 --oob oob.mp -o model.mp
    rf-decide -q --novelty 0.05 -o decide.mp oob.mp
    vectorize -q --linear l.mp --no-label new.txt | rf-predict -q --labels-only --decide decide.mp model.mp >answers
    local novel
    novel=$(grep -c '^?$' answers || true)
    [ "$novel" -le 30 ] || fail "$novel of 300 for 15"
}
