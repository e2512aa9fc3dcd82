#include "forest/rows.h"

#ifdef __AVX2__

#include "forest/renumber.h"

void rows_renumber_avx2(struct ranks_scratch *scratch, size_t words, uint32_t count, void *to,
                        bool wide)
{
    renumber_all(scratch, words, count, to, wide);
}

const struct row_kernels row_kernels_avx2 = {rows_tally, rows_part, rows_renumber_avx2};

#endif
