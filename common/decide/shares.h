/*
 * shares: for each class the rows that have a share of it, in the order of that share.
 *
 * Curves are made again and again from some of the same rows, by cross-fitting. What is sorted here
 * once needs only to be walked then.
 */
#ifndef DECIDE_SHARES_H
#define DECIDE_SHARES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Freed by shares_free, also after a failure. */
struct shares {
    uint64_t *of;  /* the bits of the share above the row's number, a class after the other */
    size_t *begin; /* of each class, and the end */
    size_t rows;
};

/*
 * Sorts what rows 0 .. rows-1 have, `classes` numbers of 0 and more each; what is 0 is left out.
 * Memory: 8 bytes a share. False when memory is out.
 */
bool shares_sort(struct shares *shares, const float *proba, size_t rows, uint32_t classes);
void shares_free(struct shares *shares);

static inline uint32_t share_row(uint64_t share)
{
    return (uint32_t)share;
}

float share_value(uint64_t share);

#endif
