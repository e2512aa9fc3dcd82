# What the tests of vectorize share beside helpers; a .bats file says `load vectorize` behind that.
#
# shellcheck shell=bash

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    printf '%s\n' 'gold 1 2' 'silver 4 -8' 'straße 0.5 0.25' 'σοφός 1 1' >vectors.txt
}

check() {
    "$PYTHON" "$ROOT/tests/cli/vectorize.py" "$@"
}

# The small table above, as a stream.
load_vectors() {
    glove-load -q -o vectors.mp vectors.txt
}
