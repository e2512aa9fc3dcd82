/*
 * scorer: the decision values of one-vs-rest linear models, all labels at once.
 *
 * The weights lie feature after feature, a weight a label in each row. So a document's scores are a
 * sum of as many rows as it has features.
 */
#ifndef LINEAR_SCORER_H
#define LINEAR_SCORER_H

#include "linear/tfidf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Features in a row, whose weights lie behind one another, at any alignment. Borrowed. */
struct scorer_block {
    const void *weights;   /* features x labels float32 */
    const void *documents; /* features uint32: how many of the training documents hold each */
    uint32_t first;        /* the number of the first one */
};

/* Owns everything but what blocks borrow, freed by scorer_free. Read by any number of threads. */
struct scorer {
    uint32_t features, labels;
    struct scorer_block *blocks;
    size_t block_count, block_capacity;
    float *intercepts;  /* labels */
    struct tfidf tfidf; /* of the documents that it was trained on */
};

/* Starts a scorer without features from zeroed memory. False when memory is out. */
bool scorer_start(struct scorer *scorer, const float *intercepts, uint32_t labels,
                  uint64_t samples);

/* Adds a block of `count` features. False when memory is out. */
bool scorer_add(struct scorer *scorer, const void *weights, const void *documents, uint32_t count);

/*
 * Turns the counts of one document's features, in ascending order, into weights (tfidf.h); `room`
 * is for as many numbers.
 */
void scorer_weigh(const struct scorer *scorer, const uint32_t *feature, float *value, size_t count,
                  double *room);

/*
 * The scores of a document, labels of them, from its features' weights in ascending order: a sum in
 * float32 in that order, the intercept last.
 */
void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *scores);

void scorer_free(struct scorer *scorer);

#endif
