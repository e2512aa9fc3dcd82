/* Nodes are in preorder, so that those below a node, and their samples, are next to each other. */
#include "vote/shuffled.h"

#include "base/memory.h"
#include "vote/leaves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNITS 0x1p40

struct shuffled_node {
    uint32_t feature; /* TREE_NONE: a leaf */
    float threshold;
    bool missing_left; /* a missing value goes left */
    uint32_t right;    /* of a split: its right child; of a leaf: its number among them */
    uint32_t after;    /* the first node that is not below it */
    uint32_t begin;    /* of its rows, which end where those of `after` begin */
};

/* A leaf's share of a class, in units. */
struct leaf_share {
    int64_t units;
    uint32_t class_number;
};

struct shuffled_tree {
    struct shuffled_node *nodes; /* and one behind the last */
    uint32_t node_count;
    uint32_t *rows; /* the samples that it votes on, leaf by leaf */
    size_t *begins; /* of each leaf's shares, and one more */
    struct leaf_share *shares;
};

/* ---- a tree ---- */

static void tree_free_shuffled(struct shuffled_tree *tree)
{
    free(tree->nodes);
    free(tree->rows);
    free(tree->begins);
    free(tree->shares);
}

/* From the last node to the first, with a stack of the subtrees behind: their roots. */
static void link_nodes(struct shuffled_tree *made, const struct tree *tree, const uint32_t *ends,
                       uint32_t *stack)
{
    uint32_t split = tree->splits, leaf = tree->splits + 1;
    size_t height = 0;
    for (uint32_t n = tree->nodes; n-- > 0;) {
        struct shuffled_node *node = &made->nodes[n];
        *node = (struct shuffled_node){.feature = tree->feature[n], .after = n + 1};
        if (node->feature == TREE_NONE) {
            node->right = --leaf;
            node->begin = leaf ? ends[leaf - 1] : 0;
        } else {
            const uint32_t left = stack[--height];
            node->right = stack[--height];
            node->threshold = tree->threshold[--split];
            node->missing_left = tree->sided && tree->missing[split];
            node->after = made->nodes[node->right].after;
            node->begin = made->nodes[left].begin;
        }
        stack[height++] = n;
    }
    made->nodes[tree->nodes] = (struct shuffled_node){.begin = ends[tree->splits]};
}

static bool set_nodes(struct shuffled_tree *made, const struct tree *tree, const uint32_t *ends)
{
    uint32_t *stack = memory_array((size_t)tree->splits + 1, sizeof *stack);
    made->nodes = memory_array((size_t)tree->nodes + 1, sizeof *made->nodes);
    made->node_count = tree->nodes;
    const bool set = stack && made->nodes;
    if (set)
        link_nodes(made, tree, ends, stack);
    free(stack);
    return set;
}

static int64_t units_of(uint32_t count, uint32_t weight)
{
    return (int64_t)rint((double)count / (double)weight * UNITS);
}

static bool set_shares(struct shuffled_tree *made, const struct tree *tree, uint32_t classes)
{
    const uint32_t *counts = tree->counts;
    size_t count = 0, capacity = 0;
    made->begins = memory_array((size_t)tree->splits + 2, sizeof *made->begins);
    for (uint32_t leaf = 0; made->begins && leaf <= tree->splits; leaf++) {
        const uint32_t class = tree->leaf_class[leaf], weight = tree->weight[leaf];
        const size_t most = class == TREE_NONE ? classes : 1;
        if (!memory_reserve(&made->shares, &capacity, count + most, sizeof *made->shares))
            return false;
        made->begins[leaf] = count;
        if (class != TREE_NONE)
            made->shares[count++] = (struct leaf_share){units_of(1, 1), class};
        for (uint32_t c = 0; class == TREE_NONE && c < classes; c++)
            if (counts[c])
                made->shares[count++] = (struct leaf_share){units_of(counts[c], weight), c};
        counts += class == TREE_NONE ? classes : 0;
    }
    if (!made->begins)
        return false;
    made->begins[tree->splits + 1] = count;
    memory_shrink(&made->shares, &capacity, count, sizeof *made->shares);
    return true;
}

