/* No two places compare as equal, so that any sort gives the same order. */
#include "score/ranked.h"

#include "base/memory.h"

#include <stdlib.h>

static int by_f1(const void *left, const void *right)
{
    const struct ranked_class *l = left, *r = right;
    if (l->f1 != r->f1)
        return l->f1 < r->f1 ? -1 : 1;
    if (l->support != r->support)
        return l->support > r->support ? -1 : 1;
    return (l->class > r->class) - (l->class < r->class);
}

void ranked_classes(struct ranked_class *classes, uint32_t count)
{
    qsort(classes, count, sizeof *classes, by_f1);
}

static int by_count(const void *left, const void *right)
{
    const struct metrics_cell *l = left, *r = right;
    if (l->count != r->count)
        return l->count > r->count ? -1 : 1;
    if (l->label != r->label)
        return l->label < r->label ? -1 : 1;
    return (l->predicted > r->predicted) - (l->predicted < r->predicted);
}

struct metrics_cell *ranked_confusions(const struct metrics *metrics, size_t *count)
{
    struct metrics_cell *cells = memory_array(metrics->cell_count, sizeof *cells);
    *count = 0;
    for (size_t i = 0; cells && i < metrics->cell_count; i++)
        if (metrics->cells[i].label != metrics->cells[i].predicted)
            cells[(*count)++] = metrics->cells[i];
    if (cells)
        qsort(cells, *count, sizeof *cells, by_count);
    return cells;
}
