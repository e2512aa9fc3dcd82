/*
 * sheet: metrics as aligned text for people.
 *
 * The accuracy, a line of precision, recall, f1 and support for each class and for both means,
 * and the confusion matrix. Columns are aligned by what characters take on a terminal. Labels
 * are written by buffer_name and cut at 32 columns. The matrix names its columns where that
 * fits 100 columns and numbers them where it does not; beyond 40 classes it is left out.
 */
#ifndef SCORE_SHEET_H
#define SCORE_SHEET_H

#include "base/buffer.h"
#include "score/metrics.h"

/* False when memory is out. */
bool sheet_metrics(const struct metrics *metrics, struct buffer *text);

#endif
