/*
 * wide: whether one of the cuts of a block of rows may be the best. Included, once, by the files
 * that compile it for an instruction set.
 */
#ifndef FOREST_WIDE_LANES_H
#define FOREST_WIDE_LANES_H

#include "forest/lanes.h"

typedef int64_t lanes64_signed __attribute__((vector_size(LANES_BYTES)));

/* Numbers below 2^63, rounded. */
static inline lanes_double wide_doubles(const uint64_t *numbers)
{
    return __builtin_convertvector(*(const lanes64_signed *)numbers, lanes_double);
}

/* As kernels.h has it. */
static bool wide_promising(const struct wide_block *block, double squares, double weight,
                           double bound)
{
    const lanes_double all = lanes_all(weight), total = lanes_all(squares);
    lanes64 any = {0};
    for (uint32_t i = 0; i < WIDE_ROWS; i += LANES_OF(uint64_t)) {
        const lanes_double left = wide_doubles(block->weight + i), right = all - left;
        const lanes_double below = wide_doubles(block->squares + i);
        const lanes_double above = total - wide_doubles(block->twice + i) + below;
        any |= (lanes64)(below * right + above * left > lanes_all(bound) * (left * right));
    }
    return lanes_any(any);
}

#endif
