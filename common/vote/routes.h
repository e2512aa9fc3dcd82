/*
 * routes: the ways of samples through the trees of a forest, node by node.
 *
 * Where packed.h forgets what prediction has no need of, this keeps the nodes' numbers, in preorder
 * as the tree has them, and, if asked to, what each step says: by how much the classes' shares in
 * the node behind it differ from those in the node before. (Saabas, "Interpreting random forests",
 * 2014, as treeinterpreter has it.) A sample's probabilities are the mean over the trees of the
 * roots' shares, the bias, and of all its steps.
 *
 * A node takes 16 bytes, and with changes 16 more and 16 for each class whose share changes there.
 */
#ifndef VOTE_ROUTES_H
#define VOTE_ROUTES_H

#include "base/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A split's left child is the next node; a leaf has the feature TREE_NONE. */
struct route_node {
    uint32_t feature;
    float threshold;
    uint32_t right;
    bool missing_left; /* a missing value goes left */
};

/* A class's share changes by so much. */
struct route_change {
    double by;
    uint32_t class_number;
};

/* Owns its arrays; start from `{0}`, end with route_free. */
struct route {
    struct route_node *nodes;
    uint32_t node_count;
    uint32_t depth; /* steps to the deepest leaf */

    /* Where changes are wanted; else NULL. Those of the step to node n are changes[begins[n] ..
       ends[n]); of the root, whose step comes from nowhere, its shares. */
    struct route_change *changes;
    size_t change_count, change_capacity;
    size_t *begins, *ends;
};

/* Owns its trees. Read by any number of threads once it is complete. */
struct routes {
    struct route *trees;
    size_t count, capacity;
    uint64_t depths; /* the sum over the trees */
    double *bias;    /* by class, where changes are wanted: the sum of the roots' shares */
};

enum route_made {
    ROUTE_MADE,
    ROUTE_LARGE, /* shares of too many classes change at its nodes */
    ROUTE_NO_MEMORY
};

/*
 * What is made of a tree of so many classes. Several threads may. Where changes are wanted there
 * may be, of all nodes together, ROUTE_CHANGES_NODE for each, ROUTE_CHANGES more, and as many as
 * four times the numbers that mixed leaves have: only a tree that is as deep as it has classes,
 * both many, has more, and a small file would take the memory of its square.
 */
enum { ROUTE_CHANGES_NODE = 64, ROUTE_CHANGES = 1 << 16 };
enum route_made route_make(struct route *route, const struct tree *tree, uint32_t classes,
                           bool changes);
void route_free(struct route *route);

/* Appends the next tree and leaves `{0}` in its place. False when memory is out. */
bool routes_append(struct routes *routes, struct route *route, uint32_t classes);
void routes_free(struct routes *routes);

/* The node behind a split for a sample of these values. */
static inline uint32_t route_next(const struct route *route, uint32_t node, const float *x)
{
    const struct route_node *split = &route->nodes[node];
    const bool left = tree_goes_left(x[split->feature], split->threshold, split->missing_left);
    return left ? node + 1 : split->right;
}

/* The leaf that it reaches. */
uint32_t route_leaf(const struct route *route, const float *x);

/* Adds the changes of a sample's steps behind the root: sums[class x dim + feature]. */
void route_add(const struct route *route, const float *x, size_t dim, double *sums);

#endif
