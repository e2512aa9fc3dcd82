/*
 * figures: the figures of an evaluation as parts of a page.
 *
 * What stands in a table has its number with all digits in an attribute, `data-value`, so that a
 * page says what --json says.
 */
#ifndef PAGE_FIGURES_H
#define PAGE_FIGURES_H

#include "base/buffer.h"
#include "score/calibration.h"
#include "score/evaluation.h"

/* Accuracy and what else one looks at first, as a list of tiles. */
void figures_headline(struct buffer *page, const struct evaluation *evaluation,
                      const struct calibration *calibration);

/* All measures with their intervals, as a table. */
void figures_measures(struct buffer *page, const struct evaluation *evaluation);

/* A line a label, with a bar of its F1; of more than 20 the lowest F1 first. False when memory is
   out. */
bool figures_classes(struct buffer *page, const struct evaluation *evaluation);

#endif
