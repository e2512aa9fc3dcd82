/*
 * bag: the samples that a tree is grown from.
 */
#ifndef FOREST_BAG_H
#define FOREST_BAG_H

#include "base/random.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Draws `count` of `count` samples with replacement (Breiman, "Bagging predictors", Machine
 * Learning 24, 1996): weight[i] says how often sample i was drawn, rows lists those that were,
 * ascending. Returns how many. Without bootstrap each is there once.
 */
uint32_t bag_draw(struct random *random, bool bootstrap, uint32_t count, uint32_t *weight,
                  uint32_t *rows);

#endif
