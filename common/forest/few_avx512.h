/*
 * few: the scan of a node of few classes, 32 rows at a time; for AVX-512.
 *
 * Class and weight fit a byte, and 64 slots a vector, out of which the taken ones are closed up.
 * Then, class by class, the weights of its rows, and 0 for the others, are summed up over the
 * lanes, which gives that class's weight on the left after each row. A filter in float32 leaves
 * exact scores to those that may be the best.
 *
 * Internal to the scan.
 */
#ifndef FOREST_FEW_AVX512_H
#define FOREST_FEW_AVX512_H

#include "forest/scan_sums.h"

#include <immintrin.h>

enum { RUNNING_ROWS = 32 };

/* ---- the order ---- */

static inline void few_scatter(const struct scan_node *node, const void *ranks, bool wide)
{
    /* A byte that is stored might be part of anything, but for what is local. */
    const uint32_t *rows = node->rows, count = node->count;
    const uint8_t *few = node->few;
    uint8_t *slots = node->few_slots;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < count; i++)
        slots[rank_of(ranks, wide, rows[i])] = few[i];
}

/* Codes are not 0, free slots are, and all are so afterwards. */
static inline void few_close_up(const struct scan_node *node, uint8_t *to)
{
    const __m512i zero = _mm512_setzero_si512();
    const size_t words = ranks_words(node->ranks);
    uint8_t *slots = node->few_slots;
    for (size_t word = 0; word < words; word++) {
        __m512i codes = _mm512_loadu_si512(slots + 64 * word);
        __mmask64 taken = _mm512_test_epi8_mask(codes, codes);
        _mm512_storeu_si512(slots + 64 * word, zero);
        _mm512_storeu_si512(to, _mm512_maskz_compress_epi8(taken, codes));
        to += _mm_popcnt_u64(taken);
        node->taken[word] = taken;
    }
}

/* Leaves the codes in node->sorted, as bytes, and the ranks in node->taken. */
static inline const uint8_t *few_order(const struct scan_node *node, const struct ranking *ranking)
{
    uint8_t *sorted = (uint8_t *)node->sorted;
    if (ranking->wide)
        few_scatter(node, ranking->rank, true);
    else
        few_scatter(node, ranking->rank, false);
    few_close_up(node, sorted);
    return sorted;
}

/* ---- the sums ---- */

/* The weight of each class before the next row, in all lanes. */
struct running {
    __m512i before[FEW_CLASSES];
};

static inline void running_begin(struct running *running)
{
    for (int i = 0; i < FEW_CLASSES; i++)
        running->before[i] = _mm512_setzero_si512();
}

/* Adds to each lane of 16 bits all lanes before it. */
static inline __m512i running_total(__m512i lanes)
{
    const __m512i eighth = _mm512_mask_set1_epi16(_mm512_set1_epi16(7), 0xffff0000, 23);
    const __m512i half = _mm512_set1_epi16(15);
    /* Within 128 bits, then across: from each first quarter to the second, from half to half. */
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 2));
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 4));
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 8));
    lanes = _mm512_add_epi16(lanes, _mm512_maskz_permutexvar_epi16(0xff00ff00, eighth, lanes));
    return _mm512_add_epi16(lanes, _mm512_maskz_permutexvar_epi16(0xffff0000, half, lanes));
}

/* The weight of a class on the left after each row. */
static inline __m512i running_left(__m512i *before, __m512i classes, __m512i weights,
                                   uint32_t class)
{
    const __m512i last = _mm512_set1_epi16(RUNNING_ROWS - 1);
    __mmask32 own = _mm512_cmpeq_epi16_mask(classes, _mm512_set1_epi16((short)class));
    __m512i left = running_total(_mm512_maskz_mov_epi16(own, weights));
    left = _mm512_add_epi16(left, *before);
    *before = _mm512_permutexvar_epi16(last, left);
    return left;
}

/* Sums over pairs of classes, for the rows that come out low and high of an unpacking. */
struct running_sums {
    __m512i squares[2], products[2], weight;
};

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

/* What the filter needs to know of a node. */
struct running_whole {
    __m512i squares;
    __m512 weight;
};

