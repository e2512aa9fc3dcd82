# What the program tests share; a .bats file says `load helpers`. Assertions print what they
# expected and what they got.
#
#   ROOT    the source tree            BIN    the built programs, first on PATH
#   DEMO    the demo corpus: train.txt test.txt vectors.txt vectors.txt.gz vectors.zip
#   SHARED  R8 and its vectors, beside the source tree; empty where they are not there
#   PYTHON  the python that may have numpy, sklearn and msgpack
#
# shellcheck shell=bash disable=SC2154 # bats sets status, output and stderr

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
if declare -F bats_require_minimum_version >/dev/null; then
    bats_require_minimum_version 1.5.0
elif [ -z "${BATS_FILE_TMPDIR-}" ]; then
    # shellcheck source=tests/cli/old_bats.bash
    . "$ROOT/tests/cli/old_bats.bash"
fi
BIN=${BIN:-$ROOT/build/bin}
DEMO=${DEMO:-$(dirname "$BIN")/demo}
PYTHON=${PYTHON:-/usr/bin/python3}
SHARED=
if [ -d "$ROOT/../shared/data" ]; then
    SHARED=$(cd "$ROOT/../shared/data" && pwd)
fi
PATH=$BIN:$PATH
export ROOT BIN DEMO PYTHON SHARED PATH
# A C.UTF-8 locale shows that nothing depends on it and prints bytes as they are.
export LC_ALL=C.UTF-8

# ---- what a test needs; where it is not there, the test is skipped and says why ----

need_shared() {
    [ -n "$SHARED" ] || skip "no ../shared/data (R8 and its vectors)"
}

need_program() {
    local program
    for program; do
        command -v "$program" >/dev/null || skip "no $program"
    done
}

need_python() {
    command -v "$PYTHON" >/dev/null || skip "no $PYTHON"
    # Looked for and not imported: scikit-learn takes more than a second for that.
    local missing
    missing=$("$PYTHON" -c 'import sys
from importlib.util import find_spec
print(next((name for name in sys.argv[1:] if find_spec(name) is None), ""))' "$@")
    [ -z "$missing" ] || skip "no Python module $missing"
}

# costs TEXTS COST [NONE]: a table of costs for the labels of the texts; COST, in awk, is that of label i
# with the answer j, both as numbers in order, and NONE that of no answer.
costs() {
    cut -f 1 "$1" | sort -u | awk -v none="${3-}" '{ label[NR] = $0 } END {
        for (i = 1; i <= NR; i++) printf "\t%s", label[i]
        if (none) printf "\t?"
        for (i = 1; i <= NR; i++) {
            printf "\n%s", label[i]
            for (j = 1; j <= NR; j++) printf "\t%g", '"$2"'
            if (none) printf "\t%g", none
        }
        print ""
    }'
}

# For tests of temporary files that take no memory.
need_disk() {
    case $(stat -f -c %T .) in tmpfs | ramfs) skip "files here take memory (TMPDIR says where)" ;; esac
}

# For tests of memory and address space, which sanitizers and emulators multiply.
need_plain_build() {
    [ -z "${SANITIZE:-}" ] || skip "built with -fsanitize=$SANITIZE"
    [ -z "${EMULATOR:-}" ] || skip "run by $EMULATOR"
}

# For tests that make the system's calls fail: tests/fault/inject.c, which is glibc's alone.
need_inject() {
    need_plain_build
    need_python msgpack
    INJECT=${INJECT:-$(dirname "$BIN")/tests/fault/inject.so}
    [ -e "$INJECT" ] || skip "no $INJECT (it is built where the C library is glibc)"
    export INJECT
}

# The programs, one for each C source in tools/; and with them the scripts that are there.
programs() {
    (cd "$ROOT/tools" && ls -- *.c) | sed 's/\.c$//'
}

commands() {
    (cd "$ROOT/tools" && ls) | sed 's/\.c$//'
}

# ---- running and asserting ----

# make in the source tree with the settings that this run was built with, so that nothing is
# built anew.
in_make() {
    local name settings=(BUILD="${BUILD:-$(dirname "$BIN")}")
    for name in CC CFLAGS CPPFLAGS LDFLAGS SANITIZE ISAL; do
        [ -z "${!name+set}" ] || settings+=("$name=${!name}")
    done
    make --no-print-directory -C "$ROOT" "${settings[@]}" "$@"
}

fail() {
    printf '%s\n' "$@" >&2
    return 1
}

# expect STATUS COMMAND...: runs it; then $output is its stdout and $stderr its stderr.
expect() {
    local wanted=$1
    shift
    run --separate-stderr "$@"
    [ "$status" -eq "$wanted" ] ||
        fail "status $status, expected $wanted: $*" "stdout: $output" "stderr: $stderr"
}

# equal GOT WANTED
equal() {
    [ "$1" = "$2" ] || fail "got:      $1" "expected: $2"
}

# contains TEXT PART
contains() {
    [[ $1 == *"$2"* ]] || fail "no '$2' in:" "$1"
}

# lacks TEXT PART
lacks() {
    [[ $1 != *"$2"* ]] || fail "there is '$2' in:" "$1"
}

same_file() {
    cmp "$1" "$2"
}

# No file but those named in the folder: nothing half-written was left. only_files FOLDER NAME...
only_files() {
    local folder=$1
    shift
    equal "$(ls -A "$folder")" "$(printf '%s\n' "$@" | LC_ALL=C sort)"
}
