/* A leaf puts its own counts on the stack; a split takes those of its two sides, the left one on
   top, and leaves their sum. */
#include "base/subtrees.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The counts of the node at hand. */
struct rows {
    double *left, *right, *whole;
};

/* Puts what a subtree has of a class on the stack, which has room. */
static void put(struct subtrees *subtrees, uint32_t class_number, double count)
{
    if (count > 0)
        subtrees->counts[subtrees->count++] = (struct subtree_count){count, class_number};
}

/* A leaf's counts; `mixed` are its row of the tree's, NULL where it is of one class. */
static bool put_leaf(struct subtrees *subtrees, const struct tree *tree, uint32_t classes,
                     uint32_t leaf, const uint32_t *mixed)
{
    const size_t most = mixed ? classes : 1;
    if (!memory_reserve(&subtrees->counts, &subtrees->capacity, subtrees->count + most,
                        sizeof *subtrees->counts))
        return false;
    if (!mixed)
        put(subtrees, tree->leaf_class[leaf], tree->weight[leaf]);
    for (uint32_t c = 0; mixed && c < classes; c++)
        put(subtrees, c, mixed[c]);
    return true;
}

/* Adds what is listed from `begin` to `end` to a row. */
static void spread(const struct subtrees *subtrees, size_t begin, size_t end, double *row)
{
    for (size_t i = begin; i < end; i++)
        row[subtrees->counts[i].class_number] += subtrees->counts[i].count;
}

/* What is listed becomes 0 in a row. */
static void clear(const struct subtrees *subtrees, size_t begin, size_t end, double *row)
{
    for (size_t i = begin; i < end; i++)
        row[subtrees->counts[i].class_number] = 0;
}

/* The lists of two sides, from `begin` on, become one of the whole, whose row becomes 0. */
static void join(struct subtrees *subtrees, size_t begin, double *whole)
{
    const size_t end = subtrees->count;
    subtrees->count = begin;
    for (size_t i = begin; i < end; i++) {
        const uint32_t class_number = subtrees->counts[i].class_number;
        put(subtrees, class_number, whole[class_number]);
        whole[class_number] = 0;
    }
}

static bool reserve_rows(struct subtrees *subtrees, uint32_t classes, struct rows *rows)
{
    const size_t size = 3 * (size_t)classes, before = subtrees->row_capacity;
    if (!memory_reserve(&subtrees->rows, &subtrees->row_capacity, size, sizeof *subtrees->rows))
        return false;
    if (subtrees->row_capacity > before)
        memset(subtrees->rows, 0, subtrees->row_capacity * sizeof *subtrees->rows);
    *rows = (struct rows){subtrees->rows, subtrees->rows + classes,
                          subtrees->rows + 2 * (size_t)classes};
    return true;
}

/* A walk over a tree's nodes. */
struct walk {
    const struct tree *tree;
    uint32_t classes;
    uint32_t leaf, mixed; /* the last ones that were seen */
    size_t height;        /* subtrees on the stack */
    struct rows rows;
    subtree_visit *visit;
    void *context;
};

static bool walk_leaf(struct subtrees *subtrees, struct walk *walk, uint32_t node)
{
    const struct tree *tree = walk->tree;
    const size_t begin = subtrees->count;
    const bool is_mixed = tree->leaf_class[--walk->leaf] == TREE_NONE;
    walk->mixed -= is_mixed;
    const uint32_t *mixed = is_mixed ? tree->counts + (size_t)walk->mixed * walk->classes : NULL;
    if (!memory_reserve(&subtrees->begins, &subtrees->begin_capacity, walk->height + 1,
                        sizeof *subtrees->begins) ||
        !put_leaf(subtrees, tree, walk->classes, walk->leaf, mixed))
        return false;
    subtrees->begins[walk->height++] = begin;
    spread(subtrees, begin, subtrees->count, walk->rows.whole);
    const struct subtree seen = {.node = node,
                                 .whole = walk->rows.whole,
                                 .listed = subtrees->counts + begin,
                                 .count = subtrees->count - begin};
    const bool on = walk->visit(walk->context, &seen);
    clear(subtrees, begin, subtrees->count, walk->rows.whole);
    return on;
}

static bool walk_split(struct subtrees *subtrees, struct walk *walk, uint32_t node)
{
    const struct rows *rows = &walk->rows;
    const size_t left = subtrees->begins[--walk->height];
    const size_t right = subtrees->begins[walk->height - 1];
    spread(subtrees, left, subtrees->count, rows->left);
    spread(subtrees, right, left, rows->right);
    spread(subtrees, right, subtrees->count, rows->whole);
    const struct subtree seen = {node,
                                 rows->left,
                                 rows->right,
                                 rows->whole,
                                 subtrees->counts + right,
                                 left - right,
                                 subtrees->count - right};
    const bool on = walk->visit(walk->context, &seen);
    clear(subtrees, left, subtrees->count, rows->left);
    clear(subtrees, right, left, rows->right);
    join(subtrees, right, rows->whole);
    return on;
}

bool subtrees_walk(struct subtrees *subtrees, const struct tree *tree, uint32_t classes,
                   subtree_visit *visit, void *context)
{
    struct walk walk = {.tree = tree,
                        .classes = classes,
                        .leaf = tree->splits + 1,
                        .mixed = tree->mixed,
                        .visit = visit,
                        .context = context};
    subtrees->count = 0;
    if (!reserve_rows(subtrees, classes, &walk.rows))
        return false;
    for (uint32_t node = tree->nodes; node-- > 0;)
        if (!(tree->feature[node] != TREE_NONE ? walk_split : walk_leaf)(subtrees, &walk, node))
            return false;
    return true;
}

void subtrees_free(struct subtrees *subtrees)
{
    free(subtrees->counts);
    free(subtrees->begins);
    free(subtrees->rows);
    *subtrees = (struct subtrees){0};
}
