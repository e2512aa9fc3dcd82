/*
 * wide: the search for a gini cut of rows that weigh anything. Included, once, by the files that
 * compile it for an instruction set.
 *
 * The ranks of the rows are put in order, and a block of rows after the other is moved to the left
 * side, one row at a time. Cuts of a block are scored, and looked at for whether they part two
 * values, only where one of them may be the best: where the score's numerator n and denominator d
 * are such that n > b d, with b a little less than the best score so far.
 *
 * Missing values come last in a feature's order. Where there are some, each cut is two, the missing
 * ones on the right or on the left. Of l on the left and m missing, by class, sum((l + m)^2) is
 * sum(l^2) + 2 sum(l m) + sum(m^2), so that one more sum tells both.
 *
 * A file that has a header with a better wide_move defines WIDE_MOVE as its name.
 */
#ifndef FOREST_WIDE_LANES_H
#define FOREST_WIDE_LANES_H

#include "forest/cut.h"
#include "forest/lanes.h"
#include "forest/wide_order.h"

#include <float.h>

enum { WIDE_ROWS = 32 /* of a block */ };

/* In the order of struct wide_class. */
struct wide_sums {
    uint64_t squares, twice, weight, across;
};

/* The walk over a node's rows in a feature's order. */
struct wide_walk {
    const struct wide_node *wide;
    const struct rank_column *column;
    uint32_t feature;
    struct cut *best;

    uint32_t present; /* rows whose value is not missing */

