/* Packed numbers to float32: IEEE 754's encodings, written down by hand. */
#include "base/packed.h"

#include "helpers.h"

#include <math.h>

static float one(enum packed_type type, bool big_endian, const char *bytes)
{
    float x[2] = {-7, -7};
    struct bytes exact = bytes_copy(bytes, packed_width(type));
    packed_floats((struct packed){type, big_endian}, exact.data, 1, x);
    assert_true(x[1] == -7);
    free(exact.data);
    return x[0];
}

static void test_half(void **state)
{
    (void)state;
    assert_true(one(PACKED_FLOAT16, false, "\x00\x3c") == 1);
    assert_true(one(PACKED_FLOAT16, true, "\xc0\x00") == -2);
    assert_true(one(PACKED_FLOAT16, false, "\xff\x7b") == 65504);
    assert_true(one(PACKED_FLOAT16, false, "\x01\x00") == 0x1p-24F);
    assert_true(one(PACKED_FLOAT16, false, "\xff\x03") == 1023 * 0x1p-24F);
    assert_true(one(PACKED_FLOAT16, false, "\x00\x04") == 0x1p-14F);
    assert_true(signbit(one(PACKED_FLOAT16, false, "\x00\x80")) != 0);
    assert_true(isinf(one(PACKED_FLOAT16, false, "\x00\x7c")));
    assert_true(isnan(one(PACKED_FLOAT16, false, "\x01\x7c")));
}

static void test_floats(void **state)
{
    (void)state;
    assert_true(one(PACKED_FLOAT32, false, "\x00\x00\x80\x3f") == 1);
    assert_true(one(PACKED_FLOAT32, true, "\x3f\x80\x00\x00") == 1);
    assert_true(one(PACKED_FLOAT64, false, "\x00\x00\x00\x00\x00\x00\xf8\x3f") == 1.5F);
    /* 1 + 2^-24 lies between two float32, and goes to the even one. */
    assert_true(one(PACKED_FLOAT64, true, "\x3f\xf0\x00\x00\x10\x00\x00\x00") == 1);
    assert_true(one(PACKED_FLOAT64, true, "\x3f\xf0\x00\x00\x10\x00\x00\x01") == 1 + 0x1p-23F);
    /* 1e39 is beyond float32. */
    assert_true(isinf(one(PACKED_FLOAT64, true, "\x48\x07\x82\x87\xf4\x9c\x4a\x1d")));
}

static void test_whole_numbers(void **state)
{
    (void)state;
    assert_true(one(PACKED_INT8, false, "\x80") == -128);
    assert_true(one(PACKED_UINT8, false, "\x80") == 128);
    assert_true(one(PACKED_INT16, true, "\xff\xfe") == -2);
    assert_true(one(PACKED_UINT16, true, "\xff\xfe") == 65534);
    assert_true(one(PACKED_INT32, false, "\xff\xff\xff\xff") == -1);
    assert_true(one(PACKED_UINT32, false, "\xff\xff\xff\xff") == 0x1p32F);
    assert_true(one(PACKED_INT64, false, "\x00\x00\x00\x00\x00\x00\x00\x80") == -0x1p63F);
    assert_true(one(PACKED_UINT64, false, "\x00\x00\x00\x00\x00\x00\x00\x80") == 0x1p63F);
    /* 2^24 + 1 lies between two float32. */
    assert_true(one(PACKED_INT32, false, "\x01\x00\x00\x01") == 0x1p24F);
    assert_int_equal(packed_whole("\x01\x02\x03", 3), 0x030201);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half),
        cmocka_unit_test(test_floats),
        cmocka_unit_test(test_whole_numbers),
    };
    return RUN_TESTS("packed", tests);
}
