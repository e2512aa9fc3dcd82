/* In preorder a right child follows the last leaf of the left subtree. */
#include "export/nodes.h"

#include "base/memory.h"

#include <stdlib.h>

bool nodes_link(struct nodes *nodes)
{
    const struct tree *tree = &nodes->tree;
    size_t waiting = 0;
    bool leaf = false;
    if (!memory_reserve(&nodes->right, &nodes->right_capacity, tree->nodes, sizeof *nodes->right) ||
        !memory_reserve(&nodes->waiting, &nodes->waiting_capacity, (size_t)tree->splits + 1,
                        sizeof *nodes->waiting) ||
        !memory_reserve(&nodes->room, &nodes->room_capacity, (size_t)tree->splits + 1,
                        sizeof *nodes->room))
        return false;
    if (!tree->sided)
        tree_fill_sides(&nodes->tree, nodes->room);
    for (uint32_t node = 0; node < tree->nodes; node++) {
        if (leaf)
            nodes->right[nodes->waiting[--waiting]] = node;
        leaf = tree->feature[node] == TREE_NONE;
        if (!leaf)
            nodes->waiting[waiting++] = node;
    }
    return true;
}

void nodes_free(struct nodes *nodes)
{
    tree_free(&nodes->tree);
    free(nodes->right);
    free(nodes->waiting);
    free(nodes->room);
    *nodes = (struct nodes){0};
}

static void take_leaf(const struct tree *tree, uint32_t class_count, struct node *node)
{
    node->leaf_class = tree->leaf_class[node->leaves];
    node->weight = tree->weight[node->leaves++];
    node->counts = NULL;
    if (node->leaf_class == TREE_NONE)
        node->counts = tree->counts + (size_t)node->mixed++ * class_count;
}

bool nodes_next(const struct nodes *nodes, uint32_t class_count, struct node *node)
{
    const struct tree *tree = &nodes->tree;
    node->number += node->begun;
    node->begun = true;
    if (node->number == tree->nodes)
        return false;
    node->feature = tree->feature[node->number];
    node->leaf = node->feature == TREE_NONE;
    if (node->leaf) {
        take_leaf(tree, class_count, node);
    } else {
        node->missing_left = tree->missing[node->splits];
        node->threshold = tree->threshold[node->splits++];
        node->right = nodes->right[node->number];
    }
    return true;
}

void nodes_counts(const struct node *leaf, uint32_t class_count,
                  void (*put)(void *context, uint32_t class_number, uint32_t count, bool first),
                  void *context)
{
    if (!leaf->counts)
        put(context, leaf->leaf_class, leaf->weight, true);
    bool first = true;
    for (uint32_t c = 0; leaf->counts && c < class_count; c++) {
        if (!leaf->counts[c])
            continue;
        put(context, c, leaf->counts[c], first);
        first = false;
    }
}
