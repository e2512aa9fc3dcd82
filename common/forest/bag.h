/*
 * bag: the samples that a tree is grown from.
 */
#ifndef FOREST_BAG_H
#define FOREST_BAG_H

#include "base/random.h"
#include "forest/growth.h"

#include <stdbool.h>

#include <stdint.h>

/*
 * Draws samples out of `count` with replacement, as many as `growth` says (Breiman, "Bagging
 * predictors", Machine Learning 24, 1996): weight[i] says how often sample i was drawn, rows,
 * unless it is NULL, lists those that were, ascending. Returns how many. Without bootstrap each is
 * there once. Samples that weigh nothing are left out.
 */
uint32_t bag_draw(struct random *random, const struct growth *growth, uint32_t count,
                  uint32_t *weight, uint32_t *rows);

/* Whether samples weigh what they weigh in bags, not only in drawing these. */
static inline bool bag_weighs(const struct growth *growth)
{
    return growth->weights && !growth->weights->chance;
}

/*
 * Makes units of weight out of how often each of the `drawn` samples in `rows` was drawn. `share`
 * has room for a number a class.
 */
void bag_weigh(const struct growth *growth, const uint32_t *class_of, uint32_t classes,
               double *share, uint32_t *weight, const uint32_t *rows, uint32_t drawn);

#endif
