/* Each tree's decreases are added up by feature before they become shares. */
#include "forest/importance.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

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
    free(importance->split);
    purities_free(&importance->purities);
    *importance = (struct importance){0};
}

static int compare(const void *left, const void *right)
{
    const uint32_t l = *(const uint32_t *)left, r = *(const uint32_t *)right;
    return l < r ? -1 : l > r;
}

/* Lists the features that the tree splits on; returns how many there are. */
static uint32_t list_features(struct importance *importance, const struct tree *tree)
{
    uint32_t *split = importance->split;
    uint32_t splits = 0, count = 0;
    for (uint32_t node = 0; node < tree->nodes; node++)
        if (tree->feature[node] != TREE_NONE)
            split[splits++] = tree->feature[node];
    qsort(split, splits, sizeof *split, compare);
    for (uint32_t i = 0; i < splits; i++)
        if (!i || split[i] != split[count - 1])
            split[count++] = split[i];
    return count;
}

/* Adds up, by feature, how much purer the sides of a split are apart. */
static void add_decreases(struct importance *importance, const struct tree *tree)
{
    const double *of = importance->purities.of;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        if (tree->feature[node] == TREE_NONE)
            continue;
        const double apart = of[purities_right(&importance->purities, node)] + of[node + 1];
        importance->tree[tree->feature[node]] += of[node] - apart;
    }
}

/* Makes shares of the decreases, which become 0. */
static void add_shares(struct importance *importance, uint32_t count)
{
    double all = 0;
    for (uint32_t i = 0; i < count; i++)
        all += importance->tree[importance->split[i]];
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t f = importance->split[i];
        const double share = all > 0 ? importance->tree[f] / all : 0;
        importance->sum[f] += share;
        importance->squares[f] += share * share;
        importance->tree[f] = 0;
    }
}

bool importance_add(struct importance *importance, const struct tree *tree)
{
    if (!tree->splits)
        return true;
    if (!memory_reserve(&importance->split, &importance->split_capacity, tree->splits,
                        sizeof *importance->split) ||
        !purities_find(&importance->purities, tree, importance->classes, importance->criterion))
        return false;
    importance->trees++;
    add_decreases(importance, tree);
    add_shares(importance, list_features(importance, tree));
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
