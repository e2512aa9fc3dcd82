/*
 * similar: which training samples a forest holds to be like a sample.
 *
 * The proximity of two samples is the share of the trees in which both come into the same leaf
 * (Breiman, "Random forests", Machine Learning 45, 2001, and the manual of his program). Of the
 * training samples all trees are asked, also those whose bag they were in.
 *
 * Of each tree the training samples are kept in the order of their leaves, so that a sample's kin
 * are a stretch of them. Memory: 4 bytes for each tree and training sample, and the trees.
 */
#ifndef RUN_SIMILAR_H
#define RUN_SIMILAR_H

#include "base/error.h"
#include "stream/samples.h"
#include "vote/leaves.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned; freed by similar_free. Read by any number of threads. Start from `{0}`. */
struct similar {
    struct similar_tree *trees;
    size_t tree_count, tree_capacity;
    size_t rows; /* training samples */
    uint32_t dim;
};

/*
 * Reads the forest at `path` anew and passes the samples that it was trained on through its trees.
 * Status INPUT (also: it was not trained on them, where its lineage says so), CUT or SYSTEM.
 */
bool similar_load(struct similar *similar, const char *path, const struct samples *samples,
                  struct error *error);
void similar_free(struct similar *similar);

/* A training sample, and in how many trees it shares a leaf. */
struct kin {
    uint32_t row, trees;
};

/* A thread's room. Start from `{0}`, end with kinsfolk_free. */
struct kinsfolk {
    struct leaves leaves;
    float *columns;
    uint32_t *rows, *leaf_of; /* of each sample, by tree */
    uint32_t *trees;          /* of each training sample */
    struct kin *found;        /* samples x most */
    size_t columns_capacity, rows_capacity, leaf_capacity, trees_capacity, found_capacity;
};

/*
 * Finds the `most` nearest of each of `count` samples, of finite values: those that share a leaf in
 * most trees, of equals the first; in `found`, sample after sample, fewer than `most` having 0
 * trees at the end. False when memory is out.
 */
bool similar_find(const struct similar *similar, struct kinsfolk *kinsfolk, const float *x,
                  size_t count, size_t most);
void kinsfolk_free(struct kinsfolk *kinsfolk);

#endif
