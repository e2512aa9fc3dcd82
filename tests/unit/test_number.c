/* Text to float32: the bits that numpy's asarray(text, dtype='float32') gives. */
#include "vectors/number.h"

#include "base/random.h"

#include "helpers.h"

static uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void assert_number(const char *text, uint32_t bits)
{
    float value = 0;
    if (!number_parse(text, strlen(text), &value))
        fail_msg("'%.60s' was taken for no number", text);
    if (bits_of(value) != bits)
        fail_msg("'%.60s' gave %08x, expected %08x", text, (unsigned)bits_of(value),
                 (unsigned)bits);
}

/* By numpy 1.24.2. */
static const struct {
    const char *text;
    uint32_t bits;
} cases[] = {
    /* usual ones */
    {"0", 0x00000000},
    {"1", 0x3f800000},
    {"-1", 0xbf800000},
    {"0.418", 0x3ed60419},
    {"-0.24968", 0xbe7fac1d},
    {"1.2345e-05", 0x374f1d5f},
    {"-0.00066023", 0xba2d1349},
    {"12.5", 0x41480000},
    {"100000", 0x47c35000},
    {"0.1", 0x3dcccccd},
    {"0.30000001192092896", 0x3e99999a},
    /* zeros */
    {"-0", 0x80000000},
    {"-0.0", 0x80000000},
    {"0e5", 0x00000000},
    {"0.000000000000000000000000000000000000000000000000000000", 0x00000000},
    {"0e99999999999999999999", 0x00000000},
    /* points and signs */
    {".5", 0x3f000000},
    {"5.", 0x40a00000},
    {"-.5", 0xbf000000},
    {"-5.", 0xc0a00000},
    {"+1.5", 0x3fc00000},
    {"+.5e1", 0x40a00000},
    {"5.e1", 0x42480000},
    /* underscores */
    {"1_0", 0x41200000},
    {"1_000.000_1", 0x447a0002},
    {"1_0e1_0", 0x51ba43b7},
    {"0_1", 0x3f800000},
    /* exponents */
    {"1e5", 0x47c35000},
    {"1E5", 0x47c35000},
    {"1e+5", 0x47c35000},
    {"1e-5", 0x3727c5ac},
    {"1e22", 0x64078678},
    {"1e23", 0x65a96816},
    {"1e-22", 0x1af1c901},
    {"1e-23", 0x19416d9a},
    {"1e38", 0x7e967699},
    {"1e-40", 0x000116c2},
    {"1234567890123456789e-30", 0x2badbfff},
    {"1e00000000000000000000000005", 0x47c35000},
    /* names */
    {"inf", 0x7f800000},
    {"-inf", 0xff800000},
    {"+INF", 0x7f800000},
    {"Infinity", 0x7f800000},
    {"-iNfInItY", 0xff800000},
    {"nan", 0x7fc00000},
    {"-nan", 0xffc00000},
    {"+NaN", 0x7fc00000},
    /* white space */
    {"\t1.5\r", 0x3fc00000},
    {"1\v", 0x3f800000},
    {"\f1", 0x3f800000},
    /* rounded twice: to the double that is the tie between two floats, and from there */
    {"1.00000005960464477539062500000001", 0x3f800000},
    {"1.00000005960464477539062499999999", 0x3f800000},
    {"1.000000059604644775390625", 0x3f800000},
    {"1.0000000596046448", 0x3f800000},
    {"1.0000000596046447", 0x3f800000},
    {"16777217", 0x4b800000},
    {"16777219", 0x4b800002},
    {"16777217.0000000000000000000000001", 0x4b800000},
    {"16777216.9999999999999999", 0x4b800000},
    {"33554433.5", 0x4c000000},
    /* the ends of float32 */
    {"3.4028235e38", 0x7f7fffff},
    {"3.4028235677973365e38", 0x7f800000},
    {"3.4028235677973366e38", 0x7f800000},
    {"3.4028236e38", 0x7f800000},
    {"1e39", 0x7f800000},
    {"-1e400", 0xff800000},
    {"1e99999999999999999999", 0x7f800000},
    {"1.1754943508222875e-38", 0x00800000},
    {"1e-45", 0x00000001},
    {"7.006492321624085e-46", 0x00000000},
    {"7.006492321624086e-46", 0x00000000},
    {"7e-46", 0x00000000},
    {"1e-400", 0x00000000},
    /* many digits */
    {"9007199254740993", 0x5a000000},
    {"9999999999999999", 0x5a0e1bca},
    {"123456789012345678", 0x5bdb4da6},
    {"18446744073709551615", 0x5f800000},
    {"18446744073709551616", 0x5f800000},
    {"99999999999999999999999999", 0x6aa56fa6},
    {"0.1000000014901161193847656250", 0x3dcccccd},
    {"0.100000001490116119384765625000000000000000000000000000001", 0x3dcccccd},
};

static void test_what_numpy_gives(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_number(cases[i].text, cases[i].bits);
}

