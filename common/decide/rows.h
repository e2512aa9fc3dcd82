/*
 * rows: what a forest said of texts whose labels are known, and that it has not seen.
 *
 * Everything here is found out from such rows: out-of-bag predictions. Some of them, `pick`, are
 * looked at, so that what was found on some can be judged on the others.
 */
#ifndef DECIDE_ROWS_H
#define DECIDE_ROWS_H

#include "decide/shares.h"

/* All borrowed. */
struct rows {
    uint32_t classes;
    const float *proba;          /* of each row, `classes` */
    const uint32_t *label;       /* of each row */
    const uint32_t *voted;       /* of each row: the most probable class, before rounding */
    const uint32_t *pick;        /* the rows to look at, */
    size_t count;                /* and how many */
    const struct shares *shares; /* of all rows, picked or not; only curves are made from them */
};

static inline const float *rows_proba(const struct rows *rows, size_t i)
{
    return rows->proba + (size_t)rows->pick[i] * rows->classes;
}

static inline uint32_t rows_label(const struct rows *rows, size_t i)
{
    return rows->label[rows->pick[i]];
}

static inline uint32_t rows_voted(const struct rows *rows, size_t i)
{
    return rows->voted[rows->pick[i]];
}

#endif
