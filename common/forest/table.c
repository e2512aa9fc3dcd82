#include "forest/table.h"

#include "base/memory.h"

#include <stdlib.h>

bool tally_begin(struct tally *tally, uint32_t classes)
{
    *tally = (struct tally){
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

/* So few classes are found after counting, by looking at all. */
enum { FEW = 64 };

/* Counts a row into one of the sums of its class. */
static inline void count_row(struct tally *tally, const struct node *node, uint32_t place,
                             uint32_t *sums, bool few, bool coded)
{
    uint32_t row = node->rows[place], code = coded ? node->codes[place] : 0;
    uint32_t class = coded ? code >> CODE_WEIGHT_BITS : node->table->class_of[row];
    uint32_t weight = coded ? code & CODE_MAX_WEIGHT : node->table->weight[row];
    if (!few && !(tally->total[class] | tally->odd[class]))
        tally->present[tally->present_count++] = class;
    sums[class] += weight;
}

static inline void count_rows(struct tally *tally, const struct node *node, bool few, bool coded)
{
    uint32_t i = 0;
    for (; i + 1 < node->count; i += 2) {
        count_row(tally, node, i, tally->total, few, coded);
        count_row(tally, node, i + 1, tally->odd, few, coded);
    }
    if (i < node->count)
        count_row(tally, node, i, tally->total, few, coded);
}

static void find_present(struct tally *tally)
{
    for (uint32_t class = 0; class < tally->classes; class ++) {
        tally->present[tally->present_count] = class;
        tally->present_count += (tally->total[class] | tally->odd[class]) != 0;
    }
}

void tally_count(struct tally *tally, const struct node *node)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    tally->weight = 0;
    if (tally->classes <= FEW) {
        if (node->codes)
            count_rows(tally, node, true, true);
        else
            count_rows(tally, node, true, false);
        find_present(tally);
    } else {
        count_rows(tally, node, false, false);
    }
    for (uint32_t i = 0; i < tally->present_count; i++) {
        uint32_t class = tally->present[i];
        tally->total[class] += tally->odd[class];
        tally->odd[class] = 0;
        tally->weight += tally->total[class];
    }
}
