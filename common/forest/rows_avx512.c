#include "forest/rows.h"

#ifdef __AVX512VBMI2__

#include <immintrin.h>
#include <string.h>

/* ---- counting ---- */

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

static void tally_avx512(const struct node *node, struct tally *tally)
{
    if (node->count < TALLY_LANES || tally->classes > 2 * TALLY_CLASSES) {
        rows_tally(node, tally);
        return;
    }
    for (uint32_t begin = 0; begin < node->count; begin += TALLY_ROWS) {
        uint32_t end = node->count - begin < TALLY_ROWS ? node->count : begin + TALLY_ROWS;
        for (uint32_t first = 0; first < tally->classes; first += TALLY_CLASSES)
            tally_range(node->codes, begin, end, first, tally->classes, tally->total);
    }
}

/* ---- parting ---- */

enum { PART_LANES = 16 };

/* The ranks of these rows. Gathering takes 32 bits, of which the upper half are the next rank. */
static inline __m512i part_ranks(const struct ranking *ranking, __mmask16 there, __m512i rows)
{
    const __m512i zero = _mm512_setzero_si512();
    if (ranking->wide)
        return _mm512_mask_i32gather_epi32(zero, there, rows, ranking->rank, 4);
    return _mm512_and_si512(_mm512_mask_i32gather_epi32(zero, there, rows, ranking->rank, 2),
                            _mm512_set1_epi32(UINT16_MAX));
}

/* Stores what is `among` the lanes, without gaps; returns how many. */
static inline uint32_t part_store(uint32_t *rows, uint16_t *codes, __mmask16 among, __m512i row,
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

static uint32_t part_avx512(const struct parting *parting, const struct ranking *ranking,
                            const struct cut *cut, struct neighbours *neighbours)
{
    const __m512i below = _mm512_set1_epi32((int)cut->below);
    const __m512i above = _mm512_set1_epi32((int)cut->above);
    const struct parting p = *parting;
    uint32_t left = 0, right = 0, row_below = 0, row_above = 0;
    if (!p.codes)
        return rows_part(parting, ranking, cut, neighbours);
    for (uint32_t i = 0; i < p.count; i += PART_LANES) {
        uint32_t ahead = p.count - i;
        __mmask16 there = ahead < PART_LANES ? (__mmask16)((1u << ahead) - 1) : (__mmask16)~0u;
        __m512i rows = _mm512_maskz_loadu_epi32(there, p.rows + i);
        __m256i codes = _mm256_maskz_loadu_epi16(there, p.codes + i);
        __m512i ranks = part_ranks(ranking, there, rows);
        __mmask16 goes_left = _mm512_mask_cmple_epu32_mask(there, ranks, below);
        __mmask16 is_below = _mm512_mask_cmpeq_epi32_mask(there, ranks, below);
        __mmask16 is_above = _mm512_mask_cmpeq_epi32_mask(there, ranks, above);
        row_below = part_row(p.rows + i, is_below, row_below);
        row_above = part_row(p.rows + i, is_above, row_above);
        left += part_store(p.rows + left, p.codes + left, goes_left, rows, codes);
        right += part_store(p.spare_rows + right, p.spare_codes + right,
                            (__mmask16)(there & ~goes_left), rows, codes);
    }
    memcpy(p.rows + left, p.spare_rows, right * sizeof *p.rows);
    memcpy(p.codes + left, p.spare_codes, right * sizeof *p.codes);
    *neighbours = (struct neighbours){row_below, row_above};
    return left;
}

const struct row_kernels row_kernels_avx512 = {tally_avx512, part_avx512, rows_renumber_avx2};

#endif
