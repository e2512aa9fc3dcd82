/*
 * count: every row of a node compared with every other, for several features side by side.
 * Included, once, by the files that compile it for an instruction set.
 *
 * A cut right above row i of a feature has on its left the rows whose ranks are not above that of
 * i. A lane of 16 bits is such a cut: those of a row's features are neighbours, and a vector holds
 * as many rows as it has room for. All are compared with each row in turn, whose ranks lie in
 * `against` once for each row of a vector. So no lane is idle where rows are few.
 *
 * With l and r the weights of a class on both sides of a cut, sum(l^2) and sum(l r) are added up
 * class by class; sum(r^2) follows, as sum(l^2) + 2 sum(l r) + sum(r^2) is the sum of the squares
 * of the classes. A class of one row has no l r, and its l^2 is added as the row is met.
 *
 * A node weighs at most COUNT_WEIGHT, so that these sums fit 16 bits, and both parts of a score are
 * exact in float32. Quotients are rounded, but never in another order: the best cut is among those
 * with the highest one, and only these are compared exactly.
 */
#include "base/unroll.h"
#include "forest/lanes.h"

enum {
    COUNT_LANES = LANES_OF(uint16_t),
    COUNT_VECTORS = COUNT_MOST * COUNT_FEATURES / COUNT_LANES,
    /* The weight of a node up to which quotients that differ do so in float32, too. With a and b
       the numerators of two, c and d their denominators, the relative difference is 1 / (a d) at
       least, and a d at most n^3 / 4 n^2 / 4; numbers that round to the same are nearer than
       2^-23. */
    COUNT_EXACT = 42,
    /* Vectors at once: what is summed for them stays in registers. */
    COUNT_SIDES = LANES_BYTES == 64 ? 4 : 2
};
_Static_assert(COUNT_WEIGHT *COUNT_WEIGHT <= UINT16_MAX, "sums of squares fit");
_Static_assert(COUNT_WEIGHT *COUNT_WEIGHT *COUNT_WEIGHT < 1 << 24, "and are exact in float32");

typedef int16_t lanes_signed __attribute__((vector_size(LANES_BYTES)));

/* Of every cut, by row and place of the feature. */
struct counted {
    lanes16 against[COUNT_MOST];
    lanes16 left[COUNT_VECTORS]; /* weight on the left */
    lanes16 squares[COUNT_VECTORS], right_squares[COUNT_VECTORS];
    lanes_float score[COUNT_VECTORS][2]; /* of lanes at even and at odd places; or NaN */
    lanes_float highest[2];              /* of each lane */
};

/* 32 bits in every two lanes of 16. */
static inline lanes16 count_spread(uint32_t twice)
{
    lanes32 zero = {0};
    return (lanes16)(zero + twice);
}

#ifdef COUNT_MASKS
#include COUNT_MASKS
#else
typedef lanes16 count_mask;

/* Which lanes of `ranks` are not below those of `against`. */
static inline count_mask count_left(lanes16 against, lanes16 ranks)
{
    return ~(lanes16)((lanes_signed)against > (lanes_signed)ranks);
}

static inline lanes16 count_add(lanes16 sum, count_mask mask, lanes16 more)
{
    return sum + (mask & more);
}
#endif

/* ---- ranks ---- */

static inline __attribute__((always_inline)) void count_repeat(const struct count_node *node,
                                                               struct counted *counted,
                                                               unsigned lanes)
{
    for (uint32_t i = 0; i < node->count; i++)
        for (unsigned at = 0; at < COUNT_LANES; at += lanes)
            memcpy((uint16_t *)&counted->against[i] + at, node->ranks + i * lanes,
                   lanes * sizeof *node->ranks);
}

/* Each row's ranks as often as a vector has rows. */
static inline void count_repeat_all(const struct count_node *node, struct counted *counted)
{
    if (node->lanes == 8)
        count_repeat(node, counted, 8);
    else if (node->lanes == 4)
        count_repeat(node, counted, 4);
    else
        count_repeat(node, counted, 2);
}

