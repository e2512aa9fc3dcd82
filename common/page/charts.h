/*
 * charts: small drawings (SVG) of a page, each with its numbers as a table behind a fold.
 */
#ifndef PAGE_CHARTS_H
#define PAGE_CHARTS_H

#include "base/buffer.h"
#include "score/calibration.h"
#include "score/coverage.h"

#include <stddef.h>
#include <stdint.h>

/* How often the model is right beside how often it says so. */
void chart_calibration(struct buffer *page, const struct calibration *calibration);

/* How accurate the answers are where only so many of the surest are given. */
void chart_coverage(struct buffer *page, const struct coverage_step *steps, size_t count,
                    uint64_t rows);

/* A point of a learning curve. */
struct curve_point {
    double documents, accuracy;
};

/* Accuracy by the number of training texts, of at least one point, ascending. */
void chart_learning(struct buffer *page, const struct curve_point *points, size_t count);

#endif
