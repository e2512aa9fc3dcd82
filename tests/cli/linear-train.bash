# What the tests of linear-train share beside helpers: evidence recomputed, and a small corpus; a .bats
# file says `load linear-train` behind that.
#
# shellcheck shell=bash disable=SC2154 # bats sets status, output and stderr

check() {
    "$PYTHON" "$ROOT/tests/cli/linear-train.py" "$@"
}

# Three labels, texts with white space, case, punctuation and more than ASCII.
small() {
    printf '%s\n' 'oil	Oil prices ROSE, oil' 'oil	crude-oil  prices' 'gold	gold (fine) über alles' \
        'gold	the GOLD price' 'ship	Schiff in Übersee' 'ship	a ship, a ship' 'oil	oil' >small.txt
}