/* Adds a leaf's shares, or takes them away. */
static inline void add_leaf(const struct shuffled_tree *tree, uint32_t leaf, int64_t *sums,
                            int64_t sign)
{
    for (size_t i = tree->begins[leaf]; i < tree->begins[leaf + 1]; i++)
        sums[tree->shares[i].class_number] += sign * tree->shares[i].units;
}

/* ---- all trees ---- */

bool shuffled_start(struct shuffled *shuffled, const float *columns, const uint32_t *class_of,
                    size_t samples, uint32_t dim, uint32_t classes)
{
    *shuffled = (struct shuffled){.samples = samples,
                                  .dim = dim,
                                  .classes = classes,
                                  .columns = columns,
                                  .class_of = class_of};
    shuffled->sums = memory_array(samples, classes * sizeof *shuffled->sums);
    shuffled->voted = calloc(samples, sizeof *shuffled->voted);
    shuffled->told = calloc(samples, sizeof *shuffled->told);
    if (!shuffled->sums || !shuffled->voted || !shuffled->told)
        return false;
    memset(shuffled->sums, 0, samples * classes * sizeof *shuffled->sums);
    return true;
}

static void take_votes(struct shuffled *shuffled, const struct shuffled_tree *tree)
{
    for (uint32_t n = 0; n < tree->node_count; n++) {
        const struct shuffled_node *node = &tree->nodes[n];
        if (node->feature != TREE_NONE)
            continue;
        for (uint32_t i = node->begin; i < tree->nodes[n + 1].begin; i++) {
            shuffled->voted[tree->rows[i]] = true;
            add_leaf(tree, node->right, shuffled->sums + (size_t)tree->rows[i] * shuffled->classes,
                     1);
        }
    }
}

bool shuffled_add(struct shuffled *shuffled, const struct tree *tree, const uint32_t *rows,
                  uint32_t count)
{
    struct shuffled_tree made = {.rows = memory_array((size_t)count + 1, sizeof *rows)};
    struct leaves leaves = {0};
    if (made.rows && count)
        memcpy(made.rows, rows, count * sizeof *rows);
    const bool added =
        made.rows &&
        memory_reserve(&shuffled->trees, &shuffled->capacity, shuffled->count + 1,
                       sizeof *shuffled->trees) &&
        leaves_find(&leaves, tree, shuffled->columns, shuffled->samples, made.rows, count) &&
        set_nodes(&made, tree, leaves.ends) && set_shares(&made, tree, shuffled->classes);
    leaves_free(&leaves);
    if (added) {
        take_votes(shuffled, &made);
        shuffled->trees[shuffled->count++] = made;
    } else {
        tree_free_shuffled(&made);
    }
    return added;
}

/* Whether a sample of these sums is told right. */
static bool is_told(const struct shuffled *shuffled, size_t sample, const int64_t *sums)
{
    uint32_t best = 0;
    for (uint32_t c = 1; c < shuffled->classes; c++)
        if (sums[c] > sums[best])
            best = c;
    return best == shuffled->class_of[sample];
}

void shuffled_ready(struct shuffled *shuffled)
{
    shuffled->votes = shuffled->right = 0;
    for (size_t i = 0; i < shuffled->samples; i++) {
        shuffled->told[i] =
            shuffled->voted[i] && is_told(shuffled, i, shuffled->sums + i * shuffled->classes);
        shuffled->votes += shuffled->voted[i];
        shuffled->right += shuffled->told[i];
    }
}

void shuffled_free(struct shuffled *shuffled)
{
    for (size_t i = 0; i < shuffled->count; i++)
        tree_free_shuffled(&shuffled->trees[i]);
    free(shuffled->trees);
    free(shuffled->sums);
    free(shuffled->voted);
    free(shuffled->told);
    *shuffled = (struct shuffled){0};
}

