# mp-pack: tables to samples, as Python's csv, numpy and scikit-learn have them.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR"
}

written() {
    need_python numpy
    "$PYTHON" "$ROOT/tests/cli/mp-pack.py" "$@"
}

# is_wanted ARGUMENTS...: names, labels and numbers are those of `wanted`.
is_wanted() {
    mp-pack -q -o got.mp "$@"
    mp-cat --check got.mp
    "$PYTHON" - <<'P'
import subprocess
import numpy as np
lines = subprocess.run(['mp-cat', 'got.mp'], check=True, capture_output=True, text=True).stdout.split('\n')[:-1]
names, *wanted = open('wanted', encoding='utf-8').read().split('\n')[:-1]
if names:
    assert lines.pop(0).split('\t')[3:] == names.split('\t'), names
assert len(lines) == len(wanted)
for line, other in zip(lines, wanted):
    label, _, _, *x = line.split('\t')
    assert label == other.split('\t')[0], line
    np.testing.assert_array_equal(np.array(x, 'f4'), np.array(other.split('\t')[1:], 'f4'))
P
}

# refused STATUS PART ARGUMENTS...
refused() {
    local status=$1 part=$2
    shift 2
    rm -f X.mp
    expect "$status" mp-pack -o X.mp "$@"
    contains "$stderr" "$part"
    [ ! -e X.mp ] || fail "X.mp is there"
}

@test "CSV with a header, missing values and categories, whatever separates it" {
    for separator in ',' ';' $'\t'; do
        written table "$separator"
        is_wanted --label-column topic --drop id --one-hot colour given.csv
        is_wanted --label-column 4 --drop 1 --one-hot 7 --header - <given.csv
    done
    expect 0 mp-pack --label-column topic --drop id --one-hot colour -o X.mp given.csv
    contains "$stderr" "700 samples of 7 features"
    contains "$stderr" "values are missing"
    gzip -k given.csv
    is_wanted --label-column topic --drop id --one-hot colour given.csv.gz
    is_wanted --label-column topic --drop id --one-hot colour --like X.mp given.csv
    refused 3 "given.csv:2: column 'colour': '" --label-column topic --drop id given.csv
    contains "$stderr" "is no number: leave the column out with --drop, make features of its categories with --one-hot"
}

@test "a first record longer than 64 KiB: names of many columns, or a text" {
    "$PYTHON" - <<'P'
names = [f'gene;{i}' for i in range(20000)]
rows = [('ab'[r % 2], [str((i * 7 + r) % 11) for i in range(20000)]) for r in range(4)]
open('t.csv', 'w').write('"label","' + '","'.join(names) + '"\r\n' +
                         ''.join(f'{label},{",".join(x)}\r\n' for label, x in rows))
open('wanted', 'w').write('\n'.join(['\t'.join(names)] + ['\t'.join([label] + x) for label, x in rows] + ['']))
P
    is_wanted t.csv
    dd status=none bs=1000 if=t.csv | is_wanted --from csv -
    gzip -c t.csv | is_wanted --from csv -
    tr ',' '\t' <t.csv | tr -d '"\r' >t.tsv
    is_wanted t.tsv
    { printf 'a,1,"' && head -c 200000 /dev/zero | tr '\0' '\n' && printf ';"\nb,2,x\n'; } >t.csv
    printf '\na\t1\nb\t2\n' >wanted
    is_wanted --no-header --label-column 1 --drop 3 t.csv
    tr ';' '"' <t.csv >open.csv
    refused 3 "open.csv:1: a quote opens a field of the first record, and nothing closes it" \
        --no-header --label-column 1 --drop 3 open.csv
    refused 3 "open.csv:1: a quote opens a field of the first record" open.csv
}

@test "features of other samples: --like orders them, and counts strange categories" {
    printf 'label,x,c\nyes,1,red\nno,2,blue\n' >train.csv
    printf 'c,x,id,label\nblue,5,7,no\ngreen,6,8,yes\n' >test.csv
    mp-pack -q --one-hot c -o train.mp train.csv
    expect 0 mp-pack --one-hot c --drop id --like train.mp -o test.mp test.csv
    contains "$stderr" "warning: 1 category is none of the features (first: line 3)"
    equal "$(mp-cat test.mp | cut -f 1,4-)" "$(printf 'label\tx\tc=blue\tc=red\nno\t5\t1\t0\nyes\t6\t0\t0')"
    refused 3 "column 'id' is no feature of train.mp" --one-hot c --like train.mp test.csv
    refused 3 "no column makes the feature 'x' of train.mp" --one-hot c --drop x --drop id --like train.mp test.csv
    mp-pack -q --drop c train.csv | rf-train -q -n 3 -o forest.mp
    equal "$(mp-pack -q --drop c --drop id --like forest.mp test.csv | rf-predict -q --labels-only forest.mp | wc -l)" 2
}

