# What fastText's users type, and what there is here.
# shellcheck shell=bash

# What fastText calls by the name $1, a command or an option, here; nothing where that is none of its.
of_fasttext() {
    case $1 in
    supervised | -input) echo 'glovepipe train -o DIR TRAIN' ;;
    -output) echo '-o DIR, a folder' ;;
    predict-prob | -k) echo 'glovepipe predict --top K DIR FILE has the K most probable labels and their probabilities' ;;
    test-label) echo 'glovepipe test DIR TEST tells of each label' ;;
    quantize) echo 'linear-train --max-size SIZE makes smaller evidence' ;;
    skipgram | cbow) echo 'glove-train learns word vectors' ;;
    nn) echo 'mp-cat --neighbours WORD tells of word vectors' ;;
    -wordNgrams) echo 'glovepipe train --views word,bigram,trigram looks at words, pairs and triples; without, it chooses by the texts' ;;
    -minn | -maxn) echo 'glovepipe train --views bayes,bigram,char1 looks at parts of words; without, it chooses by the texts' ;;
    -pretrainedVectors) echo 'glovepipe train --vectors FILE, of any dimension' ;;
    -minCount) echo 'linear-train --min-count N leaves rare terms out; glovepipe train --tune N tries it' ;;
    -dim | -ws) echo 'glove-train, which learns word vectors, has --vector-size and --window-size' ;;
    -epoch | -lr | -lrUpdateRate | -loss | -neg | -bucket | -t | -minCountLabel)
        echo 'there is nothing of this to set; glovepipe train --tune N tries N settings'
        ;;
    -autotune-*) echo 'glovepipe train --tune N tries N settings, and needs no other texts' ;;
    -thread) echo '-j N' ;;
    -seed) echo '--seed N' ;;
    -verbose) echo '-q says less, and -v more' ;;
    -label) echo 'a label stands before a TAB, or behind __label__' ;;
    esac
}

# Ends it where $1 is fastText's.
refuse_fasttext() {
    local here
    here=$(of_fasttext "$1")
    [ -z "$here" ] || complain 2 "fastText's $1: $here: see $program --help"
}
