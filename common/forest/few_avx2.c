/* The scan of a node of few classes, 8 rows at a time, see few_lanes.h. */
#include "forest/avx2.h"

#ifdef __AVX2__

#define LANES_BYTES 32
#define LANES_OWN "forest/lanes_avx2.h"
#include "base/unroll.h"
#include "forest/impurity.h"
#include "forest/stretch_lanes.h"

#include <immintrin.h>

enum {
    FEW_ROWS = 8,
    FEW_MANY = 6 /* rows for 64 slots from which it pays to close these up in vectors */
};
typedef __m256i few_vector;

/* A lane of 32 bits for each cut. What is summed in `left` is two weights of 16 bits. */
struct running_sums {
    __m256i squares, products, left;
};

/* What the filter needs to know of a node. */
struct running_whole {
    __m256i squares;
    __m256 weight;
    __m256 bound; /* a little less than the best score so far */
};

#include "forest/few_lanes.h"

/* ---- the order ---- */

/* See avx2.h. */
#define FEW_BIT(mask, bit) ((uint64_t)((mask) >> (bit)&1))
#define FEW_PUT(places, mask, bit)                                                                 \
    ((places) << 8 * FEW_BIT(mask, bit) | FEW_BIT(mask, bit) * (uint64_t)(bit))
#define FEW_UPPER(mask)                                                                            \
    FEW_PUT(FEW_PUT(FEW_PUT(FEW_PUT(UINT64_C(0), mask, 7), mask, 6), mask, 5), mask, 4)
#define FEW_1(mask)                                                                                \
    FEW_PUT(FEW_PUT(FEW_PUT(FEW_PUT(FEW_UPPER(mask), mask, 3), mask, 2), mask, 1), mask, 0)
#define FEW_4(mask) FEW_1(mask), FEW_1((mask) + 1), FEW_1((mask) + 2), FEW_1((mask) + 3)
#define FEW_16(mask) FEW_4(mask), FEW_4((mask) + 4), FEW_4((mask) + 8), FEW_4((mask) + 12)
#define FEW_64(mask) FEW_16(mask), FEW_16((mask) + 16), FEW_16((mask) + 32), FEW_16((mask) + 48)

const uint64_t places_avx2[256] = {FEW_64(0), FEW_64(64), FEW_64(128), FEW_64(192)};

/* A bit for each of 64 slots that is taken. */
static inline uint64_t few_taken(const uint8_t *slots)
{
    const __m256i zero = _mm256_setzero_si256();
    __m256i low = _mm256_loadu_si256((const void *)slots);
    __m256i high = _mm256_loadu_si256((const void *)(slots + 32));
    uint32_t free_low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, zero));
    uint32_t free_high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, zero));
    return ~((uint64_t)free_high << 32 | free_low);
}

/* Closes up 64 slots, eight at a time; writes up to eight codes too many. */
static inline void few_close_many(const uint8_t *slots, uint64_t taken, uint8_t *to)
{
    UNROLL(8)
    for (int i = 0; i < 8; i++, slots += 8, taken >>= 8) {
        __m128i codes = _mm_loadl_epi64((const void *)slots);
        __m128i places = _mm_loadl_epi64((const void *)(places_avx2 + (taken & 0xff)));
        _mm_storel_epi64((void *)to, _mm_shuffle_epi8(codes, places));
        to += _mm_popcnt_u32(taken & 0xff);
    }
}

/* Closes up 64 slots of which few are taken, as order_close_words does. */
static inline void few_close_some(const uint8_t *slots, uint64_t taken, uint8_t *to)
{
    for (; taken; to += ORDER_STEP) {
        UNROLL(8)
        for (int i = 0; i < ORDER_STEP; i++, taken &= taken - 1)
            to[i] = slots[__builtin_ctzll(taken | UINT64_C(1) << 63)];
    }
}

/* Closes up the slots of these words of ranks. Codes are not 0, free slots are, and all are so
   afterwards. Returns how many codes there are. */
static inline uint32_t few_close_words(const struct scan_node *node, size_t word, size_t end,
                                       bool many, uint8_t *to)
{
    const uint8_t *begin = to;
    uint8_t *slots = node->few_slots + word * 64;
    for (; word < end; word++, slots += 64) {
        uint64_t taken = node->taken[word] = few_taken(slots);
        if (many)
            few_close_many(slots, taken, to);
        else
            few_close_some(slots, taken, to);
        to += _mm_popcnt_u64(taken);
        memset(slots, 0, 64);
    }
    /* Rows of no weight fill the last block. */
    memset(to, 0, FEW_ROWS);
    return (uint32_t)(to - begin);
}

static inline void few_close_up(const struct scan_node *node, uint8_t *to)
{
    const size_t words = ranks_words(node->ranks);
    few_close_words(node, 0, words, node->count / FEW_MANY >= words, to);
}

static inline void few_widen(const struct scan_node *node)
{
    for (uint32_t i = 0; i < node->count; i += 16)
        _mm256_storeu_si256((void *)(node->sorted + i), _mm256_cvtepu8_epi16(_mm_loadu_si128(
                                                            (const void *)(node->few_sorted + i))));
}

/* ---- the sums ---- */

