/*
 * vectors: blocks of words with their vectors.
 *
 * Columns: `words` (n strings), `x` (n x dim float32, row after row). A word may come again, in
 * the same block or a later one: the last vector counts.
 */
#ifndef STREAM_VECTORS_H
#define STREAM_VECTORS_H

#include "stream/stream.h"

/* A decoded block; points into its record. */
struct vectors_block {
    uint32_t rows;
    const struct msgpack_object *words; /* rows strings: stream_text(words, i) */
    struct column x;                    /* rows x dim float32, little-endian, unaligned */
};

/* Status INPUT. */
bool vectors_decode(const struct stream_header *header, const struct stream_record *record,
                    struct vectors_block *block, struct error *error);

/* Writes `rows` words, and their vectors as rows x dim floats of the host. */
bool vectors_write(struct stream_writer *writer, uint32_t rows, uint32_t dim,
                   const struct text *words, const float *x, struct error *error);

#endif
