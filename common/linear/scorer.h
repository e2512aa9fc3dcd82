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

/* Owns everything, freed by scorer_free. Read by any number of threads. */
struct scorer {
    uint32_t features, labels;
    uint32_t stride;   /* labels, rounded up to a multiple of SCORER_LANES */
    float *weights;    /* features x stride */
    double *rarity;    /* features, as tfidf.h wants them */
    float *intercepts; /* labels */
    size_t weights_capacity, rarity_capacity;
};

enum { SCORER_LANES = 4 };

/* Starts a scorer without features from zeroed memory. False when memory is out. */
bool scorer_start(struct scorer *scorer, const float *intercepts, uint32_t labels);

/* Adds a feature and its weights, one a label. False when memory is out. */
bool scorer_add(struct scorer *scorer, const float *weights, double rarity);

/*
 * The scores of a document, labels of them, from its features' weights in ascending order: a sum in
 * float32 in that order, the intercept last. `room` has place for `stride`.
 */
void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *room, float *scores);

void scorer_free(struct scorer *scorer);

#endif
