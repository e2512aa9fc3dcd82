/*
 * The search for a gini cut of rows that weigh anything, for any classes.
 *
 * Codes have no room for weights, and the kernels none for their sums, so that rows are moved to
 * the left side one after another, as the plain search has it. What is left out beside that:
 *
 * - What is known of a row, its class and its weight, is fetched once a node, not once a feature;
 *   and goes to the slot of its rank, so that the slots are read in order and nothing else.
 * - Cuts are scored by a division, and looked at for whether they part two values, only where they
 *   may be the best: where the score's numerator n and denominator d are such that n > b d, with b
 *   a little less than the best score so far.
 * - No score is higher than the node's weight (impurity.h): where one is that high, the other
 *   features are not looked at but for whether they vary.
 */
#include "forest/bag.h"
#include "forest/impurity.h"
#include "forest/search.h"
#include "forest/tally.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Up to so many rows are sorted by insertion. */
enum { INSERTION_MOST = 24 };

/* What scoring needs of a row. */
struct wide_row {
    uint32_t class, weight;
};

/* Memory for one node and one feature. */
struct wide {
    const struct kernels *kernels;
    uint64_t *paths;        /* of the account */
    struct wide_row *rows;  /* of the node */
    struct wide_row *slots; /* by rank */
    uint32_t *places;       /* by rank, where values may be too close: the row's in the node */
    uint64_t *taken;        /* bitmap of ranks; clear between calls */
    uint32_t *rank;         /* of the rows, in order; with room for more */
    uint32_t *left;         /* by class; 0 between calls */
    uint64_t squares;       /* the sum over the classes of their weight's */
    struct wide_block block;
};

/* The walk over a node's rows in a feature's order. */
struct wide_walk {
    const struct node *node;
    const struct rank_column *column;
    uint32_t feature;
    struct cut *best;
    uint64_t squares, twice, weight; /* as in struct wide_block */
};

/* ---- memory ---- */

static bool wide_takes(const struct search_task *task)
{
    return task->growth->criterion == CRITERION_GINI && bag_weighs(task->growth) &&
           !limits_wanted(task->growth);
}

static void wide_end(void *memory)
{
    struct wide *wide = memory;
    if (!wide)
        return;
    free(wide->rows);
    free(wide->slots);
    free(wide->places);
    free(wide->taken);
    free(wide->rank);
    free(wide->left);
    free(wide);
}

static void *wide_begin(const struct search_task *task)
{
    enum { BEYOND = 4 };
    const size_t rows = task->matrix->rows;
    /* Vectors are laid into it, which malloc's alignment may be too narrow for. */
    struct wide *wide = aligned_alloc(_Alignof(struct wide), sizeof *wide);
    if (!wide)
        return NULL;
    memset(wide, 0, sizeof *wide);
    wide->kernels = task->kernels;
    wide->paths = task->account->paths;
    wide->rows = memory_array(rows, sizeof *wide->rows);
    wide->slots = memory_array(rows, sizeof *wide->slots);
    wide->places = memory_array(rows, sizeof *wide->places);
    wide->taken = calloc(ranks_words((uint32_t)rows), sizeof *wide->taken);
    wide->rank = memory_array(rows + BEYOND, sizeof *wide->rank);
    wide->left = calloc(task->matrix->classes, sizeof *wide->left);
    if (wide->rows && wide->slots && wide->places && wide->taken && wide->rank && wide->left)
        return wide;
    wide_end(wide);
    return NULL;
}

static void enter(struct wide *wide, const struct node *node)
{
    const struct tally *tally = node->tally;
    wide->squares = 0;
    for (uint32_t i = 0; i < tally->present_count; i++) {
        const uint64_t total = tally->total[tally->present[i]];
        wide->squares += total * total;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t row = node->rows[i];
        wide->rows[i] = (struct wide_row){node->view->class_of[row], node->view->weight[row]};
    }
}

/* ---- the node's rows in the feature's order ---- */

/* Each row goes to the slot of its rank. */
static inline void scatter(struct wide *wide, const struct node *node, const void *ranks,
                           bool is_wide, bool tied)
{
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t rank = rank_of(ranks, is_wide, node->rows[i]);
        wide->slots[rank] = wide->rows[i];
        if (tied)
            wide->places[rank] = i;
        wide->rank[i] = rank;
    }
}

static void sort_ranks(uint32_t *rank, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const uint32_t moved = rank[i];
        uint32_t at = i;
        for (; at > 0 && rank[at - 1] > moved; at--)
            rank[at] = rank[at - 1];
        rank[at] = moved;
    }
}

/*
 * Reads the ranks out of a bitmap. How many of a word are taken can't be foreseen, where to leave a
 * loop over them as little: some are read at a time, and what was written too much is written over.
 */
static void order_ranks(struct wide *wide, uint32_t count)
{
    enum { STEP = 4 };
    for (uint32_t i = 0; i < count; i++)
        wide->taken[wide->rank[i] / 64] |= UINT64_C(1) << wide->rank[i] % 64;
    uint32_t *to = wide->rank, *const all = to + count;
    for (uint32_t word = 0; to < all; word++) {
        uint64_t taken = wide->taken[word];
        uint32_t *const end = to + __builtin_popcountll(taken);
        wide->taken[word] = 0;
        for (; to < end; to += STEP)
#pragma GCC unroll 4
            for (int i = 0; i < STEP; i++, taken &= taken - 1)
                to[i] = word * 64 + (uint32_t)__builtin_ctzll(taken | UINT64_C(1) << 63);
        to = end;
    }
}

