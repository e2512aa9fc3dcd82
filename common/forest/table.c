#include "forest/table.h"

#include "base/memory.h"

#include <stdlib.h>

bool tally_begin(struct tally *tally, uint32_t classes)
{
    *tally = (struct tally){
        .total = calloc(classes, sizeof *tally->total),
        .present = memory_array(classes, sizeof *tally->present),
    };
    if (tally->total && tally->present)
        return true;
    tally_free(tally);
    return false;
}

void tally_free(struct tally *tally)
{
    free(tally->total);
    free(tally->present);
    *tally = (struct tally){0};
}

void tally_count(struct tally *tally, const struct table *table, const uint32_t *rows,
                 uint32_t count)
{
    for (uint32_t i = 0; i < tally->present_count; i++)
        tally->total[tally->present[i]] = 0;
    tally->present_count = 0;
    tally->weight = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t class = table->matrix->class_of[rows[i]];
        if (!tally->total[class])
            tally->present[tally->present_count++] = class;
        tally->total[class] += table->weight[rows[i]];
        tally->weight += table->weight[rows[i]];
    }
}
