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

struct linear_writing;

/*
 * Begins the stream of models whose weights are there; scores need to be when it ends. Parts come
 * as `bayes`, then the views in their order. NULL on failure: status INPUT or SYSTEM, and USAGE
 * where most_bytes can't be kept.
 */
struct linear_writing *linear_write_begin(const struct linear_write *write, struct output *output,
                                          struct error *error);

/* Writes a part of the terms; `*more` is whether more are left. Status INPUT or SYSTEM. */
bool linear_write_some(struct linear_writing *writing, bool *more, struct error *error);

/*
 * Writes the rest, and frees it in any case. Fills in how many terms of each view were written.
 * Status INPUT or SYSTEM.
 */
bool linear_write_end(struct linear_writing *writing, uint32_t *written, struct error *error);

/* NULL is fine. */
void linear_write_abandon(struct linear_writing *writing);

/* The bytes of memory that it takes beside the bags, at most. */
uint64_t linear_write_bytes(const struct bags *bags);

#endif
