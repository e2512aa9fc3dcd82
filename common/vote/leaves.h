/*
 * leaves: which leaf of one tree each of some samples reaches.
 *
 * Where vote.h passes all trees over samples once, this passes one tree, as it was grown, over
 * samples that stay: they are parted at each split, as growing does it, and need no packed tree.
 */
#ifndef VOTE_LEAVES_H
#define VOTE_LEAVES_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the work; owned. Start from `{0}`, end with leaves_free. One thread uses it. */
struct leaves {
    uint32_t *ends;    /* of each leaf, in node order: where its rows end, which begin at the end of
                          the leaf before, or at 0 */
    uint32_t *spare;   /* rows on their way to the right */
    uint32_t *pending; /* ends of the right subtrees to come */
    size_t ends_capacity, spare_capacity, pending_capacity;
};

/*
 * Puts the `count` numbers in `rows`, which ascend, into the order of their leaves, and sets
 * leaves->ends. Feature f of sample i of `samples` is columns[f * samples + i]; none is infinite,
 * and of a tree that is not sided a missing one goes right. False when memory is out.
 */
bool leaves_find(struct leaves *leaves, const struct tree *tree, const float *columns,
                 size_t samples, uint32_t *rows, uint32_t count);

void leaves_free(struct leaves *leaves);

#endif
