/* The scheme is that of fields_groups.h, with masks for what is where. */
#if defined(__AVX512VBMI2__) && defined(__AVX512VBMI__)
#include "vectors/fields_groups.h"

#include <immintrin.h>

/* ---- scanning ---- */

static inline void store_offsets(uint32_t *to, uint64_t bits, uint32_t base)
{
    static const uint8_t ramp[] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i offsets = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(ramp));
    const __m512i bases = _mm512_set1_epi32((int)base);
    __m512i first = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(offsets));
    _mm512_storeu_si512(to, _mm512_add_epi32(first, bases));
    int count = _mm_popcnt_u64(bits);
    if (count <= 16)
        return;
    __m512i second = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 1));
    __m512i third = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 2));
    __m512i fourth = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(offsets, 3));
    _mm512_storeu_si512(to + 16, _mm512_add_epi32(second, bases));
    _mm512_storeu_si512(to + 32, _mm512_add_epi32(third, bases));
    _mm512_storeu_si512(to + 48, _mm512_add_epi32(fourth, bases));
}

static inline struct scanned_block scan_block(const char *text)
{
    __m512i bytes = _mm512_loadu_si512(text);
    return (struct scanned_block){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' ')),
                                  _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'))};
}

size_t fields_scan_avx512(const char *text, uint32_t *spaces, size_t capacity, size_t *count)
{
    return scan_by_blocks(text, spaces, capacity, count);
}

/* ---- converting ---- */

/* Four fields, a quarter of the vectors each. */
struct quarter_fields {
    __m512i parts;  /* four numbers of four digits each */
    __m512i marks;  /* one, in both halves of its quarter */
    uint64_t wrong; /* bytes that are none of a usual decimal */
};

static __m512i load_ends(const char *text, const uint32_t *bounds)
{
    __m512i bytes =
        _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(text + bounds[1] - 16)));
    bytes = _mm512_inserti32x4(bytes, _mm_loadu_si128((const __m128i *)(text + bounds[3] - 16)), 1);
    bytes = _mm512_inserti32x4(bytes, _mm_loadu_si128((const __m128i *)(text + bounds[5] - 16)), 2);
    return _mm512_inserti32x4(bytes, _mm_loadu_si128((const __m128i *)(text + bounds[7] - 16)), 3);
}

