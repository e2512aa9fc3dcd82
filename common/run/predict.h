/*
 * predict: samples to predictions, block by block.
 *
 * One thread reads blocks of samples, `jobs` threads vote on them, the calling thread takes
 * the results in order. Memory is bounded by the size of a few blocks of samples, and of
 * predictions by `most_bytes`, however many jobs there are.
 */
#ifndef RUN_PREDICT_H
#define RUN_PREDICT_H

#include "base/buffer.h"
#include "base/error.h"
#include "decide/sets.h"
#include "run/detail.h"
#include "run/trained.h"
#include "stream/predictions.h"
#include "vote/vote.h"

#include <stdbool.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct predict {
    const struct trained *model;
    struct stream_reader *samples;      /* behind its header, */
    const struct stream_header *header; /* whose dim is the model's */
    unsigned jobs;
    bool proba, log_proba;       /* probabilities are wanted, and their logarithms */
    const struct detail *detail; /* is wanted beside, of the model's routes; NULL: none */
    const struct rule *rule;     /* makes answers of votes; NULL: the most probable class is one */
    bool sets;           /* sets are wanted, with a rule: of the classes that have at least */
    double least_in_set; /* this probability */
    /* What `spell` and `take` get is a block of samples, or where it has more rows than that, one
       part of it after another; at least 1. It bounds the memory of probabilities. */
    uint32_t most_rows;
    /* What is made of a row takes so many bytes at most. Of the rows at hand it is less than
       `most_bytes` together, and what is made of `most_rows` more; what is kept for those that come
       is no more than that either, nor is what jobs count votes in: of very many classes fewer
       jobs than there may be do. */
    uint64_t row_bytes, most_bytes;

    /* Unless NULL: puts rows into words, on any thread. */
    void (*spell)(void *context, const struct predictions_rows *rows, struct buffer *text);
    /* Takes rows, on the calling thread, in order; `text` is what `spell` made of it. */
    bool (*take)(void *context, const struct predictions_rows *rows, struct buffer *text,
                 struct error *error);
    /* Unless NULL: all rows that came were taken, and others have to be waited for. */
    bool (*rest)(void *context, struct error *error);
    void *context;
};

struct predict_totals {
    uint64_t rows;
    uint64_t right;            /* rows whose label was predicted; 0 where samples have no labels */
    uint64_t unanswered;       /* rows without an answer */
    struct walk_account paths; /* of all threads */
};

/*
 * Predicts to the samples' verified end. Status INPUT (which names the row of a value that is
 * not finite), CUT, SYSTEM, or what `take` set.
 */
bool predict_run(const struct predict *predict, struct predict_totals *totals, struct error *error);

/* How trees are walked on this machine: `portable`, `avx2` or `avx512`. */
const char *predict_walk_name(void);

#endif
