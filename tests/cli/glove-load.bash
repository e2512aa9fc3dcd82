# What the tests of glove-load share beside helpers; a .bats file says `load glove-load` behind that.
#
# shellcheck shell=bash disable=SC2034 # bats files use small_rows

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
    printf '%s\n' 'the 1 2' 'of -0.5 1e-3' '. . 3 4' >small.txt
}

check() {
    "$PYTHON" "$ROOT/tests/cli/glove-load.py" "$@"
}

# rows_of FILE: what glove-load makes of it, as `word|number|number`.
rows_of() {
    glove-load -q -o rows.mp "$@"
    check rows rows.mp
}

small_rows=$'the|1|2\nof|-0.5|0.00100000005\n. .|3|4'
