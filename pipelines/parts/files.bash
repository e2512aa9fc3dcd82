# What scripts look at files for.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# As in programs (base/program.c): a descriptor that is closed would be given to the first pipe that is
# made, and who reads standard input then would wait for itself. Its place is taken by what can't be
# read, or written.
occupy_standard() {
    { true 3>&2; } || exec 2>/dev/null # first, for what the others would say goes there
    { true 3<&0; } 2>/dev/null || exec 0>/dev/null
    { true 3>&1; } 2>/dev/null || exec 1</dev/null
}

# Of the kind $2, or any. A pipe is no use to who looks into it first.
is_stream() {
    [ -f "$1" ] && head -c 64 -- "$1" 2>/dev/null | LC_ALL=C grep -aq "format.glovepipe.*${2:-}"
}

# Refuses texts $2... that can be read but once; $1 says why that is not enough.
check_again() {
    local text
    for text in "${@:2}"; do
        if [ "$text" = - ] || [ -p "$text" ]; then
            complain 2 "$1: name a file, not standard input or a pipe"
        fi
    done
}

takes_memory() {
    case $(stat -f -c %T "$1" 2>/dev/null) in
    tmpfs | ramfs) ;;
    *) return 1 ;;
    esac
}

# Prints where temporary files go, as files_temporary (base/files.c) has it: to a disk, where there is one.
temporary() {
    local place=${TMPDIR:-/tmp}
    if [ -z "${TMPDIR-}" ] && takes_memory /tmp && [ -w /var/tmp ] && ! takes_memory /var/tmp; then
        place=/var/tmp
    fi
    printf '%s\n' "$place"
}

# Sets `work`, a folder for temporary files, which is gone when the script ends.
make_work() {
    local place
    place=$(temporary)
    make_folder "$place/$program.XXXXXX" ||
        complain 1 "$place: no folder can be made there: ${made_folder##*: }: name another with TMPDIR"
    work=$made_folder
}
