/*
 * The scheme is that of fields_groups.h, with vectors of zeros and ones for what is where; and
 * groups in which all fields are short take fewer steps.
 */
#ifdef __AVX2__
#include "base/unroll.h"
#include "vectors/fields_groups.h"

#include <immintrin.h>
#include <stdbool.h>

/* ---- scanning ---- */

static uint64_t bytes_equal(const char *text, char byte)
{
    __m256i wanted = _mm256_set1_epi8(byte);
    __m256i low = _mm256_loadu_si256((const __m256i *)text);
    __m256i high = _mm256_loadu_si256((const __m256i *)(text + 32));
    uint32_t low_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t high_bits = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return (uint64_t)high_bits << 32 | low_bits;
}

static inline void store_offsets(uint32_t *to, uint64_t bits, uint32_t base)
{
    while (bits) {
        /* Eight without a look at how many are left: the branch is predicted more often. */
        for (int i = 0; i < 8; i++, bits &= bits - 1)
            to[i] = base + (uint32_t)_tzcnt_u64(bits);
        to += 8;
    }
}

static inline struct scanned_block scan_block(const char *text)
{
    return (struct scanned_block){bytes_equal(text, ' '), bytes_equal(text, '\n')};
}

size_t fields_scan_avx2(const char *text, uint32_t *spaces, size_t capacity, size_t *count)
{
    return scan_by_blocks(text, spaces, capacity, count);
}

/* ---- any decimals ---- */

/* Two fields, a lane each: number k and number k + 4 of the group. */
struct two_fields {
    __m256i parts; /* four numbers of four digits each */
    __m256i marks; /* one, in both halves of its lane */
    __m256i right; /* all ones in a byte that is one of a usual decimal */
};

static __m256i load_ends(const char *text, const uint32_t *bounds, int k)
{
    const char *first = text + bounds[k + 1] - MOST_SIZE,
               *second = text + bounds[k + 5] - MOST_SIZE;
    return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)first)),
                                   _mm_loadu_si128((const __m128i *)second), 1);
}

static __m256i both_lanes(__m128i lane)
{
    return _mm256_broadcastsi128_si256(lane);
}

/* What is where in two lanes. */
struct two_lanes {
    __m256i point, minus; /* all ones in its byte */
    __m256i digits;       /* a byte less '0'; 0 outside the field and for the minus */
};

/* `sizes`: of the fields, in every byte of their lanes, 0 to 127. */
static inline struct two_lanes tell_apart(__m256i bytes, __m256i sizes)
{
    const __m256i place_from_end =
        both_lanes(_mm_setr_epi8(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
    __m256i outside = _mm256_cmpgt_epi8(place_from_end, sizes);
    __m256i first = _mm256_cmpeq_epi8(place_from_end, sizes);
    __m256i points = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.'));
    __m256i minus = _mm256_and_si256(first, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('-')));
    return (struct two_lanes){
        .point = _mm256_andnot_si256(outside, points),
        .minus = minus,
        .digits = _mm256_andnot_si256(_mm256_or_si256(outside, minus),
                                      _mm256_sub_epi8(bytes, _mm256_set1_epi8('0')))};
}

static inline struct two_fields read_two(struct two_lanes lanes)
{
    const __m256i zero = _mm256_setzero_si256();
    const __m256i place =
        both_lanes(_mm_setr_epi8(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
    __m256i marks = _mm256_or_si256(_mm256_and_si256(lanes.point, place),
                                    _mm256_and_si256(lanes.minus, _mm256_set1_epi8(SIGN_MARK)));
    marks = _mm256_sad_epu8(marks, zero);
    marks = _mm256_add_epi64(marks, _mm256_shuffle_epi32(marks, 0x4e));
    __m256i point_place =
        _mm256_and_si256(_mm256_shuffle_epi8(marks, zero), _mm256_set1_epi8(POINT_MARK));
    __m256i behind = _mm256_cmpgt_epi8(place, point_place);
    __m256i digits = _mm256_blendv_epi8(_mm256_bslli_epi128(lanes.digits, 1), lanes.digits, behind);
    const __m256i nine = _mm256_set1_epi8(9);
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a));
    return (struct two_fields){.parts = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064)),
                               .marks = marks,
                               .right = _mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine)};
}

