/*
 * Counting the classes of a node, which happens once at each node and touches every row.
 *
 * Codes come class by class, so that a class's sum is what all rows up to its last one weigh, less
 * those before it: no branch, and no sum that waits for a store. Without codes a class is noted
 * when it is met first; where one follows itself its sum would wait for the store of the row
 * before, so rows at odd places have sums of their own, which are added in the end.
 */
#include "forest/tally.h"

#include "base/memory.h"

#include <stdlib.h>

bool tally_begin(struct tally *tally, uint32_t classes, struct grow_account *account)
{
    *tally = (struct tally){
        .account = account,
        .classes = classes,
        .total = calloc(classes, sizeof *tally->total),
        .odd = calloc(classes, sizeof *tally->odd),
        .sums = memory_array(classes, sizeof *tally->sums),
        .present = memory_array(classes, sizeof *tally->present),
    };
    if (tally->total && tally->odd && tally->sums && tally->present)
        return true;
    tally_free(tally);
    return false;
}

void tally_free(struct tally *tally)
{
    free(tally->total);
    free(tally->odd);
    free(tally->sums);
    free(tally->present);
    *tally = (struct tally){0};
}

/* ---- row by row ---- */

/* Counts a row into one of the sums of its class. */
static inline void count_row(struct tally *tally, const struct view *view, uint32_t row,
                             uint32_t *sums)
{
    uint32_t class = view->class_of[row];
    if (!(tally->total[class] | tally->odd[class]))
        tally->present[tally->present_count++] = class;
    sums[class] += view->weight[row];
}

static void count_rows(struct tally *tally, const struct node *node)
{
    uint32_t i = 0;
    for (; i + 1 < node->count; i += 2) {
        count_row(tally, node->view, node->rows[i], tally->total);
        count_row(tally, node->view, node->rows[i + 1], tally->odd);
    }
    if (i < node->count)
        count_row(tally, node->view, node->rows[i], tally->total);
}

/* ---- code by code ---- */

static void count_codes(struct tally *tally, const struct node *node)
{
    uint32_t *present = tally->present, *sums = tally->sums;
    const uint32_t classes = tally_codes(node->codes, node->count, present, sums);
    for (uint32_t i = 0, before = 0; i < classes; before = sums[i++])
        tally->total[present[i]] = sums[i] - before;
    tally->present_count = classes;
    tally->account->paths[PATH_BY_CODE]++;
}

void tally_count(struct tally *tally, const struct node *node)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    if (node->codes)
        count_codes(tally, node);
    else
        count_rows(tally, node);
    uint32_t weight = 0;
    for (uint32_t i = 0; i < tally->present_count; i++) {
        uint32_t class = tally->present[i];
        tally->total[class] += tally->odd[class];
        tally->odd[class] = 0;
        weight += tally->total[class];
    }
    tally->weight = weight;
}
