/*
 * A way leads from the root to a leaf, at each split to the side of more leaves; and one like it
 * from each of the other sides. From the leaf up, a way's samples are gathered in one row of
 * counts: at each split those of the other side are added, leaf by leaf. A leaf is so added once,
 * and once more for each split above it that has it on the side of fewer leaves. Of these each has
 * at least twice as many leaves below it as the one before, so that there are no more than log2 of
 * the leaves. (Sleator and Tarjan, "A data structure for dynamic trees", 1983, section 5, by size.)
 *
 * The leaves of a subtree are neighbours, as its nodes are.
 */
#include "forest/purities.h"

#include "base/memory.h"
#include "forest/purity.h"

#include <stdlib.h>
#include <string.h>

/* A tree's samples, on the way. */
struct walk {
    struct purities *purities;
    const struct tree *tree;
    uint32_t classes;
    struct purity purity;
};

static bool reserve_counts(struct purities *purities, uint32_t classes)
{
    const size_t before = purities->counts_capacity;
    if (!memory_reserve(&purities->counts, &purities->counts_capacity, classes,
                        sizeof *purities->counts))
        return false;
    if (purities->counts_capacity > before)
        memset(purities->counts, 0, purities->counts_capacity * sizeof *purities->counts);
    return true;
}

static bool reserve(struct purities *purities, const struct tree *tree, uint32_t classes)
{
    const size_t nodes = tree->nodes, leaves = (size_t)tree->splits + 1;
    return memory_reserve(&purities->of, &purities->of_capacity, nodes, sizeof *purities->of) &&
           memory_reserve(&purities->ends, &purities->ends_capacity, nodes,
                          sizeof *purities->ends) &&
           memory_reserve(&purities->leaves, &purities->leaves_capacity, nodes,
                          sizeof *purities->leaves) &&
           memory_reserve(&purities->mixed, &purities->mixed_capacity, leaves,
                          sizeof *purities->mixed) &&
           memory_reserve(&purities->path, &purities->path_capacity, nodes,
                          sizeof *purities->path) &&
           reserve_counts(purities, classes);
}

/* ---- shape ---- */

static bool is_leaf(const struct tree *tree, uint32_t node)
{
    return tree->feature[node] == TREE_NONE;
}

static void find_shape(struct purities *purities, const struct tree *tree)
{
    uint32_t leaves = 0, mixed = 0;
    for (uint32_t node = tree->nodes; node-- > 0;)
        purities->ends[node] =
            is_leaf(tree, node) ? node + 1 : purities->ends[purities_right(purities, node)];
    for (uint32_t node = 0; node < tree->nodes; node++) {
        purities->leaves[node] = leaves;
        leaves += is_leaf(tree, node);
    }
    for (uint32_t leaf = 0; leaf < leaves; leaf++) {
        purities->mixed[leaf] = mixed;
        mixed += tree->leaf_class[leaf] == TREE_NONE;
    }
}

/* Of a subtree; a tree in which each split has two sides has one leaf more than splits. */
static uint32_t leaves_below(const struct purities *purities, uint32_t node)
{
    return (purities->ends[node] - node + 1) / 2;
}

/* The side of a split that has more leaves, or not. */
static uint32_t side_of(const struct purities *purities, uint32_t split, bool more)
{
    const uint32_t left = split + 1, right = purities_right(purities, split);
    const bool left_has_more = leaves_below(purities, left) >= leaves_below(purities, right);
    return left_has_more == more ? left : right;
}

/* ---- samples ---- */

static void add_leaf(struct walk *walk, uint32_t leaf)
{
    const struct tree *tree = walk->tree;
    double *counts = walk->purities->counts;
    const uint32_t class_number = tree->leaf_class[leaf];
    if (class_number != TREE_NONE) {
        purity_add(&walk->purity, &counts[class_number], tree->weight[leaf]);
        return;
    }
    const uint32_t *mixed = tree->counts + (size_t)walk->purities->mixed[leaf] * walk->classes;
    for (uint32_t c = 0; c < walk->classes; c++)
        if (mixed[c])
            purity_add(&walk->purity, &counts[c], mixed[c]);
}

static void add_leaves(struct walk *walk, uint32_t node)
{
    const uint32_t first = walk->purities->leaves[node];
    const uint32_t end = first + leaves_below(walk->purities, node);
    for (uint32_t leaf = first; leaf < end; leaf++)
        add_leaf(walk, leaf);
}

/* What came with those leaves goes. */
static void clear_leaves(struct walk *walk, uint32_t node)
{
    const struct tree *tree = walk->tree;
    const uint32_t first = walk->purities->leaves[node];
    const uint32_t end = first + leaves_below(walk->purities, node);
    bool mixed = false;
    for (uint32_t leaf = first; leaf < end; leaf++) {
        if (tree->leaf_class[leaf] != TREE_NONE)
            walk->purities->counts[tree->leaf_class[leaf]] = 0;
        mixed |= tree->leaf_class[leaf] == TREE_NONE;
    }
    if (mixed)
        memset(walk->purities->counts, 0, walk->classes * sizeof *walk->purities->counts);
}

/* ---- ways ---- */

static void follow(struct walk *walk, uint32_t top)
{
    struct purities *purities = walk->purities;
    uint32_t length = 1;
    purities->path[0] = top;
    for (uint32_t node = top; !is_leaf(walk->tree, node); length++)
        purities->path[length] = node = side_of(purities, node, true);
    walk->purity = (struct purity){.criterion = walk->purity.criterion};
    add_leaves(walk, purities->path[length - 1]);
    for (uint32_t i = length; i-- > 0;) {
        const uint32_t node = purities->path[i];
        if (i + 1 < length)
            add_leaves(walk, side_of(purities, node, false));
        purities->of[node] = purity_of(&walk->purity);
    }
    clear_leaves(walk, top);
}

bool purities_find(struct purities *purities, const struct tree *tree, uint32_t classes,
                   enum criterion criterion)
{
    struct walk walk = {
        .purities = purities, .tree = tree, .classes = classes, .purity.criterion = criterion};
    if (!reserve(purities, tree, classes))
        return false;
    find_shape(purities, tree);
    follow(&walk, 0);
    for (uint32_t node = 0; node < tree->nodes; node++)
        if (!is_leaf(tree, node))
            follow(&walk, side_of(purities, node, false));
    return true;
}

void purities_free(struct purities *purities)
{
    free(purities->of);
    free(purities->ends);
    free(purities->leaves);
    free(purities->mixed);
    free(purities->path);
    free(purities->counts);
    *purities = (struct purities){0};
}
