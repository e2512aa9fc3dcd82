# How scripts run stages, so that a signal ends the script at once, and its stages with it.
#
# A shell that waits for a program in the foreground is told of no signal before that program's end. So
# stages are in the background, and what is waited in is the shell's own `wait`, out of which signals
# take it. A pipe's last program is a job; what writes to it, a pipe itself, is a shell of its own that
# does the same with its programs.
# shellcheck shell=bash

# The processes that run, what they are called, and the folders that are gone when the script ends; whether
# signals are held back, and the status of the first that came meanwhile.
stages=() called=() folders=() holding='' ended=''

# bash may lose a signal to a process that it has just forked, so it is sent until all are gone.
clean_up() {
    holding=yes
    trap '' HUP INT QUIT TERM
    if [ "${#stages[@]}" -gt 0 ]; then
        while kill "${stages[@]}" 2>/dev/null; do sleep 0.02; done
        wait "${stages[@]}" 2>/dev/null
    fi
    [ "${#folders[@]}" = 0 ] || rm -rf -- "${folders[@]}"
}

heed_signals() {
    trap clean_up EXIT
    trap 'end 129' HUP
    trap 'end 130' INT
    trap 'end 131' QUIT
    trap 'end 143' TERM
    # shellcheck disable=SC2173 # it never comes; the shell says nothing of who is ended by what it has a trap for
    trap : KILL
}

# The first signal ends the script; one more would cut short what clean_up does.
end() {
    ended=${ended:-$1}
    [ ! "$holding" ] || return 0
    holding=yes
    exit "$ended"
}

# From here to let_signals a signal does not end the script: between the start of a stage and its place
# in `stages` it would leave the stage behind.
hold_signals() {
    heed_signals
    holding=yes
}

let_signals() {
    holding=''
    [ -z "$ended" ] || end "$ended"
}

# make_folder TEMPLATE: sets `made_folder` to a new folder, which is gone when the script ends; or fails, and
# sets it to why. A terminal's signal goes to mktemp, too, which is to tell the name before it ends.
make_folder() {
    local status
    hold_signals
    made_folder=$(trap '' HUP INT QUIT TERM && mktemp -d -- "$1" 2>&1) && folders+=("$made_folder")
    status=$?
    let_signals
    return "$status"
}

# The status of a pipe: that of the last program that failed for a reason of its own. Those before it
# can't write to it any more (141; 1 where SIGPIPE is ignored, as in a service), and those behind it have
# an input that ends early (4). Of a model that is cut short (4), 1 comes out where SIGPIPE is ignored:
# it can't be told from a text that can't be read (1), behind which all have an input that ends early.
status_of() {
    local status found=0
    for status; do
        case $status in
        0) ;;
        4 | 141) [ "$found" != 0 ] && [ "$found" != 141 ] || found=$status ;;
        *) found=$status ;;
        esac
    done
    return "$found"
}

# tell_killed NAME STATUS: says so where a program was ended by a signal, but by one that ends a pipe or a command.
tell_killed() {
    local why=''
    case $2 in
    130 | 141) return ;;
    137) why=': is there too little memory?' ;;
    esac
    [ -z "$1" ] || [ "$2" -le 128 ] || printf '%s: %s was killed (signal %s)%s\n' "$program" "$1" "$(kill -l "$2")" "$why" >&2
}

# What the shell itself says of a program that is killed is a line of this script, and is left out.
wait_for_stages() {
    local i statuses=()
    for i in "${stages[@]}"; do
        wait "$i"
        statuses+=("$?")
    done 2>/dev/null
    for i in "${!stages[@]}"; do tell_killed "${called[i]}" "${statuses[i]}"; done
    stages=() called=()
    status_of "${statuses[@]}"
}

# attend COMMAND...: runs it; its status. (In the background it would read nothing without <&0.)
attend() {
    hold_signals
    "$@" <&0 &
    stages+=("$!") called+=("$1")
    let_signals
    wait_for_stages
}

# attend_pipe NAME...: the commands in the arrays of these names, joined by pipes; the status is
# status_of theirs.
attend_pipe() {
    local -n last_of_pipe=${*: -1}
    if [ "$#" = 1 ]; then
        attend "${last_of_pipe[@]}"
        return
    fi
    local from
    hold_signals
    exec {from}< <(stages=() called=() folders=() && attend_pipe "${@:1:$#-1}")
    stages+=("$!") called+=('') # which tells of its own
    "${last_of_pipe[@]}" <&"$from" {from}<&- &
    stages+=("$!") called+=("${last_of_pipe[0]}")
    let_signals
    exec {from}<&-
    wait_for_stages
}

# The folder of a model with a slash, or nothing. What is said of the model's files waits for the status; by a
# failure of which `is_excused` says that it counts for nothing, it is not said, and the status is EXCUSED.
doubted='' EXCUSED=75

# Passes on what stages say, as it comes. That a stage's input ended early is kept back until the status, the
# last line, tells whether the cause was told; if not, it is said once, for stages behind only hand it on. By
# the status 4 nobody failed for another reason, and the cause is a file that ends early; what else was said,
# such as how many documents were read, is none.
pass_messages() {
    local line status='' told='' cut='' early='' waiting=''
    while IFS= read -r line; do
        case $line in
        'status '*) status=${line#status } ;;
        *': standard input: '*'upstream ended early'*) early=${early:-$line} ;;
        *)
            if [[ $doubted && $line == *': '"$doubted"@(model|linear|vectors|decide)'.mp: '* ]]; then waiting+=$line$'\n'; else printf '%s\n' "$line" >&2; fi
            [[ $line == *': warning: '* ]] || told=yes
            [[ $line != *' end'@(s|ed)' early'* ]] || cut=yes
            ;;
        esac
    done
    [ -z "$waiting" ] || [ "$status" = 0 ] || ! is_excused || return "$EXCUSED"
    printf %s "$waiting" >&2
    [ "$early" ] && [ "$status" ] || return 0
    [ "$status" != 4 ] || told=$cut
    [ "$told" ] || printf '%s\n' "$early" >&2
}

# The same as attend_pipe, and of a failure the cause alone is told. Progress is no line: where there may
# be some, on a terminal and without -q, all that the stages say stays as it is.
join_stages() {
    local -n first_of_pipe=$1
    if [ -t 2 ] && [[ " ${first_of_pipe[*]} " != *' -q '* ]]; then
        attend_pipe "$@"
        return
    fi
    local messages passing status
    coproc pass_messages # of several >(...) bash before 5.1 can wait for the last alone
    passing=$!
    # shellcheck disable=SC1083,SC2093 # an element of an array
    exec {messages}>&"${COPROC[1]}" {COPROC[0]}<&- {COPROC[1]}>&-
    attend_pipe "$@" 2>&"$messages"
    status=$?
    echo "status $status" >&"$messages"
    exec {messages}>&-
    wait "$passing" || [ "$?" != "$EXCUSED" ] || status=$EXCUSED
    return "$status"
}
