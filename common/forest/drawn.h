/*
 * drawn: the threshold of a cut that is drawn at random.
 */
#ifndef FOREST_DRAWN_H
#define FOREST_DRAWN_H

#include "base/random.h"
#include "forest/ranks.h"

#include <math.h>

/* The largest float that is not above a number. Which of two is as good as tossing a coin, so that
   nothing branches on it. */
static inline float drawn_below(double number)
{
    const float nearest = (float)number;
    if (nearest == 0)
        return nearest > number ? nextafterf(nearest, -INFINITY) : nearest;
    return ranks_value(ranks_bits(nearest) - (nearest > number));
}

/*
 * Somewhere in [lowest, highest). scikit-learn's threshold is a double, and floats are compared
 * with it; the largest float that is not above it decides the same for all of them.
 */
static inline float drawn_threshold(struct random *random, float lowest, float highest)
{
    const double width = (double)highest - (double)lowest;
    const double drawn = (double)lowest + width * random_unit(random);
    const float threshold = drawn_below(drawn);
    return threshold < highest ? threshold : lowest;
}

#endif
