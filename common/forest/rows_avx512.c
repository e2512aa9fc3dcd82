/*
 * Parting 16 rows at a time: their ranks are gathered, and both sides compressed to where they go.
 */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include <immintrin.h>

/* The ranks of these rows. Gathering takes 32 bits, of which the upper half are the next rank. */
static inline __m512i part_ranks(const struct rank_column *column, __mmask16 there, __m512i rows)
{
    const __m512i zero = _mm512_setzero_si512();
    if (column->wide)
        return _mm512_mask_i32gather_epi32(zero, there, rows, column->rank, 4);
    return _mm512_and_si512(_mm512_mask_i32gather_epi32(zero, there, rows, column->rank, 2),
                            _mm512_set1_epi32(UINT16_MAX));
}

/* Stores what is `among` the lanes, without gaps; returns how many. */
static inline uint32_t part_compress(uint32_t *rows, uint16_t *codes, __mmask16 among, __m512i row,
                                     __m256i code)
{
    uint32_t count = (uint32_t)__builtin_popcount(among);
    __mmask16 first = (__mmask16)((1u << count) - 1);
    _mm512_mask_storeu_epi32(rows, first, _mm512_maskz_compress_epi32(among, row));
    _mm256_mask_storeu_epi16(codes, first, _mm256_maskz_compress_epi16(among, code));
    return count;
}

/* The row in the lane of the mask, of which there is one, or `before`. */
static inline uint32_t part_row(const uint32_t *rows, __mmask16 lane, uint32_t before)
{
    return lane ? rows[__builtin_ctz(lane)] : before;
}

uint32_t part_avx512(const struct parting *parting, const struct rank_column *column,
                     const struct cut *cut, struct neighbours *neighbours)
{
    enum { LANES = 16 };
    const __m512i below = _mm512_set1_epi32((int)cut->below);
    const __m512i above = _mm512_set1_epi32((int)cut->above);
    const struct parting p = *parting;
    uint32_t left = 0, right = 0, row_below = 0, row_above = 0;
    for (uint32_t i = 0; i < p.count; i += LANES) {
        uint32_t ahead = p.count - i;
        __mmask16 there = ahead < LANES ? (__mmask16)((1u << ahead) - 1) : (__mmask16)~0u;
        __m512i rows = _mm512_maskz_loadu_epi32(there, p.rows + i);
        __m256i codes = _mm256_maskz_loadu_epi16(there, p.codes + i);
        __m512i ranks = part_ranks(column, there, rows);
        __mmask16 goes_left = _mm512_mask_cmple_epu32_mask(there, ranks, below);
        __mmask16 is_below = _mm512_mask_cmpeq_epi32_mask(there, ranks, below);
        __mmask16 is_above = _mm512_mask_cmpeq_epi32_mask(there, ranks, above);
        row_below = part_row(p.rows + i, is_below, row_below);
        row_above = part_row(p.rows + i, is_above, row_above);
        left += part_compress(p.rows + left, p.codes + left, goes_left, rows, codes);
        right += part_compress(p.spare_rows + right, p.spare_codes + right,
                               (__mmask16)(there & ~goes_left), rows, codes);
    }
    const struct parted parted = {left, right, {row_below, row_above}};
    return rows_part_end(&p, true, &parted, neighbours);
}

#endif
