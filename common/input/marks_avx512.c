#ifdef __AVX512VBMI__
#include "input/marks.h"

#include <immintrin.h>

/* Sixteen bytes: their keys gather what they mean, where a byte is not certain. */
static __m128i resolve_some(const unsigned char *meaning, __m128i a, __m128i b)
{
    __m128i apart = _mm_sub_epi8(b, a);
    __mmask16 marked = _mm_test_epi8_mask(apart, apart);
    __m512i certain = _mm512_cvtepu8_epi32(a);
    if (!marked)
        return a;
    __m512i keys = _mm512_or_si512(certain, _mm512_slli_epi32(_mm512_cvtepu8_epi32(apart), 8));
    return _mm512_cvtepi32_epi8(_mm512_mask_i32gather_epi32(certain, marked, keys, meaning, 1));
}

void marks_resolve_avx512(const struct marks *marks, const unsigned char *a, const unsigned char *b,
                          unsigned char *to, size_t size)
{
    size_t i = 0;
    for (; i + 16 <= size; i += 16) {
        __m128i result =
            resolve_some(marks->meaning, _mm_loadu_si128((const __m128i *)(const void *)(a + i)),
                         _mm_loadu_si128((const __m128i *)(const void *)(b + i)));
        _mm_storeu_si128((__m128i *)(void *)(to + i), result);
    }
    marks_resolve_portable(marks, a + i, b + i, to + i, size - i);
}
#else
typedef int no_avx512; /* a file is never empty */
#endif
