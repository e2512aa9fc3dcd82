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
static inline void count_row(struct tally *tally, const struct table *table, uint32_t row,
                             uint32_t *sums)
{
    uint32_t class = table->class_of[row];
    if (!(tally->total[class] | tally->odd[class]))
        tally->present[tally->present_count++] = class;
    sums[class] += table->weight[row];
}

static void count_rows(struct tally *tally, const struct node *node)
{
    uint32_t i = 0;
    for (; i + 1 < node->count; i += 2) {
        count_row(tally, node->table, node->rows[i], tally->total);
        count_row(tally, node->table, node->rows[i + 1], tally->odd);
    }
    if (i < node->count)
        count_row(tally, node->table, node->rows[i], tally->total);
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

void tally_count(struct tally *tally, const struct node *node, tally_codes *codes)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    if (node->codes && tally->classes <= FEW) {
        codes(node, tally);
        find_present(tally);
    } else {
        count_rows(tally, node);
    }
    uint32_t weight = 0;
    for (uint32_t i = 0; i < tally->present_count; i++) {
        uint32_t class = tally->present[i];
        tally->total[class] += tally->odd[class];
        tally->odd[class] = 0;
        weight += tally->total[class];
    }
    tally->weight = weight;
}
