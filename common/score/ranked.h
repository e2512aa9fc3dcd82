/*
 * ranked: the orders in which reports list classes and confusions, the same in text and pages.
 */
#ifndef SCORE_RANKED_H
#define SCORE_RANKED_H

#include "score/metrics.h"

#include <stddef.h>
#include <stdint.h>

/* A class, by what it is listed. */
struct ranked_class {
    double f1;
    uint64_t support;
    uint32_t class;
};

/* Those of lowest F1 first, of these those of most rows, then in the classes' order. */
void ranked_classes(struct ranked_class *classes, uint32_t count);

/*
 * The confusion's cells off the diagonal, the largest first, then by label and by predicted.
 * Owned by the caller. NULL: memory is out.
 */
struct metrics_cell *ranked_confusions(const struct metrics *metrics, size_t *count);

#endif