/* The quick ways are the ones that are taken, and the slow one is there to be tested. */
static void test_ways(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum number_way way;
    } rows[] = {
        {"0.418", NUMBER_USUAL},
        {"-0.41242", NUMBER_USUAL},
        {"12", NUMBER_USUAL},
        {"1234567890.123456789", NUMBER_USUAL}, /* more than a double holds: by its bounds */
        {"1e-3", NUMBER_OTHER},
        {"+1.5", NUMBER_OTHER},
        {"7.5e-43", NUMBER_OTHER},
        {"7.5e-44", NUMBER_STRTOD},
        {"1e39", NUMBER_OTHER},
        {"1e-400", NUMBER_STRTOD},
        {"x", NUMBER_NONE},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        float value;
        enum number_way way = number_parse(rows[i].text, strlen(rows[i].text), &value);
        if (way != rows[i].way)
            fail_msg("%s went the way %d, not %d", rows[i].text, way, rows[i].way);
    }
}

static void test_what_python_refuses(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      ".",       "-",         "+",     "-.",     "+.",       "1e",   "1e+",
        "e5",    ".e5",     "1__0",      "_1",    "1_",     "1_.0",     "1._0", "1e_5",
        "1_e5",  "1e5_",    "0x10",      "0x1p3", "1d5",    "1f",       "1,5",  "1 2",
        "1.2.3", "--1",     "+-1",       "1-",    "nan(1)", "n_an",     "in",   "infi",
        "nann",  "infinit", "infinityy", "x",     " ",      "\xd9\xa1", "\0341"};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        float value = 7;
        if (number_parse(texts[i], strlen(texts[i]), &value))
            fail_msg("'%s' was taken for a number", texts[i]);
        assert_true(value == 7);
    }
    float value = 7;
    assert_false(number_parse("1\0", 2, &value));
    assert_true(number_parse("12", 1, &value) && value == 1);
}

/* `before`, then `count` times `digit`, then `after`. */
static void assert_long(const char *before, char digit, int count, const char *after, uint32_t bits)
{
    char text[4096];
    size_t size = strlen(before);
    memcpy(text, before, size);
    memset(text + size, digit, (size_t)count);
    memcpy(text + size + (size_t)count, after, strlen(after) + 1);
    assert_number(text, bits);
}

static void test_digits_without_end(void **state)
{
    (void)state;
    const uint32_t one = 0x3f800000;
    assert_long("1", '0', 400, "e-400", one);
    assert_long("0.", '0', 400, "1e401", one);
    assert_long("", '0', 2000, "1", one);
    assert_long("0.", '9', 2000, "", one);
    assert_long("", '9', 2000, "e-2000", one);
    assert_long("", '9', 2000, "", 0x7f800000);
    /* 1 + 2^-24 + 2^-53 is a tie between two doubles, of which the even one is a tie between two
       floats: its float is 1. One more digit anywhere behind it changes that. */
    const char *tie = "1.00000005960464488641292746251565404236316680908203125";
    assert_long(tie, '0', 0, "", one);
    assert_long(tie, '0', 1000, "", one);
    assert_long(tie, '0', 1000, "1", one + 1);
    assert_long(tie, '0', 1000, "1e0", one + 1);
}

/* Decimals of every length and place of the point, by the other way: strtod and a cast. */
static void test_random_decimals(void **state)
{
    (void)state;
    struct random random = random_keyed(1, 0);
    for (int round = 0; round < 200000; round++) {
        char text[64];
        int digits = 1 + (int)random_below(&random, 25);
        int point = (int)random_below(&random, (uint32_t)digits + 1);
        char *at = text;
        if (random_below(&random, 2))
            *at++ = '-';
        for (int i = 0; i < digits; i++) {
            if (i == point)
                *at++ = '.';
            *at++ = (char)('0' + random_below(&random, 10));
        }
        *at = '\0';
        if (random_below(&random, 4) == 0)
            sprintf(at, "e%d", (int)random_below(&random, 120) - 60);
        assert_number(text, bits_of((float)strtod(text, NULL)));
    }
}

/* Near ties between two floats, where each way to the result is at its limit. */
static void test_near_ties(void **state)
{
    (void)state;
    struct random random = random_keyed(2, 0);
    for (int round = 0; round < 100000; round++) {
        uint32_t bits = random_below(&random, 0x7f000000);
        float low, high;
        memcpy(&low, &bits, sizeof low);
        bits++;
        memcpy(&high, &bits, sizeof high);
        double tie = ((double)low + (double)high) / 2;
        int64_t near;
        memcpy(&near, &tie, sizeof near);
        near += (int64_t)random_below(&random, 3) - 1;
        memcpy(&tie, &near, sizeof tie);
        char text[400];
        static const char *const formats[] = {"%.15g", "%.16g", "%.17g",  "%.18g", "%.19g",
                                              "%.20g", "%.40g", "%.150g", "%.17e", "%.60f"};
        snprintf(text, sizeof text, formats[random_below(&random, 10)], tie);
        assert_number(text, bits_of((float)strtod(text, NULL)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_what_numpy_gives),
        cmocka_unit_test(test_what_python_refuses),
        cmocka_unit_test(test_digits_without_end),
        cmocka_unit_test(test_random_decimals),
        cmocka_unit_test(test_near_ties),
    };
    return RUN_TESTS("number", tests);
}
