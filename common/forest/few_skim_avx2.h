/*
 * few_skim: the scan of a node of few classes that puts only those rows in order that may be at a
 * better cut. For few_avx2.c, which includes it behind what it uses of its own.
 *
 * Stretches of ranks that may hold one (few_stretch_avx2.h) are mostly next to each other: a run.
 * The codes of its rows go to their slots, which are closed up and scanned as those of all rows
 * would be, from the sums before it on.
 */
#ifndef FOREST_FEW_SKIM_AVX2_H
#define FOREST_FEW_SKIM_AVX2_H

#include "forest/few_stretch_avx2.h"

enum {
    SKIM_LEAST = 256, /* rows of a node from which it pays */
    SKIM_NEAR = 2     /* runs are one that begin so soon after each other */
};

/* Whether a feature is skimmed: one that varies, as so many distinct ranks do. */
static inline bool few_skims(const struct scan_node *node, const struct rank_column *column)
{
    return node->count >= SKIM_LEAST && node->whole.weight <= FEW_WEIGHT &&
           node->count - 1 > column->span;
}

/* ---- runs ---- */

struct few_run {
    uint32_t first, last; /* stretches */
    uint32_t first_rank, last_rank;
};

static inline bool few_open(const struct few_stretches *stretches, uint32_t number)
{
    return !(stretches->most[number] < stretches->gain);
}

/* Finds the next one from a stretch on. False: there is none. */
static inline bool few_next_run(const struct few_stretches *stretches, uint32_t first,
                                struct few_run *run)
{
    while (first < stretches->count && !few_open(stretches, first))
        first++;
    run->first = run->last = first;
    for (uint32_t i = first + 1; i < stretches->count && i <= run->last + SKIM_NEAR; i++)
        if (few_open(stretches, i))
            run->last = i;
    run->first_rank = run->first << stretches->shift;
    run->last_rank = ((run->last + 1) << stretches->shift) - 1;
    return first < stretches->count;
}

/* Puts the codes of a run's rows into the slots of their ranks. */
static inline __attribute__((always_inline)) void few_put_run_by(
    const struct scan_node *node, const struct few_stretches *stretches, const void *ranks,
    bool wide, const struct few_run *run)
{
    const uint32_t *rows = node->rows, count = node->count;
    const uint8_t *few = node->few, *number = stretches->number;
    const __m256i first = _mm256_set1_epi8((char)run->first);
    const __m256i width = _mm256_set1_epi8((char)(run->last - run->first));
    uint8_t *slots = node->few_slots;
    for (uint32_t i = 0; i < count; i += 32) {
        const __m256i numbers =
            _mm256_sub_epi8(_mm256_loadu_si256((const void *)(number + i)), first);
        const __m256i in = _mm256_cmpeq_epi8(_mm256_min_epu8(numbers, width), numbers);
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(in);
        if (count - i < 32)
            mask &= (UINT32_C(1) << (count - i)) - 1;
        for (; mask; mask &= mask - 1) {
            const uint32_t at = i + (uint32_t)__builtin_ctz(mask);
            slots[rank_of(ranks, wide, rows[at])] = few[at];
        }
    }
}

static inline void few_put_run(const struct scan_node *node, const struct few_stretches *stretches,
                               const struct rank_column *column, const struct few_run *run)
{
    if (column->wide)
        few_put_run_by(node, stretches, column->rank, true, run);
    else
        few_put_run_by(node, stretches, column->rank, false, run);
}

/* Closes them up, and returns how many rows there are. */
static inline uint32_t few_close_run(const struct scan_node *node, const struct few_run *run,
                                     uint8_t *to)
{
    const size_t words = ranks_words(node->ranks), end = run->last_rank / 64 + 1;
    return few_close_words(node, run->first_rank / 64, end < words ? end : words, false, to);
}

/* ---- the scan ---- */

/* The rank above a cut is not in its run. */
#define FEW_BEYOND UINT32_MAX

/* The lowest rank of a row above `below`, which there is. */
static inline uint32_t few_next_rank(const struct scan_node *node, const struct rank_column *column,
                                     uint32_t below)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t further = column_rank(column, node->rows[i]) - below - 1;
        least = further < least ? further : least;
    }
    return below + 1 + least;
}

/* Begins with what is on the left of a stretch; returns how many rows that are. */
static inline uint32_t few_begin_at(struct few_state *state, const struct scan_node *node,
                                    const struct few_stretches *stretches, uint32_t number)
{
    uint32_t rows = 0, left[FEW_CLASSES] = {0};
    for (uint32_t class = 0; class < node->class_count; class ++) {
        const uint32_t sum = stretches->sums[class][number];
        left[class] = sum % STRETCH_ROW;
        rows += sum / STRETCH_ROW;
    }
    for (uint32_t quad = 0; QUAD * quad < node->class_count; quad++)
        for (uint32_t odd = 0; odd < 2; odd++) {
            const uint32_t *pair = left + QUAD * quad + odd;
            state->before[quad][odd] = few_all(pair[0] | pair[2] << 16);
        }
    return rows;
}

static inline void few_scan_run(const struct scan_node *node, struct few_state *state,
                                const struct few_stretches *stretches, const struct few_run *run,
                                struct found *found)
{
    const double before = found->score;
    const uint8_t *codes = node->few_sorted;
    const uint32_t count = few_close_run(node, run, node->few_sorted);
    const uint32_t first = few_begin_at(state, node, stretches, run->first);
    /* Too few rows on the left of any cut here: rows that fill the last block must not make one. */
    if (first + count < node->least)
        return;
    struct running_whole whole = few_whole(node, found->score);
    for (uint32_t i = 0; i < count; i += FEW_ROWS) {
        struct running_sums sums = few_rows(state, node->class_count, codes + i, count - i);
        few_score(node, &whole, &sums, first + i, found);
    }
    if (found->score > before) {
        found->below -= first;
        found->above = FEW_BEYOND;
        order_neighbours(node, run->first_rank / 64, found->below + 1 == count, found);
    }
}

/* As few_feature, of a feature that is skimmed; asks for the ranks of the next one, if they are
   worth it. */
static inline bool few_skim(struct scan_node *node, const struct rank_column *column,
                            const struct rank_column *next, struct found *found)
{
    const double before = found->score;
    struct few_stretches stretches;
    struct few_state state;
    struct few_run run;
    if (node->after) {
        node->after = next;
        few_ask(node, 0, node->count);
    }
    few_stretches_begin(&stretches, node, column, before);
    few_begin(&state, node);
    node->ran = true;
    for (uint32_t from = 0; from < stretches.count; from = run.last + 1) {
        const bool some = few_next_run(&stretches, from, &run);
        node->passed |= run.first > from;
        if (!some)
            break;
        few_put_run(node, &stretches, column, &run);
        few_scan_run(node, &state, &stretches, &run, found);
    }
    if (found->score > before && found->above == FEW_BEYOND)
        found->above = few_next_rank(node, column, found->below);
    return true;
}

#endif
