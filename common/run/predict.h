/*
 * predictor: samples to predictions, block by block.
 *
 * One thread reads blocks of samples, `jobs` threads vote on them, the calling thread takes
 * the results in order. Memory is bounded by the size of a few blocks.
 */
#ifndef RUN_PREDICT_H
#define RUN_PREDICT_H

#include "base/buffer.h"
#include "base/error.h"
#include "run/trained.h"
#include "stream/predictions.h"

#include <stdbool.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct predictor {
    const struct trained *model;
    struct stream_reader *samples;      /* behind its header, */
    const struct stream_header *header; /* whose dim is the model's */
    unsigned jobs;
    bool proba; /* probabilities are wanted */

    /* Unless NULL: puts a block's rows into words, on any thread. */
    void (*spell)(void *context, const struct predictions_rows *rows, struct buffer *text);
    /* Takes a block, on the calling thread, in order; `text` is what `spell` made of it. */
    bool (*take)(void *context, const struct predictions_rows *rows, struct buffer *text,
                 struct error *error);
    void *context;
};

struct predictor_totals {
    uint64_t rows;
    uint64_t right; /* rows whose label was predicted; 0 where samples have no labels */
};

/*
 * Predicts to the samples' verified end. Status INPUT (which names the row of a value that is
 * not finite), CUT, SYSTEM, or what `take` set.
 */
bool predictor_run(const struct predictor *predictor, struct predictor_totals *totals,
                   struct error *error);

#endif
