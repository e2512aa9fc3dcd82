/*
 * Texts as tokens. The expected tokens are Python's text.lower().split(), written out, or follow
 * from how the text was made.
 */
#include "text/tokens.h"

#include "base/random.h"

#include "helpers.h"

/* The tokens of `text`, joined by '|', in memory that the caller frees. */
static char *split(tokens_scan *scan, const char *text, size_t size)
{
    struct tokens tokens = tokens_with(scan);
    struct text batch[TOKENS_BATCH];
    struct error error = {0};
    char *copy = malloc(size + 1), *joined = malloc(3 * size + 1);
    assert_non_null(copy);
    assert_non_null(joined);
    memcpy(copy, text, size);
    tokens_start(&tokens, copy, size);
    size_t used = 0, count;
    do {
        assert_true(tokens_next(&tokens, batch, &count, &error));
        for (size_t i = 0; i < count; i++) {
            if (used)
                joined[used++] = '|';
            memcpy(joined + used, batch[i].data, batch[i].size);
            used += batch[i].size;
        }
    } while (count);
    joined[used] = '\0';
    tokens_free(&tokens);
    free(copy);
    return joined;
}

static void assert_tokens(const char *text, const char *expected)
{
    EACH_LEVEL (level) {
        char *joined = split(tokens_scan_of(level), text, strlen(text));
        assert_string_equal(joined, expected);
        free(joined);
    }
}

static void test_ascii(void **state)
{
    (void)state;
    assert_tokens("", "");
    assert_tokens(" \t ", "");
    assert_tokens("Cocoa", "cocoa");
    assert_tokens("  Bahia cocoa  REVIEW ", "bahia|cocoa|review");
    assert_tokens("a\tb\vc\fd\re\x1c"
                  "f\x1dg\x1eh\x1fi j",
                  "a|b|c|d|e|f|g|h|i|j");
    assert_tokens("@[AZ`{az\x1b\x7f~!", "@[az`{az\x1b\x7f~!"); /* beside the letters, the spaces */
}

static void test_nul_is_no_space(void **state)
{
    (void)state;
    EACH_LEVEL (level) {
        char *joined = split(tokens_scan_of(level), "A\0B c", 5);
        assert_memory_equal(joined, "a\0b|c", 6);
        free(joined);
    }
}

static void test_beyond_ascii(void **state)
{
    (void)state;
    assert_tokens("Ärger MIT Übung", "ärger|mit|übung");
    assert_tokens("a\u00a0b\u3000c\xc2\x85\u2028d\u200be", "a|b|c|d\u200be");
    assert_tokens("ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ", "οδυσσευς|σοφος");
    assert_tokens("AΣ\u2003ΣA", "aς|σa"); /* white space ends a word for the sigma too */
}

/* Tokens that are ASCII are not copied, even beside others; those others are. */
static void test_ascii_is_not_copied(void **state)
{
    (void)state;
    char text[] = "Plain \u00c4rger WORDS";
    struct text batch[TOKENS_BATCH];
    size_t count;
    struct error error = {0};
    struct tokens tokens = tokens_with(tokens_scan_of(cpu_level()));
    tokens_start(&tokens, text, strlen(text));
    assert_true(tokens_next(&tokens, batch, &count, &error));
    assert_int_equal(count, 3);
    assert_ptr_equal(batch[0].data, text);
    assert_false(batch[1].data >= text && batch[1].data < text + sizeof text);
    assert_ptr_equal(batch[2].data, text + strlen("Plain \u00c4rger "));
    tokens_free(&tokens);
}

/* Every token and every space straddles the border of a block, at each of its bytes. */
static void test_block_borders(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 2 * TOKENS_BLOCK; shift++) {
        char text[4 * TOKENS_BLOCK], expected[4 * TOKENS_BLOCK];
        static const char mixed[] = "AbC\u2003İZ\u3000Σ.X\u00a0", cut[] = "abc|i\u0307z|σ.x";
        memset(text, ' ', shift);
        memcpy(text + shift, mixed, sizeof mixed);
        assert_tokens(text, cut);
        memset(text, 'Q', shift);
        memset(expected, 'q', shift);
        memcpy(expected + shift, cut, sizeof cut);
        assert_tokens(text, expected);
    }
}

