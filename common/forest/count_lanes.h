/*
 * count: included by the files that compile it for an instruction set, with COUNT_KERNEL as the
 * name of the function to define.
 *
 * A cut right above row i has on its left the rows whose ranks are not above that of i. One
 * vector of ranks is compared with each row in turn; as the rows come class by class, the sum of
 * the weights of a class is complete in every lane before the next one begins. Ranks take 16
 * bits here, and so do these sums.
 *
 * Widening takes the lanes at even places first, then those at odd ones, and that twice on the
 * way to 64 bits. Rows are laid into lanes so that they come out in order: the first quarter of
 * them into the lanes that come out first. Where a node has no more, the others are left out.
 */
#include "forest/lanes.h"

enum { COUNT_LANES = LANES_OF(uint16_t), COUNT_QUARTER = COUNT_LANES / 4 };

/* 32 bits in every two lanes of 16. */
static inline lanes16 count_spread(uint32_t twice)
{
    lanes32 zero = {0};
    return (lanes16)(zero + twice);
}

/* The lanes at even places, or odd ones. */
static inline lanes32 count_half(lanes16 from, unsigned odd)
{
    return odd ? (lanes32)from >> 16 : (lanes32)from & 0xffff;
}

static inline lanes_double count_quarter(lanes32 from, unsigned odd)
{
    lanes64 half = odd ? (lanes64)from >> 32 : (lanes64)from & 0xffffffff;
    return lanes_to_double(half | LANES_MAGIC);
}

/* What the classes so far add to the sums of a vector of cuts. */
struct counted {
    lanes16 weight;
    lanes32 squares[2], products[2];
};

static inline void count_class(struct counted *sums, lanes16 left, uint32_t total, unsigned halves)
{
    sums->weight += left;
    for (unsigned odd = 0; odd < halves; odd++) {
        lanes32 wide = count_half(left, odd);
        sums->squares[odd] += wide * wide;
        sums->products[odd] += wide * total;
    }
}

/* Scores the cuts above `count` rows, or a vector of them. */
static inline void count_vector(const struct count_node *node, const uint32_t *twice, lanes16 ranks,
                                uint32_t count, struct lanes_best *best)
{
    struct counted sums = {0};
    unsigned quarters = count < COUNT_LANES ? (count + COUNT_QUARTER - 1) / COUNT_QUARTER : 4;
    uint32_t i = 0;
    for (uint32_t g = 0; g < node->group_count; g++) {
        lanes16 left = {0};
        for (; i < node->groups[g].end; i++)
            left += (lanes16)(ranks >= count_spread(twice[i])) & count_spread(node->weights[i]);
        count_class(&sums, left, node->groups[g].total, (quarters + 1) / 2);
    }
    for (unsigned quarter = 0; quarter < quarters; quarter++) {
        unsigned half = quarter / 2, odd = quarter % 2;
        lanes32 weight = count_half(sums.weight, half), at = count_half(ranks, half);
        lanes_score(best, &node->whole, count_quarter(sums.squares[half], odd),
                    count_quarter(sums.products[half], odd), count_quarter(weight, odd),
                    count_quarter(at, odd));
    }
}

/* The ranks of the node's rows, by row and twice in 32 bits. */
static inline void count_gather(const struct count_node *node, const struct ranking *ranking,
                                uint32_t *twice)
{
    const uint16_t *ranks = ranking->rank;
    for (uint32_t i = 0; i < node->count; i++)
        twice[i] = ranks[node->rows[i]] * UINT32_C(0x10001);
}

/* A vector of the ranks of up to `count` rows. Lanes without one repeat the first. */
static inline lanes16 count_lay(const uint32_t *twice, uint32_t count)
{
    static const unsigned first_lane[4] = {0, 2, 1, 3};
    lanes16 ranks = count_spread(twice[0]);
    uint16_t lanes[COUNT_LANES];
    memcpy(lanes, &ranks, sizeof lanes);
    for (unsigned quarter = 0, i = 0; quarter < 4; quarter++)
        for (unsigned place = 0; place < COUNT_QUARTER && i < count; place++, i++)
            lanes[4 * place + first_lane[quarter]] = (uint16_t)twice[i];
    memcpy(&ranks, lanes, sizeof ranks);
    return ranks;
}

/* The lowest rank above `below`, which there is. */
static inline uint32_t count_above(const uint32_t *twice, uint32_t count, uint32_t below)
{
    uint32_t above = UINT16_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = twice[i] >> 16;
        uint32_t rival = rank > below ? rank : UINT16_MAX;
        above = rival < above ? rival : above;
    }
    return above;
}

/* Whether two ranks are so far apart that the feature varies; the first two mostly are. */
static inline bool count_varies(const uint32_t *twice, uint32_t count, uint32_t span)
{
    uint32_t first = twice[0] >> 16;
    for (uint32_t i = 1; i < count; i++) {
        uint32_t rank = twice[i] >> 16;
        if ((rank > first ? rank - first : first - rank) > span)
            return true;
    }
    return false;
}

static bool COUNT_KERNEL(const struct count_node *node, const struct ranking *ranking,
                         struct found *found)
{
    uint32_t twice[COUNT_MOST];
    struct lanes_best best = lanes_none();
    count_gather(node, ranking, twice);
    if (!count_varies(twice, node->count, ranking->span))
        return false;
    for (uint32_t i = 0; i < node->count; i += COUNT_LANES)
        count_vector(node, twice, count_lay(twice + i, node->count - i), node->count - i, &best);
    uint32_t below;
    double score = lanes_winner(&best, &below);
    if (score > found->score)
        *found = (struct found){score, below, count_above(twice, node->count, below)};
    return true;
}
