/* Eight compares at a time. */
#include "vote/crowd.h"

#ifdef __AVX2__

#include <immintrin.h>

enum { VECTOR = 8 };

/* Which of CROWD_WORD values go left. */
static inline uint64_t left_of(const float *column, __m256 threshold, bool missing_left)
{
    uint64_t left = 0;
#pragma GCC unroll 8
    for (int i = 0; i < CROWD_WORD / VECTOR; i++) {
        const __m256 values = _mm256_loadu_ps(column + i * VECTOR);
        const __m256 goes_left = missing_left ? _mm256_cmp_ps(values, threshold, _CMP_NGT_UQ)
                                              : _mm256_cmp_ps(values, threshold, _CMP_LE_OQ);
        left |= (uint64_t)(unsigned)_mm256_movemask_ps(goes_left) << (i * VECTOR);
    }
    return left;
}

static inline uint32_t part(const struct crowd_split *split, bool missing_left, uint64_t *crowd,
                            uint64_t *right, size_t words)
{
    const __m256 threshold = _mm256_set1_ps(split->threshold);
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

uint32_t crowd_part_avx2(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                         size_t words)
{
    return split->missing_left ? part(split, true, crowd, right, words)
                               : part(split, false, crowd, right, words);
}

#endif
