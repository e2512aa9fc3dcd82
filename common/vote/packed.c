/*
 * Laying out a tree for prediction.
 *
 * A node's children get the next two places when the node is laid out, and of the two the one
 * that more training samples reached is laid out first. So the path that most samples take lies
 * in ascending places, several nodes to a cache line, and each subtree is a contiguous range.
 *
 * Pairs of leaves that are each of one class are many, but there are few different ones: each is
 * laid out once in a part and shared by the splits above, which saves up to a third of the nodes.
 *
 * Layout goes part by part: when a part is full, the splits that still wait for a place of
 * their children become exits to parts that are laid out later.
 */
#include "vote/packed.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_SHARING = 64,      /* classes: beyond, pairs of leaves are not looked up */
    LARGE_ARRAY = 64 * 1024 /* bytes: beyond, what is left over is given back in place */
};

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
    const struct packed_form *form;
    struct packed_tree *packed;
    const struct tree *tree;
    struct sketch *sketches;
    struct placed *waiting; /* a stack of subtrees apart, so with room for the leaves */
    size_t waiting_count;
    uint32_t *pairs; /* by both leaves' classes: the right one's place; 0: not laid out yet */
    struct deferred *deferred; /* a queue */
    size_t deferred_count, deferred_capacity;
};

/* ---- the sketch ---- */

/*
 * From the last node to the first, `roots` is the stack of the subtrees that begin behind the
 * node, the nearest on top: those of a split are its left and its right child.
 */
static void sketch_nodes(const struct tree *tree, struct sketch *sketches, uint32_t *roots)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1, mixed = tree->mixed;
    size_t count = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        struct sketch *sketch = &sketches[node];
        if (tree->feature[node] != TREE_NONE) {
            uint32_t right = roots[--count - 1];
            uint64_t weight = sketches[node + 1].weight + sketches[right].weight;
            split--;
            *sketch = (struct sketch){.ordinal = split, .link = right, .weight = weight};
            roots[count - 1] = node;
            continue;
        }
        leaf--;
        *sketch = (struct sketch){.ordinal = leaf, .weight = tree->weight[leaf]};
        if (tree->leaf_class[leaf] == TREE_NONE)
            sketch->link = --mixed;
        roots[count++] = node;
    }
}

/*
 * One more step than half of all training samples need. Paths are skewed, a few being many times as
 * long as most, so that the mean would have most samples rest. `depths` has room for the nodes, and
 * `going_on`, zeros, for the splits: of each depth, the samples that have not arrived there.
 */
static uint32_t most_steps(const struct tree *tree, const struct sketch *sketches, uint32_t *depths,
                           uint64_t *going_on)
{
    uint32_t steps = 0;
    depths[0] = 0;
    for (uint32_t node = 0; node < tree->nodes; node++) {
        if (tree->feature[node] == TREE_NONE)
            continue;
        going_on[depths[node]] += sketches[node].weight;
        depths[node + 1] = depths[sketches[node].link] = depths[node] + 1;
    }
    while (steps < tree->splits && going_on[steps] > sketches[0].weight / 2)
        steps++;
    return steps + 1;
}

static struct sketch *sketch_tree(const struct tree *tree, uint32_t *steps)
{
    struct sketch *sketches = memory_array(tree->nodes, sizeof *sketches);
    uint32_t *scratch = memory_array(tree->nodes, sizeof *scratch);
    uint64_t *going_on = calloc((size_t)tree->splits + 1, sizeof *going_on);
    if (sketches && scratch && going_on) {
        sketch_nodes(tree, sketches, scratch);
        *steps = most_steps(tree, sketches, scratch, going_on);
    } else {
        free(sketches);
        sketches = NULL;
    }
    free(scratch);
    free(going_on);
    return sketches;
}

/* ---- nodes ---- */

static struct packed_part *last_part(const struct layout *layout)
{
    return &layout->packed->parts[layout->packed->part_count - 1];
}

static void write_node(const struct layout *layout, uint32_t place, uint32_t key, uint32_t right,
                       uint32_t feature)
{
    const uint32_t where = right << (layout->form->feature_bits + 1) | feature;
    layout->packed->nodes[last_part(layout)->first_node + place] = (struct packed_node){key, where};
}

/* A leaf is its own left child, and whatever x[0] is, it goes left. */
static void write_leaf(const struct layout *layout, uint32_t place, uint32_t code)
{
    write_node(layout, place, PACKED_LEAF | code, place + 1, 0);
}

static bool write_exit(const struct layout *layout, uint32_t place, struct packed_exit exit)
{
    struct packed_tree *packed = layout->packed;
    if (!memory_reserve(&packed->exits, &packed->exit_capacity, packed->exit_count + 1,
                        sizeof *packed->exits))
        return false;
    size_t number = packed->exit_count - last_part(layout)->first_exit;
    write_leaf(layout, place, layout->form->class_count + (uint32_t)number);
    packed->exits[packed->exit_count++] = exit;
    return true;
}

