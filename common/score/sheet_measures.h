/*
 * sheet_measures: measures, coverage and two models side by side, as aligned text for people.
 *
 * Each line opens with the measure's name, which has no blank, so that awk finds its columns. What
 * is undefined is `-`.
 */
#ifndef SCORE_SHEET_MEASURES_H
#define SCORE_SHEET_MEASURES_H

#include "base/buffer.h"
#include "score/coverage.h"
#include "score/intervals.h"
#include "score/mcnemar.h"
#include "score/paired.h"

#include <stddef.h>
#include <stdint.h>

/* The measures of the set, each with its interval; `top` is the K in the name of `top-K`. */
void sheet_measures(const struct figure *figures, unsigned set, uint32_t top, struct buffer *text);

/* Rows and accuracy by confidence. */
void sheet_coverage(const struct coverage_step *steps, size_t count, uint64_t rows,
                    struct buffer *text);

/* The measures of the set for both models, the difference with its interval, and McNemar's test. */
void sheet_pair(const struct figures_pair *pair, const struct paired *paired, unsigned set,
                uint32_t top, struct buffer *text);

#endif
