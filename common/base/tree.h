/*
 * tree: a decision tree as columns; what the engine grows, the stream carries, prediction reads.
 *
 * The nodes are in preorder: a split node is followed by its whole left subtree, then by its
 * right one, so that children need no numbers. Of `nodes` nodes, `splits` split; the other
 * splits + 1 are leaves. A sample x goes left where x[feature] <= threshold.
 *
 * A leaf whose training samples are all of one class holds that class. The others are mixed:
 * their samples are counted by class, a row of `counts` for each, in node order.
 */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Marks a leaf in `feature`, and a mixed leaf in `leaf_class`. */
#define TREE_NONE UINT32_MAX

/* Owns its columns; start from `{0}`. */
struct tree {
    uint32_t nodes;
    uint32_t splits;
    uint32_t mixed;
    uint32_t *feature;    /* nodes: the feature that a split looks at, or TREE_NONE */
    float *threshold;     /* splits, in node order */
    uint32_t *leaf_class; /* splits + 1, in node order: the class, or TREE_NONE */
    uint32_t *weight;     /* splits + 1: training samples in the leaf, repeats counted */
    uint8_t *missing;     /* splits, where `sided`: 1 where a missing value goes left, else 0 */
    bool sided;           /* some training samples had missing values */
    uint32_t *counts;     /* mixed x classes: training samples of each class */

    /* Elements allocated in each column. */
    size_t feature_capacity, threshold_capacity, leaf_class_capacity, weight_capacity,
        missing_capacity, counts_capacity;
};

/* Whether a sample with that value goes left. */
static inline bool tree_goes_left(float x, float threshold, bool missing_left)
{
    return missing_left ? !(x > threshold) : x <= threshold;
}

/*
 * Fills in `missing` of a tree that is not sided: with the side that more training samples reached,
 * repeats counted, or the right one. `room` has room for a number a leaf.
 */
void tree_fill_sides(struct tree *tree, uint64_t *room);

/* Make room for that many elements; false when memory is out. The counters stay as they are. */
bool tree_reserve_nodes(struct tree *tree, size_t nodes);
bool tree_reserve_counts(struct tree *tree, size_t count);

/* Frees the columns and makes the tree `{0}`. */
void tree_free(struct tree *tree);

#endif
