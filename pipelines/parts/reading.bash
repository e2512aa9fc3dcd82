# How documents are read: the options that a script hands on to each program that reads texts.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# Whether an option takes a value, and whether it is about labels.
declare -A reading_options=(
    [--label-column]='value label' [--label-key]='value label'
    [--text-column]=value [--text-key]=value [--from]=value [--delimiter]=value
    [--header]='' [--no-header]='' [--skip-bad]=''
)

# take_reading ARGUMENT...: where the first is such an option, adds it to `reading`. Sets `taken`, how
# many arguments it is: 0, it is none. `unlabelled` names a command whose texts have no labels.
take_reading() {
    local option=${1%%=*}
    taken=0
    [[ $option == --?* && -n ${reading_options[$option]+set} ]] || return 0
    local kind=${reading_options[$option]}
    [[ -z $unlabelled || $kind != *label ]] || complain 2 "$unlabelled takes no $option: see $program --help"
    if [[ $kind != value* ]]; then
        [ "$1" = "$option" ] || complain 2 "$option takes no value: see $program --help"
        reading+=("$option") taken=1
    elif [ "$1" != "$option" ]; then
        reading+=("$option" "${1#*=}") taken=1
    else
        [ $# -ge 2 ] || complain 2 "$option needs a value: see $program --help"
        reading+=("$option" "$2") taken=2
    fi
}
