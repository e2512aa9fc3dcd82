/* The kernels that cut and convert lines: each level of the machine gives the same bits. */
#include "vectors/fields.h"

#include "base/random.h"
#include "vectors/number.h"

#include "helpers.h"

#include <math.h>

enum { MOST_TEXT = 4096, MOST_FIELDS = 100 };

/* A text with the padding that kernels want, of bytes that would show if they mattered. */
struct padded {
    char bytes[FIELDS_PADDING + MOST_TEXT + FIELDS_PADDING];
};

static char *padded_text(struct padded *padded, const char *text, size_t size)
{
    memset(padded->bytes, '7', sizeof padded->bytes);
    memcpy(padded->bytes + FIELDS_PADDING, text, size);
    return padded->bytes + FIELDS_PADDING;
}

/* What a scan must find: counted here, byte by byte. */
static void assert_scan(fields_scan *scan, const char *text, size_t capacity)
{
    uint32_t spaces[MOST_TEXT + FIELDS_SLACK];
    size_t count = 12345, length = strcspn(text, "\n"), expected = 0;
    assert_int_equal(scan(text, spaces, capacity, &count), length);
    for (size_t at = 0; at < length; at++) {
        if (text[at] != ' ')
            continue;
        if (expected < capacity)
            assert_int_equal(spaces[expected], at);
        expected++;
    }
    assert_int_equal(count, expected);
}

static void test_scan_finds_spaces(void **state)
{
    (void)state;
    struct random random = random_keyed(3, 0);
    for (int round = 0; round < 3000; round++) {
        char line[512];
        size_t size = random_below(&random, sizeof line - 1);
        uint32_t rarity = 1 + random_below(&random, 12);
        for (size_t i = 0; i < size; i++)
            line[i] = random_below(&random, rarity) ? "a.\xe2\r\t0"[random_below(&random, 6)] : ' ';
        line[size] = '\n';
        struct padded padded;
        char *text = padded_text(&padded, line, size + 1);
        EACH_LEVEL (level)
            assert_scan(fields_kernel_of(level).scan, text,
                        random_below(&random, 2) ? size : size / 8);
    }
}

/* A field of the kinds that files have, and of some that they should not have. */
static int write_field(struct random *random, char *to)
{
    double value = (random_unit(random) - 0.5) * 2;
    switch (random_below(random, 12)) {
    case 0:
        return sprintf(to, "%.17g", value);
    case 1:
        return sprintf(to, "%.*f", (int)random_below(random, 20), value * 1000);
    case 2:
        return sprintf(to, "%d", (int)random_below(random, 2000) - 1000);
    case 3:
        return sprintf(to, "%.4e", value);
    case 4: {
        static const char *const odd[] = {"0",
                                          "-0.0",
                                          "-",
                                          ".",
                                          "-.",
                                          "1.",
                                          "-5.",
                                          ".5",
                                          "-.25",
                                          "+1.5",
                                          "1_0.5",
                                          "9999999999999999",
                                          "1.2.3",
                                          "1..2",
                                          "--1.0",
                                          "1-2.0",
                                          "inf",
                                          "-nan",
                                          "x",
                                          "12a.5",
                                          "/.:",
                                          "0x1.8",
                                          "999999999999999.9",
                                          "-99999999999999.9",
                                          ".000000000000001",
                                          "-.00000000000001",
                                          "9007199254740993",
                                          "9007199254740992",
                                          "................",
                                          "1............",
                                          "-1-1.5",
                                          "\xff.5"};
        return sprintf(to, "%s", odd[random_below(random, LENGTH(odd))]);
    }
    default:
        return sprintf(to, "%.5g", value);
    }
}

/* A line of `count` fields behind a word; fills `bounds`. */
static size_t write_line(struct random *random, size_t count, char *line, uint32_t *bounds)
{
    size_t used = (size_t)sprintf(line, "word");
    for (size_t i = 0; i < count; i++) {
        bounds[i] = (uint32_t)used;
        line[used++] = ' ';
        used += (size_t)write_field(random, line + used);
    }
    bounds[count] = (uint32_t)used;
    line[used] = '\n';
    return used + 1;
}

