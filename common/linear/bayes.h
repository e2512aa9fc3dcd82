/*
 * bayes: what a document's tokens say of its label, by how often each was seen with it.
 *
 * Of V tokens seen in training, T[k] times in texts of label k, one that was seen c[k] times with
 * it speaks for it by
 *
 *     p[k] = (c[k] + 1) / (T[k] + V)        log (p[k] / (p[1] + p[2] + ...))
 *
 * and a document's evidence is the mean of that over its tokens that are known. A text that was
 * trained on gets it from the counts of all others, and what none of these has is as unknown in it
 * as it would be in a new text.
 *
 * Pairs of a term and a label it was seen with take 8 bytes each, terms 8. What evidence needs
 * beside is 20 a term, and for each that was seen with half of the labels or more a row of all
 * labels, 12 bytes each: no more than 24 for each of its pairs, so that memory stays linear in
 * these.
 */
#ifndef LINEAR_BAYES_H
#define LINEAR_BAYES_H

#include "linear/sparse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from `{0}`; owns everything, freed by bayes_free. Read by any number of threads. */
struct bayes {
    uint32_t terms, labels;
    uint64_t *begin; /* terms + 1: a term's labels are label[begin[t] .. begin[t + 1] - 1] */
    uint32_t *label; /* ascending in each term */
    uint32_t *count; /* at least 1 */
    size_t begin_capacity, label_capacity, count_capacity; /* of bayes_add */
    /* By bayes_settle: */
    uint64_t *total;       /* T, a label */
    double *inverse;       /* 1 / (T + V), a label */
    double *log_total;     /* log (T + V), a label */
    double *sum, *log_sum; /* the sum of p and its log, a term */
    double inverses;       /* the sum of `inverse` */
    double *logs;          /* of 0 .. BAYES_LOGS - 1; the first is not used */
    uint32_t *row;         /* a term: number + 1 of its row of `labels` in the next two; 0: none */
    double *row_logs;      /* log (c + 1) */
    uint32_t *row_counts;  /* c */
};

enum { BAYES_LOGS = 4096 };

/*
 * Counts: `rows` hold numbers of terms and how often each occurs, `label_of` is each row's label.
 * Needs no bayes_settle to be written. False when memory is out.
 */
bool bayes_count(struct bayes *bayes, const struct sparse *rows, const uint32_t *label_of,
                 uint32_t labels);

/*
 * The other way to them: adds so many terms to zeroed memory in which the caller has set `labels`;
 * each has pairs[i] of the labels, ascending, and of the counts, uint32 all, at any alignment.
 * False when memory is out.
 */
bool bayes_add(struct bayes *bayes, uint32_t terms, const void *pairs, const void *label,
               const void *count);

/* Works out what evidence needs. False when memory is out. */
bool bayes_settle(struct bayes *bayes);

/* A label under which a text was trained on, and how many times. */
struct bayes_own {
    uint32_t label, copies;
};

/*
 * The evidence of a document of `count` distinct tokens that training had, which it holds times[i]
 * times; `own` says how it was trained on, each label once. `sums` has room for 2 x labels. All
 * zeros where none is known.
 */
void bayes_evidence(const struct bayes *bayes, const uint32_t *terms, const float *times,
                    size_t count, const struct bayes_own *own, size_t own_count, double *sums,
                    float *evidence);

void bayes_free(struct bayes *bayes);

#endif