static inline struct quarter_fields read_quarters(__m512i bytes, __m512i sizes)
{
    const __m512i place = _mm512_broadcast_i32x4(
        _mm_setr_epi8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
    const __m512i place_from_end = _mm512_broadcast_i32x4(
        _mm_setr_epi8(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
    const __m512i zero = _mm512_setzero_si512();
    __mmask64 inside = _mm512_cmpge_epu8_mask(sizes, place_from_end);
    __mmask64 first = _mm512_cmpeq_epu8_mask(sizes, place_from_end);
    __mmask64 point = _mm512_mask_cmpeq_epu8_mask(inside, bytes, _mm512_set1_epi8('.'));
    __mmask64 minus = _mm512_mask_cmpeq_epu8_mask(first, bytes, _mm512_set1_epi8('-'));
    __m512i digits = _mm512_maskz_sub_epi8(inside & ~minus, bytes, _mm512_set1_epi8('0'));
    __m512i marks = _mm512_mask_mov_epi8(_mm512_maskz_mov_epi8(point, place), minus,
                                         _mm512_set1_epi8(SIGN_MARK));
    marks = _mm512_sad_epu8(marks, zero);
    marks = _mm512_add_epi64(marks, _mm512_shuffle_epi32(marks, _MM_PERM_BADC));
    __m512i point_place =
        _mm512_and_si512(_mm512_shuffle_epi8(marks, zero), _mm512_set1_epi8(POINT_MARK));
    __mmask64 before = _mm512_cmple_epu8_mask(place, point_place);
    digits = _mm512_mask_mov_epi8(digits, before, _mm512_bslli_epi128(digits, 1));
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
    return (struct quarter_fields){.parts = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064)),
                                   .marks = marks,
                                   .wrong = _mm512_cmpgt_epu8_mask(digits, _mm512_set1_epi8(9))};
}

/* 1 for no point, or behind the last digit; 10^(16 - place) for one at `place`. */
static __m512d powers_of_ten(__m512i marks)
{
    const __m512d low = _mm512_setr_pd(1, 1e15, 1e14, 1e13, 1e12, 1e11, 1e10, 1e9);
    const __m512d high = _mm512_setr_pd(1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1);
    return _mm512_permutex2var_pd(low, marks, high);
}

/* In each quarter the low byte of one of eight sizes: of number `first`, first + 2, ... */
static __m512i spread_sizes(__m256i sizes, int first)
{
    const __m512i even =
        _mm512_set_epi64(0x1818181818181818, 0x1818181818181818, 0x1010101010101010,
                         0x1010101010101010, 0x0808080808080808, 0x0808080808080808, 0, 0);
    __m512i from = _mm512_add_epi8(even, _mm512_set1_epi8((char)(4 * first)));
    return _mm512_permutexvar_epi8(from, _mm512_castsi256_si512(sizes));
}

/* Which fields have a bit in their quarter. */
static __mmask8 fields_of_bytes(uint64_t even, uint64_t odd)
{
    unsigned fields = 0;
    for (int i = 0; i < GROUP; i += 2, even >>= 16, odd >>= 16)
        fields |= (unsigned)((even & 0xffff) != 0) << i | (unsigned)((odd & 0xffff) != 0)
                                                              << (i + 1);
    return (__mmask8)fields;
}

static inline unsigned convert_group(const char *text, const uint32_t *bounds, float *values,
                                     struct fields_account *unused_account)
{
    (void)unused_account;
    __m256i starts = _mm256_loadu_si256((const __m256i *)bounds);
    __m256i ends = _mm256_loadu_si256((const __m256i *)(bounds + 1));
    __m256i sizes = _mm256_sub_epi32(_mm256_sub_epi32(ends, starts), _mm256_set1_epi32(1));
    __mmask8 wrong = _mm256_cmpgt_epu32_mask(_mm256_sub_epi32(sizes, _mm256_set1_epi32(LEAST_SIZE)),
                                             _mm256_set1_epi32(MOST_SIZE - LEAST_SIZE));
    struct quarter_fields even = read_quarters(load_ends(text, bounds), spread_sizes(sizes, 0));
    struct quarter_fields odd = read_quarters(load_ends(text, bounds + 1), spread_sizes(sizes, 1));

    /* In each quarter: an even field's high and low eight digits, then those of an odd one. */
    __m512i parts = _mm512_packus_epi32(even.parts, odd.parts);
    __m512i halves = _mm512_madd_epi16(parts, _mm512_set1_epi32(0x00012710));
    __m512i integers = _mm512_add_epi64(_mm512_mul_epu32(halves, _mm512_set1_epi64(100000000)),
                                        _mm512_srli_epi64(halves, 32));
    __m512i marks = _mm512_unpacklo_epi64(even.marks, odd.marks);
    wrong |= _mm512_cmpge_epu64_mask(integers, _mm512_set1_epi64(INT64_C(1) << 53));
    if (even.wrong | odd.wrong)
        wrong |= fields_of_bytes(even.wrong, odd.wrong);

    __m512d numbers = _mm512_div_pd(_mm512_cvtepu64_pd(integers), powers_of_ten(marks));
    __m256 magnitudes = _mm512_cvtpd_ps(numbers);
    __mmask8 minus = _mm512_test_epi64_mask(marks, _mm512_set1_epi64(SIGN_MARK));
    _mm256_storeu_ps(values,
                     _mm256_mask_xor_ps(magnitudes, minus, magnitudes, _mm256_set1_ps(-0.0f)));
    return wrong;
}

size_t fields_convert_avx512(const char *text, const uint32_t *bounds, size_t count, float *values,
                             struct fields_account *account)
{
    return convert_by_groups(text, bounds, count, values, account);
}
#else
typedef int no_avx512; /* a file is never empty */
#endif
