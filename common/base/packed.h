/*
 * packed: numbers as other programs pack them, to float32.
 */
#ifndef BASE_PACKED_H
#define BASE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packed_type {
    PACKED_FLOAT16,
    PACKED_FLOAT32,
    PACKED_FLOAT64,
    PACKED_INT8,
    PACKED_INT16,
    PACKED_INT32,
    PACKED_INT64,
    PACKED_UINT8,
    PACKED_UINT16,
    PACKED_UINT32,
    PACKED_UINT64
};

struct packed {
    enum packed_type type;
    bool big_endian;
};

/* Bytes of one number. */
size_t packed_width(enum packed_type type);

/*
 * The next `count` numbers, rounded to the nearest float32, ties to even, as numpy's astype does;
 * what is too large becomes infinite. `bytes` is aligned to nothing.
 */
void packed_floats(struct packed packed, const void *bytes, size_t count, float *x);

/* A little-endian whole number of `width` bytes, up to 8. */
uint64_t packed_whole(const void *bytes, size_t width);

/* The same, big-endian. */
static inline uint64_t packed_big(const void *bytes, size_t width)
{
    const unsigned char *from = bytes;
    uint64_t whole = 0;
    for (size_t i = 0; i < width; i++)
        whole = whole << 8 | from[i];
    return whole;
}

#endif
