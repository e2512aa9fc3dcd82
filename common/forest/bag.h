/*
 * bag: the samples that a tree is grown from.
 */
#ifndef FOREST_BAG_H
#define FOREST_BAG_H

#include "base/random.h"
#include "forest/growth.h"

#include <stdint.h>

/*
 * Draws samples out of `count` with replacement, as many as `growth` says (Breiman, "Bagging
 * predictors", Machine Learning 24, 1996): weight[i] says how often sample i was drawn, rows lists
 * those that were, ascending. Returns how many. Without bootstrap each is there once.
 */
uint32_t bag_draw(struct random *random, const struct growth *growth, uint32_t count,
                  uint32_t *weight, uint32_t *rows);

#endif
