/* Sums go over the rows in order, in double. */
#include "score/suspects.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const float *proba_of(const struct suspects_input *input, size_t row)
{
    return input->proba + row * input->classes;
}

static bool set_thresholds(const struct suspects_input *input, double *thresholds)
{
    uint64_t *rows = calloc(input->classes, sizeof *rows);
    if (!rows)
        return false;
    for (uint32_t c = 0; c < input->classes; c++)
        thresholds[c] = 0;
    for (size_t row = 0; row < input->rows; row++) {
        uint32_t label = input->label[row];
        if (label == SUSPECTS_NOWHERE)
            continue;
        thresholds[label] += (double)proba_of(input, row)[label];
        rows[label]++;
    }
    for (uint32_t c = 0; c < input->classes; c++)
        thresholds[c] = rows[c] ? thresholds[c] / (double)rows[c] : (double)NAN;
    free(rows);
    return true;
}

/* The most probable class but `but` that is above its threshold, or without thresholds any;
   SUSPECTS_NOWHERE: there is none. */
static uint32_t best_class(const struct suspects_input *input, size_t row, uint32_t but,
                           const double *thresholds)
{
    const float *proba = proba_of(input, row);
    uint32_t best = SUSPECTS_NOWHERE;
    for (uint32_t c = 0; c < input->classes; c++) {
        if (c == but || (thresholds && !((double)proba[c] >= thresholds[c])))
            continue;
        if (best == SUSPECTS_NOWHERE || proba[c] > proba[best])
            best = c;
    }
    return best;
}

static struct suspect look(const struct suspects_input *input, size_t row, const double *thresholds)
{
    uint32_t label = input->label[row];
    uint32_t sure = best_class(input, row, SUSPECTS_NOWHERE, thresholds);
    uint32_t other = best_class(input, row, label, NULL);
    if (other == SUSPECTS_NOWHERE)
        other = label; /* of a single class */
    float own = proba_of(input, row)[label], others = proba_of(input, row)[other];
    return (struct suspect){.row = (uint32_t)row,
                            .should = other,
                            .confident = sure != SUSPECTS_NOWHERE && sure != label && others > own,
                            .probability = own,
                            .should_probability = others};
}

bool suspects_of(const struct suspects_input *input, struct suspects *suspects)
{
    suspects->all = memory_array(input->rows + 1, sizeof *suspects->all);
    suspects->thresholds = memory_array(input->classes, sizeof *suspects->thresholds);
    if (!suspects->all || !suspects->thresholds || !set_thresholds(input, suspects->thresholds))
        return false;
    for (size_t row = 0; row < input->rows; row++) {
        if (input->label[row] == SUSPECTS_NOWHERE)
            continue;
        struct suspect suspect = look(input, row, suspects->thresholds);
        suspects->off_diagonal += suspect.confident;
        suspects->all[suspects->count++] = suspect;
    }
    return true;
}

void suspects_free(struct suspects *suspects)
{
    free(suspects->all);
    free(suspects->thresholds);
    *suspects = (struct suspects){0};
}
