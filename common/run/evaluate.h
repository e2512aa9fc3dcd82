/*
 * evaluate: a stream of labelled predictions to how often each pair of labels occurred.
 */
#ifndef RUN_EVALUATE_H
#define RUN_EVALUATE_H

#include "base/error.h"
#include "score/metrics.h"
#include "stream/stream.h"

#include <stdbool.h>

/*
 * Counts the rows of the stream, at least one, to its verified end. `confusion` starts from `{0}`
 * and is freed by the caller. Status INPUT, CUT or SYSTEM.
 */
bool evaluate_count(struct stream_reader *reader, struct confusion *confusion, struct error *error);

#endif
