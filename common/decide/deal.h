/*
 * deal: rows dealt into folds, so that those of each can be judged by what all others tell.
 */
#ifndef DECIDE_DEAL_H
#define DECIDE_DEAL_H

#include "decide/rows.h"

#include <stdbool.h>

struct dealing {
    uint32_t folds; /* 2 or more, of at most as many rows */
    uint64_t seed;
};

/* Owns its order; freed by deal_free. */
struct deal {
    uint32_t *order; /* the rows, fold after fold; behind them room for the rest of a fold */
    size_t count;
    uint32_t folds;
};

/* Deals by the generator (seed, 0). False when memory is out. */
bool deal_rows(struct deal *deal, const struct rows *rows, const struct dealing *dealing);

/* The rows of a fold, and all others; both are good until the next split. */
void deal_split(const struct deal *deal, uint32_t fold, const struct rows *rows, struct rows *held,
                struct rows *rest);

void deal_free(struct deal *deal);

#endif