    /* Sums over the left side but for the missing ones: of the squares of the classes' weights, of
       twice each row's weight times its class's total, of the weights, and of twice each row's
       weight times that of its class among the missing ones; behind each row of a block, and so
       far. */
    uint64_t squares[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t twice[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t weight[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    uint64_t across[WIDE_ROWS] __attribute__((aligned(LANES_MOST)));
    struct wide_sums so_far, missing; /* the second: of the missing ones alone */
    struct cut other;                 /* the best cut with these on the left */
};

/* ---- the node's rows in the feature's order ---- */

/* Whether two of the node's ranks are further apart than column->span. Mostly the first two are. */
static inline bool wide_spread(const struct wide_node *wide, const struct rank_column *column)
{
    const uint32_t *rows = wide->node->rows, count = wide->node->count;
    uint32_t lowest = UINT32_MAX, highest = 0;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t rank = column_rank(column, rows[i]);
        if (rank >= column->present)
            continue;
        lowest = rank < lowest ? rank : lowest;
        highest = rank > highest ? rank : highest;
        if (highest - lowest > column->span)
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

/* The row at a place in that order. */
static inline const struct wide_row *wide_row_at(const struct wide_node *wide, uint32_t at)
{
    return &wide->rows[wide->places[wide->rank[at]]];
}

/* Moves a row to the left side; returns twice what its class weighed there, and its weight. */
static inline uint32_t wide_take(const struct wide_node *wide, const struct wide_row *row,
                                 unsigned side)
{
    struct wide_left *left = &wide->left[row->class];
    const uint32_t before = left->side[0] + left->side[1];
    left->side[side] += row->weight;
    return 2 * before + row->weight;
}

#ifdef WIDE_MOVE
#include WIDE_MOVE
#else
/* Moves the rows of a block to the left side. */
static inline __attribute__((always_inline)) void wide_move(struct wide_walk *walk, uint32_t first,
                                                            uint32_t count, bool gaps)
{
    const struct wide_node *wide = walk->wide;
    struct wide_sums sums = walk->so_far;
    for (uint32_t i = 0; i < count; i++) {
        const struct wide_row *row = wide_row_at(wide, first + i);
        const struct wide_class *class = &wide->classes[row->class];
        const uint64_t weight = row->weight;
        walk->squares[i] = sums.squares += weight * wide_take(wide, row, i % 2);
        walk->twice[i] = sums.twice += weight * class->twice;
        walk->weight[i] = sums.weight += weight;
        if (gaps)
            walk->across[i] = sums.across += weight * class->across;
    }
    walk->so_far = sums;
}
#endif

typedef int64_t lanes64_signed __attribute__((vector_size(LANES_BYTES)));

/* Numbers below 2^63, rounded. */
static inline lanes_double wide_doubles(lanes64_signed numbers)
{
    lanes_double doubles = {0};
    LANES_CONVERT(doubles, numbers);
    return doubles;
}

/* Which cuts of a block may score more than the best, a bit each: roundings of the two sides
   together are less than what the bound leaves room for. */
static inline __attribute__((always_inline)) uint32_t wide_promising(const struct wide_walk *walk,
                                                                     uint32_t count,
                                                                     const struct cut *best,
                                                                     bool with)
{
    const struct wide_node *wide = walk->wide;
    const double least = best->score > walk->best->score ? best->score : walk->best->score;
    const lanes_double bound = lanes_all(least > 0 ? least * (1 - 0x1p-48) : 0);
    const lanes_double all = lanes_all(wide->weight);
    const lanes_double total = lanes_all((double)(int64_t)wide->squares);
    const lanes64 zero = {0};
    const lanes64_signed more_weight = (lanes64_signed)(zero + walk->missing.weight);
    const lanes64_signed more_squares = (lanes64_signed)(zero + walk->missing.squares);
    const lanes64_signed more_twice = (lanes64_signed)(zero + walk->missing.twice);
    lanes64 any = {0}, first;
    for (unsigned i = 0; i < LANES_OF(uint64_t); i++)
        first[i] = UINT64_C(1) << i;
    for (uint32_t i = 0; i < count; i += LANES_OF(uint64_t)) {
        lanes64_signed weight = *(const lanes64_signed *)(walk->weight + i);
        lanes64_signed squares = *(const lanes64_signed *)(walk->squares + i);
        lanes64_signed twice = *(const lanes64_signed *)(walk->twice + i);
        if (with) {
            weight += more_weight;
            squares += more_squares + *(const lanes64_signed *)(walk->across + i);
            twice += more_twice;
        }
        const lanes_double left = wide_doubles(weight), right = all - left;
        const lanes_double below = wide_doubles(squares);
        /* sum(r^2) = sum((t - l)^2) = sum(t^2) - 2 sum(t l) + sum(l^2) */
        const lanes_double above = total - wide_doubles(twice) + below;
        const lanes64 higher = (lanes64)(below * right + above * left > bound * (left * right));
        any |= (higher & first) << i;
    }
    return (uint32_t)(lanes_or(any) & ((UINT64_C(1) << count) - 1));
}

static inline double wide_score(const struct wide_node *wide, const struct wide_sums *left)
{
    const uint32_t weight = (uint32_t)left->weight;
    const struct sides sides = {(int64_t)left->squares,
                                (int64_t)(wide->squares - left->twice + left->squares), weight,
                                wide->weight - weight};
    return gini_weighed_score(&sides, NULL);
}

/* The score of the cut behind row `at` of a block, with the missing ones on the left or without. */
static inline double wide_score_at(const struct wide_walk *walk, uint32_t at, bool with)
{
    struct wide_sums sums = {walk->squares[at], walk->twice[at], walk->weight[at], 0};
    if (with) {
        sums.squares += walk->missing.squares + walk->across[at];
        sums.twice += walk->missing.twice;
        sums.weight += walk->missing.weight;
    }
    return wide_score(walk->wide, &sums);
}

/* Takes the cut behind a place for the best, if one can go there. */
static bool wide_take_cut(const struct wide_walk *walk, uint32_t place, bool with, double score,
                          struct cut *best)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t least = wide->node->growth->min_samples_leaf;
    const uint32_t missing = wide->node->count - walk->present;
    const uint32_t left = place + 1 + (with ? missing : 0);
    if (left < least || wide->node->count - left < least || !wide_parted(walk, place, place + 1))
        return false;
    *best = (struct cut){score,
                         walk->feature,
                         wide->rank[place],
                         wide->rank[place + 1],
                         CUT_MIDWAY,
                         missing > 0,
                         with,
                         false,
                         false};
    return true;
}

/*
 * Tries the cuts of a block that begins at `first`, but for those of which a bound says that they
 * are no better: the highest, and only if none can go there the others, one after another.
 */
static inline __attribute__((always_inline)) void wide_try_block(struct wide_walk *walk,
                                                                 uint32_t first, uint32_t count,
                                                                 bool with, struct cut *best)
{
    const uint32_t cuts = wide_promising(walk, count, best, with);
    double scores[WIDE_ROWS], highest = best->score;
    uint32_t at = WIDE_ROWS;
    for (uint32_t left = cuts; left; left &= left - 1) {
        const uint32_t i = (uint32_t)__builtin_ctz(left);
        scores[i] = wide_score_at(walk, i, with);
        at = scores[i] > highest ? i : at;
        highest = scores[i] > highest ? scores[i] : highest;
    }
    if (at == WIDE_ROWS || wide_take_cut(walk, first + at, with, highest, best))
        return;
    for (uint32_t left = cuts; left; left &= left - 1) {
        const uint32_t i = (uint32_t)__builtin_ctz(left);
        if (scores[i] > best->score)
            wide_take_cut(walk, first + i, with, scores[i], best);
    }
}

/* The cut between all values and the missing ones. */
static void wide_try_last(struct wide_walk *walk)
{
    const struct wide_node *wide = walk->wide;
    const uint32_t present = walk->present, missing = wide->node->count - present;
    const uint32_t least = wide->node->growth->min_samples_leaf;
    struct wide_sums sums = {0, 0, wide->weight - walk->missing.weight, 0};
    if (present < least || missing < least)
        return;
    for (uint32_t i = 0; i < wide->class_count; i++) {
        const struct wide_class *class = &wide->classes[i];
        const uint64_t left = (class->twice - class->across) / 2;
        sums.squares += left * left;
        sums.twice += left * class->twice;
    }
    const double score = wide_score(wide, &sums);
    if (score > walk->best->score)
        *walk->best = (struct cut){score,
                                   walk->feature,
                                   wide->rank[present - 1],
                                   walk->column->present,
                                   FLT_MAX,
                                   true,
                                   false,
                                   false,
                                   false};
}

static inline void wide_take_missing(struct wide_walk *walk)
{
    const struct wide_node *wide = walk->wide;
    struct wide_sums *sums = &walk->missing;
    for (uint32_t i = 0; i < wide->node->count - walk->present; i++) {
        const struct wide_row *row = &wide->rows[wide->absent[i]];
        struct wide_class *class = &wide->classes[row->class];
        const uint64_t weight = row->weight;
        sums->squares += weight * (class->across + weight);
        sums->twice += weight * class->twice;
        sums->weight += weight;
        class->across += 2 * weight;
    }
}

static inline __attribute__((always_inline)) void wide_scan_by(struct wide_walk *walk, bool gaps)
{
    const uint32_t cuts = walk->present - 1;
    for (uint32_t first = 0; first < cuts; first += WIDE_ROWS) {
        const uint32_t rows = cuts - first < WIDE_ROWS ? cuts - first : WIDE_ROWS;
        wide_move(walk, first, rows, gaps);
        for (uint32_t i = rows; i % LANES_OF(uint64_t); i++)
            walk->weight[i] = walk->squares[i] = walk->twice[i] = walk->across[i] = 0;
        wide_try_block(walk, first, rows, false, walk->best);
        if (gaps)
            wide_try_block(walk, first, rows, true, &walk->other);
    }
}

static inline void wide_scan(struct wide_walk *walk)
{
    const struct wide_node *wide = walk->wide;
    walk->so_far = walk->missing = (struct wide_sums){0};
    walk->other = CUT_NONE;
    if (walk->present < wide->node->count) {
        wide_take_missing(walk);
        wide_scan_by(walk, true);
        if (walk->other.score > walk->best->score)
            *walk->best = walk->other;
        wide_try_last(walk);
    } else {
        wide_scan_by(walk, false);
    }
    for (uint32_t i = 0; i < wide->class_count; i++) {
        wide->left[i] = (struct wide_left){{0, 0}};
        wide->classes[i].across = 0;
    }
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
    walk.present = wide_order(wide, column);
    if (walk.present < 2 || !wide_parted(&walk, 0, walk.present - 1))
        return false;
    if (!wide->settled)
        wide_scan(&walk);
    return true;
}

#endif
