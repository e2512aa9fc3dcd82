/* The inner loop has a fixed count, so that compilers make vectors of it. */
#include "linear/scorer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LANES = 4 };

bool scorer_start(struct scorer *scorer, const float *intercepts, uint32_t labels, uint64_t samples)
{
    scorer->labels = labels;
    tfidf_of(&scorer->tfidf, samples);
    scorer->intercepts = memory_array(labels, sizeof *scorer->intercepts);
    if (!scorer->intercepts)
        return false;
    memcpy(scorer->intercepts, intercepts, labels * sizeof *intercepts);
    return true;
}

bool scorer_add(struct scorer *scorer, const void *weights, const void *documents, uint32_t count)
{
    if (!memory_reserve(&scorer->blocks, &scorer->block_capacity, scorer->block_count + 1,
                        sizeof *scorer->blocks))
        return false;
    scorer->blocks[scorer->block_count++] =
        (struct scorer_block){weights, documents, scorer->features};
    scorer->features += count;
    return true;
}

static void add_row(float *restrict sums, const char *restrict weights, float value, size_t labels)
{
    size_t i = 0;
    float w[LANES];
    for (; i + LANES <= labels; i += LANES) {
        memcpy(w, weights + i * sizeof *w, sizeof w);
        for (size_t lane = 0; lane < LANES; lane++)
            sums[i + lane] += value * w[lane];
    }
    for (; i < labels; i++) {
        memcpy(w, weights + i * sizeof *w, sizeof *w);
        sums[i] += value * w[0];
    }
}

/* The block of a feature that is in `block` or behind it. */
static const struct scorer_block *find_block(const struct scorer *scorer,
                                             const struct scorer_block *block, uint32_t feature)
{
    size_t count = (size_t)(scorer->blocks + scorer->block_count - block);
    if (count < 2 || feature < block[1].first)
        return block;
    while (count > 1) {
        size_t half = count / 2;
        bool behind = block[half].first <= feature;
        block += behind ? half : 0;
        count = behind ? count - half : half;
    }
    return block;
}

static double rarity_of(const struct scorer *scorer, const struct scorer_block *block,
                        uint32_t feature)
{
    uint32_t held;
    memcpy(&held, (const char *)block->documents + (feature - block->first) * sizeof held,
           sizeof held);
    return tfidf_rarity_of(&scorer->tfidf, held);
}

static const char *weights_of(const struct scorer *scorer, const struct scorer_block *block,
                              uint32_t feature)
{
    return (const char *)block->weights +
           (size_t)(feature - block->first) * scorer->labels * sizeof(float);
}

/* What scorer_scores needs next is on its way into the cache meanwhile. */
void scorer_weigh(const struct scorer *scorer, const uint32_t *feature, float *value, size_t count,
                  double *room)
{
    const struct scorer_block *block = scorer->blocks;
    for (size_t i = 0; i < count; i++) {
        block = find_block(scorer, block, feature[i]);
        room[i] = rarity_of(scorer, block, feature[i]);
        __builtin_prefetch(weights_of(scorer, block, feature[i]));
    }
    tfidf_row(&scorer->tfidf, room, value, count);
}

void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *scores)
{
    const struct scorer_block *block = scorer->blocks;
    memset(scores, 0, scorer->labels * sizeof *scores);
    for (size_t i = 0; i < count; i++) {
        block = find_block(scorer, block, feature[i]);
        add_row(scores, weights_of(scorer, block, feature[i]), value[i], scorer->labels);
    }
    for (uint32_t label = 0; label < scorer->labels; label++)
        scores[label] += scorer->intercepts[label];
}

void scorer_free(struct scorer *scorer)
{
    free(scorer->blocks);
    free(scorer->intercepts);
    *scorer = (struct scorer){0};
}
