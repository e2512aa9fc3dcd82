/*
 * evaluate: a model's answers beside the true labels, from what rf-predict writes.
 *
 * That is a stream of predictions, or text: `label TAB predicted` a line; where rows have
 * probabilities, they follow, and a first line names the columns: `label`, `predicted`, and the
 * model's classes. Which of the two it is, the first byte says.
 */
#ifndef RUN_EVALUATE_H
#define RUN_EVALUATE_H

#include "base/error.h"
#include "score/answers.h"
#include "stream/stream.h"

#include <stdbool.h>

/*
 * Adds the rows, at least one, up to the input's end, which a stream's record verifies.
 * `answers->keeps` is set, the rest starts from 0 and is freed by the caller. Probabilities are
 * read where something of them is kept. A stream's lineage is handed over in `lineage`, which
 * starts from `{0}`; text has none; NULL: it is not wanted. Status INPUT, CUT or SYSTEM.
 */
bool evaluate_read(struct stream_reader *reader, struct answers *answers, struct lineage *lineage,
                   struct error *error);

#endif
