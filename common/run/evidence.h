/*
 * evidence: a source of features, what a linear stream says of a document.
 *
 * Of each part, in the stream's order, a column a label and as many margins (linear/margins.h):
 * `word:acq`, `word:earn`, ..., `word:acq-margin`, `word:earn-margin`, .... Those of a view are the
 * scores of its model. A document that was trained on gets those of the models that have not seen
 * it, and naive Bayes without its own counts: it is known by the hash of its tokens.
 */
#ifndef RUN_EVIDENCE_H
#define RUN_EVIDENCE_H

#include "base/buffer.h"
#include "base/pool.h"
#include "base/words.h"
#include "linear/bayes.h"
#include "linear/scorer.h"
#include "run/features.h"
#include "stream/stream.h"
#include "text/views.h"

/* What the name of a margin's column ends with, behind its label. */
#define EVIDENCE_MARGIN "-margin"

struct evidence_part {
    bool is_bayes;
    enum view view;
    struct words terms;   /* they borrow from the evidence's pool */
    struct scorer scorer; /* of a view; likewise */
    struct bayes bayes;
};

/* What was said of documents that follow one another, from number `first` on: rows of views x
   classes float32, as in the stream (numbers.h). */
struct evidence_scores {
    size_t first;
    const unsigned char *rows; /* borrowed from the evidence's pool */
};

/* Start from `{0}`; owns everything, freed by evidence_free. Read by any number of threads. */
struct evidence {
    struct stream_header header; /* its parts, classes, and completed lineage */
    struct evidence_part *parts;
    uint32_t views;   /* parts with scores */
    struct pool pool; /* of a file all of its stream, else what stays of its records */

    /* The documents that were trained on, ascending by hash. */
    size_t trained;
    uint64_t *hashes;
    struct bayes_own *own;
    struct evidence_scores *scores; /* score_blocks of them */
    size_t score_blocks, hashes_capacity, own_capacity, scores_capacity;
};

/* Reads a linear stream to its verified end. Status INPUT, CUT or SYSTEM. */
bool evidence_load(struct evidence *evidence, struct stream_reader *reader, struct error *error);

/* How many columns it fills; more than STREAM_MAX_DIM are for the caller to refuse. */
size_t evidence_width(const struct evidence *evidence);

/* Appends the name of a column: `word:acq`; `word2:acq` where `number`, of the evidence, is 2. */
void evidence_name(const struct evidence *evidence, size_t number, size_t column,
                   struct buffer *text);

/* A source of evidence_width columns; borrows `evidence`. */
struct features_source evidence_source(const struct evidence *evidence);

void evidence_free(struct evidence *evidence);

#endif
