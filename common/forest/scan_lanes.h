/*
 * scan: the rows of a node in a feature's order, moved one after another to the left side.
 * Included, once, by the files that compile it for an instruction set.
 *
 * The weight of a class on the left is read, and written, whenever a row of that class moves
 * there. Where one class follows itself, that would wait for the store of the row before; rows
 * at even and odd places therefore keep sums of their own, and the weight is the sum of both.
 *
 * Moving is scalar, for each row depends on the one before; what it leaves is scored in vectors, a
 * block at a time. Most nodes are light enough for the shorter way of scan_light.h.
 */
#include "forest/lanes.h"
#include "forest/order.h"
#include "forest/scan_light.h"

/* ---- sums ---- */

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
static inline void scan_move(struct scan_state *state, const struct class_sums *class,
                             uint64_t *own, uint32_t weight, uint64_t total)
{
    uint64_t left = class->even + class->odd;
    *own += weight;
    state->squares += weight * (2 * left + weight);
    state->products += weight * total;
    state->weight += weight;
}

static inline void scan_put(const struct scan_state *state, struct scan_sums *sums, uint32_t i)
{
    sums->squares[i] = state->squares;
    sums->products[i] = state->products;
    sums->weight[i] = state->weight;
}

/* Moves a block's rows to the left side. */
static inline void scan_rows(const struct scan_node *node, struct scan_state *state,
                             const uint16_t *codes, uint32_t count, struct scan_sums *sums)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t class = code_class(codes[i]);
        struct class_sums *left = &node->by_class[class];
        scan_move(state, left, i % 2 ? &left->odd : &left->even, code_weight(codes[i]),
                  node->total[class]);
        scan_put(state, sums, i);
    }
}

/* ---- scores ---- */

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

/* Rows in a block, the first of which is number `first` of the node. */
static inline uint32_t scan_count(const struct scan_node *node, uint32_t first)
{
    return node->count - first < SCAN_BLOCK ? node->count - first : SCAN_BLOCK;
}

static inline void scan_all(const struct scan_node *node, struct lanes_best *best)
{
    struct scan_sums sums;
    struct scan_state state = scan_start();
    for (uint32_t i = 0; i < node->class_count; i++)
        node->by_class[scan_class(node, i)] = (struct class_sums){0};
    for (uint32_t first = 0; first < node->count; first += SCAN_BLOCK) {
        uint32_t count = scan_count(node, first);
        scan_rows(node, &state, node->sorted + first, count, &sums);
        scan_score(node, &sums, first, count, best);
    }
}

/* Finds the cut that is better than what `found` has; its `below` is the cut's number. */
static inline void scan_sorted(const struct scan_node *node, struct found *found)
{
    if (node->whole.weight <= LIGHT_WEIGHT) {
        light_sorted(node, found);
        return;
    }
    struct lanes_best best = lanes_none();
    scan_all(node, &best);
    uint32_t place;
    double score = lanes_winner(&best, &place);
    if (score > found->score)
        *found = (struct found){score, place, place};
}

/* As kernels.h has it. */
static bool scan_feature(struct scan_node *node, const struct rank_column *column,
                         struct found *found)
{
    const double before = found->score;
    order_codes(node, column);
    if (order_width(node) <= column->span)
        return false;
    scan_sorted(node, found);
    if (found->score > before)
        order_neighbours(node, 0, false, found);
    return true;
}
