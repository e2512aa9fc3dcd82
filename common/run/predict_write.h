/*
 * predict_write: predictions to where they go, as predict hands them on: a stream, or lines.
 */
#ifndef RUN_PREDICT_WRITE_H
#define RUN_PREDICT_WRITE_H

#include "base/error.h"
#include "base/options.h"
#include "base/output.h"
#include "base/report.h"
#include "run/predict.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stdint.h>

/* The names of columns as the first line; AUTO: where there are more than labels. */
enum predict_heading { PREDICT_HEADING_AUTO, PREDICT_HEADING_ALWAYS, PREDICT_HEADING_NEVER };

/* Start from `{0}` and what is wanted; predict_write_free is due in any case. */
struct predict_write {
    bool stream;      /* msgpack; otherwise lines of text */
    bool labels_only; /* in lines: what was predicted, without the labels that were given */
    bool keep;        /* with what was kept of the documents */
    uint32_t top;     /* in lines: so many classes with their probabilities; 0: as the header has */
    enum predict_heading heading;
    struct stream_header header; /* of the predictions; its lineage is owned, the rest borrowed */

    /* Its own. */
    struct output *output;
    struct stream_writer *writer; /* NULL where text is written */
    struct progress progress;
    uint64_t rows;
};

/* Opens the output and begins it, by the header. Status SYSTEM or USAGE (a terminal). */
bool predict_write_begin(struct predict_write *write, const struct common *common,
                         struct error *error);

/* Runs the job, whose hooks and `most_rows` it sets, under `progress`. Status as predict_run. */
bool predict_write_run(struct predict_write *write, const struct common *common,
                       struct predict *job, struct predict_totals *totals, struct error *error);

/* Ends what was written and puts it in place; `read` is what it was made from. Status SYSTEM. */
bool predict_write_end(struct predict_write *write, struct digest read, struct error *error);

void predict_write_free(struct predict_write *write);

#endif
