/* Eight compares at a time. */
#include "vote/crowd.h"

#ifdef __AVX2__

#include "base/unroll.h"
#include "vote/crowd_lanes.h"

#include <immintrin.h>

enum { VECTOR = 8 };

static inline uint64_t left_of(const float *column, float threshold, bool missing_left)
{
    const __m256 border = _mm256_set1_ps(threshold);
    uint64_t left = 0;
    UNROLL(8)
    for (int i = 0; i < CROWD_WORD / VECTOR; i++) {
        const __m256 values = _mm256_loadu_ps(column + i * VECTOR);
        const __m256 goes_left = missing_left ? _mm256_cmp_ps(values, border, _CMP_NGT_UQ)
                                              : _mm256_cmp_ps(values, border, _CMP_LE_OQ);
        left |= (uint64_t)(unsigned)_mm256_movemask_ps(goes_left) << (i * VECTOR);
    }
    return left;
}

uint32_t crowd_part_avx2(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                         size_t words)
{
    return part_lanes(split, crowd, right, words);
}

#endif
