/*
 * A crowd that waits has at least `least` samples of its own, so that few wait at a time, and there
 * is room for all.
 *
 * Who walks and has reached a leaf stays there: it is its own right child. So sixteen take a fixed
 * number of steps with no branch that depends on where one goes; then those that have not arrived
 * are moved together and walk on in another round, as in walk.h. A round is a part of the way that
 * training samples have on average: who was in a crowd has few steps left.
 */
#include "vote/reach.h"

#include "base/memory.h"
#include "base/unroll.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANES = 16,
    ROUNDS = 3, /* on an average way */
    SHARE = 16  /* of a tile's samples one in so many makes a crowd */
};

/* Beside the column of a split, in a tree that is sided: a missing value goes left. */
#define MISSING_LEFT (UINT32_C(1) << 31)

/*
 * Both children of a node stand next to each other, so that one number tells where a step leads: to
 * the right one, or before it. A leaf is its own right child, and nothing is below its threshold.
 */
struct reach_node {
    uint32_t column; /* where its feature's begins; of a leaf 0; with MISSING_LEFT */
    uint32_t right;
    float threshold; /* of a leaf NAN */
    uint32_t code;   /* of a leaf */
};

_Static_assert(sizeof(struct reach_node) == REACH_NODE_BYTES, "what is told of it");

/* ---- trees ---- */

/* The right side of a split that was met: where it stands, and the splits above it. */
struct waiting {
    uint32_t node, depth;
};

/* Returns the mean of the steps that training samples need, rounded. */
static uint32_t link_nodes(struct reach_node *nodes, const struct tree *tree, const uint32_t *codes,
                           size_t room, struct waiting *stack)
{
    uint32_t split = 0, leaf = 0, free = 1;
    struct waiting here = {0, 0};
    uint64_t steps = 0, weight = 0;
    size_t height = 0;
    for (uint32_t n = 0; n < tree->nodes; n++) {
        struct reach_node *node = &nodes[here.node];
        if (tree->feature[n] == TREE_NONE) {
            *node = (struct reach_node){0, here.node, NAN, codes[leaf]};
            steps += (uint64_t)here.depth * tree->weight[leaf];
            weight += tree->weight[leaf++];
            if (height)
                here = stack[--height];
            continue;
        }
        *node = (struct reach_node){tree->feature[n] * (uint32_t)room, free + 1,
                                    tree->threshold[split], 0};
        if (tree->sided && tree->missing[split])
            node->column |= MISSING_LEFT;
        split++;
        stack[height++] = (struct waiting){free + 1, here.depth + 1};
        here = (struct waiting){free, here.depth + 1};
        free += 2;
    }
    return weight ? (uint32_t)((steps + weight / 2) / weight) : 0;
}

bool reach_tree_make(struct reach_tree *made, const struct tree *tree, const uint32_t *codes,
                     size_t room)
{
    struct waiting *stack = memory_array((size_t)tree->splits + 1, sizeof *stack);
    *made = (struct reach_tree){.nodes = memory_array(tree->nodes, sizeof *made->nodes),
                                .node_count = tree->nodes,
                                .sided = tree->sided};
    const bool good = stack && made->nodes;
    if (good)
        made->steps = link_nodes(made->nodes, tree, codes, room, stack);
    free(stack);
    return good;
}

void reach_tree_free(struct reach_tree *tree)
{
    free(tree->nodes);
    *tree = (struct reach_tree){0};
}

/* ---- crowds ---- */

bool reach_start(struct reach *reach, size_t room, enum cpu_level level)
{
    const size_t most = SHARE + 2; /* crowds: those that wait, one at hand, and a side of it */
    *reach = (struct reach){.part = crowd_parter_of(level), .least = room / SHARE};
    reach->arrived = memory_array(room, sizeof *reach->arrived);
    reach->walkers = memory_array(room, sizeof *reach->walkers);
    reach->crowds = memory_array(most * (room / CROWD_WORD), sizeof *reach->crowds);
    return reach->arrived && reach->walkers && reach->crowds;
}

void reach_end(struct reach *reach)
{
    free(reach->arrived);
    free(reach->walkers);
    free(reach->crowds);
    *reach = (struct reach){0};
}

static bool is_leaf(const struct reach_node *nodes, uint32_t at)
{
    return nodes[at].right == at;
}

/* The samples of a crowd are at the node `at`: in its leaf, or from where they walk. */
static void disperse(struct reach *reach, const struct reach_node *nodes, uint32_t at,
                     const uint64_t *crowd, size_t words)
{
    const bool leaf = is_leaf(nodes, at);
    struct reach_place *to = leaf ? reach->arrived : reach->walkers;
    size_t *count = leaf ? &reach->count : &reach->walker_count, end = *count;
    const uint32_t code = leaf ? nodes[at].code : at;
    for (size_t word = 0; word < words; word++)
        for (uint64_t left = crowd[word]; left; left &= left - 1)
            to[end++] = (struct reach_place){
                (uint32_t)(word * CROWD_WORD) + (uint32_t)__builtin_ctzll(left), code};
    *count = end;
}

