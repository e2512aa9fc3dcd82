# glovepipe fix: questions about suspect labels, and training again on what was answered.
# shellcheck shell=bash disable=SC2034,SC2154 # names are those of the script that this is a part of

# Sets kind, document, label, should and so on from a line of rf-suspect.
cut_suspect() {
    local rest=${1#*$'\t'}
    document=${rest%%$'\t'*} rest=${rest#*$'\t'}
    label=${rest%%$'\t'*} rest=${rest#*$'\t'}
    should=${rest%%$'\t'*}
}

# What was answered, as relabel reads it, is in the file $answers, a line a text.
is_answered() {
    [ -e "$answers" ] && grep -q "^$1"$'\t' -- "$answers"
}

# answer DOCUMENT LABEL NEW
answer() {
    printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$answers" || complain 1 "$answers: can't be written"
}

# Sets `changed`, how many labels are to be others: text, so that 01 in place of 1 is a change.
count_changed() {
    local line
    changed=0
    [ -e "$answers" ] || return 0
    while IFS= read -r line; do
        line=${line#*$'\t'}
        [ "${line%%$'\t'*}" = "${line#*$'\t'}" ] || changed=$((changed + 1))
    done <"$answers" || complain 1 "$answers: can't be read"
}

# Takes the last answer back, and prints its document.
take_back() {
    [ -s "$answers" ] || return 1
    tail -n 1 -- "$answers" | cut -f 1
    sed -i '$d' -- "$answers"
}

# Whether $1 is a label of the model, or was answered before.
is_label() {
    [ -e "$work/labels" ] || mp-cat "${unconfined[@]}" --head 1 -- "$old/oob.mp" | sed 1q | cut -f 3- | tr '\t' '\n' >"$work/labels"
    grep -qxF -- "$1" "$work/labels" || { [ -e "$answers" ] && cut -f 3 -- "$answers" | grep -qxF -- "$1"; }
}

# answer_new DOCUMENT LABEL NEW: a label that there is not yet may be a slip, unless it is given twice.
answer_new() {
    local near
    if [ "$3" = "$twice" ] || is_label "$3"; then
        answer "$@"
        return
    fi
    twice=$3
    near=$(nearest "$3" <"$work/labels")
    [ -z "$near" ] || near=": did you mean '$near'?"
    printf "no text is labelled '%s'%s: give it once more where it is a new label\n" "$3" "$near" | put || exit
}

# Prints what the number $1 of the suspects is, $2 of them, and how it may be answered.
# shellcheck disable=SC2119
ask() {
    printf '\n[%d of %d] %s\n%s\n%s' $(($1 + 1)) "$2" "${shown[2 * $1]}" "${shown[2 * $1 + 1]}" \
        'k keep, c change, =LABEL another, s skip, u undo, w train now, q quit: ' | put || exit
}

# Sets `reply`, a line of standard input; at its end that is q.
read_reply() {
    local said
    IFS= read -r reply 2>/dev/null && return
    [ -t 0 ] || said=$(head -c 1 2>&1 >/dev/null) ||
        complain 1 "standard input: can't read: ${said##*: }"
    reply=${reply:-q}
}

# Goes through the suspects; the status is 1 where it is to be gone on with later.
ask_all() {
    local i=0 count=${#suspects[@]} document label should reply before k twice=''
    while [ "$i" -lt "$count" ]; do
        cut_suspect "${suspects[i]}"
        if is_answered "$document"; then
            i=$((i + 1))
            continue
        fi
        ask "$i" "$count"
        read_reply
        [ "$reply" = "=$twice" ] || twice=''
        case $reply in
        k) answer "$document" "$label" "$label" ;;
        c) answer "$document" "$label" "$should" ;;
        =*$'\t'*) echo 'a label holds no TAB' ;;
        =?*) answer_new "$document" "$label" "${reply#=}" ;;
        s) i=$((i + 1)) ;;
        u)
            before=$(take_back) || { echo 'nothing to undo' && continue; }
            for ((k = 0; k < count; k++)); do
                [[ ${suspects[k]} != *$'\t'"$before"$'\t'* ]] || { i=$k && break; }
            done
            ;;
        w) return 0 ;;
        q) return 1 ;;
        *) echo "what is '$reply'?" ;;
        esac
    done
}

# The value of the option $3 in what the lineage of the old model's file $1 has of the program $2.
noted() {
    mp-cat "${unconfined[@]}" --lineage -- "$old/$1" |
        awk -v tool="$2" -v name="$3" '/^[0-9]/ { here = $2 == tool } here && $1 == name { print $2 }'
}