@test "a table without a header, and what makes one" {
    printf 'a,1,2\nb,3,4\n' >t.csv
    refused 2 "t.csv: has no header: say which column is the label" t.csv
    equal "$(mp-pack -q --label-column 1 t.csv | mp-cat | cut -f 1,4-)" "$(printf 'a\t1\t2\nb\t3\t4')"
    refused 3 "column 1: 'a' is no number" --no-label t.csv
    equal "$(mp-pack -q --no-label --drop 1 t.csv | mp-cat | cut -f 3-)" "$(printf '1\t2\n3\t4')"
    printf 'label,1,2\nb,3,4\n' >t.csv
    equal "$(mp-pack -q --header t.csv | mp-cat | cut -f 1,4-)" "$(printf 'label\t1\t2\nb\t3\t4')"
    refused 3 "there is no such column" --label-column topic t.csv
    refused 2 "exclude each other" --header --no-header t.csv
    printf 'label,x\na,-9\na,?\na, 2 \n\n' >t.csv
    refused 3 "t.csv:3: column 'x': '?' is no number" t.csv
    equal "$(mp-pack -q --missing '?' t.csv | mp-cat | tail -n +2 | cut -f 4)" "$(printf '%s\n' -9 nan 2)"
    printf 'label,x\na,1e39\n' >t.csv
    refused 3 "t.csv:2: feature 1 is infinite as float32" t.csv
    printf 'label,x\na,1,2\n' >t.csv
    refused 3 "t.csv:2: the record has 3 fields, the first one 2" t.csv
    printf 'label,x\n,1\n' >t.csv
    refused 3 "t.csv:2: the label is empty" t.csv
    printf 'label,x\na,"1\n' >t.csv
    refused 3 "t.csv:2: a quote opens" t.csv
    : >t.csv
    refused 3 "t.csv: is empty" t.csv
    printf 'label,x\n' >t.csv
    expect 0 mp-pack -o X.mp t.csv
    contains "$stderr" "warning: there are no rows"
    printf 'label\tx\na\t"1"\n' >t.tsv
    refused 3 "'\"1\"' is no number" t.tsv
    equal "$(mp-pack -q --from csv t.tsv | mp-cat | tail -n 1 | cut -f 4)" 1
}

@test "numpy's arrays with their labels in a file, and back from mp-cat" {
    need_python numpy
    for type in '<f4' '<f8' '>f4' '<f2' '<i4' '|u1'; do
        written npy "$type"
        is_wanted --labels labels given.npy
    done
    mp-pack -q --no-label given.npy | mp-cat --check
    mp-cat --format npy -o back.npy got.mp
    mp-cat --format names -o back.txt got.mp
    is_wanted --labels back.txt back.npy
    head -n 3 labels >few
    refused 3 "few: has 3 labels, and the array 700 rows" --labels few given.npy
    head -c 1000 given.npy >cut.npy
    expect 4 mp-pack -o X.mp cut.npy
    refused 3 "is no numpy array" --from npy labels
    refused 2 "these options are for tables" --drop 1 given.npy
    "$PYTHON" -c "import numpy as np; np.save('inf.npy', np.array([[1, np.inf]]))"
    refused 3 "inf.npy:1: feature 2 is infinite" inf.npy
}

