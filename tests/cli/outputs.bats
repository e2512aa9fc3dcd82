#!/usr/bin/env bats
# What holds for every program: -o onto what the shell opened, and onto what stands there.
load helpers
load work

PROGRAMS="$(programs) rf-tune" # a script, whose output is written as theirs

setup() { work_begin; }

# ---- what the shell opened is written to where it stands, as -o - does ----

# logged NAME PROGRAM: what a log holds that was begun before, and goes on behind.
logged() {
    { printf 'first\n' && work "$2" -o "$1" && printf 'last\n'; } >log 7>&1
    cat log
}

@test "-o onto a descriptor of ours, by any name: what stood there stays, what follows is added" {
    ln -s /dev/stdout link
    for program in $PROGRAMS; do
        { printf 'first\n' && work "$program" && printf 'last\n'; } >wanted
        for name in /dev/stdout /dev/fd/1 /dev/fd/7 /proc/self/fd/1 /proc/thread-self/fd/7 link; do
            [ -e "$name" ] || [[ $name = */7 ]] || continue
            logged "$name" "$program" | cmp - wanted
        done
        printf 'before\n' >added
        work "$program" -o /dev/stderr 2>>added
        { printf 'before\n' && work "$program"; } | cmp - added
    done
    [ -L link ]
}

@test "-o onto a descriptor that is not open, or not for writing: status 1, nothing is changed" {
    echo kept >file
    for program in $PROGRAMS; do
        expect 1 work "$program" -o /dev/fd/9 9>&-
        contains "$stderr" "/dev/fd/9: can't write to it: Bad file descriptor"
        expect 1 work "$program" -o /dev/fd/9 9<file
        contains "$stderr" "/dev/fd/9: can't write to it: Bad file descriptor"
    done
    equal "$(cat file)" kept
}

@test "-o onto a write-protected file: status 2, and it stays" {
    for program in $PROGRAMS; do
        rm -f file
        echo kept >file
        chmod 0400 file
        expect 2 work "$program" -o file
        contains "$stderr" "file: is write-protected: chmod u+w it"
        equal "$(cat file)" kept
        chmod 0600 file
        expect 0 work "$program" -o file
        equal "$(stat -c %a file)" 600
    done
}

@test "-o beyond the size that a file may have (ulimit -f): status 1, and no file" {
    local said status
    for program in $PROGRAMS; do
        work "$program" >small # which makes what it reads
        status=0
        said=$(ulimit -f 0 && work "$program" -o large 2>&1 >/dev/null) || status=$?
        equal "$program $status" "$program 1"
        contains "$said" "File too large"
        [ ! -e large ]
    done
}

@test "-o onto a device: written in place, and it stays what it is" {
    [ "$(id -u)" = 0 ] || skip "a device of our own needs root"
    { mknod full c 1 7 && mknod null c 1 3 && : >null; } 2>messages || skip "$(cat messages)"
    for program in $PROGRAMS; do
        expect 0 work "$program" -o null
        expect 1 work "$program" -o full
        contains "$stderr" "full: can't write: No space left on device"
        [ -c null ] && [ -c full ] || fail "$program replaced a device"
    done
}

# two_outputs TOOL OPTION WHAT: its second output onto the first, by other names.
two_outputs() {
    local tool=$1 option=$2 what=$3 name
    echo kept >there
    ln there hard
    ln -s there soft
    for name in ./there hard soft "$PWD/there"; do
        expect 2 work "$tool" -o there "$option" "$name"
        contains "$stderr" "$what can't both go to $name"
    done
    expect 2 work "$tool" -o new "$option" ./new
    contains "$stderr" "$what can't both go to ./new"
    expect 2 work "$tool" -o /dev/stderr "$option" /dev/fd/2
    contains "$stderr" "$what can't both go to /dev/fd/2"
    # shellcheck disable=SC2094 # that is the case
    work "$tool" "$option" /dev/stderr >>there 2>>there || equal $? 2
    equal "$(grep -c kept there)" 1
    [ ! -e new ]
    work "$tool" -o /dev/null "$option" /dev/null
    rm -f there hard soft
}

@test "-o onto a file that is mounted there: status 2, before the work, and it stays" {
    unshare -m true 2>/dev/null || skip "may not mount"
    echo kept >other
    echo kept >file
    for program in $PROGRAMS; do
        # shellcheck disable=SC2016 # the inner shell expands it
        expect 2 unshare -m bash -c 'mount --bind other file && . "$ROOT/tests/cli/work.bash" && work "$0" -o file' "$program"
        contains "$stderr" "$program: file: is a mount point, which no file can replace: name another file, or write"
        contains "$(cat other file)" $'kept\nkept'
    done
}

@test "two outputs onto one file, by whatever names: status 2, and it stays" {
    two_outputs glove-load --defects "vectors and defects"
    two_outputs glove-train --save-gradsq "vectors and state"
}

@test "--defects and --save-gradsq onto a descriptor: what stood there stays" {
    printf 'a 1 2\nb 3\nc 4 5\n' >v.txt
    echo before >log
    glove-load -q -o v.mp --defects /dev/stderr v.txt 2>>log
    equal "$(cat log)" $'before\n2\tanother number of values\tleft out'
    work glove-train -o v.out --save-gradsq wanted
    { echo before && cat wanted; } >log.wanted
    echo before >log
    work glove-train -o v.out --save-gradsq /dev/fd/7 7>>log
    cmp log log.wanted
    expect 2 work glove-train -o v.out --save-gradsq /dev/fd/7 --checkpoint-every 1 7>>log
    contains "$stderr" "a state replaces the one before: name a file with --save-gradsq"
}

@test "the same bytes for -j1, -j2 and -j8" {
    for program in $PROGRAMS; do
        "$program" --help | grep -q -- ' -j, ' || continue
        for jobs in 1 2 8; do
            work "$program" -j "$jobs" >"out.$jobs"
        done
        cmp out.1 out.2
        cmp out.1 out.8
    done
}

@test "the same bytes on every instruction set" {
    for program in $PROGRAMS; do
        for level in portable avx2 avx512; do
            GLOVEPIPE_CPU=$level work "$program" >"out.$level"
        done
        cmp out.portable out.avx2
        cmp out.portable out.avx512
    done
}

@test "binary does not go to a terminal without -f" {
    need_program script
    for program in "glove-load $DEMO/vectors.txt" "vectorize --vectors vectors.mp train.txt" \
        "rf-train samples.mp"; do
        run script -qec "$program >/dev/tty" /dev/null
        equal "$status" 2
        contains "$output" "is a terminal, and the output is binary"
    done
}

@test "a program that waits for a terminal says so" {
    need_program script timeout
    for program in glove-load rf-train mp-cat rf-eval "rf-predict model.mp" "vectorize train.txt" \
        "glove-train -" "linear-train -" "vectorize --vectors vectors.mp -"; do
        run timeout 20 script -qec "$program -o out" /dev/null </dev/null
        [ "$status" != 124 ] || fail "$program: one Ctrl-D is not enough"
        contains "$output" "reads from the terminal: end the input with Ctrl-D, or name a file"
        run timeout 20 script -qec "$program -q -o out" /dev/null </dev/null
        lacks "$output" "from the terminal"
    done
    expect 0 rf-eval <predictions.mp
    lacks "$stderr" terminal
}
