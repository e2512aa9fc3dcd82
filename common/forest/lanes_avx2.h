/*
 * lanes: what lanes.h leaves to the including file, with AVX2, for vectors of 32 bytes.
 */
#ifndef FOREST_LANES_AVX2_H
#define FOREST_LANES_AVX2_H

#include <immintrin.h>

static inline lanes_float float_select(lanes_int mask, lanes_float yes, lanes_float no)
{
    return (lanes_float)_mm256_blendv_ps((__m256)no, (__m256)yes, (__m256)mask);
}

static inline lanes_float float_most(lanes_float a, lanes_float b)
{
    return (lanes_float)_mm256_max_ps((__m256)a, (__m256)b);
}

/* Adds to each lane all lanes before it. */
static inline lanes32 lanes_prefix(lanes32 lanes)
{
    __m256i sums = (__m256i)lanes;
    sums = _mm256_add_epi32(sums, _mm256_slli_si256(sums, 4));
    sums = _mm256_add_epi32(sums, _mm256_slli_si256(sums, 8));
    __m256i low_half = _mm256_permute2x128_si256(sums, sums, 0x08);
    return (lanes32)_mm256_add_epi32(sums, _mm256_shuffle_epi32(low_half, 0xff));
}

#endif
