/* Text under construction: growth, and names as they are shown. */
#include "base/buffer.h"

#include <math.h>
#include <wchar.h>

#include "helpers.h"

static void assert_bytes(struct buffer *buffer, const char *expected)
{
    struct error error = {STATUS_DONE, ""};
    assert_true(buffer_check(buffer, &error));
    assert_int_equal(buffer->size, strlen(expected));
    assert_memory_equal(buffer->bytes, expected, buffer->size);
    buffer_free(buffer);
}

static void assert_name(const char *name, size_t size, const char *expected)
{
    struct buffer buffer = {0};
    buffer_name(&buffer, (struct text){name, size});
    assert_bytes(&buffer, expected);

    char field[64];
    assert_in_range(snprintf(field, sizeof field, "%s\t", expected), 1, sizeof field - 1);
    buffer_field(&buffer, (struct text){name, size}, '\t');
    assert_bytes(&buffer, field);
}

static void test_names(void **state)
{
    (void)state;
    assert_name("money-fx", 8, "money-fx");
    assert_name("a b\\n \"c\"", 9, "a b\\n \"c\"");
    assert_name("\t\na\r", 4, "\\t\\na\\r");
    assert_name("\0x\x1b[1m\x7f", 7, "\\x00x\\x1b[1m\\x7f");
    assert_name("stra\xc3\x9f"
                "e \xc2\xa0 \xe6\xbc\xa2",
                14,
                "stra\xc3\x9f"
                "e \xc2\xa0 \xe6\xbc\xa2");
    assert_name("\xc2\x80\xc2\x85\xc2\x9f", 6, "\\u0080\\u0085\\u009f");
    assert_name("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", 8, "\\u061c\\u200e\\u200f");
    /* NOLINTNEXTLINE(misc-misleading-bidirectional): that it does not mislead is what is asked */
    assert_name("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf", 12,
                "\xe2\x80\xa7\\u2028\\u202e\xe2\x80\xaf");
    assert_name("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa", 12,
                "\xe2\x81\xa5\\u2066\\u2069\xe2\x81\xaa");
    assert_name("a\x9b\xff\xe2\x80", 5, "a\\x9b\\xff\\xe2\\x80");
    assert_name("", 0, "");
}

/* Each byte at each place of names of some length: what is below 0x20, or 0x7f or above, is spelled
   out where it stands, for no byte from 0x80 on is UTF-8 among such. */
static void test_bytes_of_names(void **state)
{
    (void)state;
    enum { LONGEST = 26 };
    for (size_t size = 1; size <= LONGEST; size++)
        for (size_t at = 0; at < size; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                char names[LONGEST], expected[LONGEST + 8], spelled[8];
                char *name = names + LONGEST - size; /* there is nothing behind it */
                memset(name, at % 2 ? ' ' : '~', size);
                name[at] = (char)byte;
                snprintf(spelled, sizeof spelled,
                         byte == '\t'                  ? "\\t"
                         : byte == '\n'                ? "\\n"
                         : byte == '\r'                ? "\\r"
                         : byte < 0x20 || byte >= 0x7f ? "\\x%02x"
                                                       : "%c",
                         byte);
                snprintf(expected, sizeof expected, "%.*s%s%.*s", (int)at, name, spelled,
                         (int)(size - at - 1), name + at + 1);
                assert_name(name, size, expected);
            }
}

static void test_parts(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_string(&buffer, "x[");
    buffer_print(&buffer, "%d] %s", 12, "<=");
    buffer_byte(&buffer, ' ');
    buffer_float(&buffer, -0.25f);
    buffer_bytes(&buffer, " or more", 3);
    assert_bytes(&buffer, "x[12] <= -0.25 or");
}

/* What the C library can't print, as half of a pair of surrogates, is told, and changes no size. */
static void test_print_that_fails(void **state)
{
    (void)state;
    const wchar_t half[] = {0xd800, 0};
    struct buffer buffer = {0};
    struct error error;
    buffer_string(&buffer, "x");
    buffer_print(&buffer, "y%ls", half);
    assert_int_equal(buffer.size, 1);
    assert_false(buffer_check(&buffer, &error));
    buffer_free(&buffer);
}

static void test_what_is_not_finite(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_float(&buffer, INFINITY);
    buffer_byte(&buffer, ' ');
    buffer_float(&buffer, -INFINITY);
    buffer_byte(&buffer, ' ');
    buffer_float(&buffer, NAN);
    assert_bytes(&buffer, "inf -inf nan");
}

static void test_growth(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    char expected[3 * 2000 + 1] = "";
    for (int i = 0; i < 2000; i++) {
        buffer_print(&buffer, "%d", 100 + i % 900);
        expected[3 * i] = (char)('0' + (100 + i % 900) / 100);
        expected[3 * i + 1] = (char)('0' + (100 + i % 900) / 10 % 10);
        expected[3 * i + 2] = (char)('0' + (100 + i % 900) % 10);
    }
    assert_bytes(&buffer, expected);
}

/* More than any machine has: the failure is kept, and what was there stays. */
static void test_memory_running_out(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    struct error error = {STATUS_DONE, ""};
    buffer_string(&buffer, "a");
    buffer_bytes(&buffer, "", SIZE_MAX);
    assert_true(buffer.out_of_memory);
    assert_int_equal(buffer.size, 1);
    assert_false(buffer_check(&buffer, &error));
    assert_int_equal(error.status, STATUS_SYSTEM);
    buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bytes_of_names),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_print_that_fails),
        cmocka_unit_test(test_what_is_not_finite),
        cmocka_unit_test(test_growth),
        cmocka_unit_test(test_memory_running_out),
    };
    return RUN_TESTS("buffer", tests);
}
