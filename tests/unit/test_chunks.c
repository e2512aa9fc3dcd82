/* Chunks of lines: none is lost, borders are where they should be, long lines. */
#include "input/chunks.h"

#include "base/random.h"

#include "helpers.h"

/* Lines of 0 to 2 x `size` bytes, mostly short; the last may lack its end. */
static struct bytes some_lines(struct random *random, size_t size)
{
    struct bytes bytes = {malloc(64 * size), 0};
    while (bytes.size < 60 * size) {
        size_t length = random_below(random, random_below(random, 20) ? (uint32_t)size / 4
                                                                      : 2 * (uint32_t)size);
        memset(bytes.data + bytes.size, 'a' + (int)random_below(random, 26), length);
        bytes.data[bytes.size + length] = '\n';
        bytes.size += length + 1;
    }
    bytes.size -= random_below(random, 2);
    return bytes;
}

/* The lines that fit a chunk of `size` bytes, each with a '\n'; `*others` counts the rest. */
static struct bytes fitting_lines(struct bytes text, size_t skipped, size_t size, int *others)
{
    struct bytes kept = {malloc(text.size + 1), 0};
    *others = 0;
    for (size_t at = skipped; at < text.size;) {
        const unsigned char *newline = memchr(text.data + at, '\n', text.size - at);
        size_t length = newline ? (size_t)(newline - text.data) - at : text.size - at;
        if (length + 1 > size) {
            ++*others;
        } else {
            memcpy(kept.data + kept.size, text.data + at, length);
            kept.data[kept.size + length] = '\n';
            kept.size += length + 1;
        }
        at += length + 1;
    }
    return kept;
}

static void assert_chunks(struct bytes text, size_t peeked, size_t skipped, size_t size)
{
    struct error error = {0};
    struct chunks chunks;
    struct chunk chunk = {0};
    struct bytes lines = {malloc(text.size + 1), 0};
    size_t fresh = peeked < text.size ? peeked : text.size;
    int others = 0, expected_others;
    file_write(test_path, text.data, text.size);
    struct source *source = source_open(test_path, NULL, &error);
    assert_true(chunks_open(&chunks, source, &error));
    assert_true(chunks_peek(&chunks, peeked, &error));
    assert_int_equal(chunks.held_size, fresh);
    chunks_start(&chunks, skipped, size, 0);
    while (chunks_read(&chunks, &chunk, &error) == CHUNKS_CHUNK) {
        assert_true(chunk.filled <= size);
        assert_memory_equal(chunk.bytes + chunk.fresh, text.data + fresh,
                            chunk.filled - chunk.fresh);
        fresh += chunk.filled - chunk.fresh;
        others += chunk.long_line;
        assert_memory_equal(chunk.bytes + chunk.filled, "\n\n\n\n", 4);
        size_t count = chunk.end - chunk.begin;
        memcpy(lines.data + lines.size, chunk.bytes + chunk.begin, count);
        lines.size += count;
        if (count && chunk.bytes[chunk.end - 1] != '\n')
            lines.data[lines.size++] = '\n';
    }
    assert_string_equal(error.text, "");
    assert_int_equal(fresh, text.size);
    struct bytes expected = fitting_lines(text, skipped, size, &expected_others);
    assert_int_equal(lines.size, expected.size);
    assert_memory_equal(lines.data, expected.data, expected.size);
    assert_int_equal(others, expected_others);
    chunks_close(&chunks);
    chunk_free(&chunk);
    source_close(source);
    free(lines.data);
    free(expected.data);
}

static void test_chunks_hold_all_lines(void **state)
{
    (void)state;
    struct random random = random_keyed(10, 0);
    for (int round = 0; round < 300; round++) {
        size_t size = 8 + random_below(&random, 200);
        struct bytes text = some_lines(&random, size);
        size_t peeked = random_below(&random, 3) * size;
        size_t skipped = 0;
        if (peeked && random_below(&random, 2)) {
            unsigned char *newline = memchr(text.data, '\n', peeked);
            skipped = newline ? (size_t)(newline - text.data) + 1 : 0;
        }
        assert_chunks(text, peeked, skipped, size);
        free(text.data);
    }
    struct bytes many = some_lines(&random, CHUNKS_LARGE / 8);
    for (size_t more = 0; more < 3; more++)
        assert_chunks(many, CHUNKS_LARGE * (1 + more) - 1, 0, CHUNKS_SMALL);
    free(many.data);
    struct bytes none = {malloc(1), 0};
    assert_chunks(none, 0, 0, 100);
    assert_chunks(none, 100, 0, 100);
    free(none.data);
}

