/*
 * running: the sums of 16 cuts and their scores, for AVX-512.
 *
 * Weights of two classes on the left of each cut, 16 bits each, become sums of squares and products
 * in one instruction. A filter in float32 leaves exact scores to cuts that may be the best.
 *
 * Inlined into few_avx512.c, whose loops keep these sums in registers.
 */
#ifndef FOREST_RUNNING_AVX512_H
#define FOREST_RUNNING_AVX512_H

#include "forest/avx512.h"

#include <immintrin.h>

enum { RUNNING_ROWS = 16 };

/* A lane of 32 bits for each cut. What is summed in `left` is two weights of 16 bits. */
struct running_sums {
    __m512i squares, products, left;
};

static inline struct running_sums running_zero(void)
{
    const __m512i zero = _mm512_setzero_si512();
    return (struct running_sums){zero, zero, zero};
}

/* Adds two classes: their weights on the left of each cut, and in all lanes their totals. */
static inline void running_add(struct running_sums *sums, __m512i pair, __m512i totals)
{
    sums->squares = _mm512_add_epi32(sums->squares, _mm512_madd_epi16(pair, pair));
    sums->products = _mm512_add_epi32(sums->products, _mm512_madd_epi16(pair, totals));
    sums->left = _mm512_add_epi16(sums->left, pair);
}

static inline __m512i running_left(const struct running_sums *sums)
{
    return _mm512_madd_epi16(sums->left, _mm512_set1_epi16(1));
}

/* What the filter needs to know of a node. */
struct running_whole {
    const struct whole *exact;
    __m512i squares;
    __m512 weight;
};

static inline struct running_whole running_whole_of(const struct whole *whole)
{
    return (struct running_whole){whole, _mm512_set1_epi32((int)whole->squares),
                                  _mm512_set1_ps((float)whole->weight)};
}

/*
 * Which cuts may score more than `least`, found in float32. Scores are quotients of sums and
 * products of exact whole numbers, none negative, so that five roundings move one by less than
 * 2^-21 of itself. A cut with nothing on one side never may.
 */
static inline __mmask16 running_promising(const struct running_sums *sums,
                                          const struct running_whole *whole, double least)
{
    const __m512 bound = _mm512_set1_ps(least > 0 ? (float)(least * (1 - 0x1p-20)) : -1);
    __m512i products = _mm512_add_epi32(sums->products, sums->products);
    __m512i right_squares =
        _mm512_add_epi32(_mm512_sub_epi32(whole->squares, products), sums->squares);
    __m512 left = _mm512_cvtepi32_ps(running_left(sums));
    __m512 right = _mm512_sub_ps(whole->weight, left);
    __m512 both = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums->squares), right,
                                  _mm512_mul_ps(_mm512_cvtepi32_ps(right_squares), left));
    return _mm512_cmp_ps_mask(both, _mm512_mul_ps(_mm512_mul_ps(left, right), bound), _CMP_GT_OQ);
}

/* The best cut so far in each lane; the place that is lowest wins among equal scores. */
struct running_best {
    __m512d score, place;
};

static inline struct running_best running_none(void)
{
    return (struct running_best){_mm512_set1_pd(-INFINITY), _mm512_setzero_pd()};
}

/* The best of all lanes; its place, meaningless where the score is -INFINITY. */
static inline double running_winner(const struct running_best *best, uint32_t *place)
{
    double highest = _mm512_reduce_max_pd(best->score);
    __mmask8 winners = _mm512_cmp_pd_mask(best->score, _mm512_set1_pd(highest), _CMP_EQ_OQ);
    *place = (uint32_t)_mm512_mask_reduce_min_pd(winners, best->place);
    return highest;
}

/* Scores eight cuts as lanes_score does; those that are not `among` them win nothing. */
static inline void running_try(struct running_best *best, const struct whole *whole,
                               __m512d squares, __m512d products, __m512d left, __m512d place,
                               __mmask8 among)
{
    __m512d right = _mm512_sub_pd(_mm512_set1_pd(whole->weight), left);
    __m512d twice = _mm512_add_pd(products, products);
    __m512d right_squares =
        _mm512_add_pd(_mm512_sub_pd(_mm512_set1_pd(whole->squares), twice), squares);
    __m512d both = _mm512_add_pd(_mm512_mul_pd(squares, right), _mm512_mul_pd(right_squares, left));
    __m512d score = _mm512_div_pd(both, _mm512_mul_pd(left, right));
    __mmask8 higher = _mm512_mask_cmp_pd_mask(among, score, best->score, _CMP_GT_OQ);
    __mmask8 equal = _mm512_mask_cmp_pd_mask(among, score, best->score, _CMP_EQ_OQ);
    __mmask8 sooner = _mm512_mask_cmp_pd_mask(equal, place, best->place, _CMP_LT_OQ);
    best->score = _mm512_mask_mov_pd(best->score, higher, score);
    best->place = _mm512_mask_mov_pd(best->place, higher | sooner, place);
}

static inline __m512d running_half(__m512i lanes, int half)
{
    return _mm512_cvtepi32_pd(half ? _mm512_extracti64x4_epi64(lanes, 1)
                                   : _mm512_castsi512_si256(lanes));
}

/* Scores exactly those of the cuts that are `among` them; their places have lanes of 32 bits. */
static inline void running_score(const struct running_sums *sums, const struct running_whole *whole,
                                 __m512i places, __mmask16 among, struct running_best *best)
{
    for (int half = 0; half < 2; half++, among >>= 8)
        if (among & 0xff)
            running_try(best, whole->exact, running_half(sums->squares, half),
                        running_half(sums->products, half), running_half(running_left(sums), half),
                        running_half(places, half), (__mmask8)among);
}

#endif
