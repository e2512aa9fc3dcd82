/*
 * scorer: the decision values of one-vs-rest linear models, all labels at once.
 *
 * The weights lie feature after feature, a weight a label in each row. So a document's scores are a
 * sum of as many rows as it has features.
 */
#ifndef LINEAR_SCORER_H
#define LINEAR_SCORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Features in a row, whose weights lie behind one another, at any alignment. */
struct scorer_block {
    const void *weights; /* borrowed: features x labels float32 */
    uint32_t first;      /* the number of the first one */
};

/* Owns everything but the weights, freed by scorer_free. Read by any number of threads. */
struct scorer {
    uint32_t features, labels;
    struct scorer_block *blocks;
    double *rarity;    /* features, as tfidf.h wants them */
    float *intercepts; /* labels */
    size_t block_count, block_capacity, rarity_capacity;
};

/* Starts a scorer without features from zeroed memory. False when memory is out. */
bool scorer_start(struct scorer *scorer, const float *intercepts, uint32_t labels);

/* Makes room for `features` in all. False when memory is out. */
bool scorer_reserve(struct scorer *scorer, uint32_t features);

/*
 * Adds a block of `count` features; their rarity is the caller's to fill in, in the last `count` of
 * scorer->rarity. False when memory is out.
 */
bool scorer_add(struct scorer *scorer, const void *weights, uint32_t count);

/*
 * The scores of a document, labels of them, from its features' weights in ascending order: a sum in
 * float32 in that order, the intercept last.
 */
void scorer_scores(const struct scorer *scorer, const uint32_t *feature, const float *value,
                   size_t count, float *scores);

void scorer_free(struct scorer *scorer);

#endif
