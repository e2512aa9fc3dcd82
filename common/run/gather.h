/*
 * gather: rows of vectors to the blocks of a stream.
 *
 * The rows of a batch are a block by themselves where they are many; where they are few, as with
 * a vocabulary, they wait until they make a block together.
 */
#ifndef RUN_GATHER_H
#define RUN_GATHER_H

#include "base/error.h"
#include "stream/stream.h"
#include "vectors/vector_lines.h"

#include <stdbool.h>
#include <stddef.h>

/* Owns its arrays, borrows the writer. Start from gather_start, end with gather_free. */
struct gather {
    struct stream_writer *writer;
    uint32_t dim;
    struct text *words; /* they point into `bytes` */
    char *bytes;
    float *x;
    size_t rows, size; /* size: of words and vectors together */
    size_t bytes_used;
};

/* Status SYSTEM; gather_free is due in any case. */
bool gather_start(struct gather *gather, struct stream_writer *writer, uint32_t dim,
                  struct error *error);

/* Writes the first `count` rows, or puts copies of them by. Status SYSTEM. */
bool gather_write(struct gather *gather, const struct parsed_vectors *rows, size_t count,
                  struct error *error);

/* Writes what waits. Status SYSTEM. */
bool gather_flush(struct gather *gather, struct error *error);

void gather_free(struct gather *gather);

#endif
