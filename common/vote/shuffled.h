/*
 * shuffled: how many samples a forest tells right when the values of some features are shuffled.
 *
 * The measure behind permutation importance (Breiman, "Random forests", 2001, section 10). Each
 * sample has votes of the trees that may vote on it (those whose bag it is not in, or all), and is
 * told right where its class is the first with the greatest sum of shares. Sums are of whole
 * multiples of 2^-40, so that they add up exactly, in any order: what shuffling changes is added to
 * what they were.
 *
 * A sample takes another way through a tree only from the first node on that looks at one of the
 * features. So each tree keeps the samples in the order of its leaves, in which those of a node are
 * next to each other, and shuffling walks again from such nodes alone: over all features together
 * that is a few ways for each sample and tree, however many features there are.
 *
 * Memory, for n samples, d features and c classes: n (4 d + 8 c) bytes; in each tree 4 for each
 * sample that it votes on and some 24 a node; and in each worker n (8 c + 8).
 */
#ifndef VOTE_SHUFFLED_H
#define VOTE_SHUFFLED_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No class: of a sample whose label the forest does not know. */
#define SHUFFLED_UNKNOWN UINT32_MAX

/* Start with shuffled_start, end with shuffled_free. Read by any number once it is ready. */
struct shuffled {
    size_t samples;
    uint32_t dim, classes;
    const float *columns; /* feature f of sample i: columns[f x samples + i]; none is infinite */
    const uint32_t *class_of; /* by sample; both are borrowed */
    struct shuffled_tree *trees;
    size_t count, capacity;
    int64_t *sums;       /* samples x classes */
    bool *voted, *told;  /* by sample: any tree votes on it; and it is told right */
    size_t votes, right; /* samples that are */
};

/* False when memory is out. */
bool shuffled_start(struct shuffled *shuffled, const float *columns, const uint32_t *class_of,
                    size_t samples, uint32_t dim, uint32_t classes);

/* Adds a tree, which votes on the `count` samples in `rows`, that ascend. False when memory is out.
 */
bool shuffled_add(struct shuffled *shuffled, const struct tree *tree, const uint32_t *rows,
                  uint32_t count);

/* When all trees are there: who is told right. */
void shuffled_ready(struct shuffled *shuffled);

void shuffled_free(struct shuffled *shuffled);

/* What one worker works with; owned. */
struct shuffling {
    int64_t *sums;    /* samples x classes: those of samples that were touched */
    bool *touched;    /* all false between calls */
    uint32_t *listed; /* who was */
};

/* False when memory is out. */
bool shuffling_start(struct shuffling *shuffling, const struct shuffled *shuffled);
void shuffling_free(struct shuffling *shuffling);

/*
 * How many samples are told right when sample i has the values of sample source[i] in the features
 * that `shuffle` says.
 */
size_t shuffled_right(const struct shuffled *shuffled, struct shuffling *shuffling,
                      const bool *shuffle, const uint32_t *source);

#endif
