/*
 * count: included by the files that compile it for an instruction set, with COUNT_KERNEL as the
 * name of the function to define.
 *
 * A cut right above row i has on its left the rows whose ranks are not above that of i. A vector
 * of ranks is compared with each row in turn; as the rows come class by class, the sum of the
 * weights of a class is complete in every lane before the next one begins. Ranks take 16 bits
 * here, and so do these sums. Four vectors are at work side by side, of one feature or several:
 * most nodes are small, and one feature's arithmetic hides the others' waiting.
 *
 * Widening takes the lanes at even places first, then those at odd ones, and that twice on the
 * way to 64 bits. Rows are laid into lanes so that they come out in order: the first quarter of
 * them into the lanes that come out first. Where a node has no more, the others are left out.
 */
#include "forest/lanes.h"

enum { COUNT_LANES = LANES_OF(uint16_t), COUNT_QUARTER = COUNT_LANES / 4, COUNT_SIDE = 4 };

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

/* A vector of cuts, and what the classes so far add to its sums. */
struct counting {
    const uint32_t *twice; /* the feature's ranks */
    lanes16 ranks, left, weight;
    lanes32 squares[2], products[2];
};

static inline void count_class(struct counting *cuts, uint32_t total, unsigned halves)
{
    cuts->weight += cuts->left;
    for (unsigned odd = 0; odd < halves; odd++) {
        lanes32 wide = count_half(cuts->left, odd);
        cuts->squares[odd] += wide * wide;
        cuts->products[odd] += wide * total;
    }
    cuts->left ^= cuts->left;
}

/* Counts for COUNT_SIDE vectors at once. */
static inline void count_side(const struct count_node *node, struct counting *cuts,
                              unsigned quarters)
{
    for (uint32_t g = 0, i = 0; g < node->group_count; g++) {
        lanes16 a = {0}, b = {0}, c = {0}, d = {0};
        for (; i < node->groups[g].end; i++) {
            lanes16 weight = count_spread(node->weights[i]);
            a += (lanes16)(cuts[0].ranks >= count_spread(cuts[0].twice[i])) & weight;
            b += (lanes16)(cuts[1].ranks >= count_spread(cuts[1].twice[i])) & weight;
            c += (lanes16)(cuts[2].ranks >= count_spread(cuts[2].twice[i])) & weight;
            d += (lanes16)(cuts[3].ranks >= count_spread(cuts[3].twice[i])) & weight;
        }
        cuts[0].left = a;
        cuts[1].left = b;
        cuts[2].left = c;
        cuts[3].left = d;
        for (unsigned side = 0; side < COUNT_SIDE; side++)
            count_class(&cuts[side], node->groups[g].total, (quarters + 1) / 2);
    }
}

static inline void count_score(const struct count_node *node, const struct counting *cuts,
                               unsigned quarters, struct lanes_best *best)
{
    for (unsigned quarter = 0; quarter < quarters; quarter++) {
        unsigned half = quarter / 2, odd = quarter % 2;
        lanes32 weight = count_half(cuts->weight, half), at = count_half(cuts->ranks, half);
        lanes_score(best, &node->whole, count_quarter(cuts->squares[half], odd),
                    count_quarter(cuts->products[half], odd), count_quarter(weight, odd),
                    count_quarter(at, odd));
    }
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

static void COUNT_KERNEL(const struct count_node *node, unsigned features, struct found *found)
{
    struct lanes_best best[COUNT_FEATURES];
    unsigned vectors = (node->count + COUNT_LANES - 1) / COUNT_LANES;
    for (unsigned f = 0; f < features; f++)
        best[f] = lanes_none();
    for (unsigned first = 0; first < features * vectors; first += COUNT_SIDE) {
        struct counting cuts[COUNT_SIDE] = {0};
        unsigned count = features * vectors - first;
        for (unsigned side = 0; side < COUNT_SIDE; side++) {
            unsigned number = first + (side < count ? side : 0);
            uint32_t row = number % vectors * COUNT_LANES;
            cuts[side].twice = node->twice[number / vectors];
            cuts[side].ranks = count_lay(cuts[side].twice + row, node->count - row);
        }
        unsigned quarters = vectors > 1 ? 4 : (node->count + COUNT_QUARTER - 1) / COUNT_QUARTER;
        count_side(node, cuts, quarters);
        for (unsigned side = 0; side < COUNT_SIDE && side < count; side++)
            count_score(node, &cuts[side], quarters, &best[(first + side) / vectors]);
    }
    for (unsigned f = 0; f < features; f++)
        found[f].score = lanes_winner(&best[f], &found[f].below);
}
