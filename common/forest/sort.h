/*
 * sort: the values of a feature, with the row of each.
 *
 * Internal to the folder.
 */
#ifndef FOREST_SORT_H
#define FOREST_SORT_H

#include <stdint.h>

/* By what values were sorted: where they lie among all, their leading bits, or all bits. */
enum sort_way { SORT_EVEN, SORT_LEADING, SORT_ALL };

/*
 * Sorts the values of rows 0 to count - 1, of which there is one at least. An item is a value's
 * bits, made to ascend as unsigned numbers do (ranks_bits; RANKS_MISSING of a missing one), above
 * the number of its row: of equal values the lower row comes first. `items` and `spare` have room
 * for `count` each; returns which of them the items are in.
 */
uint64_t *sort_values(const float *values, uint32_t count, uint64_t *items, uint64_t *spare,
                      enum sort_way *way);

#endif
