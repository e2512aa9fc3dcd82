/* A range of bytes is one subtraction and one unsigned minimum, 32 bytes at a time. */
#ifdef __AVX2__
#include "text/tokens.h"

#include <immintrin.h>
#include <string.h>

/* Bytes of `least` to `least + count - 1`, as unsigned ones; all bits set where it is so. */
static __m256i in_range(__m256i bytes, char least, char count)
{
    __m256i above = _mm256_sub_epi8(bytes, _mm256_set1_epi8(least));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(above, _mm256_set1_epi8((char)(count - 1))), above);
}

static struct tokens_lanes scan_half(char *bytes)
{
    __m256i in = _mm256_loadu_si256((const __m256i *)bytes);
    __m256i spaces = _mm256_or_si256(in_range(in, 0x09, 5), in_range(in, 0x1c, 5));
    __m256i bit = _mm256_and_si256(in_range(in, 'A', 26), _mm256_set1_epi8(0x20));
    _mm256_storeu_si256((__m256i *)bytes, _mm256_or_si256(in, bit));
    return (struct tokens_lanes){(uint32_t)_mm256_movemask_epi8(spaces),
                                 (uint32_t)_mm256_movemask_epi8(in)};
}

static struct tokens_lanes scan_whole(char *bytes)
{
    struct tokens_lanes low = scan_half(bytes), high = scan_half(bytes + 32);
    return (struct tokens_lanes){low.spaces | high.spaces << 32, low.foreign | high.foreign << 32};
}

struct tokens_lanes tokens_scan_avx2(char *bytes, size_t size)
{
    if (size == TOKENS_BLOCK)
        return scan_whole(bytes);
    char block[TOKENS_BLOCK] = {0};
    memcpy(block, bytes, size);
    struct tokens_lanes lanes = scan_whole(block);
    memcpy(bytes, block, size);
    return lanes;
}
#else
typedef int no_avx2; /* a file is never empty */
#endif
