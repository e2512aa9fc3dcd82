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

/* What a leaf has in place of a split's number. */
#define PURE UINT32_MAX
#define MIXED (UINT32_MAX - 1)

/* What layout needs to know of a node of the tree, which is in preorder. */
struct packed_sketch {
    uint64_t weight;  /* of all leaves below */
    uint32_t ordinal; /* of a split, among the splits; of a leaf: PURE or MIXED */
    uint32_t link;    /* of a split: its right child; of a leaf: its class, or its row of counts */
};

/* A split that has a place already, but is not written yet. */
struct packed_placed {
    uint32_t node;
    uint32_t place;
    uint32_t depth;
};

/* A subtree that is to open a part; `exit` leads there (of the tree's root: none). */
struct packed_deferred {
    uint32_t node;
    uint32_t depth;
    bool has_exit;
    size_t exit;
};

struct layout {
    const struct packed_form *form;
    struct packed_tree *packed;
    const struct tree *tree;
    struct packed_room *room;
    const struct packed_sketch *sketches; /* the room's */
    uint32_t *pairs;                      /* the room's, or NULL: they are not looked up */
    size_t waiting_count, deferred_count;
    uint32_t depths; /* entries of going_on in use: from the root's on, those that have splits */
};

/* ---- the sketch ---- */

/*
 * From the last node to the first, `roots` is the stack of the subtrees that begin behind the
 * node, the nearest on top: those of a split are its left and its right child.
 */
static void sketch_nodes(const struct tree *tree, struct packed_sketch *sketches, uint32_t *roots)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1, mixed = tree->mixed;
    size_t count = 0;
    for (uint32_t node = tree->nodes; node-- > 0;) {
        if (tree->feature[node] == TREE_NONE) {
            const uint32_t class_number = tree->leaf_class[--leaf];
            const bool is_mixed = class_number == TREE_NONE;
            mixed -= is_mixed;
            sketches[node] = (struct packed_sketch){.weight = tree->weight[leaf],
                                                    .ordinal = PURE - is_mixed,
                                                    .link = is_mixed ? mixed : class_number};
            roots[count++] = node;
            continue;
        }
        const uint32_t right = roots[--count - 1];
        const uint64_t weight = sketches[node + 1].weight + sketches[right].weight;
        sketches[node] =
            (struct packed_sketch){.weight = weight, .ordinal = --split, .link = right};
        roots[count - 1] = node;
    }
}

