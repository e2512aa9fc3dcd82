#if defined(__AVX512BW__) && defined(__AVX512VL__)
#include "embed/tokens.h"

#include <immintrin.h>

static __mmask64 in_range(__m512i bytes, char least, char count)
{
    __m512i above = _mm512_sub_epi8(bytes, _mm512_set1_epi8(least));
    return _mm512_cmplt_epu8_mask(above, _mm512_set1_epi8(count));
}

struct tokens_lanes tokens_scan_avx512(char *bytes, size_t size)
{
    __mmask64 lanes = ~UINT64_C(0) >> (TOKENS_BLOCK - size);
    __m512i in = _mm512_maskz_loadu_epi8(lanes, bytes);
    __mmask64 spaces = in_range(in, 0x09, 5) | in_range(in, 0x1c, 5);
    __mmask64 capitals = in_range(in, 'A', 26);
    /* Adding under the mask of capitals stores nothing else: lower case is 0x20 further on. */
    _mm512_mask_storeu_epi8(bytes, capitals, _mm512_add_epi8(in, _mm512_set1_epi8(0x20)));
    return (struct tokens_lanes){spaces, _mm512_movepi8_mask(in)};
}
#else
typedef int no_avx512; /* a file is never empty */
#endif
