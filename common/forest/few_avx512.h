/*
 * few: the scan of a node of few classes, 32 rows at a time; for AVX-512.
 *
 * Class and weight fit a byte, and 64 slots a vector, out of which the taken ones are closed up.
 * Then, class by class, the weights of its rows, and 0 for the others, are summed up over the
 * lanes, which gives that class's weight on the left after each row.
 *
 * Internal to the scan.
 */
#ifndef FOREST_FEW_AVX512_H
#define FOREST_FEW_AVX512_H

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
static inline void few_scatter(const struct scan_node *node, const struct ranking *ranking,
                               uint32_t begin, uint32_t end)
{
    if (ranking->wide)
        few_scatter_by(node, ranking->rank, true, begin, end);
    else
        few_scatter_by(node, ranking->rank, false, begin, end);
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

/* Leaves the codes in node->sorted, as bytes, and the ranks in node->taken. */
static inline const uint8_t *few_order(const struct scan_node *node, const struct ranking *ranking)
{
    uint8_t *sorted = (uint8_t *)node->sorted;
    if (!node->scattered)
        few_scatter(node, ranking, 0, node->count);
    few_close_up(node, sorted);
    return sorted;
}

/* ---- the sums ---- */

/* The weight of each class before the next row, in all lanes. */
struct running {
    __m512i before[FEW_CLASSES];
};

static inline void running_begin(struct running *running, uint32_t classes)
{
    for (uint32_t i = 0; i < classes + classes % 2; i++)
        running->before[i] = _mm512_setzero_si512();
}

/* Adds to each lane of 16 bits all lanes before it. */
static inline __m512i running_total(__m512i lanes)
{
    const __m512i eighth = _mm512_mask_set1_epi16(_mm512_set1_epi16(7), 0xffff0000, 23);
    const __m512i half = _mm512_set1_epi16(15);
    /* Within 128 bits, then across: from each first quarter to the second, from half to half. */
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 2));
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 4));
    lanes = _mm512_add_epi16(lanes, _mm512_bslli_epi128(lanes, 8));
    lanes = _mm512_add_epi16(lanes, _mm512_maskz_permutexvar_epi16(0xff00ff00, eighth, lanes));
    return _mm512_add_epi16(lanes, _mm512_maskz_permutexvar_epi16(0xffff0000, half, lanes));
}

/* The weight of a class on the left after each row. */
static inline __m512i running_left(__m512i *before, __m512i classes, __m512i weights,
                                   uint32_t class)
{
    const __m512i last = _mm512_set1_epi16(RUNNING_ROWS - 1);
    __mmask32 own = _mm512_cmpeq_epi16_mask(classes, _mm512_set1_epi16((short)class));
    __m512i left = running_total(_mm512_maskz_mov_epi16(own, weights));
    left = _mm512_add_epi16(left, *before);
    *before = _mm512_permutexvar_epi16(last, left);
    return left;
}

/* The places of a block's cuts; there are fewer than 2^16. */
static inline __m512i running_places(uint32_t first)
{
    const __m512i places = _mm512_set_epi16(
        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
        8, 7, 6, 5, 4, 3, 2, 1, 0);
    return _mm512_add_epi16(_mm512_set1_epi16((short)first), places);
}

/* Those of the cuts that leave enough rows on both sides. Cut i leaves i + 1 on the left. */
static inline uint32_t running_allowed(const struct scan_node *node, __m512i places, uint32_t cuts)
{
    const __m512i lowest = _mm512_set1_epi32((int)node->least - 1);
    const __m512i beyond = _mm512_set1_epi32((int)node->count - (int)node->least);
    uint32_t allowed = 0;
    for (int half = 0; half < 2; half++) {
        __m512i at = running_half(places, half);
        uint32_t here = _mm512_cmpge_epi32_mask(at, lowest) & _mm512_cmplt_epi32_mask(at, beyond);
        allowed |= here << 16 * half;
    }
    return cuts & allowed;
}

/* The sums after each of up to RUNNING_ROWS rows; the last is repeated for those left over. */
static inline struct running_sums running_rows(struct running *running,
                                               const struct scan_node *node, const uint8_t *codes,
                                               uint32_t count)
{
    __mmask32 there = count < RUNNING_ROWS ? (1u << count) - 1 : ~0u;
    __m512i wide = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(there, codes));
    __m512i classes = _mm512_srli_epi16(wide, CODE_WEIGHT_BITS);
    __m512i weights = _mm512_and_si512(wide, _mm512_set1_epi16(CODE_MAX_WEIGHT));
    struct running_sums here;
    running_clear(&here);
    for (uint32_t i = 0; i < node->class_count; i += 2) {
        /* An odd one out is paired with a class that no row has. */
        bool paired = i + 1 < node->class_count;
        uint32_t totals = node->cells[node->classes[i]].total;
        if (paired)
            totals |= node->cells[node->classes[i + 1]].total << 16;
        running_pair(&here, running_left(&running->before[i], classes, weights, i),
                     running_left(&running->before[i + 1], classes, weights, i + 1),
                     _mm512_set1_epi32((int)totals));
    }
    return here;
}


/* Scores a block's cuts that may be better than `found`. */
static inline void few_score(const struct scan_node *node, const struct running_whole *whole,
                             const struct running_sums *sums, uint32_t first, struct found *found)
{
    uint32_t cuts = running_promising(sums, whole, found->score), place;
    if (!cuts)
        return;
    struct running_best best = running_none();
    __m512i places = running_places(first);
    running_score(sums, whole, places, running_allowed(node, places, cuts), &best);
    double score = running_winner(&best, &place);
    if (score > found->score)
        *found = (struct found){score, place, place};
}

/*
 * Finds the cut that is better than what `found` has; its `below` is the cut's number. Scatters
 * the codes for the next feature, if there is one, on the way: that keeps the machine's loads and
 * stores busy, and scoring its arithmetic.
 */
static inline void few_scan(const struct scan_node *node, const uint8_t *codes,
                            const struct ranking *next, struct found *found)
{
    struct running running;
    const struct running_whole whole = running_whole_of(&node->whole);
    running_begin(&running, node->class_count);
    for (uint32_t first = 0; first < node->count; first += RUNNING_ROWS) {
        uint32_t left = node->count - first;
        struct running_sums sums = running_rows(&running, node, codes + first, left);
        if (next)
            few_scatter(node, next, first, first + (left < RUNNING_ROWS ? left : RUNNING_ROWS));
        few_score(node, &whole, &sums, first, found);
    }
}

#endif
