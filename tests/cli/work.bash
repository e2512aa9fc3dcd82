# Something to do for every program, for the suites that hold all of them to the same.

# work_begin: goes to the test's folder, and makes what `work` reads.
work_begin() {
    cd "$BATS_TEST_TMPDIR" || return 1
    head -n 40 "$DEMO/train.txt" >train.txt
    printf '1\t%s\tx\n' "$(head -n 1 train.txt | cut -f 1)" >corrections.tsv
    glove-load -q "$DEMO/vectors.txt" >vectors.mp
    vectorize -q --vectors vectors.mp train.txt >samples.mp
    vectorize -q --vectors vectors.mp --part 1/1 train.txt >part.mp
    rf-train -q -n 3 samples.mp >model.mp
    rf-predict -q --format mp model.mp samples.mp >predictions.mp
    rf-predict -q --proba --format mp model.mp samples.mp >proba.mp
    rf-train -q -n 30 --oob oob.mp -o forest.mp samples.mp
}

# work PROGRAM [ARGUMENT...]: gives a program something to write.
work() {
    local program=$1
    shift
    case $program in
    glove-load) glove-load -q "$DEMO/vectors.txt" "$@" ;;
    glove-train) glove-train -q --iter 1 train.txt "$@" ;;
    linear-train) linear-train -q train.txt "$@" ;;
    vectorize) vectorize -q --vectors vectors.mp train.txt "$@" ;;
    rf-train) rf-train -q -n 100 samples.mp "$@" ;;
    rf-explain) rf-explain -q --vectors vectors.mp model.mp train.txt "$@" ;;
    rf-importance) rf-importance model.mp "$@" ;;
    rf-suspect) rf-suspect -q --top 9 oob.mp train.txt "$@" ;;
    relabel) relabel -q corrections.tsv train.txt "$@" ;;
    corpus) corpus -q train.txt "$@" ;;
    rf-merge) rf-merge -q model.mp "$@" ;;
    mp-join) mp-join -q part.mp "$@" ;;
    rf-predict) rf-predict -q model.mp samples.mp "$@" ;;
    rf-decide) rf-decide -q proba.mp "$@" ;;
    rf-eval) rf-eval predictions.mp "$@" ;;
    mp-cat) mp-cat samples.mp "$@" ;;
    rf-tune) rf-tune -q --runs 1 --trees 30 train.txt "$@" ;;
    mp-pack) mp-cat --format csv samples.mp | mp-pack -q --header "$@" - ;;
    *) fail "no work for $program" ;;
    esac
}