/* ---- sums ---- */

/* Of a vector of cuts. */
struct count_sums {
    lanes16 ranks, left, rows, squares, products;
};

/* Rows that are alone in their class. */
static inline __attribute__((always_inline)) void count_singles(const struct count_node *node,
                                                                const struct counted *counted,
                                                                struct count_sums *sums,
                                                                unsigned sides, bool rows)
{
    const lanes16 one = count_spread(0x10001);
    for (uint32_t i = 0; i < node->singles; i++) {
        const lanes16 weight = count_spread(node->weights[i]), square = weight * weight;
        UNROLL(8)
        for (unsigned side = 0; side < sides; side++) {
            const count_mask left = count_left(counted->against[i], sums[side].ranks);
            sums[side].left = count_add(sums[side].left, left, weight);
            sums[side].squares = count_add(sums[side].squares, left, square);
            if (rows)
                sums[side].rows = count_add(sums[side].rows, left, one);
        }
    }
}

/* The other classes. */
static inline __attribute__((always_inline)) void count_groups(const struct count_node *node,
                                                               const struct counted *counted,
                                                               struct count_sums *sums,
                                                               unsigned sides, bool rows)
{
    const lanes16 one = count_spread(0x10001);
    for (uint32_t g = 0, i = node->count; g < node->group_count; g++) {
        lanes16 class[COUNT_SIDES];
        UNROLL(8)
        for (unsigned side = 0; side < sides; side++)
            class[side] = count_spread(0);
        for (uint32_t begin = node->groups[g].begin; i > begin;) {
            const lanes16 weight = count_spread(node->weights[--i]);
            UNROLL(8)
            for (unsigned side = 0; side < sides; side++) {
                const count_mask left = count_left(counted->against[i], sums[side].ranks);
                class[side] = count_add(class[side], left, weight);
                if (rows)
                    sums[side].rows = count_add(sums[side].rows, left, one);
            }
        }
        const lanes16 total = count_spread(node->groups[g].total);
        UNROLL(8)
        for (unsigned side = 0; side < sides; side++) {
            sums[side].squares += class[side] * class[side];
            sums[side].products += class[side] * (total - class[side]);
            sums[side].left += class[side];
        }
    }
}

/* ---- scores ---- */

/* The lanes at even places, or odd ones. */
static inline lanes32 count_half(lanes16 from, unsigned odd)
{
    return odd != LANES_FIRST_IS_UPPER ? (lanes32)from >> 16 : (lanes32)from & 0xffff;
}

static inline lanes_float count_float(lanes16 from, unsigned odd)
{
    const lanes_int numbers = (lanes_int)count_half(from, odd);
    lanes_float floats = {0};
    LANES_CONVERT(floats, numbers);
    return floats;
}

/* A cut with nothing on one side scores NaN. */
static inline void count_score(const struct count_node *node, const struct count_sums *sums,
                               struct counted *counted, unsigned vector)
{
    const lanes16 left = sums->left, right = count_spread(node->weight) - left;
    const lanes16 squares = sums->squares;
    const lanes16 right_squares =
        count_spread(node->squares) - (sums->products + sums->products) - squares;
    counted->left[vector] = left;
    counted->squares[vector] = squares;
    counted->right_squares[vector] = right_squares;
    for (unsigned odd = 0; odd < 2; odd++) {
        const lanes_float l = count_float(left, odd), r = count_float(right, odd);
        const lanes_float score =
            (count_float(squares, odd) * r + count_float(right_squares, odd) * l) / (l * r);
        counted->score[vector][odd] = score;
        counted->highest[odd] = float_most(score, counted->highest[odd]);
    }
}

/* Empties the left side of cuts that leave too few rows on one. */
static inline void count_spare(const struct count_node *node, struct count_sums *sums)
{
    const lanes_signed least = (lanes_signed)count_spread(node->least * 0x10001);
    const lanes_signed all = (lanes_signed)count_spread(node->count * 0x10001);
    const lanes_signed rows = (lanes_signed)sums->rows;
    const lanes16 few = (lanes16)(least > rows) | (lanes16)(least > all - rows);
    sums->left &= ~few;
    sums->squares &= ~few;
}

