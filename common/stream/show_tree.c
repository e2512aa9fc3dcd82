/* A walk over the nodes in preorder, with the branches to come on a stack. */
#include "stream/show_tree.h"

#include "base/memory.h"
#include "base/report.h"

#include <stdlib.h>

enum {
    SEND_SIZE = 32 * 1024,
    MOST_INDENT = 40 /* levels; deeper branches say their level instead of moving on */
};

/* A branch whose node is still to come: which way it leaves a split, and its level from 1. */
struct branch {
    uint32_t feature;
    float threshold;
    bool right;
    bool missing; /* missing values take it */
    uint32_t level;
};

/* The branches that lead to the nodes to come, the next one on top. */
struct branches {
    struct branch *items;
    size_t count, capacity;
};

static bool push(struct branches *branches, struct branch branch)
{
    if (!memory_reserve(&branches->items, &branches->capacity, branches->count + 1,
                        sizeof *branches->items))
        return false;
    branches->items[branches->count++] = branch;
    return true;
}

static bool push_children(struct branches *branches, struct branch child, bool sided, bool left)
{
    child.right = true;
    child.missing = sided && !left;
    if (!push(branches, child))
        return false;
    child.right = false;
    child.missing = sided && left;
    return push(branches, child);
}

/* ---- text ---- */

static void show_indent(struct buffer *text, uint32_t level)
{
    for (uint32_t i = 0; i < level && i < MOST_INDENT; i++)
        buffer_string(text, "  ");
    if (level > MOST_INDENT)
        buffer_print(text, "(%u) ", (unsigned)level);
}

static void show_branch(const struct stream_header *header, struct buffer *text,
                        const struct branch *branch)
{
    show_indent(text, branch->level);
    if (header->features)
        buffer_name(text, header->features[branch->feature]);
    else
        buffer_print(text, "x[%u]", (unsigned)branch->feature);
    buffer_string(text, branch->right ? " > " : " <= ");
    buffer_float(text, branch->threshold);
    if (branch->missing)
        buffer_string(text, " or missing");
}

static void show_count(const struct stream_header *header, struct buffer *text,
                       uint32_t class_number, uint32_t count)
{
    buffer_name(text, header->classes[class_number]);
    if (header->unit > 0)
        buffer_print(text, " %.9g", count * header->unit);
    else
        buffer_print(text, " %u", (unsigned)count);
}

/* Leaf number `leaf`; if it is mixed, `mixed` is the number of its row of counts. */
static void show_leaf(const struct stream_header *header, const struct tree *tree, uint32_t leaf,
                      uint32_t mixed, struct buffer *text)
{
    if (tree->leaf_class[leaf] != TREE_NONE) {
        show_count(header, text, tree->leaf_class[leaf], tree->weight[leaf]);
        return;
    }
    const uint32_t *counts = tree->counts + (size_t)mixed * header->class_count;
    const char *separator = "";
    for (uint32_t c = 0; c < header->class_count; c++) {
        if (!counts[c])
            continue;
        buffer_string(text, separator);
        show_count(header, text, c, counts[c]);
        separator = ", ";
    }
}

/* ---- trees ---- */

/* A walk over the nodes in order. */
struct walk {
    const struct stream_header *header;
    const struct tree *tree;
    struct buffer *text;
    struct branches branches;
    uint32_t splits, leaves, mixed; /* so far */
};

static bool visit(struct walk *walk, uint32_t node)
{
    const struct tree *tree = walk->tree;
    struct branch from = {0}; /* level 0: the root */
    if (walk->branches.count)
        from = walk->branches.items[--walk->branches.count];
    bool leaf = tree->feature[node] == TREE_NONE;
    if (from.level)
        show_branch(walk->header, walk->text, &from);
    if (leaf) {
        buffer_string(walk->text, from.level ? ": " : "  ");
        show_leaf(walk->header, tree, walk->leaves, walk->mixed, walk->text);
        walk->mixed += tree->leaf_class[walk->leaves++] == TREE_NONE;
    }
    if (from.level || leaf)
        buffer_byte(walk->text, '\n');
    if (leaf)
        return true;
    const uint32_t split = walk->splits++;
    const struct branch child = {.feature = tree->feature[node],
                                 .threshold = tree->threshold[split],
                                 .level = from.level + 1};
    return push_children(&walk->branches, child, tree->sided, tree->sided && tree->missing[split]);
}

bool show_tree(const struct stream_header *header, uint64_t index, const struct tree *tree,
               struct buffer *text, struct output *output, struct error *error)
{
    struct walk walk = {.header = header, .tree = tree, .text = text};
    buffer_print(text, "tree %llu: %u %s, %u %s\n", (unsigned long long)index,
                 (unsigned)tree->nodes, report_noun(tree->nodes, "node", "nodes"),
                 (unsigned)tree->splits + 1, report_noun(tree->splits + 1, "leaf", "leaves"));
    bool shown = true;
    for (uint32_t node = 0; shown && node < tree->nodes; node++) {
        shown = visit(&walk, node) || error_memory(error, "showing a tree");
        if (shown && text->size >= SEND_SIZE)
            shown = buffer_send(text, output, error);
    }
    free(walk.branches.items);
    return shown;
}
