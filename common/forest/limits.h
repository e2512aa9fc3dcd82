/*
 * limits: what a cut has to leave on its sides, beyond so many samples.
 *
 * Enough weight, repeats in the bag counted (scikit-learn's min_weight_fraction_leaf). And of two
 * classes, where features are to speak for the second one or against it (its monotonic_cst), a cut
 * of such a feature leaves shares in that order: the share of the first class on either side lies
 * between the node's bounds, and rises or falls as the feature wants it. Below the cut the middle
 * of its sides' shares bounds both, and a leaf whose share lies beyond its bounds is given the
 * bound for it, or what is nearest within, so that whatever is cut further down leaves the order as
 * it is.
 */
#ifndef FOREST_LIMITS_H
#define FOREST_LIMITS_H

#include "forest/growth.h"

#include <math.h>
#include <stdint.h>

/* Where the share of the first class has to lie in a node and all below it. */
struct bounds {
    double lower, upper;
};

#define BOUNDS_NONE ((struct bounds){-INFINITY, INFINITY})

struct limits {
    double least_weight;      /* of a side */
    const int8_t *directions; /* of features, of the second class; NULL: none has any */
    struct bounds bounds;
};

/* Whether there are any that a search has to look at. */
static inline bool limits_wanted(const struct growth *growth)
{
    return growth->min_weight_fraction > 0 || growth->directions;
}

/* The two sides of a cut: their weights, and how much of them is of the first class. */
struct cut_sides {
    double left, right;
    double left_first, right_first;
};

static inline bool limits_order(const struct limits *limits, uint32_t feature,
                                const struct cut_sides *sides)
{
    const double left = sides->left_first / sides->left, right = sides->right_first / sides->right;
    const struct bounds *bounds = &limits->bounds;
    if (!limits->directions[feature])
        return true;
    return left >= bounds->lower && right >= bounds->lower && left <= bounds->upper &&
           right <= bounds->upper && (left - right) * -limits->directions[feature] <= 0;
}

/* Whether a cut of the feature into these sides is allowed. */
static inline bool limits_allow(const struct limits *limits, uint32_t feature,
                                const struct cut_sides *sides)
{
    return sides->left >= limits->least_weight && sides->right >= limits->least_weight &&
           (!limits->directions || limits_order(limits, feature, sides));
}

/* The bounds of the left side and the right one, below a cut of the feature. */
static inline void limits_below(const struct limits *limits, uint32_t feature,
                                const struct cut_sides *sides, struct bounds below[2])
{
    const int direction = limits->directions ? -limits->directions[feature] : 0;
    const double middle =
        sides->left_first / (2 * sides->left) + sides->right_first / (2 * sides->right);
    below[0] = below[1] = limits->bounds;
    if (direction > 0)
        below[0].upper = below[1].lower = middle;
    else if (direction < 0)
        below[0].lower = below[1].upper = middle;
}

/*
 * Brings the counts of the two classes in a leaf within its bounds: in double, as votes divide
 * them. Their sum stays, unless no share of it lies within; it is then below 2^32 still.
 */
void limits_keep(const struct bounds *bounds, uint32_t counts[2]);

#endif
