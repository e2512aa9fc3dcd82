/*
 * numbers: packed little-endian numbers of a column, whatever the host's byte order.
 *
 * Columns lie in a stream at any alignment, so they are copied, never cast to.
 */
#ifndef STREAM_NUMBERS_H
#define STREAM_NUMBERS_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What all results rest on: IEEE 754's formats, and no more bits on the way than they have. */
_Static_assert(sizeof(float) == 4 && FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53 &&
                   FLT_EVAL_METHOD == 0,
               "this machine's floats would give other results");

/* Nor is there a sum in the order that it is written in, or a number that is none, where a compiler
   takes them for others. */
#if defined __FAST_MATH__ || defined __ASSOCIATIVE_MATH__ || __FINITE_MATH_ONLY__ + 0
#error "-Ofast and -ffast-math give other results, and let damaged streams through: leave them out"
#endif

/* Whether this machine has numbers in that order itself. */
enum { NUMBERS_OURS = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

/* Copies `count` numbers of `width` (1, 2, 4 or 8) bytes from or to little-endian order. */
static inline void numbers_copy(void *to, const void *from, size_t count, size_t width)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (count)
        memcpy(to, from, count * width);
#else
    const unsigned char *in = from;
    unsigned char *out = to;
    for (size_t i = 0; i < count; i++)
        for (size_t byte = 0; byte < width; byte++)
            out[i * width + byte] = in[i * width + width - 1 - byte];
#endif
}

/* Numbers in the host's order: where they lie, or where that is another order in `room`. */
static inline const void *numbers_view(void *room, const void *from, size_t count, size_t width)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    (void)room, (void)count, (void)width;
    return from;
#else
    numbers_copy(room, from, count, width);
    return room;
#endif
}

static inline int32_t numbers_int32(const unsigned char *bytes, size_t index)
{
    int32_t value;
    numbers_copy(&value, bytes + index * sizeof value, 1, sizeof value);
    return value;
}

static inline float numbers_float32(const unsigned char *bytes, size_t index)
{
    float value;
    numbers_copy(&value, bytes + index * sizeof value, 1, sizeof value);
    return value;
}

#endif
