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
                       struct cut *best)
{
    struct ranking ranking = ranks_of(node->table->ranks, feature);
    struct found found = {.score = best->score};
    if (!narrow_find(&cutter->narrow, &ranking, &found))
        return plain_try(&cutter->plain, node, feature, best);
    if (!(found.score > best->score))
        return true;
    if (!ranking_parted(&ranking, found.below, found.above))
        return plain_try(&cutter->plain, node, feature, best);
    *best = (struct cut){found.score, feature, found.below, found.above};
    return true;
}

void cutter_try(struct cutter *cutter, const struct node *node, const uint32_t *features,
                uint32_t count, bool *varies, struct cut *best)
{
    bool narrow = node->table->code && node->growth->criterion == CRITERION_GINI;
    if (narrow)
        narrow_enter(&cutter->narrow, node);
    for (uint32_t i = 0; i < count; i++)
        varies[i] = narrow ? try_narrow(cutter, node, features[i], best)
                           : plain_try(&cutter->plain, node, features[i], best);
}
