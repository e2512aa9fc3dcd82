/* What writers write, to the byte, and what they refuse to write. */
#include "stream/end.h"

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
    output_discard(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end_record_bytes),
        cmocka_unit_test(test_header_bytes),
        cmocka_unit_test(test_writer_limits),
    };
    return RUN_TESTS_WITH_FILE("stream_write", tests);
}
