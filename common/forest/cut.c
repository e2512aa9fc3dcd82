#include "forest/cut.h"

#include "forest/narrow.h"
#include "forest/plain.h"

#include <stdlib.h>

struct cutter {
    struct plain plain;
    struct narrow narrow;
};

struct cutter *cutter_new(uint32_t rows, uint32_t classes, enum criterion criterion,
                          enum cpu_level level)
{
    struct cutter *cutter = calloc(1, sizeof *cutter);
    if (!cutter)
        return NULL;
    if (plain_begin(&cutter->plain, rows, classes, criterion) &&
        narrow_begin(&cutter->narrow, rows, classes, level))
        return cutter;
    cutter_free(cutter);
    return NULL;
}

void cutter_free(struct cutter *cutter)
{
    if (!cutter)
        return;
    plain_free(&cutter->plain);
    narrow_free(&cutter->narrow);
    free(cutter);
}

/* One feature by a kernel; where ranks are too close for it, as it is defined. */
static bool try_narrow(struct cutter *cutter, const struct node *node, uint32_t feature,
                       const struct ranking *ranking, unsigned number, struct cut *best)
{
    struct found found = {.score = best->score};
    if (!narrow_find(&cutter->narrow, ranking, number, &found))
        return plain_try(&cutter->plain, node, feature, best);
    if (!(found.score > best->score))
        return true;
    if (!ranking_parted(ranking, found.below, found.above))
        return plain_try(&cutter->plain, node, feature, best);
    *best = (struct cut){found.score, feature, found.below, found.above};
    return true;
}

static void try_all_narrow(struct cutter *cutter, const struct node *node, const uint32_t *features,
                           uint32_t count, bool *varies, struct cut *best)
{
    for (uint32_t first = 0; first < count; first += COUNT_FEATURES) {
        struct ranking rankings[COUNT_FEATURES];
        unsigned here = count - first < COUNT_FEATURES ? count - first : COUNT_FEATURES;
        for (unsigned i = 0; i < here; i++)
            rankings[i] = ranks_of(node->table->ranks, features[first + i]);
        narrow_load(&cutter->narrow, rankings, here);
        for (unsigned i = 0; i < here; i++)
            varies[first + i] =
                try_narrow(cutter, node, features[first + i], &rankings[i], i, best);
    }
}

void cutter_try(struct cutter *cutter, const struct node *node, const uint32_t *features,
                uint32_t count, bool *varies, struct cut *best)
{
    bool coded = node->table->code && node->growth->criterion == CRITERION_GINI;
    if (coded && narrow_enter(&cutter->narrow, node))
        try_all_narrow(cutter, node, features, count, varies, best);
    else
        for (uint32_t i = 0; i < count; i++)
            varies[i] = plain_try(&cutter->plain, node, features[i], best);
}
