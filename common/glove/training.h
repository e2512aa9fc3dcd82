/*
 * training: passes over all pairs of a corpus.
 */
#ifndef GLOVE_TRAINING_H
#define GLOVE_TRAINING_H

#include "glove/model.h"
#include "glove/shards.h"

/* What training works with, all borrowed; `progressed` may be NULL, see strata.h. */
struct training {
    struct model *model;
    const struct shards *shards;
    uint64_t seed; /* of the order of blocks in each pass */
    unsigned jobs;
    adagrad_pass *pass;
    void (*progressed)(void *context, uint64_t blocks);
    void *context;
};

/*
 * Pass number `number`, from 1. `*cost` is the mean over all pairs of half the terms of the
 * objective, each as it was before its step: what the paper's authors' program prints. Status
 * SYSTEM, or INPUT where the cost is not finite any more.
 */
bool training_pass(const struct training *training, uint64_t number, double *cost,
                   struct error *error);

#endif
