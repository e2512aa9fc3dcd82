#!/usr/bin/env bats
# Linear models are scikit-learn's LinearSVC's, and so are the scores of texts held out.

load ../cli/helpers

setup_file() {
    export SOLVER=${BUILD:-$ROOT/build}/tests/oracle/svm
    in_make -s "$SOLVER"
}

@test "R8: objectives within 1e-6, decision values within 1e-3" {
    need_shared
    need_python sklearn
    expect 0 "$PYTHON" "$ROOT/tests/oracle/svm.py" "$SOLVER" "$SHARED/r8-train-all-terms.txt"
}

@test "the demo corpus, too" {
    need_python sklearn
    expect 0 "$PYTHON" "$ROOT/tests/oracle/svm.py" "$SOLVER" "$DEMO/train.txt"
}

@test "a loose solution is told from a tight one" {
    need_python sklearn
    expect 1 "$PYTHON" "$ROOT/tests/oracle/svm.py" "$SOLVER" "$DEMO/train.txt" 1
}
