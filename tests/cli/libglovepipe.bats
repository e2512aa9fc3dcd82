#!/usr/bin/env bats
# The library, as it is installed: what it shows, that it predicts as the programs do, from one
# thread and from eight, and that what the manual says of it works.

load helpers

setup_file() {
    export STAGE=$BATS_FILE_TMPDIR/stage MODEL=$BATS_FILE_TMPDIR/model TEXTS=$BATS_FILE_TMPDIR/texts
    [ "$(uname -s)" != Darwin ] || return 0
    in_make install PREFIX=/opt/glove DESTDIR="$STAGE" >/dev/null
    glovepipe train -q -o "$MODEL" "$ROOT/pipelines/newswire-train.txt"
    cut -f 2- "$ROOT/pipelines/newswire-test.txt" >"$TEXTS"
}

setup() {
    [ "$(uname -s)" != Darwin ] || skip "no library on macOS"
    cd "$BATS_TEST_TMPDIR" || return 1
    export PKG_CONFIG_PATH=$STAGE/opt/glove/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$STAGE
    export LD_LIBRARY_PATH=$STAGE/opt/glove/lib
}

# Compiles a program of tests/library with the flags of this build, and links it with the library.
compile() {
    # shellcheck disable=SC2046,SC2086 # lists
    "${CC:-cc}" -Wall -Wextra -Werror -D_GNU_SOURCE ${SANITIZE:+-fsanitize=$SANITIZE} -g -pthread \
        -o "$1" "$ROOT/tests/library/$1.c" $(pkg-config --cflags --libs glovepipe)
}

@test "the shared library shows the header's functions, no more than ten, and nothing else" {
    local shown named
    shown=$(nm -D --defined-only "$LD_LIBRARY_PATH/libglovepipe.so" | awk '$2 != "A" { print $3 }')
    named=$(grep -o 'glovepipe_[a-z_]*(' "$STAGE/opt/glove/include/glovepipe.h" | tr -d '(' | sort -u)
    equal "${shown//@@GLOVEPIPE_1/}" "$named"
    [ "$(wc -l <<<"$named")" -le 10 ] || fail "$named"
}

@test "the static library shows no other names either" {
    need_plain_build
    equal "$(nm -g --defined-only "$LD_LIBRARY_PATH/libglovepipe.a" | awk 'NF == 3 { print $3 }' | sort -u)" \
        "$(grep -o 'glovepipe_[a-z_]*(' "$STAGE/opt/glove/include/glovepipe.h" | tr -d '(' | sort -u)"
}

@test "its name is libglovepipe.so.1, and the manual has each function" {
    local name
    need_program readelf
    contains "$(readelf -d "$LD_LIBRARY_PATH/libglovepipe.so")" "soname: [libglovepipe.so.1]"
    for name in $(nm -D --defined-only "$LD_LIBRARY_PATH/libglovepipe.so" | grep -o ' T [a-z_]*'); do
        [ "$name" = T ] || grep -q "^\.F[no] $name" "$ROOT/man/libglovepipe.3" || fail "$name"
    done
}

@test "the version is the programs'" {
    equal "$(pkg-config --modversion glovepipe)" "$(glovepipe --version | grep -o '[0-9.]*$')"
}

@test "eight threads with one model: the bits of glovepipe predict" {
    glovepipe predict --proba "$MODEL" "$TEXTS" >expected
    compile threads
    expect 0 ./threads "$MODEL" "$TEXTS" expected 8
    equal "$output" "107 lines, 0 wrong"
}

@test "the same with vectors, and at every level of the CPU" {
    local level
    glovepipe train -q --trees 20 --vectors "$DEMO/vectors.txt" -o model "$DEMO/train.txt"
    cut -f 2- "$DEMO/test.txt" >texts
    glovepipe predict --proba model texts >expected
    compile threads
    for level in portable avx2 avx512; do
        expect 0 env GLOVEPIPE_CPU=$level ./threads model texts expected 2
        contains "$output" " 0 wrong"
    done
}

