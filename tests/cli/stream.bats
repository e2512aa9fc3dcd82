#!/usr/bin/env bats
# glovepipe(5): other languages read and write streams; features have names.

load helpers

setup() {
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work"
}

# The page's examples, run with the python that has numpy and msgpack.
page_examples() {
    mkdir bin
    ln -s "$(command -v "$PYTHON")" bin/python3
    cp "$DEMO"/train.txt "$DEMO"/vectors.txt .
    awk '/^\.Bd -literal/ { inside = 1; next } /^\.Ed/ { inside = 0 }
        inside { gsub(/\\e/, "\\"); print }' "$ROOT/man/glovepipe.5" >examples.sh
    PATH=$PWD/bin:$PATH sh -e examples.sh
}

@test "the reader and the writer of the page, by msgpack's packb alone" {
    need_python msgpack numpy
    expect 0 page_examples
    local rows
    rows=$(wc -l <train.txt)
    [ "$rows" -le 65536 ]
    contains "$output" "samples 20 ($rows, 20) $(head -n 1 train.txt | cut -f 1)"
    contains "$output" "$(printf 'label\ttokens\tknown\tw\tx\ty\tz\na\t1\t1\t1\t0\t0\t0')"
    contains "$output" "  w <= 0.5: "
    expect 0 mp-cat --check T.mp
}

# named.mp: 40 labelled rows of the features `first` and `zweites ÷`; bare.mp: without the names.
named_samples() {
    "$PYTHON" - <<'EOF'
import msgpack, numpy, zlib

rng = numpy.random.default_rng(5)
n = 40
x = rng.standard_normal((n, 2)).astype("<f4")
ones = numpy.ones(n, "<i4").tobytes()
for name, features in ("named", ["first", "zweites ÷"]), ("bare", None):
    header = {"format": "glovepipe", "version": 1, "kind": "samples", "dim": 2,
              "labelled": True, "lineage": []}
    if features:
        header["features"] = features
    block = {"n": n, "x": x.tobytes(), "tokens": ones, "known": ones,
             "labels": ["ab"[int(a > b)] for a, b in x]}
    end = {"end": True, "rows": n, "blocks": 1, "read": {"crc32": 0, "size": 0}, "crc32": 0}
    data = b"".join(map(msgpack.packb, (header, block, end)))[:-1]
    data += msgpack.packb(zlib.crc32(data + b"\xce"))
    open(name + ".mp", "wb").write(data)
EOF
}

@test "a forest carries the names on, and shows them" {
    need_python msgpack numpy
    named_samples
    rf-train -q -n 3 -o named.forest named.mp
    rf-train -q -n 3 -o bare.forest bare.mp
    mp-cat bare.forest | sed 's/x\[0\]/first/; s/x\[1\]/zweites ÷/' >wanted
    mp-cat named.forest >got
    same_file got wanted
    grep -q 'zweites ÷ <= ' got
    expect 0 mp-cat --stats named.forest
    contains "$output" "features   2: first, zweites ÷"
    expect 0 mp-cat --stats named.mp
    contains "$output" "features   2: first, zweites ÷"
    expect 0 mp-cat --stats bare.mp
    lacks "$output" features
    expect 0 mp-cat --head 1 named.mp
    equal "${lines[0]}" "$(printf 'label\ttokens\tknown\tfirst\tzweites ÷')"
    rf-predict -q named.forest named.mp >named.tsv
    rf-predict -q bare.forest bare.mp >bare.tsv
    same_file named.tsv bare.tsv
    # Samples without names may go with a forest that has them; other names may not.
    rf-predict -q named.forest bare.mp >bare.tsv
    same_file named.tsv bare.tsv
    sed 's/zweites/drittes/' named.mp >other.mp
    expect 3 rf-predict named.forest other.mp
    contains "$stderr" "named.forest and other.mp name feature 1 otherwise (zweites ÷; drittes ÷)"
}
