# How scripts talk to people; `program` is their name, `usage` their --help, `unconfined` their --no-sandbox.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# The language of who calls is that of messages and letters, and not of numbers: where it writes 0,98,
# mawk reads 0.98 as 0.
if [ "${LC_ALL-}" ]; then
    export LANG=$LC_ALL
    unset "${!LC_@}"
fi
export LC_NUMERIC=C
unset CDPATH # by which cd goes elsewhere
set +o posix # by POSIXLY_CORRECT; bash before 5.1 has no <(...) then

# complain STATUS TEXT. Names that would steer a terminal stand in it as bash spells them.
complain() {
    local text=$2 LC_ALL=C
    case $text in
    *[![:print:]]*) printf -v text %q "$text" ;;
    esac
    printf '%s: %s\n' "$program" "$text" >&2
    exit "$1"
}

# need_bash MAJOR MINOR: for bash before 4.4 an array without elements is unbound.
need_bash() {
    local is=$((BASH_VERSINFO[0] * 1000 + BASH_VERSINFO[1]))
    [ "$is" -ge $(($1 * 1000 + $2)) ] || complain 1 "needs bash $1.$2 or later, and this is $BASH_VERSION: put a newer one first in PATH"
}
need_bash 4 4

# A command of a pipe that is missing would pass for one that prints nothing.
need_tools() {
    local tool missing=''
    for tool; do
        command -v "$tool" >/dev/null || missing+=${missing:+, }$tool
    done
    [ -z "$missing" ] || complain 1 "needs $missing: not in PATH"
}

# <(...) is a file of /dev/fd, in most systems.
need_substitution() {
    { : < <(:); } 2>/dev/null || complain 1 "needs /dev/fd, by which bash joins programs: mount /proc, of which it is a part"
}

# Prints standard input as programs print: what can't be written is told, in this script's name.
# shellcheck disable=SC2119,SC2120 # options are given by rf-tune alone
put() {
    mp-cat --script "$program" "${unconfined[@]}" "$@"
}

# shellcheck disable=SC2119
show_help() {
    usage | put
    exit
}

# shellcheck disable=SC2119
show_version() {
    local text
    text=$(vectorize --version) || exit
    printf '%s%s\n' "$program" "${text#vectorize}" | put
    exit
}

# Of the lines of standard input the one that is most like $1, if any is: by its beginning, or but for two letters.
nearest() {
    word=$1 awk '
        BEGIN { word = ENVIRON["word"] }
        function least(a, b, c) { return a < b ? (a < c ? a : c) : (b < c ? b : c) }
        {
            for (i = 0; i <= length(word); i++)
                for (j = 0; j <= length($0); j++)
                    d[i, j] = i == 0 || j == 0 ? i + j : least(d[i - 1, j] + 1, d[i, j - 1] + 1,
                        d[i - 1, j - 1] + (substr(word, i, 1) != substr($0, j, 1)))
            n = index($0, word) == 1 ? 1 : d[length(word), length($0)]
            if (n < 3 && n < length(word) && (name == "" || n < best)) { best = n; name = $0 "" }
        }
        END { print name }'
}

# Whether --help lists the option $1.
is_option() {
    local name=${1%%=*}
    [[ $name == --* ]] || name=${name:0:2}
    [[ $name == -?* ]] && usage | sed -n 's/^  *\(-., \)\{0,1\}\(--[a-z-]*\).*/\1\2/p' | tr -s ', ' '\n' | grep -qxF -- "$name"
}

# What there is in place of the option $1, which is none.
refuse_option() {
    local near
    near=$(usage | grep -o -- '--[a-z][a-z-]*' | sort -u | nearest "-${1/#--/-}")
    [ "$near" ] || complain 2 "unknown option $1: see $program --help"
    complain 2 "unknown option $1: did you mean $near?"
}

# Shows a command, as it could be typed, where -v was given.
show() {
    [ "$verbose" ] || return 0
    local text=''
    printf -v text ' %q' "$@"
    text=${text//\\|/|}
    printf '%s\n' "${text# }" >&2
}

MOST_RUNS=100000 # of rf-tune

# number OPTION VALUE LEAST MOST
number() {
    if ! [[ $2 =~ ^[0-9]{1,15}$ ]] || ((10#$2 < $3 || 10#$2 > $4)); then
        complain 2 "$1: '$2' is not a whole number from $3 to $4"
    fi
}

# counted N NOUN: the plural in `s`, but of one.
counted() {
    [ "$1" = 1 ] && printf '1 %s' "$2" || printf '%s %ss' "$1" "$2"
}

# say TEXT: unless -q. What is said is no part of the work, which does not fail where it can't be.
say() {
    [ "$quiet" ] || printf '%s: %s\n' "$program" "$1" >&2 || true
}
