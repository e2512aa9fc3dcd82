/*
 * pieces: blocks of numbers, a part of what linear-train works out before it writes evidence.
 *
 * Column: `x` (n float32). What they are depends on the documents and the options, which whoever
 * reads them has to have as well; see run/linear_parts.h.
 */
#ifndef STREAM_PIECES_H
#define STREAM_PIECES_H

#include "stream/stream.h"

/* The block's numbers, in the record. Status INPUT. */
bool pieces_decode(const struct stream_record *record, struct column *x, struct error *error);

/* At most STREAM_MAX_ROWS of them. */
bool pieces_write(struct stream_writer *writer, const float *x, uint32_t count,
                  struct error *error);

#endif
