/*
 * calibration: whether a model is right as often as it says.
 *
 * Rows are put into ten bins by their confidence, the probability of the predicted class: 0 to 0.1,
 * ..., 0.9 to 1. Of a calibrated model those of a bin are right as often as the mean of their
 * confidences. The expected calibration error is the mean of the differences, weighted by rows
 * (Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017).
 */
#ifndef SCORE_CALIBRATION_H
#define SCORE_CALIBRATION_H

#include "score/answers.h"

#include <stdint.h>

enum { CALIBRATION_BINS = 10 };

struct calibration {
    uint64_t rows[CALIBRATION_BINS], right[CALIBRATION_BINS];
    double confidence[CALIBRATION_BINS]; /* the mean; NaN of no rows */
    double error;                        /* NaN where no row is answered */
};

/* Of the rows with an answer; the answers keep ANSWERS_CHANCES. */
struct calibration calibration_of(const struct answers *answers);

#endif
