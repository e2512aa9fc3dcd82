/* A shuffle (Fisher and Yates), cut into equal parts. */
#include "decide/deal.h"

#include "base/memory.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>

bool deal_rows(struct deal *deal, const struct rows *rows, const struct dealing *dealing)
{
    struct random random = random_keyed(dealing->seed, 0);
    *deal = (struct deal){memory_array(rows->count, 2 * sizeof *deal->order), rows->count,
                          dealing->folds};
    if (!deal->order)
        return false;
    memcpy(deal->order, rows->pick, rows->count * sizeof *deal->order);
    for (size_t i = rows->count; i > 1; i--) {
        uint32_t other = random_below(&random, (uint32_t)i), kept = deal->order[i - 1];
        deal->order[i - 1] = deal->order[other];
        deal->order[other] = kept;
    }
    return true;
}

void deal_split(const struct deal *deal, uint32_t fold, const struct rows *rows, struct rows *held,
                struct rows *rest)
{
    size_t first = deal->count * fold / deal->folds;
    size_t end = deal->count * ((size_t)fold + 1) / deal->folds;
    uint32_t *others = deal->order + deal->count;
    memcpy(others, deal->order, first * sizeof *others);
    memcpy(others + first, deal->order + end, (deal->count - end) * sizeof *others);
    *held = *rest = *rows;
    held->pick = deal->order + first;
    held->count = end - first;
    rest->pick = others;
    rest->count = deal->count - held->count;
}

void deal_free(struct deal *deal)
{
    free(deal->order);
}
