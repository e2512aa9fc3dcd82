/*
 * forest (the stream's kind): one tree a block, in index order.
 *
 * `n` is the tree's number of nodes. The columns are those of base/tree.h: of n nodes, s split
 * and l = s + 1 are leaves, m of them mixed:
 *
 *   feature    n unsigned     the feature that a split node looks at; all ones: a leaf
 *   threshold  s float32      a sample goes left where x[feature] <= threshold
 *   class      l unsigned     the class of all samples of a leaf; all ones: they are mixed
 *   weight     l unsigned     how many training samples reached the leaf, repeats counted
 *   kinds, among, counts   the samples of each class in each mixed leaf: forest_counts.h
 *   missing    a bit a split, the lowest of a byte first: set where a missing value goes left; only
 *              where training samples had such values
 *
 * Unsigned columns are narrow (narrow.h).
 */
#ifndef STREAM_FOREST_H
#define STREAM_FOREST_H

#include "base/tree.h"
#include "stream/stream.h"

/*
 * Decodes and checks a block: widths, features below dim, classes below class_count, a shape
 * that closes exactly at the last node, finite thresholds, counts that add up to their leaf's
 * weight. `tree` is reused from call to call; start from `{0}`, end with tree_free.
 * Status INPUT or SYSTEM.
 */
bool forest_decode(const struct stream_header *header, const struct stream_record *record,
                   struct tree *tree, struct error *error);

/* Status INPUT where leaves mix more classes than readers take, or SYSTEM. */
bool forest_write(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                  struct error *error);

/* The same with a sum behind the columns, which readers of forests pass over. */
bool forest_write_summed(struct stream_writer *writer, uint32_t class_count,
                         const struct tree *tree, struct error *error);

#endif
