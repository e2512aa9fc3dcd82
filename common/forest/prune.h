/*
 * prune: a tree without the splits that gain less than the leaves they cost.
 *
 * Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone, "Classification and
 * regression trees", 1984, 3.3). The risk of a node is its impurity times its share of the tree's
 * samples, repeats counted; that of a subtree, the sum over its leaves. A split becomes a leaf
 * where its risk exceeds that of the subtree below, once this is pruned, by `alpha` for each leaf
 * saved, or less: what is left is the smallest of all subtrees whose risk plus `alpha` times their
 * leaves is least. scikit-learn's ccp_alpha finds the same one split at a time.
 */
#ifndef FOREST_PRUNE_H
#define FOREST_PRUNE_H

#include "base/subtrees.h"
#include "base/tree.h"
#include "forest/growth.h"

#include <stdbool.h>

/* Room for the work; owned. Start from `{0}`, end with prune_free. One process or thread uses it.
 */
struct prune {
    struct subtrees subtrees;
    struct prune_branch *branches; /* of the subtrees behind the node at hand, the latest on top */
    bool *leaf;                    /* by node: is one, or becomes one */
    uint32_t *counts;              /* of the mixed leaves that there will be */
    double *sum;                   /* of the leaves that become one */
    size_t branch_capacity, leaf_capacity, counts_capacity, sum_capacity;
};

/* Prunes a tree in place, and says how deep its deepest leaf is then. False when memory is out. */
bool prune_tree(struct prune *prune, struct tree *tree, uint32_t classes, enum criterion criterion,
                double alpha, uint32_t *depth);

void prune_free(struct prune *prune);

#endif
