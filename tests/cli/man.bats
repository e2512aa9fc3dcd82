#!/usr/bin/env bats
# The manual and the programs say the same. (tests/examples runs the pages' examples.)

load helpers

setup() {
    cd "$ROOT/man"
}

# A page as plain text; mandoc's overstrikes undone.
rendered() {
    mandoc -T ascii "$1" | sed 's/.\x08//g'
}

# The long options that a section of a page describes: options_of PAGE SECTION
options_of() {
    rendered "$1" | sed -n "/^$2/,/^[A-Z]/p" | options_in
}

options_in() {
    grep -Eo -- '(^|[^a-z-])--[a-z][a-z0-9-]+' | grep -Eo -- '--[a-z][a-z0-9-]+' | LC_ALL=C sort -u
}

@test "every program has a page" {
    local program
    for program in $(programs); do
        [ -e "$program.1" ] || fail "no man/$program.1"
    done
}

@test "every page of section 1 is a program's" {
    local page
    for page in *.1; do
        [ -x "$BIN/${page%.1}" ] || fail "man/$page: no such program"
    done
}

@test "pages are clean under mandoc -T lint" {
    need_program mandoc
    expect 0 mandoc -T lint ./*.[157]
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

@test "a page describes the options that --help names, and no others" {
    need_program mandoc
    local program
    for program in $(programs); do
        diff <("$program" --help | grep -E '^ +-' | options_in) <(options_of "$program.1" OPTIONS) ||
            fail "man/$program.1 (>) and $program --help (<) differ"
    done
}

@test "--help names the page, and --version the suite" {
    local program
    for program in $(programs); do
        expect 0 "$program" --help
        contains "$output" "usage: $program "
        contains "$output" "man $program"
        expect 0 "$program" --version
        [[ $output =~ ^$program\ \(glovepipe\)\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$output"
    done
}

@test "the overview names every program" {
    local program
    for program in $(programs); do
        grep -q "^\.It Xr $program 1" glovepipe.7 || fail "glovepipe.7 does not list $program"
        grep -q "\`$program\`" "$ROOT/README.md" || fail "README.md does not name $program"
    done
}
