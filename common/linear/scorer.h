/*
 * scorer: the decision values of one-vs-rest linear models, all labels at once.
 *
 * The weights lie feature after feature, a weight a label in each row, which zeros fill up to the
 * stride. So a document's scores are a sum of as many rows as it has features.
 */
#ifndef LINEAR_SCORER_H
#define LINEAR_SCORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from `{0}`; owns everything, freed by scorer_free. Read by any number of threads. */
struct scorer {
    uint32_t features, labels;
    uint32_t stride;   /* labels, rounded up to a multiple of SCORER_LANES */
    float *weights;    /* features x stride */
    float *intercepts; /* labels */
    double *rarity;    /* features, as tfidf.h wants them */
};

enum { SCORER_LANES = 4 };

/* Makes room for `features` more, whose weights are zero. False when memory is out. */
bool scorer_reserve(struct scorer *scorer, uint32_t features, uint32_t labels);

/*
 * The scores of a document, labels of them, from its features' weights in ascending order: a sum in
 * float32 in that order, the intercept last. `room` has place for `stride`.
 */
void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *room, float *scores);

void scorer_free(struct scorer *scorer);

#endif
