/*
 * vote: the classes that a forest predicts, and their probabilities.
 *
 * Each tree gives a sample the class frequencies of the leaf that it reaches: of c training
 * samples of a class among the w in the leaf, c / w. A class's probability is the sum of these,
 * tree by tree in index order, divided by the number of trees, all in double; the predicted
 * class is the first of those with the greatest. (Breiman, "Random forests", Machine Learning
 * 45, 2001, has each tree vote for one class; the mean of frequencies is scikit-learn's.) Where
 * evidence has an opinion of its own, the probabilities are the pool of both (opinion.h).
 *
 * Samples are voted on a tile at a time: the caller calls vote_tile and reads `classes` and
 * `proba`. A voter belongs to one thread; the forest is shared.
 */
#ifndef VOTE_VOTE_H
#define VOTE_VOTE_H

#include "vote/ballots.h"
#include "vote/walkers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owns its arrays. */
struct voter {
    const struct packed_forest *forest; /* borrowed */
    size_t rows;                        /* the most samples of a tile */
    float *x;                           /* rows x dim: room for samples, if the caller wants it */
    uint32_t *classes;                  /* rows: the predicted class of each sample */
    double *proba;                      /* rows x class_count */

    /* Its own: those whose votes are still counted; their keys take the place of `x`. When it is
       looked for some to leave out. */
    struct walkers walkers;
    size_t next_look;
    /* Where each leaf is of one class; and whether the tile at hand takes it so. */
    struct ballots ballots;
    bool balloting;
    /* Of many classes: which sums are not 0, unless there are more than the list takes. */
    struct touched *touched;
    size_t touched_count;
    bool all_touched;
    double opinion; /* the votes that evidence casts for each sample; 0: it has no opinion */
    const struct walk_kernel *kernel;
    bool classes_only; /* the caller's to set: `proba` isn't wanted, and means nothing */
};

/* The bytes that a voter takes, but for some that no forest makes more of. */
uint64_t vote_bytes(const struct packed_forest *forest);

/* A voter for a forest of at least one tree. False when memory is out. */
bool vote_start(struct voter *voter, const struct packed_forest *forest);

/*
 * Votes on `count` samples, 1 to `rows`, whose count x dim floats `x` are at any alignment; they
 * may be voter->x, which is overwritten. False where a value is infinite, or memory is out. A
 * missing value (NaN) goes to the side that the tree says, see packed.h.
 */
bool vote_tile(struct voter *voter, const void *x, size_t count);

void vote_end(struct voter *voter);

/* The kernel that voters use on this machine: `portable`, `avx2` or `avx512`. */
const char *vote_kernel_name(void);

#endif
