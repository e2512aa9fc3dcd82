/*
 * curves: the area under the ROC curve, one class against the rest.
 *
 * The area is the share of pairs of a row of the class and another row where the first has the
 * higher probability of the class; a pair of equal ones counts half (Fawcett, "An introduction to
 * ROC analysis", 2006, section 7). Counted in whole numbers, it depends on no order of sums.
 */
#ifndef SCORE_CURVES_H
#define SCORE_CURVES_H

#include "score/answers.h"

#include <stdbool.h>
#include <stdint.h>

/* Owns its arrays but `weights`; freed by curves_free. */
struct curves {
    uint32_t class_count; /* the model's */
    size_t row_count;
    uint64_t *keys;   /* of each class, ascending: the share's bits, and the row below them */
    size_t *first;    /* class_count + 1: where a class's keys begin */
    uint32_t *labels; /* by row: the class of its label, or WORDS_NONE */

    const uint32_t *weights; /* by row; NULL: each counts once */
    uint64_t *support;       /* by class: how often its rows count */
    uint64_t rows;           /* how often all count */
};

/* From answers that keep ANSWERS_CURVES. Each row counts once. False when memory is out. */
bool curves_of(const struct answers *answers, struct curves *curves);

/* Lets each row count so many times, in all fewer than 2^31 times. Borrows the array. */
void curves_weigh(struct curves *curves, const uint32_t *weights);

/* The area of a class; NaN where no row is of the class, or every row. */
double curves_area(const struct curves *curves, uint32_t class);

/* The means over the classes that have an area: plain, and weighted by support; NaN if none has. */
struct curves_mean {
    double plain, weighted;
};
struct curves_mean curves_mean(const struct curves *curves);

void curves_free(struct curves *curves);

#endif
