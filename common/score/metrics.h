/*
 * metrics: how well predicted labels match the true ones.
 *
 * For each class, of all rows:
 *
 *   support     rows whose true label it is
 *   predicted   rows whose predicted label it is
 *   hits        rows where it is both
 *   precision   hits / predicted           0 where nothing was predicted so
 *   recall      hits / support             0 where there is no such row
 *   f1          2 hits / (support + predicted), the harmonic mean of the two
 *
 * The macro mean weighs all classes alike, the weighted mean by support; accuracy is the hits of
 * all classes / rows. These are scikit-learn's definitions (classification_report with
 * zero_division=0), and like there the classes are those that occur, as true or as predicted.
 *
 * A row without an answer is wrong, and its prediction is no class: it counts in the support of its
 * label, but precision and the macro mean know nothing of it (scikit-learn's report with `labels`).
 * Where rows are labelled as it is shown, that is a class like others, and they are right.
 */
#ifndef SCORE_METRICS_H
#define SCORE_METRICS_H

#include "base/text.h"
#include "base/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- counting ---- */

/* How often each pair of labels occurred. Start from `{0}`; owns everything. */
struct confusion {
    struct words labels;
    struct words pairs; /* of two label numbers each */
    uint64_t *counts;   /* of each pair */
    size_t count_capacity;
    uint64_t rows;
    bool abstained;     /* there are rows without an answer, and */
    uint32_t no_answer; /* the number of what stands for it */
};

/* The number of a label; WORDS_NONE when memory is out. */
uint32_t confusion_label(struct confusion *confusion, struct text label);

/* The number of what stands for no answer, shown as that text. WORDS_NONE when memory is out. */
uint32_t confusion_no_answer(struct confusion *confusion, struct text shown);

/* A true and a predicted label, by their numbers. */
struct confusion_pair {
    uint32_t label, predicted;
};

/*
 * Counts a row by its labels' numbers. The number of the pair, from 0 in the order in which pairs
 * first occur; WORDS_NONE when memory is out.
 */
uint32_t confusion_count(struct confusion *confusion, uint32_t label, uint32_t predicted);
/* The same; false when memory is out. */
bool confusion_row(struct confusion *confusion, uint32_t label, uint32_t predicted);

/* The pair with that number. */
struct confusion_pair confusion_pair(const struct confusion *confusion, uint32_t number);

void confusion_free(struct confusion *confusion);

/* ---- figures ---- */

struct metrics_class {
    struct text label; /* borrowed from the confusion */
    uint64_t support, predicted, hits;
    double precision, recall, f1;
};

/* A cell of the confusion matrix that is not 0. */
struct metrics_cell {
    uint32_t label, predicted; /* classes */
    uint64_t count;
    uint32_t pair; /* its number in the confusion */
};

struct metrics_mean {
    double precision, recall, f1;
};

/* Owns its arrays; freed by metrics_free. */
struct metrics {
    uint64_t rows, hits;
    double accuracy;
    bool abstained;
    uint32_t no_answer;       /* the class that stands for no answer, where rows have none */
    uint64_t answered;        /* rows with an answer, */
    double answered_accuracy; /* and the share of these that is right; NaN of none */
    uint32_t class_count;
    struct metrics_class *classes; /* in ascending byte order of their labels */
    size_t cell_count;
    struct metrics_cell *cells; /* by label, then by predicted */
    struct metrics_mean macro, weighted;
};

/* Whether the class is none, but what stands for no answer, and no row is labelled so. */
bool metrics_is_no_class(const struct metrics *metrics, uint32_t class);

/* How many classes there are, without that. */
uint32_t metrics_count_classes(const struct metrics *metrics);

/* The figures of a confusion of at least one row. False when memory is out. */
bool metrics_of(const struct confusion *confusion, struct metrics *metrics);

/*
 * Computes all anew from the cells' counts, which the caller has changed: at least one is not 0.
 * Classes that no longer occur are left out of the macro mean.
 */
void metrics_recount(struct metrics *metrics);

/* A copy with arrays of its own, whose labels are borrowed as the original's are. */
bool metrics_copy(const struct metrics *metrics, struct metrics *copy);

void metrics_free(struct metrics *metrics);

#endif
