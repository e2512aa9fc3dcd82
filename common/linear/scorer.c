/* The inner loop has a fixed count, so that compilers make vectors of it. */
#include "linear/scorer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

bool scorer_reserve(struct scorer *scorer, uint32_t features, uint32_t labels)
{
    scorer->labels = labels;
    scorer->features = features;
    scorer->stride = (labels + SCORER_LANES - 1) / SCORER_LANES * SCORER_LANES;
    scorer->weights = calloc(features ? features : 1, scorer->stride * sizeof *scorer->weights);
    scorer->intercepts = calloc(labels ? labels : 1, sizeof *scorer->intercepts);
    scorer->rarity = memory_array(features, sizeof *scorer->rarity);
    return scorer->weights && scorer->intercepts && scorer->rarity;
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
