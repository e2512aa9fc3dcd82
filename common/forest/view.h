/*
 * view: the samples that nodes are grown from, as rows of their own.
 *
 * All of the matrix, or those below a node (subset.h). Rows are numbered from 0; what is known
 * of each is its rank in every feature, its class, and how often the bag holds it.
 */
#ifndef FOREST_VIEW_H
#define FOREST_VIEW_H

#include "forest/matrix.h"
#include "forest/ranks.h"

#include <stdint.h>

struct subset;

/* Borrows everything. Rows of weight 0 are in no node. */
struct view {
    const struct matrix *matrix;
    const struct ranks *ranks;  /* of the view's rows */
    const struct ranks *whole;  /* of all rows of the bag's view, laid out by row; or NULL */
    const uint32_t *whole_row;  /* by row: its number there; NULL: the same */
    const uint32_t *class_of;   /* by row */
    const uint32_t *weight;     /* by row: how often the bag holds it */
    const uint32_t *matrix_row; /* by row: its number in the matrix; NULL: the same */
    const float *x;             /* values of x_rows, row after row, where nodes of few rows look at
                                   them (abreast.h); NULL: ranks alone are looked at */
    const uint32_t *x_row;      /* by row: its number there; NULL: the same */
    uint32_t x_rows;
    struct subset *subset; /* has ranks of what it was asked for; NULL: all are there */
};

/* Where a row of the view is in the matrix. */
static inline uint32_t view_matrix_row(const struct view *view, uint32_t row)
{
    return view->matrix_row ? view->matrix_row[row] : row;
}

/* Where a row of the view is in `whole`. */
static inline uint32_t view_whole_row(const struct view *view, uint32_t row)
{
    return view->whole_row ? view->whole_row[row] : row;
}

/* The ranks of a row of a view that has them by row: a feature's are those of `whole`. */
static inline const uint16_t *view_ranks_of_row(const struct view *view, uint32_t row)
{
    return view->whole->by_row + (size_t)view_whole_row(view, row) * view->whole->features;
}

/* The values of a row of a view that has them. */
static inline const float *view_values(const struct view *view, uint32_t row)
{
    return view->x + (size_t)(view->x_row ? view->x_row[row] : row) * view->matrix->features;
}

#endif
