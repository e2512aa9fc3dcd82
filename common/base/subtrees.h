/*
 * subtrees: how many training samples of each class lie below each node of a tree.
 *
 * A tree has counts in its leaves only. From the last node of the preorder to the first, a stack
 * holds those of the subtrees behind the node. It lists the classes that are there, no others, so
 * that it is never longer than what the leaves list, however deep a tree of however many classes.
 */
#ifndef BASE_SUBTREES_H
#define BASE_SUBTREES_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a subtree has of a class. */
struct subtree_count {
    double count;
    uint32_t class_number;
};

/* The counts at hand, each of `classes` numbers; good during the call. */
struct subtree {
    uint32_t node;
    const double *left, *right; /* of a split's sides; NULL: the node is a leaf */
    const double *whole;
    /* The classes that are there: those of the right side, then those of the left one, of which
       some may be the same. */
    const struct subtree_count *listed;
    size_t right_count, count;
};

/* Sees a node; false: no others. */
typedef bool subtree_visit(void *context, const struct subtree *subtree);

/* Room for the stack; owned. Start from `{0}`, end with subtrees_free. */
struct subtrees {
    struct subtree_count *counts; /* of the subtrees, the latest on top */
    size_t *begins;               /* of each one's */
    double *rows;                 /* of the node at hand: left, right, whole; 0 between nodes */
    size_t count, capacity, begin_capacity, row_capacity;
};

/* Calls `visit` for each node, the last one first: those of a subtree before its root, those of its
   right side before those of its left one. False when memory is out, or where `visit` says so. */
bool subtrees_walk(struct subtrees *subtrees, const struct tree *tree, uint32_t classes,
                   subtree_visit *visit, void *context);

void subtrees_free(struct subtrees *subtrees);

#endif
