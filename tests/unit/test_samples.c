/* A whole samples stream in memory: rows, classes, and what is refused. */

#include "streams.h"

#include <float.h>
#include <math.h>

static void test_samples_load(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    struct bytes bytes = make_stream(&cases[1]);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(samples_load(reader, &samples, &error));
    assert_int_equal(samples.rows, 3);
    assert_int_equal(samples.dim, 2);
    assert_int_equal(samples.class_count, 2);
    static const float x[] = {1, 2, 3, 4, 1, 2};
    static const uint32_t class_of[] = {1, 0, 0};
    assert_memory_equal(samples.x, x, sizeof x);
    assert_memory_equal(samples.classes[0].data, "earn", 4);
    assert_memory_equal(samples.class_of, class_of, sizeof class_of);
    assert_int_equal(samples.digest.size, bytes.size);
    assert_int_equal(samples.digest.crc32, slow_crc(bytes.data, bytes.size));
    assert_true(samples.lineage.entries[0].has_read);
    assert_int_equal(samples.lineage.entries[0].read.size, source_digest.size);
    samples_free(&samples);
    stream_close(reader);
    free(bytes.data);
}

struct told {
    int times;
    void *memory;
    size_t size;
};

static void note_room(void *context, void *memory, size_t size)
{
    struct told *told = context;
    *told = (struct told){told->times + 1, memory, size};
}

/* Of room for all that the file holds: more than there are values, no more than there are bytes. */
static void test_samples_load_told(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    struct told told = {0};
    const struct samples_room room = {note_room, &told};
    struct bytes bytes = make_stream(&cases[1]);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(samples_load_told(reader, &samples, &room, &error));
    assert_int_equal(told.times, 1);
    assert_ptr_equal(told.memory, samples.x);
    assert_in_range(told.size, 3 * 2 * sizeof(float), bytes.size);
    samples_free(&samples);
    stream_close(reader);
    free(bytes.data);
}

static void write_nothing(struct stream_writer *writer, struct error *error)
{
    (void)writer;
    (void)error;
}

/* That there are no rows and that they have no labels are two things. */
static void test_samples_load_no_rows(void **state)
{
    (void)state;
    for (int labelled = 0; labelled < 2; labelled++) {
        struct error error = {0};
        struct samples samples;
        struct kind_case made = {
            {.kind = STREAM_SAMPLES, .dim = 2, .labelled = labelled == 1}, write_nothing, 0};
        free(make_stream(&made).data);
        struct stream_reader *reader = stream_open(test_path, &error);
        assert_true(samples_load(reader, &samples, &error));
        assert_int_equal(samples.rows, 0);
        assert_int_equal(samples.class_of != NULL, labelled);
        assert_int_equal(samples.classes != NULL, labelled);
        samples_free(&samples);
        stream_close(reader);
    }
}

static void test_samples_load_refuses_nan(void **state)
{
    (void)state;
    struct error error = {0};
    struct samples samples;
    struct bytes bytes = make_stream(&cases[1]);
    /* 3.0f, the first value of row 2, becomes infinite: then the CRC no longer matters. */
    static const unsigned char three[] = {0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40};
    for (size_t at = 0; at + 8 < bytes.size; at++)
        if (memcmp(bytes.data + at, three, 8) == 0)
            memcpy(bytes.data + at, (unsigned char[]){0, 0, 0x80, 0x7f}, 4);
    file_write(test_path, bytes.data, bytes.size);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_false(samples_load(reader, &samples, &error));
    assert_int_equal(error.status, STATUS_INPUT);
    assert_non_null(strstr(error.text, "row 2 holds a value that is infinite"));
    stream_close(reader);
    free(bytes.data);
}

/* Wherever in a row it is, and however long the row. */
static void test_every_value_is_checked(void **state)
{
    (void)state;
    enum { MOST = 70 };
    const struct stream_record record = {.source = "here", .row = 4};
    for (uint32_t dim = 1; dim <= MOST; dim++)
        for (uint32_t at = 0; at < 2 * dim; at++) {
            struct error error = {0};
            float x[2 * MOST];
            size_t missing = 0;
            for (uint32_t i = 0; i < 2 * dim; i++)
                x[i] = i % 2 ? FLT_MAX : -FLT_MIN;
            x[at] = NAN;
            assert_true(samples_check_finite(&record, x, 2, dim, &missing, &error));
            assert_int_equal(missing, 1);
            x[at] = at % 2 ? INFINITY : -INFINITY;
            assert_false(samples_check_finite(&record, x, 2, dim, &missing, &error));
            assert_non_null(strstr(error.text, at < dim ? "here: row 5 " : "here: row 6 "));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_load),
        cmocka_unit_test(test_samples_load_told),
        cmocka_unit_test(test_samples_load_no_rows),
        cmocka_unit_test(test_samples_load_refuses_nan),
        cmocka_unit_test(test_every_value_is_checked),
    };
    return RUN_TESTS_WITH_FILE("samples", tests);
}