/* The sizes of fields k and k + 4 in their lanes. */
static __m256i spread_sizes(__m256i sizes, int k)
{
    return _mm256_shuffle_epi8(sizes, _mm256_set1_epi8((char)(4 * k)));
}

/* Four quotients of integers (two halves of eight digits) by the powers of ten of their marks. */
static __m128 divide_four(__m128i high, __m128i low, __m128i marks, __m256d *integers)
{
    static const double power_of_ten[16] = {1,   1e15, 1e14, 1e13, 1e12, 1e11, 1e10, 1e9,
                                            1e8, 1e7,  1e6,  1e5,  1e4,  1e3,  1e2,  1e1};
    __m128i place = _mm_and_si128(marks, _mm_set1_epi32(15));
    *integers = _mm256_add_pd(_mm256_mul_pd(_mm256_cvtepi32_pd(high), _mm256_set1_pd(1e8)),
                              _mm256_cvtepi32_pd(low));
    return _mm256_cvtpd_ps(_mm256_div_pd(*integers, _mm256_i32gather_pd(power_of_ten, place, 8)));
}

/* In the order of the fields: the first 32 bits of each lane of four pairs. */
static __m256i gather_marks(const struct two_fields fields[4])
{
    __m256i first = _mm256_unpacklo_epi32(fields[0].marks, fields[1].marks);
    __m256i second = _mm256_unpacklo_epi32(fields[2].marks, fields[3].marks);
    return _mm256_unpacklo_epi64(first, second);
}

/* Which fields have a byte that is none of a usual decimal. */
static unsigned wrong_bytes(const struct two_fields fields[4])
{
    __m256i right = _mm256_and_si256(_mm256_and_si256(fields[0].right, fields[1].right),
                                     _mm256_and_si256(fields[2].right, fields[3].right));
    if (_mm256_movemask_epi8(right) == -1)
        return 0;
    unsigned wrong = 0;
    for (int k = 0; k < 4; k++) {
        uint32_t bits = (uint32_t)_mm256_movemask_epi8(fields[k].right);
        wrong |= (unsigned)((bits & 0xffff) != 0xffff) << k;
        wrong |= (unsigned)(bits >> 16 != 0xffff) << (k + 4);
    }
    return wrong;
}

static unsigned wrong_sizes(__m256i sizes)
{
    __m256i above = _mm256_sub_epi32(sizes, _mm256_set1_epi32(LEAST_SIZE));
    __m256i most = _mm256_set1_epi32(MOST_SIZE - LEAST_SIZE);
    __m256i right = _mm256_cmpeq_epi32(_mm256_max_epu32(above, most), most);
    return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(right)) ^ 0xff;
}

static unsigned too_large(__m256d integers)
{
    return (unsigned)_mm256_movemask_pd(
        _mm256_cmp_pd(integers, _mm256_set1_pd(0x1p53), _CMP_GE_OQ));
}

/* Not inlined: few groups come here, and what the others work with stays in registers. */
static __attribute__((noinline)) unsigned convert_long(const char *text, const uint32_t *bounds,
                                                       float *values)
{
    __m256i starts = _mm256_loadu_si256((const __m256i *)bounds);
    __m256i ends = _mm256_loadu_si256((const __m256i *)(bounds + 1));
    __m256i sizes = _mm256_sub_epi32(_mm256_sub_epi32(ends, starts), _mm256_set1_epi32(1));
    struct two_fields fields[4];
    UNROLL(4)
    for (int k = 0; k < 4; k++)
        fields[k] = read_two(tell_apart(load_ends(text, bounds, k), spread_sizes(sizes, k)));
    unsigned wrong = wrong_sizes(sizes) | wrong_bytes(fields);

    /* In each lane: the high and the low eight digits of a field, then of the next. */
    const __m256i ten_thousand = _mm256_set1_epi32(0x00012710);
    __m256i first =
        _mm256_madd_epi16(_mm256_packus_epi32(fields[0].parts, fields[1].parts), ten_thousand);
    __m256i second =
        _mm256_madd_epi16(_mm256_packus_epi32(fields[2].parts, fields[3].parts), ten_thousand);
    __m256 first_ps = _mm256_castsi256_ps(first), second_ps = _mm256_castsi256_ps(second);
    __m256i high = _mm256_castps_si256(_mm256_shuffle_ps(first_ps, second_ps, 0x88));
    __m256i low = _mm256_castps_si256(_mm256_shuffle_ps(first_ps, second_ps, 0xdd));
    __m256i marks = gather_marks(fields);

    __m256d integers[2];
    __m128 lower = divide_four(_mm256_castsi256_si128(high), _mm256_castsi256_si128(low),
                               _mm256_castsi256_si128(marks), &integers[0]);
    __m128 upper = divide_four(_mm256_extracti128_si256(high, 1), _mm256_extracti128_si256(low, 1),
                               _mm256_extracti128_si256(marks, 1), &integers[1]);
    __m256i minus = _mm256_slli_epi32(_mm256_and_si256(marks, _mm256_set1_epi32(SIGN_MARK)), 26);
    _mm256_storeu_ps(values,
                     _mm256_xor_ps(_mm256_set_m128(upper, lower), _mm256_castsi256_ps(minus)));
    return wrong | too_large(integers[0]) | too_large(integers[1]) << 4;
}

