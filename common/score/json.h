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
 * `classes`. Numbers have the digits that make them read back as the same double.
 */
#ifndef SCORE_JSON_H
#define SCORE_JSON_H

#include "base/error.h"
#include "base/output.h"
#include "score/metrics.h"

/* Status SYSTEM. */
bool json_metrics(const struct metrics *metrics, struct output *output, struct error *error);

#endif