# The options $3... of the program $2 that the file $1 tells of, as they are given, in `options`.
options_noted() {
    local file=$1 tool=$2 name value
    options=()
    for name in "${@:3}"; do
        value=$(noted "$file" "$tool" "$name")
        [ -z "$value" ] || options+=("--$name" "$value")
    done
}

# How the old model was trained, which --tune may have found; and how its answers were decided on.
as_before() {
    local options
    options_noted model.mp linear-train views cost min-count
    linear=("${options[@]}")
    options_noted model.mp rf-train criterion max-features max-samples min-samples-leaf
    leaves=("${options[@]}")
    trees=$(noted model.mp rf-train trees) seed=$(noted model.mp rf-train seed)
    [ ! -e "$old/vectors.mp" ] || vectors=$old/vectors.mp
    [ -e "$old/decide.mp" ] || return 0
    if mp-cat "${unconfined[@]}" -- "$old/decide.mp" | grep -q '^costs'; then
        say "warning: answers by --costs are not decided on anew: rf-decide --costs FILE -o $folder/decide.mp $folder/oob.mp does it"
        return
    fi
    options_noted decide.mp rf-decide maximize novelty
    decide=yes decisions=("${options[@]}")
}

# How right the predictions out of bag are, in the folder $1; and the predictions themselves.
right_of() {
    rf-eval "${unconfined[@]}" --accuracy -- "$1/oob.mp"
}

predicted_of() {
    mp-cat "${unconfined[@]}" -- "$1/oob.mp" | cut -f 2
}

fix() {
    [ "$folder" ] || complain 2 "fix needs -o NEW: where the corrected texts and the new model go"
    find_place
    local new_folder=$folder old answers changed suspects=() shown=() colour=never
    open_model
    old=$folder folder=$new_folder
    [ "${#operands[@]}" -gt 0 ] || complain 2 "no texts: name those that $old was trained on"
    check_again 'fix reads its texts twice' "${operands[@]}"
    [ -e "$old/oob.mp" ] || complain 3 "$old: has no oob.mp: train it anew, without --no-report"
    [ ! -e "$folder" ] || complain 2 "$folder: is there: name another folder"
    check_apart "${operands[@]}"
    answers=$folder.answers
    [ ! -t 1 ] || [ "${NO_COLOR-}" ] || colour=always
    local suspect=(rf-suspect "${unconfined[@]}" -q ${top:+--top "$top"} "${reading[@]}")
    make_work
    attend "${suspect[@]}" --format tsv -o "$work/list" -- "$old/oob.mp" "${operands[@]}" || exit
    attend_again "$work/said" "${suspect[@]}" --color "$colour" -o "$work/page" -- "$old/oob.mp" "${operands[@]}"
    mapfile -t -s 1 suspects <"$work/list" || exit
    mapfile -t shown <"$work/page" || exit
    if ! ask_all; then
        printf '\n'
        if [ -s "$answers" ]; then
            say "the answers are in $answers: the same command goes on from there"
        else
            say "nothing was answered, and nothing is changed"
        fi
        return
    fi
    printf '\n'
    count_changed
    [ "$changed" -gt 0 ] || { say "no label is changed: nothing to train" && return; }
    train_fixed
}

# Writes the corrected texts, in the form that they have; those of a folder, or of several forms, as
# lines of JSON. Sets `better`, the file.
correct() {
    local text name=${operands[0],,} ending=.txt same=(relabel "${unconfined[@]}" -q "${reading[@]}")
    [[ ! $name =~ (\.(csv|tsv|json|jsonl|ndjson))(\.gz|\.zip)?$ ]] || ending=${BASH_REMATCH[1]}
    better=$new/train$ending
    for text in "${operands[@]}"; do
        [ ! -d "$text" ] || same=(false)
    done
    same+=(-o "$better" -- "$answers" "${operands[@]}")
    if attend "${same[@]}" 2>/dev/null; then
        show "${same[@]}"
        return
    fi
    better=$new/train.jsonl
    stage relabel "${unconfined[@]}" -q --to json "${reading[@]}" -o "$better" -- "$answers" "${operands[@]}"
    reading=()
}

# Trains on the corrected texts as the old model was trained, and tells the difference.
train_fixed() {
    make_new
    local better linear leaves
    correct
    as_before
    learn "$better"
    mv -- "$answers" "$new/corrections.tsv"
    put_in_place
    local otherwise
    otherwise=$(paste <(predicted_of "$old") <(predicted_of "$folder") | awk -F '\t' '$1 "" != $2 ""' | wc -l)
    say "$(counted "$changed" label) changed: $folder/${better##*/} has the texts, $folder/report.html shows the model"
    say "out-of-bag accuracy $(right_of "$old") before, $(right_of "$folder") now; predicted otherwise: $(counted "$otherwise" text)"
}
