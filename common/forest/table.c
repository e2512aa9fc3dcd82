#include "forest/table.h"

#include "base/memory.h"

#include <stdlib.h>

bool tally_begin(struct tally *tally, uint32_t classes)
{
    *tally = (struct tally){
        .total = calloc(classes, sizeof *tally->total),
        .odd = calloc(classes, sizeof *tally->odd),
        .present = memory_array(classes, sizeof *tally->present),
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

/* Counts a row into one of the sums of its class. */
static inline void count_row(struct tally *tally, const struct table *table, uint32_t row,
                             uint32_t *sums)
{
    uint32_t class = table->class_of[row], weight = table->weight[row];
    if (!(tally->total[class] | tally->odd[class]))
        tally->present[tally->present_count++] = class;
    sums[class] += weight;
    tally->weight += weight;
}

void tally_count(struct tally *tally, const struct table *table, const uint32_t *rows,
                 uint32_t count)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    tally->weight = 0;
    uint32_t i = 0;
    for (; i + 1 < count; i += 2) {
        count_row(tally, table, rows[i], tally->total);
        count_row(tally, table, rows[i + 1], tally->odd);
    }
    if (i < count)
        count_row(tally, table, rows[i], tally->total);
    for (i = 0; i < tally->present_count; i++) {
        uint32_t class = tally->present[i];
        tally->total[class] += tally->odd[class];
        tally->odd[class] = 0;
    }
}
