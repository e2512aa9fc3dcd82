/*
 * json: metrics for programs.
 *
 *     {
 *       "rows": 3,
 *       "accuracy": 0.6666666666666666,
 *       "macro": {"precision": 0.75, "recall": 0.75, "f1": 0.6666666666666666},
 *       "weighted": {"precision": ..., "recall": ..., "f1": ...},
 *       "classes": [
 *         {"label": "a", "precision": 1, "recall": 0.5, "f1": ..., "support": 2, "predicted": 1},
 *         ...
 *       ],
 *       "confusion": [
 *         [1, 1],
 *         [0, 1]
 *       ]
 *     }
 *
 * `confusion` has a row for each true class and a column for each predicted one, in the order of
 * `classes`. Of more than 256 classes it would mostly be zeros: then there is `cells` instead, an
 * array of [true, predicted, rows] for each pair that occurs, the classes by their place in
 * `classes`, from 0. Numbers have the digits that make them read back as the same double.
 *
 * Where all measures are wanted, json_measures.h says what is added.
 */
#ifndef SCORE_JSON_H
#define SCORE_JSON_H

#include "base/error.h"
#include "base/output.h"
#include "score/json_measures.h"
#include "score/metrics.h"

#include <stdbool.h>

/* What there is beyond the default. */
struct json_more {
    bool matrix;                  /* `confusion`, however many classes there are */
    const double *cost;           /* in total; NULL: without */
    const struct answers *sets;   /* whose rows have sets; NULL: without */
    const struct evaluation *all; /* NULL: without */
};

/* Status SYSTEM. */
bool json_metrics(const struct metrics *metrics, const struct json_more *more,
                  struct output *output, struct error *error);

#endif
