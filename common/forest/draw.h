/*
 * draw: which features a node looks at.
 *
 * Features are drawn without replacement until as many as wanted were looked at and at least
 * one of them varies in the node, as scikit-learn does. Features that are constant in a node are
 * constant in every node below it: they still count as looked at when they are drawn, but
 * nobody looks.
 */
#ifndef FOREST_DRAW_H
#define FOREST_DRAW_H

#include "base/random.h"
#include "forest/search.h"

/*
 * A permutation of the features: first those known to be constant in the node, then the pool of
 * all others. What a node learns moves only features of its pool, so that a number, of constant
 * features, is all that it hands down. Owned; start from `{0}`.
 */
struct draw {
    uint32_t *order;
    bool *varies; /* scratch */
    uint32_t features;
};

bool draw_begin(struct draw *draw, uint32_t features);
void draw_free(struct draw *draw);

/* Puts the features back into their first order: a tree starts with it. */
void draw_reset(struct draw *draw);

/*
 * The best cut of the node among features drawn from the pool; `*constants` counts the constant
 * ones, before and after. False: the node has no cut.
 */
bool draw_best_cut(struct draw *draw, struct random *random, struct cutter *cutter,
                   const struct node *node, uint32_t *constants, struct cut *best);

#endif
