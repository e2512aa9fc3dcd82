/*
 * row: one document's features, in ascending order.
 */
#ifndef LINEAR_ROW_H
#define LINEAR_ROW_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts `count` features, each below 2^bits, with their values, which are above 0; equal features
 * stay neighbours, in whatever order. `room` has place for 2 x count.
 */
void row_sort(uint32_t *feature, float *value, size_t count, unsigned bits, uint64_t *room);

/* Makes one entry of those in a row that have the same feature, whose values add up. Returns how
   many are left. */
size_t row_merge(uint32_t *feature, float *value, size_t count);

/* The bits that hold the numbers 0 .. features. */
unsigned row_bits(uint32_t features);

#endif
