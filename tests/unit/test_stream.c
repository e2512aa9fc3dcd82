/*
 * The stream's contract: what is written can be read, a cut at any byte is a cut, a change of
 * any byte is damage.
 */

#include "streams.h"

static void test_whole(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct error error = {0};
        uint64_t rows;
        struct bytes bytes = make_stream(&cases[i]);
        assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_DONE);
        assert_int_equal(rows, cases[i].rows);
        free(bytes.data);
    }
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct bytes bytes = make_stream(&cases[i]);
        for (size_t size = 0; size < bytes.size; size++) {
            struct error error = {0};
            uint64_t rows;
            file_write(test_path, bytes.data, size);
            assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_CUT);
            assert_non_null(strstr(error.text, "upstream ended early"));
        }
        free(bytes.data);
    }
}

static void test_changed_anywhere(void **state)
{
    (void)state;
    /* 0x07 makes a map of three one of four, which takes the records behind it for its own. */
    static const unsigned char changes[] = {0x01, 0x02, 0x04, 0x07, 0x08,
                                            0x10, 0x20, 0x40, 0x80, 0xff};
    /* Details come behind a header like those before: a few changes of each byte will do. */
    for (int i = 0; i < CASES; i++) {
        struct bytes bytes = make_stream(&cases[i]);
        for (size_t at = 0; at < bytes.size; at++) {
            for (size_t c = 0; c < sizeof changes; c += i < KINDS ? 1 : 5) {
                struct error error = {0};
                uint64_t rows;
                bytes.data[at] ^= changes[c];
                file_write(test_path, bytes.data, bytes.size);
                bytes.data[at] ^= changes[c];
                assert_int_equal(consume(cases[i].header.kind, &rows, &error), STATUS_INPUT);
                assert_non_null(strstr(error.text, "byte "));
            }
        }
        free(bytes.data);
    }
}

static void test_bytes_after_the_end(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t rows;
    struct bytes bytes = make_stream(&cases[0]);
    bytes.data = realloc(bytes.data, bytes.size + 1);
    assert_non_null(bytes.data);
    bytes.data[bytes.size] = 0xc0;
    file_write(test_path, bytes.data, bytes.size + 1);
    assert_int_equal(consume(STREAM_VECTORS, &rows, &error), STATUS_INPUT);
    assert_non_null(strstr(error.text, "follows the end record"));
    free(bytes.data);
}

static void test_other_kind(void **state)
{
    (void)state;
    struct error error = {0};
    uint64_t rows;
    struct bytes bytes = make_stream(&cases[0]);
    assert_int_equal(consume(STREAM_SAMPLES, &rows, &error), STATUS_INPUT);
    assert_non_null(strstr(error.text, "holds vectors, and samples are needed"));
    free(bytes.data);
}

/* A stream that arrives a byte at a time through a pipe is the same stream. */
static void test_slow_pipe(void **state)
{
    (void)state;
    struct bytes bytes = make_stream(&cases[2]);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    char name[32];
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    struct error error = {0};
    if (fork() == 0) {
        close(ends[0]);
        for (size_t i = 0; i < bytes.size; i++)
            if (write(ends[1], bytes.data + i, 1) != 1)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    struct stream_reader *reader = stream_open(name, &error);
    struct stream_header header;
    struct stream_record record = {0};
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_END);
    assert_int_equal(stream_read_totals(reader).digest.crc32, slow_crc(bytes.data, bytes.size));
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
    close(ends[0]);
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_changed_anywhere),
        cmocka_unit_test(test_bytes_after_the_end),
        cmocka_unit_test(test_other_kind),
        cmocka_unit_test(test_slow_pipe),
    };
    return RUN_TESTS_WITH_FILE("stream", tests);
}
