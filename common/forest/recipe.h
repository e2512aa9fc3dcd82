/*
 * recipe: how trees are to be grown, as options say it; and what that comes to for some samples.
 */
#ifndef FOREST_RECIPE_H
#define FOREST_RECIPE_H

#include "forest/growth.h"

#include <stdbool.h>
#include <stdint.h>

/* The targets of options, by the names that scikit-learn gives them. Texts are borrowed. */
struct recipe {
    uint64_t seed;
    struct amount max_features, min_samples_split, min_samples_leaf;
    struct amount max_samples; /* text NULL: as many as there are */
    uint64_t max_depth;        /* 0: no limit */
    uint64_t max_leaves;       /* 0: no limit */
    double min_decrease, min_weight_fraction, prune;
    bool no_bootstrap;
    int criterion; /* of recipe_criteria */
    int splitter;  /* of recipe_splitters */
};

/* What a recipe starts from. */
#define RECIPE_DEFAULT                                                                             \
    {                                                                                              \
        .max_features = {.text = "sqrt", .type = AMOUNT_SQRT},                                     \
        .min_samples_split = {.text = "2", .count = 2},                                            \
        .min_samples_leaf = {.text = "1", .count = 1},                                             \
    }

/* The words of the choices; NULL ends them. `log_loss` is another name of entropy. */
extern const char *const recipe_criteria[];
extern const char *const recipe_splitters[];

/*
 * What it comes to, without weights and directions. A choice that has two names gets the first, so
 * that what is noted of it does not depend on the name.
 */
struct growth recipe_growth(struct recipe *recipe, uint32_t features, uint32_t samples);

#endif
