/*
 * json_measures: measures for programs.
 *
 *     "measures": {
 *       "accuracy": {"value": 0.75, "interval": [0.3, 0.95]},
 *       "top": {"value": 1, "interval": [0.51, 1], "k": 3},
 *       ...
 *     },
 *     "resamples": 1000,
 *     "seed": 0,
 *     "coverage": [
 *       {"confidence": 0.5, "answered": 4, "right": 3, "accuracy": 0.75, "interval": [0.3, 0.95]},
 *       ...
 *     ]
 *
 * A measure's key is its name in options with _ for -. With two models each measure has
 * `first` and `second` of that form, and `difference`. What is undefined is null.
 */
#ifndef SCORE_JSON_MEASURES_H
#define SCORE_JSON_MEASURES_H

#include "base/buffer.h"
#include "score/evaluation.h"
#include "score/paired.h"

#include <stdint.h>

/* Each appends `,` and members to an object that is open and has some. */
void json_evaluation(const struct evaluation *evaluation, struct buffer *text);
void json_sets(const struct answers *answers, struct buffer *text);
void json_cost(const double *total, uint64_t rows, struct buffer *text);

/* Whole objects, with the number of rows first. */
void json_measures(const struct evaluation *evaluation, struct buffer *text);
void json_pair(const struct figures_pair *pair, const struct paired *paired,
               const struct trial *trial, const struct resampling *resampling, struct buffer *text);

#endif
