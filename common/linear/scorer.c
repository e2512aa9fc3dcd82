/* The inner loop has a fixed count, so that compilers make vectors of it. */
#include "linear/scorer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

bool scorer_start(struct scorer *scorer, const float *intercepts, uint32_t labels)
{
    scorer->labels = labels;
    scorer->stride = (labels + SCORER_LANES - 1) / SCORER_LANES * SCORER_LANES;
    scorer->intercepts = memory_array(labels, sizeof *scorer->intercepts);
    if (!scorer->intercepts)
        return false;
    memcpy(scorer->intercepts, intercepts, labels * sizeof *intercepts);
    return true;
}

bool scorer_add(struct scorer *scorer, const float *weights, double rarity)
{
    size_t place = (size_t)scorer->features * scorer->stride;
    if (!memory_reserve(&scorer->weights, &scorer->weights_capacity, place + scorer->stride,
                        sizeof *scorer->weights) ||
        !memory_reserve(&scorer->rarity, &scorer->rarity_capacity, (size_t)scorer->features + 1,
                        sizeof *scorer->rarity))
        return false;
    memcpy(scorer->weights + place, weights, scorer->labels * sizeof *weights);
    for (uint32_t i = scorer->labels; i < scorer->stride; i++)
        scorer->weights[place + i] = 0;
    scorer->rarity[scorer->features++] = rarity;
    return true;
}

static void add_row(float *restrict sums, const float *restrict weights, float value, size_t stride)
{
    for (size_t i = 0; i < stride; i += SCORER_LANES)
        for (size_t lane = 0; lane < SCORER_LANES; lane++)
            sums[i + lane] += value * weights[i + lane];
}

void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *room, float *scores)
{
    memset(room, 0, scorer->stride * sizeof *room);
    for (size_t i = 0; i < count; i++)
        add_row(room, scorer->weights + (size_t)feature[i] * scorer->stride, value[i],
                scorer->stride);
    for (uint32_t label = 0; label < scorer->labels; label++)
        scores[label] = room[label] + scorer->intercepts[label];
}

void scorer_free(struct scorer *scorer)
{
    free(scorer->weights);
    free(scorer->intercepts);
    free(scorer->rarity);
    *scorer = (struct scorer){0};
}
