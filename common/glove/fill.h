/*
 * fill: from counted pairs to what training reads.
 */
#ifndef GLOVE_FILL_H
#define GLOVE_FILL_H

#include "glove/merge.h"
#include "glove/shards.h"

struct fill_rules {
    const struct pairs_rules *counted; /* how the pairs were counted */
    double x_max, alpha;               /* of f, see adagrad.h */
    uint64_t seed;                     /* of the order within each block */
    unsigned jobs;
    uint64_t most_bytes; /* of blocks in hand, beside shards; at least one block is */
};

/*
 * Puts every cell of `merge` into its block's shard; with a symmetric window, in both orders.
 * The order in a shard is a shuffle, keyed by the block; before it, pairs are in the order of the
 * merge's cells, of a cell whose two orders are in one block the one turned round second. Status
 * SYSTEM.
 */
bool fill_shards(struct shards *shards, struct merge *merge, const struct fill_rules *rules,
                 struct error *error);

#endif
