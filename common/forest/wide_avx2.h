/*
 * wide: moving rows to the left side with AVX2: all sums of a row at once, a lane of 64 bits each,
 * which take one product and one addition. For wide_lanes.h.
 */
#ifndef FOREST_WIDE_AVX2_H
#define FOREST_WIDE_AVX2_H

#include "base/unroll.h"

#include <immintrin.h>

enum { WIDE_STEP = 4 }; /* rows whose sums are turned at a time */
_Static_assert(sizeof(struct wide_class) == sizeof(__m256i) &&
                   sizeof(struct wide_sums) == sizeof(__m256i),
               "a lane each");

/* With zeros above. The intrinsic that is for it is missing in gcc 9; this is the same instruction.
 */
static inline __m256i above_none(__m128i low)
{
    return _mm256_inserti128_si256(_mm256_setzero_si256(), low, 0);
}

/* The sums with a row that moves. Factors are below 2^32. */
static inline __m256i wide_add(const struct wide_node *wide, const struct wide_row *row,
                               unsigned side, __m256i sums)
{
    const __m256i class = _mm256_load_si256((const void *)&wide->classes[row->class]);
    const __m128i own = _mm_cvtsi32_si128((int)wide_take(wide, row, side));
    const __m256i factors = _mm256_add_epi64(class, above_none(own));
    const __m256i weight = _mm256_set1_epi32((int)row->weight);
    return _mm256_add_epi64(sums, _mm256_mul_epu32(factors, weight));
}

/* Puts the sums after each of four rows where those of a kind are next to each other. */
static inline __attribute__((always_inline)) void wide_put(struct wide_walk *walk, uint32_t at,
                                                           const __m256i sums[WIDE_STEP], bool gaps)
{
    const __m256i low = _mm256_unpacklo_epi64(sums[0], sums[1]);
    const __m256i high = _mm256_unpackhi_epi64(sums[0], sums[1]);
    const __m256i next_low = _mm256_unpacklo_epi64(sums[2], sums[3]);
    const __m256i next_high = _mm256_unpackhi_epi64(sums[2], sums[3]);
    _mm256_store_si256((void *)(walk->squares + at),
                       _mm256_permute2x128_si256(low, next_low, 0x20));
    _mm256_store_si256((void *)(walk->twice + at),
                       _mm256_permute2x128_si256(high, next_high, 0x20));
    _mm256_store_si256((void *)(walk->weight + at), _mm256_permute2x128_si256(low, next_low, 0x31));
    if (gaps)
        _mm256_store_si256((void *)(walk->across + at),
                           _mm256_permute2x128_si256(high, next_high, 0x31));
}

/* As wide_lanes.h has it. */
static inline __attribute__((always_inline)) void wide_move(struct wide_walk *walk, uint32_t first,
                                                            uint32_t count, bool gaps)
{
    const struct wide_node *wide = walk->wide;
    __m256i so_far = _mm256_loadu_si256((const void *)&walk->so_far), sums[WIDE_STEP];
    uint32_t i = 0;
    for (; i + WIDE_STEP <= count; i += WIDE_STEP) {
        UNROLL(4)
        for (uint32_t k = 0; k < WIDE_STEP; k++)
            sums[k] = so_far = wide_add(wide, wide_row_at(wide, first + i + k), k % 2, so_far);
        wide_put(walk, i, sums, gaps);
    }
    if (i < count) {
        UNROLL(4)
        for (uint32_t k = 0; k < WIDE_STEP; k++) {
            if (i + k < count)
                so_far = wide_add(wide, wide_row_at(wide, first + i + k), k % 2, so_far);
            sums[k] = so_far;
        }
        wide_put(walk, i, sums, gaps);
    }
    _mm256_storeu_si256((void *)&walk->so_far, so_far);
}

#endif
