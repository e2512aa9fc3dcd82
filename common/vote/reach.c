/*
 * Who has reached a leaf stays there: both its children are itself. So sixteen take a fixed number
 * of steps with no branch that depends on where one goes. Then those that have not arrived are
 * moved together and walk on in rounds, as in walk.h: the first one has as many steps as most
 * training samples need, so that few are left for another.
 */
#include "vote/reach.h"

#include "base/memory.h"

#include <stdlib.h>

enum { LANES = 16, LATER = 3 /* the first round is this many times as long as each later one */ };

/* Beside the feature of a split, in a tree that is sided: a missing value goes left. */
#define MISSING_LEFT (UINT32_C(1) << 31)

struct reach_node {
    union {
        float threshold;
        uint32_t leaf; /* the number of one */
    };
    uint32_t feature; /* of a leaf 0; with MISSING_LEFT */
    uint32_t next[2]; /* the right child and the left one: looking up which takes fewer instructions
                         than choosing between two numbers */
};

/* A sample on its way: its place in what was asked for, and where it is. */
struct reach_walker {
    uint32_t index, node;
};

/* A subtree behind the node at hand: its root, and the training samples in it. */
struct reach_below {
    uint32_t node;
    uint64_t weight;
};

/*
 * From the last node to the first, with a stack of the subtrees behind. Returns the mean of the
 * steps that training samples need, rounded: each split is one of all samples below it.
 */
static uint32_t link_nodes(struct reach *reach, const struct tree *tree)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1;
    struct reach_below *stack = reach->stack;
    uint64_t steps = 0;
    size_t height = 0;
    for (uint32_t n = tree->nodes; n-- > 0;) {
        struct reach_node node = {.next = {n, n}};
        struct reach_below whole = {.node = n};
        if (tree->feature[n] == TREE_NONE) {
            node.leaf = --leaf;
            whole.weight = tree->weight[leaf];
        } else {
            const struct reach_below *left = &stack[--height], *right = &stack[--height];
            node.feature = tree->feature[n];
            node.threshold = tree->threshold[--split];
            if (tree->sided && tree->missing[split])
                node.feature |= MISSING_LEFT;
            node.next[0] = right->node;
            node.next[1] = left->node;
            whole.weight = left->weight + right->weight;
            steps += whole.weight;
        }
        reach->nodes[n] = node;
        stack[height++] = whole;
    }
    return (uint32_t)((steps + stack->weight / 2) / stack->weight);
}

static inline uint32_t step(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    return node->next[x[node->feature] <= node->threshold];
}

/* The same in a tree that is sided. */
static inline uint32_t step_sided(const struct reach_node *nodes, uint32_t at, const float *x)
{
    const struct reach_node *node = &nodes[at];
    const float value = x[node->feature & ~MISSING_LEFT];
    const bool missing = value != value && node->feature & MISSING_LEFT;
    return node->next[(value <= node->threshold) | missing];
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
            left += node->next[0] != at[lane];
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
