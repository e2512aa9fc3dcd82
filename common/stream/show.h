/*
 * show: streams as text.
 *
 *   vectors      word value value ...              as GloVe's own files
 *   samples      label TAB tokens TAB known TAB value ...   unlabelled: without the first;
 *                a heading where features have names; what was kept, last
 *   forest       a line a tree, then its branches, indented
 *   predictions  label TAB predicted TAB probability ...    unlabelled: without the first;
 *                with details as show_details.h says; else what was kept, last
 *   decisions    name TAB number or label TAB value
 *   linear       view TAB label TAB for|against TAB term TAB weight
 *
 * Words and labels are written by buffer_name, and so is what was kept, but that a TAB stays one;
 * float32 by buffer_float.
 */
#ifndef STREAM_SHOW_H
#define STREAM_SHOW_H

#include "base/buffer.h"
#include "base/output.h"
#include "base/tree.h"
#include "stream/predictions.h"
#include "stream/show_linear.h"
#include "stream/stream.h"

#include <stdint.h>

/* ---- predictions, row by row: what rf-predict writes, too ---- */

/* Whether a heading is shown unless it is asked for: there is more than labels. */
bool show_predictions_named(const struct stream_header *header);

/* At most so many of a row's classes, the most probable first, of equal ones what is predicted. */
enum { SHOW_MOST_TOP = 1000 };

/* The names of the columns: `label`, `predicted`, and the classes where there are probabilities, or
   where `top` is not 0 `top_1`, `proba_1`, `top_2` ...; or what show_details.h says. */
void show_predictions_heading(const struct stream_header *header, uint32_t top,
                              struct buffer *text);

/* Lines for rows; `labels` and `proba` are NULL where there are none. Of `proba` all are shown, or
   where `top` is not 0 so many classes, each with its own; of fewer classes all. */
void show_predictions(const struct stream_header *header, const struct predictions_rows *rows,
                      uint32_t top, struct buffer *text);

/* ---- blocks of any kind ---- */

enum { SHOW_SPEAKERS = 10 /* terms of a label, where all rows are to be shown */ };

/* A stream being shown. Start from `{0}` but for the first three; end with show_free. */
struct show {
    const struct stream_header *header; /* borrowed */
    struct output *output;              /* borrowed */
    uint64_t left;                      /* rows, or trees, still to show */
    struct buffer text;
    struct tree tree;
    struct speakers speakers;
};

/* Writes what comes before the blocks: the heading of samples with names, of predictions with
   probabilities. */
bool show_start(struct show *show, struct error *error);

/* Writes as much of a block as is left to show. Status INPUT or SYSTEM. */
bool show_block(struct show *show, const struct stream_record *record, struct error *error);

void show_free(struct show *show);

#endif
