#!/usr/bin/env bats
# The manual and the programs say the same. (tests/examples runs the pages' examples.)

load helpers

setup() {
    cd "$ROOT/man"
}

# The long options that a page describes, each in an `.It Fl ...`, and that a help lists.
described() {
    grep '^\.It Fl' "$1" | grep -Eo ' -[a-z][a-z0-9-]+' | sed 's/^ /-/' | LC_ALL=C sort -u
}

listed() {
    "$1" --help | grep -Eo -- '^ +(-., )?--[a-z][a-z0-9-]+' | sed 's/.*--/--/' | LC_ALL=C sort -u
}

@test "every program has a page" {
    local program
    for program in $(commands); do
        [ -e "$program.1" ] || fail "no man/$program.1"
    done
}

@test "every page of section 1 is a program's" {
    local page
    for page in *.1; do
        [ -x "$BIN/${page%.1}" ] || fail "man/$page: no such program"
    done
}

@test "pages are clean under mandoc -T lint, and refer to what is there" {
    need_program mandoc
    expect 0 "$ROOT/tests/lint-man"
    equal "$output$stderr" ""
}

@test "pages of programs have the sections that a reader looks for" {
    local page section
    for page in *.1; do
        for section in SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
            grep -q "^\.Sh $section\$" "$page" || fail "man/$page: no section $section"
        done
        grep -A 99 '^\.Sh EXAMPLES' "$page" | grep -q '^\.Bd -literal' ||
            fail "man/$page: EXAMPLES has no block that could run"
    done
}

@test "every page says where a fault is reported" {
    local page
    for page in *.[1357]; do
        [ "$(sed -n '/^\.Sh BUGS/,$p' "$page")" = "$(sed -n '/^\.Sh BUGS/,$p' glovepipe.7)" ] ||
            fail "man/$page: it does not end as glovepipe.7 does, with BUGS"
    done
    grep -q '^\.Sh BUGS' glovepipe.7 && grep -q '^## Faults' "$ROOT/README.md"
}

@test "a page describes the options that --help names, and no others" {
    local program
    for program in $(commands); do
        diff <(listed "$program") <(described "$program.1") ||
            fail "man/$program.1 (>) and $program --help (<) differ"
    done
}

@test "--help names the page, and --version the suite" {
    local program
    for program in $(commands); do
        expect 0 "$program" --help
        contains "$output" "usage: $program "
        contains "$output" "man $program"
        expect 0 "$program" --version
        [[ $output =~ ^$program\ \(glovepipe\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$output"
    done
}

@test "the overview names every program" {
    local program
    for program in $(commands); do
        grep -q "^\.It Xr $program 1" glovepipe.7 || fail "glovepipe.7 does not list $program"
        grep -q "\`$program\`" "$ROOT/README.md" || fail "README.md does not name $program"
    done
}

# What is said of another page's options (.Xr) does not count.
@test "the options that all programs have are those of every program" {
    local option program
    sed -n '/^\.Ss Options that all programs have/,/^\.El/p' glovepipe.7 |
        sed '/^\.Xr/d' | grep -Eo 'Fl -[a-z][a-z-]+' | sed 's/Fl -/--/' >"$BATS_TEST_TMPDIR/common"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/common")" -ge 5 ]
    for program in $(commands); do
        while read -r option; do
            listed "$program" | grep -qx -- "$option" || fail "$program has no $option"
        done <"$BATS_TEST_TMPDIR/common"
    done
}
