/*
 * importance: how much the splits on each feature have made the nodes purer.
 *
 * Of a tree: for each split, the impurity of its samples less that of both sides, weighted by how
 * many there are, added up by feature and divided by the sum over all features. Of a forest: the
 * mean over its trees that split at all. (Breiman et al., "Classification and regression trees",
 * 1984; scikit-learn's feature_importances_.) A tree's leaves say how many samples of each class
 * reached them, repeats in the bag counted, so that a tree is all it takes.
 */
#ifndef FOREST_IMPORTANCE_H
#define FOREST_IMPORTANCE_H

#include "forest/growth.h"
#include "forest/purities.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned; start with importance_start, end with importance_free. */
struct importance {
    uint32_t features, classes;
    enum criterion criterion;
    uint64_t trees;  /* that split */
    double *sum;     /* features: of the trees' shares */
    double *squares; /* features: of their squares */
    double *tree;    /* features: the tree at hand; 0 between trees */
    struct purities purities;
    uint32_t *split; /* the features that it splits on, ascending, each once */
    size_t split_capacity;
};

/* False when memory is out. */
bool importance_start(struct importance *importance, uint32_t features, uint32_t classes,
                      enum criterion criterion);
void importance_free(struct importance *importance);

/* Takes a tree into account, whose features and classes are below those. Time goes by what is in
   the tree, not by how many features there are. False when memory is out. */
bool importance_add(struct importance *importance, const struct tree *tree);

/* Of a feature: the mean, of all features 1 or, where no tree splits, 0; and the standard deviation
   over the trees. */
double importance_mean(const struct importance *importance, uint32_t feature);
double importance_spread(const struct importance *importance, uint32_t feature);

#endif
