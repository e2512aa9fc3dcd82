/*
 * count: every row of a node compared with every other. Included, once, by the files that compile
 * it for an instruction set.
 *
 * A cut right above row i has on its left the rows whose ranks are not above that of i. A vector
 * of ranks is compared with each row in turn; as the rows come class by class, the sum of the
 * weights of a class is complete in every lane before the next one begins. Ranks take 16 bits
 * here, and so do these sums. Four vectors are at work side by side, of one feature or several:
 * most nodes are small, and one feature's arithmetic hides the others' waiting.
 */
#include "forest/lanes.h"

enum { COUNT_LANES = LANES_OF(uint16_t), COUNT_QUARTER = COUNT_LANES / 4, COUNT_SIDE = 4 };

/* Ranks have their highest bit turned: as numbers with a sign they compare in one instruction. */
enum { COUNT_SIGN = 0x8000 };
typedef int16_t lanes_signed __attribute__((vector_size(LANES_BYTES)));

/* 32 bits in every two lanes of 16. */
static inline lanes16 count_spread(uint32_t twice)
{
    lanes32 zero = {0};
    return (lanes16)(zero + twice);
}

/* The lanes at even places, or odd ones. */
static inline lanes32 count_half(lanes16 from, unsigned odd)
{
    return odd != LANES_FIRST_IS_UPPER ? (lanes32)from >> 16 : (lanes32)from & 0xffff;
}

static inline lanes_double count_quarter(lanes32 from, unsigned odd)
{
    bool upper = odd != LANES_FIRST_IS_UPPER;
    lanes64 half = upper ? (lanes64)from >> 32 : (lanes64)from & 0xffffffff;
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

/* All bits of the lanes whose ranks are not below that of row `i`. */
static inline lanes16 count_left(const struct counting *cuts, uint32_t i)
{
    return ~(lanes16)((lanes_signed)count_spread(cuts->twice[i]) > (lanes_signed)cuts->ranks);
}

/* Counts for COUNT_SIDE vectors at once. */
static inline void count_side(const struct count_node *node, struct counting *cuts,
                              unsigned quarters)
{
    for (uint32_t g = 0, i = 0; g < node->group_count; g++) {
        lanes16 a = {0}, b = {0}, c = {0}, d = {0};
        for (; i < node->groups[g].end; i++) {
            lanes16 weight = count_spread(node->weights[i]);
            a += count_left(&cuts[0], i) & weight;
            b += count_left(&cuts[1], i) & weight;
            c += count_left(&cuts[2], i) & weight;
            d += count_left(&cuts[3], i) & weight;
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
    const lanes16 ranks = cuts->ranks ^ COUNT_SIGN;
    for (unsigned quarter = 0; quarter < quarters; quarter++) {
        unsigned half = quarter / 2, odd = quarter % 2;
        lanes32 weight = count_half(cuts->weight, half), at = count_half(ranks, half);
        lanes_score(best, &node->whole, count_quarter(cuts->squares[half], odd),
                    count_quarter(cuts->products[half], odd), count_quarter(weight, odd),
                    count_quarter(at, odd));
    }
}

/* The vectors from number `first` on; where there are no more, the first is taken again. */
static inline void count_begin(const struct count_node *node, unsigned vectors, unsigned first,
                               unsigned all, struct counting cuts[COUNT_SIDE])
{
    for (unsigned side = 0; side < COUNT_SIDE; side++) {
        unsigned number = first + side < all ? first + side : first;
        const uint16_t *ranks = node->ranks[number / vectors];
        struct counting *at = &cuts[side];
        at->twice = node->twice[number / vectors];
        memcpy(&at->ranks, ranks + number % vectors * COUNT_LANES, sizeof at->ranks);
        /* One by one: of the struct as a whole compilers make a slow loop. */
        at->weight ^= at->weight;
        for (unsigned half = 0; half < 2; half++) {
            at->squares[half] ^= at->squares[half];
            at->products[half] ^= at->products[half];
        }
    }
}

/* The best cuts of a feature, one in each lane of 64 bits. */
struct counted {
    double score;                    /* the highest */
    double scores[LANES_OF(double)]; /* of the lanes, others are -INFINITY */
    double below[LANES_OF(double)];  /* the lowest rank of those with that score in the lane */
};

/* As kernels.h has it. */
static void count_features(const struct count_node *node, unsigned features, void *memory)
{
    struct counted *counted = memory;
    struct lanes_best best[COUNT_FEATURES];
    unsigned vectors = (node->count + COUNT_LANES - 1) / COUNT_LANES, all = features * vectors;
    unsigned quarters = vectors > 1 ? 4 : (node->count + COUNT_QUARTER - 1) / COUNT_QUARTER;
    for (unsigned f = 0; f < features; f++)
        best[f] = lanes_none();
    for (unsigned first = 0; first < all; first += COUNT_SIDE) {
        struct counting cuts[COUNT_SIDE];
        count_begin(node, vectors, first, all, cuts);
        count_side(node, cuts, quarters);
        for (unsigned side = 0; side < COUNT_SIDE && first + side < all; side++)
            count_score(node, &cuts[side], quarters, &best[(first + side) / vectors]);
    }
    for (unsigned f = 0; f < features; f++) {
        counted[f].score = lanes_highest(&best[f]);
        memcpy(counted[f].scores, &best[f].score, sizeof best->score);
        memcpy(counted[f].below, &best[f].at, sizeof best->at);
    }
}

/* The lowest rank below the cuts with the highest score. */
static inline uint32_t count_lowest(const struct counted *counted)
{
    double lowest = UINT32_MAX;
    for (uint32_t i = 0; i < LANES_OF(double); i++) {
        double below = counted->scores[i] == counted->score ? counted->below[i] : lowest;
        lowest = below < lowest ? below : lowest;
    }
    return (uint32_t)lowest;
}

/* The lowest rank above `below`, which there is. */
static inline uint32_t count_next(const uint32_t *twice, uint32_t count, uint32_t below)
{
    uint32_t next = UINT16_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t rank = twice[i] >> 16 ^ COUNT_SIGN, rival = rank > below ? rank : UINT16_MAX;
        next = rival < next ? rival : next;
    }
    return next;
}

/* As kernels.h has it; the bound is the best score itself. */
static bool count_pick(const struct count_node *node, unsigned number, const void *memory,
                       struct found *found)
{
    const struct counted *counted = (const struct counted *)memory + number;
    if (!(counted->score > found->score))
        return false;
    uint32_t below = count_lowest(counted);
    *found =
        (struct found){counted->score, below, count_next(node->twice[number], node->count, below)};
    return true;
}
