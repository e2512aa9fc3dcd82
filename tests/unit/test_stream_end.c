/* End records as the packers of other languages write them: every number in a width of its own. */
#include "base/crc32.h"
#include "stream/end.h"

#include "streams.h"

/* A msgpack unsigned of `width` bytes behind its first one; 0: in the first one. */
static size_t put_number(unsigned char *to, size_t width, uint64_t value)
{
    static const unsigned char types[] = {[1] = 0xcc, [2] = 0xcd, [4] = 0xce, [8] = 0xcf};
    if (width == 0) {
        to[0] = (unsigned char)value;
        return 1;
    }
    to[0] = types[width];
    for (size_t i = 0; i < width; i++)
        to[1 + i] = (unsigned char)(value >> 8 * (width - 1 - i));
    return 1 + width;
}

static size_t put_text(unsigned char *to, const char *text)
{
    memcpy(to, text, strlen(text));
    return strlen(text);
}

/* The widths of rows, blocks, and the CRC; the digest's numbers. */
struct widths {
    size_t rows, blocks, crc;
    uint64_t size;
};

static struct bytes whole; /* the stream of cases[0], made by set_up */

/* That stream with another end; `*at` is where that begins. */
static struct bytes with_end(struct widths widths, size_t *at)
{
    size_t used = whole.size - STREAM_END_SIZE;
    unsigned char *data = malloc(used + 128);
    assert_non_null(data);
    memcpy(data, whole.data, used);
    *at = used;
    used += put_text(data + used, "\x85\xa3"
                                  "end\xc3\xa4"
                                  "rows");
    used += put_number(data + used, widths.rows, 4);
    used += put_text(data + used, "\xa6"
                                  "blocks");
    used += put_number(data + used, widths.blocks, 2);
    used += put_text(data + used, "\xa4"
                                  "read\x82\xa5"
                                  "crc32");
    used += put_number(data + used, 4, source_digest.crc32);
    used += put_text(data + used, "\xa4"
                                  "size");
    used += put_number(data + used, 8, widths.size);
    used += put_text(data + used, "\xa5"
                                  "crc32");
    data[used] = 0xce;
    uint32_t crc = crc32_of(0, data, used + 1);
    used += put_number(data + used, widths.crc, crc);
    return (struct bytes){data, used};
}

static enum status read_back(const unsigned char *data, size_t size, struct error *error)
{
    uint64_t rows;
    file_write(test_path, data, size);
    return consume(STREAM_VECTORS, &rows, error);
}

static void test_any_width(void **state)
{
    (void)state;
    static const size_t widths[] = {0, 1, 2, 4, 8};
    for (size_t i = 0; i < LENGTH(widths); i++)
        for (size_t j = 0; j < LENGTH(widths); j++)
            for (size_t crc = 4; crc <= 8; crc += 4) {
                struct error error = {0};
                size_t at;
                struct bytes bytes =
                    with_end((struct widths){widths[i], widths[j], crc, source_digest.size}, &at);
                assert_int_equal(read_back(bytes.data, bytes.size, &error), STATUS_DONE);
                free(bytes.data);
            }
}

/* The CRC-32 itself may be small, and then stand in two bytes: a size is looked for that does it.
 */
static void test_small_crc(void **state)
{
    (void)state;
    size_t at;
    struct bytes bytes = with_end((struct widths){8, 8, 2, 0}, &at);
    unsigned char *number = bytes.data + bytes.size - 3, *size = number - 6 - 4;
    uint32_t crc = UINT32_MAX;
    for (uint32_t i = 0; crc > UINT16_MAX; i++) {
        put_number(size - 1, 4, i);
        size[-1] = 0; /* the lower half of eight bytes */
        number[0] = 0xce;
        crc = crc32_of(0, bytes.data, (size_t)(number + 1 - bytes.data));
    }
    put_number(number, 2, crc);
    file_write(test_path, bytes.data, bytes.size);
    struct error error = {0};
    struct stream_header header;
    struct stream_record record = {0};
    struct stream_reader *reader = stream_open(test_path, &error);
    assert_true(stream_read_any_header(reader, &header, &error));
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_BLOCK);
    assert_int_equal(stream_next(reader, &record, &error), STREAM_END);
    stream_record_free(&record);
    stream_header_free(&header);
    stream_close(reader);
    free(bytes.data);
}

/*
 * A change is damage, wherever it is; only one of a number's first byte may look like a cut, which
 * takes the very same bytes.
 */
static void test_changed_or_cut(void **state)
{
    (void)state;
    static const unsigned char changes[] = {0x01, 0x02, 0x04, 0x08, 0x10,
                                            0x20, 0x40, 0x80, 0xca, 0xff};
    struct error error = {0};
    size_t at;
    struct bytes bytes = with_end((struct widths){0, 2, 4, source_digest.size}, &at);
    for (size_t i = at; i < bytes.size; i++)
        for (size_t c = 0; c < sizeof changes; c++) {
            bytes.data[i] ^= changes[c];
            enum status status = read_back(bytes.data, bytes.size, &error);
            bytes.data[i] ^= changes[c];
            unsigned char byte = bytes.data[i];
            bool opens = byte == 4 || (byte >= 0xcc && byte <= 0xcf); /* rows are 4 */
            assert_true(status == STATUS_INPUT || (opens && status == STATUS_CUT));
        }
    for (size_t size = at; size < bytes.size; size++)
        assert_int_equal(read_back(bytes.data, size, &error), STATUS_CUT);
    free(bytes.data);
}

/* A length in the middle that points past the end: damage, as at full width. */
static void test_length_past_the_end(void **state)
{
    (void)state;
    struct error error = {0};
    size_t at;
    struct bytes bytes = with_end((struct widths){0, 0, 8, source_digest.size}, &at);
    /* The second block's column x: a bin of 8 bytes, the last thing before the end. */
    assert_int_equal(bytes.data[at - 9], 8);
    bytes.data[at - 9] = 200;
    assert_int_equal(read_back(bytes.data, bytes.size, &error), STATUS_INPUT);
    assert_non_null(strstr(error.text, "points past the end"));
    free(bytes.data);
}

static int set_up(void **state)
{
    test_path_make(state);
    whole = make_stream(&cases[0]);
    return 0;
}

static int tear_down(void **state)
{
    free(whole.data);
    return test_path_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_width),
        cmocka_unit_test(test_small_crc),
        cmocka_unit_test(test_changed_or_cut),
        cmocka_unit_test(test_length_past_the_end),
    };
    return cmocka_run_group_tests_name("stream_end", tests, set_up, tear_down);
}
