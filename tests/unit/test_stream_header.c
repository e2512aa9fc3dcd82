/* Headers: names of features, there and back, and which of them are refused. */
#define _GNU_SOURCE /* memmem */
#include "streams.h"

static bool read_header(struct stream_header *header, struct error *error)
{
    struct stream_reader *reader = stream_open(test_path, error);
    assert_non_null(reader);
    bool read = stream_read_any_header(reader, header, error);
    stream_close(reader);
    return read;
}

static void assert_text(struct text got, struct text wanted)
{
    assert_int_equal(got.size, wanted.size);
    assert_memory_equal(got.data, wanted.data, wanted.size);
}

static void test_features_travel(void **state)
{
    (void)state;
    for (int i = 4; i < 6; i++) {
        struct error error = {0};
        struct stream_header header;
        free(make_stream(&cases[i]).data);
        assert_true(read_header(&header, &error));
        assert_int_equal(header.dim, 2);
        for (int f = 0; f < 2; f++)
            assert_text(header.features[f], feature_names[f]);
        stream_header_free(&header);
        free(make_stream(&cases[i == 4 ? 1 : 2]).data);
        assert_true(read_header(&header, &error));
        assert_null(header.features);
        stream_header_free(&header);
    }
}

static void test_features_in_samples(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    free(make_stream(&cases[4]).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(samples_load(reader, &samples, &error));
    assert_text(samples.features[0], feature_names[0]);
    assert_text(samples.features[1], feature_names[1]);
    samples_free(&samples);
    stream_close(reader);
}

/* By the msgpack specification: a key of 8 bytes, an array of 2, strings of 7 bytes. */
static void test_bytes(void **state)
{
    (void)state;
    static const unsigned char wanted[] = "\xa3"
                                          "dim\2\xa8"
                                          "features\x92\xa7"
                                          "glove:0\xa7"
                                          "gr\xc3\xb6\xc3\x9f"
                                          "e\xa8"
                                          "labelled\xc3";
    struct bytes bytes = make_stream(&cases[4]);
    assert_non_null(memmem(bytes.data, bytes.size, wanted, sizeof wanted - 1));
    free(bytes.data);
}

/* Another number of names, and one that is no UTF-8. */
static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *sentence;
    } rows[] = {
        {"\x92\xa7glove:0", "\x91\xa7glove:0", "byte 0: "},
        {"\xa3"
         "dim\2",
         "\xa3"
         "dim\3",
         "the header names 2 features of 3"},
        {"\xa3"
         "dim\2",
         "\xa3"
         "dim\1",
         "the header has no list of features"},
        {"\xa7glove:0", "\xa7glov\xff:0", "the header has no list of features"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct error error = {0};
        struct stream_header header;
        struct bytes bytes = make_stream(&cases[4]);
        char *at = memmem(bytes.data, bytes.size, rows[i].from, strlen(rows[i].from));
        assert_non_null(at);
        memcpy(at, rows[i].to, strlen(rows[i].to));
        file_write(test_path, bytes.data, bytes.size);
        assert_false(read_header(&header, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        assert_non_null(strstr(error.text, rows[i].sentence));
        free(bytes.data);
    }
}

/* ---- parts of a forest ---- */

static const char part_bytes[] = "\xa5trees\2"
                                 "\xa5"
                                 "first\xcd\1\x2c"
                                 "\xa5whole\xcd\1\x2e";

/* Where keys and numbers are to be changed. */
enum { TREES = 6, FIRST_KEY = 8, FIRST = 15, WHOLE_KEY = 17, WHOLE_HIGH = 23, WHOLE = 24 };

static void test_part(void **state)
{
    (void)state;
    struct stream_header header;
    struct error error = {0};
    struct bytes bytes = make_stream(&cases[6]);
    assert_non_null(memmem(bytes.data, bytes.size, part_bytes, sizeof part_bytes - 1));
    free(bytes.data);
    assert_true(read_header(&header, &error));
    assert_int_equal(header.trees, 2);
    assert_int_equal(header.first, 300);
    assert_int_equal(header.whole, 302);
    stream_header_free(&header);
    bytes = make_stream(&cases[2]);
    assert_null(memmem(bytes.data, bytes.size, "whole", 5));
    free(bytes.data);
}

/* A range beyond the whole, one that is the whole, and half a range. */
static void test_part_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        char to;
        const char *sentence;
    } rows[] = {
        {TREES, 0, "the header's trees, 0, is not from 1"},
        {TREES, 3, "the header's first, 300, is not from 0 to 299"},
        {FIRST, 0x2d, "the header's first, 301, is not from 0 to 300"},
        {WHOLE, 0x2d, "the header's first, 300, is not from 0 to 299"},
        {WHOLE_HIGH, 0, "the header's first, 300, is not from 0 to 44"},
        {FIRST_KEY, 'F', "the header has no first"},
        {WHOLE_KEY, 'W', "the header has no whole"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct error error = {0};
        struct stream_header header;
        struct bytes bytes = make_stream(&cases[6]);
        char *at = memmem(bytes.data, bytes.size, part_bytes, sizeof part_bytes - 1);
        assert_non_null(at);
        at[rows[i].at] = rows[i].to;
        file_write(test_path, bytes.data, bytes.size);
        assert_false(read_header(&header, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        if (!strstr(error.text, rows[i].sentence))
            fail_msg("%s", error.text);
        free(bytes.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features_travel),
        cmocka_unit_test(test_features_in_samples),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_part_refused),
    };
    return RUN_TESTS_WITH_FILE("stream_header", tests);
}
