/*
 * wide: the rows of a node in a feature's order. Part of wide_lanes.h.
 *
 * Of few rows the ranks are compared all with all, in vectors, which takes no branch that could not
 * be foreseen; those of many are marked in a bitmap, which is then read.
 *
 * A file that has a better way to read it defines WIDE_ORDER.
 */
#ifndef FOREST_WIDE_ORDER_H
#define FOREST_WIDE_ORDER_H

#include "base/unroll.h"
#include "forest/lanes.h"
#include "forest/wide.h"

enum {
    WIDE_FEW = LANES_BYTES, /* rows; their ranks fill four vectors */
    WIDE_DENSE = 10         /* ranks of 64, at the mean, from which on words are called dense */
};

/*
 * Notes where the rows of each rank are, and the ranks: of few rows in a list, of many in the
 * bitmap; apart from them the places of rows whose value is missing. Returns how many are not.
 */
static inline __attribute__((always_inline)) uint32_t wide_scatter(const struct wide_node *wide,
                                                                   const struct rank_column *column,
                                                                   bool is_wide, bool gaps,
                                                                   bool many)
{
    const uint32_t *rows = wide->node->rows, count = wide->node->count;
    uint32_t *rank = wide->rank, *places = wide->places, *absent = wide->absent, present = 0;
    uint64_t *taken = wide->taken;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t here = rank_of(column->rank, is_wide, rows[i]);
        const bool there = !gaps || here < column->present;
        places[here] = i;
        if (many)
            taken[here / 64] |= (uint64_t)there << here % 64;
        else
            rank[present] = here;
        if (gaps)
            absent[i - present] = i;
        present += there;
    }
    return present;
}

/* Whole numbers with a sign, which is what more machines compare; ranks are below 2^31. */
typedef int32_t lanes32_signed __attribute__((vector_size(LANES_BYTES)));

/* `count` ranks that fill up to so many vectors: each one's place is how many are lower. */
static inline __attribute__((always_inline)) void wide_sort(uint32_t *rank, uint32_t count,
                                                            const unsigned vectors)
{
    enum { LANES = LANES_OF(uint32_t) };
    lanes32_signed ranks[WIDE_FEW / LANES], lower[WIDE_FEW / LANES] = {0};
    uint32_t from[WIDE_FEW], place[WIDE_FEW];
    memcpy(from, rank, vectors * sizeof *ranks);
    memcpy(ranks, from, vectors * sizeof *ranks);
    for (uint32_t i = 0; i < count; i++) {
        const lanes32_signed zero = {0}, other = zero + (int32_t)from[i];
        UNROLL(8)
        for (unsigned v = 0; v < vectors; v++)
            lower[v] -= ranks[v] > other;
    }
    memcpy(place, lower, vectors * sizeof *lower);
    for (uint32_t i = 0; i < count; i++)
        rank[place[i]] = from[i];
}

static inline void wide_sort_few(uint32_t *rank, uint32_t count)
{
    enum { LANES = LANES_OF(uint32_t) };
    if (count <= LANES)
        wide_sort(rank, count, 1);
    else if (count <= 2 * LANES)
        wide_sort(rank, count, 2);
    else
        wide_sort(rank, count, 4);
}

#ifndef WIDE_ORDER
/*
 * The ranks of a word of the bitmap. How many there are can't be foreseen, where to leave a loop
 * over them as little: a few are written at a time, even where there are none, and what is too much
 * is written over.
 */
static inline uint32_t *wide_read_word(uint32_t *to, uint64_t taken, uint32_t first, bool dense)
{
    enum { STEP = 4 };
    uint32_t *const end = to + __builtin_popcountll(taken);
    (void)dense;
    do {
        UNROLL(4)
        for (int i = 0; i < STEP; i++, taken &= taken - 1)
            to[i] = first + (uint32_t)__builtin_ctzll(taken | UINT64_C(1) << 63);
        to += STEP;
    } while (to < end);
    return end;
}
#endif

static inline __attribute__((always_inline)) void wide_read(const struct wide_node *wide,
                                                            uint32_t count, bool dense)
{
    uint64_t *taken = wide->taken;
    uint32_t *to = wide->rank, *const end = to + count;
    for (uint32_t word = 0; to < end; word++) {
        const uint64_t here = taken[word];
        taken[word] = 0;
        to = wide_read_word(to, here, word * 64, dense);
    }
}

static inline __attribute__((always_inline)) uint32_t wide_scatter_by(
    const struct wide_node *wide, const struct rank_column *column, bool many)
{
    if (column->gaps)
        return column->wide ? wide_scatter(wide, column, true, true, many)
                            : wide_scatter(wide, column, false, true, many);
    return column->wide ? wide_scatter(wide, column, true, false, many)
                        : wide_scatter(wide, column, false, false, many);
}

/* Leaves the ranks in order; returns how many there are. */
static inline uint32_t wide_order(const struct wide_node *wide, const struct rank_column *column)
{
    uint32_t present;
    if (wide->node->count <= WIDE_FEW) {
        present = wide_scatter_by(wide, column, false);
        wide_sort_few(wide->rank, present);
    } else {
        present = wide_scatter_by(wide, column, true);
        if (present / WIDE_DENSE > ranks_words(wide->node->view->ranks->rows))
            wide_read(wide, present, true);
        else
            wide_read(wide, present, false);
    }
    return present;
}

#endif
