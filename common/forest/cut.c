#include "forest/cut.h"

#include "forest/plain.h"

#include <stdlib.h>

struct cutter {
    struct plain plain;
};

struct cutter *cutter_new(uint32_t rows, uint32_t classes, enum criterion criterion,
                          enum cpu_level level)
{
    struct cutter *cutter = calloc(1, sizeof *cutter);
    if (!cutter)
        return NULL;
    (void)level;
    if (plain_begin(&cutter->plain, rows, classes, criterion))
        return cutter;
    cutter_free(cutter);
    return NULL;
}

void cutter_free(struct cutter *cutter)
{
    if (!cutter)
        return;
    plain_free(&cutter->plain);
    free(cutter);
}

void cutter_try(struct cutter *cutter, const struct node *node, const uint32_t *features,
                uint32_t count, bool *varies, struct cut *best)
{
    for (uint32_t i = 0; i < count; i++)
        varies[i] = plain_try(&cutter->plain, node, features[i], best);
}
