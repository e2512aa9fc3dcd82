/*
 * The ranks of some rows among themselves: the old ones are marked in a bitmap, and how many are
 * marked before one is its new rank (renumber.h). Whether neighbours may be too close to be parted
 * is read from the old ones.
 */
#include "forest/ranks.h"

#include "base/memory.h"
#include "forest/renumber.h"

#include <stdlib.h>
#include <string.h>

bool ranks_scratch_begin(struct ranks_scratch *scratch, uint32_t from_rows, uint32_t rows)
{
    scratch->taken = calloc(ranks_words(from_rows), sizeof *scratch->taken);
    scratch->before = memory_array(ranks_words(from_rows), sizeof *scratch->before);
    scratch->rank = memory_array(rows, sizeof *scratch->rank);
    return scratch->taken && scratch->before && scratch->rank;
}

void ranks_scratch_free(struct ranks_scratch *scratch)
{
    free(scratch->taken);
    free(scratch->before);
    free(scratch->rank);
    *scratch = (struct ranks_scratch){0};
}

/* Ranks are many, and lie in no near cache: they are asked for so many rows before. */
enum { RANKS_AHEAD = 64 };

/* Fills scratch->rank with the ranks that the rows have, and marks these as taken. */
static inline void take_ranks(struct ranks_scratch *scratch, const void *from, bool wide,
                              const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (i + RANKS_AHEAD < count)
            __builtin_prefetch((const char *)from +
                               (size_t)rows[i + RANKS_AHEAD] *
                                   (wide ? sizeof(uint32_t) : sizeof(uint16_t)));
        uint32_t rank = rank_of(from, wide, rows[i]);
        scratch->rank[i] = rank;
        scratch->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* The lowest taken rank above this one, or UINT32_MAX. */
static uint32_t next_taken(const struct ranks_scratch *scratch, size_t words, uint32_t rank)
{
    size_t word = rank / 64;
    uint64_t above = scratch->taken[word] & (~UINT64_C(1) << rank % 64);
    while (!above && ++word < words)
        above = scratch->taken[word];
    return above ? (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(above) : UINT32_MAX;
}

/* Whether all ranks from `below` to the one before `above` are tight: no gap parts the two. */
static bool all_tight(const uint64_t *tight, uint32_t below, uint32_t above)
{
    size_t word = below / 64, last = (above - 1) / 64;
    uint64_t gaps = ~tight[word] & ~UINT64_C(0) << below % 64;
    while (!gaps && word < last)
        gaps = ~tight[++word];
    return !gaps || (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(gaps) >= above;
}

/* Marks those of the new ranks that may be too close to the next one, as the old ones were. */
static void keep_tight(const struct ranks_scratch *scratch, const struct rank_column *from,
                       size_t words, uint64_t *tight)
{
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = scratch->taken[word] & from->tight[word]; left; left &= left - 1) {
            uint32_t below = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
            uint32_t above = next_taken(scratch, words, below);
            if (above == UINT32_MAX || above - below > from->span ||
                !all_tight(from->tight, below, above))
                continue;
            uint32_t rank = renumber_one(scratch, below);
            tight[rank / 64] |= UINT64_C(1) << rank % 64;
        }
}

/* The longest run of tight ranks: two that are not parted are in one. */
static uint32_t longest_run(const uint64_t *tight, size_t words)
{
    uint32_t longest = 0, end = 0, run = 0;
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = tight[word]; left; left &= left - 1) {
            uint32_t rank = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(left);
            run = rank == end ? run + 1 : 1;
            end = rank + 1;
            longest = run > longest ? run : longest;
        }
    return longest;
}

static void *column_of(const struct ranks *ranks, uint32_t feature)
{
    size_t first = (size_t)feature * ranks->rows;
    return ranks->wide ? (void *)((uint32_t *)ranks->rank + first)
                       : (void *)((uint16_t *)ranks->rank + first);
}

static void take_keys(struct ranks *ranks, uint32_t feature, const struct ranks *all,
                      const uint32_t *rows)
{
    const uint32_t *from = column_of(all, feature);
    uint32_t *to = column_of(ranks, feature);
    const uint32_t count = ranks->rows;
    for (uint32_t i = 0; i < count; i++) {
        if (i + RANKS_AHEAD < count)
            __builtin_prefetch(from + rows[i + RANKS_AHEAD]);
        to[i] = from[rows[i]];
    }
    ranks->present[feature] = all->present[feature];
}

void ranks_take(struct ranks *ranks, uint32_t feature, const struct ranks *all,
                const uint32_t *rows, struct ranks_scratch *scratch, ranks_renumber *renumber)
{
    if (all->keys) {
        take_keys(ranks, feature, all, rows);
        return;
    }
    struct rank_column from = ranks_column(all, feature);
    size_t words = ranks_words(all->rows), new_words = ranks_words(ranks->rows);
    uint32_t count = ranks->rows;
    if (from.wide)
        take_ranks(scratch, from.rank, true, rows, count);
    else
        take_ranks(scratch, from.rank, false, rows, count);
    renumber(scratch, words, count, column_of(ranks, feature), ranks->wide);
    ranks->present[feature] = from.gaps ? renumber_one(scratch, from.present) : count;
    uint64_t *tight = ranks->tight + feature * new_words;
    memset(tight, 0, new_words * sizeof *tight);
    keep_tight(scratch, &from, words, tight);
    ranks->span[feature] = longest_run(tight, new_words);
    memset(scratch->taken, 0, words * sizeof *scratch->taken);
}
