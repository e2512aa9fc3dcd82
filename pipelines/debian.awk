# apt's package list to labelled texts: `section<TAB>description`, a package in five for testing.
#
#   awk -v train=FILE -v test=FILE -f debian.awk AVAILABLE
#
# The archive area (contrib/, non-free/) is no topic. Words are letters, digits, + and #. Of packages
# with the same section and description (a library's many versions) one is kept. What is left in both
# files, of Debian 12's 12,087 test texts: 181 that, but for case, a package of another section has in
# training, and 18 that one of the same has.

BEGIN { RS = ""; FS = "\n" }

{
    section = text = ""
    for (i = 1; i <= NF; i++) {
        if ($i ~ /^Section: /) section = substr($i, 10)
        if ($i ~ /^Description(-en)?: /) text = substr($i, index($i, ": ") + 2)
    }
    sub(/.*\//, "", section)
    gsub(/[^A-Za-z0-9+#\200-\377]+/, " ", text)
    sub(/^ /, "", text)
    sub(/ $/, "", text)
    if (section == "" || text == "" || (section, text) in seen) next
    seen[section, text]
    print section "\t" text > (++kept % 5 ? train : test)
}
