/*
 * predictions: blocks of predicted classes.
 *
 * Columns: `predicted` (n int32: numbers of the header's `classes`, or, where it says `abstains`,
 * PREDICTIONS_NONE), `labels` (n strings, which may name classes that the model does not know;
 * absent where the header's `labelled` is false), `proba` (n x classes float32; absent where the
 * header's `proba` is false), `log_proba` (the same of their natural logarithms, where the header
 * has `log_proba`), where it says `sets`, `set_ends` (n uint32: how many classes there are up to
 * the end of each row's set) and `set` (those classes, uint32, one row's behind the other's), and
 * where it has `detail` those of details.h, and `kept` (n strings; absent where its `kept` is).
 */
#ifndef STREAM_PREDICTIONS_H
#define STREAM_PREDICTIONS_H

#include "stream/details.h"
#include "stream/stream.h"

enum { PREDICTIONS_NONE = -1 /* no answer */ };

/* What text shows in place of a label where there is no answer. */
#define PREDICTIONS_NO_ANSWER "?"

/* A decoded block; points into its record. */
struct predictions_block {
    uint32_t rows;
    struct column predicted;
    const struct msgpack_object *labels; /* NULL where not labelled */
    struct column proba, log_proba;      /* bytes NULL where absent */
    struct column set_ends, set;         /* the same */
    struct details_block details;
    const struct msgpack_object *kept; /* NULL where absent */
};

/* The label that a number of `predicted` stands for, or PREDICTIONS_NO_ANSWER. */
static inline struct text predictions_label(const struct stream_header *header, int32_t number)
{
    return number == PREDICTIONS_NONE ? text_of(PREDICTIONS_NO_ANSWER) : header->classes[number];
}

/* Also checks that every number names a class, and that a set has no more than there are. Status
   INPUT. */
bool predictions_decode(const struct stream_header *header, const struct stream_record *record,
                        struct predictions_block *block, struct error *error);

/*
 * A block to write; `labels`, both kinds of `proba`, `details` and `kept` are NULL where the header
 * has none.
 */
struct predictions_rows {
    uint32_t rows;
    const int32_t *predicted;
    const struct text *labels;
    const float *proba, *log_proba; /* rows x class_count */
    const uint32_t *set_ends, *set;
    const struct details *details;
    uint64_t first; /* rows before these */
    const struct text *kept;
};

bool predictions_write(struct stream_writer *writer, const struct stream_header *header,
                       const struct predictions_rows *rows, struct error *error);

#endif
