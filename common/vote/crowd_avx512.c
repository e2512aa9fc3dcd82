/* Sixteen compares at a time, whose masks are bits as they are. */
#include "vote/crowd.h"

#ifdef __AVX512VBMI2__

#include <immintrin.h>

enum { VECTOR = 16 };

/* Which of CROWD_WORD values go left. */
static inline uint64_t left_of(const float *column, __m512 threshold, bool missing_left)
{
    uint64_t left = 0;
#pragma GCC unroll 4
    for (int i = 0; i < CROWD_WORD / VECTOR; i++) {
        const __m512 values = _mm512_loadu_ps(column + i * VECTOR);
        const __mmask16 goes_left = missing_left
                                        ? _mm512_cmp_ps_mask(values, threshold, _CMP_NGT_UQ)
                                        : _mm512_cmp_ps_mask(values, threshold, _CMP_LE_OQ);
        left |= (uint64_t)goes_left << (i * VECTOR);
    }
    return left;
}

static inline uint32_t part(const struct crowd_split *split, bool missing_left, uint64_t *crowd,
                            uint64_t *right, size_t words)
{
    const __m512 threshold = _mm512_set1_ps(split->threshold);
    uint32_t stay = 0;
    for (size_t word = 0; word < words; word++) {
        const uint64_t all = crowd[word];
        const uint64_t left =
            all & left_of(split->column + word * CROWD_WORD, threshold, missing_left);
        crowd[word] = left;
        right[word] = all ^ left;
        stay += (uint32_t)__builtin_popcountll(left);
    }
    return stay;
}

uint32_t crowd_part_avx512(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                           size_t words)
{
    return split->missing_left ? part(split, true, crowd, right, words)
                               : part(split, false, crowd, right, words);
}

#endif
