/*
 * Laying out a tree for prediction.
 *
 * A node's children get the next two places when the node is laid out, and of the two the one
 * that more training samples reached is laid out first. So the path that most samples take lies
 * in ascending places, several nodes to a cache line, and each subtree is a contiguous range.
 *
 * Layout goes part by part: when a part is full, the splits that still wait for a place of
 * their children become exits to parts that are laid out later.
 */
#include "forest/packed.h"

#include "base/memory.h"

#include <stdlib.h>

/* What layout needs to know of a node of the tree, which is in preorder. */
struct sketch {
    uint32_t ordinal; /* among the splits, or among the leaves */
    uint32_t link;    /* of a split: its right child; of a mixed leaf: its row of counts */
    uint64_t weight;  /* of all leaves below */
};

/* A node of the tree that has a place already, but is not written yet. */
struct placed {
    uint32_t node;
    uint32_t place;
};

/* A subtree that is to open a part; `exit` leads there (of the tree's root: none). */
struct deferred {
    uint32_t node;
    bool has_exit;
    size_t exit;
};

struct layout {
    struct packed_forest *forest;
    const struct tree *tree;
    struct sketch *sketches;
    struct placed *waiting; /* a stack */
    size_t waiting_count, waiting_capacity;
    struct deferred *deferred; /* a queue */
    size_t deferred_count, deferred_capacity;
};

/* ---- the sketch ---- */

/*
 * From the last node to the first, `roots` is the stack of the subtrees that begin behind the
 * node, the nearest on top: those of a split are its left and its right child. Returns how many
 * steps all training samples take together: each split is one of all those below it.
 */
static uint64_t sketch_nodes(const struct tree *tree, struct sketch *sketches, uint32_t *roots)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1, mixed = tree->mixed;
    uint64_t steps = 0;
    size_t count = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        struct sketch *sketch = &sketches[node];
        if (tree->feature[node] != TREE_NONE) {
            uint32_t right = roots[--count - 1];
            uint64_t weight = sketches[node + 1].weight + sketches[right].weight;
            split--;
            *sketch = (struct sketch){.ordinal = split, .link = right, .weight = weight};
            steps += weight;
            roots[count - 1] = node;
            continue;
        }
        leaf--;
        *sketch = (struct sketch){.ordinal = leaf, .weight = tree->weight[leaf]};
        if (tree->leaf_class[leaf] == TREE_NONE)
            sketch->link = --mixed;
        roots[count++] = node;
    }
    return steps;
}

/* Sets also how many steps most samples need: the mean, rounded, and one more. */
static struct sketch *sketch_tree(const struct tree *tree, uint32_t *steps)
{
    struct sketch *sketches = memory_array(tree->nodes, sizeof *sketches);
    uint32_t *roots = memory_array(tree->nodes, sizeof *roots);
    if (sketches && roots) {
        uint64_t all = sketch_nodes(tree, sketches, roots), samples = sketches[0].weight;
        uint64_t mean = (all + samples / 2) / samples;
        *steps = (mean < tree->splits ? (uint32_t)mean : tree->splits) + 1;
    } else {
        free(sketches);
        sketches = NULL;
    }
    free(roots);
    return sketches;
}

/* ---- nodes ---- */

static void write_node(struct packed_forest *forest, uint32_t place, uint32_t key, uint32_t right,
                       uint32_t feature)
{
    struct packed_part *part = &forest->parts[forest->part_count - 1];
    uint32_t lower = right << forest->feature_bits | feature;
    forest->nodes[part->first_node + place] = (struct packed_node){lower, key};
}

/* A leaf is its own left child, and whatever x[0] is, it goes left. */
static void write_leaf(struct packed_forest *forest, uint32_t place, uint32_t code)
{
    write_node(forest, place, PACKED_LEAF | code, place + 1, 0);
}

static bool write_exit(struct packed_forest *forest, uint32_t place, struct packed_exit exit)
{
    if (!memory_reserve(&forest->exits, &forest->exit_capacity, forest->exit_count + 1,
                        sizeof *forest->exits))
        return false;
    size_t number = forest->exit_count - forest->parts[forest->part_count - 1].first_exit;
    write_leaf(forest, place, forest->class_count + (uint32_t)number);
    forest->exits[forest->exit_count++] = exit;
    return true;
}

static bool write_mixed(struct packed_forest *forest, uint32_t place, const uint32_t *counts,
                        uint32_t weight)
{
    struct packed_exit exit = {.first = forest->share_count};
    for (uint32_t c = 0; c < forest->class_count; c++)
        exit.count += counts[c] != 0;
    if (!memory_reserve(&forest->shares, &forest->share_capacity, exit.first + exit.count,
                        sizeof *forest->shares))
        return false;
    for (uint32_t c = 0; c < forest->class_count; c++)
        if (counts[c])
            forest->shares[forest->share_count++] =
                (struct packed_share){(double)counts[c] / (double)weight, c};
    return write_exit(forest, place, exit);
}

/* ---- layout ---- */

