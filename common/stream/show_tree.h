/*
 * show_tree: a decision tree as indented text.
 *
 *     tree 0: 5 nodes, 3 leaves
 *       x[12] <= 0.34
 *         x[3] <= -1.5: acq 12
 *         x[3] > -1.5: earn 3, trade 2
 *       x[12] > 0.34: earn 41
 *
 * Each line is a branch: what holds of the samples that take it and, where it ends in a leaf,
 * how many training samples of each class the leaf has.
 */
#ifndef STREAM_SHOW_TREE_H
#define STREAM_SHOW_TREE_H

#include "base/buffer.h"
#include "base/tree.h"
#include "stream/stream.h"

/* Puts tree number `index` into words; `text` is sent to `output` as it fills. */
bool show_tree(const struct stream_header *header, uint64_t index, const struct tree *tree,
               struct buffer *text, struct output *output, struct error *error);

#endif
