/* Parting eight rows at a time: the ranks are compared at once, and a table tells how each side is
   closed up. */
#include "forest/avx2.h"

#ifdef __AVX2__

#include <immintrin.h>

/* Of eight rows, a bit each. */
struct part_bits {
    unsigned left, neighbour;
};

/* Lanes of 16 bits, all or none of them set, to a bit each. */
static inline unsigned part_mask(__m128i lanes)
{
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(lanes, _mm_setzero_si128()));
}

static inline struct part_bits part_narrow(const uint16_t *ranks, const uint32_t *rows,
                                           const struct cut *cut)
{
    const __m128i below = _mm_set1_epi16((short)cut->below);
    const __m128i above = _mm_set1_epi16((short)cut->above);
    const __m128i eight = _mm_setr_epi16(
        (short)ranks[rows[0]], (short)ranks[rows[1]], (short)ranks[rows[2]], (short)ranks[rows[3]],
        (short)ranks[rows[4]], (short)ranks[rows[5]], (short)ranks[rows[6]], (short)ranks[rows[7]]);
    const __m128i left = _mm_cmpeq_epi16(_mm_min_epu16(eight, below), eight);
    const __m128i neighbour =
        _mm_or_si128(_mm_cmpeq_epi16(eight, below), _mm_cmpeq_epi16(eight, above));
    return (struct part_bits){part_mask(left), part_mask(neighbour)};
}

static inline struct part_bits part_wide(const uint32_t *ranks, const uint32_t *rows,
                                         const struct cut *cut)
{
    const __m256i below = _mm256_set1_epi32((int)cut->below);
    const __m256i above = _mm256_set1_epi32((int)cut->above);
    const __m256i eight = _mm256_setr_epi32(
        (int)ranks[rows[0]], (int)ranks[rows[1]], (int)ranks[rows[2]], (int)ranks[rows[3]],
        (int)ranks[rows[4]], (int)ranks[rows[5]], (int)ranks[rows[6]], (int)ranks[rows[7]]);
    const __m256i left = _mm256_cmpeq_epi32(_mm256_min_epu32(eight, below), eight);
    const __m256i neighbour =
        _mm256_or_si256(_mm256_cmpeq_epi32(eight, below), _mm256_cmpeq_epi32(eight, above));
    return (struct part_bits){(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(left)),
                              (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(neighbour))};
}

/* Stores the rows that are among the bits, and their codes, without gaps, and something behind them
   up to eight; returns how many. */
static inline uint32_t part_close_up(uint32_t *rows, uint16_t *codes, unsigned among, __m256i row,
                                     __m128i code)
{
    const __m128i places = _mm_loadl_epi64((const void *)(places_avx2 + among));
    const __m128i doubled = _mm_mullo_epi16(_mm_cvtepu8_epi16(places), _mm_set1_epi16(2 | 2 << 8));
    const __m128i bytes = _mm_add_epi16(doubled, _mm_set1_epi16(1 << 8));
    _mm256_storeu_si256((void *)rows,
                        _mm256_permutevar8x32_epi32(row, _mm256_cvtepu8_epi32(places)));
    _mm_storeu_si128((void *)codes, _mm_shuffle_epi8(code, bytes));
    return (uint32_t)_mm_popcnt_u32(among);
}

/* Which rows the cut's neighbours are, if any of them is. */
static void part_note(const struct rank_column *column, const uint32_t *rows, unsigned bits,
                      const struct cut *cut, struct neighbours *neighbours)
{
    for (; bits; bits &= bits - 1) {
        const uint32_t row = rows[__builtin_ctz(bits)];
        const uint32_t rank = column_rank(column, row);
        neighbours->below = rank == cut->below ? row : neighbours->below;
        neighbours->above = rank == cut->above ? row : neighbours->above;
    }
}

/* No store reaches what is not read yet: neither side is ahead of the rows. */
static inline __attribute__((always_inline)) uint32_t part_eights(const struct parting *parting,
                                                                  const struct rank_column *column,
                                                                  bool wide, const struct cut *cut,
                                                                  struct neighbours *neighbours)
{
    enum { LANES = 8 };
    const struct parting p = *parting;
    const struct cut at = *cut;
    struct parted parted = {0};
    uint32_t i = 0;
    for (; i + LANES <= p.count; i += LANES) {
        const struct part_bits bits = wide ? part_wide(column->rank, p.rows + i, &at)
                                           : part_narrow(column->rank, p.rows + i, &at);
        const __m256i rows = _mm256_loadu_si256((const void *)(p.rows + i));
        const __m128i codes = _mm_loadu_si128((const void *)(p.codes + i));
        if (bits.neighbour)
            part_note(column, p.rows + i, bits.neighbour, &at, &parted.neighbours);
        const uint32_t left =
            part_close_up(p.rows + parted.left, p.codes + parted.left, bits.left, rows, codes);
        part_close_up(p.spare_rows + parted.right, p.spare_codes + parted.right, bits.left ^ 0xff,
                      rows, codes);
        parted.left += left;
        parted.right += LANES - left;
    }
    for (; i < p.count; i++) {
        const uint32_t rank = rank_of(column->rank, wide, p.rows[i]);
        rows_part_one(&p, i, rank, rank <= at.below, true, &at, &parted);
    }
    return rows_part_end(&p, true, &parted, neighbours);
}

uint32_t part_avx2(const struct parting *parting, const struct rank_column *column,
                   const struct cut *cut, struct neighbours *neighbours)
{
    return column->wide ? part_eights(parting, column, true, cut, neighbours)
                        : part_eights(parting, column, false, cut, neighbours);
}

#endif
