/*
 * From the last node of the preorder to the first, a stack holds the classes' counts of the
 * subtrees behind the node: a leaf puts its own there, a split takes those of its two sides, the
 * left one on top, for their sum.
 */
#include "forest/importance.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    free(importance->counts);
    *importance = (struct importance){0};
}

/* The impurity of so many samples of each class, times how many they are. */
static double impurity(const struct importance *importance, const double *counts)
{
    double samples = 0, sum = 0;
    const bool gini = importance->criterion == CRITERION_GINI;
    for (uint32_t c = 0; c < importance->classes; c++) {
        samples += counts[c];
        if (counts[c] > 0)
            sum += gini ? counts[c] * counts[c] : counts[c] * log2(counts[c]);
    }
    return gini ? samples - sum / samples : samples * log2(samples) - sum;
}

/* Two sides become one; returns how much purer they were apart. */
static double join(const struct importance *importance, double *right, const double *left)
{
    const double apart = impurity(importance, right) + impurity(importance, left);
    for (uint32_t c = 0; c < importance->classes; c++)
        right[c] += left[c];
    return impurity(importance, right) - apart;
}

/* A leaf's counts; `mixed` is its row of the tree's, if it has one. */
static void set_leaf(const struct importance *importance, const struct tree *tree, uint32_t leaf,
                     uint32_t mixed, double *counts)
{
    for (uint32_t c = 0; c < importance->classes; c++)
        counts[c] = 0;
    if (tree->leaf_class[leaf] != TREE_NONE)
        counts[tree->leaf_class[leaf]] = tree->weight[leaf];
    else
        for (uint32_t c = 0; c < importance->classes; c++)
            counts[c] = tree->counts[(size_t)mixed * importance->classes + c];
}

static bool sum_decreases(struct importance *importance, const struct tree *tree)
{
    const size_t classes = importance->classes;
    uint32_t leaf = tree->splits + 1, mixed = tree->mixed;
    size_t height = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        const uint32_t feature = tree->feature[node];
        if (feature != TREE_NONE) {
            height--;
            double *left = importance->counts + height * classes;
            importance->tree[feature] += join(importance, left - classes, left);
            continue;
        }
        if (!memory_reserve(&importance->counts, &importance->counts_capacity,
                            (height + 1) * classes, sizeof *importance->counts))
            return false;
        mixed -= tree->leaf_class[--leaf] == TREE_NONE;
        set_leaf(importance, tree, leaf, mixed, importance->counts + height++ * classes);
    }
    return true;
}

bool importance_add(struct importance *importance, const struct tree *tree)
{
    memset(importance->tree, 0, importance->features * sizeof *importance->tree);
    if (!sum_decreases(importance, tree))
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