static inline __attribute__((always_inline)) void count_some(const struct count_node *node,
                                                             struct counted *counted,
                                                             unsigned first, unsigned sides,
                                                             bool rows)
{
    struct count_sums sums[COUNT_SIDES];
    UNROLL(8)
    for (unsigned side = 0; side < sides; side++) {
        const lanes16 zero = {0};
        memcpy(&sums[side].ranks, node->ranks + (first + side) * COUNT_LANES, sizeof zero);
        sums[side].left = sums[side].rows = sums[side].squares = sums[side].products = zero;
    }
    count_singles(node, counted, sums, sides, rows);
    count_groups(node, counted, sums, sides, rows);
    UNROLL(8)
    for (unsigned side = 0; side < sides; side++) {
        if (rows)
            count_spare(node, &sums[side]);
        count_score(node, &sums[side], counted, first + side);
    }
}

static inline __attribute__((always_inline)) void count_vectors(const struct count_node *node,
                                                                struct counted *counted, bool rows)
{
    const unsigned all = (node->count * node->lanes + COUNT_LANES - 1) / COUNT_LANES;
    unsigned first = 0;
    for (; first + COUNT_SIDES <= all; first += COUNT_SIDES)
        count_some(node, counted, first, COUNT_SIDES, rows);
    if (COUNT_SIDES > 2)
        for (; first + 2 <= all; first += 2)
            count_some(node, counted, first, 2, rows);
    if (first < all)
        count_some(node, counted, first, 1, rows);
}

/* As kernels.h has it. */
static void count_features(const struct count_node *node, void *memory)
{
    struct counted *counted = memory;
    const lanes_float none = (lanes_float){0} - INFINITY;
    counted->highest[0] = counted->highest[1] = none;
    count_repeat_all(node, counted);
    if (node->least > 1)
        count_vectors(node, counted, true);
    else
        count_vectors(node, counted, false);
}

/* ---- the best ---- */

/* Lanes of as many features as are in half a vector for each row. */
typedef float lanes_row __attribute__((vector_size(COUNT_FEATURES / 2 * sizeof(float))));
typedef int32_t lanes_row_mask __attribute__((vector_size(sizeof(lanes_row))));

static inline lanes_row count_fold(const lanes_float *lanes)
{
    lanes_row best, more;
    memcpy(&best, lanes, sizeof best);
    UNROLL(4)
    for (unsigned i = 1; i < LANES_BYTES / sizeof best; i++) {
        memcpy(&more, (const char *)lanes + i * sizeof more, sizeof more);
        const lanes_row_mask higher = more > best;
        best = (lanes_row)(((lanes_row_mask)more & higher) | ((lanes_row_mask)best & ~higher));
    }
    return best;
}

/* Of each feature, at [number % 2][number / 2], the highest quotient of any cut. */
static inline void count_highest(const struct count_node *node, const struct counted *counted,
                                 float highest[2][COUNT_FEATURES / 2])
{
    for (unsigned odd = 0; odd < 2; odd++) {
        const lanes_row folded = count_fold(&counted->highest[odd]);
        memcpy(highest[odd], &folded, sizeof folded);
        for (unsigned half = COUNT_FEATURES / 4; half >= node->lanes / 2; half /= 2)
            for (unsigned i = 0; i < half; i++)
                if (highest[odd][i + half] > highest[odd][i])
                    highest[odd][i] = highest[odd][i + half];
    }
}

/* A score as a fraction, exact. */
struct count_fraction {
    uint64_t over, under;
};

static inline struct count_fraction count_exact(const struct count_node *node,
                                                const struct counted *counted, uint32_t at)
{
    const uint64_t left = ((const uint16_t *)counted->left)[at];
    const uint64_t right = (node->weight & 0xffff) - left;
    return (struct count_fraction){((const uint16_t *)counted->squares)[at] * right +
                                       ((const uint16_t *)counted->right_squares)[at] * left,
                                   left * right};
}

