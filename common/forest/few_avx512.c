/* The scan of a node of few classes, 16 rows at a time, see few_lanes.h. */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include "forest/running_avx512.h"

enum { FEW_ROWS = RUNNING_ROWS };
typedef __m512i few_vector;

#include "forest/few_lanes.h"

/* ---- the order ---- */

/* Codes are not 0, free slots are, and all are so afterwards. */
static inline void few_close_up(const struct scan_node *node, uint8_t *to)
{
    const __m512i zero = _mm512_setzero_si512();
    const size_t words = ranks_words(node->ranks);
    uint8_t *slots = node->few_slots;
    for (size_t word = 0; word < words; word++) {
        __m512i codes = _mm512_loadu_si512(slots + 64 * word);
        __mmask64 taken = _mm512_test_epi8_mask(codes, codes);
        _mm512_storeu_si512(slots + 64 * word, zero);
        _mm512_storeu_si512(to, _mm512_maskz_compress_epi8(taken, codes));
        to += _mm_popcnt_u64(taken);
        node->taken[word] = taken;
    }
}

/* Copies the codes to where those of many classes are. */
static inline void few_widen(const struct scan_node *node)
{
    for (uint32_t i = 0; i < node->count; i += LANES_MOST / 2)
        _mm512_storeu_si512(node->sorted + i, _mm512_cvtepu8_epi16(_mm256_loadu_si256(
                                                  (const void *)(node->few_sorted + i))));
}

/* ---- the sums ---- */

/* Adds to each lane of 32 bits all lanes before it. */
static inline __m512i few_prefix(__m512i lanes)
{
    const __m512i zero = _mm512_setzero_si512();
    lanes = _mm512_add_epi32(lanes, _mm512_alignr_epi32(lanes, zero, 15));
    lanes = _mm512_add_epi32(lanes, _mm512_alignr_epi32(lanes, zero, 14));
    lanes = _mm512_add_epi32(lanes, _mm512_alignr_epi32(lanes, zero, 12));
    return _mm512_add_epi32(lanes, _mm512_alignr_epi32(lanes, zero, 8));
}

/* Adds four classes. Codes stand four times in their lanes. */
static inline void few_quad(struct few_state *state, uint32_t quad, __m512i codes, __m512i weights,
                            struct running_sums *sums)
{
    const __m512i last = _mm512_set1_epi32(RUNNING_ROWS - 1), low = _mm512_set1_epi32(0x00ff00ff);
    __m512i classes = _mm512_andnot_si512(_mm512_set1_epi8(CODE_MAX_WEIGHT), codes);
    __mmask64 own = _mm512_cmpeq_epi8_mask(classes, state->codes[quad]);
    __m512i block = few_prefix(_mm512_maskz_mov_epi8(own, weights));
    __m512i pairs[2] = {_mm512_and_si512(block, low),
                        _mm512_and_si512(_mm512_srli_epi32(block, 8), low)};
    for (int odd = 0; odd < 2; odd++) {
        __m512i left = _mm512_add_epi16(pairs[odd], state->before[quad][odd]);
        state->before[quad][odd] = _mm512_permutexvar_epi32(last, left);
        running_add(sums, left, state->totals[quad][odd]);
    }
}

static inline struct running_sums few_rows(struct few_state *state, uint32_t classes,
                                           const uint8_t *codes, uint32_t count)
{
    __mmask16 there = count < RUNNING_ROWS ? (__mmask16)((1u << count) - 1) : (__mmask16)~0u;
    __m512i once = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(there, codes));
    __m512i four = _mm512_mullo_epi32(once, _mm512_set1_epi32(0x01010101));
    __m512i weights = _mm512_and_si512(four, _mm512_set1_epi8(CODE_MAX_WEIGHT));
    struct running_sums sums = running_zero();
    for (uint32_t quad = 0; QUAD * quad < classes; quad++)
        few_quad(state, quad, four, weights, &sums);
    return sums;
}

/* ---- the scan ---- */

/* Those of the cuts that leave enough rows on both sides. Cut i leaves i + 1 on the left. */
static inline __mmask16 few_allowed(const struct scan_node *node, __m512i places, __mmask16 cuts)
{
    __m512i lowest = _mm512_set1_epi32((int)node->least - 1);
    __m512i beyond = _mm512_set1_epi32((int)node->count - (int)node->least);
    cuts = _mm512_mask_cmpge_epi32_mask(cuts, places, lowest);
    return _mm512_mask_cmplt_epi32_mask(cuts, places, beyond);
}

static inline struct running_whole few_whole(const struct scan_node *node, double score)
{
    (void)score; /* asked for each block anew */
    return running_whole_of(&node->whole);
}

static inline void few_score(const struct scan_node *node, struct running_whole *whole,
                             const struct running_sums *sums, uint32_t first, struct found *found)
{
    const __m512i order = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __mmask16 cuts = running_promising(sums, whole, found->score);
    if (!cuts)
        return;
    struct running_best best = running_none();
    __m512i places = _mm512_add_epi32(_mm512_set1_epi32((int)first), order);
    running_score(sums, whole, places, few_allowed(node, places, cuts), &best);
    uint32_t place;
    double score = running_winner(&best, &place);
    if (score > found->score)
        *found = (struct found){score, place, place};
}

/* ---- the kernel ---- */

static inline void few_scan_sorted(const struct scan_node *node, struct found *found)
{
    scan_sorted_avx512(node, found);
}

bool few_avx512(struct scan_node *node, const struct rank_column *column,
                const struct rank_column *next, struct found *found)
{
    return few_feature(node, column, next, found);
}

#endif
