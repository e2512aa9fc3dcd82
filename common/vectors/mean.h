/*
 * mean: the mean of vectors, to the bits that numpy gives.
 *
 * np.array(vectors).mean(axis=0) adds float32 rows to zeros, in order, and divides by their
 * number as a float32. So do these; a dimension's sum does not depend on the others, so kernels
 * that take many dimensions at a time give the same bits. (Vectors of a single dimension are
 * the exception: numpy adds those in pairs. Here they are added in order as well.)
 */
#ifndef VECTORS_MEAN_H
#define VECTORS_MEAN_H

#include "base/cpu.h"

#include <stddef.h>

/*
 * Adds `count` vectors of `dim` floats to `sum`, in order. `sum` overlaps none of them.
 */
typedef void mean_add(float *sum, const float *const *vectors, size_t count, size_t dim);

mean_add mean_add_portable; /* the definition */
mean_add mean_add_avx2;

/* The fastest kernel of that level. */
mean_add *mean_add_of(enum cpu_level level);
/* What its own level is called. */
const char *mean_add_name(enum cpu_level level);

/* Divides the sum of `count` vectors; a sum of none stays as it is. */
void mean_divide(float *sum, size_t count, size_t dim);

#endif
