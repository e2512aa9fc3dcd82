/*
 * decisions: blocks of numbers by which a forest's probabilities become answers.
 *
 * A block has one column, whose name says what the numbers are (n float64). More than
 * STREAM_MAX_ROWS of a name go on in the next block, which has the same name.
 */
#ifndef STREAM_DECISIONS_H
#define STREAM_DECISIONS_H

#include "stream/stream.h"

/* A decoded block; points into its record. */
struct decisions_block {
    uint32_t rows;
    struct text name;
    struct column values; /* rows float64, little-endian, unaligned */
};

/* Status INPUT. */
bool decisions_decode(const struct stream_record *record, struct decisions_block *block,
                      struct error *error);

/* Writes `count` numbers of a name, none where there are none, as so many blocks. */
bool decisions_write(struct stream_writer *writer, const char *name, const double *values,
                     size_t count, struct error *error);

#endif