@test "libsvm's rows, counted from 0 or 1, and back from mp-cat" {
    need_python sklearn
    for first in 0 1; do
        written libsvm $first
        is_wanted given.svm
        is_wanted --from libsvm --first-index $first - <given.svm
    done
    mp-cat --format libsvm -o back.libsvm got.mp
    is_wanted back.libsvm
    printf '1 2:3\n' >t.svm
    equal "$(mp-pack -q --dim 3 t.svm | mp-cat | cut -f 4-)" "$(printf '0\t3\t0')"
    equal "$(mp-pack -q --dim 3 --first-index 0 t.svm | mp-cat | cut -f 4-)" "$(printf '0\t0\t3')"
    equal "$(mp-pack -q --like got.mp t.svm | mp-cat | cut -f 4-)" "$(printf '0\t3\t0\t0')"
    refused 3 "has 2 features, which are more than 1" --dim 1 t.svm
    for bad in '1 qid:3 1:2' '1 1:x' '1 2:1 1:1' '1 2:1 2:1' '1 x' '1:2 1:3' '1,2 1:3' '1 99999999:1' '1 :3'; do
        printf '%s\n' "$bad" >bad.svm
        expect 3 mp-pack -o X.mp bad.svm
        contains "$stderr" "bad.svm:1: "
    done
    printf '0 0:1\n' >zero.svm
    refused 3 "there is an index 0" --first-index 1 zero.svm
}

@test "what is no table is refused, and nothing is left" {
    printf '\377\330\377\340\0\020JFIF\0' >photo.jpg
    refused 3 "is a JPEG image" photo.jpg
    refused 1 "can't open" absent.csv
    mkdir folder
    refused 3 "there are no files in this folder" folder
    printf 'label,x\na,1\n' >t.csv
    expect 1 mp-pack -o /dev/full t.csv
    expect 2 mp-pack t.csv t.csv
    expect 0 mp-pack --help
    contains "$output" "usage: mp-pack"
    [ ! -e X.mp ]
}

@test "names that stand twice, columns that are counted, labels that are empty are told or refused" {
    need_python numpy
    printf 'a,a,label\n1,2,x\n' >t.csv
    expect 0 mp-pack -o X.mp t.csv
    contains "$stderr" "warning: several features are called 'a'"
    printf '0,1,2,label\n5,6,7,x\n' >t.csv
    expect 0 mp-pack --label-column 4 -o X.mp t.csv
    contains "$stderr" "warning: the first record counts the columns, and was taken for a sample"
    equal "$(mp-pack -q --header --label-column 4 t.csv | mp-cat | cut -f 1,4-)" "$(printf 'label\t0\t1\t2\nx\t5\t6\t7')"
    rm X.mp
    printf 'caf\351,1\n' >t.csv
    refused 3 "t.csv:1: the label is not valid UTF-8" --label-column 1 t.csv
    "$PYTHON" -c 'import numpy; numpy.save("x.npy", numpy.arange(4.0).reshape(2, 2))'
    printf 'a\n\n' >labels
    refused 3 "labels:2: the label is empty" --labels labels x.npy
}

@test "features that stand twice in other samples are refused" {
    printf 'c,c,label\n' >twice.csv
    for n in {00..99}; do echo "v$n,v00,x"; done >>twice.csv
    mp-pack -q --one-hot 1 --one-hot 2 -o twice.mp twice.csv
    printf 'c,label\nv01,x\n' >t.csv
    refused 3 "the feature 'c=v00' stands twice in twice.mp" --like twice.mp --one-hot c t.csv
}

@test "what is wrong with a table is told as it is, and what would help works" {
    printf 'a|b|label\n1|2|x\n' >t.csv
    refused 3 "the first record has 'a|b|label': say --delimiter '|'" t.csv
    mp-pack -q --delimiter '|' t.csv | mp-cat --check
    printf 'a b label\n1 2 x\n' >t.csv
    refused 3 "say --delimiter ' '" t.csv
    mp-pack -q --delimiter ' ' t.csv | mp-cat --check
    printf '1 1:5 2:6\n' >t.txt
    refused 3 "Say --from libsvm" t.txt
    mp-pack -q --from libsvm t.txt | mp-cat --check
    printf 'a\tlabel\n1\tx\n' >t.csv
    mp-pack -q --delimiter '\t' t.csv | mp-cat --check
    printf 'a,b,label\n1,"2,x\n3,4,y\n' >t.csv
    refused 3 "t.csv:2: a quote opens a field of this record, and nothing closes it" t.csv
    printf 'a;b;label\n1,5;2;x\n' >t.csv
    refused 3 "'1,5' is no number: there are decimal commas: turn them into points, with tr , ." t.csv
    equal "$(tr , . <t.csv | mp-pack -q | mp-cat | tail -n 1 | cut -f 4-)" "$(printf '1.5\t2')"
    refused 3 "there is no such column; separated by ';', the first record has 'a', 'b', 'label'" --drop c t.csv
}