/* Each field by itself through number_parse; returns how many come before the first that fails. */
static size_t convert_singly(const char *text, const uint32_t *bounds, size_t count, float *values)
{
    for (size_t i = 0; i < count; i++)
        if (!number_parse(text + bounds[i] + 1, bounds[i + 1] - bounds[i] - 1, &values[i]))
            return i;
    return count;
}

static void test_kernels_agree(void **state)
{
    (void)state;
    struct random random = random_keyed(4, 0);
    size_t whole = 0;
    for (int round = 0; round < 60000; round++) {
        char line[MOST_TEXT];
        uint32_t bounds[MOST_FIELDS + 1];
        float expected[MOST_FIELDS], values[MOST_FIELDS + 1];
        size_t count = random_below(&random, round % 100 ? 20 : MOST_FIELDS);
        size_t size = write_line(&random, count, line, bounds);
        struct padded padded;
        char *text = padded_text(&padded, line, size);
        size_t good = convert_singly(text, bounds, count, expected);
        whole += good == count;
        EACH_LEVEL (level) {
            struct fields_account account = {0};
            memset(values, 0x55, sizeof values);
            size_t got = fields_kernel_of(level).convert(text, bounds, count, values, &account);
            if (got != good || memcmp(values, expected, good * sizeof *values) != 0)
                fail_msg("level %d: %zu of %zu fields, expected %zu: %s", level, got, count, good,
                         line);
            uint32_t behind;
            memcpy(&behind, &values[count], sizeof behind);
            assert_int_equal(behind, 0x55555555);
        }
    }
    /* Both kinds of line came up. */
    assert_true(whole >= 10000 && whole <= 50000);
}

/* Every size of field at every place of a group, at the edges of what eight at a time take. */
static void test_every_size_and_point(void **state)
{
    (void)state;
    for (int digits = 1; digits <= 18; digits++) {
        for (int point = -1; point <= digits; point++) {
            char line[MOST_TEXT];
            uint32_t bounds[10];
            size_t used = 1;
            line[0] = 'w';
            for (int i = 0; i < 9; i++) {
                bounds[i] = (uint32_t)used;
                line[used++] = ' ';
                if (i % 2)
                    line[used++] = '-';
                for (int d = 0; d < digits; d++) {
                    if (d == point)
                        line[used++] = '.';
                    line[used++] = (char)('1' + (d + i) % 9);
                }
                if (point == digits)
                    line[used++] = '.';
            }
            bounds[9] = (uint32_t)used;
            line[used] = '\n';
            struct padded padded;
            char *text = padded_text(&padded, line, used + 1);
            EACH_LEVEL (level) {
                float values[9];
                struct fields_account account = {0};
                assert_int_equal(fields_kernel_of(level).convert(text, bounds, 9, values, &account),
                                 9);
                for (int i = 0; i < 9; i++) {
                    /* Another way: strtod ends at the space by itself. */
                    float expected = (float)strtod(text + bounds[i] + 1, NULL);
                    assert_memory_equal(&values[i], &expected, sizeof expected);
                }
            }
        }
    }
}

/* Usual decimals, of 3 to 16 bytes, are converted in groups, but for less than a group of them. */
static void test_groups_are_used(void **state)
{
    (void)state;
    enum { COUNT = 50 };
    char line[COUNT * 20];
    uint32_t bounds[COUNT + 1];
    size_t used = (size_t)sprintf(line, "w");
    for (int i = 0; i < COUNT; i++) {
        bounds[i] = (uint32_t)used;
        used += (size_t)sprintf(line + used, " %.*f", 1 + i % 12, i % 2 ? -0.123456789012 : 3.25);
    }
    bounds[COUNT] = (uint32_t)used;
    line[used] = '\n';
    struct padded padded;
    char *text = padded_text(&padded, line, used + 1);
    EACH_LEVEL (level) {
        float values[COUNT];
        struct fields_account account = {0};
        struct fields_kernel kernel = fields_kernel_of(level);
        assert_int_equal(kernel.convert(text, bounds, COUNT, values, &account), COUNT);
        assert_int_equal(account.singly, level == CPU_PORTABLE ? COUNT : 0);
        assert_int_equal(kernel.convert(text, bounds, 8, values, &account), 8);
        assert_int_equal(account.singly, level == CPU_PORTABLE ? COUNT + 8 : 0);
        assert_int_equal(kernel.convert(text, bounds, 7, values, &account), 7);
        assert_int_equal(account.singly, level == CPU_PORTABLE ? COUNT + 15 : 7);
    }
}