/* ---- counted lines, and lines for which a chunk grows ---- */

/*
 * The size of the chunk that begins `at`, by the rule alone: as many of the next `most` lines as
 * fit, or one. A line that lacks its end is known to be one when there is room for a byte more.
 */
static size_t fitting(struct bytes text, size_t at, size_t size, size_t most, size_t *rows)
{
    size_t taken = 0;
    for (*rows = 0; *rows < most && at + taken < text.size; ++*rows) {
        const unsigned char *from = text.data + at + taken;
        const unsigned char *newline = memchr(from, '\n', text.size - at - taken);
        size_t line = newline ? (size_t)(newline - from) + 1 : text.size - at - taken;
        if (*rows && taken + line + !newline > size)
            break;
        taken += line;
    }
    return taken;
}

static void assert_counted(struct bytes text, size_t size, size_t most)
{
    struct error error = {0};
    struct chunks chunks;
    struct chunk chunk = {0};
    size_t at = 0, fresh = 0;
    file_write(test_path, text.data, text.size);
    struct source *source = source_open(test_path, NULL, &error);
    assert_true(chunks_open(&chunks, source, &error));
    chunks_start(&chunks, 0, size, text.size);
    while (chunks_read_rows(&chunks, most, &chunk, &error) == CHUNKS_CHUNK) {
        size_t rows, expected = fitting(text, at, size, most, &rows);
        assert_int_equal(chunk.end - chunk.begin, expected);
        assert_int_equal(chunk.rows, rows);
        assert_false(chunk.long_line);
        assert_memory_equal(chunk.bytes + chunk.begin, text.data + at, expected);
        assert_int_equal(chunk.bytes[chunk.filled], '\n');
        at += expected;
        fresh += chunk.filled - chunk.fresh;
    }
    assert_string_equal(error.text, "");
    assert_int_equal(at, text.size);
    assert_int_equal(fresh, text.size);
    chunk_free(&chunk);
    chunks_close(&chunks);
    source_close(source);
}

static void test_counted_lines_and_long_ones(void **state)
{
    (void)state;
    struct random random = random_keyed(11, 0);
    for (int round = 0; round < 300; round++) {
        size_t size = 8 + random_below(&random, 200);
        struct bytes text = some_lines(&random, size);
        assert_counted(text, size, SIZE_MAX);
        assert_counted(text, size, 1 + random_below(&random, 9));
        free(text.data);
    }
    /* Exactly a chunk, with its last line's end and without. */
    struct bytes full = bytes_copy("abc\ndef\n", 8);
    assert_counted(full, 8, SIZE_MAX);
    assert_counted(full, 4, SIZE_MAX);
    full.size = 7;
    assert_counted(full, 7, SIZE_MAX);
    full.size = 3;
    assert_counted(full, 3, SIZE_MAX);
    free(full.data);
}

/* A chunk of 8 bytes grows for a line of 10, but not for one of 11. */
static void test_a_line_that_is_longer_still(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool fits;
    } cases[] = {{"123456789\nab\n", true},
                 {"1234567890\nab\n", false},
                 {"1234567890", true},
                 {"12345678901", false}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct error error = {0};
        struct chunks chunks;
        struct chunk chunk = {0};
        bool passed_over = false;
        size_t rows = 0;
        file_write(test_path, cases[i].text, strlen(cases[i].text));
        struct source *source = source_open(test_path, NULL, &error);
        assert_true(chunks_open(&chunks, source, &error));
        chunks_start(&chunks, 0, 8, 10);
        while (chunks_read_rows(&chunks, SIZE_MAX, &chunk, &error) == CHUNKS_CHUNK) {
            passed_over |= chunk.long_line;
            rows += chunk.rows;
        }
        assert_int_equal(passed_over, !cases[i].fits);
        assert_int_equal(rows, (cases[i].fits ? 1 : 0) + (i < 2));
        chunk_free(&chunk);
        chunks_close(&chunks);
        source_close(source);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_hold_all_lines),
        cmocka_unit_test(test_counted_lines_and_long_ones),
        cmocka_unit_test(test_a_line_that_is_longer_still),
    };
    return RUN_TESTS_WITH_FILE("chunks", tests);
}
