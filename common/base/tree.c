/* Columns of a tree grow each by itself and are kept from tree to tree. */
#include "base/tree.h"

#include "base/memory.h"

#include <stdlib.h>

bool tree_reserve_nodes(struct tree *tree, size_t nodes)
{
    /* Every node is a split or a leaf, so each of their columns fits in `nodes`. */
    return memory_reserve(&tree->feature, &tree->feature_capacity, nodes, sizeof *tree->feature) &&
           memory_reserve(&tree->threshold, &tree->threshold_capacity, nodes,
                          sizeof *tree->threshold) &&
           memory_reserve(&tree->leaf_class, &tree->leaf_class_capacity, nodes,
                          sizeof *tree->leaf_class) &&
           memory_reserve(&tree->weight, &tree->weight_capacity, nodes, sizeof *tree->weight) &&
           memory_reserve(&tree->missing, &tree->missing_capacity, nodes, sizeof *tree->missing);
}

bool tree_reserve_counts(struct tree *tree, size_t count)
{
    return memory_reserve(&tree->counts, &tree->counts_capacity, count, sizeof *tree->counts);
}

void tree_fill_sides(struct tree *tree, uint64_t *room)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1;
    size_t height = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        if (tree->feature[node] == TREE_NONE) {
            room[height++] = tree->weight[--leaf];
            continue;
        }
        const uint64_t left = room[height - 1], right = room[height - 2];
        tree->missing[--split] = left > right;
        room[--height - 1] = left + right;
    }
}

void tree_free(struct tree *tree)
{
    free(tree->feature);
    free(tree->threshold);
    free(tree->leaf_class);
    free(tree->weight);
    free(tree->missing);
    free(tree->counts);
    *tree = (struct tree){0};
}
