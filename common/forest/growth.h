/*
 * growth: how trees are to be grown; and the options' amounts, which depend on the samples.
 */
#ifndef FOREST_GROWTH_H
#define FOREST_GROWTH_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum criterion { CRITERION_GINI, CRITERION_ENTROPY, CRITERION_HELLINGER };

/* The cut of a feature that is looked at: the best of all, or one drawn at random. */
enum splitter { SPLITTER_BEST, SPLITTER_RANDOM };

/*
 * What each sample weighs, in splits and leaves, or in drawing the bag. `exact` are finite and not
 * negative, some above 0; a sample of weight 0 is in no bag.
 *
 * Sums of weights have to be exact, so that they are the same in any order: a weight is rounded to
 * a whole number of units, but not to none, and a unit is the power of two of which all together
 * have 2^29 to 2^30. A bag that has 2^31 of them or more, as a sample that is most of the weight
 * was drawn again and again, has units twice as large, or four times, and so on.
 */
struct weights {
    const double *exact;  /* by sample */
    double unit;          /* see above */
    bool balance_bags;    /* in each bag, multiply so that all of its classes weigh the same */
    const double *chance; /* by sample: the sum of `exact` up to it, to draw by; NULL: draw alike,
                             and weigh */
};

/* Everything that the trees depend on beside the samples. */
struct growth {
    uint64_t seed;
    enum criterion criterion;
    enum splitter splitter;
    bool bootstrap;                /* draw samples with replacement */
    uint32_t max_samples;          /* drawn then, at most all; 0: as many as there are */
    uint32_t max_features;         /* looked at for each split, at least 1 */
    uint32_t max_depth;            /* UINT32_MAX: no limit */
    uint32_t min_samples_split;    /* a node of fewer distinct samples is a leaf; at least 2 */
    uint32_t min_samples_leaf;     /* a split leaves as many on each side; at least 1 */
    uint32_t max_leaves;           /* then the best split comes first; 0: no limit, depth first */
    double min_weight_fraction;    /* of the bag's weight, that a split leaves on each side; or 0 */
    double min_decrease;           /* of the impurity, that a split needs (purity.h); or 0 */
    double prune;                  /* what a leaf costs when the tree is pruned (prune.h); or 0 */
    const int8_t *directions;      /* by feature, of two classes: 1, the second one's share may only
                                      rise with it, -1, only fall, 0, both; NULL: all 0. Borrowed */
    const struct weights *weights; /* NULL: all samples weigh 1 */
};

/* `10`, `0.25`, or one of the words that --max-features knows. */
enum amount_type { AMOUNT_COUNT, AMOUNT_FRACTION, AMOUNT_SQRT, AMOUNT_LOG2, AMOUNT_ALL };

struct amount {
    const char *text; /* as given; borrowed */
    enum amount_type type;
    uint64_t count;
    double fraction;
};

/*
 * Read option values; they fit the `parse` of an option_row. A number with a point or an
 * exponent is a fraction, another a count, as scikit-learn tells float from int. Status USAGE.
 *
 *   max-features        sqrt, log2, all, a count from 1, a fraction in (0, 1]
 *   min-samples-split   a count from 2, a fraction in (0, 1]
 *   min-samples-leaf    a count from 1, a fraction in (0, 1)
 *   max-samples         a count from 1, a fraction in (0, 1]
 */
bool amount_parse_features(const char *text, void *amount, struct error *error);
bool amount_parse_split(const char *text, void *amount, struct error *error);
bool amount_parse_leaf(const char *text, void *amount, struct error *error);
bool amount_parse_draws(const char *text, void *amount, struct error *error);

/*
 * What they come to. Of features: rounded down, at least 1, at most all. Of samples: rounded
 * up. `growth` gets both sample counts, and min_samples_split at least twice the other. Of draws:
 * the nearest whole number, of two the even one, at least 1, at most all samples.
 */
uint32_t amount_of_features(const struct amount *amount, uint32_t features);
void amount_of_samples(const struct amount *split, const struct amount *leaf, uint32_t samples,
                       struct growth *growth);
uint32_t amount_of_draws(const struct amount *amount, uint32_t samples);

#endif
