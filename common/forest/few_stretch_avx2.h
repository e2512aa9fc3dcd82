/*
 * few_stretch: a feature's ranks in stretches, of which those are passed by that hold no better cut
 * than there is, whatever the order within. For few_avx2.c.
 *
 * With t the weights of the classes, T their sum, l and L those on the left of a cut and R = T - L,
 * a cut scores sum(t^2) / T + T sum(e^2) / (L R), where e = l - t L / T: how far the left side is
 * from one in which the classes are mixed as in all. Of a stretch that has the weights c, C in all,
 * and begins with e, no e is above e + c - t c / T, which all rows of the class and no others make
 * of it, nor below e - t (C - c) / T, which all others make of it. And L R is nowhere less than at
 * one of its ends.
 *
 * At the first cuts L is as little as a row's weight. But abs(e) is at most L max(t, T - t) / T,
 * too, so that L divides one factor of each square; and at the last ones R does.
 *
 * So are sums of the stretches enough, which need no order. Where two of them meet there is a cut,
 * and its score is one that others have to reach: then few are left, even of the first feature.
 *
 * Bounds are compared in float32, with room for all that is rounded: e is off by less than 0.01.
 */
#ifndef FOREST_FEW_STRETCH_AVX2_H
#define FOREST_FEW_STRETCH_AVX2_H

#include "forest/narrow.h"

#include <immintrin.h>

enum {
    STRETCH_ROWS = 16,  /* of a node in each stretch, about, or up to twice as many, */
    STRETCH_MOST = 128, /* but no more stretches than that */
    OCTET = 8,
    OCTETS = FEW_CLASSES / OCTET,
    STRETCH_ROW = 1 << 16 /* what counts a row, beside its weight */
};
_Static_assert((int)FEW_WEIGHT < (int)STRETCH_ROW, "weights do not reach what counts rows");

/* The stretches of a feature. */
struct few_stretches {
    uint32_t shift; /* each has 2^shift ranks */
    uint32_t count;
    unsigned octets;          /* of classes: how many there are in `sums` */
    float gain;               /* the least that a better cut has, see few_gain */
    float most[STRETCH_MOST]; /* at most, any cut of the stretch */
    uint8_t *number;          /* by place of a row: in which stretch it is */
    /* By stretch and class: the weight of its rows and STRETCH_ROW for each of them; then, of all
       that come before. */
    uint32_t sums[STRETCH_MOST * FEW_CLASSES] __attribute__((aligned(32)));
};

/* ---- sums ---- */

/* Notes in which stretch each row is. */
static inline __attribute__((always_inline)) void few_stretches_find(struct few_stretches *to,
                                                                     const struct scan_node *node,
                                                                     const void *ranks, bool wide)
{
    const uint32_t *rows = node->rows;
    const uint32_t shift = to->shift, count = node->count;
    uint8_t *number = to->number;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < count; i++)
        number[i] = (uint8_t)(rank_of(ranks, wide, rows[i]) >> shift);
}

/* Sums up the rows, which come class by class. In a loop of its own: a sum that is loaded has to
   wait for the addresses of those that are stored before, and these are near at hand here. */
static inline __attribute__((always_inline)) void few_stretches_sum(struct few_stretches *to,
                                                                    const struct scan_node *node,
                                                                    size_t lanes)
{
    const uint8_t *few = node->few, *number = to->number;
    for (uint32_t class = 0, i = 0; class < node->class_count; class ++) {
        uint32_t *sums = to->sums + class;
        const uint32_t end = node->end[class], step = STRETCH_ROW - (class << CODE_WEIGHT_BITS);
#pragma GCC unroll 4
        for (; i < end; i++)
            sums[number[i] * lanes] += few[i] + step;
    }
}

/* ---- bounds ---- */

static inline float few_sum(__m256 lanes)
{
    __m128 sum = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(sum, _mm_movehdup_ps(sum)));
}

static inline uint32_t few_sum_whole(__m256i lanes)
{
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4e));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xb1));
    return (uint32_t)_mm_cvtsi128_si32(sum);
}

static inline __m256 few_weights(__m256i sums)
{
    return _mm256_cvtepi32_ps(_mm256_and_si256(sums, _mm256_set1_epi32(STRETCH_ROW - 1)));
}

/* What sum(e^2) / (L R) has to be for such a score, or somewhat less. */
static inline float few_gain(const struct scan_node *node, double score)
{
    const double weight = node->whole.weight;
    const double gain = (score * (1 - 0x1p-40) - node->whole.squares / weight) / weight;
    return gain > 0 ? (float)(gain * (1 - 0x1p-10)) : -1;
}

/* The same of a cut, from the sum of the squares and L R. */
static inline float few_gain_of(float squares, float product)
{
    return (squares * (1 - 0x1p-9f) - 4) / product;
}

/* Whether a cut may have so many rows on the left. */
static inline bool few_cuts(const struct scan_node *node, uint32_t rows)
{
    const uint32_t least = node->least > 1 ? node->least : 1;
    return rows >= least && node->count - rows >= least;
}

/* What is on the left of a stretch, and e of it. */
struct few_left {
    __m256i sums[OCTETS];
    __m256 apart[OCTETS];
    float weight;
};

/* The sum of e^2 at most, anywhere in a stretch of such sums; at the first cuts, and the last ones,
   one factor of each square without L or R. */
