/*
 * wide: ranks out of a bitmap with AVX-512: the numbers of the bits that are set come next to each
 * other at once. For kernels_avx512.c.
 */
#ifndef FOREST_WIDE_AVX512_H
#define FOREST_WIDE_AVX512_H

#include "forest/wide.h"

#include <immintrin.h>

/*
 * Writes up to WIDE_BEYOND ranks too many. How many vectors a word takes can't be foreseen, and
 * where that is one at most the loop is left alike each time; of `dense` words all are written.
 */
static inline __attribute__((always_inline)) uint32_t *wide_read_word(uint32_t *to, uint64_t taken,
                                                                      uint32_t first, bool dense)
{
    enum { LANES = 16, MOST = 64 };
    static const unsigned char numbers[MOST] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i base = _mm512_set1_epi32((int)first);
    __m512i bits = _mm512_maskz_compress_epi8(taken, _mm512_loadu_si512(numbers));
    uint32_t *const end = to + _mm_popcnt_u64(taken), *const most = dense ? to + MOST : end;
    do {
        const __m512i some = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bits));
        _mm512_storeu_si512(to, _mm512_add_epi32(base, some));
        bits = _mm512_alignr_epi32(_mm512_setzero_si512(), bits, 4);
        to += LANES;
    } while (to < most);
    return end;
}

#endif
