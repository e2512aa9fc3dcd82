/*
 * matrix: a confusion matrix as a table of heat.
 *
 * Up to 20 labels have their counts in the cells; more are a field of colour. In either a cell says
 * what it is where a pointer or the keyboard stands on it: it is one stop of the Tab key, and
 * arrows move within. Shades go by the root of the share of the row, so that rare labels and rare
 * mistakes are seen as well.
 */
#ifndef PAGE_MATRIX_H
#define PAGE_MATRIX_H

#include "base/buffer.h"
#include "score/metrics.h"

enum { MATRIX_MOST = 200 /* labels; of more there is no matrix, but the frequent confusions */ };

/* Needs no more than MATRIX_MOST labels. */
void matrix_put(struct buffer *page, const struct metrics *metrics);

/* The most frequent confusions, as a table of at most `most`. False when memory is out. */
bool matrix_confusions(struct buffer *page, const struct metrics *metrics, size_t most);

#endif
