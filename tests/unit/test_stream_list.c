/* Lists of terms as they lie in a record: each way to say how long one is, and what is no UTF-8. */
#include "stream/frame.h"

#include "streams.h"

enum { SIZES = 7, LONGEST = 70000, WITHIN = 5 /* of the changed byte in its term */ };

static const size_t sizes[SIZES] = {0, 1, 31, 32, 200, 300, LONGEST}; /* each way to say a length */
static struct stream_part sized[] = {{{"word", 4}, SIZES, (float[]){0, 0}}};
static char letters[SIZES][LONGEST];

static void write_sizes(struct stream_writer *writer, struct error *error)
{
    const uint32_t ones[SIZES] = {1, 1, 1, 1, 1, 1, 1};
    const float zeros[2 * SIZES] = {0};
    struct text terms[SIZES];
    for (int i = 0; i < SIZES; i++)
        terms[i] = (struct text){letters[i], sizes[i]};
    assert_true(linear_write_view(writer, SIZES, 2, terms, ones, zeros, error));
}

static const struct kind_case of_sizes = {{.kind = STREAM_LINEAR,
                                           .samples = 4,
                                           .class_count = 2,
                                           .classes = classes,
                                           .part_count = 1,
                                           .parts = sized},
                                          write_sizes,
                                          SIZES};

static void assert_sizes(void)
{
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct linear_block block;
    free(make_stream(&of_sizes).data);
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_header(reader, STREAM_LINEAR, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_true(linear_decode(&header, &record, &block, &error));
    const unsigned char *at = block.terms.names;
    for (int i = 0; i < SIZES; i++)
        assert_true(text_equal(stream_list_next(&at), (struct text){letters[i], sizes[i]}));
    assert_ptr_equal(at, block.terms.names + block.terms.size);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
}

/* Writes the stream with half of the character of two bytes that is number `which` of these. */
static void write_halved(size_t which)
{
    struct bytes stream = make_stream(&of_sizes);
    size_t at = 0;
    for (size_t passed = 0; passed <= which; at++)
        passed += memcmp(stream.data + at, "\xc3\xbc", 2) == 0;
    stream.data[at] = 'a';
    file_write(test_path, stream.data, stream.size);
    free(stream.data);
}

/* ASCII, then a character of two bytes in each that has room for it, then half of one. */
static void test_terms_of_all_sizes(void **state)
{
    (void)state;
    memset(letters, 'a', sizeof letters);
    assert_sizes();
    for (int i = 2; i < SIZES; i++) {
        memcpy(letters[i] + WITHIN, "\xc3\xbc", 2);
        assert_sizes();
    }
    for (int i = 2; i < SIZES; i++) {
        struct error error = {0};
        char sentence[64];
        uint64_t rows;
        snprintf(sentence, sizeof sentence, "column terms, row %d is not a UTF-8 string", i + 1);
        write_halved((size_t)i - 2);
        assert_int_equal(consume(STREAM_LINEAR, &rows, &error), STATUS_INPUT);
        assert_non_null(strstr(error.text, sentence));
    }
}

/* Where the last array in a map lies, also where it ends the map: by hand. */
static void test_inner_lists(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size, begin, end;
    } maps[] = {{"\x81\xa1k\x92\x01\x02", 6, 3, 6},
                {"\x82\xa1k\x92\x01\x02\xa1l\x03", 9, 3, 6},
                {"\x82\xa1k\x91\x01\xa1l\x92\x01\x91\x02", 11, 7, 11}};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        struct frame frame = {0};
        uint64_t needed;
        const char *why;
        assert_int_equal(frame_advance(&frame, (const unsigned char *)maps[i].bytes, maps[i].size,
                                       1 << 20, &needed, &why),
                         FRAME_WHOLE);
        assert_int_equal(frame.at, maps[i].size);
        assert_int_equal(frame.inner, maps[i].begin);
        assert_int_equal(frame.inner_end, maps[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_of_all_sizes),
        cmocka_unit_test(test_inner_lists),
    };
    return RUN_TESTS_WITH_FILE("stream_list", tests);
}
