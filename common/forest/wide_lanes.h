/*
 * wide: the search for a gini cut of rows that weigh anything. Included, once, by the files that
 * compile it for an instruction set.
 *
 * The ranks of the rows are put in order, and a block of rows after the other is moved to the left
 * side, one row at a time. Cuts of a block are scored, and looked at for whether they part two
 * values, only where one of them may be the best: where the score's numerator n and denominator d
 * are such that n > b d, with b a little less than the best score so far.
 *
 * A file that has a better way to put many ranks in order defines WIDE_ORDER.
 */
#ifndef FOREST_WIDE_LANES_H
#define FOREST_WIDE_LANES_H

#include "forest/cut.h"
#include "forest/lanes.h"
#include "forest/wide.h"

enum {
    WIDE_ROWS = 32, /* of a block */
    WIDE_FEW = 24   /* rows of a node up to which they are sorted by insertion */
};

/* The walk over a node's rows in a feature's order. */
struct wide_walk {
    const struct wide_node *wide;
    const struct rank_column *column;
    uint32_t feature;
    struct cut *best;

    /* Sums over the left side: of the squares of the classes' weights, of twice each row's weight
       times its class's total, of the weights; behind each row of a block, and so far. */
    uint64_t squares[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t twice[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t weight[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t all_squares, all_twice, all_weight;
};

/* ---- the node's rows in the feature's order ---- */

/* Notes the ranks, and where the rows of each are. */
static inline void wide_scatter(const struct wide_node *wide, const void *ranks, bool is_wide)
{
    const uint32_t *rows = wide->node->rows, count = wide->node->count;
    uint32_t *rank = wide->rank, *places = wide->places;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t here = rank_of(ranks, is_wide, rows[i]);
        rank[i] = here;
        places[here] = i;
    }
}

static inline void wide_insert(uint32_t *rank, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const uint32_t moved = rank[i];
        uint32_t at = i;
        for (; at > 0 && rank[at - 1] > moved; at--)
            rank[at] = rank[at - 1];
        rank[at] = moved;
    }
}

#ifndef WIDE_ORDER
/*
 * The ranks of a word of the bitmap. How many there are can't be foreseen, where to leave a loop
 * over them as little: some are written at a time, and what is too much is written over.
 */
static inline uint32_t *wide_read_word(uint32_t *to, uint64_t taken, uint32_t first)
{
    enum { STEP = 4 };
    uint32_t *const end = to + __builtin_popcountll(taken);
    for (; to < end; to += STEP)
#pragma GCC unroll 4
        for (int i = 0; i < STEP; i++, taken &= taken - 1)
            to[i] = first + (uint32_t)__builtin_ctzll(taken | UINT64_C(1) << 63);
    return end;
}
#endif

static inline void wide_order_many(const struct wide_node *wide, uint32_t count)
{
    uint64_t *taken = wide->taken;
    for (uint32_t i = 0; i < count; i++)
        taken[wide->rank[i] / 64] |= UINT64_C(1) << wide->rank[i] % 64;
    uint32_t *to = wide->rank, *const end = to + count;
    for (uint32_t word = 0; to < end; word++) {
        const uint64_t here = taken[word];
        taken[word] = 0;
        to = wide_read_word(to, here, word * 64);
    }
}

/* Leaves the ranks in order. */
static inline void wide_order(const struct wide_node *wide, const struct rank_column *column)
{
    if (column->wide)
        wide_scatter(wide, column->rank, true);
    else
        wide_scatter(wide, column->rank, false);
    if (wide->node->count <= WIDE_FEW)
        wide_insert(wide->rank, wide->node->count);
    else
        wide_order_many(wide, wide->node->count);
}

/* Whether one of the node's ranks is further than column->span from the first; the second mostly
   is. */
static inline bool wide_spread(const struct wide_node *wide, const struct rank_column *column)
{
    const uint32_t *rows = wide->node->rows, count = wide->node->count;
    const uint32_t first = column_rank(column, rows[0]);
    for (uint32_t i = 1; i < count; i++) {
        const uint32_t rank = column_rank(column, rows[i]);
        if ((rank > first ? rank - first : first - rank) > column->span)
            return true;
    }
    return false;
}

/* Whether a cut can go between two places in that order. */
static bool wide_parted(const struct wide_walk *walk, uint32_t below, uint32_t above)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t ranks[2] = {wide->rank[below], wide->rank[above]};
    if (column_parted(walk->column, ranks[0], ranks[1]))
        return true;
    const struct view *view = wide->node->view;
    float value[2];
    for (int i = 0; i < 2; i++) {
        const uint32_t row = wide->node->rows[wide->places[ranks[i]]];
        value[i] = matrix_value(view->matrix, view_matrix_row(view, row), walk->feature);
    }
    return values_parted(value[0], value[1]);
}

/* ---- the walk ---- */

