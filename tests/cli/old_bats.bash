# What bats has since 1.5, for one that is older, as those of Debian 11 and Ubuntu 22.04 are: folders
# for a file's tests and for each of them, and a `run` that keeps the error output apart, or asks for
# a status.
#
# shellcheck shell=bash disable=SC2034 # tests read what run sets

BATS_FILE_TMPDIR=$BATS_RUN_TMPDIR/file
BATS_TEST_TMPDIR=$BATS_RUN_TMPDIR/test-$$
mkdir -p "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"

run() {
    local flags=$- expected='' apart=''
    while [[ ${1-} == -* ]]; do
        case $1 in
        --separate-stderr) apart=yes ;;
        *) expected=${1#-} ;;
        esac
        shift
    done
    set +eET
    if [ -n "$apart" ]; then
        output=$("$@" 2>"$BATS_TEST_TMPDIR/.stderr")
        status=$?
        stderr=$(cat "$BATS_TEST_TMPDIR/.stderr")
        stderr_lines=()
        [ -z "$stderr" ] || mapfile -t stderr_lines <<<"$stderr"
    else
        output=$("$@" 2>&1)
        status=$?
    fi
    lines=()
    [ -z "$output" ] || mapfile -t lines <<<"$output"
    set "-$flags"
    [ -z "$expected" ] || [ "$status" = "$expected" ]
}
