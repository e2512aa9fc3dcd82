/*
 * reach: which leaf of one tree each of some samples reaches, sample by sample.
 *
 * Where leaves.h parts samples by feature, from a table of columns, this sends them through the
 * tree from their rows, sixteen side by side, so that each waits for its own values while others go
 * on. A row's values lie next to each other: a tree brings as many lines of memory near as its
 * samples have, not as many as its levels touch. The tree needs no packing, only its nodes in
 * another order.
 */
#ifndef VOTE_REACH_H
#define VOTE_REACH_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the work; owned. Start from `{0}`, end with reach_free. One thread uses it. */
struct reach {
    uint32_t *leaf; /* of each sample asked for: its leaf, as a number among the tree's leaves */
    struct reach_walker *walkers;
    struct reach_node *nodes;
    struct reach_below *stack;
    bool sided; /* the tree at hand is */
    size_t leaf_capacity, walker_capacity, node_capacity, stack_capacity;
};

/*
 * Sets reach->leaf[i] for sample rows[i], i below `count`. Feature f of sample r is
 * x[r * dim + f]; none is infinite, and of
 * a tree that is not sided a missing one goes right. False when memory is out.
 */
bool reach_find(struct reach *reach, const struct tree *tree, const float *x, size_t dim,
                const uint32_t *rows, uint32_t count);

void reach_free(struct reach *reach);

#endif
