#!/usr/bin/env bats
# linear-train where memory is short: refused in a sentence, in files, or without what is not needed.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

# 6,000 documents of 200 labels.
many_labels() {
    awk -F '\t' '{ for (i = 0; i < 5; i++) print NR % 200 "\t" $2 i " " i }' "$DEMO/train.txt" >large.txt
}

# Under a limit of its address space a program can't be killed for memory: it must say so itself.
@test "too little memory is told in a sentence, whatever is reached first" {
    need_plain_build
    local kilobytes refused=0
    many_labels
    for kilobytes in 6000 12000 16000 24000 28000 400000; do
        run --separate-stderr bash -c "ulimit -v $kilobytes
            exec linear-train -q -j1 --folds 2 --views word -o l.mp large.txt"
        [ "$status" -ne 127 ] || continue # no room for its libraries
        [ "$status" -ne 0 ] || break
        equal "$status ${#stderr_lines[@]}" "1 1"
        [[ ! $stderr =~ "the models of these documents take about "[0-9]+" MiB, and "[0-9]+\
" MiB are to be had: use" ]] || refused=1
        only_files . large.txt
    done
    equal "$refused $status" "1 0"
}

@test "--memory: in files where memory is short, to the same bytes; then refused" {
    need_plain_build
    need_disk
    local train=(linear-train -j1 --folds 2 --views word)
    mkdir temp
    many_labels
    "${train[@]}" -q -o wanted.mp large.txt
    expect 0 "${train[@]}" --memory 7M --temp-dir temp -o l.mp large.txt
    contains "$stderr" "memory is short: models and scores go to temporary files in temp"
    cmp l.mp wanted.mp
    [ -z "$(ls -A temp)" ]
    expect 1 "${train[@]}" --memory 7M --temp-dir nowhere -o none.mp large.txt
    contains "$stderr" "--temp-dir nowhere: no files can be made there"
    expect 1 "${train[@]}" --memory 1M --temp-dir temp -o none.mp large.txt
    contains "$stderr" "are to be had: use"
    only_files . l.mp large.txt temp wanted.mp
}

@test "temporary files that take memory are of no use: another folder, or refused as without them" {
    need_inject
    need_disk
    local train=(linear-train -j1 --folds 2 --views word --memory 7M -o l.mp)
    mkdir temp
    many_labels
    refused() {
        expect 1 "$@"
        [[ $stderr =~ "are to be had: use --min-count, --max-features or fewer views, or a --temp-dir on a disk" ]] ||
            fail "$stderr"
        only_files . large.txt temp
    }
    refused env LD_PRELOAD="$INJECT" INJECT_TMPFS=temp "${train[@]}" --temp-dir temp large.txt
    refused env LD_PRELOAD="$INJECT" INJECT_TMPFS=temp TMPDIR=temp "${train[@]}" large.txt
    # 6,000 documents, 200 labels and 3,920 terms: weights 4 x 200 x 3,921, scores and duals each
    # 4 x 200 x 6,000, 32 + 68 for each document, at most 64 for each term: 12.7 to 13.0 MiB.
    contains "$stderr" "take about 13 MiB, and"
    expect 0 env LD_PRELOAD="$INJECT" INJECT_TMPFS=/tmp TMPDIR=temp "${train[@]}" large.txt
    contains "$stderr" "go to temporary files in temp"
    [ ! -w /var/tmp ] || case $(stat -f -c %T /var/tmp) in tmpfs) ;; *)
        expect 0 env -u TMPDIR LD_PRELOAD="$INJECT" INJECT_TMPFS=/tmp "${train[@]}" large.txt
        contains "$stderr" "go to temporary files in /var/tmp"
        ;;
    esac
}

# short_texts KNOWN NEW: 4 labels, KNOWN texts of 1,500 words, then NEW texts of words that are new.
short_texts() {
    awk -v known="$1" -v all="$(($1 + $2))" 'BEGIN {
        for (i = 0; i < all; i++) {
            printf "%s\t", substr("abcd", 1 + i % 4, 1)
            for (j = 0; j < 6; j++)
                printf "w%dx ", (i < known ? (i * 131 + j * j * 37) % 1500 : i * 6 + j) * 48271 % 99991
            print ""
        }
    }'
}

