/*
 * sort: the values of a feature, with the row of each.
 *
 * Internal to the folder.
 */
#ifndef FOREST_SORT_H
#define FOREST_SORT_H

#include "forest/ranks.h"

#include <stdint.h>

/* By what values were sorted: where they lie among all, their leading bits, or all bits. */
enum sort_way { SORT_EVEN, SORT_LEADING, SORT_ALL };

/*
 * Sorts the values of rows 0 to count - 1, of which there is one at least. An item is a value's
 * bits, made to ascend as unsigned numbers do (ranks_bits; RANKS_MISSING of a missing one), above
 * the number of its row: of equal values the lower row comes first. `items` and `spare` have room
 * for `count` each; returns which of them the items are in.
 */
typedef uint64_t *sorter(const float *values, uint32_t count, uint64_t *items, uint64_t *spare,
                         enum sort_way *way);

static inline float item_value(uint64_t item)
{
    return ranks_value((uint32_t)(item >> 32));
}

/*
 * Fills a bitmap of `count` items, none of which is missing: which of them are tight, not parted
 * from the next one. Its words are ranks_words(count).
 */
typedef void tight_marker(const uint64_t *sorted, uint32_t count, uint64_t *tight);

#endif
