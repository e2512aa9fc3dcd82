/*
 * running: the sums of 32 cuts and their scores, for AVX-512.
 *
 * Weights of two classes on the left of each cut, 16 bits each, become sums of squares and products
 * in one instruction. A filter in float32 leaves exact scores to cuts that may be the best.
 *
 * Internal to the kernels.
 */
#ifndef FOREST_RUNNING_AVX512_H
#define FOREST_RUNNING_AVX512_H

#include "forest/kernels.h"

#include <immintrin.h>

enum { RUNNING_ROWS = 32 };

/* Sums over pairs of classes, for the rows that come out low and high of an unpacking. */
struct running_sums {
    __m512i squares[2], products[2], weight;
};

/* One by one: of the struct as a whole compilers make a slow loop. */
static inline void running_clear(struct running_sums *sums)
{
    const __m512i zero = _mm512_setzero_si512();
    for (int half = 0; half < 2; half++)
        sums->squares[half] = sums->products[half] = zero;
    sums->weight = zero;
}

static inline void running_pair(struct running_sums *sums, __m512i first, __m512i second,
                                __m512i totals)
{
    __m512i pairs[2] = {_mm512_unpacklo_epi16(first, second), _mm512_unpackhi_epi16(first, second)};
    for (int i = 0; i < 2; i++) {
        sums->squares[i] =
            _mm512_add_epi32(sums->squares[i], _mm512_madd_epi16(pairs[i], pairs[i]));
        sums->products[i] =
            _mm512_add_epi32(sums->products[i], _mm512_madd_epi16(pairs[i], totals));
    }
    sums->weight = _mm512_add_epi16(sums->weight, _mm512_add_epi16(first, second));
}

/* A node's sums, and the bound of the filter. */
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

/* The lanes of 16 bits, with more room: those that come out low, or high, of an unpacking. */
static inline __m512i running_half(__m512i lanes, int half)
{
    const __m512i zero = _mm512_setzero_si512();
    return half ? _mm512_unpackhi_epi16(lanes, zero) : _mm512_unpacklo_epi16(lanes, zero);
}

/*
 * Which cuts may score more than `least`, found in float32: a bit each, first those of the lower
 * half. Scores are quotients of sums and products of exact whole numbers, none negative, so that
 * five roundings move one by less than 2^-21 of itself. A cut with nothing on one side never may.
 */
static inline uint32_t running_promising(const struct running_sums *sums,
                                         const struct running_whole *whole, double least)
{
    const __m512 bound = _mm512_set1_ps(least > 0 ? (float)(least * (1 - 0x1p-20)) : -1);
    uint32_t promising = 0;
    for (int half = 0; half < 2; half++) {
        __m512i products = _mm512_slli_epi32(sums->products[half], 1);
        __m512i right_squares =
            _mm512_add_epi32(_mm512_sub_epi32(whole->squares, products), sums->squares[half]);
        __m512 left = _mm512_cvtepi32_ps(running_half(sums->weight, half));
        __m512 right = _mm512_sub_ps(whole->weight, left);
        __m512 score = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums->squares[half]), right,
                                       _mm512_mul_ps(_mm512_cvtepi32_ps(right_squares), left));
        __m512 needed = _mm512_mul_ps(_mm512_mul_ps(left, right), bound);
        uint32_t cuts = _mm512_cmp_ps_mask(score, needed, _CMP_GT_OQ);
        promising |= cuts << 16 * half;
    }
    return promising;
}

static inline __m512d running_quarter(__m512i half, int quarter)
{
    __m256i lanes = quarter ? _mm512_extracti64x4_epi64(half, 1) : _mm512_castsi512_si256(half);
    return _mm512_cvtepi32_pd(lanes);
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
    __m512d both =
        _mm512_add_pd(_mm512_mul_pd(squares, right), _mm512_mul_pd(right_squares, left));
    __m512d score = _mm512_div_pd(both, _mm512_mul_pd(left, right));
    __mmask8 higher = _mm512_mask_cmp_pd_mask(among, score, best->score, _CMP_GT_OQ);
    __mmask8 equal = _mm512_mask_cmp_pd_mask(among, score, best->score, _CMP_EQ_OQ);
    __mmask8 sooner = _mm512_mask_cmp_pd_mask(equal, place, best->place, _CMP_LT_OQ);
    best->score = _mm512_mask_mov_pd(best->score, higher, score);
    best->place = _mm512_mask_mov_pd(best->place, higher | sooner, place);
}

/* Scores the cuts exactly, at these places, that are among `cuts`, see running_promising. */
static inline void running_score(const struct running_sums *sums,
                                 const struct running_whole *whole, __m512i places, uint32_t cuts,
                                 struct running_best *best)
{
    for (int half = 0; half < 2; half++)
        for (int quarter = 0; quarter < 2; quarter++, cuts >>= 8)
            if (cuts & 0xff)
                running_try(best, whole->exact, running_quarter(sums->squares[half], quarter),
                            running_quarter(sums->products[half], quarter),
                            running_quarter(running_half(sums->weight, half), quarter),
                            running_quarter(running_half(places, half), quarter), (__mmask8)cuts);
}

#endif
