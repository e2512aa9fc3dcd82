/*
 * After Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
 * Instruction", Intel, 2009.
 *
 * A message is a polynomial over two elements, and its CRC the remainder of a division by
 * another one, P. The remainder stays the same when a part of the message, a(x) x^n, is replaced
 * by a(x) (x^n mod P), which is shorter, and added to what stands there. So 16 bytes fold onto
 * those that stand 16, or 64, further on, by two multiplications for the two halves; and in the
 * end 16 bytes are left that have the remainder of the whole.
 *
 * Bits are in reverse order throughout, as CRC-32 has them, which shifts a product by one; the
 * factors, x^n mod P in that order, make up for it.
 */
#if defined(__AVX2__) && defined(__PCLMUL__)
#include "base/crc32.h"

#include <immintrin.h>
#include <zlib.h>

enum { LANES = 4, LANE = 16 };

/* Adds `from`, multiplied by the factors for its two halves, to `to`. */
static __m128i fold(__m128i from, __m128i factors, __m128i to)
{
    __m128i low = _mm_clmulepi64_si128(from, factors, 0x00);
    __m128i high = _mm_clmulepi64_si128(from, factors, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), to);
}

static __m128i load(const unsigned char *bytes)
{
    return _mm_loadu_si128((const __m128i *)bytes);
}

uint32_t crc32_blocks_avx2(uint32_t crc, const unsigned char *bytes, size_t blocks)
{
    /* x^(512 + 32) and x^(512 - 32), then x^(128 + 32) and x^(128 - 32), modulo P. */
    const __m128i over_64 = _mm_set_epi64x(0x1c6e41596, 0x154442bd4);
    const __m128i over_16 = _mm_set_epi64x(0x0ccaa009e, 0x1751997d0);
    __m128i lanes[LANES];
    for (int i = 0; i < LANES; i++)
        lanes[i] = load(bytes + i * LANE);
    /* What came before is added to the first four bytes, as a CRC-32 starts: inverted. */
    lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)~crc));
    for (size_t block = 1; block < blocks; block++) {
        bytes += LANES * LANE;
        for (int i = 0; i < LANES; i++)
            lanes[i] = fold(lanes[i], over_64, load(bytes + i * LANE));
    }
    for (int i = 1; i < LANES; i++)
        lanes[i] = fold(lanes[i - 1], over_16, lanes[i]);
    unsigned char rest[LANE];
    _mm_storeu_si128((__m128i *)rest, lanes[LANES - 1]);
    /* These are divided bit by bit, from a remainder of zero: that is a CRC of all ones. */
    return (uint32_t)crc32_z(UINT32_MAX, rest, sizeof rest);
}
#else
typedef int no_avx2; /* a file is never empty */
#endif
