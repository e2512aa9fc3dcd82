/*
 * tight: which sorted values are too close to the next one to be parted. Included, once, by the
 * files that compile it for an instruction set.
 */
#ifndef FOREST_TIGHT_LANES_H
#define FOREST_TIGHT_LANES_H

#include "forest/sort.h"

/* A bit for each of the first `count` items, at most 64: it is not parted from the next one. */
static uint64_t tight_bits(const uint64_t *sorted, uint32_t count)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < count; i++)
        bits |= (uint64_t)!values_parted(item_value(sorted[i]), item_value(sorted[i + 1])) << i;
    return bits;
}

/* Whether any of 64 items is. A compiler makes vector code of it: of arrays of its own and a number
   that it knows. */
static bool any_tight(const uint64_t *sorted)
{
    enum { ITEMS = 64 };
    float values[ITEMS + 1];
    uint32_t tight = 0;
    for (unsigned i = 0; i < ITEMS; i++)
        values[i] = item_value(sorted[i]);
    values[ITEMS] = item_value(sorted[ITEMS]);
    for (unsigned i = 0; i < ITEMS; i++)
        tight |= !values_parted(values[i], values[i + 1]);
    return tight;
}

/* As sort.h has it. They are few, mostly. */
static void mark_tight(const uint64_t *sorted, uint32_t count, uint64_t *tight)
{
    for (uint32_t rank = 0; rank < count; rank += 64) {
        const uint32_t left = count - 1 - rank, here = left < 64 ? left : 64;
        tight[rank / 64] =
            here == 64 && !any_tight(sorted + rank) ? 0 : tight_bits(sorted + rank, here);
    }
}

#endif