static inline struct running_whole running_whole_of(const struct whole *whole)
{
    return (struct running_whole){_mm512_set1_epi32((int)whole->squares),
                                  _mm512_set1_ps((float)whole->weight)};
}

/* Below any float32 score of a cut that scores more than `score`. */
static inline __m512 running_bound(double score)
{
    return _mm512_set1_ps(score > 0 ? (float)(score * (1 - 0x1p-20)) : -1);
}

/*
 * Whether one of the cuts may score more than `bound`, in float32. Scores are quotients of sums
 * and products of exact whole numbers, none negative, so that five roundings move one by less
 * than 2^-21 of itself.
 */
static inline bool running_promising(const struct running_sums *sums,
                                     const struct running_whole *whole, __m512 bound)
{
    __mmask16 promising = 0;
    const __m512i zero = _mm512_setzero_si512();
    __m512i weights[2] = {_mm512_unpacklo_epi16(sums->weight, zero),
                          _mm512_unpackhi_epi16(sums->weight, zero)};
    for (int i = 0; i < 2; i++) {
        __m512i products = _mm512_slli_epi32(sums->products[i], 1);
        __m512i right_squares =
            _mm512_add_epi32(_mm512_sub_epi32(whole->squares, products), sums->squares[i]);
        __m512 left = _mm512_cvtepi32_ps(weights[i]);
        __m512 right = _mm512_sub_ps(whole->weight, left);
        __m512 score = _mm512_add_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(sums->squares[i]), right),
                                     _mm512_mul_ps(_mm512_cvtepi32_ps(right_squares), left));
        __m512 least = _mm512_mul_ps(_mm512_mul_ps(left, right), bound);
        promising |= _mm512_cmp_ps_mask(score, least, _CMP_GT_OQ);
    }
    return promising != 0;
}

/* Stores the two halves of an unpacking in the order of the rows. */
static inline void running_store(uint64_t *to, __m512i low, __m512i high)
{
    /* Each half has four rows in turn, those of `low` first. */
    const __m512i first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    const __m512i second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    const __m512i magic = _mm512_set1_epi64((long long)LANES_MAGIC);
    __m512i ordered[2] = {_mm512_permutex2var_epi64(low, first, high),
                          _mm512_permutex2var_epi64(low, second, high)};
    for (int i = 0; i < 2; i++) {
        __m512i wide[2] = {_mm512_cvtepu32_epi64(_mm512_castsi512_si256(ordered[i])),
                           _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(ordered[i], 1))};
        _mm512_store_si512(to + 16 * i, _mm512_or_si512(wide[0], magic));
        _mm512_store_si512(to + 16 * i + 8, _mm512_or_si512(wide[1], magic));
    }
}

static inline void running_put(const struct running_sums *from, struct scan_sums *sums)
{
    const __m512i zero = _mm512_setzero_si512();
    running_store(sums->squares, from->squares[0], from->squares[1]);
    running_store(sums->products, from->products[0], from->products[1]);
    running_store(sums->weight, _mm512_unpacklo_epi16(from->weight, zero),
                  _mm512_unpackhi_epi16(from->weight, zero));
}

/* The sums after each of up to RUNNING_ROWS rows; the last is repeated for those left over. */
static inline struct running_sums running_rows(struct running *running,
                                               const struct scan_node *node, const uint8_t *codes,
                                               uint32_t count)
{
    __mmask32 there = count < RUNNING_ROWS ? (1u << count) - 1 : ~0u;
    __m512i wide = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(there, codes));
    __m512i classes = _mm512_srli_epi16(wide, CODE_WEIGHT_BITS);
    __m512i weights = _mm512_and_si512(wide, _mm512_set1_epi16(CODE_MAX_WEIGHT));
    struct running_sums here = {0};
    for (uint32_t i = 0; i < node->class_count; i += 2) {
        /* An odd one out is paired with a class that no row has. */
        bool paired = i + 1 < node->class_count;
        uint32_t totals = node->cells[node->classes[i]].total;
        if (paired)
            totals |= node->cells[node->classes[i + 1]].total << 16;
        running_pair(&here, running_left(&running->before[i], classes, weights, i),
                     running_left(&running->before[i + 1], classes, weights, i + 1),
                     _mm512_set1_epi32((int)totals));
    }
    return here;
}

#endif
