/*
 * samples: blocks of feature rows, one a document.
 *
 * Columns: `x` (n x dim float32, row after row), `tokens` and `known` (n int32 each: how many
 * tokens the document had, and how many of them had a vector), `labels` (n strings; absent
 * where the header's `labelled` is false), `kept` (n strings; absent where its `kept` is), `weight`
 * (n float64, finite and not negative; it may be absent, from all blocks).
 */
#ifndef STREAM_SAMPLES_H
#define STREAM_SAMPLES_H

#include "base/words.h"
#include "stream/stream.h"

/* A decoded block; points into its record. */
struct samples_block {
    uint32_t rows;
    struct column x, tokens, known, weight; /* weight.bytes NULL: there is none */
    const struct msgpack_object *labels;    /* NULL where not labelled */
    const struct msgpack_object *kept;      /* NULL where nothing was kept */
};

/* Status INPUT. */
bool samples_decode(const struct stream_header *header, const struct stream_record *record,
                    struct samples_block *block, struct error *error);

/*
 * Whether none of the block's rows x dim values, already in the host's order, is infinite; adds to
 * `*missing` the rows that have missing ones, which are NaN. Status INPUT, naming the row.
 */
bool samples_check_finite(const struct stream_record *record, const float *x, size_t rows,
                          uint32_t dim, size_t *missing, struct error *error);

/* A block to write; `labels` and `kept` are NULL where the stream has none. */
struct samples_rows {
    uint32_t rows;
    const float *x;
    const int32_t *tokens, *known;
    const struct text *labels, *kept;
};

bool samples_write(struct stream_writer *writer, uint32_t dim, const struct samples_rows *rows,
                   struct error *error);

/*
 * A whole samples stream in memory, as training wants it. Owned; freed by samples_free.
 * `class_of` numbers `classes`, which are in ascending byte order; without labels both are
 * NULL and class_count is 0.
 */
struct samples {
    size_t rows;
    uint32_t dim;
    float *x;              /* rows x dim; NaN: missing */
    size_t missing;        /* rows that have some */
    struct text *features; /* dim names; NULL: they have none */
    uint32_t class_count;
    struct text *classes;
    uint32_t *class_of; /* rows */
    double *weight;     /* rows; NULL: they have none */
    struct lineage lineage;
    struct digest digest; /* of the stream */
    struct words names;   /* owns the classes' bytes */
};

/*
 * Reads a stream to its verified end. Refuses infinite values, naming the row.
 * Status INPUT, CUT or SYSTEM.
 */
bool samples_load(struct stream_reader *reader, struct samples *samples, struct error *error);

/*
 * Who is told of the room for the values of a stream that is a file, when it has been made for all
 * of them and before any is there. A file that the disk keeps compressed may hold more: then they
 * are moved before its end.
 */
struct samples_room {
    void (*made)(void *context, void *memory, size_t size);
    void *context;
};

/* The same; `room` may be NULL. */
bool samples_load_told(struct stream_reader *reader, struct samples *samples,
                       const struct samples_room *room, struct error *error);

void samples_free(struct samples *samples);

/* Puts the values into `columns`, dim x rows: a feature after the other. */
void samples_to_columns(const struct samples *samples, float *columns);

#endif