/* A group of eight fields, with a space behind; fills bounds[0 .. 8]. */
static char *write_group(struct padded *padded, const char *const fields[8], uint32_t *bounds)
{
    char line[MOST_TEXT];
    size_t used = (size_t)sprintf(line, "w");
    for (int i = 0; i < 8; i++) {
        bounds[i] = (uint32_t)used;
        used += (size_t)sprintf(line + used, " %s", fields[i]);
    }
    bounds[8] = (uint32_t)used;
    line[used] = '\n';
    return padded_text(padded, line, used + 1);
}

/* Whether AVX2 takes the eight for short ones, 0 or 1. They get their values. */
static uint64_t short_groups(const char *const fields[8])
{
    struct padded padded;
    uint32_t bounds[9];
    const char *text = write_group(&padded, fields, bounds);
    struct fields_account account = {0};
    float values[8];
    fields_kernel_of(CPU_AVX2).convert(text, bounds, 8, values, &account);
    for (int i = 0; i < 8; i++) {
        float expected = (float)strtod(fields[i], NULL);
        assert_memory_equal(&values[i], &expected, sizeof expected);
    }
    return account.short_groups;
}

static void test_short_ones(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX2)
        skip();
    struct random random = random_keyed(5, 0);
    for (int round = 0; round < 200000; round++) {
        char texts[8][16];
        const char *fields[8];
        for (int i = 0; i < 8; i++) {
            /* Up to 2^24 - 1, and with the point and a minus no more than ten bytes. */
            unsigned integer =
                (unsigned)random_below(&random, 1u << (1 + random_below(&random, 24)));
            int places = 1 + (int)random_below(&random, 7);
            double value = integer / pow(10, places);
            snprintf(texts[i], sizeof texts[i], "%.*f", places, round % 2 ? value : -value);
            fields[i] = texts[i];
        }
        assert_int_equal(short_groups(fields), 1);
    }
}

/* Of one that is not short, all eight are converted otherwise. */
static void test_what_is_not_short(void **state)
{
    (void)state;
    if (cpu_level() < CPU_AVX2)
        skip();
    static const char *const others[] = {"12",        "5.",         "-7",         "0.12345678",
                                         "16777216.", "1.6777216",  "16777216.5", "000000.123",
                                         "1e5",       "-0.1234567", "0.123456789"};
    static const int is_short[] = {0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0};
    for (size_t i = 0; i < LENGTH(others); i++)
        for (int at = 0; at < 8; at++) {
            const char *fields[] = {".5",  "-.25",   "0.5",     "-1.5",
                                    "2.0", "-0.125", "1234.56", "-0.0000001"};
            fields[at] = others[i];
            assert_int_equal(short_groups(fields), is_short[i]);
        }
}

/* What is no number is found out by any kernel, wherever it stands. */
static void test_what_is_no_number(void **state)
{
    (void)state;
    static const char *const others[] = {
        ".",          "-",     "-.",     "1.2.3",     "..5",     "0.0.5",     "1-.5",
        "--.5",       "-0-.5", "1.5-",   "1..5",      "0.1.2.3", "1.2.3.4.5", "....1",
        "-.1.2.3.4.", "0..",   "+-1.5",  "1.5e",      "1,5.0",   "1.:5",      "0.......5",
        ".........",  "-1/.5", "\xb1.5", "........5."};
    for (size_t i = 0; i < LENGTH(others); i++)
        for (int at = 0; at < 8; at++) {
            const char *fields[] = {"0.5", "-1.5", "2.25", "-0.125", "1.5", "7.5", "-0.5", "3.5"};
            fields[at] = others[i];
            struct padded padded;
            uint32_t bounds[9];
            const char *text = write_group(&padded, fields, bounds);
            EACH_LEVEL (level) {
                struct fields_account account = {0};
                float values[8];
                assert_int_equal(fields_kernel_of(level).convert(text, bounds, 8, values, &account),
                                 at);
                assert_int_equal(account.short_groups, 0);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_finds_spaces),    cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_every_size_and_point), cmocka_unit_test(test_groups_are_used),
        cmocka_unit_test(test_short_ones),           cmocka_unit_test(test_what_is_not_short),
        cmocka_unit_test(test_what_is_no_number),
    };
    return RUN_TESTS("fields", tests);
}
