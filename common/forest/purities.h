/*
 * purities: how impure the samples below each node of a tree are.
 *
 * Time goes by what the leaves list, times the logarithm of how many they are, whatever the depth
 * of the tree and the number of classes; memory by nodes and classes.
 */
#ifndef FOREST_PURITIES_H
#define FOREST_PURITIES_H

#include "base/tree.h"
#include "forest/growth.h"

/* Start from `{0}`; owned, and used for tree after tree; ends in purities_free. */
struct purities {
    double *of;     /* nodes: the impurity, times the samples (purity.h) */
    uint32_t *ends; /* nodes: behind the last one of the subtree */

    uint32_t *leaves; /* nodes: leaves before it */
    uint32_t *mixed;  /* splits + 1: mixed leaves before it */
    uint32_t *path;   /* nodes on the way to a leaf */
    double *counts;   /* classes: of the samples at hand; 0 between calls */
    size_t of_capacity, ends_capacity, leaves_capacity, mixed_capacity, path_capacity,
        counts_capacity;
};

/* Fills in `of` and `ends`. Classes are below `classes`. False when memory is out. */
bool purities_find(struct purities *purities, const struct tree *tree, uint32_t classes,
                   enum criterion criterion);

/* The side that a split's samples go to that are above its threshold; the other one is behind the
   split. */
static inline uint32_t purities_right(const struct purities *purities, uint32_t split)
{
    return purities->ends[split + 1];
}

void purities_free(struct purities *purities);

#endif