@test "libsvm's indices of which none is 0 are told to be counted from 1" {
    printf '1 0:1 2:3\n' >train.svm
    printf '1 1:7\n' >test.svm
    mp-pack -q -o train.mp train.svm
    expect 0 mp-pack --like train.mp -o test.mp test.svm
    contains "$stderr" "features, counted from 1"
    contains "$stderr" "warning: no index is 0, so they were taken to be counted from 1"
    expect 0 mp-pack --like train.mp --first-index 0 -o test.mp test.svm
    lacks "$stderr" "counted from 1"
    equal "$(mp-cat test.mp | cut -f 4-)" "$(printf '0\t7\t0')"
}

@test "a spreadsheet's line that says what separates the fields" {
    printf 'sep=|\r\nlabel|x,y\r\na|1\r\n' >t.csv
    equal "$(mp-pack -q t.csv | mp-cat)" "$(printf 'label\ttokens\tknown\tx,y\na\t0\t0\t1')"
    printf 'sep=|\n' >t.csv
    refused 3 "t.csv: is empty" t.csv
}

@test "what follows an array is not passed over, and an array on standard input is asked for by --from" {
    need_python numpy
    "$PYTHON" -c 'import numpy; numpy.save("x.npy", numpy.arange(6, dtype="<f4").reshape(3, 2))'
    printf 'a\nb\nc\n' >words
    local more
    for more in x 8bytes.. 'twenty bytes of more'; do
        cp x.npy more.npy
        printf %s "$more" >>more.npy
        refused 3 "more.npy: something follows the array's 3 rows" more.npy
        expect 3 glove-load --word-list words -o X.mp more.npy
        contains "$stderr" "more.npy: something follows the array's 3 rows"
    done
    refused 3 "is a numpy array: mp-pack --from npy" - <x.npy
    mp-pack -q -o named.mp x.npy
    mp-pack -q --from npy - <x.npy | cmp - named.mp
}

@test "a category of 512 KiB is one, and what is wrong with others is told apart" {
    local long
    long=$(printf '%524288s' '' | tr ' ' a)
    printf 'label,x\na,b\nb,%s\n' "$long" >t.csv
    mp-pack -q --one-hot x -o X.mp t.csv
    printf 'label,x\na,b\nb,%sa\n' "$long" >t.csv
    refused 3 "t.csv:3: a category is longer than 512 KiB" --one-hot x t.csv
    printf 'label,x\na,b\nb,\xff\n' >t.csv
    refused 3 "t.csv:3: a category is not valid UTF-8" --one-hot x t.csv
}

@test "a first column that counts the rows is told, as pandas writes its index" {
    need_python pandas
    "$PYTHON" -c 'import pandas; pandas.DataFrame({"a": [5, 1, 7], "label": list("xyx")}).to_csv("t.csv")'
    equal "$(head -n 1 t.csv)" ,a,label
    expect 0 mp-pack -q -o X.mp t.csv
    contains "$stderr" "warning: column 1 counts the rows, and is a feature"
    expect 0 mp-pack -q --drop 1 -o X.mp t.csv # as it says
    equal "$stderr" ""
    printf 'n,label\n' >t.csv
    for ((i = 1; i < 10; i++)); do echo "$i,x"; done >>t.csv
    expect 0 mp-pack -q -o X.mp t.csv # nine may do so by chance
    equal "$stderr" ""
    echo 10,x >>t.csv
    expect 0 mp-pack -q -o X.mp t.csv
    contains "$stderr" "column 1 counts the rows"
    echo 10,x >>t.csv
    expect 0 mp-pack -q -o X.mp t.csv
    equal "$stderr" ""
}

@test "an array of one dimension: what makes rows of it" {
    need_python numpy
    "$PYTHON" -c 'import numpy; numpy.save("x.npy", numpy.arange(3))'
    refused 3 "x.npy: is a numpy array of one dimension: save rows of numbers, with x.reshape(len(x), -1)" x.npy
    "$PYTHON" -c 'import numpy; x = numpy.load("x.npy"); numpy.save("x.npy", x.reshape(len(x), -1))'
    mp-pack -q -o X.mp x.npy
    equal "$(mp-cat X.mp | wc -l)" 3
}
