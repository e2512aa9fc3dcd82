/* Gzip: members, headers, ends of data at any bit and byte; whole, cut and damaged. */
#define _GNU_SOURCE
#include "helpers.h"
#include "packing.h"
#include "sources.h"

static void test_gzip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 65536, 700000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int level = 0; level < 10; level += 3) {
            struct bytes text = some_text(i, sizes[i]), file = {0};
            append_deflated(&file, text, level, GZIP_WINDOW);
            file_write(test_path, file.data, file.size);
            assert_reads(test_path, NULL, text, 1 + 997 * i);
            assert_reads(test_path, NULL, text, 262144);
            if (level == 6)
                assert_reads_piped(file, text, 501);
            free(text.data);
            free(file.data);
        }
    }
}

/* Members of many sizes: the deflate data ends at any bit, and the next header at any byte. */
static void test_gzip_members(void **state)
{
    (void)state;
    struct bytes text = {calloc(1, 1), 0}, file = {0};
    for (uint64_t i = 0; i < 400; i++) {
        struct bytes part = some_text(i, (size_t)(i * 7 % 500));
        append_deflated(&file, part, (int)(i % 10), GZIP_WINDOW);
        text.data = realloc(text.data, text.size + part.size + 1);
        memcpy(text.data + text.size, part.data, part.size);
        text.size += part.size;
        free(part.data);
    }
    file_write(test_path, file.data, file.size);
    assert_reads(test_path, NULL, text, 1000);
    assert_reads(test_path, NULL, text, 262144);
    assert_reads_piped(file, text, 13);
    /* Zeros behind the last member are none of its business, anything else is. */
    file.data = realloc(file.data, file.size + 512);
    memset(file.data + file.size, 0, 512);
    file.size += 512;
    file_write(test_path, file.data, file.size);
    assert_reads(test_path, NULL, text, 1000);
    file.data[file.size - 100] = 'x';
    file_write(test_path, file.data, file.size);
    assert_fails(NULL, STATUS_INPUT, "no gzip data any more");
    free(text.data);
    free(file.data);
}

/*
 * The first member's data ends around the end of a full buffer: what an inflater took too much of
 * lies in the buffer before. A name in its header shifts it there.
 */
static void test_gzip_data_that_ends_with_a_buffer(void **state)
{
    (void)state;
    enum { BUFFER = 256 * 1024, HEADER = 10, TRAILER = 8 };
    struct bytes text = some_text(3, 400000), raw = {0};
    append_deflated(&raw, text, 1, BARE_WINDOW);
    size_t blocks = (HEADER + raw.size) / BUFFER + 1;
    uint32_t crc = (uint32_t)crc32_z(0, text.data, text.size);
    for (size_t past = 0; past < 24; past++) {
        size_t end = blocks * BUFFER - 12 + past, name = end - HEADER - raw.size;
        struct bytes file = {calloc(1, end + TRAILER), 0};
        memcpy(file.data, "\x1f\x8b\10\10", 4);
        memset(file.data + HEADER, 'n', name - 1);
        memcpy(file.data + end - raw.size, raw.data, raw.size);
        for (int i = 0; i < 4; i++) {
            file.data[end + (size_t)i] = (unsigned char)(crc >> 8 * i);
            file.data[end + 4 + (size_t)i] = (unsigned char)(text.size >> 8 * i);
        }
        file.size = end + TRAILER;
        append_deflated(&file, (struct bytes){text.data, 100}, 6, GZIP_WINDOW);
        struct bytes both = {malloc(text.size + 100), text.size + 100};
        memcpy(both.data, text.data, text.size);
        memcpy(both.data + text.size, text.data, 100);
        file_write(test_path, file.data, file.size);
        assert_reads(test_path, NULL, both, 262144);
        assert_reads(test_path, NULL, both, text.size - 2); /* that it ended is told later */
        free(both.data);
        free(file.data);
    }
    free(text.data);
    free(raw.data);
}

static void test_gzip_header_fields(void **state)
{
    (void)state;
    struct bytes text = some_text(1, 500), raw = {0}, file = {malloc(4096), 0};
    append_deflated(&raw, text, 6, BARE_WINDOW);
    /* Extra field of 5 bytes, name, comment, CRC-16 of the header (which is passed over). */
    static const unsigned char header[] = {0x1f, 0x8b, 8, 0x1e, 1,   2, 3, 4, 0,
                                           3,    5,    0, 9,    8,   7, 6, 5, 'a',
                                           '.',  't',  0, 'h',  'i', 0, 1, 2};
    memcpy(file.data, header, sizeof header);
    memcpy(file.data + sizeof header, raw.data, raw.size);
    file.size = sizeof header + raw.size;
    uint32_t crc = (uint32_t)crc32_z(0, text.data, text.size);
    for (int i = 0; i < 4; i++) {
        file.data[file.size + (size_t)i] = (unsigned char)(crc >> 8 * i);
        file.data[file.size + 4 + (size_t)i] = (unsigned char)(text.size >> 8 * i);
    }
    file.size += 8;
    file_write(test_path, file.data, file.size);
    assert_reads(test_path, NULL, text, 100);
    file.data[3] |= 0x40;
    file_write(test_path, file.data, file.size);
    assert_fails(NULL, STATUS_INPUT, "no gzip data");
    free(text.data);
    free(raw.data);
    free(file.data);
}

static void test_gzip_cut_anywhere(void **state)
{
    (void)state;
    struct bytes text = some_text(5, 400), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    size_t first = file.size;
    append_deflated(&file, text, 6, GZIP_WINDOW);
    for (size_t size = 2; size < file.size; size++) {
        if (size == first)
            continue;
        file_write(test_path, file.data, size);
        assert_fails(NULL, STATUS_CUT, "ends early");
    }
    free(text.data);
    free(file.data);
}

/* With any one byte changed it is refused, or the byte did not matter. */
static void test_gzip_damaged_anywhere(void **state)
{
    (void)state;
    struct bytes text = some_text(6, 400), file = {0};
    append_deflated(&file, text, 6, GZIP_WINDOW);
    for (size_t at = 2; at < file.size; at++) {
        file.data[at] ^= (unsigned char)(1 + at % 255);
        file_write(test_path, file.data, file.size);
        EACH_INFLATER (i) {
            struct outcome outcome = read_source(test_path, NULL, 128);
            if (outcome.error.status == STATUS_DONE) {
                assert_in_range(at, 4, 9); /* time, flags and system in the header */
                assert_int_equal(outcome.bytes.size, text.size);
                assert_memory_equal(outcome.bytes.data, text.data, text.size);
            } else {
                assert_in_range(outcome.error.status, STATUS_INPUT, STATUS_CUT);
            }
            free(outcome.bytes.data);
        }
        file.data[at] ^= (unsigned char)(1 + at % 255);
    }
    free(text.data);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_gzip_members),
        cmocka_unit_test(test_gzip_data_that_ends_with_a_buffer),
        cmocka_unit_test(test_gzip_header_fields),
        cmocka_unit_test(test_gzip_cut_anywhere),
        cmocka_unit_test(test_gzip_damaged_anywhere),
    };
    return RUN_TESTS_WITH_FILE("inflated", tests);
}
