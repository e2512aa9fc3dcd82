/*
 * wide: a node whose rows weigh anything, as the kernels take it: any classes, gini.
 *
 * Between wide.c, which fills it in, and the kernels.
 */
#ifndef FOREST_WIDE_H
#define FOREST_WIDE_H

#include "forest/node.h"

#include <stdint.h>

/* What scoring needs of a row. */
struct wide_row {
    uint32_t class; /* its number among those of the node */
    uint32_t weight;
};

/* By what a row that moves to the left side adds to each of its sums, its own weight left out (see
   struct wide_sums); to the first one it adds what its class weighs there as well. */
struct wide_class {
    uint64_t own;    /* 0 */
    uint64_t twice;  /* the class's weight, twice */
    uint64_t one;    /* 1 */
    uint64_t across; /* twice the weight of those that miss the feature; 0 between calls */
};

/* What a class weighs on the left: the sum of rows at even places and that of rows at odd ones, so
   that where one class follows itself none waits for the store of the row before. */
struct wide_left {
    uint32_t side[2];
};

struct wide_node {
    const struct node *node;
    const struct wide_row *rows; /* of the node */
    struct wide_class *classes;  /* that are there, aligned as vectors of them want it */
    uint64_t squares;            /* the sum over the classes of their weights' squares */
    uint32_t class_count;
    uint32_t weight; /* of all rows, below 2^31 */

    /* Memory for the ranks of a view: */
    uint32_t *places;       /* by rank: the row's in the node */
    uint32_t *absent;       /* places of rows whose value is missing */
    uint64_t *taken;        /* bitmap of ranks; clear between calls */
    uint32_t *rank;         /* of the rows, in order; with room for WIDE_BEYOND more */
    struct wide_left *left; /* of the classes; 0 between calls */

    bool settled; /* what the kernel says: nothing can be better than what was found */
};

enum { WIDE_BEYOND = 64 };

#endif
