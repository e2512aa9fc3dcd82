#!/usr/bin/env bats
# make install, uninstall, and what is installed.

load helpers

setup_file() {
    export STAGE=$BATS_FILE_TMPDIR/stage
    in_make install PREFIX=/opt/glove DESTDIR="$STAGE" >/dev/null
    export PREFIX=$STAGE/opt/glove
}

installed() {
    (cd "$1" && find . -type f | LC_ALL=C sort)
}

@test "each program goes with its page and three completions; the library, pages, README and LICENSE too" {
    local program wanted=
    for program in $(commands); do
        wanted+="./bin/$program
./share/man/man1/$program.1
./share/bash-completion/completions/$program
./share/zsh/site-functions/_$program
./share/fish/vendor_completions.d/$program.fish
"
    done
    wanted+="./include/glovepipe.h
./lib/libglovepipe.a
./lib/libglovepipe.so.1
./lib/pkgconfig/glovepipe.pc
./share/doc/glovepipe/CHANGELOG.md
./share/doc/glovepipe/LICENSE
./share/doc/glovepipe/README.md
./share/doc/glovepipe/SECURITY.md
./share/man/man3/libglovepipe.3
./share/man/man5/glovepipe.5
./share/man/man7/glovepipe-cluster.7
./share/man/man7/glovepipe.7"
    equal "$(installed "$PREFIX")" "$(LC_ALL=C sort <<<"$wanted")"
}

@test "modes: programs run, the rest is read" {
    equal "$(find "$PREFIX/bin" -type f ! -perm 755)" ""
    equal "$(find "$PREFIX/share" -type f ! -perm 644)" ""
}

@test "an installed program runs" {
    expect 0 env PATH="$PREFIX/bin:/usr/bin:/bin" sh -c \
        'cd "$DEMO" && glove-load -q vectors.txt | vectorize -q test.txt | mp-cat --check'
}

@test "uninstall removes what install put there, and nothing else" {
    local stage=$BATS_TEST_TMPDIR/stage
    in_make install PREFIX=/usr DESTDIR="$stage" >/dev/null
    echo mine >"$stage/usr/bin/mine"
    in_make uninstall PREFIX=/usr DESTDIR="$stage" >/dev/null
    equal "$(installed "$stage")" "./usr/bin/mine"
    equal "$(find "$stage" -type l)" ""
}

@test "options are read from the source as --help has them, so that none is run to install" {
    local program shell
    for program in $(commands); do
        for shell in bash zsh fish; do
            diff <("$program" --help | "$ROOT/man/completions" $shell "$program") \
                <("$ROOT/man/options" "$program" | "$ROOT/man/completions" $shell "$program") ||
                fail "man/options $program (>) and $program --help (<) differ"
        done
    done
    in_make -n completions BUILD="$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/made"
    lacks "$(cat "$BATS_TEST_TMPDIR/made")" "$BATS_TEST_TMPDIR/bin"
}

@test "the user's flags come behind the project's own" {
    in_make -B -n V=1 CPPFLAGS=-DUSERS CFLAGS=-Ousers LDFLAGS=-Wl,users SANITIZE= "$BUILD/bin/mp-cat" >"$BATS_TEST_TMPDIR/made"
    grep -E -- '-c -o' "$BATS_TEST_TMPDIR/made" | grep -vE -- ' -ffp-contract=off .* -Ousers -fPIC ' | grep . && fail "an object"
    grep -E -- '-c -o' "$BATS_TEST_TMPDIR/made" | grep -vE -- ' -Icommon .* -DUSERS ' | grep . && fail "an object"
    grep -E -- '-o [^ ]*/bin/mp-cat ' "$BATS_TEST_TMPDIR/made" | grep -E -- ' -pthread .*-Ousers .*-Wl,users -o '
}

@test "completions of bash" {
    local file
    for file in "$PREFIX"/share/bash-completion/completions/*; do
        bash -n "$file"
    done
    # complete PROGRAM WORD...: the replies where the last word is being typed
    complete_words() {
        bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            "_glovepipe_${1//-/_}"; printf "%s\n" "${COMPREPLY[@]}"' bash \
            "$PREFIX/share/bash-completion/completions/$1" "$@"
    }
    equal "$(complete_words rf-train --cri)" "--criterion"
    equal "$(complete_words rf-train --criterion = '')" $'gini\nentropy\nlog_loss\nhellinger'
    equal "$(complete_words rf-train --criterion ent)" "entropy"
    equal "$(complete_words rf-train --max-features '')" $'sqrt\nlog2\nall'
    equal "$(complete_words rf-train -o '')" ""
    contains "$(complete_words rf-train -)" "--max-features"
    # however a help lists them
    equal "$(complete_words rf-train --splitter '')" $'best\nrandom'
    equal "$(complete_words vectorize --from '')" $'lines\ntsv\ncsv\njson'
    equal "$(complete_words rf-explain --format '')" $'text\ntsv\njson\nhtml'
    equal "$(complete_words mp-pack --first-index '')" $'auto\n0\n1'
    equal "$(complete_words relabel --to '')" $'same\njson'
    equal "$(complete_words linear-train --views b)" $'bayes\nbigram'
    equal "$(complete_words glovepipe '')" $'train\npredict\ntest\nexplain\nfix'
    equal "$(complete_words glovepipe predict '')" ""
    equal "$(complete_words rf-tune '')" ""
}

# Words, sorted, but for defaults that need not be offered.
words() {
    tr ' ' '\n' <<<"$1" | grep -vxE 'auto|none' | sort
}

# The values that the completions of bash offer are those that programs name when they refuse another.
@test "completions: the values are those that programs take" {
    local program option offered taken
    cd "$BATS_TEST_TMPDIR"
    for program in $(programs); do
        while read -r option; do
            [[ $option != --views ]] || continue # a list of them
            offered=$(sed -n "s/^    \(-. | \)\{0,1\}$option) .*compgen -W \"\([^\"]*\)\".*/\2/p" \
                "$PREFIX/share/bash-completion/completions/$program")
            run --separate-stderr "$program" "$option=no-such" </dev/null
            [[ $stderr == *"' is none of "* ]] || continue
            taken=${stderr#*is none of } taken=${taken%%, a number*}
            equal "$(words "$offered")" "$(words "${taken//,/}")"
        done < <("$program" --help | grep -Eo -- '--[a-z-]+=' | tr -d = | sort -u)
    done
}

@test "completions of zsh" {
    need_program zsh
    local file
    for file in "$PREFIX"/share/zsh/site-functions/*; do
        zsh -n "$file"
    done
    # `compinit` reads the folder; what _arguments makes of the specification shows errors in it.
    expect 0 zsh -fc 'fpath=("$1" $fpath); autoload -Uz compinit && compinit -u -d "$2"
        print -r -- $_comps[rf-train] $_comps[mp-cat]' zsh "$PREFIX/share/zsh/site-functions" \
        "$BATS_TEST_TMPDIR/zcompdump"
    equal "$output" "_rf-train _mp-cat"
}

@test "completions of fish" {
    need_program fish
    export HOME=$BATS_TEST_TMPDIR
    # A script, for fish 3.1 hands no arguments to what is behind -c.
    echo 'for file in $argv; source $file; end
        complete "-Crf-train --criterion "; complete "-Crf-train --tre"; complete "-Cglovepipe pre"' >"$HOME/script"
    expect 0 fish "$HOME/script" "$PREFIX"/share/fish/vendor_completions.d/*.fish
    contains "$output" "gini"
    contains "$output" "--trees"
    contains "$output" "predict"
    equal "$stderr" ""
}
