/* What writers write, to the byte, and what they refuse to write. */
#include "stream/end.h"

#include <zlib.h>

#include "streams.h"

static void test_end_record_bytes(void **state)
{
    (void)state;
    static const unsigned char layout[] = "\x85\xa3"
                                          "end\xc3\xa4"
                                          "rows\xcf\0\0\0\0\0\0\0\4\xa6"
                                          "blocks\xcf\0\0\0\0\0\0\0\2"
                                          "\xa4"
                                          "read\x82\xa5"
                                          "crc32\xce\x12\x34\x56\x78\xa4"
                                          "size\xcf\0\0\0\0\0\0\0\x63"
                                          "\xa5"
                                          "crc32\xce";
    struct bytes bytes = make_stream(&cases[0]);
    size_t end = bytes.size - STREAM_END_SIZE;
    assert_int_equal(sizeof layout - 1, STREAM_END_SIZE - 4);
    assert_memory_equal(bytes.data + end, layout, sizeof layout - 1);
    uint32_t crc = slow_crc(bytes.data, bytes.size - 4);
    unsigned char tail[] = {crc >> 24, crc >> 16 & 0xff, crc >> 8 & 0xff, crc & 0xff};
    assert_memory_equal(bytes.data + bytes.size - 4, tail, 4);
    free(bytes.data);
}

static void test_header_bytes(void **state)
{
    (void)state;
    static const unsigned char start[] = "\x85\xa6"
                                         "format\xa9"
                                         "glovepipe\xa7"
                                         "version\1\xa4"
                                         "kind\xa7"
                                         "vectors\xa3"
                                         "dim\2"
                                         "\xa7"
                                         "lineage\x91\x83\xa4"
                                         "tool\xa4"
                                         "test";
    struct bytes bytes = make_stream(&cases[0]);
    assert_memory_equal(bytes.data, start, sizeof start - 1);
    free(bytes.data);
}

static struct output *open_output(struct error *error)
{
    struct common common = {.tool = "test", .output = test_path};
    struct output *output = output_open(&common, OUTPUT_BINARY, error);
    assert_non_null(output);
    return output;
}

static void assert_refused(struct stream_writer *writer, const struct error *error,
                           const char *sentence)
{
    assert_int_equal(error->status, STATUS_INPUT);
    assert_non_null(strstr(error->text, sentence));
    stream_abandon(writer);
}

static void test_writer_limits(void **state)
{
    (void)state;
    struct error error = {0};
    struct output *output = open_output(&error);
    struct stream_header header = cases[2].header;
    header.class_count = STREAM_MAX_CLASSES + 1;
    assert_null(stream_begin(output, &header, &error));
    assert_refused(NULL, &error, "1048577 classes");
    struct stream_writer *writer = stream_begin(output, &cases[2].header, &error);
    assert_true(stream_block(writer, 1, 2, &error));
    assert_true(stream_put_numbers(writer, "class", &(uint32_t){0}, 1, 4, &error));
    assert_false(stream_put_numbers(writer, "counts", NULL, STREAM_MAX_RECORD / 4, 4, &error));
    assert_refused(writer, &error, "longer than 1 GiB");
    char *name = calloc(STREAM_MAX_NAME + 1, 1);
    struct text names[] = {{name, STREAM_MAX_NAME}, {name, STREAM_MAX_NAME + 1}};
    writer = stream_begin(output, &cases[0].header, &error);
    assert_true(vectors_write(writer, 1, 2, names, (float[]){1, 2}, &error));
    assert_false(vectors_write(writer, 2, 2, names, (float[]){1, 2, 3, 4}, &error));
    assert_refused(writer, &error, "words: a name of 1048577 bytes");
    free(name);
    names[0] = (struct text){"caf\xe9", 4}; /* which a reader would call damage */
    writer = stream_begin(output, &cases[0].header, &error);
    assert_false(vectors_write(writer, 1, 2, names, (float[]){1, 2}, &error));
    assert_refused(writer, &error, "words: a name that is not UTF-8");
    output_discard(output);
}

/* ---- a stream that is gone on with ---- */

/* Reads on to block number `index`; returns whether its sum fits. */
static bool sum_of_block(uint64_t index, struct stream_totals *totals, struct error *error)
{
    struct stream_header header;
    struct stream_record record = {0};
    struct stream_reader *reader = stream_open(test_path, error);
    assert_true(stream_read_header(reader, STREAM_FOREST, &header, error));
    do
        assert_int_equal(stream_next(reader, &record, error), STREAM_BLOCK);
    while (record.index < index);
    bool fits = stream_sum_fits(&record, error);
    *totals = stream_read_totals(reader);
    stream_header_free(&header);
    stream_record_free(&record);
    stream_close(reader);
    return fits;
}

static struct bytes write_summed(struct error *error)
{
    struct tree tree = small_tree();
    struct output *output = open_output(error);
    struct stream_writer *writer = stream_begin(output, &cases[2].header, error);
    assert_true(forest_write_summed(writer, 2, &tree, error));
    assert_true(forest_write_summed(writer, 2, &tree, error));
    assert_true(stream_end(writer, source_digest, error));
    assert_true(output_commit(output, error));
    tree_free(&tree);
    return file_read(test_path);
}

/* The sum is zlib's CRC-32 of all bytes before it, and no changed byte escapes it. */
static void test_sums(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_totals totals;
    struct bytes bytes = write_summed(&error);
    uint64_t rows;
    assert_int_equal(consume(STREAM_FOREST, &rows, &error), STATUS_DONE);
    for (uint64_t index = 0; index < 2; index++) {
        assert_true(sum_of_block(index, &totals, &error));
        size_t at = totals.digest.size - 4;
        uLong sum = crc32(0, (const unsigned char *)bytes.data, (uInt)at);
        for (int byte = 0; byte < 4; byte++)
            assert_int_equal((unsigned char)bytes.data[at + byte], sum >> 8 * byte & 255);
    }
    bytes.data[totals.digest.size - 12 - 1] ^= 1; /* the last count, before the sum and its key */
    file_write(test_path, bytes.data, bytes.size);
    assert_true(sum_of_block(0, &totals, &error));
    assert_false(sum_of_block(1, &totals, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    free(bytes.data);
    free(make_stream(&cases[2]).data);
    assert_false(sum_of_block(0, &totals, &error));
    assert_non_null(strstr(error.text, "no column crc32"));
}

/* Going on behind the first block gives the bytes of going through. */
static void test_continue(void **state)
{
    (void)state;
    struct error error = {0};
    struct stream_totals totals;
    struct bytes whole = write_summed(&error);
    struct tree tree = small_tree();
    assert_true(sum_of_block(0, &totals, &error));
    struct output *output = output_continue(test_path, totals.digest.size, true, &error);
    assert_non_null(output);
    struct stream_writer *writer = stream_continue(output, totals, &error);
    assert_true(forest_write_summed(writer, 2, &tree, &error));
    assert_true(stream_end(writer, source_digest, &error));
    assert_true(output_commit(output, &error));
    struct bytes bytes = file_read(test_path);
    assert_int_equal(bytes.size, whole.size);
    assert_memory_equal(bytes.data, whole.data, whole.size);
    tree_free(&tree);
    free(bytes.data);
    free(whole.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end_record_bytes), cmocka_unit_test(test_header_bytes),
        cmocka_unit_test(test_writer_limits),    cmocka_unit_test(test_sums),
        cmocka_unit_test(test_continue),
    };
    return RUN_TESTS_WITH_FILE("stream_write", tests);
}