@test "--memory: what pairs of words will do without is not kept where memory is short" {
    need_plain_build
    short_texts 6000 0 >short.txt
    linear-train -q -o wanted.mp short.txt
    expect 0 linear-train -v --memory 6M -o l.mp short.txt
    contains "$stderr" "bigram:" "of the words of a new text 0.0% are unknown"
    lacks "$stderr" "char1:"
    cmp l.mp wanted.mp
    # Those that are asked for by name are kept.
    expect 1 linear-train --memory 6M --views bayes,bigram,char1 -o none.mp short.txt
    contains "$stderr" "are to be had: use fewer views or documents"
    # As it turns out, characters are needed.
    short_texts 6000 3000 >short.txt
    expect 0 linear-train -o l.mp short.txt
    contains "$stderr" "char1:"
    expect 1 linear-train --memory 6M -o none.mp short.txt
    contains "$stderr" "take more memory than there is to be had: use fewer views or documents"
    only_files . l.mp short.txt wanted.mp
}

@test "labels that no samples can hold are refused before anything is tried" {
    need_plain_build
    awk 'BEGIN { for (i = 0; i < 40000; i++) for (j = 0; j < 2; j++) print "l" i "\tw" i % 4000 " x" i % 3000 " y" i % 200 }' >texts.txt
    expect 3 linear-train -o l.mp texts.txt
    contains "$stderr" "40000 labels and 1 view make 80000 features of at most 65536: use fewer"
    only_files . texts.txt
}

# repeated_words DOCUMENTS: each of 5,000 words, 40 of which differ.
repeated_words() {
    awk -v all="$1" 'BEGIN {
        for (i = 0; i < all; i++) {
            printf "%s\t", i % 2 ? "odd" : "even"
            for (j = 0; j < 5000; j++) printf "w%dx ", (i * 40 + (seed = (seed * 1103 + 12345) % 65537) % 40) % 999
            print ""
        }
    }'
}

@test "--memory: a word that comes again in a document takes what its place does" {
    need_plain_build
    local memory
    repeated_words 120 >repeated.txt
    linear-train -q --views bayes,word -o wanted.mp repeated.txt
    # Of 600,000 words, 3 MB, 4,800 are a document's first ones of their kind.
    for memory in 1M 2M 4M; do
        expect 0 linear-train -q --views bayes,word --memory $memory -o l.mp repeated.txt
        cmp l.mp wanted.mp
    done
    # Numbers of pairs take 8 bytes more each while they are made, 8 MB in all.
    linear-train -q --views bayes,word,bigram -o wanted.mp repeated.txt
    for memory in 10M 20M; do
        expect 0 linear-train -q --views bayes,word,bigram --memory $memory -o l.mp repeated.txt
        cmp l.mp wanted.mp
    done
    expect 1 linear-train -q --views bigram --memory 6M -o none.mp repeated.txt
    contains "$stderr" "and 6 MiB are to be had: use fewer views or documents"
    only_files . l.mp repeated.txt wanted.mp
}

@test "--memory: pairs that can be numbered, but not counted, are refused with what they take" {
    need_plain_build
    # 100,000 words, nearly all pairs of which differ: to number them takes 1.3 MB and some for the
    # words, to count them 8 for each of 200,000 entries, and 24 for each term.
    awk 'BEGIN {
        for (i = 0; i < 1000; i++) {
            printf "%s\t", i % 2 ? "odd" : "even"
            for (j = 0; j < 100; j++) printf "w%dx ", (seed = (seed * 75 + 74) % 65537) % 1000
            print ""
        }
    }' >pairs.txt
    expect 1 linear-train --views bigram --memory 3M -o none.mp pairs.txt
    contains "$stderr" "the terms of the first 1000 documents take 4 MiB, and 3 MiB are to be had: use"
    linear-train -q --views bigram -o wanted.mp pairs.txt
    expect 0 linear-train --views bigram --memory 8M -o l.mp pairs.txt
    cmp l.mp wanted.mp
    only_files . l.mp pairs.txt wanted.mp
}