/* Leaves the ranks in order, and the rows in their slots. */
static void order(struct wide *wide, const struct node *node, const struct rank_column *column)
{
    const bool tied = column->span > 0;
    if (column->wide)
        scatter(wide, node, column->rank, true, tied);
    else
        scatter(wide, node, column->rank, false, tied);
    if (node->count <= INSERTION_MOST)
        sort_ranks(wide->rank, node->count);
    else
        order_ranks(wide, node->count);
}

/* ---- the walk ---- */

/* Whether a cut can go between two places in that order. */
static bool places_parted(const struct wide *wide, const struct wide_walk *walk, uint32_t below,
                          uint32_t above)
{
    if (column_parted(walk->column, wide->rank[below], wide->rank[above]))
        return true;
    const struct node *node = walk->node;
    const struct view *view = node->view;
    const uint32_t rows[2] = {view_matrix_row(view, node->rows[wide->places[wide->rank[below]]]),
                              view_matrix_row(view, node->rows[wide->places[wide->rank[above]]])};
    return values_parted(matrix_value(view->matrix, rows[0], walk->feature),
                         matrix_value(view->matrix, rows[1], walk->feature));
}

/* Moves the rows of a block to the left side. */
static inline void move_rows(struct wide *wide, struct wide_walk *walk, uint32_t first,
                             uint32_t count)
{
    const uint32_t *rank = wide->rank + first, *total = walk->node->tally->total;
    const struct wide_row *slots = wide->slots;
    struct wide_block *block = &wide->block;
    uint64_t squares = walk->squares, twice = walk->twice, weight = walk->weight;
    for (uint32_t i = 0; i < count; i++) {
        const struct wide_row row = slots[rank[i]];
        const uint64_t own = row.weight, left = wide->left[row.class];
        wide->left[row.class] = (uint32_t)(left + own);
        block->squares[i] = squares += own * (2 * left + own);
        block->twice[i] = twice += 2 * own * total[row.class];
        block->weight[i] = weight += own;
    }
    walk->squares = squares;
    walk->twice = twice;
    walk->weight = weight;
}

/* A little less than the best score: more than all roundings of the two sides together. */
static double bound_of(const struct cut *best)
{
    return best->score > 0 ? best->score * (1 - 0x1p-48) : 0;
}

/*
 * The cut behind row `at` of a block that begins at `first`, which parts the values there or does
 * not.
 */
static void try_cut(const struct wide *wide, const struct wide_walk *walk, uint32_t first,
                    uint32_t at)
{
    const struct wide_block *block = &wide->block;
    const uint64_t weight = block->weight[at];
    /* sum(r^2) = sum((t - l)^2) = sum(t^2) - 2 sum(t l) + sum(l^2) */
    const struct sides sides = {(int64_t)block->squares[at],
                                (int64_t)(wide->squares - block->twice[at] + block->squares[at]),
                                (uint32_t)weight, walk->node->tally->weight - (uint32_t)weight};
    const double score = impurity_gini_weighed.score(&sides, NULL);
    const uint32_t place = first + at;
    if (score > walk->best->score && places_parted(wide, walk, place, place + 1))
        *walk->best = (struct cut){score, walk->feature, wide->rank[place], wide->rank[place + 1],
                                   CUT_MIDWAY};
}

/* Looks at the cuts of a block, unless a bound of their scores says that none is better. */
static void try_block(struct wide *wide, const struct wide_walk *walk, uint32_t first,
                      uint32_t count)
{
    const struct node *node = walk->node;
    const uint32_t least = node->growth->min_samples_leaf;
    for (uint32_t i = count; i < WIDE_ROWS; i++)
        wide->block.weight[i] = wide->block.squares[i] = wide->block.twice[i] = 0;
    if (!wide->kernels->wide(&wide->block, (double)(int64_t)wide->squares, node->tally->weight,
                             bound_of(walk->best)))
        return;
    const uint32_t begin = first + 1 < least ? least - 1 - first : 0;
    for (uint32_t i = begin; i < count; i++)
        try_cut(wide, walk, first, i);
}

static void scan(struct wide *wide, struct wide_walk *walk)
{
    const struct tally *tally = walk->node->tally;
    const uint32_t least = walk->node->growth->min_samples_leaf, count = walk->node->count;
    for (uint32_t first = 0; first + least < count; first += WIDE_ROWS) {
        const uint32_t left = count - least - first, rows = left < WIDE_ROWS ? left : WIDE_ROWS;
        move_rows(wide, walk, first, rows);
        try_block(wide, walk, first, rows);
    }
    for (uint32_t i = 0; i < tally->present_count; i++)
        wide->left[tally->present[i]] = 0;
}

/* ---- the search ---- */

/* Whether the feature varies. */
static bool try_feature(struct wide *wide, const struct node *node, uint32_t feature,
                        struct cut *best)
{
    const struct rank_column column = ranks_column(node->view->ranks, feature);
    struct wide_walk walk = {.node = node, .column = &column, .feature = feature, .best = best};
    order(wide, node, &column);
    if (!places_parted(wide, &walk, 0, node->count - 1))
        return false;
    if (best->score == node->tally->weight)
        wide->paths[PATH_SETTLED]++;
    else
        scan(wide, &walk);
    return true;
}

static void wide_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct wide *wide = memory;
    (void)left;
    enter(wide, quest->node);
    for (uint32_t i = 0; i < quest->count; i++)
        quest->varies[i] = try_feature(wide, quest->node, quest->features[i], quest->best);
    wide->paths[PATH_WIDE] += quest->count;
}

const struct search search_wide = {wide_takes, wide_begin, wide_end, wide_find};