/* ---- shuffling ---- */

bool shuffling_start(struct shuffling *shuffling, const struct shuffled *shuffled)
{
    shuffling->sums = memory_array(shuffled->samples, shuffled->classes * sizeof *shuffling->sums);
    shuffling->touched = calloc(shuffled->samples, sizeof *shuffling->touched);
    shuffling->listed = memory_array(shuffled->samples, sizeof *shuffling->listed);
    return shuffling->sums && shuffling->touched && shuffling->listed;
}

void shuffling_free(struct shuffling *shuffling)
{
    free(shuffling->sums);
    free(shuffling->touched);
    free(shuffling->listed);
    *shuffling = (struct shuffling){0};
}

/* What is asked, and who was touched so far. */
struct question {
    const struct shuffled *shuffled;
    struct shuffling *shuffling;
    const bool *shuffle;
    const uint32_t *source;
    size_t touched;
};

/* The leaf, as its number, that a sample comes to from a node. */
static uint32_t walk(const struct question *question, const struct shuffled_tree *tree,
                     uint32_t node, size_t sample)
{
    const struct shuffled *shuffled = question->shuffled;
    const size_t other = question->source[sample];
    const struct shuffled_node *at;
    while ((at = &tree->nodes[node])->feature != TREE_NONE) {
        const size_t from = question->shuffle[at->feature] ? other : sample;
        const float value = shuffled->columns[at->feature * shuffled->samples + from];
        node = tree_goes_left(value, at->threshold, at->missing_left) ? node + 1 : at->right;
    }
    return at->right;
}

/* The sums of a sample that may change. */
static int64_t *touch(struct question *question, size_t sample)
{
    struct shuffling *shuffling = question->shuffling;
    const size_t classes = question->shuffled->classes;
    int64_t *sums = shuffling->sums + sample * classes;
    if (!shuffling->touched[sample]) {
        shuffling->touched[sample] = true;
        shuffling->listed[question->touched++] = (uint32_t)sample;
        memcpy(sums, question->shuffled->sums + sample * classes, classes * sizeof *sums);
    }
    return sums;
}

/* Moves the votes on the samples of a node that looks at what is shuffled. */
static void move_votes(struct question *question, const struct shuffled_tree *tree, uint32_t top)
{
    for (uint32_t n = top; n < tree->nodes[top].after; n++) {
        if (tree->nodes[n].feature != TREE_NONE)
            continue;
        const uint32_t before = tree->nodes[n].right;
        for (uint32_t i = tree->nodes[n].begin; i < tree->nodes[n + 1].begin; i++) {
            const uint32_t behind = walk(question, tree, top, tree->rows[i]);
            if (behind == before)
                continue;
            int64_t *sums = touch(question, tree->rows[i]);
            add_leaf(tree, before, sums, -1);
            add_leaf(tree, behind, sums, 1);
        }
    }
}

size_t shuffled_right(const struct shuffled *shuffled, struct shuffling *shuffling,
                      const bool *shuffle, const uint32_t *source)
{
    struct question question = {shuffled, shuffling, shuffle, source, 0};
    for (size_t t = 0; t < shuffled->count; t++) {
        const struct shuffled_tree *tree = &shuffled->trees[t];
        for (uint32_t n = 0; n < tree->node_count;) {
            const uint32_t feature = tree->nodes[n].feature;
            const bool looks = feature != TREE_NONE && shuffle[feature];
            if (looks)
                move_votes(&question, tree, n);
            n = looks ? tree->nodes[n].after : n + 1;
        }
    }
    size_t right = shuffled->right;
    for (size_t i = 0; i < question.touched; i++) {
        const size_t sample = shuffling->listed[i];
        right -= shuffled->told[sample];
        right += is_told(shuffled, sample, shuffling->sums + sample * shuffled->classes);
        shuffling->touched[sample] = false;
    }
    return right;
}