static inline __attribute__((always_inline)) float few_furthest(const struct few_left *left,
                                                                const struct few_shares *of,
                                                                const __m256i *sums, float weight,
                                                                bool inside, unsigned octets)
{
    const __m256 room = _mm256_set1_ps(0x1p-4f), all = _mm256_set1_ps(weight);
    __m256 most = _mm256_setzero_ps();
#pragma GCC unroll 2
    for (unsigned octet = 0; octet < octets; octet++) {
        const __m256 share = _mm256_loadu_ps(of->share + octet * OCTET);
        const __m256 reach = _mm256_loadu_ps(of->reach + octet * OCTET);
        const __m256 own = few_weights(sums[octet]), apart = left->apart[octet];
        const __m256 up = _mm256_add_ps(apart, own);
        const __m256 down = _mm256_sub_ps(_mm256_mul_ps(share, all), apart);
        __m256 far = _mm256_sub_ps(_mm256_max_ps(up, down), _mm256_mul_ps(share, own));
        far = _mm256_add_ps(far, room);
        most = _mm256_add_ps(most, _mm256_mul_ps(far, inside ? far : reach));
    }
    return few_sum(most);
}

/* Moves a stretch to the left, whose sums become those before it. Returns the sum of e^2. */
static inline __attribute__((always_inline)) float few_move(struct few_left *left,
                                                            const struct few_shares *of,
                                                            __m256i *sums, float weight,
                                                            unsigned octets)
{
    __m256 squares = _mm256_setzero_ps();
    left->weight += weight;
    const __m256 all = _mm256_set1_ps(left->weight);
#pragma GCC unroll 2
    for (unsigned octet = 0; octet < octets; octet++) {
        const __m256 share = _mm256_loadu_ps(of->share + octet * OCTET);
        const __m256i after = _mm256_add_epi32(left->sums[octet], sums[octet]);
        const __m256 apart = _mm256_sub_ps(few_weights(after), _mm256_mul_ps(share, all));
        sums[octet] = left->sums[octet];
        left->sums[octet] = after;
        left->apart[octet] = apart;
        squares = _mm256_add_ps(squares, _mm256_mul_ps(apart, apart));
    }
    return few_sum(squares);
}

/* L R at least, in a stretch with such weights on the left of its ends; or R or L alone. */
static inline float few_least(float begin, float end, float weight)
{
    const float first = begin * (weight - begin), last = end * (weight - end);
    if (first > 0 && last > 0)
        return first < last ? first : last;
    return begin > 0 ? begin : weight - end;
}

/* Bounds what the cuts of each stretch gain. */
static inline __attribute__((always_inline)) void few_stretches_bound(
    struct few_stretches *stretches, const struct scan_node *node, unsigned octets)
{
    const struct few_shares *of = &node->few_shares;
    const float all = (float)node->whole.weight;
    struct few_left left = {.weight = 0};
    float gain = stretches->gain;
    uint32_t rows = 0;
    __m256i *sums = (__m256i *)(void *)stretches->sums;
    for (uint32_t i = 0; i < stretches->count; i++, sums += octets) {
        const uint32_t own =
            few_sum_whole(octets > 1 ? _mm256_add_epi32(sums[0], sums[1]) : sums[0]);
        const float weight = (float)(int)(own % STRETCH_ROW);
        const float begin = left.weight, end = begin + weight, last = end * (all - end);
        const bool inside = begin > 0 && last > 0;
        stretches->most[i] =
            few_furthest(&left, of, sums, weight, inside, octets) / few_least(begin, end, all);
        const float here = few_gain_of(few_move(&left, of, sums, weight, octets), last);
        rows += own / STRETCH_ROW;
        if (few_cuts(node, rows) && here > gain)
            gain = here;
    }
    stretches->gain = gain;
}

/* ---- all of it ---- */

/* What all features of a node have in common. */
static inline void few_shares_begin(struct scan_node *node)
{
    struct few_shares *shares = &node->few_shares;
    const float weight = (float)node->whole.weight;
    for (uint32_t class = 0; class < FEW_CLASSES; class ++) {
        const float share = class < node->class_count ? (float)node->total[class] / weight : 0;
        shares->share[class] = share;
        shares->reach[class] = share < 0.5f ? 1 - share : share;
    }
    while ((uint64_t)node->count << shares->shift < (uint64_t)STRETCH_ROWS * node->ranks ||
           (node->ranks - 1) >> shares->shift >= STRETCH_MOST)
        shares->shift++;
    shares->known = true;
}

/* The stretches of a feature, for cuts that score more than `score`. */
static inline void few_stretches_begin(struct few_stretches *to, struct scan_node *node,
                                       const struct rank_column *column, double score)
{
    if (!node->few_shares.known)
        few_shares_begin(node);
    to->number = (uint8_t *)node->sorted;
    to->octets = node->class_count > OCTET ? 2 : 1;
    to->shift = node->few_shares.shift;
    to->count = ((node->ranks - 1) >> to->shift) + 1;
    to->gain = few_gain(node, score);
    memset(to->sums, 0, to->count * to->octets * OCTET * sizeof *to->sums);
    if (column->wide)
        few_stretches_find(to, node, column->rank, true);
    else
        few_stretches_find(to, node, column->rank, false);
    if (to->octets > 1) {
        few_stretches_sum(to, node, 2 * OCTET);
        few_stretches_bound(to, node, 2);
    } else {
        few_stretches_sum(to, node, OCTET);
        few_stretches_bound(to, node, 1);
    }
}

#endif
