/* Each tree's decreases are added up by feature before they become shares. */
#include "forest/importance.h"

#include "forest/purity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A tree on its way into the importance. */
struct decreases {
    struct importance *importance;
    const struct tree *tree;
};

bool importance_start(struct importance *importance, uint32_t features, uint32_t classes,
                      enum criterion criterion)
{
    *importance =
        (struct importance){.features = features, .classes = classes, .criterion = criterion};
    importance->sum = calloc(features, sizeof *importance->sum);
    importance->squares = calloc(features, sizeof *importance->squares);
    importance->tree = calloc(features, sizeof *importance->tree);
    return importance->sum && importance->squares && importance->tree;
}

void importance_free(struct importance *importance)
{
    free(importance->sum);
    free(importance->squares);
    free(importance->tree);
    subtrees_free(&importance->subtrees);
    *importance = (struct importance){0};
}

/* How much purer the sides of a split are apart. */
static bool add_decrease(void *context, const struct subtree *subtree)
{
    const struct decreases *decreases = context;
    struct importance *importance = decreases->importance;
    const enum criterion criterion = importance->criterion;
    const uint32_t classes = importance->classes;
    if (!subtree->left)
        return true;
    const double apart = purity_weighed(criterion, subtree->right, classes) +
                         purity_weighed(criterion, subtree->left, classes);
    importance->tree[decreases->tree->feature[subtree->node]] +=
        purity_weighed(criterion, subtree->whole, classes) - apart;
    return true;
}

bool importance_add(struct importance *importance, const struct tree *tree)
{
    memset(importance->tree, 0, importance->features * sizeof *importance->tree);
    struct decreases decreases = {importance, tree};
    if (!subtrees_walk(&importance->subtrees, tree, importance->classes, add_decrease, &decreases))
        return false;
    double all = 0;
    for (uint32_t f = 0; f < importance->features; f++)
        all += importance->tree[f];
    importance->trees += tree->splits > 0;
    for (uint32_t f = 0; all > 0 && f < importance->features; f++) {
        const double share = importance->tree[f] / all;
        importance->sum[f] += share;
        importance->squares[f] += share * share;
    }
    return true;
}

double importance_mean(const struct importance *importance, uint32_t feature)
{
    return importance->trees ? importance->sum[feature] / (double)importance->trees : 0;
}

double importance_spread(const struct importance *importance, uint32_t feature)
{
    if (!importance->trees)
        return 0;
    const double mean = importance_mean(importance, feature);
    const double variance = importance->squares[feature] / (double)importance->trees - mean * mean;
    return variance > 0 ? sqrt(variance) : 0;
}
