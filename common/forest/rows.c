#include "forest/rows.h"

#include "forest/renumber.h"

#include <stdbool.h>
#include <string.h>

const struct row_kernels *row_kernels_of(enum cpu_level level)
{
#ifdef __x86_64__
    if (level >= CPU_AVX512)
        return &row_kernels_avx512;
    if (level >= CPU_AVX2)
        return &row_kernels_avx2;
#endif
    (void)level;
    return &row_kernels_portable;
}

static inline void tally_row(uint16_t code, uint32_t *sums)
{
    sums[code >> CODE_WEIGHT_BITS] += code & CODE_MAX_WEIGHT;
}

void rows_tally(const struct node *node, struct tally *tally)
{
    const uint16_t *codes = node->codes;
    uint32_t *even = tally->total, *odd = tally->odd, i = 0;
    for (; i + 1 < node->count; i += 2) {
        tally_row(codes[i], even);
        tally_row(codes[i + 1], odd);
    }
    if (i < node->count)
        tally_row(codes[i], even);
}

static inline uint32_t part_by(const struct parting *parting, const void *ranks, bool wide,
                               bool coded, const struct cut *cut, struct neighbours *neighbours)
{
    const struct parting p = *parting;
    uint32_t left = 0, right = 0, below = 0, above = 0;
    for (uint32_t i = 0; i < p.count; i++) {
        uint32_t row = p.rows[i], rank = rank_of(ranks, wide, row);
        bool goes_left = rank <= cut->below;
        p.rows[left] = p.spare_rows[right] = row;
        if (coded)
            p.codes[left] = p.spare_codes[right] = p.codes[i];
        left += goes_left;
        right += !goes_left;
        below = rank == cut->below ? row : below;
        above = rank == cut->above ? row : above;
    }
    memcpy(p.rows + left, p.spare_rows, right * sizeof *p.rows);
    if (coded)
        memcpy(p.codes + left, p.spare_codes, right * sizeof *p.codes);
    *neighbours = (struct neighbours){below, above};
    return left;
}

/* A loop for each case. */
uint32_t rows_part(const struct parting *parting, const struct ranking *ranking,
                   const struct cut *cut, struct neighbours *neighbours)
{
    const void *ranks = ranking->rank;
    if (!parting->codes)
        return ranking->wide ? part_by(parting, ranks, true, false, cut, neighbours)
                             : part_by(parting, ranks, false, false, cut, neighbours);
    return ranking->wide ? part_by(parting, ranks, true, true, cut, neighbours)
                         : part_by(parting, ranks, false, true, cut, neighbours);
}

static void renumber_portable(struct ranks_scratch *scratch, size_t words, uint32_t count, void *to,
                              bool wide)
{
    renumber_all(scratch, words, count, to, wide);
}

const struct row_kernels row_kernels_portable = {rows_tally, rows_part, renumber_portable};
