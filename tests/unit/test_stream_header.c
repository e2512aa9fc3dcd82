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

/* A byte of some in a header is changed, and what is said of that. */
struct changed {
    size_t at;
    char to;
    const char *sentence;
};

static void assert_refused(const struct kind_case *made, const char *part, size_t size,
                           const struct changed *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        struct stream_header header;
        struct bytes bytes = make_stream(made);
        char *at = memmem(bytes.data, bytes.size, part, size);
        assert_non_null(at);
        at[rows[i].at] = rows[i].to;
        file_write(test_path, bytes.data, bytes.size);
        assert_false(read_header(&header, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        if (!strstr(error.text, rows[i].sentence))
            fail_msg("%zu: %s", i, error.text);
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
    static const struct changed rows[] = {
        {TREES, 0, "the header's trees, 0, is not from 1"},
        {TREES, 3, "the header's first, 300, is not from 0 to 299"},
        {FIRST, 0x2d, "the header's first, 301, is not from 0 to 300"},
        {WHOLE, 0x2d, "the header's first, 300, is not from 0 to 299"},
        {WHOLE_HIGH, 0, "the header's first, 300, is not from 0 to 44"},
        {FIRST_KEY, 'F', "the header has no first"},
        {WHOLE_KEY, 'W', "the header has no whole"},
    };
    assert_refused(&cases[6], part_bytes, sizeof part_bytes - 1, rows, LENGTH(rows));
}

/* ---- what evidence says for itself ---- */

/* By the msgpack specification: 0.25, 6, 0.75, 0.25 as floats of 64 bits, and two lists of two. */
static const char opinion_bytes[] = "\xa7"
                                    "opinion\x83\xa5"
                                    "share\xcb\x3f\xd0\0\0\0\0\0\0\xa9"
                                    "sharpness\xcb\x40\x18\0\0\0\0\0\0\xa5"
                                    "views\x92\x82\xa6"
                                    "weight\xcb\x3f\xe8\0\0\0\0\0\0\xa7"
                                    "columns\x92\1\0\x82\xa6"
                                    "weight\xcb\x3f\xd0\0\0\0\0\0\0\xa7"
                                    "columns\x92\0\1";

/* As it was before views had weights. */
static const char unweighted_bytes[] = "\xa7"
                                       "opinion\x83\xa5"
                                       "share\xcb\x3f\xd0\0\0\0\0\0\0\xa9"
                                       "sharpness\xcb\x40\x18\0\0\0\0\0\0\xa7"
                                       "columns\x92\x92\1\0\x92\0\1";

enum { OPINION = CASES - 1 };

/* Where types, numbers and sizes are to be changed. */
enum {
    SHARE = 15,
    SHARE_HIGH = 16,
    SHARPNESS_HIGH = 35,
    VIEWS_KEY = 44,
    WEIGHT = 58,
    WEIGHT_HIGH = 59,
    WEIGHT_LOW = 60,
    COLUMNS_KEY = 68,
    COLUMN = 77
};

static void assert_opinion(double first, double second)
{
    static const uint32_t columns[] = {1, 0, 0, 1};
    struct stream_header header;
    struct error error = {0};
    assert_true(read_header(&header, &error));
    assert_true(header.opinion.share == 0.25 && header.opinion.sharpness == 6);
    assert_int_equal(header.opinion.views, 2);
    assert_true(header.opinion.weights[0] == first && header.opinion.weights[1] == second);
    assert_memory_equal(header.opinion.columns, columns, sizeof columns);
    stream_header_free(&header);
}

static void test_opinion(void **state)
{
    (void)state;
    struct bytes bytes = make_stream(&cases[OPINION]);
    assert_non_null(memmem(bytes.data, bytes.size, opinion_bytes, sizeof opinion_bytes - 1));
    free(bytes.data);
    assert_opinion(0.75, 0.25);
    bytes = make_stream(&cases[2]);
    assert_null(memmem(bytes.data, bytes.size, "opinion", 7));
    free(bytes.data);
}

/* A stream that has these bytes in place of opinion_bytes, which are at least as many. */
static void replace_opinion(const char *with, size_t count)
{
    const size_t size = sizeof opinion_bytes - 1;
    struct bytes bytes = make_stream(&cases[OPINION]);
    unsigned char *at = memmem(bytes.data, bytes.size, opinion_bytes, size);
    assert_non_null(at);
    memcpy(at, with, count);
    memmove(at + count, at + size, (size_t)(bytes.data + bytes.size - (at + size)));
    file_write(test_path, bytes.data, bytes.size - size + count);
    free(bytes.data);
}

/* All views weigh the same then. */
static void test_unweighted(void **state)
{
    (void)state;
    replace_opinion(unweighted_bytes, sizeof unweighted_bytes - 1);
    assert_opinion(0.5, 0.5);
}

/* Lists without weights, called views. */
static void test_mixed(void **state)
{
    (void)state;
    enum { KEY = 43, KEY_SIZE = 8, VIEWS_SIZE = 6 };
    char bytes[sizeof unweighted_bytes];
    const size_t before = sizeof unweighted_bytes - 1;
    memcpy(bytes, unweighted_bytes, KEY);
    memcpy(bytes + KEY, "\xa5views", VIEWS_SIZE);
    memcpy(bytes + KEY + VIEWS_SIZE, unweighted_bytes + KEY + KEY_SIZE, before - KEY - KEY_SIZE);
    replace_opinion(bytes, before - KEY_SIZE + VIEWS_SIZE);
    struct stream_header header;
    struct error error = {0};
    assert_false(read_header(&header, &error));
    assert_non_null(strstr(error.text, "the header's opinion does not name a column for each"));
}

/* No floats, negative ones and ones that are too great; no lists; columns that samples have not. */
static void test_opinion_refused(void **state)
{
    (void)state;
    static const struct changed rows[] = {
        {SHARE, '\xcf', "the header's opinion is none"},
        {SHARE_HIGH, '\xbf', "the header's opinion is none"},
        {SHARE_HIGH, '\x40', "the header's opinion is none"},
        {SHARPNESS_HIGH, '\xc0', "the header's opinion is none"},
        {SHARPNESS_HIGH, '\x41', "the header's opinion is none"},
        {VIEWS_KEY, 'V', "the header's opinion has no list of views"},
        {WEIGHT, '\xcf', "the header's opinion has a view whose weight is none"},
        {WEIGHT_HIGH, '\xbf', "the header's opinion has a view whose weight is none"},
        {WEIGHT_HIGH, '\x40', "the header's opinion has a view whose weight is none"},
        {WEIGHT_LOW, '\xe9', "the weights in the header's opinion do not add up to 1"},
        {COLUMNS_KEY, 'C', "the header's opinion does not name a column for each class"},
        {COLUMN, 2, "the header's opinion does not name a column for each class"},
        {COLUMN, '\xff', "the header's opinion does not name a column for each class"},
    };
    assert_refused(&cases[OPINION], opinion_bytes, sizeof opinion_bytes - 1, rows, LENGTH(rows));
}

static void test_shown(void **state)
{
    (void)state;
    const struct text features[] = {text_of("word:a"), text_of("ch\x1b:b"), text_of("bare")};
    double weights[] = {0.25, 0.75};
    struct stream_opinion opinion = {0.5, 6, 2, weights, (uint32_t[]){0, 1, 1, 0}};
    struct buffer text = {0};
    stream_opinion_show(&opinion, features, 2, &text);
    assert_int_equal(text.size, strlen("2 views: word 0.250, ch\\x1b 0.750"));
    assert_memory_equal(text.bytes, "2 views: word 0.250, ch\\x1b 0.750", text.size);
    text.size = 0;
    opinion = (struct stream_opinion){0.5, 6, 1, (double[]){1}, (uint32_t[]){2, 0}};
    stream_opinion_show(&opinion, features, 2, &text);
    assert_memory_equal(text.bytes, "1 view: bare 1.000", text.size);
    text.size = 0;
    stream_opinion_show(&opinion, NULL, 2, &text);
    assert_memory_equal(text.bytes, "1 view: from column 2 1.000", text.size);
    buffer_free(&text);
}

static void test_views_refused(void **state)
{
    (void)state;
    static uint32_t columns[33 * 2];
    double weights[33];
    static const uint32_t views[] = {0, 33};
    for (size_t i = 0; i < LENGTH(weights); i++)
        weights[i] = 1;
    for (size_t i = 0; i < LENGTH(views); i++) {
        struct error error = {0};
        struct stream_header header;
        struct kind_case odd = cases[OPINION];
        odd.header.opinion.views = views[i];
        odd.header.opinion.weights = weights;
        odd.header.opinion.columns = columns;
        free(make_stream(&odd).data);
        assert_false(read_header(&header, &error));
        assert_int_equal(error.status, STATUS_INPUT);
        assert_non_null(strstr(error.text, "the header's opinion has no list of views"));
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
        cmocka_unit_test(test_opinion),
        cmocka_unit_test(test_unweighted),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_shown),
        cmocka_unit_test(test_opinion_refused),
        cmocka_unit_test(test_views_refused),
    };
    return RUN_TESTS_WITH_FILE("stream_header", tests);
}
