/*
 * count: rows compared into masks, by which AVX-512 adds. For kernels_avx512.c.
 */
#ifndef FOREST_COUNT_AVX512_H
#define FOREST_COUNT_AVX512_H

#include <immintrin.h>

typedef __mmask32 count_mask;

static inline count_mask count_left(lanes16 against, lanes16 ranks)
{
    return _mm512_cmple_epi16_mask((__m512i)against, (__m512i)ranks);
}

static inline lanes16 count_add(lanes16 sum, count_mask mask, lanes16 more)
{
    return (lanes16)_mm512_mask_add_epi16((__m512i)sum, mask, (__m512i)sum, (__m512i)more);
}

#endif
