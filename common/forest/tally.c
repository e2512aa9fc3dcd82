/*
 * Counting the classes of a node, which happens once at each node and touches every row.
 *
 * Codes ascend by class, so that a class's sum is what all rows up to its last one weigh, less
 * those before it: no branch, and no sum that waits for a store. Where classes have many rows each,
 * these are passed eight at a time. Without codes a class is noted when it is met first; where one
 * follows itself its sum would wait for the store of the row before, so rows at odd places have
 * sums of their own, which are added in the end.
 */
#include "forest/tally.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

bool tally_begin(struct tally *tally, uint32_t classes, struct grow_account *account)
{
    *tally = (struct tally){
        .account = account,
        .classes = classes,
        .total = calloc(classes, sizeof *tally->total),
        .odd = calloc(classes, sizeof *tally->odd),
        .sums = memory_array(classes, sizeof *tally->sums),
        .present = memory_array(classes, sizeof *tally->present),
        .end = memory_array(classes, sizeof *tally->end),
    };
    if (tally->total && tally->odd && tally->sums && tally->present && tally->end)
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
    free(tally->end);
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
    const uint32_t classes = tally_codes(node->codes, node->count, present, sums, tally->end);
    for (uint32_t i = 0, before = 0; i < classes; before = sums[i++])
        tally->total[present[i]] = sums[i] - before;
    tally->present_count = classes;
}

/* ---- class by class ---- */

typedef uint16_t eight_codes __attribute__((vector_size(16)));

enum {
    EIGHT = sizeof(eight_codes) / sizeof(uint16_t),
    MOST_EIGHTS = UINT16_MAX / CODE_MAX_WEIGHT, /* that a lane of 16 bits sums up */
    CLASS_ROWS = 32 /* of a node, for each class of the samples, from which that is faster */
};

/* How many of the first codes are of a class of which none is above `last`, in whole eights and not
   in more than a lane sums up; adds what they weigh. */
static uint32_t pass_eights(const uint16_t *codes, uint32_t count, uint16_t last, uint32_t *weight)
{
    const uint32_t most = count / EIGHT < MOST_EIGHTS ? count / EIGHT * EIGHT : MOST_EIGHTS * EIGHT;
    eight_codes sums = {0}, eight;
    uint32_t i = 0;
    for (; i < most && codes[i + EIGHT - 1] <= last; i += EIGHT) {
        memcpy(&eight, codes + i, sizeof eight);
        sums += eight & CODE_MAX_WEIGHT;
    }
    for (uint32_t lane = 0; lane < EIGHT; lane++)
        *weight += sums[lane];
    return i;
}

/* How many of the first codes are of one class; adds what they weigh. */
static uint32_t pass_class(const uint16_t *codes, uint32_t count, uint32_t *weight)
{
    const uint16_t last = codes[0] | CODE_MAX_WEIGHT;
    uint32_t i = 0, passed;
    while ((passed = pass_eights(codes + i, count - i, last, weight)))
        i += passed;
    for (; i < count && codes[i] <= last; i++)
        *weight += code_weight(codes[i]);
    return i;
}

static void count_classes(struct tally *tally, const struct node *node)
{
    for (uint32_t i = 0; i < node->count; tally->present_count++) {
        const uint32_t class = code_class(node->codes[i]);
        i += pass_class(node->codes + i, node->count - i, &tally->total[class]);
        tally->present[tally->present_count] = class;
        tally->end[tally->present_count] = i;
    }
}

void tally_count(struct tally *tally, const struct node *node)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    const bool by_code = node->codes,
               by_class = by_code && node->count / CLASS_ROWS >= tally->classes;
    tally->account->paths[PATH_BY_CODE] += by_code;
    tally->account->paths[PATH_BY_CLASS] += by_class;
    if (by_class)
        count_classes(tally, node);
    else if (by_code)
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
