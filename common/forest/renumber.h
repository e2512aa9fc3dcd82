/*
 * renumber: ranks of some rows as ranks among themselves. Included by the files that compile it,
 * as an instruction that counts bits makes it twice as fast.
 *
 * Internal to ranks_take and to the order of nodes (order.h, few_lanes.h).
 */
#ifndef FOREST_RENUMBER_H
#define FOREST_RENUMBER_H

#include "base/unroll.h"
#include "forest/ranks.h"

/* How many taken ranks come before this one; the words before it are counted. */
static inline uint32_t renumber_one(const struct ranks_scratch *scratch, uint32_t rank)
{
    uint64_t below = scratch->taken[rank / 64] & ((UINT64_C(1) << rank % 64) - 1);
    return scratch->before[rank / 64] + (uint32_t)__builtin_popcountll(below);
}

static inline void renumber_words(struct ranks_scratch *scratch, size_t words)
{
    const uint64_t *taken = scratch->taken;
    uint32_t *to = scratch->before, before = 0;
    UNROLL(4)
    for (size_t word = 0; word < words; word++) {
        to[word] = before;
        before += (uint32_t)__builtin_popcountll(taken[word]);
    }
}

static inline void renumber_all(struct ranks_scratch *scratch, size_t words, uint32_t count,
                                void *to, bool wide)
{
    uint32_t *wide_to = to;
    uint16_t *narrow_to = to;
    renumber_words(scratch, words);
    if (wide)
        for (uint32_t i = 0; i < count; i++)
            wide_to[i] = renumber_one(scratch, scratch->rank[i]);
    else
        for (uint32_t i = 0; i < count; i++)
            narrow_to[i] = (uint16_t)renumber_one(scratch, scratch->rank[i]);
}

#endif