/* Texts whose size is a multiple of the block, with a token or white space at the end. */
static void test_last_block(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 3 * TOKENS_BLOCK; size++) {
        char text[4 * TOKENS_BLOCK], expected[4 * TOKENS_BLOCK];
        memset(text, 'X', size);
        memset(expected, 'x', size);
        text[size] = expected[size] = '\0';
        assert_tokens(text, expected);
        text[size - 1] = '\n';
        expected[size - 1] = '\0';
        assert_tokens(text, expected);
    }
}

static void test_many_batches(void **state)
{
    (void)state;
    enum { COUNT = 10 * TOKENS_BATCH + 7 };
    char text[4 * COUNT + 1], expected[4 * COUNT + 1];
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(text + 4 * i, i % 3 ? "Abc " : "\u00c9d ", 5);
        memcpy(expected + 4 * i, i % 3 ? "abc|" : "\u00e9d|", 5);
    }
    expected[4 * COUNT - 1] = '\0';
    assert_tokens(text, expected);
}

/* Lower case that outgrows the memory kept for it, in the middle of a batch. */
static void test_growing_lower_case(void **state)
{
    (void)state;
    enum { LARGEST = 2000 };
    static char text[1 << 16], expected[1 << 16];
    size_t at = 0, end = 0;
    for (size_t size = 1; size <= LARGEST; size += 111) {
        for (size_t i = 0; i < size; i++, at += 2, end += 3) {
            memcpy(text + at, "Ⱥ", 2);
            memcpy(expected + end, "ⱥ", 3);
        }
        text[at++] = ' ';
        expected[end++] = '|';
    }
    text[at] = expected[end - 1] = '\0';
    assert_tokens(text, expected);
}

/* The kernels say the same of any bytes, and touch nothing behind them. */
static void test_kernels_agree(void **state)
{
    (void)state;
    struct random random = random_keyed(1, 1);
    EACH_LEVEL (level) {
        tokens_scan *scan = tokens_scan_of(level);
        for (int round = 0; round < 20000; round++) {
            char a[TOKENS_BLOCK + 16], b[TOKENS_BLOCK + 16];
            for (size_t i = 0; i < sizeof a; i++)
                a[i] = b[i] = (char)random_below(&random, 256);
            size_t size = 1 + random_below(&random, TOKENS_BLOCK);
            struct tokens_lanes expected = tokens_scan_portable(a, size), got = scan(b, size);
            assert_int_equal(got.spaces, expected.spaces);
            assert_int_equal(got.foreign, expected.foreign);
            assert_memory_equal(a, b, sizeof a);
        }
    }
}

static void test_portable_kernel(void **state)
{
    (void)state;
    char bytes[] = "A \tz\xc3\xa4\x1c@[";
    struct tokens_lanes lanes = tokens_scan_portable(bytes, sizeof bytes - 1);
    assert_int_equal(lanes.spaces, 1 << 1 | 1 << 2 | 1 << 6);
    assert_int_equal(lanes.foreign, 1 << 4 | 1 << 5);
    assert_string_equal(bytes, "a \tz\xc3\xa4\x1c@[");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ascii),         cmocka_unit_test(test_nul_is_no_space),
        cmocka_unit_test(test_beyond_ascii),  cmocka_unit_test(test_ascii_is_not_copied),
        cmocka_unit_test(test_block_borders), cmocka_unit_test(test_last_block),
        cmocka_unit_test(test_many_batches),  cmocka_unit_test(test_growing_lower_case),
        cmocka_unit_test(test_kernels_agree), cmocka_unit_test(test_portable_kernel),
    };
    return RUN_TESTS("tokens", tests);
}
