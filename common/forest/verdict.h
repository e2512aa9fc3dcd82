/*
 * verdict: whether the best cut that a node has is made.
 *
 * Where more is asked of a cut than to be the best one: that it makes the samples purer by so much,
 * that it is better than those of other nodes, or that what lies below it stays within bounds. It
 * takes another pass over the node's rows, which a tree that asks nothing of the kind is spared.
 */
#ifndef FOREST_VERDICT_H
#define FOREST_VERDICT_H

#include "forest/cut.h"
#include "forest/node.h"

#include <stdbool.h>

/* Owns its arrays; begin with verdict_begin, end with verdict_free. */
struct verdict {
    bool wanted;
    double bag_weight;       /* of the tree at hand, which its root sets */
    double *left, *right;    /* by class: the sides of the cut, once it was judged, */
    double *whole;           /* and both */
    double gain;             /* how much purer it makes the bag, as a share of its weight */
    struct bounds bounds[2]; /* of its sides */
};

/* Whether trees of that growth want one. */
static inline bool verdict_wanted(const struct growth *growth)
{
    return growth->min_decrease > 0 || growth->max_leaves || growth->directions;
}

bool verdict_begin(struct verdict *verdict, const struct growth *growth, uint32_t classes);
void verdict_free(struct verdict *verdict);

/* Judges the cut of a node whose classes were counted. False: it is not worth it. */
bool verdict_on(struct verdict *verdict, const struct node *node, const struct cut *cut);

#endif