static bool write_mixed(const struct layout *layout, uint32_t place, const uint32_t *counts,
                        uint32_t weight)
{
    struct packed_tree *packed = layout->packed;
    uint32_t class_count = layout->form->class_count;
    struct packed_exit exit = {.first = packed->share_count};
    for (uint32_t c = 0; c < class_count; c++)
        exit.count += counts[c] != 0;
    if (!memory_reserve(&packed->shares, &packed->share_capacity, exit.first + exit.count,
                        sizeof *packed->shares))
        return false;
    for (uint32_t c = 0; c < class_count; c++)
        if (counts[c])
            packed->shares[packed->share_count++] =
                (struct packed_share){(double)counts[c] / (double)weight, c};
    return write_exit(layout, place, exit);
}

/* ---- layout ---- */

static bool lay_leaf(const struct layout *layout, struct placed at)
{
    const struct tree *tree = layout->tree;
    const struct sketch *sketch = &layout->sketches[at.node];
    uint32_t class_number = tree->leaf_class[sketch->ordinal];
    if (class_number == TREE_NONE)
        return write_mixed(layout, at.place,
                           tree->counts + (size_t)sketch->link * layout->form->class_count,
                           tree->weight[sketch->ordinal]);
    write_leaf(layout, at.place, class_number);
    return true;
}

static bool defer(struct layout *layout, struct placed at)
{
    if (!memory_reserve(&layout->deferred, &layout->deferred_capacity, layout->deferred_count + 1,
                        sizeof *layout->deferred))
        return false;
    layout->deferred[layout->deferred_count++] =
        (struct deferred){at.node, true, layout->packed->exit_count};
    return write_exit(layout, at.place, (struct packed_exit){0});
}

static uint32_t class_of(const struct layout *layout, uint32_t node)
{
    bool leaf = layout->tree->feature[node] == TREE_NONE;
    return leaf ? layout->tree->leaf_class[layout->sketches[node].ordinal] : TREE_NONE;
}

/* The entry for a split's children if both are leaves of one class each, or NULL. */
static uint32_t *pair_below(const struct layout *layout, uint32_t node)
{
    if (!layout->pairs)
        return NULL;
    uint32_t left = class_of(layout, node + 1);
    uint32_t right = class_of(layout, layout->sketches[node].link);
    if (left == TREE_NONE || right == TREE_NONE)
        return NULL;
    return &layout->pairs[left * layout->form->class_count + right];
}

/* Gives a split's children their places and has them laid out; returns the right one's. */
static uint32_t place_children(struct layout *layout, uint32_t node)
{
    struct packed_part *part = last_part(layout);
    struct placed left = {node + 1, part->node_count};
    struct placed right = {layout->sketches[node].link, part->node_count + 1};
    part->node_count += 2;
    bool left_first = layout->sketches[left.node].weight >= layout->sketches[right.node].weight;
    layout->waiting[layout->waiting_count++] = left_first ? right : left;
    layout->waiting[layout->waiting_count++] = left_first ? left : right;
    return right.place;
}

/* Whether a missing value goes left: where nothing says so, to the side of more samples. */
static bool goes_left(const struct layout *layout, uint32_t node)
{
    const struct sketch *sketches = layout->sketches, *split = &sketches[node];
    return layout->tree->sided ? layout->tree->missing[split->ordinal]
                               : sketches[node + 1].weight > sketches[split->link].weight;
}

static bool lay_split(struct layout *layout, struct placed at)
{
    uint32_t *pair = pair_below(layout, at.node), right = pair ? *pair : 0;
    if (!right) {
        if (last_part(layout)->node_count + 2 > layout->form->part_nodes)
            return defer(layout, at);
        right = place_children(layout, at.node);
        if (pair)
            *pair = right;
    }
    const struct tree *tree = layout->tree;
    const uint32_t split = layout->sketches[at.node].ordinal;
    const uint32_t side =
        goes_left(layout, at.node) ? UINT32_C(1) << layout->form->feature_bits : 0;
    write_node(layout, at.place, packed_key(tree->threshold[split]), right,
               tree->feature[at.node] | side);
    return true;
}

