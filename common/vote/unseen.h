/*
 * unseen: the votes of trees on samples that they have not seen.
 *
 * Each tree votes on the samples that are not in its bag, as vote.h has it: a class's share of the
 * leaf that a sample reaches is added to the sample's sum, tree by tree in their order. Samples
 * come a tile at a time, and all trees pass over it while it is in the cache.
 */
#ifndef VOTE_UNSEEN_H
#define VOTE_UNSEEN_H

#include "vote/reach.h"

/* A tree that waits for its votes. Owns its arrays; start from `{0}`, end with unseen_tree_free. */
struct unseen_tree {
    struct reach_tree reach;
    struct unseen_share *shares; /* of the classes that mixed leaves have, leaf after leaf */
    size_t share_count;
    uint64_t *unseen; /* samples, a bit each, in words of CROWD_WORD */
    size_t bytes;     /* that it takes */
};

/* Of a tree for samples of that shape, and a copy of the bits of those that it has not seen. False
   when memory is out. */
bool unseen_tree_make(struct unseen_tree *made, const struct tree *tree, uint32_t dim,
                      uint32_t classes, const void *unseen, size_t words);
void unseen_tree_free(struct unseen_tree *tree);

/* Room for a tile; owned. Started by unseen_start, ended by unseen_end. One thread uses it. */
struct unseen {
    uint32_t dim, classes;
    struct reach reach;
    size_t rows; /* the most samples of a tile, a multiple of CROWD_WORD */
    float *columns;
    double *sums;    /* rows x classes; the caller's to set before a tile */
    uint32_t *votes; /* rows: of how many trees; likewise */
};

/* False when memory is out. */
bool unseen_start(struct unseen *unseen, uint32_t dim, uint32_t classes, enum cpu_level level);
void unseen_end(struct unseen *unseen);

/*
 * Adds what trees say of the samples first .. first + count - 1, whose values are x, row after row,
 * none of them infinite; `first` is a multiple of CROWD_WORD, and `count` at most unseen->rows.
 */
void unseen_tile(struct unseen *unseen, const struct unseen_tree *trees, size_t tree_count,
                 const float *x, size_t first, size_t count);

#endif
