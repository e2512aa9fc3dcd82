/* What a file that is not what was asked for might be instead. */
#include "input/sniff.h"

#include "helpers.h"

static void assert_sniffed_at(size_t at, const char *head, size_t size, const char *part)
{
    char bytes[512];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + at, head, size);
    const char *what = sniff(bytes, sizeof bytes, false);
    if (!what || !strstr(what, part))
        fail_msg("not taken for '%s' but '%s'", part, what ? what : "text");
}

static void assert_sniffed(const char *head, size_t size, const char *part)
{
    assert_sniffed_at(0, head, size, part);
}

static void test_sniff(void **state)
{
    (void)state;
    assert_sniffed("\xfd"
                   "7zXZ\0",
                   6, "xz");
    assert_sniffed("\x28\xb5\x2f\xfd", 4, "zstd");
    assert_sniffed("BZh91AY&SY", 10, "bzip2");
    assert_sniffed("3000000 300\n</s> \x7f\0", 19, "word2vec");
    assert_sniffed("\xba\x16\x4f\x2f\x0c", 5, "fastText");
    assert_sniffed("\x86\xa6"
                   "format\xa9"
                   "glovepipe",
                   18, "glovepipe stream");
    assert_sniffed("%PDF-1.4\n", 9, "PDF");
    assert_sniffed_at(257, "ustar\00000", 8, "tar archive"); /* POSIX's, and GNU's */
    assert_sniffed_at(257, "ustar  ", 8, "tar archive");
    assert_sniffed("<!DOCTYPE html>", 15, "HTML");
    assert_sniffed("the 0.1\0", 8, "not text");
    assert_null(sniff("the 0.1\n", 8, false));
    assert_null(sniff("<html 0.1 0.2\n", 14, true));
    assert_null(sniff("", 0, false));
}

/* A NUL as a word, at any place of texts that have blanks in both places of a pair. */
static void test_a_nul_among_words(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sport\thello world foo and more\n", "sport\tgr\xc3\xbc\xc3\x9f gott alle tage\n",
        "\xd0\xbd\xd0\xb5\xd1\x84\t\xd1\x82\xd1\x8c \xd0\xb4\xd0\xbe \xd1\x80\n"};
    for (size_t i = 0; i < LENGTH(texts); i++)
        for (const char *blank = strchr(texts[i], ' '); blank; blank = strchr(blank + 1, ' ')) {
            char text[64] = {0};
            size_t at = (size_t)(blank - texts[i]), size = strlen(texts[i]);
            memcpy(text, texts[i], at + 1);
            memcpy(text + at + 2, blank, size - at); /* behind `\0` */
            assert_null(sniff_text(text, size + 2));
        }
}

/* Where any text is welcome, what looks like the beginning of a page is one. */
static void test_sniff_text(void **state)
{
    (void)state;
    assert_null(sniff_text("<!DOCTYPE html>", 15));
    assert_null(sniff_text("earn\tnet\0up\n", 12));
    assert_null(sniff_text("3000000 300\n", 12));
    assert_null(sniff_text("", 0));
    assert_string_equal(sniff_text("\x85\xa6"
                                   "format\xa9"
                                   "glovepipe\xa7version",
                                   26),
                        "is a glovepipe stream, not text: mp-cat prints it");
    static const char *const wide[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE"};
    static const int units[] = {2, 2, 4}, places[] = {0, 1, 0};
    for (int form = 0; form < 3; form++) {
        char text[200] = {0};
        for (int i = 0; i < 200 / units[form]; i++)
            text[i * units[form] + places[form]] = "earn\tnet up\n"[i % 12];
        assert_non_null(strstr(sniff_text(text, sizeof text), wide[form]));
    }
    assert_non_null(strstr(sniff_text("\xff\xfe\0\0a\0\0\0", 8), "iconv -f UTF-32 "));
    assert_non_null(strstr(sniff_line_ends("a\rb\r", 4), "tr '\\r' '\\n'"));
    assert_null(sniff_line_ends("ab\r", 3));
    assert_null(sniff_line_ends("a\rb\n", 4));
    assert_string_equal(sniff_text("\xff\xfe", 2), "is UTF-16 text: turn it into UTF-8, with "
                                                   "iconv -f UTF-16 -t UTF-8");
    assert_string_equal(sniff_text("\x28\xb5\x2f\xfd\4", 5),
                        "is zstd data: unpack it first, with zstd -d");
}

/* Signs that are letters, and what stands behind them in files of those forms. */
static void test_signs_of_letters(void **state)
{
    (void)state;
    assert_sniffed("PAR1\x15\4\x15", 7,
                   "Parquet"); /* a page's header, by Thrift's compact protocol */
    assert_sniffed("PAR1\x2a\0\0\0", 8, "Parquet"); /* the size of one that is encrypted */
    assert_sniffed("%PDF-2.0\r", 9, "PDF");
    assert_sniffed("{\\rtf1\\ansi", 11, "RTF");
    assert_sniffed("\x93NUMPY\1\0v\0{'descr'", 18, "numpy array");
    assert_sniffed("version https://git-lfs.github.com/spec/v1\noid sha256:", 54, "git lfs pull");
    assert_sniffed("/annex/objects/SHA256E-s7--00ff.txt\n", 36, "git annex get");
    static const char *const texts[] = {
        "PAR1\tbinds thrombin\n",
        "PAR1 0.1 0.2\n",
        "PAR1\r\n",
        "PAR1",
        "%PDF-files\tare read\n",
        "%PDF-1 2\n",
        "{\\rtf is how RTF begins\n",
        "{\\rtf1, too\n",
        "\x93NUMPY\x94 is a word\n",
        "version https://git-lfs.github.com/spec/v1 is what a pointer says\n",
        "/annex/objects/ is a folder\n",
        "BZh9\t1\n",
        "gene1AY&SY\n"};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        assert_null(sniff_text(texts[i], strlen(texts[i])));
        assert_null(sniff(texts[i], strlen(texts[i]), true));
    }
}

/* The letters of tar's sign are in words, too, and may stand where its header has them. */
static void test_mustard_is_no_archive(void **state)
{
    (void)state;
    static const char *const behind[] = {"d\tcress\n", " ", "\n"};
    for (size_t i = 0; i < LENGTH(behind); i++) {
        char text[512];
        memset(text, 'm', sizeof text);
        memcpy(text + 257, "ustar", 5);
        memcpy(text + 262, behind[i], strlen(behind[i]));
        assert_null(sniff_text(text, sizeof text));
        assert_null(sniff(text, sizeof text, true));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),
        cmocka_unit_test(test_sniff_text),
        cmocka_unit_test(test_a_nul_among_words),
        cmocka_unit_test(test_signs_of_letters),
        cmocka_unit_test(test_mustard_is_no_archive),
    };
    return RUN_TESTS("sniff", tests);
}
