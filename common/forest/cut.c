/*
 * Which search looks for a node's cut.
 *
 * The fast one goes first, over all features; the plain one then takes those that were left to
 * it. So what is best is not met in the features' order, and between equal scores the order is
 * looked up.
 */
#include "forest/search.h"

#include "base/memory.h"
#include "forest/subset.h"

#include <stdlib.h>

#define SEARCH_ADDRESS(name) &name,
static const struct search *const searches[] = {SEARCHES(SEARCH_ADDRESS)};

struct cutter {
    const struct search *search;
    void *memory;         /* of the search */
    void *plain;          /* that of the plain one */
    struct leftover left; /* what the search leaves to it, with room for all features */
};

static const struct search *search_for(const struct search_task *task)
{
    size_t i = 0;
    while (searches[i]->takes && !searches[i]->takes(task))
        i++;
    return searches[i];
}

struct cutter *cutter_new(const struct search_task *task)
{
    struct cutter *cutter = calloc(1, sizeof *cutter);
    if (!cutter)
        return NULL;
    cutter->search = search_for(task);
    cutter->memory = cutter->search->begin(task);
    cutter->plain = search_plain.begin(task);
    cutter->left.places = memory_array(task->matrix->features, sizeof *cutter->left.places);
    if (cutter->memory && cutter->plain && cutter->left.places)
        return cutter;
    cutter_free(cutter);
    return NULL;
}

void cutter_free(struct cutter *cutter)
{
    if (!cutter)
        return;
    cutter->search->end(cutter->memory);
    search_plain.end(cutter->plain);
    free(cutter->left.places);
    free(cutter);
}

/* Whether the feature at `place` comes before that of the best cut so far. */
static bool comes_sooner(const struct quest *quest, uint32_t place)
{
    for (uint32_t i = place + 1; i < quest->count; i++)
        if (quest->features[i] == quest->best->feature)
            return true;
    return false;
}

static void try_plain(struct cutter *cutter, const struct quest *quest, uint32_t place)
{
    struct cut cut = CUT_NONE;
    if (quest->node->view->subset)
        subset_rank(quest->node->view->subset, quest->features + place, 1);
    const struct quest one = {.node = quest->node,
                              .features = quest->features + place,
                              .count = 1,
                              .varies = quest->varies + place,
                              .best = &cut,
                              .random = quest->random};
    search_plain.find(cutter->plain, &one, &(struct leftover){0});
    if (cut.score > quest->best->score ||
        (cut.score == quest->best->score && comes_sooner(quest, place)))
        *quest->best = cut;
}

/* A view of a few rows has ranks of what is asked for. The plain search always reads them. */
static void ready_ranks(const struct cutter *cutter, const struct quest *quest)
{
    const struct search *search = cutter->search;
    struct subset *subset = quest->node->view->subset;
    if (subset && !(search->by_value && search->by_value(quest, cutter->memory)))
        subset_rank(subset, quest->features, quest->count);
}

void cutter_try(struct cutter *cutter, const struct quest *quest)
{
    ready_ranks(cutter, quest);
    cutter->left.count = 0;
    cutter->search->find(cutter->memory, quest, &cutter->left);
    for (uint32_t i = 0; i < cutter->left.count; i++)
        try_plain(cutter, quest, cutter->left.places[i]);
}
