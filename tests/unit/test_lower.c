/*
 * Lower case and white space beyond ASCII. The expected strings are what Python 3.11's str.lower
 * and str.isspace give; tests/cli/vectorize.bats compares every code point with the Python that
 * is there.
 */
#include "text/lower.h"

#include "helpers.h"

static void assert_lower(const char *token, const char *expected)
{
    char lowered[64];
    size_t size = lower_token(lowered, token, strlen(token));
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(lowered, expected, size);
}

static void test_simple_mappings(void **state)
{
    (void)state;
    assert_lower("ÄRGER", "äRGER"); /* ASCII is left alone: it is lower case already */
    assert_lower("Ünïcödé", "ünïcödé");
    assert_lower("МОСКВА", "москва");
    assert_lower("ẞß", "ßß");
    assert_lower("Ⅷ", "ⅷ");
    assert_lower("𐐀", "𐐨");
    assert_lower("東京", "東京");
}

static void test_mappings_that_change_size(void **state)
{
    (void)state;
    assert_lower("İ", "i\xcc\x87");    /* two bytes become three, two characters */
    assert_lower("Ⱥ", "ⱥ");            /* two bytes become three */
    assert_lower("\xe2\x84\xaa", "k"); /* the sign for kelvin: three bytes become one */
    assert_lower("İİİİ", "i\xcc\x87i\xcc\x87i\xcc\x87i\xcc\x87");
}

static void test_final_sigma(void **state)
{
    (void)state;
    assert_lower("ΣΙΣΥΦΟΣ", "σισυφος");
    assert_lower("Σ", "σ");       /* nothing before it */
    assert_lower("ΑΣ.", "ας.");   /* a full stop is case-ignorable */
    assert_lower("ΑΣ.Β", "ασ.β"); /* but there is a letter behind it */
    assert_lower("Α1Σ", "α1σ");   /* a digit is neither cased nor ignorable */
    assert_lower("a'Σ", "a'ς");   /* an apostrophe is ignorable */
    assert_lower("ΑΣʰ", "αςʰ");   /* cased and ignorable: passed over */
    assert_lower("ΑʰΣ", "αʰς");
    assert_lower("ʰΣ", "ʰσ");
    assert_lower("ΣΣ", "σς");
}

/* Python's white space beyond ASCII. */
static const uint32_t spaces[] = {0x85,   0xa0,   0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
                                  0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
                                  0x2028, 0x2029, 0x202f, 0x205f, 0x3000};

static size_t encode(char to[4], uint32_t character)
{
    if (character < 0x800) {
        to[0] = (char)(0xc0 | character >> 6);
        to[1] = (char)(0x80 | (character & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | character >> 12);
    to[1] = (char)(0x80 | (character >> 6 & 0x3f));
    to[2] = (char)(0x80 | (character & 0x3f));
    return 3;
}

static void test_white_space(void **state)
{
    (void)state;
    size_t next = 0;
    for (uint32_t character = 0x80; character < 0xd800; character++) {
        char text[4];
        size_t size = encode(text, character);
        size_t expected = 0;
        if (next < LENGTH(spaces) && spaces[next] == character) {
            expected = size;
            next++;
        }
        assert_int_equal(lower_space(text, size), expected);
        assert_int_equal(lower_space(text, size - 1), 0);
    }
    assert_int_equal(next, LENGTH(spaces));
}

static void test_unicode_version(void **state)
{
    (void)state;
    char *rest;
    unsigned long version = strtoul(lower_unicode_version(), &rest, 10);
    assert_true(version >= 8 && version <= 99);
    assert_true(strcmp(rest, ".0") == 0 || strcmp(rest, ".1") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simple_mappings), cmocka_unit_test(test_mappings_that_change_size),
        cmocka_unit_test(test_final_sigma),     cmocka_unit_test(test_white_space),
        cmocka_unit_test(test_unicode_version),
    };
    return RUN_TESTS("lower", tests);
}
