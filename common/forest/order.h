/*
 * order: the codes of a node's rows in a feature's order, without sorting them.
 *
 * Each code goes to the slot of its row's rank; the slots are then read from the first to the
 * last, those that are free being left out. Afterwards a bitmap says which ranks were taken. Where
 * rows are few among the ranks the bitmap comes first, and counting its bits tells each code's
 * place. What both ways of scanning share.
 */
#ifndef FOREST_ORDER_H
#define FOREST_ORDER_H

#include "base/unroll.h"
#include "forest/narrow.h"
#include "forest/renumber.h"

#include <string.h>

static inline void order_scatter(const struct scan_node *node, const void *ranks, bool wide)
{
    memset(node->taken, 0, ranks_words(node->ranks) * sizeof *node->taken);
    UNROLL(4)
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t rank = rank_of(ranks, wide, node->rows[i]);
        node->slots[rank] = node->codes[i];
        node->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* Slots that are read at once. */
enum { ORDER_STEP = 4 };

/*
 * Closes up the slots of these words of ranks, and returns how many are taken. That can't be
 * foreseen of a word, where to leave a loop over them as little. So it is left after a few at a
 * time, and what was written too much is written over.
 */
static inline uint32_t order_close_words(const struct scan_node *node, size_t word, size_t words)
{
    const uint16_t *slots = node->slots + word * 64;
    uint16_t *to = node->sorted;
    for (; word < words; word++, slots += 64) {
        uint64_t taken = node->taken[word];
        uint16_t *end = to + __builtin_popcountll(taken);
        for (; to < end; to += ORDER_STEP) {
            UNROLL(8)
            for (int i = 0; i < ORDER_STEP; i++, taken &= taken - 1)
                to[i] = slots[__builtin_ctzll(taken | UINT64_C(1) << 63)];
        }
        to = end;
    }
    return (uint32_t)(to - node->sorted);
}

static inline void order_clear(const struct scan_node *node, const struct ranks_scratch *marks)
{
    memset(marks->taken, 0, ranks_words(node->ranks) * sizeof *marks->taken);
}

static inline void order_mark_by(const struct scan_node *node, const struct ranks_scratch *marks,
                                 const void *ranks, bool wide, uint32_t begin, uint32_t end)
{
    const struct ranks_scratch to = *marks;
    const uint32_t *rows = node->rows;
    UNROLL(4)
    for (uint32_t i = begin; i < end; i++) {
        const uint32_t rank = rank_of(ranks, wide, rows[i]);
        to.rank[i] = rank;
        to.taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
}

/* Marks the ranks of rows[begin .. end-1], and keeps them. */
static inline void order_mark(const struct scan_node *node, const struct ranks_scratch *marks,
                              const struct rank_column *column, uint32_t begin, uint32_t end)
{
    if (column->wide)
        order_mark_by(node, marks, column->rank, true, begin, end);
    else
        order_mark_by(node, marks, column->rank, false, begin, end);
}

/* The same as order_scatter and order_close_words, by marks. */
static inline void order_place(const struct scan_node *node, const struct rank_column *column)
{
    order_clear(node, node->marks);
    order_mark(node, node->marks, column, 0, node->count);
    renumber_words(node->marks, ranks_words(node->ranks));
    const struct ranks_scratch marks = *node->marks;
    for (uint32_t i = 0; i < node->count; i++)
        node->sorted[renumber_one(&marks, marks.rank[i])] = node->codes[i];
}

/* Leaves the codes in node->sorted and the ranks in node->taken. */
static inline void order_codes(const struct scan_node *node, const struct rank_column *column)
{
    if (node->sparse) {
        order_place(node, column);
        return;
    }
    if (column->wide)
        order_scatter(node, column->rank, true);
    else
        order_scatter(node, column->rank, false);
    order_close_words(node, 0, ranks_words(node->ranks));
}

/* How far the last taken rank is from the first. */
static inline uint32_t order_width(const struct scan_node *node)
{
    size_t first = 0, last = ranks_words(node->ranks) - 1;
    while (!node->taken[first])
        first++;
    while (!node->taken[last])
        last--;
    return (uint32_t)((last - first) * 64 + 63) - (uint32_t)__builtin_clzll(node->taken[last]) -
           (uint32_t)__builtin_ctzll(node->taken[first]);
}

/*
 * The ranks that the cut number found->below parts: the taken rank of that number from a word of
 * the bitmap on, and the next one; or no more than the first of them, where it is `last` of those
 * that the bitmap tells.
 */
static inline void order_neighbours(const struct scan_node *node, size_t word, bool last,
                                    struct found *found)
{
    uint32_t index = found->below, count;
    while ((count = (uint32_t)__builtin_popcountll(node->taken[word])) <= index) {
        index -= count;
        word++;
    }
    uint64_t taken = node->taken[word];
    for (; index; index--)
        taken &= taken - 1;
    found->below = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(taken);
    if (last)
        return;
    taken &= taken - 1;
    while (!taken)
        taken = node->taken[++word];
    found->above = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(taken);
}

#endif
