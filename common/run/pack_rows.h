/*
 * pack_rows: rows of numbers and their labels, gathered to the blocks of a stream of samples.
 */
#ifndef RUN_PACK_ROWS_H
#define RUN_PACK_ROWS_H

#include "base/digest.h"
#include "run/pack.h"
#include "stream/samples.h"

/* Start from pack_rows_begin, end with pack_rows_end or pack_rows_abandon. */
struct pack_rows {
    const struct pack *pack;
    struct pack_totals *totals;
    struct stream_writer *writer;
    uint32_t dim, most; /* most: rows of a block */
    uint32_t rows;
    float *x;            /* of the block */
    int32_t *zeros;      /* tokens and known: there are none */
    size_t *ends;        /* of labels, in their bytes */
    struct text *labels; /* once the block is written */
    char *bytes;
    size_t capacity;
};

/*
 * Begins the stream: `features` are the names of the `dim` columns, or NULL. The rows' numbers are
 * written to what pack_rows_next gives. Status INPUT or SYSTEM.
 */
bool pack_rows_begin(struct pack_rows *rows, const struct pack *pack, uint32_t dim,
                     struct text *features, bool labelled, struct output *output,
                     struct pack_totals *totals, struct error *error);

/* Where the next row's numbers go. */
float *pack_rows_next(struct pack_rows *rows);

/* Adds that row, with its label where there are labels. `line` is where it is from. */
bool pack_rows_add(struct pack_rows *rows, struct text label, const char *name, uint64_t line,
                   struct error *error);

bool pack_rows_end(struct pack_rows *rows, struct digest read, struct error *error);
void pack_rows_abandon(struct pack_rows *rows);

/* ---- the forms ---- */

bool pack_table(const struct pack *pack, struct output *output, struct pack_totals *totals,
                struct error *error);
bool pack_array(const struct pack *pack, struct output *output, struct pack_totals *totals,
                struct error *error);
bool pack_libsvm(const struct pack *pack, struct output *output, struct pack_totals *totals,
                 struct error *error);

/* The names of the features of `pack->like`, each list in one piece for free(). */
bool pack_read_like(const struct pack *pack, struct text **features, uint32_t *dim,
                    struct error *error);

#endif