/* Adds four classes. Codes stand four times in their lanes. */
static inline void few_quad(struct few_state *state, uint32_t quad, __m256i codes, __m256i weights,
                            struct running_sums *sums)
{
    const __m256i last = _mm256_set1_epi32(FEW_ROWS - 1), low = _mm256_set1_epi32(0x00ff00ff);
    __m256i classes = _mm256_andnot_si256(_mm256_set1_epi8(CODE_MAX_WEIGHT), codes);
    __m256i own = _mm256_cmpeq_epi8(classes, state->codes[quad]);
    __m256i block = (__m256i)lanes_prefix((lanes32)_mm256_and_si256(own, weights));
    __m256i pairs[2] = {_mm256_and_si256(block, low), _mm256_srli_epi16(block, 8)};
    for (int odd = 0; odd < 2; odd++) {
        __m256i left = _mm256_add_epi16(pairs[odd], state->before[quad][odd]);
        __m256i totals = state->totals[quad][odd];
        state->before[quad][odd] = _mm256_permutevar8x32_epi32(left, last);
        sums->squares = _mm256_add_epi32(sums->squares, _mm256_madd_epi16(left, left));
        sums->products = _mm256_add_epi32(sums->products, _mm256_madd_epi16(left, totals));
        sums->left = _mm256_add_epi16(sums->left, left);
    }
}

static inline struct running_sums few_rows(struct few_state *state, uint32_t classes,
                                           const uint8_t *codes, uint32_t count)
{
    const __m256i four_times = _mm256_set_epi32(0x07070707, 0x06060606, 0x05050505, 0x04040404,
                                                0x03030303, 0x02020202, 0x01010101, 0x00000000);
    uint64_t eight;
    memcpy(&eight, codes, sizeof eight);
    __m256i four = _mm256_shuffle_epi8(_mm256_set1_epi64x((long long)eight), four_times);
    __m256i weights = _mm256_and_si256(four, _mm256_set1_epi8(CODE_MAX_WEIGHT));
    struct running_sums sums = {_mm256_setzero_si256(), _mm256_setzero_si256(),
                                _mm256_setzero_si256()};
    (void)count;
    for (uint32_t quad = 0; QUAD * quad < classes; quad++)
        few_quad(state, quad, four, weights, &sums);
    sums.left = _mm256_madd_epi16(sums.left, _mm256_set1_epi16(1));
    return sums;
}

/* ---- the scores ---- */

/* The filter is that of running_avx512.h; a product is rounded once more. */
static inline struct running_whole few_whole(const struct scan_node *node, double score)
{
    const float bound = score > 0 ? (float)(score * (1 - 0x1p-20)) : -1;
    return (struct running_whole){_mm256_set1_epi32((int)node->whole.squares),
                                  _mm256_set1_ps((float)node->whole.weight), _mm256_set1_ps(bound)};
}

/* Which cuts may score more than the best so far. */
static inline unsigned running_promising(const struct running_sums *sums,
                                         const struct running_whole *whole)
{
    __m256i products = _mm256_add_epi32(sums->products, sums->products);
    __m256i right_squares =
        _mm256_add_epi32(_mm256_sub_epi32(whole->squares, products), sums->squares);
    __m256 left = _mm256_cvtepi32_ps(sums->left);
    __m256 right = _mm256_sub_ps(whole->weight, left);
    __m256 both = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sums->squares), right),
                                _mm256_mul_ps(_mm256_cvtepi32_ps(right_squares), left));
    __m256 least_both = _mm256_mul_ps(_mm256_mul_ps(left, right), whole->bound);
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(both, least_both, _CMP_GT_OQ));
}

/* Scores a cut exactly. */
static inline double few_exact(const struct scan_node *node, int32_t squares, int32_t products,
                               int32_t left)
{
    const struct sides sides = {squares,
                                (int64_t)node->whole.squares - 2 * (int64_t)products + squares,
                                (uint32_t)left, (uint32_t)node->whole.weight - (uint32_t)left};
    return gini_score(&sides, NULL);
}

/* Scores those of a block's cuts exactly, which are few: that they come here leaves registers to
   the rest. */
static __attribute__((noinline)) void few_score_some(const struct scan_node *node, unsigned cuts,
                                                     __m256i squares_of, __m256i products_of,
                                                     __m256i left_of, uint32_t first,
                                                     struct found *found)
{
    int32_t squares[FEW_ROWS], products[FEW_ROWS], left[FEW_ROWS];
    _mm256_storeu_si256((void *)squares, squares_of);
    _mm256_storeu_si256((void *)products, products_of);
    _mm256_storeu_si256((void *)left, left_of);
    for (; cuts; cuts &= cuts - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(cuts), place = first + i;
        /* Cut i leaves i + 1 rows on the left. */
        if (place + 1 < node->least || place >= node->count - node->least)
            continue;
        double score = few_exact(node, squares[i], products[i], left[i]);
        if (score > found->score)
            *found = (struct found){score, place, place};
    }
}

static inline void few_score(const struct scan_node *node, struct running_whole *whole,
                             const struct running_sums *sums, uint32_t first, struct found *found)
{
    unsigned cuts = running_promising(sums, whole);
    if (!cuts)
        return;
    few_score_some(node, cuts, sums->squares, sums->products, sums->left, first, found);
    *whole = few_whole(node, found->score);
}

static inline void few_scan_sorted(const struct scan_node *node, struct found *found)
{
    scan_sorted_avx2(node, found);
}

#include "forest/few_skim_avx2.h"

/* ---- the kernel ---- */

bool few_avx2(struct scan_node *node, const struct rank_column *column,
              const struct rank_column *next, struct found *found)
{
    if (stretch_takes(node, column))
        return few_skim(node, column, next, found);
    return few_feature(node, column, next && !stretch_takes(node, next) ? next : NULL, found);
}

#endif
