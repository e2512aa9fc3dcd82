/*
 * matrix: the training samples as the engine takes them. Borrows everything.
 */
#ifndef FOREST_MATRIX_H
#define FOREST_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct matrix {
    uint32_t rows; /* 1 to MATRIX_MAX_ROWS */
    uint32_t features;
    uint32_t classes;
    const float *x;           /* rows x features, row after row; no infinities */
    const uint32_t *class_of; /* rows, each below `classes` */
    bool missing;             /* some of x are NaN */
};

/* The nodes of a tree over more rows than that could not be counted in 32 bits. */
#define MATRIX_MAX_ROWS ((uint32_t)INT32_MAX)

static inline float matrix_value(const struct matrix *matrix, uint32_t row, uint32_t feature)
{
    return matrix->x[(size_t)row * matrix->features + feature];
}

#endif
