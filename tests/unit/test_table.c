/* Records and fields of tables: against a machine that reads a byte at a time, and by hand. */
#include "text/table.h"

#include "base/random.h"
#include "helpers.h"

/* What Python's csv reader does, byte by byte: fields end with 0x1f, records with 0x1e. */
static size_t slow(const char *text, size_t size, char *out)
{
    enum { START, PLAIN, QUOTED, BEHIND } state = START;
    size_t used = 0;
    for (size_t i = 0; i <= size; i++) {
        char byte = i < size ? text[i] : '\n';
        if (i == size && state == START && (!used || out[used - 1] == '\x1e'))
            break;
        if (state == QUOTED && i < size) {
            if (byte == '"')
                state = BEHIND;
            else
                out[used++] = byte;
            continue;
        }
        if (state == BEHIND && byte == '"') {
            out[used++] = byte;
            state = QUOTED;
        } else if (byte == ',' || byte == '\n') {
            out[used++] = byte == ',' ? '\x1f' : '\x1e';
            state = START;
        } else if (byte == '"' && state == START) {
            state = QUOTED;
        } else {
            out[used++] = byte;
            state = PLAIN;
        }
    }
    return used;
}

/* The same by table.h; records are found in pieces of `piece` bytes more each time. */
static size_t quick(const char *text, size_t size, size_t piece, char *out)
{
    struct bytes bytes = bytes_copy(text, size);
    char *copy = (char *)bytes.data;
    const struct records_rule rule = {.separator = ','};
    size_t used = 0, at = 0;
    while (at < size) {
        struct records_scan scan = {.at = at};
        size_t seen = at, behind = 0;
        while (!behind && seen < size) {
            seen = size - seen < piece ? size : seen + piece;
            behind = table_behind(&rule, copy, seen, &scan);
        }
        size_t end = behind ? behind - 1 : size;
        struct table_cursor cursor = table_cursor(copy + at, end - at, ',', true);
        struct text field;
        while (table_next(&cursor, true, &field)) {
            memcpy(out + used, field.data, field.size);
            used += field.size;
            out[used++] = '\x1f';
        }
        out[used - 1] = '\x1e';
        at = behind ? behind : size;
    }
    free(bytes.data);
    return used;
}

static void test_as_byte_by_byte(void **state)
{
    (void)state;
    static const char pieces[] = "\"\"\",,\n\nab";
    struct random random = random_keyed(5, 0);
    for (int round = 0; round < 20000; round++) {
        char text[40], wanted[100], got[100];
        size_t size = random_below(&random, sizeof text);
        for (size_t i = 0; i < size; i++)
            text[i] = pieces[random_below(&random, sizeof pieces - 1)];
        size_t expected = slow(text, size, wanted);
        for (size_t piece = 1; piece <= size; piece += 1 + piece / 2) {
            assert_int_equal(quick(text, size, piece, got), expected);
            assert_memory_equal(got, wanted, expected);
        }
    }
}

static void assert_record(const char *text, bool quotes, const char *fields, enum table_fault fault)
{
    char joined[256] = "";
    struct bytes bytes = bytes_copy(text, strlen(text));
    struct table_cursor cursor = table_cursor((char *)bytes.data, strlen(text), ';', quotes);
    struct text field;
    while (table_next(&cursor, true, &field))
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "<%.*s>", (int)field.size,
                 field.data);
    assert_string_equal(joined, fields);
    assert_int_equal(cursor.fault, fault);
    free(bytes.data);
}

static void test_fields(void **state)
{
    (void)state;
    assert_record("", true, "<>", TABLE_GOOD);
    assert_record(";", true, "<><>", TABLE_GOOD);
    assert_record("a;b\r", true, "<a><b>", TABLE_GOOD);
    assert_record("\"a;\"\"b\"\"\";c", true, "<a;\"b\"><c>", TABLE_GOOD);
    assert_record("\"a;b\";c", false, "<\"a><b\"><c>", TABLE_GOOD);
    assert_record("a\"b\";c", true, "<a\"b\"><c>", TABLE_GOOD);
    assert_record("\"a\"b;c", true, "<ab><c>", TABLE_JOINED);
    assert_record("\"a;b", true, "<a;b>", TABLE_OPEN);
    assert_record("\"a\";\"", true, "<a><>", TABLE_OPEN);
}

static void test_lines_are_counted(void **state)
{
    (void)state;
    static const char text[] = "a,\"b\n\nc\"\"\n\",\"\n\"\nnext\n";
    const struct records_rule rule = {.separator = ','};
    struct records_scan scan = {.at = 0};
    assert_int_equal(table_behind(&rule, text, sizeof text - 1, &scan), sizeof text - 1 - 5);
    assert_int_equal(scan.lines, 5);
}

/* In pieces, so that each is the end once: by which byte the record has most fields is not told
   before it ends by it, though by another it did long ago. */
static void test_the_first_record_by_its_beginning(void **state)
{
    (void)state;
    enum { LONG = 3 * TABLE_LOOKED_AT };
    char *text = malloc(LONG);
    assert_non_null(text);
    memset(text, 'x', LONG);
    memcpy(text, "a,\"b;\n", 6);
    for (size_t end = TABLE_LOOKED_AT - 2; end < LONG - 1; end = 2 * end + 1) {
        memcpy(text + end - 4, "\",c\n", 4);
        for (size_t piece = 1; piece < LONG; piece = 5 * piece + 1) {
            struct table_ways ways = {.count = 0};
            const struct table_way *way = NULL;
            size_t size = 0;
            table_ways_add(&ways, ';', true);
            table_ways_add(&ways, ',', true);
            for (; !way && size < LONG; way = table_ways_best(&ways, text, size, false, NULL, NULL))
                size = size + piece < LONG ? size + piece : LONG;
            assert_non_null(way);
            assert_true(size >= end && size - piece < end);
            assert_int_equal(way->rule.separator, ',');
            assert_int_equal(way->count, 3);
            assert_int_equal(way->end, end);
            assert_int_equal(way->lines, 2);
        }
        memset(text + end - 4, 'x', 4);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_byte_by_byte),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_lines_are_counted),
        cmocka_unit_test(test_the_first_record_by_its_beginning),
    };
    return RUN_TESTS("table", tests);
}
