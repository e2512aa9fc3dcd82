/*
 * First, from the last node to the first, which splits become leaves; one above another one is
 * judged by what the other has become. Then the columns are closed up from the first node to the
 * last, where each leaf that a split becomes adds up those below it. There are no more nodes
 * afterwards, but maybe more mixed leaves, so that their counts are set apart.
 */
#include "forest/prune.h"

#include "base/memory.h"
#include "forest/purity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A subtree: the risk of its leaves, times all samples, how many they are, and how deep. */
struct prune_branch {
    double risk;
    uint32_t leaves, depth;
};

struct judging {
    struct prune *prune;
    enum criterion criterion;
    uint32_t classes;
    double alpha; /* times all samples */
    size_t height;
};

static bool judge(void *context, const struct subtree *subtree)
{
    struct judging *judging = context;
    struct prune *prune = judging->prune;
    struct prune_branch whole = {
        purity_weighed(judging->criterion, subtree->whole, judging->classes), 1, 0};
    bool *leaf = &prune->leaf[subtree->node];
    *leaf = true;
    if (subtree->left) {
        const struct prune_branch *left = &prune->branches[--judging->height];
        const struct prune_branch *right = &prune->branches[--judging->height];
        const struct prune_branch below = {
            left->risk + right->risk, left->leaves + right->leaves,
            (left->depth > right->depth ? left->depth : right->depth) + 1};
        *leaf = (whole.risk - below.risk) / (below.leaves - 1) <= judging->alpha;
        if (!*leaf)
            whole = below;
    }
    prune->branches[judging->height++] = whole;
    return true;
}

/* ---- closing up ---- */

/* What has been read of a tree's columns, and what written. */
struct columns {
    uint32_t node, split, leaf, mixed;
};

/* Reads the subtree at hand, and adds up its leaves. */
static void add_up(struct prune *prune, const struct tree *tree, uint32_t classes,
                   struct columns *read)
{
    memset(prune->sum, 0, classes * sizeof *prune->sum);
    for (uint64_t open = 1; open; read->node++) {
        if (tree->feature[read->node] != TREE_NONE) {
            read->split++;
            open++;
            continue;
        }
        const uint32_t class = tree->leaf_class[read->leaf];
        if (class != TREE_NONE)
            prune->sum[class] += tree->weight[read->leaf];
        for (uint32_t c = 0; class == TREE_NONE && c < classes; c++)
            prune->sum[c] += tree->counts[(size_t)read->mixed * classes + c];
        read->mixed += class == TREE_NONE;
        read->leaf++;
        open--;
    }
}

/* Leaves may weigh more than their bag, where directions gave them other shares. */
static void shrink(double *sum, uint32_t classes)
{
    double all = 0, part = 1;
    for (uint32_t c = 0; c < classes; c++)
        all += sum[c];
    while (all * part >= 0x1p31)
        part /= 2;
    for (uint32_t c = 0; part < 1 && c < classes; c++)
        sum[c] = ceil(sum[c] * part);
}

static bool put_leaf(struct prune *prune, struct tree *tree, uint32_t classes, struct columns *put)
{
    uint32_t present = 0, class = 0;
    uint64_t weight = 0;
    shrink(prune->sum, classes);
    if (!memory_reserve(&prune->counts, &prune->counts_capacity, ((size_t)put->mixed + 1) * classes,
                        sizeof *prune->counts))
        return false;
    for (uint32_t c = 0; c < classes; c++) {
        prune->counts[(size_t)put->mixed * classes + c] = (uint32_t)prune->sum[c];
        weight += (uint32_t)prune->sum[c];
        class = prune->sum[c] > 0 ? c : class;
        present += prune->sum[c] > 0;
    }
    tree->feature[put->node++] = TREE_NONE;
    tree->leaf_class[put->leaf] = present == 1 ? class : TREE_NONE;
    tree->weight[put->leaf++] = (uint32_t)weight;
    put->mixed += present != 1;
    return true;
}

static bool close_up(struct prune *prune, struct tree *tree, uint32_t classes)
{
    struct columns read = {0}, put = {0};
    while (read.node < tree->nodes) {
        if (!prune->leaf[read.node]) {
            tree->feature[put.node++] = tree->feature[read.node++];
            if (tree->sided)
                tree->missing[put.split] = tree->missing[read.split];
            tree->threshold[put.split++] = tree->threshold[read.split++];
            continue;
        }
        add_up(prune, tree, classes, &read);
        if (!put_leaf(prune, tree, classes, &put))
            return false;
    }
    if (!tree_reserve_counts(tree, (size_t)put.mixed * classes))
        return false;
    tree->nodes = put.node;
    tree->splits = put.split;
    tree->mixed = put.mixed;
    if (put.mixed)
        memcpy(tree->counts, prune->counts, (size_t)put.mixed * classes * sizeof *tree->counts);
    return true;
}

bool prune_tree(struct prune *prune, struct tree *tree, uint32_t classes, enum criterion criterion,
                double alpha, uint32_t *depth)
{
    double samples = 0;
    for (uint32_t leaf = 0; leaf <= tree->splits; leaf++)
        samples += tree->weight[leaf];
    struct judging judging = {prune, criterion, classes, alpha * samples, 0};
    if (!memory_reserve(&prune->branches, &prune->branch_capacity, (size_t)tree->splits + 1,
                        sizeof *prune->branches) ||
        !memory_reserve(&prune->leaf, &prune->leaf_capacity, tree->nodes, sizeof *prune->leaf) ||
        !memory_reserve(&prune->sum, &prune->sum_capacity, classes, sizeof *prune->sum) ||
        !subtrees_walk(&prune->subtrees, tree, classes, judge, &judging))
        return false;
    *depth = prune->branches[0].depth;
    return close_up(prune, tree, classes);
}

void prune_free(struct prune *prune)
{
    subtrees_free(&prune->subtrees);
    free(prune->branches);
    free(prune->leaf);
    free(prune->counts);
    free(prune->sum);
    *prune = (struct prune){0};
}