/* ---- short ones ---- */

/*
 * A short field has up to SHORT_SIZE bytes, among them a point with one to seven digits behind it,
 * and is below 2^24 when the point is left out. So the upper half of its lane holds all digits that
 * are not zero, and the point, too.
 *
 * The quotient of such an integer m and 10^k is one of floats, which hold both. It is the same as
 * that of doubles, rounded to a float: rounding twice makes a difference only where the double is a
 * tie between two floats, (2 j + 1) / 2^s with 2 j + 1 < 2^25, and the quotient itself is not. But
 * then they are |m 2^s - (2 j + 1) 10^k| / (2^s 10^k) apart, at least 1 / (2^s 10^k): more than a
 * 2^-49th part of the tie, and a double is as near as 2^-53.
 */
enum {
    SHORT_SIZE = 10,
    SHORT_BITS = 24,
    SHORT_SIGN = 128, /* in a mark; below is the sum of the weights of points: */
    SHORT_POINT = 8 /* of one that is where it may be, 8 and its place in the upper half, from 1 */
};

struct two_short {
    __m256i digits; /* as if there were no point */
    __m256i marks;  /* of the point and the minus, the sum of the two halves of a lane */
};

static inline struct two_short read_short(struct two_lanes lanes)
{
    const __m256i weights =
        both_lanes(_mm_setr_epi8(16, 16, 16, 16, 16, 16, 16, 16, 9, 10, 11, 12, 13, 14, 15, 16));
    const __m256i zero = _mm256_setzero_si256();
    __m256i marks =
        _mm256_or_si256(_mm256_and_si256(lanes.point, weights),
                        _mm256_and_si256(lanes.minus, _mm256_set1_epi8((char)SHORT_SIGN)));
    /* 0 - 0xff in the point's byte has ones in all behind it, and no upper bit before. */
    __m256i behind = _mm256_sub_epi64(zero, lanes.point);
    return (struct two_short){
        .digits = _mm256_blendv_epi8(_mm256_bslli_epi128(lanes.digits, 1), lanes.digits, behind),
        .marks = _mm256_sad_epu8(marks, zero)};
}

/* Fields k and k + 4, for each k. */
static inline void read_shorts(const char *text, const uint32_t *bounds, __m256i sizes,
                               struct two_short fields[4])
{
    __m256i bytes = _mm256_shuffle_epi8(
        sizes, both_lanes(_mm_setr_epi8(0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12)));
    const __m256i spread[4] = {_mm256_shuffle_epi32(bytes, 0x00), _mm256_shuffle_epi32(bytes, 0x55),
                               _mm256_shuffle_epi32(bytes, 0xaa),
                               _mm256_shuffle_epi32(bytes, 0xff)};
    UNROLL(4)
    for (int k = 0; k < 4; k++)
        fields[k] = read_short(tell_apart(load_ends(text, bounds, k), spread[k]));
}

/* The integers that the upper halves hold, in the order of the fields. */
static inline __m256i join_shorts(const struct two_short fields[4])
{
    const __m256i tens = _mm256_set1_epi16(0x010a), hundreds = _mm256_set1_epi32(0x00010064);
    __m256i first =
        _mm256_maddubs_epi16(_mm256_unpackhi_epi64(fields[0].digits, fields[1].digits), tens);
    __m256i second =
        _mm256_maddubs_epi16(_mm256_unpackhi_epi64(fields[2].digits, fields[3].digits), tens);
    return _mm256_madd_epi16(_mm256_packus_epi32(_mm256_madd_epi16(first, hundreds),
                                                 _mm256_madd_epi16(second, hundreds)),
                             _mm256_set1_epi32(0x00012710));
}

