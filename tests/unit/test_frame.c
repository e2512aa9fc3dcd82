/* Where an object ends, found from its bytes as they come. */
#include "stream/frame.h"

#include "streams.h"

static enum frame_state frame_of(const char *bytes, size_t size, struct frame *frame,
                                 uint64_t *needed)
{
    const char *why;
    *frame = (struct frame){0};
    return frame_advance(frame, (const unsigned char *)bytes, size, 1000, needed, &why);
}

static void test_frames(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum frame_state state;
        uint64_t number; /* WHOLE: where it ends; MORE: how much is missing; BAD: where */
    } rows[] = {
        {"", 0, FRAME_MORE, 1},
        {"\xc0\xc0", 2, FRAME_WHOLE, 1},
        {"\x7f", 1, FRAME_WHOLE, 1},
        {"\xa3"
         "ab",
         3, FRAME_MORE, 1},
        {"\xa3"
         "abc",
         4, FRAME_WHOLE, 4},
        {"\xc4\x05"
         "ab",
         4, FRAME_MORE, 3},
        {"\xcf\0\0", 3, FRAME_MORE, 6},
        {"\x80", 1, FRAME_WHOLE, 1},
        {"\x81\xa1"
         "n\x92\1\2",
         6, FRAME_WHOLE, 6},
        {"\x81\xa1"
         "n\x92\1",
         5, FRAME_MORE, 1},
        {"\xdc\0\2\1\2", 5, FRAME_WHOLE, 5},
        {"\xdf\0\0\0\1\1\2\3", 8, FRAME_WHOLE, 7},
        {"\xc1", 1, FRAME_BAD, 0},
        {"\x91\xd4\0\0", 4, FRAME_BAD, 1},                              /* ext */
        {"\xc6\xff\xff\xff\xff", 5, FRAME_BAD, 0},                      /* beyond the limit */
        {"\xdd\xff\xff\xff\xff", 5, FRAME_BAD, 0},                      /* too many objects */
        {"\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0", 10, FRAME_BAD, 8}, /* nine deep */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct frame frame;
        uint64_t needed = 0;
        assert_int_equal(frame_of(rows[i].bytes, rows[i].size, &frame, &needed), rows[i].state);
        assert_int_equal(rows[i].state == FRAME_MORE ? needed : frame.at, rows[i].number);
    }
}

/* Lists of short strings, cut anywhere; and of one that the limit does not take. */
static void test_strings(void **state)
{
    (void)state;
    static const char bytes[] = "\x82\xa1n\x94\xa3one\xa0\xa2it\xa1x\xa1y\xc0";
    struct frame frame;
    uint64_t needed;
    for (size_t size = 0; size < sizeof bytes - 1; size++) {
        assert_int_equal(frame_of(bytes, size, &frame, &needed), FRAME_MORE);
        assert_in_range(needed, 1, sizeof bytes - 1 - size);
    }
    assert_int_equal(frame_of(bytes, sizeof bytes - 1, &frame, &needed), FRAME_WHOLE);
    assert_int_equal(frame.at, sizeof bytes - 1);
    assert_int_equal(frame.objects, 8);
    for (size_t limit = 4; limit < 13; limit++) {
        const char *why;
        frame = (struct frame){0};
        assert_int_equal(frame_advance(&frame, (const unsigned char *)bytes, sizeof bytes - 1,
                                       limit, &needed, &why),
                         FRAME_BAD);
        assert_true(frame.at <= limit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_strings),
    };
    return RUN_TESTS_WITH_FILE("frame", tests);
}
