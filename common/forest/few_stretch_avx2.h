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
 * Sums are by class, then by stretch, so that eight stretches are bounded at once and no sum goes
 * over lanes. Bounds are compared in float32, with room for all that is rounded: e is off by less
 * than 0.01.
 */
#ifndef FOREST_FEW_STRETCH_AVX2_H
#define FOREST_FEW_STRETCH_AVX2_H

#include "forest/narrow.h"

#include <immintrin.h>

enum {
    STRETCH_ROWS = 8,     /* of a node in each stretch, about, or up to twice as many, */
    STRETCH_MOST = 256,   /* but no more stretches than that */
    STRETCHES = 8,        /* that are bounded at once */
    STRETCH_ROW = 1 << 16 /* what counts a row, beside its weight */
};
_Static_assert((int)FEW_WEIGHT < (int)STRETCH_ROW, "weights do not reach what counts rows");

/* The stretches of a feature. Those up to a multiple of STRETCHES are there, without a row. */
struct few_stretches {
    uint32_t shift; /* each has 2^shift ranks */
    uint32_t count;
    float gain;      /* the least that a better cut has, see few_gain */
    uint8_t *number; /* by place of a row: in which stretch it is */
    float most[STRETCH_MOST] __attribute__((aligned(32))); /* at most, any cut of the stretch */
    /* By class and stretch: the weight of its rows and STRETCH_ROW for each of them; then, of all
       that come before. */
    uint32_t sums[FEW_CLASSES][STRETCH_MOST] __attribute__((aligned(32)));
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
static inline void few_stretches_sum(struct few_stretches *to, const struct scan_node *node)
{
    const uint32_t *adds = node->few_adds;
    const uint8_t *number = to->number;
    for (uint32_t class = 0, i = 0; class < node->class_count; class ++) {
        uint32_t *sums = to->sums[class];
        const uint32_t end = node->end[class];
#pragma GCC unroll 4
        for (; i < end; i++)
            sums[number[i]] += adds[i];
    }
}

/* ---- bounds ---- */

/* What sum(e^2) / (L R) has to be for such a score, or somewhat less. */
static inline float few_gain(const struct scan_node *node, double score)
{
    const double weight = node->whole.weight;
    const double gain = (score * (1 - 0x1p-40) - node->whole.squares / weight) / weight;
    return gain > 0 ? (float)(gain * (1 - 0x1p-10)) : -1;
}

static inline __m256 few_weights(__m256i sums)
{
    return _mm256_cvtepi32_ps(_mm256_and_si256(sums, _mm256_set1_epi32(STRETCH_ROW - 1)));
}

/* Sums of eight stretches, and of all before where each begins, and where it ends. */
struct few_step {
    __m256i own, begin, end;
};

/* `before` is the sum of all before the first, and becomes that of all up to the last. */
static inline struct few_step few_step_of(__m256i own, uint32_t *before)
{
    const __m256i end = _mm256_add_epi32(few_prefix(own), _mm256_set1_epi32((int)*before));
    *before = (uint32_t)_mm256_extract_epi32(end, STRETCHES - 1);
    return (struct few_step){own, _mm256_sub_epi32(end, own), end};
}

/* What the classes of some stretches have in common. */
struct few_eight {
    __m256 own, begin, end; /* weights: T of these, L where they begin, and where they end */
    __m256 inside;          /* neither is 0, nor R: a mask */
    __m256 most, squares;   /* the sum of e^2 at most, anywhere in them; and at their ends */
};

/* Adds a class; at the first cuts, and the last ones, one factor of a square is without L or R. */
static inline void few_add_class(struct few_eight *to, const struct few_step *step, __m256 share,
                                 __m256 reach)
{
    const __m256 own = few_weights(step->own), before = few_weights(step->begin);
    const __m256 begin = _mm256_sub_ps(before, _mm256_mul_ps(share, to->begin));
    const __m256 end = _mm256_sub_ps(_mm256_add_ps(before, own), _mm256_mul_ps(share, to->end));
    const __m256 up = _mm256_add_ps(begin, own);
    const __m256 down = _mm256_sub_ps(_mm256_mul_ps(share, to->own), begin);
    __m256 far = _mm256_sub_ps(_mm256_max_ps(up, down), _mm256_mul_ps(share, own));
    far = _mm256_add_ps(far, _mm256_set1_ps(0x1p-4f));
    const __m256 other = _mm256_blendv_ps(reach, far, to->inside);
    to->most = _mm256_add_ps(to->most, _mm256_mul_ps(far, other));
    to->squares = _mm256_add_ps(to->squares, _mm256_mul_ps(end, end));
}

static inline struct few_eight few_eight_of(const struct few_step *step, __m256 all)
{
    const __m256 zero = _mm256_setzero_ps();
    struct few_eight eight = {.own = few_weights(step->own),
                              .begin = few_weights(step->begin),
                              .end = few_weights(step->end)};
    eight.inside = _mm256_and_ps(_mm256_cmp_ps(eight.begin, zero, _CMP_GT_OQ),
                                 _mm256_cmp_ps(eight.end, all, _CMP_LT_OQ));
    return eight;
}

/* L R at least, or R or L alone. */
static inline __m256 few_least(const struct few_eight *eight, __m256 all)
{
    const __m256 right = _mm256_sub_ps(all, eight->end);
    const __m256 first = _mm256_mul_ps(eight->begin, _mm256_sub_ps(all, eight->begin));
    const __m256 last = _mm256_mul_ps(eight->end, right);
    const __m256 some = _mm256_cmp_ps(eight->begin, _mm256_setzero_ps(), _CMP_GT_OQ);
    return _mm256_blendv_ps(_mm256_blendv_ps(right, eight->begin, some), _mm256_min_ps(first, last),
                            eight->inside);
}

/* The most that a cut gains at an end of these stretches, of which there may be one where enough
   rows are on either side; or a little less; or `gain`, if that is more. */
static inline float few_gain_at(const struct few_eight *eight, const struct few_step *step,
                                const struct scan_node *node, __m256 all, float gain)
{
    const uint32_t enough = node->least < node->count ? node->least : node->count;
    const uint32_t least = enough > 1 ? enough : 1;
    const __m256i rows = _mm256_srli_epi32(step->end, 16);
    const __m256i fewest = _mm256_set1_epi32((int)least - 1);
    const __m256i right = _mm256_sub_epi32(_mm256_set1_epi32((int)node->count), rows);
    const __m256i cut =
        _mm256_and_si256(_mm256_cmpgt_epi32(rows, fewest), _mm256_cmpgt_epi32(right, fewest));
    const __m256 product = _mm256_mul_ps(eight->end, _mm256_sub_ps(all, eight->end));
    const __m256 squares = _mm256_sub_ps(_mm256_mul_ps(eight->squares, _mm256_set1_ps(1 - 0x1p-9f)),
                                         _mm256_set1_ps(4));
    __m256 most = _mm256_blendv_ps(_mm256_set1_ps(gain), _mm256_div_ps(squares, product),
                                   _mm256_castsi256_ps(cut));
    most = _mm256_max_ps(most, _mm256_permute2f128_ps(most, most, 1));
    most = _mm256_max_ps(most, _mm256_permute_ps(most, 0x4e));
    most = _mm256_max_ps(most, _mm256_permute_ps(most, 0xb1));
    const float highest = _mm256_cvtss_f32(most);
    return highest > gain ? highest : gain;
}

/* Bounds what the cuts of each stretch gain. */
static inline void few_stretches_bound(struct few_stretches *stretches,
                                       const struct scan_node *node)
{
    const struct few_shares *of = &node->few_shares;
    const __m256 all = _mm256_set1_ps((float)node->whole.weight);
    uint32_t before_all = 0, before[FEW_CLASSES] = {0};
    for (uint32_t i = 0; i < stretches->count; i += STRETCHES) {
        __m256i own = _mm256_setzero_si256();
        for (uint32_t class = 0; class < node->class_count; class ++)
            own = _mm256_add_epi32(own, *(const __m256i *)(stretches->sums[class] + i));
        const struct few_step step = few_step_of(own, &before_all);
        struct few_eight eight = few_eight_of(&step, all);
        for (uint32_t class = 0; class < node->class_count; class ++) {
            __m256i *sums = (__m256i *)(stretches->sums[class] + i);
            const struct few_step of_class = few_step_of(*sums, &before[class]);
            *sums = of_class.begin;
            few_add_class(&eight, &of_class, _mm256_set1_ps(of->share[class]),
                          _mm256_set1_ps(of->reach[class]));
        }
        _mm256_store_ps(stretches->most + i, _mm256_div_ps(eight.most, few_least(&eight, all)));
        stretches->gain = few_gain_at(&eight, &step, node, all, stretches->gain);
    }
}

/* ---- all of it ---- */

/* What each row adds to a sum. */
static inline void few_adds(const struct scan_node *node)
{
    const __m256i weight = _mm256_set1_epi32(CODE_MAX_WEIGHT), row = _mm256_set1_epi32(STRETCH_ROW);
    for (uint32_t i = 0; i < node->count; i += 8) {
        const __m256i codes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const void *)(node->few + i)));
        _mm256_storeu_si256((void *)(node->few_adds + i),
                            _mm256_or_si256(_mm256_and_si256(codes, weight), row));
    }
}

/* What all features of a node have in common. */
static inline void few_shares_begin(struct scan_node *node)
{
    few_adds(node);
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
    to->shift = node->few_shares.shift;
    to->count = ((node->ranks - 1) >> to->shift) + 1;
    to->gain = few_gain(node, score);
    for (uint32_t class = 0; class < node->class_count; class ++)
        memset(to->sums[class], 0,
               (to->count + STRETCHES - 1) / STRETCHES * STRETCHES * sizeof **to->sums);
    if (column->wide)
        few_stretches_find(to, node, column->rank, true);
    else
        few_stretches_find(to, node, column->rank, false);
    few_stretches_sum(to, node);
    few_stretches_bound(to, node);
}

#endif
