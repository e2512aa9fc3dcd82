/*
 * show_details: what predictions say beside classes and probabilities, as text.
 *
 *   leaves         a column a tree, behind what each row has without
 *   paths          a line a step:   sample, tree, node, feature, value, `<=` or `>`, threshold
 *                  and a leaf:      sample, tree, node, and `leaf` in place of the sixth
 *   contributions  a line a class:  sample, label, predicted, class, probability, bias, and a
 * column a feature; its doubles are in digits that read back as the same
 *
 * Samples are numbered from 1, trees and nodes from 0; features go by their names, if they have
 * any.
 */
#ifndef STREAM_SHOW_DETAILS_H
#define STREAM_SHOW_DETAILS_H

#include "base/buffer.h"
#include "stream/predictions.h"

/* The names of columns: of leaves those behind the others. */
void show_details_heading(const struct stream_header *header, struct buffer *text);

/* A row's leaves, behind its other columns; or all lines of a row. */
void show_leaves(const struct stream_header *header, const struct predictions_rows *rows,
                 uint32_t row, struct buffer *text);
void show_paths(const struct stream_header *header, const struct predictions_rows *rows,
                uint32_t row, struct buffer *text);
void show_contributions(const struct stream_header *header, const struct predictions_rows *rows,
                        uint32_t row, struct buffer *text);

#endif
