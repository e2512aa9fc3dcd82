/* Names as other programs read them, and the wire format of Protocol Buffers, by hand. */
#include "export/protobuf.h"
#include "export/quote.h"

#include "helpers.h"

#include <math.h>

static void assert_put(void (*put)(struct buffer *, struct text), const char *name, size_t size,
                       const char *expected)
{
    struct buffer text = {0};
    put(&text, (struct text){name, size});
    buffer_byte(&text, '\0');
    assert_string_equal(text.bytes, expected);
    buffer_free(&text);
}

#define ASSERT_PUT(put, name, expected) assert_put(put, name, sizeof(name) - 1, expected)

/* RFC 4180, 2.5 to 2.7. */
static void test_csv(void **state)
{
    (void)state;
    ASSERT_PUT(quote_csv, "aaa", "aaa");
    ASSERT_PUT(quote_csv, "b b", "b b");
    ASSERT_PUT(quote_csv, "b,b", "\"b,b\"");
    ASSERT_PUT(quote_csv, "b\r\nbb", "\"b\r\nbb\"");
    ASSERT_PUT(quote_csv, "b\"bb", "\"b\"\"bb\"");
    ASSERT_PUT(quote_csv, "\"", "\"\"\"\"");
    ASSERT_PUT(quote_csv, "", "\"\"");
}

/* ISO 6429's NEL is one of many that end no line for who reads lines. */
static void test_line(void **state)
{
    (void)state;
    ASSERT_PUT(quote_line, "a\xc2\x85 b\t\xff", "a\xc2\x85 b\t\xff");
    ASSERT_PUT(quote_line, "a\r\nb\\n", "a\\r\\nb\\n");
    ASSERT_PUT(quote_line, "", "");
}

/* C99, 6.4.4.4 and 5.2.1.1: an octal escape has at most three digits. */
static void test_c(void **state)
{
    (void)state;
    ASSERT_PUT(quote_c, "aä", "\"aä\"");
    ASSERT_PUT(quote_c, "\"\\\n", "\"\\\"\\\\\\012\"");
    ASSERT_PUT(quote_c, "\0017", "\"\\0017\"");
    ASSERT_PUT(quote_c, "?\?/", "\"\\?\\?/\"");
    ASSERT_PUT(quote_c, "a\0b", "\"a\\000b\"");
}

static void test_dot(void **state)
{
    (void)state;
    ASSERT_PUT(quote_dot, "a<b>", "a<b>");
    ASSERT_PUT(quote_dot, "\"N\\", "\\\"N\\\\");
    ASSERT_PUT(quote_dot, "a\nb", "a\\\\nb");
}

/* RFC 8259, 7: DEL may stand as it is; it is escaped, as jq writes it, for the terminal's sake. */
static void test_json(void **state)
{
    (void)state;
    ASSERT_PUT(buffer_json, "ä/\"\\", "\"ä/\\\"\\\\\"");
    ASSERT_PUT(buffer_json, "\n\x1f\x7f", "\"\\u000a\\u001f\\u007f\"");
    struct buffer text = {0};
    const float values[] = {0.1f, -0.0f, 0, INFINITY, NAN, 1e10f};
    for (size_t i = 0; i < LENGTH(values); i++) {
        quote_json_float(&text, values[i]);
        buffer_byte(&text, ' ');
    }
    buffer_byte(&text, '\0');
    assert_string_equal(text.bytes, "0.1 -0.0 0 null null 1e+10 ");
    buffer_free(&text);
}

static void test_counts(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_count(&text, 0);
    buffer_byte(&text, ' ');
    buffer_count(&text, 1234567890);
    buffer_byte(&text, ' ');
    buffer_count(&text, UINT64_MAX);
    buffer_byte(&text, '\0');
    assert_string_equal(text.bytes, "0 1234567890 18446744073709551615");
    buffer_free(&text);
}

/* The examples of "Encoding" at protobuf.dev: 150 in field 1, "testing" in 2, a message in 3. */
static void test_protobuf(void **state)
{
    (void)state;
    struct buffer bytes = {0}, inner = {0}, packed = {0};
    protobuf_number(&bytes, 1, 150);
    protobuf_text(&bytes, 2, TEXT("testing"));
    protobuf_number(&inner, 1, 150);
    protobuf_bytes(&bytes, 3, &inner);
    protobuf_varint(&packed, 3);
    protobuf_varint(&packed, 270);
    protobuf_varint(&packed, 86942);
    protobuf_bytes(&bytes, 6, &packed);
    protobuf_float(&bytes, -2);
    static const unsigned char wanted[] = "\x08\x96\x01\x12\x07testing\x1a\x03\x08\x96\x01"
                                          "\x32\x06\x03\x8e\x02\x9e\xa7\x05\0\0\0\xc0";
    assert_int_equal(bytes.size, sizeof wanted - 1);
    assert_memory_equal(bytes.bytes, wanted, bytes.size);
    buffer_free(&bytes);
    buffer_free(&inner);
    buffer_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),      cmocka_unit_test(test_line), cmocka_unit_test(test_c),
        cmocka_unit_test(test_dot),      cmocka_unit_test(test_json), cmocka_unit_test(test_counts),
        cmocka_unit_test(test_protobuf),
    };
    return RUN_TESTS("quote", tests);
}
