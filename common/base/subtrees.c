/* A leaf puts its own counts on the stack, a split takes those of its two sides, the left one on
   top, for their sum. */
#include "base/subtrees.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A leaf's counts; `mixed` is its row of the tree's, if it has one. */
static void set_leaf(const struct tree *tree, uint32_t classes, uint32_t leaf, uint32_t mixed,
                     double *counts)
{
    memset(counts, 0, classes * sizeof *counts);
    if (tree->leaf_class[leaf] != TREE_NONE)
        counts[tree->leaf_class[leaf]] = tree->weight[leaf];
    else
        for (uint32_t c = 0; c < classes; c++)
            counts[c] = tree->counts[(size_t)mixed * classes + c];
}

bool subtrees_walk(struct subtrees *subtrees, const struct tree *tree, uint32_t classes,
                   void (*visit)(void *context, const struct subtree *subtree), void *context)
{
    uint32_t leaf = tree->splits + 1, mixed = tree->mixed;
    size_t height = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        /* Behind those on the stack is room for the node's own. */
        if (!memory_reserve(&subtrees->counts, &subtrees->capacity, (height + 1) * classes,
                            sizeof *subtrees->counts))
            return false;
        double *whole = subtrees->counts + height * classes;
        struct subtree subtree = {.node = node, .whole = whole};
        if (tree->feature[node] == TREE_NONE) {
            mixed -= tree->leaf_class[--leaf] == TREE_NONE;
            set_leaf(tree, classes, leaf, mixed, whole);
            visit(context, &subtree);
            height++;
            continue;
        }
        double *left = whole - classes, *right = left - classes;
        subtree.left = left;
        subtree.right = right;
        for (uint32_t c = 0; c < classes; c++)
            whole[c] = right[c] + left[c];
        visit(context, &subtree);
        memcpy(right, whole, classes * sizeof *whole);
        height--;
    }
    return true;
}

void subtrees_free(struct subtrees *subtrees)
{
    free(subtrees->counts);
    *subtrees = (struct subtrees){0};
}
