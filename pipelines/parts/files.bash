# What scripts look at files for.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# Refuses texts $2... that can be read but once; $1 says why that is not enough.
check_again() {
    local text
    for text in "${@:2}"; do
        [ "$text" != - ] && [ ! -p "$text" ] || complain 2 "$1: name a file, not standard input or a pipe"
    done
}