static inline bool count_higher(struct count_fraction one, struct count_fraction other)
{
    return one.over * other.under > other.over * one.under;
}

/* Takes the cut at a place of `ranks`, if it is higher than the best, or as high and lower down. */
static inline void count_try(const struct count_node *node, const struct counted *counted,
                             uint32_t at, struct count_fraction *best, uint32_t *below)
{
    const struct count_fraction fraction = count_exact(node, counted, at);
    const uint32_t rank = node->ranks[at] ^ COUNT_SIGN;
    if (!count_higher(fraction, *best) && (count_higher(*best, fraction) || rank > *below))
        return;
    *best = fraction;
    *below = rank;
}

/* The best of a feature's cuts, which has that quotient. */
static inline struct count_fraction count_best(const struct count_node *node,
                                               const struct counted *counted, unsigned feature,
                                               float score, uint32_t *below)
{
    const uint32_t vectors = (node->count * node->lanes + COUNT_LANES - 1) / COUNT_LANES;
    struct count_fraction best = {0, 1};
    uint32_t wanted, bits;
    memcpy(&wanted, &score, sizeof wanted);
    for (uint32_t vector = 0; vector < vectors; vector++)
        for (uint32_t at = feature; at < COUNT_LANES; at += node->lanes) {
            memcpy(&bits, (const float *)&counted->score[vector][feature % 2] + at / 2,
                   sizeof bits);
            if (bits == wanted)
                count_try(node, counted, vector * COUNT_LANES + at, &best, below);
        }
    return best;
}

/* The lowest rank of a feature above `below`, which there is. */
static inline uint32_t count_next(const struct count_node *node, unsigned feature, uint32_t below)
{
    const uint32_t vectors = (node->count * node->lanes + COUNT_LANES - 1) / COUNT_LANES;
    const lanes_signed limit = (lanes_signed)count_spread((below ^ COUNT_SIGN) * 0x10001);
    lanes_signed next = (lanes_signed)count_spread(INT16_MAX * 0x10001);
    for (uint32_t vector = 0; vector < vectors; vector++) {
        lanes_signed ranks;
        memcpy(&ranks, node->ranks + vector * COUNT_LANES, sizeof ranks);
        const lanes_signed nearer = (ranks > limit) & (ranks < next);
        next = (ranks & nearer) | (next & ~nearer);
    }
    int16_t lowest = INT16_MAX;
    for (uint32_t at = feature; at < COUNT_LANES; at += node->lanes)
        lowest = next[at] < lowest ? next[at] : lowest;
    return (uint16_t)lowest ^ COUNT_SIGN;
}

/* As kernels.h has it. */
static bool count_pick(const struct count_node *node, unsigned among, const void *memory,
                       struct found *found, unsigned *feature)
{
    const struct counted *counted = memory;
    float highest[2][COUNT_FEATURES / 2], most = -INFINITY;
    count_highest(node, counted, highest);
    for (unsigned f = 0; f < COUNT_FEATURES; f++)
        most = among >> f & 1 && highest[f % 2][f / 2] > most ? highest[f % 2][f / 2] : most;
    if (most < (float)found->score || most == -INFINITY)
        return false;
    struct count_fraction best = {0, 1};
    uint32_t best_below = 0;
    for (unsigned left = among; left; left &= left - 1) {
        const unsigned f = (unsigned)__builtin_ctz(left);
        uint32_t below = UINT32_MAX;
        if (highest[f % 2][f / 2] != most)
            continue;
        const struct count_fraction rival = count_best(node, counted, f, most, &below);
        if (!count_higher(rival, best))
            continue;
        best = rival;
        best_below = below;
        *feature = f;
        if ((node->weight & UINT16_MAX) <= COUNT_EXACT)
            break;
    }
    const double score = (double)best.over / (double)best.under;
    if (score > found->score)
        *found = (struct found){score, best_below, count_next(node, *feature, best_below)};
    return true;
}