/* Moves the rows of a block to the left side. */
static inline void wide_move(struct wide_walk *walk, uint32_t first, uint32_t count)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t *rank = wide->rank + first, *places = wide->places, *total = wide->total;
    const struct wide_row *rows = wide->rows;
    struct wide_left *lefts = wide->left;
    uint64_t squares = walk->all_squares, twice = walk->all_twice, all = walk->all_weight;
    for (uint32_t i = 0; i < count; i++) {
        const struct wide_row row = rows[places[rank[i]]];
        struct wide_left *left = &lefts[row.class];
        const uint64_t weight = row.weight, before = left->side[0] + left->side[1];
        left->side[i % 2] += row.weight;
        walk->squares[i] = squares += weight * (2 * before + weight);
        walk->twice[i] = twice += 2 * weight * total[row.class];
        walk->weight[i] = all += weight;
    }
    walk->all_squares = squares;
    walk->all_twice = twice;
    walk->all_weight = all;
}

typedef int64_t lanes64_signed __attribute__((vector_size(LANES_BYTES)));

/* Numbers below 2^63, rounded. */
static inline lanes_double wide_doubles(const uint64_t *numbers)
{
    return __builtin_convertvector(*(const lanes64_signed *)numbers, lanes_double);
}

/* Whether a cut of a block may score more than the best: roundings of the two sides together are
   less than what the bound leaves room for. */
static inline bool wide_promising(const struct wide_walk *walk, uint32_t count)
{
    const struct wide_node *wide = walk->wide;
    const lanes_double bound =
        lanes_all(walk->best->score > 0 ? walk->best->score * (1 - 0x1p-48) : 0);
    const lanes_double all = lanes_all(wide->weight),
                       total = lanes_all((double)(int64_t)wide->squares);
    lanes64 any = {0};
    for (uint32_t i = 0; i < count; i += LANES_OF(uint64_t)) {
        const lanes_double left = wide_doubles(walk->weight + i), right = all - left;
        const lanes_double below = wide_doubles(walk->squares + i);
        /* sum(r^2) = sum((t - l)^2) = sum(t^2) - 2 sum(t l) + sum(l^2) */
        const lanes_double above = total - wide_doubles(walk->twice + i) + below;
        any |= (lanes64)(below * right + above * left > bound * (left * right));
    }
    return lanes_any(any);
}

/* The cut behind row `at` of a block that begins at `first`. */
static void wide_try(const struct wide_walk *walk, uint32_t first, uint32_t at)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t weight = (uint32_t)walk->weight[at], place = first + at;
    const struct sides sides = {(int64_t)walk->squares[at],
                                (int64_t)(wide->squares - walk->twice[at] + walk->squares[at]),
                                weight, wide->weight - weight};
    const double score = gini_weighed_score(&sides, NULL);
    if (score > walk->best->score && wide_parted(walk, place, place + 1))
        *walk->best = (struct cut){score, walk->feature, wide->rank[place], wide->rank[place + 1],
                                   CUT_MIDWAY};
}

/* Tries the cuts of a block, unless a bound of their scores says that none is better. */
static inline void wide_try_block(struct wide_walk *walk, uint32_t first, uint32_t count)
{
    const uint32_t least = walk->wide->node->growth->min_samples_leaf;
    const uint32_t begin = first + 1 < least ? least - 1 - first : 0;
    for (uint32_t i = count; i % LANES_OF(uint64_t); i++)
        walk->weight[i] = walk->squares[i] = walk->twice[i] = 0;
    if (!wide_promising(walk, count))
        return;
    for (uint32_t i = begin; i < count; i++)
        wide_try(walk, first, i);
}

static inline void wide_scan(struct wide_walk *walk)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t least = wide->node->growth->min_samples_leaf, count = wide->node->count;
    walk->all_squares = walk->all_twice = walk->all_weight = 0;
    for (uint32_t first = 0; first + least < count; first += WIDE_ROWS) {
        const uint32_t left = count - least - first, rows = left < WIDE_ROWS ? left : WIDE_ROWS;
        wide_move(walk, first, rows);
        wide_try_block(walk, first, rows);
    }
    for (uint32_t i = 0; i < wide->class_count; i++)
        wide->left[wide->classes[i]] = (struct wide_left){{0, 0}};
}

/* As kernels.h has it. */
static bool wide_feature(struct wide_node *wide, const struct rank_column *column, uint32_t feature,
                         struct cut *best)
{
    struct wide_walk walk;
    walk.wide = wide;
    walk.column = column;
    walk.feature = feature;
    walk.best = best;
    wide->settled = best->score == wide->weight;
    if (wide->settled && wide_spread(wide, column))
        return true;
    wide_order(wide, column);
    if (!wide_parted(&walk, 0, wide->node->count - 1))
        return false;
    if (!wide->settled)
        wide_scan(&walk);
    return true;
}

#endif
