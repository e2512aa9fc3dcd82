/*
 * linear_write: models and what they say of held-out documents to a linear stream.
 */
#ifndef RUN_LINEAR_WRITE_H
#define RUN_LINEAR_WRITE_H

#include "base/digest.h"
#include "base/output.h"
#include "linear/bayes.h"
#include "run/bags.h"
#include "stream/lineage.h"

/* All borrowed. */
struct linear_write {
    const struct lineage *lineage;
    struct digest read;
    const struct bags *bags;
    const struct text *classes;       /* as many as the bags have labels, ascending */
    const uint32_t *class_of;         /* of each row */
    const struct bayes *bayes;        /* of the bag of tokens; or NULL */
    const float *weights[VIEW_COUNT]; /* (features + 1) x classes; NULL: not a view of the stream */
    const float *scores[VIEW_COUNT];  /* rows x classes */
    bool scored;                      /* there are scores */
    uint64_t most_bytes;              /* of the stream without these; UINT64_MAX: any */
};

/*
 * Parts come as `bayes`, then the views in their order. Fills in how many terms of
 * each view were written. Status INPUT or SYSTEM, and USAGE where most_bytes can't be kept.
 */
bool linear_write(const struct linear_write *write, struct output *output, uint32_t *written,
                  struct error *error);

#endif
