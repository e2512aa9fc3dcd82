/* Well-formed UTF-8; what is kept of the rest is what Python's errors='ignore' keeps. */
#include "base/utf8.h"

#include "helpers.h"

static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x120000; c++) {
        char s[4];
        size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        for (size_t i = size - 1, rest = c; i > 0; i--, rest >>= 6)
            s[i] = (char)(0x80 | (rest & 0x3f));
        s[0] = (char)(size == 1 ? c : lead[size] | c >> 6 * (size - 1));
        bool character = c < 0x110000 && !(c >= 0xd800 && c <= 0xdfff);
        assert_int_equal(utf8_sequence(s, size), character ? size : 0);
        if (size > 1)
            assert_int_equal(utf8_sequence(s, size - 1), 0);
    }
}

static void test_overlong_forms(void **state)
{
    (void)state;
    assert_int_equal(utf8_sequence("\xc0\x80", 2), 0);
    assert_int_equal(utf8_sequence("\xc1\xbf", 2), 0);
    assert_int_equal(utf8_sequence("\xe0\x9f\xbf", 3), 0);
    assert_int_equal(utf8_sequence("\xf0\x8f\xbf\xbf", 4), 0);
}

/* Each pair was printed by Python: bytes.decode(errors='ignore').encode(). */
static void test_clean_is_pythons(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"plain", "plain"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"caf\xc3", "caf"},
        {"a\xe2\x82"
         "b",
         "ab"},
        {"a\xe2(\xa1z", "a(z"},
        {"\xff\xfe", ""},
        {"\xed\xa0\x80x", "x"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\xf0\x9f\x98", ""},
        {"\xc0\xafok", "ok"},
        {"\xf4\x90\x80\x80y", "y"},
        {"\xe2\x82\xe2\x82\xac", "\xe2\x82\xac"},
        {"0123456789abcdef\xc3(", "0123456789abcdef("},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char kept[32];
        size_t size = utf8_clean(kept, pairs[i][0], strlen(pairs[i][0]));
        assert_int_equal(size, strlen(pairs[i][1]));
        assert_memory_equal(kept, pairs[i][1], size);
        bool same = strcmp(pairs[i][0], pairs[i][1]) == 0;
        assert_int_equal(utf8_valid(pairs[i][0], strlen(pairs[i][0])), same);
    }
}

/* Python's too: bytes.decode(errors='surrogateescape'), with U+FFFD for each surrogate. */
static void test_replacing(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"caf\xe9.txt", "caf\xef\xbf\xbd.txt"},
        {"a\xe2\x82"
         "b",
         "a\xef\xbf\xbd\xef\xbf\xbd"
         "b"},
        {"\xf0\x9f\x98", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"a\xe2(\xa1z", "a\xef\xbf\xbd(\xef\xbf\xbdz"},
        {"caf\xc3\xa9\xff", "caf\xc3\xa9\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char made[32];
        size_t size = utf8_replace(made, pairs[i][0], strlen(pairs[i][0]));
        assert_int_equal(size, strlen(pairs[i][1]));
        assert_memory_equal(made, pairs[i][1], size);
    }
}

/* Eight bytes at a time, up to the first eight with a byte that is not ASCII, or fewer than that.
 */
static void test_ascii_run(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t run;
    } pairs[] = {
        {"", 0},
        {"0123456", 0},
        {"01234567", 8},
        {"0123456789abcde", 8},
        {"0123456\xc3\xa9", 0},
        {"01234567\xc3\xa9 012345", 8},
        {"\x01\x7f              ", 16},
        {"0123456789abcdef\x80", 16},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++)
        assert_int_equal(utf8_ascii_run(pairs[i].text, strlen(pairs[i].text)), pairs[i].run);
}

/* One byte that is not ASCII, anywhere in texts of any length: alone, and as half of a character.
 */
static void test_valid_looks_everywhere(void **state)
{
    (void)state;
    char text[40];
    for (size_t size = 1; size <= sizeof text; size++)
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            assert_true(utf8_valid(text, size));
            text[at] = '\xc3';
            assert_false(utf8_valid(text, size));
            if (at + 1 == size)
                continue;
            text[at + 1] = '\xa9';
            assert_true(utf8_valid(text, size));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_point), cmocka_unit_test(test_overlong_forms),
        cmocka_unit_test(test_replacing),        cmocka_unit_test(test_clean_is_pythons),
        cmocka_unit_test(test_ascii_run),        cmocka_unit_test(test_valid_looks_everywhere),
    };
    return RUN_TESTS("utf8", tests);
}
