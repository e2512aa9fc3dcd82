/*
 * predictions: blocks of predicted classes.
 *
 * Columns: `predicted` (n int32: numbers of the header's `classes`, or, where it says `abstains`,
 * PREDICTIONS_NONE), `labels` (n strings, which may name classes that the model does not know;
 * absent where the header's `labelled` is false), `proba` (n x classes float32; absent where the
 * header's `proba` is false), `set_sizes` (n uint32) and `set` (as many uint32 as these sum to: the
 * classes of each row's set, row after row; both absent where the header does not say `sets`).
 */
#ifndef STREAM_PREDICTIONS_H
#define STREAM_PREDICTIONS_H

#include "stream/stream.h"

enum { PREDICTIONS_NONE = -1 /* no answer */ };

/* What text shows in place of a label where there is no answer. */
#define PREDICTIONS_NO_ANSWER "?"

/* A decoded block; points into its record. */
struct predictions_block {
    uint32_t rows;
    struct column predicted;
    const struct msgpack_object *labels; /* NULL where not labelled */
    struct column proba;                 /* bytes NULL where absent, like the next */
    struct column set_sizes, set;
};

/* Also checks that every number names a class, and that a set has no more than there are. Status
   INPUT. */
bool predictions_decode(const struct stream_header *header, const struct stream_record *record,
                        struct predictions_block *block, struct error *error);

/* A block to write; `labels` and `proba` are NULL where the header has none. */
struct predictions_rows {
    uint32_t rows;
    const int32_t *predicted;
    const struct text *labels;
    const float *proba; /* rows x class_count */
    const uint32_t *set_sizes, *set;
};

bool predictions_write(struct stream_writer *writer, uint32_t class_count,
                       const struct predictions_rows *rows, struct error *error);

#endif
