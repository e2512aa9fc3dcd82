/*
 * intervals: how sure a figure is, at 95%.
 */
#ifndef SCORE_INTERVALS_H
#define SCORE_INTERVALS_H

#include "score/measures.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NaN where there is none. */
struct interval {
    double low, high;
};

/*
 * Of a share of `whole`: Wilson's score interval (Wilson, "Probable inference, the law of
 * succession, and statistical inference", JASA 22, 1927). None where `whole` is 0.
 */
struct interval interval_wilson(uint64_t part, uint64_t whole);

/*
 * The 2.5th and the 97.5th percentile of the values that are not NaN, interpolated linearly as
 * numpy.percentile does. Sorts the values.
 */
struct interval interval_percentile(double *values, size_t count);

/* A measure with its interval. */
struct figure {
    double value;
    struct interval interval;
};

struct resampling {
    uint64_t seed;
    uint32_t count; /* of resamples; 0: shares of rows alone have intervals */
};

/*
 * The trial's figures. Shares of the rows get Wilson's interval, the others that of the bootstrap:
 * percentiles over resamples of the rows, as many as there are, drawn with replacement (Efron and
 * Tibshirani, "An introduction to the bootstrap", 1993, chapter 13). Resample i draws from the
 * generator (seed, i), row after row. False when memory is out.
 */
bool figures_of(struct trial *trial, const struct resampling *resampling,
                struct figure figures[MEASURE_COUNT]);

/*
 * Of two trials of the same rows, also the figures of the first less those of the second, whose
 * intervals are all the bootstrap's, with the same resamples for both.
 */
struct figures_pair {
    struct figure first[MEASURE_COUNT], second[MEASURE_COUNT], difference[MEASURE_COUNT];
};
bool figures_of_pair(struct trial *first, struct trial *second, const struct resampling *resampling,
                     struct figures_pair *pair);

#endif
