/*
 * Between the two passes over a node's rows thresholds are drawn, one feature after the other: the
 * random numbers are those that extra.c would draw. Zeros of both signs are one value there, and so
 * they are here.
 */
#include "forest/abreast.h"

#include "forest/bag.h"
#include "forest/drawn.h"
#include "forest/tally.h"
#include "forest/verdict.h"

#include "base/memory.h"

#include <stdlib.h>

bool abreast_fits(const struct matrix *matrix, const struct growth *growth)
{
    return growth->splitter == SPLITTER_RANDOM && codes_tell_all(matrix, growth) &&
           !verdict_wanted(growth);
}

void abreast_free(struct abreast *abreast)
{
    if (!abreast)
        return;
    free(abreast->values);
    free(abreast->left);
    free(abreast);
}

struct abreast *abreast_new(const struct search_task *task)
{
    const uint32_t rows = task->matrix->rows < ABREAST_ROWS ? task->matrix->rows : ABREAST_ROWS;
    struct abreast *abreast = calloc(1, sizeof *abreast);
    if (!abreast)
        return NULL;
    abreast->paths = task->account->paths;
    abreast->kernels = task->kernels;
    abreast->values = memory_array(rows, sizeof *abreast->values);
    abreast->left = memory_array(task->matrix->classes, sizeof *abreast->left);
    if (abreast->values && abreast->left)
        return abreast;
    abreast_free(abreast);
    return NULL;
}

bool abreast_takes(const struct node *node)
{
    return node->view->x && node->codes && node->count <= ABREAST_ROWS &&
           node->tally->weight <= ABREAST_WEIGHT;
}

/* Draws thresholds for up to ABREAST features of the quest from `first` on. Returns whether any
   varies. */
static bool draw_thresholds(struct abreast *abreast, const struct quest *quest, uint32_t first,
                            uint32_t count)
{
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        const float lowest = abreast->lowest[i] + 0.0f, highest = abreast->highest[i] + 0.0f;
        const bool varies = values_parted(lowest, highest);
        quest->varies[first + i] = varies;
        abreast->paths[PATH_DRAWN] += varies;
        any |= varies;
        if (varies)
            abreast->threshold[i] = drawn_threshold(quest->random, lowest, highest);
    }
    return any;
}

/* Takes the best of the cuts that were scored. */
static void pick(const struct abreast *abreast, const struct quest *quest, uint32_t first,
                 uint32_t count)
{
    const uint32_t least = quest->node->growth->min_samples_leaf, rows = quest->node->count;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t left = abreast->left_rows[i];
        if (!quest->varies[first + i] || !(abreast->score[i] > quest->best->score) ||
            left < least || rows - left < least)
            continue;
        const uint32_t key = ranks_key(abreast->threshold[i]);
        *quest->best = (struct cut){.score = abreast->score[i],
                                    .feature = abreast->features[i],
                                    .below = key,
                                    .above = key,
                                    .threshold = abreast->threshold[i],
                                    .by_value = true};
    }
}

static void find_some(struct abreast *abreast, const struct quest *quest, uint32_t first,
                      uint32_t count)
{
    for (uint32_t i = 0; i < ABREAST; i++)
        abreast->features[i] = quest->features[first + (i < count ? i : count - 1)];
    abreast->kernels->abreast_gather(abreast);
    if (!draw_thresholds(abreast, quest, first, count))
        return;
    /* Scores of so light nodes are exact, and none is higher than their weight. */
    if (quest->best->score == quest->node->tally->weight) {
        abreast->paths[PATH_SETTLED] += count;
        return;
    }
    abreast->kernels->abreast_score(abreast);
    pick(abreast, quest, first, count);
}

void abreast_find(struct abreast *abreast, const struct quest *quest)
{
    abreast->node = quest->node;
    abreast->paths[PATH_ABREAST]++;
    for (uint32_t first = 0; first < quest->count; first += ABREAST) {
        const uint32_t ahead = quest->count - first;
        find_some(abreast, quest, first, ahead < ABREAST ? ahead : ABREAST);
    }
}
