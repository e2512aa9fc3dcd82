/*
 * abreast: its two passes, in vectors of whatever width the file that includes it sets, but at most
 * as wide as eight floats. Included, once, by the files that compile it for an instruction set.
 */
#ifndef FOREST_ABREAST_LANES_H
#define FOREST_ABREAST_LANES_H

#include "base/unroll.h"
#include "forest/abreast.h"
#include "forest/lanes.h"
#include "forest/tally.h"

#if LANES_BYTES == 16
#define ABREAST_BYTES 16
#define ABREAST_PICK(from, at)                                                                     \
    {                                                                                              \
        from[(at)[0]], from[(at)[1]], from[(at)[2]], from[(at)[3]]                                 \
    }
#else
#define ABREAST_BYTES 32
#define ABREAST_PICK(from, at)                                                                     \
    {                                                                                              \
        from[(at)[0]], from[(at)[1]], from[(at)[2]], from[(at)[3]], from[(at)[4]], from[(at)[5]],  \
            from[(at)[6]], from[(at)[7]]                                                           \
    }
#endif

enum { ABREAST_LANES = ABREAST_BYTES / sizeof(float), ABREAST_PARTS = ABREAST / ABREAST_LANES };

typedef float abreast_floats __attribute__((vector_size(ABREAST_BYTES)));
typedef uint32_t abreast_words __attribute__((vector_size(ABREAST_BYTES)));
typedef int32_t abreast_halves __attribute__((vector_size(LANES_BYTES / 2)));

/* ---- values ---- */

static inline abreast_floats abreast_select(abreast_words mask, abreast_floats yes,
                                            abreast_floats no)
{
    return (abreast_floats)(((abreast_words)yes & mask) | ((abreast_words)no & ~mask));
}

/* Fills the values of the node's rows, and the lowest and the highest of each feature. */
static void abreast_gather(struct abreast *abreast)
{
    const struct node *node = abreast->node;
    const struct view *view = node->view;
    uint32_t at[ABREAST];
    abreast_floats lowest[ABREAST_PARTS], highest[ABREAST_PARTS];
    memcpy(at, abreast->features, sizeof at);
    for (int p = 0; p < ABREAST_PARTS; p++) {
        const abreast_floats zero = {0};
        lowest[p] = zero + INFINITY;
        highest[p] = zero - INFINITY;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const float *row = view_values(view, node->rows[i]);
        UNROLL(2)
        for (int p = 0; p < ABREAST_PARTS; p++) {
            const abreast_floats values = ABREAST_PICK(row, at + p * ABREAST_LANES);
            memcpy(&abreast->values[i][p * ABREAST_LANES], &values, sizeof values);
            lowest[p] = abreast_select((abreast_words)(values < lowest[p]), values, lowest[p]);
            highest[p] = abreast_select((abreast_words)(values > highest[p]), values, highest[p]);
        }
    }
    memcpy(abreast->lowest, lowest, sizeof lowest);
    memcpy(abreast->highest, highest, sizeof highest);
}

/* ---- scores ---- */

/* What is on the left of each cut, and what on the right: as struct sides has it. */
struct abreast_sides {
    abreast_words left_sum[ABREAST_PARTS], right_sum[ABREAST_PARTS];
    abreast_words left_weight[ABREAST_PARTS], right_weight[ABREAST_PARTS];
};

/* Moves what is not above its threshold to the left. What is there when the rows of a class end,
   which come class by class, is noted at its place among those of the node. */
static inline void abreast_move(struct abreast *abreast)
{
    const struct node *node = abreast->node;
    abreast_floats threshold[ABREAST_PARTS];
    abreast_words rows[ABREAST_PARTS] = {{0}}, left[ABREAST_PARTS] = {{0}};
    uint32_t place = 0;
    memcpy(threshold, abreast->threshold, sizeof threshold);
    for (uint32_t i = 0; i < node->count; i++) {
        const uint16_t code = node->codes[i], next = node->codes[i + 1 < node->count ? i + 1 : i];
        UNROLL(2)
        for (int p = 0; p < ABREAST_PARTS; p++) {
            abreast_floats values;
            memcpy(&values, &abreast->values[i][p * ABREAST_LANES], sizeof values);
            const abreast_words goes_left = (abreast_words)(values <= threshold[p]);
            left[p] += goes_left & code_weight(code);
            rows[p] -= goes_left;
            memcpy(abreast->left[place] + p * ABREAST_LANES, &left[p], sizeof left[p]);
        }
        place += code_class(code) != code_class(next);
    }
    memcpy(abreast->left_rows, rows, sizeof rows);
}

/* Adds up the classes. */
static inline struct abreast_sides abreast_add(const struct abreast *abreast)
{
    const struct tally *tally = abreast->node->tally;
    struct abreast_sides sides = {0};
    abreast_words before[ABREAST_PARTS] = {{0}};
    for (uint32_t c = 0; c < tally->present_count; c++) {
        const uint32_t total = tally->total[tally->present[c]];
        UNROLL(2)
        for (int p = 0; p < ABREAST_PARTS; p++) {
            abreast_words so_far;
            memcpy(&so_far, abreast->left[c] + p * ABREAST_LANES, sizeof so_far);
            const abreast_words left = so_far - before[p], right = total - left;
            before[p] = so_far;
            sides.left_sum[p] += left * left;
            sides.right_sum[p] += right * right;
            sides.left_weight[p] += left;
            sides.right_weight[p] += right;
        }
    }
    return sides;
}

/* So many lanes from `first` on. */
static inline lanes_double abreast_doubles(const abreast_words *words, size_t first)
{
    abreast_halves some;
    lanes_double doubles = {0};
    memcpy(&some, (const char *)words + first * sizeof(uint32_t), sizeof some);
    LANES_CONVERT(doubles, some);
    return doubles;
}

/* Fills scores and rows on the left, of cuts that are between the lowest and the highest value. */
static void abreast_score(struct abreast *abreast)
{
    abreast_move(abreast);
    const struct abreast_sides sides = abreast_add(abreast);
    for (size_t first = 0; first < ABREAST; first += LANES_OF(double)) {
        const lanes_double left = abreast_doubles(sides.left_weight, first);
        const lanes_double right = abreast_doubles(sides.right_weight, first);
        const lanes_double right_times_left = abreast_doubles(sides.left_sum, first) * right;
        const lanes_double left_times_right = abreast_doubles(sides.right_sum, first) * left;
        const lanes_double score = (right_times_left + left_times_right) / (left * right);
        memcpy(abreast->score + first, &score, sizeof score);
    }
}

#endif