/* The root takes two places, so that no pair of children straddles a cache line. */
static bool open_part(const struct layout *layout)
{
    struct packed_tree *packed = layout->packed;
    if (!memory_reserve(&packed->parts, &packed->part_capacity, packed->part_count + 1,
                        sizeof *packed->parts) ||
        !memory_reserve(&packed->nodes, &packed->node_capacity,
                        packed->node_count + layout->tree->nodes + 1, sizeof *packed->nodes))
        return false;
    packed->parts[packed->part_count++] = (struct packed_part){
        .first_node = packed->node_count, .first_exit = packed->exit_count, .node_count = 2};
    write_leaf(layout, 1, 0);
    uint32_t class_count = layout->form->class_count;
    if (layout->pairs)
        memset(layout->pairs, 0, (size_t)class_count * class_count * sizeof *layout->pairs);
    return true;
}

static bool lay_part(struct layout *layout, struct deferred start)
{
    struct packed_tree *packed = layout->packed;
    if (start.has_exit)
        packed->exits[start.exit].first = packed->part_count;
    if (!open_part(layout))
        return false;
    layout->waiting[layout->waiting_count++] = (struct placed){start.node, 0};
    while (layout->waiting_count) {
        struct placed at = layout->waiting[--layout->waiting_count];
        bool leaf = layout->tree->feature[at.node] == TREE_NONE;
        if (!(leaf ? lay_leaf(layout, at) : lay_split(layout, at)))
            return false;
    }
    packed->node_count += last_part(layout)->node_count;
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

/* ---- trees ---- */

static bool make_room(struct layout *layout)
{
    size_t class_count = layout->form->class_count;
    layout->sketches = sketch_tree(layout->tree, &layout->packed->steps);
    layout->waiting = memory_array((size_t)layout->tree->splits + 1, sizeof *layout->waiting);
    if (class_count <= MOST_SHARING)
        layout->pairs = memory_array(class_count * class_count, sizeof *layout->pairs);
    return layout->sketches && layout->waiting && (layout->pairs || class_count > MOST_SHARING);
}

bool packed_tree_make(struct packed_tree *packed, const struct packed_form *form,
                      const struct tree *tree)
{
    *packed = (struct packed_tree){0};
    struct layout layout = {.form = form, .packed = packed, .tree = tree};
    bool made = make_room(&layout) && lay_parts(&layout);
    if (!made)
        packed_tree_free(packed);
    free(layout.sketches);
    free(layout.waiting);
    free(layout.pairs);
    free(layout.deferred);
    return made;
}

void packed_tree_free(struct packed_tree *packed)
{
    free(packed->nodes);
    free(packed->parts);
    free(packed->exits);
    free(packed->shares);
    *packed = (struct packed_tree){0};
}

/* ---- forests ---- */

struct packed_forest packed_start(uint32_t dim, uint32_t class_count)
{
    struct packed_form form = {.dim = dim, .class_count = class_count};
    while (UINT32_C(1) << form.feature_bits < dim)
        form.feature_bits++;
    uint32_t codes = PACKED_MAX_CODES - class_count;
    /* The last place's leaf names the place behind it. */
    uint32_t places = (UINT32_MAX >> (form.feature_bits + 1)) - 1;
    form.part_nodes = codes < places ? codes : places;
    return (struct packed_forest){.form = form};
}

/*
 * Leaves an array as large as what it holds. A forest has many trees, and a small one's arrays are
 * mostly room to grow: a copy lets that be used by the next tree, which shrinking in place does
 * not.
 */
static void fit(void *array, size_t *capacity, size_t count, size_t size)
{
    void *old, *fresh;
    memcpy(&old, array, sizeof old);
    if (count == *capacity || !count || *capacity * size > LARGE_ARRAY ||
        !(fresh = memory_array(count, size))) {
        memory_shrink(array, capacity, count, size);
        return;
    }
    memcpy(fresh, old, count * size);
    free(old);
    memcpy(array, &fresh, sizeof fresh);
    *capacity = count;
}

static void fit_tree(struct packed_tree *packed)
{
    fit(&packed->nodes, &packed->node_capacity, packed->node_count, sizeof *packed->nodes);
    fit(&packed->parts, &packed->part_capacity, packed->part_count, sizeof *packed->parts);
    fit(&packed->exits, &packed->exit_capacity, packed->exit_count, sizeof *packed->exits);
    fit(&packed->shares, &packed->share_capacity, packed->share_count, sizeof *packed->shares);
}

bool packed_append(struct packed_forest *forest, struct packed_tree *packed)
{
    if (!memory_reserve(&forest->trees, &forest->tree_capacity, forest->tree_count + 1,
                        sizeof *forest->trees))
        return false;
    fit_tree(packed);
    forest->trees[forest->tree_count++] = *packed;
    *packed = (struct packed_tree){0};
    return true;
}

void packed_free(struct packed_forest *forest)
{
    for (size_t i = 0; i < forest->tree_count; i++)
        packed_tree_free(&forest->trees[i]);
    free(forest->trees);
    *forest = (struct packed_forest){0};
}
