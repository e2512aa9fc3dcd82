/*
 * details: what a forest's predictions may say beside classes and probabilities.
 *
 * Of a block of n rows, by a forest of t trees on d features, one of these (a header's `detail`):
 *
 *   leaves         `leaves`, n x t uint32: the number of the leaf that the row reaches in each
 * tree, where nodes are numbered in preorder from 0 paths          `ends`, n x t uint32: where the
 * way through each tree ends, of which each begins where the one before ends, in `node` and
 * `feature`, uint32, `value` and `threshold`, float32: the nodes from the root to the leaf, what
 * each looks at, the row's value of that, and what it is compared with. In a leaf the feature is
 *                  all ones, and both numbers are 0.
 *   contributions  `bias`, c float64, of each class, and `contributions`, n x c x d float64: what
 *                  each feature adds to the class's probability
 */
#ifndef STREAM_DETAILS_H
#define STREAM_DETAILS_H

#include "base/buffer.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum details_column {
    DETAILS_LEAVES,
    DETAILS_ENDS,
    DETAILS_NODE,
    DETAILS_FEATURE,
    DETAILS_VALUE,
    DETAILS_THRESHOLD,
    DETAILS_BIAS,
    DETAILS_CONTRIBUTIONS,
    DETAILS_COLUMNS
};

/* Of rows, as numbers of the host; borrowed. The columns of one kind are there. */
struct details {
    const void *columns[DETAILS_COLUMNS];
};

static inline const uint32_t *details_numbers(const struct details *details,
                                              enum details_column column)
{
    return details->columns[column];
}

static inline const float *details_floats(const struct details *details, enum details_column column)
{
    return details->columns[column];
}

static inline const double *details_doubles(const struct details *details,
                                            enum details_column column)
{
    return details->columns[column];
}

/* How many columns the header's kind of details has, and writing them behind others of a block. */
unsigned details_count(const struct stream_header *header);
bool details_write(struct stream_writer *writer, const struct stream_header *header, uint32_t rows,
                   const struct details *details, struct error *error);

/* A decoded block; points into its record. */
struct details_block {
    struct column columns[DETAILS_COLUMNS];
};

/* Also checks that paths end one behind the other, and look at features that there are. Status
   INPUT. */
bool details_decode(const struct stream_header *header, const struct stream_record *record,
                    struct details_block *block, struct error *error);

/* One row of a block, copied. Start from `{0}`, end with details_row_free. */
struct details_row {
    struct details details; /* points to what is below; `ends` count from the row's first step */
    void *room[DETAILS_COLUMNS];
    size_t capacity[DETAILS_COLUMNS]; /* bytes */
};

/* False when memory is out. */
bool details_take_row(const struct stream_header *header, const struct details_block *block,
                      uint32_t row, struct details_row *taken);
void details_row_free(struct details_row *row);

#endif
