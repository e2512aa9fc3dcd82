# The settings that rf-tune tries: what they are made of, and which comes next.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# The values of each dimension, the default first.
declare -A space=(
    [views]='auto bayes,word,bigram bayes,word,char1 bayes,bigram,char1 bayes,word,bigram,char1 word,bigram bigram bayes,space,word,bigram'
    [cost]='1 0.3 3'
    [min-count]='1 2 3'
    [sources]='linear'
    [leaf]='3 1 2 5 8'
    [features]='sqrt log2 0.1 0.25 0.5'
    [samples]='6000 0.3 0.6 all'
    [criterion]='gini entropy'
)
dimensions=(views cost min-count sources leaf features samples criterion)

# Numbers of a linear congruential generator (Knuth's MMIX), the same in every bash; sets `drawn`.
draw() {
    state=$((state * 6364136223846793005 + 1442695040888963407))
    drawn=$(((state >> 33 & 0x7fffffff) % $1))
}

default_setting() {
    setting=()
    local name
    for name in "${dimensions[@]}"; do
        setting+=("$name=${space[$name]%% *}")
    done
}

# Changes one dimension of `setting` to another of its values.
change_one() {
    local at name values
    draw "${#dimensions[@]}"
    at=$drawn name=${dimensions[drawn]}
    # shellcheck disable=SC2206 # words
    values=(${space[$name]})
    draw "${#values[@]}"
    setting[at]="$name=${values[drawn]}"
}

# A setting near the best that was not tried yet; fails where there seems to be none.
next_setting() {
    local try
    for ((try = 0; try < 1000; try++)); do
        setting=("${best_setting[@]}")
        change_one
        draw 3
        [ "$drawn" != 0 ] || change_one
        [ -n "${tried[${setting[*]}]+set}" ] || return 0
    done
    return 1
}

value_of() {
    local word
    for word in "${setting[@]}"; do
        [[ $word != "$1="* ]] || printf '%s' "${word#*=}"
    done
}

# The options of the stages by the setting: `linear` and `forest`. What is a program's own default
# is left out.
set_options() {
    linear=() forest=(--trees "$trees" --seed "$seed")
    local word
    for word in "${setting[@]}"; do
        case $word in
        views=auto | cost=1 | min-count=1 | features=sqrt | samples=all | criterion=gini) ;;
        views=* | cost=* | min-count=*) linear+=("--${word%%=*}" "${word#*=}") ;;
        leaf=*) forest+=(--min-samples-leaf "${word#*=}") ;;
        samples=* | features=*) forest+=("--max-${word%%=*}" "${word#*=}") ;;
        criterion=*) forest+=(--criterion "${word#*=}") ;;
        esac
    done
}
