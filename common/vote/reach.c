/*
 * Who has reached a leaf stays there: it is its own right child. So sixteen take a fixed number
 * of steps with no branch that depends on where one goes. Then those that have not arrived are
 * moved together and walk on in rounds, as in walk.h: the first one has as many steps as most
 * training samples need, so that few are left for another.
 */
#include "vote/reach.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { LANES = 16, LATER = 3 /* the first round is this many times as long as each later one */ };

/* Beside the feature of a split, in a tree that is sided: a missing value goes left. */
#define MISSING_LEFT (UINT32_C(1) << 31)

/*
 * Both children of a node stand next to each other, so that one number tells where a step leads: to
 * the right one, or before it. A leaf is its own right child, and nothing is below its threshold.
 */
struct reach_node {
    uint32_t feature; /* of a leaf 0; with MISSING_LEFT */
    uint32_t right;
    float threshold; /* of a leaf NAN */
    uint32_t leaf;   /* the number of one */
};

/* A sample on its way: its place in what was asked for, and where it is. */
struct reach_walker {
    uint32_t index, node;
};

/* The right side of a split that was met: where it stands, and the splits above it. */
struct reach_below {
    uint32_t node, depth;
};

/* Returns the mean of the steps that training samples need, rounded. */
static uint32_t link_nodes(struct reach *reach, const struct tree *tree)
{
    uint32_t split = 0, leaf = 0, free = 1;
    struct reach_below *stack = reach->stack, here = {0, 0};
    uint64_t steps = 0, weight = 0;
    size_t height = 0;
    for (uint32_t n = 0; n < tree->nodes; n++) {
        struct reach_node *node = &reach->nodes[here.node];
        if (tree->feature[n] == TREE_NONE) {
            *node = (struct reach_node){0, here.node, NAN, leaf};
            steps += (uint64_t)here.depth * tree->weight[leaf];
            weight += tree->weight[leaf++];
            if (height)
                here = stack[--height];
            continue;
        }
        *node = (struct reach_node){tree->feature[n], free + 1, tree->threshold[split], 0};
        if (tree->sided && tree->missing[split])
            node->feature |= MISSING_LEFT;
        split++;
        stack[height++] = (struct reach_below){free + 1, here.depth + 1};
        here = (struct reach_below){free, here.depth + 1};
        free += 2;
    }
    return (uint32_t)((steps + weight / 2) / weight);
}

static inline uint32_t step(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    return node->right - (x[node->feature] <= node->threshold);
}

/* The same in a tree that is sided. */
static inline uint32_t step_sided(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    const float value = x[node->feature & ~MISSING_LEFT];
    const bool missing = value != value && node->feature & MISSING_LEFT;
    return node->right - ((value <= node->threshold) | missing);
}

static inline void walk_lanes(const struct reach *reach, const float *const x[LANES],
                              uint32_t at[LANES], uint32_t steps)
{
    const struct reach_node *nodes = reach->nodes;
    if (reach->sided) {
        for (uint32_t i = 0; i < steps; i++)
            for (int lane = 0; lane < LANES; lane++)
                at[lane] = step_sided(nodes, at[lane], x[lane]);
        return;
    }
    for (uint32_t i = 0; i < steps; i++)
#pragma GCC unroll 16
        for (int lane = 0; lane < LANES; lane++)
            at[lane] = step(nodes, at[lane], x[lane]);
}

/* What is asked for. */
struct question {
    const float *x;
    size_t dim;
    const uint32_t *rows;
};

/* The first `count` walkers take steps; those that do not arrive are moved to the front. Returns
   how many. */
static uint32_t walk_round(const struct reach *reach, const struct question *question,
                           uint32_t count, uint32_t steps)
{
    struct reach_walker *walkers = reach->walkers;
    uint32_t left = 0;
    for (uint32_t first = 0; first < count; first += LANES) {
        const uint32_t lanes = count - first < LANES ? count - first : LANES;
        const float *x[LANES];
        uint32_t at[LANES];
        for (uint32_t lane = 0; lane < LANES; lane++) { /* the first one keeps others company */
            const struct reach_walker *walker = &walkers[first + (lane < lanes ? lane : 0)];
            x[lane] = question->x + question->rows[walker->index] * question->dim;
            at[lane] = walker->node;
        }
        walk_lanes(reach, x, at, steps);
        for (uint32_t lane = 0; lane < lanes; lane++) {
            const uint32_t index = walkers[first + lane].index;
            const struct reach_node *node = &reach->nodes[at[lane]];
            reach->leaf[index] = node->leaf;
            walkers[left] = (struct reach_walker){index, at[lane]};
            left += node->right != at[lane];
        }
    }
    return left;
}

static bool make_room(struct reach *reach, const struct tree *tree, uint32_t count)
{
    return memory_reserve(&reach->leaf, &reach->leaf_capacity, (size_t)count + 1,
                          sizeof *reach->leaf) &&
           memory_reserve(&reach->walkers, &reach->walker_capacity, (size_t)count + 1,
                          sizeof *reach->walkers) &&
           memory_reserve(&reach->nodes, &reach->node_capacity, tree->nodes,
                          sizeof *reach->nodes) &&
           memory_reserve(&reach->stack, &reach->stack_capacity, (size_t)tree->splits + 1,
                          sizeof *reach->stack);
}

bool reach_find(struct reach *reach, const struct tree *tree, const float *x, size_t dim,
                const uint32_t *rows, uint32_t count)
{
    if (!make_room(reach, tree, count))
        return false;
    const struct question question = {x, dim, rows};
    reach->sided = tree->sided;
    uint32_t steps = link_nodes(reach, tree) + 1;
    for (uint32_t i = 0; i < count; i++)
        reach->walkers[i] = (struct reach_walker){i, 0};
    for (uint32_t left = count, round = steps; left; round = steps / LATER + 1)
        left = walk_round(reach, &question, left, round);
    return true;
}

void reach_free(struct reach *reach)
{
    free(reach->leaf);
    free(reach->walkers);
    free(reach->nodes);
    free(reach->stack);
    *reach = (struct reach){0};
}
