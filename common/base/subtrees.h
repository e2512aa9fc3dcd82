/*
 * subtrees: how many training samples of each class lie below each node of a tree.
 *
 * A tree has counts in its leaves only. From the last node of the preorder to the first, a stack
 * holds those of the subtrees behind the node, so that memory is one row of counts a level.
 */
#ifndef BASE_SUBTREES_H
#define BASE_SUBTREES_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The counts at hand, each of `classes` numbers; good during the call. */
struct subtree {
    uint32_t node;
    const double *left, *right; /* of a split's sides; NULL: the node is a leaf */
    const double *whole;
};

/* Room for the stack; owned. Start from `{0}`, end with subtrees_free. */
struct subtrees {
    double *counts; /* the latest subtree on top */
    size_t capacity;
};

/* Calls `visit` for each node, the last one first: those of a subtree before its root, those of its
   right side before those of its left one. False when memory is out. */
bool subtrees_walk(struct subtrees *subtrees, const struct tree *tree, uint32_t classes,
                   void (*visit)(void *context, const struct subtree *subtree), void *context);

void subtrees_free(struct subtrees *subtrees);

#endif