# Calibration, costs by which another label is cheaper than the most probable one, or none is, and
# thresholds.
@test "a model with decisions: the answers of glovepipe predict, no answer among them" {
    local options
    glovepipe train -q --trees 20 -o model "$DEMO/train.txt"
    cut -f 2- "$DEMO/test.txt" >texts
    glovepipe predict --proba model texts | cut -f 1 >plain
    costs "$DEMO/train.txt" 'i == j ? 0 : i * i' 1 >costs.tsv
    compile threads
    for options in "--costs costs.tsv" "--novelty 0.2 --calibrate isotonic" "--maximize macro-f1"; do
        # shellcheck disable=SC2086 # several words
        rf-decide -q $options -o model/decide.mp model/oob.mp
        glovepipe predict --proba model texts >expected
        expect 0 ./threads model texts expected 2
        equal "$output" "$(wc -l <texts) lines, 0 wrong"
        [[ $options == --maximize* ]] || [ "$(cut -f 1 expected | grep -cx '?')" -gt 0 ]
        # Labels that are neither the forest's nor "no answer".
        [[ $options != --costs* ]] || cut -f 1 expected | paste - plain | awk '$1 != "?" && $1 != $2 { n++ } END { exit !n }'
    done
    compile misuse
    rf-decide -q --costs costs.tsv -o model/decide.mp model/oob.mp
    expect 0 ./misuse model "$(glovepipe predict model texts | paste - texts | awk -F '\t' '$1 == "?" { print $2; exit }')"
    equal "$output" ""
}

@test "a wrong bit would be seen" {
    glovepipe predict --proba "$MODEL" "$TEXTS" | awk -F '\t' -v OFS='\t' \
        'NR == 50 { $4 += $4 > 0.5 ? -1e-6 : 1e-6 } { print }' >expected
    compile threads
    expect 1 ./threads "$MODEL" "$TEXTS" expected 1
    equal "$output" "107 lines, 1 wrong"
}

@test "the folder that classify.mk leaves is a model, too" {
    make --no-print-directory -s -f "$ROOT/pipelines/classify.mk" BIN="$BIN" OUT=out TREES=20 \
        TRAIN="$DEMO/train.txt" TEST="$DEMO/test.txt" VECTORS="$DEMO/vectors.txt" >/dev/null
    cut -f 2- "$DEMO/test.txt" >texts
    glovepipe predict --proba out texts >expected
    compile threads
    expect 0 ./threads out texts expected 2
}

@test "errors, edges of texts, classes" {
    compile misuse
    expect 0 ./misuse "$MODEL"
    equal "$output" ""
}

@test "models that are damaged, cut off, incomplete or mixed are refused with a sentence" {
    compile misuse
    refuse() {
        run ./misuse "$1"
        [ "$status" -ne 0 ] || fail "$1 was taken"
        contains "$output" "$2"
    }
    glovepipe train -q --trees 5 -o other "$DEMO/train.txt"
    cp -r "$MODEL" mixed && cp other/linear.mp mixed
    refuse mixed "mixed"
    cp -r other cut && head -c 1000 "$MODEL/model.mp" >cut/model.mp
    refuse cut "cut/model.mp: "
    mkdir alone && cp other/model.mp alone
    refuse alone "alone: holds neither linear.mp nor vectors.mp"
    mkdir empty
    refuse empty "empty: is no model: it holds no model.mp"
    ln -s loop loop
    refuse loop "ymbolic link" # as glibc says it, and musl
    cp -r other swapped && cp other/linear.mp swapped/model.mp
    refuse swapped "swapped/model.mp: "
}

# The blocks of libglovepipe(3), in order and in one folder, as tests/examples runs a program's.
@test "the manual's C, its Python in 30 lines, and the static one" {
    need_plain_build
    need_program pkg-config
    need_python ctypes
    cp "$DEMO/train.txt" "$DEMO/test.txt" .
    awk '/^\.Sh/ { inside = ($2 == "EXAMPLES") }
        inside && /^\.Bd -literal/ { file = ++count ".sh"; next }
        /^\.Ed/ { file = "" }
        file { gsub(/\\&/, ""); gsub(/\\e/, "\\"); print >file }' "$ROOT/man/libglovepipe.3"
    only_files . 1.sh 2.sh 3.sh test.txt train.txt
    [ "$(sed -n '/label.py/,/^PYTHON/p' 2.sh | wc -l)" -le 32 ] || fail "more than 30 lines of Python"
    sed -i "s|^python3|$PYTHON|" 2.sh
    expect 0 sh -e 1.sh
    expect 0 sh -e 2.sh
    [ "$(wc -l <labels.txt)" = "$(wc -l <test.txt)" ] || fail "not a label a line"
    expect 0 sh -e 3.sh
}
