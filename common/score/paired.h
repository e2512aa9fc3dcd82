/*
 * paired: the answers of two models to the same rows.
 */
#ifndef SCORE_PAIRED_H
#define SCORE_PAIRED_H

#include "score/answers.h"

#include <stdbool.h>
#include <stdint.h>

/* How many rows who has right. */
struct paired {
    uint64_t both, first, second, neither;
};

/*
 * Counts the rows of two answers that keep rows. False where they are not the same rows: `*row` is
 * the first whose labels differ, from 0, or the number of rows of the shorter ones.
 */
bool paired_of(const struct answers *first, const struct answers *second, struct paired *paired,
               uint64_t *row);

#endif
