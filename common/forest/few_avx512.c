/*
 * The scan of a node of few classes, 16 rows at a time.
 *
 * Class and weight fit a byte, and 64 slots a vector, out of which the taken ones are closed up.
 * Then, four classes at a time, the weights of their rows, and 0 for the others, are summed up
 * over the lanes, which gives each class's weight on the left after each row.
 *
 * Sums take 16 bits, with a sign, which nodes of more weight do not fit: those are put in order
 * like this, and then scanned as nodes of many classes are.
 */
#include "forest/avx512.h"

#ifdef __AVX512VBMI2__

#include "forest/order.h"
#include "forest/running_avx512.h"

/* ---- the order ---- */

static inline void few_scatter_by(const struct scan_node *node, const void *ranks, bool wide,
                                  uint32_t begin, uint32_t end)
{
    /* A byte that is stored might be part of anything, but for what is local. */
    const uint32_t *rows = node->rows;
    const uint8_t *few = node->few;
    uint8_t *slots = node->few_slots;
#pragma GCC unroll 4
    for (uint32_t i = begin; i < end; i++)
        slots[rank_of(ranks, wide, rows[i])] = few[i];
}

/* Puts the codes of rows[begin .. end-1] into the slots of their ranks. */
static inline void few_scatter(const struct scan_node *node, const struct rank_column *column,
                               uint32_t begin, uint32_t end)
{
    if (column->wide)
        few_scatter_by(node, column->rank, true, begin, end);
    else
        few_scatter_by(node, column->rank, false, begin, end);
}

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

/* Leaves the codes in node->few_sorted and the ranks in node->taken. */
static inline void few_order(const struct scan_node *node, const struct rank_column *column)
{
    if (!node->scattered)
        few_scatter(node, column, 0, node->count);
    few_close_up(node, node->few_sorted);
}

/* Copies the codes to where those of many classes are. */
static inline void few_widen(const struct scan_node *node)
{
    for (uint32_t i = 0; i < node->count; i += LANES_MOST / 2)
        _mm512_storeu_si512(node->sorted + i, _mm512_cvtepu8_epi16(_mm256_loadu_si256(
                                                  (const void *)(node->few_sorted + i))));
}

/* ---- the sums ---- */

/*
 * Four classes share a lane of 32 bits, with a byte each while sums are those of a block: 16 rows
 * of weights up to 15 fit. Then they are pairs, the even ones and the odd ones, of 16 bits.
 */
enum { QUAD = 4, QUADS = FEW_CLASSES / QUAD, BLOCK_WEIGHT = RUNNING_ROWS * CODE_MAX_WEIGHT };
_Static_assert((int)BLOCK_WEIGHT <= UINT8_MAX, "sums of a block fit a byte");

struct few_state {
    __m512i before[QUADS][2]; /* the weights of each pair before the next row, in all lanes */
    uint32_t totals[QUADS][2];
};

/* The totals of a pair: of the classes of which a lane has the bytes 0 and 2, or 1 and 3. */
static inline uint32_t few_totals(const struct scan_node *node, uint32_t first)
{
    uint32_t second = first + 2, count = node->class_count;
    uint32_t low = first < count ? node->total[first] : 0;
    uint32_t high = second < count ? node->total[second] : 0;
    return low | high << 16;
}

static inline void few_begin(struct few_state *state, const struct scan_node *node)
{
    for (uint32_t quad = 0; QUAD * quad < node->class_count; quad++)
        for (uint32_t odd = 0; odd < 2; odd++) {
            state->before[quad][odd] = _mm512_setzero_si512();
            state->totals[quad][odd] = few_totals(node, QUAD * quad + odd);
        }
}

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
    const __m512i first = _mm512_set1_epi32((int)(0x30201000u + quad * 0x40404040u));
    __m512i classes = _mm512_andnot_si512(_mm512_set1_epi8(CODE_MAX_WEIGHT), codes);
    __mmask64 own = _mm512_cmpeq_epi8_mask(classes, first);
    __m512i block = few_prefix(_mm512_maskz_mov_epi8(own, weights));
    __m512i pairs[2] = {_mm512_and_si512(block, low),
                        _mm512_and_si512(_mm512_srli_epi32(block, 8), low)};
    for (int odd = 0; odd < 2; odd++) {
        __m512i left = _mm512_add_epi16(pairs[odd], state->before[quad][odd]);
        state->before[quad][odd] = _mm512_permutexvar_epi32(last, left);
        running_add(sums, left, _mm512_set1_epi32((int)state->totals[quad][odd]));
    }
}

/* The sums after each of up to RUNNING_ROWS rows; the last is repeated for those left over. */
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

/* Scores a block's cuts that may be better than `found`. */
static inline void few_score(const struct scan_node *node, const struct running_whole *whole,
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

/*
 * Finds the cut that is better than what `found` has; its `below` is the cut's number. Scatters
 * the codes for the next feature, if there is one, on the way: that keeps the machine's loads and
 * stores busy, and scoring its arithmetic.
 */
static inline void few_scan(const struct scan_node *node, const struct rank_column *next,
                            struct found *found)
{
    const uint8_t *codes = node->few_sorted;
    struct few_state state;
    const struct running_whole whole = running_whole_of(&node->whole);
    few_begin(&state, node);
    for (uint32_t first = 0; first < node->count; first += RUNNING_ROWS) {
        uint32_t left = node->count - first;
        struct running_sums sums = few_rows(&state, node->class_count, codes + first, left);
        if (next)
            few_scatter(node, next, first, first + (left < RUNNING_ROWS ? left : RUNNING_ROWS));
        few_score(node, &whole, &sums, first, found);
    }
}

/* ---- the kernel ---- */

bool few_avx512(struct scan_node *node, const struct rank_column *column,
                const struct rank_column *next, struct found *found)
{
    const double before = found->score;
    few_order(node, column);
    bool varies = order_width(node) > column->span;
    node->ran = varies && node->whole.weight <= FEW_WEIGHT;
    if (node->ran) {
        few_scan(node, next, found);
    } else if (varies) {
        few_widen(node);
        scan_sorted_avx512(node, found);
    }
    if (next && !node->ran)
        few_scatter(node, next, 0, node->count);
    node->scattered = next;
    if (found->score > before)
        order_neighbours(node, found->below, &found->below, &found->above);
    return varies;
}

#endif
