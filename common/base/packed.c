/*
 * The bytes of a number are put in the order of value, and then taken for what it is; float32 of
 * this machine's order are copied.
 */
#include "base/packed.h"

#include <string.h>

size_t packed_width(enum packed_type type)
{
    static const unsigned char widths[] = {
        [PACKED_FLOAT16] = 2, [PACKED_FLOAT32] = 4, [PACKED_FLOAT64] = 8, [PACKED_INT8] = 1,
        [PACKED_INT16] = 2,   [PACKED_INT32] = 4,   [PACKED_INT64] = 8,   [PACKED_UINT8] = 1,
        [PACKED_UINT16] = 2,  [PACKED_UINT32] = 4,  [PACKED_UINT64] = 8};
    return widths[type];
}

uint64_t packed_whole(const void *bytes, size_t width)
{
    const unsigned char *from = bytes;
    uint64_t whole = 0;
    for (size_t i = 0; i < width; i++)
        whole |= (uint64_t)from[i] << 8 * i;
    return whole;
}

/* IEEE 754's binary16; every one of them is a float32. */
static float from_half(uint32_t half)
{
    uint32_t exponent = half >> 10 & 31, fraction = half & 1023, bits;
    float x;
    if (exponent == 0) {
        x = (float)fraction * 0x1p-24f;
        return half >> 15 ? -x : x;
    }
    bits = (half & 0x8000) << 16 | fraction << 13;
    bits |= exponent == 31 ? UINT32_C(0x7f800000) : (exponent + 112) << 23;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float from_single(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float from_double(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return (float)x;
}

static float from_whole(enum packed_type type, uint64_t whole)
{
    switch (type) {
    case PACKED_FLOAT16:
        return from_half((uint32_t)whole);
    case PACKED_FLOAT32:
        return from_single((uint32_t)whole);
    case PACKED_FLOAT64:
        return from_double(whole);
    case PACKED_INT8:
        return (float)(int8_t)whole;
    case PACKED_INT16:
        return (float)(int16_t)whole;
    case PACKED_INT32:
        return (float)(int32_t)whole;
    case PACKED_INT64:
        return (float)(int64_t)whole;
    default:
        return (float)whole;
    }
}

static bool is_big_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 0;
}

void packed_floats(struct packed packed, const void *bytes, size_t count, float *x)
{
    const unsigned char *from = bytes;
    size_t width = packed_width(packed.type);
    if (packed.type == PACKED_FLOAT32 && packed.big_endian == is_big_endian()) {
        memcpy(x, bytes, count * sizeof *x);
        return;
    }
    for (size_t i = 0; i < count; i++, from += width)
        x[i] = from_whole(packed.type,
                          packed.big_endian ? packed_big(from, width) : packed_whole(from, width));
}
