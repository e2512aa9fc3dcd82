/*
 * scan_sums: what moves from the right side to the left while a node is scanned.
 *
 * The weight of a class on the left is read, and written, whenever a row of that class moves
 * there. Where one class follows itself, that would wait for the store of the row before; rows
 * at even and odd places therefore keep sums of their own, and the weight is the sum of both.
 *
 * Internal to the scan.
 */
#ifndef FOREST_SCAN_SUMS_H
#define FOREST_SCAN_SUMS_H

#include "forest/lanes.h"

enum { SCAN_BLOCK = 256 };

/* Sums over the left side after each row of a block; all carry LANES_MAGIC. */
struct scan_sums {
    uint64_t squares[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
    uint64_t products[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
    uint64_t weight[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
};

/* The same sums so far. */
struct scan_state {
    uint64_t squares, products, weight;
};

static inline struct scan_state scan_start(void)
{
    return (struct scan_state){LANES_MAGIC, LANES_MAGIC, LANES_MAGIC};
}

/* Moves a row to the left side. `own` is the sum that rows at places like this one keep. */
static inline void scan_move(struct scan_state *state, const struct cell *cell, uint32_t *own,
                             uint32_t weight)
{
    uint64_t left = cell->even + cell->odd;
    *own += weight;
    state->squares += weight * (2 * left + weight);
    state->products += (uint64_t)weight * cell->total;
    state->weight += weight;
}

static inline struct cell *cell_of(struct cell *cells, uint16_t code)
{
    return cells + (code >> CODE_WEIGHT_BITS);
}

static inline void scan_put(const struct scan_state *state, struct scan_sums *sums, uint32_t i)
{
    sums->squares[i] = state->squares;
    sums->products[i] = state->products;
    sums->weight[i] = state->weight;
}

/* Moves a block's rows to the left side. */
static inline void scan_rows(struct scan_state *state, struct cell *cells, const uint16_t *codes,
                             uint32_t count, struct scan_sums *sums)
{
    uint32_t i = 0;
    for (; i + 1 < count; i += 2) {
        struct cell *even = cell_of(cells, codes[i]), *odd = cell_of(cells, codes[i + 1]);
        scan_move(state, even, &even->even, codes[i] & CODE_MAX_WEIGHT);
        scan_put(state, sums, i);
        scan_move(state, odd, &odd->odd, codes[i + 1] & CODE_MAX_WEIGHT);
        scan_put(state, sums, i + 1);
    }
    if (i < count) {
        struct cell *last = cell_of(cells, codes[i]);
        scan_move(state, last, &last->even, codes[i] & CODE_MAX_WEIGHT);
        scan_put(state, sums, i);
    }
}

#endif
