/*
 * nodes: a tree in preorder, visited node by node with what each needs at hand.
 *
 * Internal to the folder.
 */
#ifndef EXPORT_NODES_H
#define EXPORT_NODES_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owns all; start from `{0}`, end with nodes_free. */
struct nodes {
    struct tree tree;
    uint32_t *right; /* of a split node: its right child; the left one follows it */
    uint32_t *waiting;
    uint64_t *room; /* for tree_fill_sides */
    size_t right_capacity, waiting_capacity, room_capacity;
};

/* After `tree` was filled. False when memory is out. */
bool nodes_link(struct nodes *nodes);

void nodes_free(struct nodes *nodes);

/* The node at hand. Start from `{0}`. */
struct node {
    uint32_t number;
    bool leaf;
    uint32_t feature, right; /* of a split */
    float threshold;
    bool missing_left;      /* of a split: a missing value goes left */
    uint32_t leaf_class;    /* of a leaf of one class; else TREE_NONE, */
    const uint32_t *counts; /* and the samples of each class; NULL of a leaf of one class */
    uint32_t weight;
    uint32_t splits, leaves, mixed; /* before the next node */
    bool begun;
};

/* The next node of the tree of `class_count` classes; false: there is none. */
bool nodes_next(const struct nodes *nodes, uint32_t class_count, struct node *node);

/* Hands the classes that a leaf has samples of, and how many, to `put`, in order. */
void nodes_counts(const struct node *leaf, uint32_t class_count,
                  void (*put)(void *context, uint32_t class_number, uint32_t count, bool first),
                  void *context);

#endif
