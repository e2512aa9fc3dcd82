/*
 * scan: included by the files that compile it for an instruction set, with SCAN_KERNEL as the
 * name of the function to define.
 *
 * The weight of a class on the left is read, and written, whenever a row of that class moves
 * there. Where one class follows itself, that would wait for the store of the row before; rows
 * at even and odd places therefore keep sums of their own, and the weight is the sum of both.
 */
#include "forest/lanes.h"
#include "forest/order_lanes.h"

enum { SCAN_BLOCK = 256 };

/* Sums over the left side after each row of a block; all carry LANES_MAGIC. */
struct scan_sums {
    uint64_t squares[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
    uint64_t products[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
    uint64_t weight[SCAN_BLOCK] __attribute__((aligned(LANES_MOST)));
};

/* Running sums of the scan. */
struct scan_state {
    uint64_t squares, products, weight;
};

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
static inline void scan_block(struct scan_state *state, struct cell *cells, const uint16_t *codes,
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

/* Takes cuts out of the running: left sides of weight 0 score NaN. */
static inline void scan_exclude(struct scan_sums *sums, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++)
        sums->squares[i] = sums->products[i] = sums->weight[i] = LANES_MAGIC;
}

/* Scores a block's cuts, the first of which is number `first` of the node. */
static inline void scan_score(const struct scan_node *node, struct scan_sums *sums, uint32_t first,
                              uint32_t count, struct lanes_best *best)
{
    const uint32_t lanes = LANES_OF(uint64_t);
    uint32_t whole = (count + lanes - 1) / lanes * lanes;
    /* Cut i leaves i + 1 rows on the left. */
    uint32_t begin = first + 1 < node->least ? node->least - 1 - first : 0;
    uint32_t end = node->count - node->least > first ? node->count - node->least - first : 0;
    scan_exclude(sums, 0, begin < count ? begin : count);
    scan_exclude(sums, end < count ? end : count, whole);
    lanes_double at;
    for (uint32_t i = 0; i < lanes; i++)
        at[i] = first + i;
    for (uint32_t i = 0; i < whole; i += lanes) {
        lanes_score(best, &node->whole, lanes_to_double(*(const lanes64 *)(sums->squares + i)),
                    lanes_to_double(*(const lanes64 *)(sums->products + i)),
                    lanes_to_double(*(const lanes64 *)(sums->weight + i)), at);
        at += lanes;
    }
}

static bool SCAN_KERNEL(const struct scan_node *node, const struct ranking *ranking,
                        struct found *found)
{
    struct scan_sums sums;
    struct scan_state state = {LANES_MAGIC, LANES_MAGIC, LANES_MAGIC};
    struct lanes_best best = lanes_none();
    order_codes(node, ranking);
    if (order_width(node) <= ranking->span)
        return false;
    for (uint32_t first = 0; first < node->count; first += SCAN_BLOCK) {
        uint32_t left = node->count - first, count = left < SCAN_BLOCK ? left : SCAN_BLOCK;
        scan_block(&state, node->cells, node->sorted + first, count, &sums);
        scan_score(node, &sums, first, count, &best);
    }
    for (uint32_t i = 0; i < node->class_count; i++)
        node->cells[node->classes[i]].even = node->cells[node->classes[i]].odd = 0;
    uint32_t at;
    double score = lanes_winner(&best, &at);
    if (score > found->score) {
        found->score = score;
        order_neighbours(node, at, &found->below, &found->above);
    }
    return true;
}
