/* A recipe's choices and amounts, settled for so many features and samples. */
#include "forest/recipe.h"

#include <stddef.h>

enum { ENTROPY = 1, LOG_LOSS = 2 }; /* places in the list */

const char *const recipe_criteria[] = {"gini", "entropy", "log_loss", "hellinger", NULL};
static const enum criterion criterion_of[] = {CRITERION_GINI, CRITERION_ENTROPY, CRITERION_ENTROPY,
                                              CRITERION_HELLINGER};
const char *const recipe_splitters[] = {"best", "random", NULL};

struct growth recipe_growth(struct recipe *recipe, uint32_t features, uint32_t samples)
{
    struct growth growth = {
        .seed = recipe->seed,
        .criterion = criterion_of[recipe->criterion],
        .splitter = recipe->splitter ? SPLITTER_RANDOM : SPLITTER_BEST,
        .bootstrap = !recipe->no_bootstrap,
        .max_features = amount_of_features(&recipe->max_features, features),
        .max_depth = recipe->max_depth ? (uint32_t)recipe->max_depth : UINT32_MAX,
        .max_leaves = (uint32_t)recipe->max_leaves,
        .min_weight_fraction = recipe->min_weight_fraction,
        .min_decrease = recipe->min_decrease,
        .prune = recipe->prune,
    };
    if (recipe->criterion == LOG_LOSS)
        recipe->criterion = ENTROPY;
    amount_of_samples(&recipe->min_samples_split, &recipe->min_samples_leaf, samples, &growth);
    if (recipe->max_samples.text)
        growth.max_samples = amount_of_draws(&recipe->max_samples, samples);
    return growth;
}
