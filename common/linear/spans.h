/*
 * spans: which numbers a block of models fills, of all weights and scores, as runs of neighbours.
 *
 * So that blocks may be worked out apart and brought together: whoever visits the spans of the same
 * block of the same problem, in whatever process, visits the same numbers in the same order.
 */
#ifndef LINEAR_SPANS_H
#define LINEAR_SPANS_H

#include "linear/svm.h"

#include <stddef.h>

/* Takes `count` numbers; false ends the visit. */
typedef bool spans_visit(void *context, float *numbers, size_t count);

/* Those that svm_train fills for a block, of weights. Whether no visit was false. */
bool spans_of_block(const struct svm_problem *problem, uint32_t block, float *weights,
                    spans_visit *visit, void *context);

/* Those that svm_hold_out fills for a fold block, of scores. */
bool spans_of_fold_block(const struct svm_problem *problem, uint32_t fold_block, float *scores,
                         spans_visit *visit, void *context);

#endif