static uint32_t size_of(const uint64_t *crowd, size_t words)
{
    uint32_t count = 0;
    for (size_t word = 0; word < words; word++)
        count += (uint32_t)__builtin_popcountll(crowd[word]);
    return count;
}

/* A node, and how many samples are there. */
struct crowded {
    uint32_t node, count;
};

/* Parts a crowd, and puts what is behind in place of it: none, one or two. Returns how many. */
static size_t part_crowd(struct reach *reach, const struct reach_tree *tree, const float *columns,
                         uint64_t *crowd, size_t words, struct crowded *at)
{
    const struct reach_node *node = &tree->nodes[at->node];
    uint64_t *right = crowd + words;
    const uint32_t column = tree->sided ? node->column & ~MISSING_LEFT : node->column;
    const struct crowd_split split = {columns + column, node->threshold,
                                      tree->sided && node->column & MISSING_LEFT};
    const uint32_t left = reach->part(&split, crowd, right, words);
    const struct crowded sides[2] = {{node->right - 1, left}, {node->right, at->count - left}};
    size_t kept = 0;
    reach->parted++;
    for (int side = 0; side < 2; side++) {
        uint64_t *samples = side ? right : crowd;
        if (sides[side].count < reach->least || is_leaf(tree->nodes, sides[side].node)) {
            disperse(reach, tree->nodes, sides[side].node, samples, words);
            continue;
        }
        if (side && !kept)
            memcpy(crowd, right, words * sizeof *crowd);
        at[kept++] = sides[side];
    }
    return kept;
}

static void part_crowds(struct reach *reach, const struct reach_tree *tree, const float *columns,
                        const uint64_t *asked, size_t words)
{
    struct crowded stack[SHARE + 2] = {{0, size_of(asked, words)}};
    size_t height = 1;
    if (stack[0].count < reach->least || is_leaf(tree->nodes, 0)) {
        disperse(reach, tree->nodes, 0, asked, words);
        return;
    }
    memcpy(reach->crowds, asked, words * sizeof *asked);
    while (height) {
        height--;
        height +=
            part_crowd(reach, tree, columns, reach->crowds + height * words, words, &stack[height]);
    }
}

/* ---- walking ---- */

static inline uint32_t step(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    return node->right - (x[node->column] <= node->threshold);
}

/* The same in a tree that is sided. */
static inline uint32_t step_sided(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    const float value = x[node->column & ~MISSING_LEFT];
    const bool missing = value != value && node->column & MISSING_LEFT;
    return node->right - ((value <= node->threshold) | missing);
}

static inline void walk_lanes(const struct reach_tree *tree, const float *const x[LANES],
                              uint32_t at[LANES], uint32_t steps)
{
    const struct reach_node *nodes = tree->nodes;
    if (tree->sided) {
        for (uint32_t i = 0; i < steps; i++)
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = step_sided(nodes, at[lane], x[lane]);
        return;
    }
    for (uint32_t i = 0; i < steps; i++) {
        UNROLL(16)
        for (int lane = 0; lane < LANES; lane++)
            at[lane] = step(nodes, at[lane], x[lane]);
    }
}

/* All walkers take steps; those that do not arrive are moved to the front. */
static void walk_round(struct reach *reach, const struct reach_tree *tree, const float *columns,
                       uint32_t steps)
{
    struct reach_place *walkers = reach->walkers;
    size_t left = 0, arrived = reach->count;
    for (size_t first = 0; first < reach->walker_count; first += LANES) {
        const size_t there = reach->walker_count - first, lanes = there < LANES ? there : LANES;
        const float *x[LANES];
        uint32_t at[LANES];
        for (size_t lane = 0; lane < LANES; lane++) { /* the first one keeps others company */
            const struct reach_place *walker = &walkers[first + (lane < lanes ? lane : 0)];
            x[lane] = columns + walker->row;
            at[lane] = walker->code;
        }
        walk_lanes(tree, x, at, steps);
        for (size_t lane = 0; lane < lanes; lane++) {
            const uint32_t row = walkers[first + lane].row, node = at[lane];
            const bool leaf = is_leaf(tree->nodes, node);
            reach->arrived[arrived] = (struct reach_place){row, tree->nodes[node].code};
            walkers[left] = (struct reach_place){row, node};
            arrived += leaf;
            left += !leaf;
        }
    }
    reach->count = arrived;
    reach->walker_count = left;
}

void reach_find(struct reach *reach, const struct reach_tree *tree, const float *columns,
                const uint64_t *asked, size_t words)
{
    reach->count = reach->walker_count = 0;
    part_crowds(reach, tree, columns, asked, words);
    while (reach->walker_count)
        walk_round(reach, tree, columns, tree->steps / ROUNDS + 1);
}
