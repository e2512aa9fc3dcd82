/*
 * forest (the stream's kind): one tree a block, in index order.
 *
 * A tree's n nodes are in preorder: a split node is followed by its whole left subtree, then by
 * its right one, so that children need no numbers. Of its n nodes, s are splits and n - s = s + 1
 * are leaves, and the columns are, each in node order:
 *
 *   feature    n unsigned     the feature that a split node looks at; all ones: a leaf
 *   threshold  s float32      a row goes left where x[feature] <= threshold
 *   class      n-s unsigned   the class of all samples of a leaf; all ones: they are mixed
 *   weight     n-s unsigned   how many training samples reached the leaf, repeats counted
 *   counts     m x classes u32, the samples of each class in each of the m mixed leaves
 *
 * Unsigned columns have the narrowest of 1, 2 or 4 bytes that holds their values and the mark
 * of all ones; the width is the column's size divided by its rows.
 */
#ifndef STREAM_FOREST_H
#define STREAM_FOREST_H

#include "stream/stream.h"

/* The mark of a leaf in `feature` and of a mixed leaf in `leaf_class`, in memory. */
#define FOREST_NONE UINT32_MAX

/* A tree as columns in memory, in the order described above. */
struct forest_tree {
    uint32_t nodes;  /* n */
    uint32_t splits; /* s; leaves: s + 1 */
    uint32_t mixed;  /* m */
    uint32_t *feature;    /* nodes */
    float *threshold;     /* splits */
    uint32_t *leaf_class; /* leaves */
    uint32_t *weight;     /* leaves */
    uint32_t *counts;     /* mixed x classes */
    size_t capacity[5];   /* of the five columns; managed by forest_decode */
};

/*
 * Decodes and checks a block: widths, features below dim, classes below class_count, a shape
 * that closes exactly at the last node, finite thresholds, counts that add up to their leaf's
 * weight. `tree` is reused from call to call; start from `{0}`, end with forest_tree_free.
 * Status INPUT or SYSTEM.
 */
bool forest_decode(const struct stream_header *header, const struct stream_record *record,
                   struct forest_tree *tree, struct error *error);
void forest_tree_free(struct forest_tree *tree);

bool forest_write(struct stream_writer *writer, uint32_t class_count,
                  const struct forest_tree *tree, struct error *error);

#endif