static bool lay_leaf(struct layout *layout, struct placed at)
{
    const struct tree *tree = layout->tree;
    const struct sketch *sketch = &layout->sketches[at.node];
    uint32_t class_number = tree->leaf_class[sketch->ordinal];
    if (class_number == TREE_NONE)
        return write_mixed(layout->forest, at.place,
                           tree->counts + (size_t)sketch->link * layout->forest->class_count,
                           tree->weight[sketch->ordinal]);
    write_leaf(layout->forest, at.place, class_number);
    return true;
}

static bool defer(struct layout *layout, struct placed at)
{
    if (!memory_reserve(&layout->deferred, &layout->deferred_capacity, layout->deferred_count + 1,
                        sizeof *layout->deferred))
        return false;
    layout->deferred[layout->deferred_count++] =
        (struct deferred){at.node, true, layout->forest->exit_count};
    return write_exit(layout->forest, at.place, (struct packed_exit){0});
}

static bool lay_split(struct layout *layout, struct placed at)
{
    struct packed_forest *forest = layout->forest;
    struct packed_part *part = &forest->parts[forest->part_count - 1];
    if (part->node_count + 2 > forest->part_nodes)
        return defer(layout, at);
    const struct sketch *sketch = &layout->sketches[at.node];
    struct placed left = {at.node + 1, part->node_count};
    struct placed right = {sketch->link, part->node_count + 1};
    part->node_count += 2;
    write_node(forest, at.place, packed_key(layout->tree->threshold[sketch->ordinal]), right.place,
               layout->tree->feature[at.node]);
    if (!memory_reserve(&layout->waiting, &layout->waiting_capacity, layout->waiting_count + 2,
                        sizeof *layout->waiting))
        return false;
    bool left_first = layout->sketches[left.node].weight >= layout->sketches[right.node].weight;
    layout->waiting[layout->waiting_count++] = left_first ? right : left;
    layout->waiting[layout->waiting_count++] = left_first ? left : right;
    return true;
}

/* The root takes two places, so that no pair of children straddles a cache line. */
static bool open_part(struct layout *layout)
{
    struct packed_forest *forest = layout->forest;
    if (!memory_reserve(&forest->parts, &forest->part_capacity, forest->part_count + 1,
                        sizeof *forest->parts) ||
        !memory_reserve(&forest->nodes, &forest->node_capacity,
                        forest->node_count + layout->tree->nodes + 1, sizeof *forest->nodes))
        return false;
    forest->parts[forest->part_count++] = (struct packed_part){
        .first_node = forest->node_count, .first_exit = forest->exit_count, .node_count = 2};
    write_leaf(forest, 1, 0);
    return true;
}

static bool lay_part(struct layout *layout, struct deferred start)
{
    struct packed_forest *forest = layout->forest;
    if (start.has_exit)
        forest->exits[start.exit].first = forest->part_count;
    if (!open_part(layout) ||
        !memory_reserve(&layout->waiting, &layout->waiting_capacity, 1, sizeof *layout->waiting))
        return false;
    layout->waiting[layout->waiting_count++] = (struct placed){start.node, 0};
    while (layout->waiting_count) {
        struct placed at = layout->waiting[--layout->waiting_count];
        bool leaf = layout->tree->feature[at.node] == TREE_NONE;
        if (!(leaf ? lay_leaf(layout, at) : lay_split(layout, at)))
            return false;
    }
    forest->node_count += forest->parts[forest->part_count - 1].node_count;
    return true;
}

static bool lay_parts(struct layout *layout)
{
    if (!lay_part(layout, (struct deferred){0}))
        return false;
    for (size_t i = 0; i < layout->deferred_count; i++)
        if (!lay_part(layout, layout->deferred[i]))
            return false;
    return true;
}

/* ---- the forest ---- */

struct packed_forest packed_start(uint32_t dim, uint32_t class_count)
{
    struct packed_forest forest = {.dim = dim, .class_count = class_count};
    while (UINT32_C(1) << forest.feature_bits < dim)
        forest.feature_bits++;
    uint32_t codes = PACKED_MAX_CODES - class_count;
    /* The last place's leaf names the place behind it. */
    uint32_t places = (UINT32_MAX >> forest.feature_bits) - 1;
    forest.part_nodes = codes < places ? codes : places;
    return forest;
}

bool packed_add(struct packed_forest *forest, const struct tree *tree)
{
    struct packed_tree packed = {.part = forest->part_count};
    struct layout layout = {
        .forest = forest, .tree = tree, .sketches = sketch_tree(tree, &packed.steps)};
    bool added = layout.sketches &&
                 memory_reserve(&forest->trees, &forest->tree_capacity, forest->tree_count + 1,
                                sizeof *forest->trees) &&
                 lay_parts(&layout);
    if (added)
        forest->trees[forest->tree_count++] = packed;
    free(layout.sketches);
    free(layout.waiting);
    free(layout.deferred);
    return added;
}

void packed_free(struct packed_forest *forest)
{
    free(forest->nodes);
    free(forest->parts);
    free(forest->exits);
    free(forest->shares);
    free(forest->trees);
    *forest = (struct packed_forest){0};
}
