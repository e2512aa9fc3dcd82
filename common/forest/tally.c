/*
 * Counting the classes of a node, which happens once at each node and touches every row.
 *
 * Where one class follows itself, its sum would wait for the store of the row before; so rows at
 * odd places have sums of their own, which are added in the end. With codes and few classes the
 * sums come first and the classes are found by looking at all of them; else a class is noted when
 * it is met first, for there may be far more classes than rows.
 */
#include "forest/tally.h"

#include "base/memory.h"

#include <stdlib.h>

/* Up to so many classes looking at all costs less than noting each one. */
enum { LOOK_AT_ALL = 64 };

bool tally_begin(struct tally *tally, uint32_t classes, const struct kernels *kernels,
                 struct grow_account *account)
{
    *tally = (struct tally){
        .kernels = kernels,
        .account = account,
        .classes = classes,
        .total = calloc(classes, sizeof *tally->total),
        .odd = calloc(classes, sizeof *tally->odd),
        .present = memory_array((size_t)classes + 1, sizeof *tally->present),
    };
    if (tally->total && tally->odd && tally->present)
        return true;
    tally_free(tally);
    return false;
}

void tally_free(struct tally *tally)
{
    free(tally->total);
    free(tally->odd);
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

static inline void count_code(uint16_t code, uint32_t *sums)
{
    sums[code_class(code)] += code_weight(code);
}

static void count_codes(struct tally *tally, const struct node *node)
{
    const uint16_t *codes = node->codes;
    uint32_t *even = tally->total, *odd = tally->odd, i = 0;
    for (; i + 1 < node->count; i += 2) {
        count_code(codes[i], even);
        count_code(codes[i + 1], odd);
    }
    if (i < node->count)
        count_code(codes[i], even);
}

static bool kernel_takes(const struct tally *tally, const struct node *node)
{
    return tally->kernels->tally && node->count >= TALLY_LEAST_ROWS &&
           tally->classes <= TALLY_MOST_CLASSES;
}

static void find_present(struct tally *tally)
{
    uint32_t count = 0;
    for (uint32_t class = 0; class < tally->classes; class ++) {
        tally->present[count] = class;
        count += (tally->total[class] | tally->odd[class]) != 0;
    }
    tally->present_count = count;
}

static void count_by_codes(struct tally *tally, const struct node *node)
{
    tally->account->paths[PATH_BY_CODE]++;
    if (kernel_takes(tally, node)) {
        tally->kernels->tally(node->codes, node->count, tally->classes, tally->total);
        tally->account->paths[PATH_TALLIED]++;
    } else {
        count_codes(tally, node);
    }
    find_present(tally);
}

void tally_count(struct tally *tally, const struct node *node)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    if (node->codes && tally->classes <= LOOK_AT_ALL)
        count_by_codes(tally, node);
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
