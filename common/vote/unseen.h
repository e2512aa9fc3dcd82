/*
 * unseen: trees vote on the samples that are not in their bags, as vote.h has it: a class's share
 * of the leaf that a sample reaches is added to the sample's sum, tree by tree in their order.
 * Samples come a tile at a time, and all trees pass over it while it is in the cache.
 */
#ifndef VOTE_UNSEEN_H
#define VOTE_UNSEEN_H

#include "vote/packed.h"
#include "vote/reach.h"
#include "vote/walkers.h"

/* What trees are of, and the samples that they vote on. */
struct unseen_form {
    uint32_t dim, classes;
    bool gaps;    /* samples miss values */
    size_t words; /* of CROWD_WORD bits, that hold a bit a sample */
};

/*
 * Makes a tree ready to vote, with the bits of those samples that it has not seen, as bytes on
 * their way between two processes of one machine: calls `put` with one piece after another. Stops
 * when that says false, and returns that; false also when memory is out.
 */
bool unseen_pack(const struct unseen_form *form, const struct tree *tree, const uint64_t *unseen,
                 bool (*put)(void *context, const void *bytes, size_t size), void *context);

/* One of the shares of a mixed leaf, which stand one behind the other; beside the class of the last
   one is UNSEEN_LAST. */
struct unseen_share {
    uint32_t class;
    double share;
};
#define UNSEEN_LAST (UINT32_C(1) << 31)

/* A tree that waits for its votes. Owns its memory; start from `{0}`, end with unseen_tree_free. */
struct unseen_tree {
    bool chained;              /* it is sent crowds by reach.h; else it is walked by walk.h */
    struct packed_tree packed; /* in `memory`, as are the others */
    struct reach_tree reach;
    const struct unseen_share *shares;
    size_t share_count;
    const uint64_t *unseen;
    void *memory;
    size_t bytes; /* that it takes */
};

/* Takes a copy of what was packed. False when memory is out, or its size is not what it says. */
bool unseen_tree_take(struct unseen_tree *taken, const struct unseen_form *form, const void *bytes,
                      size_t size);
void unseen_tree_free(struct unseen_tree *tree);

/* How many samples a tile has at most: a multiple of CROWD_WORD. */
size_t unseen_rows(const struct unseen_form *form);

/* Room for a tile; owned. Started by unseen_start, ended by unseen_end. One thread uses it. */
struct unseen {
    struct unseen_form form;
    struct packed_form packed;
    size_t rows; /* unseen_rows */

    /* For chained trees: the tile as columns. */
    struct reach reach;
    float *columns;

    /* For the others. */
    const struct walk_kernel *kernel;
    struct walkers walkers;
    uint32_t *keys; /* NULL before the first of them */

    double *sums;    /* rows x classes; the caller's to set before a tile */
    uint32_t *votes; /* rows: of how many trees; likewise */
};

/* False when memory is out. */
bool unseen_start(struct unseen *unseen, const struct unseen_form *form, enum cpu_level level);
void unseen_end(struct unseen *unseen);

/*
 * Adds what trees say of the `count` samples, at most unseen->rows, from sample `first` on, a
 * multiple of CROWD_WORD; x has all samples, dim values each, none of them infinite. False when
 * memory is out.
 */
bool unseen_tile(struct unseen *unseen, const struct unseen_tree *trees, size_t tree_count,
                 const float *x, size_t first, size_t count);

#endif
