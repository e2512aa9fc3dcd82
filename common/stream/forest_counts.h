/*
 * forest_counts: the training samples of each class in a tree's mixed leaves, as columns of its
 * block. Internal to the folder.
 *
 * A leaf has samples of few of a forest's classes, so that the stream names these: of m mixed
 * leaves, which have samples of k classes together,
 *
 *   kinds   m unsigned   how many classes a mixed leaf has samples of
 *   among   k unsigned   which, ascending in each leaf, one leaf behind the other
 *   counts  k unsigned   how many samples of each
 *
 * all of them narrow (narrow.h). Before, `counts` alone had m x classes uint32.
 */
#ifndef STREAM_FOREST_COUNTS_H
#define STREAM_FOREST_COUNTS_H

#include "base/tree.h"
#include "stream/stream.h"

enum { FOREST_COUNTS = 3 }; /* columns; of a tree without mixed leaves none */

/* Status INPUT where readers would refuse so many leaves of so many classes, or SYSTEM. */
bool forest_counts_put(struct stream_writer *writer, uint32_t class_count, const struct tree *tree,
                       struct error *error);

/* Fills in the counts of a tree that is complete otherwise. Status INPUT or SYSTEM. */
bool forest_counts_decode(const struct stream_header *header, const struct stream_record *record,
                          struct tree *tree, struct error *error);

#endif