/* The marks of all, in the order of the fields. */
static inline __m256i add_marks(const struct two_short fields[4])
{
    __m256 first = _mm256_shuffle_ps(_mm256_castsi256_ps(fields[0].marks),
                                     _mm256_castsi256_ps(fields[1].marks), 0x88);
    __m256 second = _mm256_shuffle_ps(_mm256_castsi256_ps(fields[2].marks),
                                      _mm256_castsi256_ps(fields[3].marks), 0x88);
    return _mm256_add_epi32(_mm256_castps_si256(_mm256_shuffle_ps(first, second, 0x88)),
                            _mm256_castps_si256(_mm256_shuffle_ps(first, second, 0xdd)));
}

/*
 * Whether all are what they were taken for. Points elsewhere weigh 16, and several together 19 to
 * 132, which in seven bits is none of 8 to 15. A point that is alone is the only byte that is lost
 * when the digits before it are moved.
 */
static inline bool are_short(const struct two_short fields[4], __m256i integers, __m256i marks)
{
    const __m256i most = both_lanes(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9));
    __m256i digits = _mm256_max_epu8(_mm256_max_epu8(fields[0].digits, fields[1].digits),
                                     _mm256_max_epu8(fields[2].digits, fields[3].digits));
    __m256i above = _mm256_xor_si256(_mm256_max_epu8(digits, most), most);
    __m256i large = _mm256_srli_epi32(integers, SHORT_BITS);
    __m256i points = _mm256_and_si256(marks, _mm256_set1_epi32(SHORT_SIGN - SHORT_POINT));
    __m256i elsewhere = _mm256_xor_si256(points, _mm256_set1_epi32(SHORT_POINT));
    __m256i wrong = _mm256_or_si256(_mm256_or_si256(above, large), elsewhere);
    return _mm256_testz_si256(wrong, wrong);
}

static inline __m256 divide_shorts(__m256i integers, __m256i marks)
{
    const __m256 power_of_ten = _mm256_setr_ps(0, 1e7f, 1e6f, 1e5f, 1e4f, 1e3f, 1e2f, 1e1f);
    __m256 quotients =
        _mm256_div_ps(_mm256_cvtepi32_ps(integers), _mm256_permutevar8x32_ps(power_of_ten, marks));
    __m256i minus = _mm256_and_si256(marks, _mm256_set1_epi32(SHORT_SIGN));
    return _mm256_xor_ps(quotients, _mm256_castsi256_ps(_mm256_slli_epi32(minus, 24)));
}

/* False where a field is not short: then nothing was done. */
static inline __attribute__((always_inline)) bool convert_short(const char *text,
                                                                const uint32_t *bounds,
                                                                float *values)
{
    __m256i starts = _mm256_loadu_si256((const __m256i *)bounds);
    __m256i ends = _mm256_loadu_si256((const __m256i *)(bounds + 1));
    /* These count the separator. */
    __m256i sizes = _mm256_sub_epi32(ends, starts);
    const __m256i most = _mm256_set1_epi32(SHORT_SIZE + 1);
    if (_mm256_movemask_epi8(_mm256_cmpeq_epi32(_mm256_max_epu32(sizes, most), most)) != -1)
        return false;
    struct two_short fields[4];
    read_shorts(text, bounds, _mm256_sub_epi32(sizes, _mm256_set1_epi32(1)), fields);
    __m256i integers = join_shorts(fields), marks = add_marks(fields);
    if (!are_short(fields, integers, marks))
        return false;
    _mm256_storeu_ps(values, divide_shorts(integers, marks));
    return true;
}

/* ---- groups ---- */

/* Inlined, so that the constants of its steps are made once a line. */
static inline __attribute__((always_inline)) unsigned convert_group(const char *text,
                                                                    const uint32_t *bounds,
                                                                    float *values,
                                                                    struct fields_account *account)
{
    if (!convert_short(text, bounds, values))
        return convert_long(text, bounds, values);
    account->short_groups++;
    return 0;
}

size_t fields_convert_avx2(const char *text, const uint32_t *bounds, size_t count, float *values,
                           struct fields_account *account)
{
    return convert_by_groups(text, bounds, count, values, account);
}
#else
typedef int no_avx2; /* a file is never empty */
#endif
