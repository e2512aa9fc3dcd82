#include "forest/cut.h"

#include "forest/narrow.h"
#include "forest/plain.h"

#include <stdlib.h>
#include <string.h>

struct cutter {
    struct plain plain;
    struct narrow narrow;
};

struct cutter *cutter_new(uint32_t rows, uint32_t classes, enum criterion criterion,
                          enum cpu_level level)
{
    /* Vectors are laid into it, which malloc's alignment may be too narrow for. */
    struct cutter *cutter = aligned_alloc(_Alignof(struct cutter), sizeof *cutter);
    if (!cutter)
        return NULL;
    memset(cutter, 0, sizeof *cutter);
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

/* What a kernel found, or where ranks are too close for it, as it is defined. */
static bool take_found(struct cutter *cutter, const struct node *node, uint32_t feature,
                       const struct ranking *ranking, const struct found *found, bool varies,
                       struct cut *best)
{
    if (!varies)
        return plain_try(&cutter->plain, node, feature, best);
    if (!(found->score > best->score))
        return true;
    if (!ranking_parted(ranking, found->below, found->above))
        return plain_try(&cutter->plain, node, feature, best);
    *best = (struct cut){found->score, feature, found->below, found->above};
    return true;
}

static void try_batch(struct cutter *cutter, const struct node *node, const uint32_t *features,
                      unsigned count, bool *varies, struct cut *best)
{
    struct narrow *narrow = &cutter->narrow;
    struct ranking rankings[COUNT_FEATURES];
    for (unsigned i = 0; i < count; i++)
        rankings[i] = ranks_of(node->table->ranks, features[i]);
    narrow_load(narrow, rankings, count, best->score);
    for (unsigned i = 0; i < count; i++) {
        struct found found = {.score = best->score};
        bool wide = narrow_find(narrow, node, rankings, i, count, &found);
        varies[i] = take_found(cutter, node, features[i], &rankings[i], &found, wide, best);
    }
}

static void try_all_narrow(struct cutter *cutter, const struct node *node, const uint32_t *features,
                           uint32_t count, bool *varies, struct cut *best)
{
    unsigned batch = narrow_batch(&cutter->narrow);
    for (uint32_t first = 0; first < count; first += batch)
        try_batch(cutter, node, features + first, count - first < batch ? count - first : batch,
                  varies + first, best);
}

void cutter_try(struct cutter *cutter, const struct node *node, const uint32_t *features,
                uint32_t count, bool *varies, struct cut *best)
{
    bool coded = node->codes && node->growth->criterion == CRITERION_GINI;
    if (coded && narrow_enter(&cutter->narrow, node))
        try_all_narrow(cutter, node, features, count, varies, best);
    else
        for (uint32_t i = 0; i < count; i++)
            varies[i] = plain_try(&cutter->plain, node, features[i], best);
}