static bool is_split(const struct packed_sketch *sketch)
{
    return sketch->ordinal < MIXED;
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

static bool lay_mixed(const struct layout *layout, const struct packed_sketch *leaf, uint32_t place)
{
    return write_mixed(layout, place,
                       layout->tree->counts + (size_t)leaf->link * layout->form->class_count,
                       (uint32_t)leaf->weight);
}

static bool defer(struct layout *layout, struct packed_placed at)
{
    if (!memory_reserve(&layout->room->deferred, &layout->room->deferred_capacity,
                        layout->deferred_count + 1, sizeof *layout->room->deferred))
        return false;
    layout->room->deferred[layout->deferred_count++] =
        (struct packed_deferred){at.node, at.depth, true, layout->packed->exit_count};
    return write_exit(layout, at.place, (struct packed_exit){0});
}

/* The entry for a split's children if both are leaves of one class each, or NULL. */
static uint32_t *pair_of(const struct layout *layout, const struct packed_sketch *left,
                         const struct packed_sketch *right)
{
    /* All ones only where both are. */
    if (!layout->pairs || (left->ordinal & right->ordinal) != PURE)
        return NULL;
    return &layout->pairs[left->link * layout->form->class_count + right->link];
}

/* A leaf is laid out at once, a split waits; which of them a node is can't be foreseen. */
static bool place_node(struct layout *layout, uint32_t node, uint32_t place, uint32_t depth)
{
    const struct packed_sketch *sketch = &layout->sketches[node];
    /* Written in any case, and kept of a split. */
    layout->room->waiting[layout->waiting_count] = (struct packed_placed){node, place, depth};
    layout->waiting_count += is_split(sketch);
    if (sketch->ordinal == MIXED)
        return lay_mixed(layout, sketch, place);
    write_leaf(layout, place, sketch->link); /* of a split: until that is laid out */
    return true;
}

/* Gives a split's children their places. Of two splits the one of more samples waits on top. */
static bool place_children(struct layout *layout, struct packed_placed at, uint32_t left_place)
{
    const uint32_t left = at.node + 1, right = layout->sketches[at.node].link;
    const bool left_first = layout->sketches[left].weight >= layout->sketches[right].weight;
    const uint32_t first = left_first ? left : right, last = left_first ? right : left;
    last_part(layout)->node_count += 2;
    return place_node(layout, last, left_place + left_first, at.depth + 1) &&
           place_node(layout, first, left_place + !left_first, at.depth + 1);
}

/* Whether a missing value goes left: where nothing says so, to the side of more samples. */
static bool goes_left(const struct layout *layout, uint32_t node)
{
    const struct packed_sketch *sketches = layout->sketches, *split = &sketches[node];
    return layout->tree->sided ? layout->tree->missing[split->ordinal]
                               : sketches[node + 1].weight > sketches[split->link].weight;
}

static bool lay_split(struct layout *layout, struct packed_placed at)
{
    const struct tree *tree = layout->tree;
    const struct packed_sketch *sketches = layout->sketches, *split = &sketches[at.node];
    uint32_t *pair = pair_of(layout, &sketches[at.node + 1], &sketches[split->link]);
    uint32_t right = pair ? *pair : 0;
    if (!right) {
        const uint32_t left_place = last_part(layout)->node_count;
        if (left_place + 2 > layout->form->part_nodes)
            return defer(layout, at);
        if (!place_children(layout, at, left_place))
            return false;
        right = left_place + 1;
        if (pair)
            *pair = right;
    }
    if (at.depth == layout->depths)
        layout->room->going_on[layout->depths++] = 0;
    layout->room->going_on[at.depth] += split->weight;
    const uint32_t side =
        goes_left(layout, at.node) ? UINT32_C(1) << layout->form->feature_bits : 0;
    write_node(layout, at.place, packed_key(tree->threshold[split->ordinal]), right,
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

static bool lay_part(struct layout *layout, struct packed_deferred start)
{
    struct packed_tree *packed = layout->packed;
    if (start.has_exit)
        packed->exits[start.exit].first = packed->part_count;
    if (!open_part(layout) || !place_node(layout, start.node, 0, start.depth))
        return false;
    while (layout->waiting_count)
        if (!lay_split(layout, layout->room->waiting[--layout->waiting_count]))
            return false;
    packed->node_count += last_part(layout)->node_count;
    return true;
}

static bool lay_parts(struct layout *layout)
{
    if (!lay_part(layout, (struct packed_deferred){0}))
        return false;
    for (size_t i = 0; i < layout->deferred_count; i++)
        if (!lay_part(layout, layout->room->deferred[i]))
            return false;
    return true;
}

/* ---- room ---- */

void packed_room_free(struct packed_room *room)
{
    free(room->sketches);
    free(room->roots);
    free(room->waiting);
    free(room->going_on);
    free(room->pairs);
    free(room->deferred);
    *room = (struct packed_room){0};
}

/* For the largest tree so far exactly, for there is nothing to keep of those before. */
static bool reserve_room(struct packed_room *room, const struct tree *tree, size_t pairs)
{
    const size_t leaves = (size_t)tree->splits + 1;
    if (tree->nodes > room->sketch_capacity)
        packed_room_free(room);
    return memory_reserve(&room->sketches, &room->sketch_capacity, tree->nodes,
                          sizeof *room->sketches) &&
           memory_reserve(&room->roots, &room->root_capacity, leaves, sizeof *room->roots) &&
           memory_reserve(&room->waiting, &room->waiting_capacity, leaves, sizeof *room->waiting) &&
           memory_reserve(&room->going_on, &room->depth_capacity, leaves, sizeof *room->going_on) &&
           memory_reserve(&room->pairs, &room->pair_capacity, pairs, sizeof *room->pairs);
}

/* ---- trees ---- */

/*
 * One more step than half of all training samples need. Paths are skewed, a few being many times as
 * long as most, so that the mean would have most samples rest.
 */
static uint32_t most_steps(const struct layout *layout)
{
    uint32_t steps = 0;
    while (steps < layout->depths && layout->room->going_on[steps] > layout->sketches[0].weight / 2)
        steps++;
    return steps + 1;
}

static bool lay_tree(struct layout *layout)
{
    const size_t class_count = layout->form->class_count;
    const size_t pairs = class_count <= MOST_SHARING ? class_count * class_count : 0;
    struct packed_room *room = layout->room;
    if (!reserve_room(room, layout->tree, pairs))
        return false;
    layout->pairs = pairs ? room->pairs : NULL;
    layout->sketches = room->sketches;
    sketch_nodes(layout->tree, room->sketches, room->roots);
    if (!lay_parts(layout))
        return false;
    layout->packed->steps = most_steps(layout);
    return true;
}

bool packed_tree_make(struct packed_tree *packed, const struct packed_form *form,
                      const struct tree *tree, struct packed_room *room)
{
    *packed = (struct packed_tree){0};
    struct layout layout = {.form = form, .packed = packed, .tree = tree, .room = room};
    if (lay_tree(&layout))
        return true;
    packed_tree_free(packed);
    return false;
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
