/*
 * vector_mean: a source of features, the mean of the vectors of a document's known tokens.
 *
 * All zeros where no token is known; otherwise to the bits that vectors/mean.h says.
 */
#ifndef RUN_VECTOR_MEAN_H
#define RUN_VECTOR_MEAN_H

#include "run/features.h"
#include "run/vector_table.h"
#include "vectors/mean.h"

/* The table is borrowed. */
struct vector_mean {
    const struct vector_table *table;
    mean_add *add;
};

struct vector_mean vector_mean_of(const struct vector_table *table, enum cpu_level level);

/* A source of table->dim columns; borrows `mean`. */
struct features_source vector_mean_source(const struct vector_mean *mean);

#endif
