/*
 * scan: included by the files that compile it for an instruction set, with SCAN_KERNEL as the
 * name of the function to define.
 */
#include "forest/order_lanes.h"
#include "forest/scan_sums.h"
#ifdef __AVX512VBMI2__
#include "forest/few_avx512.h"
#endif

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
    for (uint32_t first = 0; first < node->count; first += SCAN_BLOCK) {
        uint32_t count = scan_count(node, first);
        scan_rows(&state, node->cells, node->sorted + first, count, &sums);
        scan_score(node, &sums, first, count, best);
    }
    for (uint32_t i = 0; i < node->class_count; i++) {
        struct cell *cell = &node->cells[node->few ? i : node->classes[i]];
        cell->even = cell->odd = 0;
    }
}

/* Finds the cut that is better than what `found` has; its `below` is the cut's number. */
static inline void scan_by_rows(const struct scan_node *node, struct found *found)
{
    struct lanes_best best = lanes_none();
    scan_all(node, &best);
    uint32_t place;
    double score = lanes_winner(&best, &place);
    if (score > found->score)
        *found = (struct found){score, place, place};
}

static inline bool scan_any(struct scan_node *node, const struct ranking *ranking,
                            struct found *found)
{
    order_codes(node, ranking);
    if (order_width(node) <= ranking->span)
        return false;
    scan_by_rows(node, found);
    return true;
}

#ifdef __AVX512VBMI2__
static inline bool scan_few(struct scan_node *node, const struct ranking *ranking,
                            const struct ranking *next, struct found *found)
{
    few_order(node, ranking);
    bool varies = order_width(node) > ranking->span, heavy = node->whole.weight > FEW_WEIGHT;
    if (varies && heavy) {
        few_widen(node);
        scan_by_rows(node, found);
    } else if (varies) {
        few_scan(node, next, found);
    }
    if (next && (heavy || !varies))
        few_scatter(node, next, 0, node->count);
    node->scattered = next;
    return varies;
}
#endif

static bool SCAN_KERNEL(struct scan_node *node, const struct ranking *ranking,
                        const struct ranking *next, struct found *found)
{
    double before = found->score;
    bool varies;
#ifdef __AVX512VBMI2__
    if (node->few)
        varies = scan_few(node, ranking, next, found);
    else
#endif
        varies = scan_any(node, ranking, found);
    (void)next;
    if (found->score > before)
        order_neighbours(node, found->below, &found->below, &found->above);
    return varies;
}
