/*
 * decide: predictions of texts whose labels are known, held for what is found out from them.
 */
#ifndef RUN_DECIDE_H
#define RUN_DECIDE_H

#include "base/error.h"
#include "decide/fit.h"
#include "score/costs.h"
#include "stream/stream.h"

#include <stdbool.h>

/* Freed by decide_free. */
struct decide {
    struct stream_header header; /* whose lineage is complete */
    struct digest digest;        /* of the stream */
    struct rows rows; /* those whose label the model has; they point into the following */
    struct shares shares;
    float *proba;
    uint32_t *label, *voted, *pick;
    size_t count, proba_capacity, label_capacity, voted_capacity, pick_capacity;
    uint64_t strangers; /* rows of other labels, which are left out */
};

/*
 * Reads predictions with labels and probabilities to their verified end: 2 rows at least, of 2
 * classes. Memory: 4 x (classes + 3) bytes a row, and 8 for each
 * probability that is not 0. Status INPUT, CUT or SYSTEM.
 */
bool decide_load(struct decide *decide, struct stream_reader *reader, struct error *error);

/*
 * The costs as a table of classes x classes; and of no answer, `*no_answer`, where the table has a
 * column for it, else NULL. Each is for free(). NULL: status INPUT, a pair has no cost; or SYSTEM.
 */
double *decide_costs(const struct decide *decide, const struct costs *costs, const char *name,
                     double **no_answer, struct error *error);

void decide_free(struct decide *decide);

#endif
