/*
 * vector_rows: words with their vectors, written out one by one, and read back.
 */
#ifndef RUN_VECTOR_ROWS_H
#define RUN_VECTOR_ROWS_H

#include "base/error.h"
#include "base/output.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vector_rows {
    size_t count;
    uint32_t dim;
    /* Fills the vector of row number `row`, and returns its word, good as long as what the
       context holds. */
    struct text (*row)(void *context, size_t row, float *vector);
    void *context;
};

/*
 * GloVe's text: a line for each word, the word and its numbers behind single spaces, each in the
 * fewest digits that read back as the same float32. With `header`, a line `count dim` before
 * them, as word2vec has it. Status SYSTEM.
 */
bool vector_rows_print(const struct vector_rows *rows, bool header, struct output *output,
                       struct error *error);

/*
 * A vectors stream whose lineage is `lineage` and whose writer has read `read`. The output still
 * has to be committed. Status SYSTEM.
 */
bool vector_rows_stream(const struct vector_rows *rows, const struct lineage *lineage,
                        struct digest read, struct output *output, struct error *error);

/*
 * Hands on the words and vectors of a stream, whose header was read, in order, up to its verified
 * end. `take` may refuse one. Status INPUT, CUT or SYSTEM, or what `take` says.
 */
bool vector_rows_read(struct stream_reader *reader, const struct stream_header *header,
                      bool (*take)(void *context, uint64_t row, struct text word,
                                   const float *vector, struct error *error),
                      void *context, struct error *error);

#endif
