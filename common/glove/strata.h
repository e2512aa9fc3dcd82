/*
 * strata: visits every block of a grid once, disjoint blocks at the same time, with the outcome
 * of one fixed order.
 *
 * Of S x S blocks, S that share neither a row nor a column are a stratum (Gemulla, Nijkamp,
 * Haas and Sismanis, "Large-Scale Matrix Factorization with Distributed Stochastic Gradient
 * Descent", KDD 2011): what is done to one of them touches nothing of the others. The fixed order
 * goes stratum by stratum. Here a block does not wait for its whole stratum, only for the
 * earlier block of its row and that of its column, so that unequal blocks leave no thread idle;
 * whatever two threads do at the same time commutes, and the outcome is that of the fixed order.
 */
#ifndef GLOVE_STRATA_H
#define GLOVE_STRATA_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strata {
    size_t stripes;      /* S: 1 to 65,535 */
    uint64_t seed, pass; /* which order: the strata are shuffled for each pass */
    unsigned jobs;

    /*
     * Visits the block in row `row` and column `column`, on thread `member` of `jobs`; several
     * at a time, never two of a row or of a column. False ends the pass.
     */
    bool (*visit)(void *shared, unsigned member, size_t row, size_t column, struct error *error);
    /* Called from thread 0 between its visits, with the blocks done so far; NULL: not at all. */
    void (*progressed)(void *shared, uint64_t blocks);
    void *shared;
};

/* Runs one pass. A failure is that of the visit, or status SYSTEM. */
bool strata_run(const struct strata *strata, struct error *error);

#endif
