/*
 * The two passes of a cut that is drawn at random, 16 and 32 rows at a time: gathering a feature's
 * keys, with the lowest and the highest, and keeping the codes of those on the left.
 */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include "base/unroll.h"

#include <immintrin.h>

void gather_avx512(const uint32_t *column, const uint32_t *rows, uint32_t count, uint32_t *keys,
                   uint32_t *lowest, uint32_t *highest)
{
    enum { LANES = 16 };
    UNROLL(8)
    for (uint32_t i = 0; i < count; i++)
        keys[i] = column[rows[i]];
    __m512i least = _mm512_set1_epi32(-1), most = _mm512_setzero_si512();
    for (uint32_t i = 0; i < count; i += LANES) {
        const uint32_t ahead = count - i;
        const __mmask16 there = ahead < LANES ? (__mmask16)((1u << ahead) - 1) : (__mmask16)~0u;
        const __m512i key = _mm512_maskz_loadu_epi32(there, keys + i);
        least = _mm512_mask_min_epu32(least, there, least, key);
        most = _mm512_max_epu32(most, key);
    }
    *lowest = _mm512_reduce_min_epu32(least);
    *highest = _mm512_reduce_max_epu32(most);
}

uint32_t keep_left_avx512(const uint32_t *keys, const uint16_t *codes, uint32_t count,
                          uint32_t limit, uint16_t *to)
{
    enum { LANES = 16 };
    const __m512i most = _mm512_set1_epi32((int)limit);
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i += LANES) {
        const uint32_t ahead = count - i;
        const __mmask16 there = ahead < LANES ? (__mmask16)((1u << ahead) - 1) : (__mmask16)~0u;
        const __m512i key = _mm512_maskz_loadu_epi32(there, keys + i);
        const __mmask16 goes_left = _mm512_mask_cmple_epu32_mask(there, key, most);
        const __m256i code = _mm256_maskz_loadu_epi16(there, codes + i);
        const uint32_t kept = (uint32_t)__builtin_popcount(goes_left);
        _mm256_mask_storeu_epi16(to + left, (__mmask16)((1u << kept) - 1),
                                 _mm256_maskz_compress_epi16(goes_left, code));
        left += kept;
    }
    return left;
}

#endif
