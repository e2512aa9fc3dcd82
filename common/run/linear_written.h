/*
 * linear_written: what a run of linear-train writes, and when. Internal to linear_train.
 *
 * All but the documents' scores is known when whole models are trained; it is written while workers
 * train those of folds, where nothing has to be chosen by its weights, memory suffices for both at
 * a time, and the output is a file: who reads a pipe late would hold the workers up.
 */
#ifndef RUN_LINEAR_WRITTEN_H
#define RUN_LINEAR_WRITTEN_H

#include "run/linear_models.h"

/* Whether that is so, with views of these sizes and that much memory. */
bool linear_written_early(const struct linear_run *run, const struct linear_size *sizes,
                          unsigned count, struct linear_room room);

/* The run's `meanwhile`: writes some of it; `*more` is whether something is left. Status INPUT or
   SYSTEM. */
bool linear_written_some(struct linear_run *run, bool *more, struct error *error);

/* Writes the rest, or all of it, or with `part` that part. Status INPUT or SYSTEM. */
bool linear_written(struct linear_run *run, struct error *error);

#endif
