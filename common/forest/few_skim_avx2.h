/*
 * few_skim: the scan of a node of few classes that puts only those rows in order that may be at a
 * better cut (stretch_lanes.h). For few_avx2.c, which includes it behind what it uses of its own.
 *
 * The codes of a run's rows go to their slots, which are closed up and scanned as those of all rows
 * would be, from the sums before it on.
 */
#ifndef FOREST_FEW_SKIM_AVX2_H
#define FOREST_FEW_SKIM_AVX2_H

/* Puts the codes of a run's rows into the slots of their ranks. */
static inline __attribute__((always_inline)) void few_put_run_by(const struct scan_node *node,
                                                                 const void *ranks, bool wide,
                                                                 const struct stretch_run *run)
{
    const uint32_t *rows = node->rows, count = node->count;
    const uint8_t *few = node->few, *number = node->number;
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

static inline void few_put_run(const struct scan_node *node, const struct rank_column *column,
                               const struct stretch_run *run)
{
    if (column->wide)
        few_put_run_by(node, column->rank, true, run);
    else
        few_put_run_by(node, column->rank, false, run);
}

/* Begins with what is on the left of a stretch; returns how many rows that are. */
static inline uint32_t few_begin_at(struct few_state *state, const struct scan_node *node,
                                    const struct stretches *stretches, uint32_t number)
{
    uint32_t rows = 0, left[FEW_CLASSES] = {0};
    for (uint32_t class = 0; class < node->class_count; class ++) {
        const uint32_t sum = stretches->sums[class][number];
        left[class] = sum % STRETCH_ROW;
        rows += sum / STRETCH_ROW;
    }
    few_begin(state, node);
    for (uint32_t quad = 0; QUAD * quad < node->class_count; quad++)
        for (uint32_t odd = 0; odd < 2; odd++) {
            const uint32_t *pair = left + QUAD * quad + odd;
            state->before[quad][odd] = few_all(pair[0] | pair[2] << 16);
        }
    return rows;
}

static void few_scan_run(const struct scan_node *node, const struct rank_column *column,
                         const struct stretches *stretches, const struct stretch_run *run,
                         struct found *found)
{
    const double before = found->score;
    const uint8_t *codes = node->few_sorted;
    struct few_state state;
    few_put_run(node, column, run);
    const uint32_t count =
        few_close_words(node, run_word(run), run_end(node, run), false, node->few_sorted);
    const uint32_t first = few_begin_at(&state, node, stretches, run->first);
    /* Too few rows on the left of any cut here: rows that fill the last block must not make one. */
    if (first + count < node->least)
        return;
    struct running_whole whole = few_whole(node, found->score);
    for (uint32_t i = 0; i < count; i += FEW_ROWS) {
        struct running_sums sums = few_rows(&state, node->class_count, codes + i, count - i);
        few_score(node, &whole, &sums, first + i, found);
    }
    if (found->score > before)
        run_neighbours(node, run, first, count, found);
}

/* As few_feature, of a feature that is taken in stretches; asks for the ranks of the next one, if
   they are worth it. */
static bool few_skim(struct scan_node *node, const struct rank_column *column,
                     const struct rank_column *next, struct found *found)
{
    if (node->after) {
        node->after = next;
        few_ask(node, 0, node->count);
    }
    node->ran = true;
    stretches_scan(node, column, few_scan_run, found);
    return true;
}

#endif
