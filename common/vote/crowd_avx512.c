/* Sixteen compares at a time, whose masks are bits as they are. */
#include "vote/crowd.h"

#ifdef __AVX512VBMI2__

#include "base/unroll.h"
#include "vote/crowd_lanes.h"

#include <immintrin.h>

enum { VECTOR = 16 };

static inline uint64_t left_of(const float *column, float threshold, bool missing_left)
{
    const __m512 border = _mm512_set1_ps(threshold);
    uint64_t left = 0;
    UNROLL(4)
    for (int i = 0; i < CROWD_WORD / VECTOR; i++) {
        const __m512 values = _mm512_loadu_ps(column + i * VECTOR);
        const __mmask16 goes_left = missing_left ? _mm512_cmp_ps_mask(values, border, _CMP_NGT_UQ)
                                                 : _mm512_cmp_ps_mask(values, border, _CMP_LE_OQ);
        left |= (uint64_t)goes_left << (i * VECTOR);
    }
    return left;
}

uint32_t crowd_part_avx512(const struct crowd_split *split, uint64_t *crowd, uint64_t *right,
                           size_t words)
{
    return part_lanes(split, crowd, right, words);
}

#endif
