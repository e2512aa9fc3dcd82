/*
 * The classes of a node, 32 codes at a time: each is compared with eight classes in turn, whose
 * sums stay in registers, so that no sum waits for a store.
 */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include <immintrin.h>

enum {
    TALLY_LANES = 32,
    TALLY_CLASSES = 8,   /* at once */
    TALLY_ROWS = 1 << 16 /* of weights up to 15 in lanes of 16 bits do not overflow */
};

/* Adds the weights of the classes from `first` on among the rows [begin, end). */
static inline void tally_range(const uint16_t *codes, uint32_t begin, uint32_t end, uint32_t first,
                               uint32_t classes, uint32_t *total)
{
    __m512i sums[TALLY_CLASSES];
#pragma GCC unroll 8
    for (int i = 0; i < TALLY_CLASSES; i++)
        sums[i] = _mm512_setzero_si512();
    for (uint32_t at = begin; at < end; at += TALLY_LANES) {
        __mmask32 there = end - at < TALLY_LANES ? (1u << (end - at)) - 1 : ~0u;
        __m512i here = _mm512_maskz_loadu_epi16(there, codes + at);
        __m512i class = _mm512_srli_epi16(here, CODE_WEIGHT_BITS);
        __m512i weight = _mm512_and_si512(here, _mm512_set1_epi16(CODE_MAX_WEIGHT));
        class = _mm512_sub_epi16(class, _mm512_set1_epi16((short)first));
#pragma GCC unroll 8
        for (int i = 0; i < TALLY_CLASSES; i++) {
            __mmask32 own = _mm512_cmpeq_epi16_mask(class, _mm512_set1_epi16((short)i));
            sums[i] = _mm512_mask_add_epi16(sums[i], own, sums[i], weight);
        }
    }
#pragma GCC unroll 8
    for (uint32_t i = 0; i < TALLY_CLASSES; i++)
        if (first + i < classes) {
            const __m512i low = _mm512_set1_epi32(UINT16_MAX);
            __m512i pairs =
                _mm512_add_epi32(_mm512_and_si512(sums[i], low), _mm512_srli_epi32(sums[i], 16));
            total[first + i] += (uint32_t)_mm512_reduce_add_epi32(pairs);
        }
}

void tally_avx512(const uint16_t *codes, uint32_t count, uint32_t classes, uint32_t *total)
{
    for (uint32_t begin = 0; begin < count; begin += TALLY_ROWS) {
        uint32_t end = count - begin < TALLY_ROWS ? count : begin + TALLY_ROWS;
        for (uint32_t first = 0; first < classes; first += TALLY_CLASSES)
            tally_range(codes, begin, end, first, classes, total);
    }
}

#endif
