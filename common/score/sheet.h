/*
 * sheet: metrics as aligned text for people.
 *
 * The accuracy, a line of precision, recall, f1 and support for each class and for both means,
 * and the confusion matrix. Columns are aligned by what characters take on a terminal; labels are
 * shown as names.h says.
 *
 * A sheet is to be read, so it is no wall of numbers: of more than 100 classes the 40 of lowest F1
 * have lines, worst first, and in place of a matrix of more than 20 classes stand the 20 most
 * frequent confusions. On a terminal, of more than 20 classes, both are what fits it together. A
 * matrix names its columns where that fits 100 columns and numbers them where it does not.
 */
#ifndef SCORE_SHEET_H
#define SCORE_SHEET_H

#include "base/buffer.h"
#include "score/metrics.h"
#include "score/names.h"

#include <stdbool.h>

struct sheet_look {
    bool matrix;    /* whole, however many classes there are */
    bool intervals; /* of each precision and recall, Wilson's at 95% */
    bool colour;    /* for a terminal: bars of F1, and heat in the matrix */
    unsigned lines; /* of the terminal that it is for; 0: it is for none */
};

/* False when memory is out. */
bool sheet_metrics(const struct metrics *metrics, const struct sheet_look *look,
                   struct buffer *text);

/* Its part: the confusion matrix, or the most frequent confusions. */
bool sheet_confusion(const struct metrics *metrics, const struct name *names,
                     const struct sheet_look *look, struct buffer *text);

#endif
