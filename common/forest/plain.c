/*
 * The search for a cut as it is defined, for any classes, weights and impurity.
 *
 * The rows of the node are put into the feature's order; then one after another moves from the
 * right side to the left, and the cut before the next one is scored wherever their values are
 * parted. Ranks are distinct, so the order needs no comparison of more than whole numbers: a few
 * rows are sorted by insertion, more go to slots by rank, of which a bitmap says which are taken.
 * Slots cost time by the view's rows, not the node's; subset.h sees to it that they are not many
 * more.
 *
 * Missing values come last. Where there are some, all rows move twice: with the missing ones on the
 * right, then on the left; and the last cut is that between them and all others. What they are in
 * the node is a matter of the feature, and one whose other values are alike counts as constant, as
 * in scikit-learn 1.4.
 */
#include "forest/bag.h"
#include "forest/impurity.h"
#include "forest/search.h"
#include "forest/tally.h"

#include "base/memory.h"

#include <float.h>
#include <stdlib.h>

/* Up to so many rows are sorted by insertion. */
enum { INSERTION_MOST = 24 };

struct plain;

/* Walks over the node in the feature's order. */
typedef void plain_walk(struct plain *plain, const struct node *node,
                        const struct rank_column *column, uint32_t feature, struct cut *best);

/* Memory for one node and one feature. */
struct plain {
    struct grow_account *account;
    plain_walk *walk;
    const int64_t *terms; /* of the impurity; owned */
    uint32_t *slot;       /* by rank: the row; meaningful where `taken` */
    uint64_t *taken;      /* bitmap of ranks; clear between calls */
    uint32_t *row;        /* the node's rows in the feature's order ... */
    uint32_t *rank;       /* ... and their ranks */
    uint32_t present;     /* of these, that are not missing: the others come last */
    uint32_t *left;       /* by class; clear between calls */
};

/* ---- the node's rows in the feature's order ---- */

static void order_by_insertion(struct plain *plain, const struct node *node,
                               const struct rank_column *column)
{
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t row = node->rows[i], rank = column_rank(column, row), at = i;
        for (; at > 0 && plain->rank[at - 1] > rank; at--) {
            plain->rank[at] = plain->rank[at - 1];
            plain->row[at] = plain->row[at - 1];
        }
        plain->rank[at] = rank;
        plain->row[at] = row;
    }
}

/* Each row goes to the slot of its rank; the slots are then read in order. */
static void order_by_slots(struct plain *plain, const struct node *node,
                           const struct rank_column *column)
{
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t rank = column_rank(column, node->rows[i]);
        plain->slot[rank] = node->rows[i];
        plain->taken[rank / 64] |= UINT64_C(1) << rank % 64;
    }
    uint32_t at = 0;
    for (size_t word = 0; at < node->count; word++) {
        uint64_t taken = plain->taken[word];
        plain->taken[word] = 0;
        for (; taken; taken &= taken - 1) {
            uint32_t rank = (uint32_t)word * 64 + (uint32_t)__builtin_ctzll(taken);
            plain->rank[at] = rank;
            plain->row[at++] = plain->slot[rank];
        }
    }
}

/* Whether a cut can go between two places in that order. */
static bool places_parted(const struct plain *plain, const struct node *node,
                          const struct rank_column *column, uint32_t feature, uint32_t below,
                          uint32_t above)
{
    if (column_parted(column, plain->rank[below], plain->rank[above]))
        return true;
    const struct view *view = node->view;
    uint32_t rows[2] = {view_matrix_row(view, plain->row[below]),
                        view_matrix_row(view, plain->row[above])};
    return values_parted(matrix_value(view->matrix, rows[0], feature),
                         matrix_value(view->matrix, rows[1], feature));
}

/* ---- the walk ---- */

static bool allowed(const struct plain *plain, const struct node *node, uint32_t feature,
                    const struct sides *sides)
{
    const double first = plain->left[0], all = node->tally->total[0];
    const struct cut_sides weighed = {sides->left_weight, sides->right_weight, first, all - first};
    return limits_allow(node->limits, feature, &weighed);
}

/* Moves the row at a place in that order to the left side. */
static inline void move(struct plain *plain, const struct impurity *impurity,
                        const struct node *node, uint32_t at, struct sides *sides)
{
    const uint32_t class = node->view->class_of[plain->row[at]];
    const uint32_t weight = node->view->weight[plain->row[at]], left = plain->left[class];
    impurity->move(sides, plain->terms, left, node->tally->total[class] - left, weight);
    plain->left[class] = left + weight;
}

/* All rows on the right side, but for those of missing values, where these are on the left. */
static inline struct sides begin(struct plain *plain, const struct impurity *impurity,
                                 const struct node *node, bool missing_left)
{
    const struct tally *tally = node->tally;
    struct sides sides = {0};
    for (uint32_t i = 0; i < tally->present_count; i++) {
        impurity->join(&sides, plain->terms, tally->total[tally->present[i]]);
        plain->left[tally->present[i]] = 0;
    }
    for (uint32_t i = plain->present; missing_left && i < node->count; i++)
        move(plain, impurity, node, i, &sides);
    return sides;
}

/* Tries the cut behind a place. */
static inline void try_cut(const struct plain *plain, const struct impurity *impurity, bool limited,
                           const struct node *node, uint32_t feature, const struct sides *sides,
                           struct cut cut, struct cut *best)
{
    if (limited && !allowed(plain, node, feature, sides))
        return;
    cut.score = impurity->score(sides, plain->terms);
    if (cut.score > best->score)
        *best = cut;
}

/* Written once, and compiled for each impurity, with limits and without. */
static inline __attribute__((always_inline)) void walk(struct plain *plain,
                                                       const struct impurity *impurity,
                                                       bool limited, const struct node *node,
                                                       const struct rank_column *column,
                                                       uint32_t feature, struct cut *best)
{
    const uint32_t least = node->growth->min_samples_leaf, present = plain->present;
    const uint32_t missing = node->count - present;
    for (int side = 0; side < (missing ? 2 : 1); side++) {
        struct sides sides = begin(plain, impurity, node, side);
        const uint32_t with_left = side ? missing : 0, all = side ? present : node->count;
        for (uint32_t i = 0; i + 1 < present && i + least < all; i++) {
            move(plain, impurity, node, i, &sides);
            if (i + 1 + with_left < least || !places_parted(plain, node, column, feature, i, i + 1))
                continue;
            const struct cut cut = {0,          feature, plain->rank[i], plain->rank[i + 1],
                                    CUT_MIDWAY, missing, side,           false,
                                    false};
            try_cut(plain, impurity, limited, node, feature, &sides, cut, best);
        }
    }
    if (missing >= least && present >= least) {
        struct sides sides = begin(plain, impurity, node, false);
        for (uint32_t i = 0; i < present; i++)
            move(plain, impurity, node, i, &sides);
        const struct cut cut = {
            0,     feature, plain->rank[present - 1], column->present, FLT_MAX, true, false,
            false, false};
        try_cut(plain, impurity, limited, node, feature, &sides, cut, best);
    }
    for (uint32_t i = 0; i < node->tally->present_count; i++)
        plain->left[node->tally->present[i]] = 0;
}

#define WALK(name, limited)                                                                        \
    static void walk_##name##_##limited(struct plain *plain, const struct node *node,              \
                                        const struct rank_column *column, uint32_t feature,        \
                                        struct cut *best)                                          \
    {                                                                                              \
        walk(plain, &impurity_##name, limited, node, column, feature, best);                       \
    }
WALK(gini, 0)
WALK(gini, 1)
WALK(entropy, 0)
WALK(entropy, 1)
WALK(hellinger, 0)
WALK(hellinger, 1)

WALK(gini_weighed, 0)
WALK(gini_weighed, 1)
WALK(entropy_weighed, 0)
WALK(entropy_weighed, 1)

/* An impurity and the walks that are compiled for it, the second one with limits. */
struct measure {
    const struct impurity *impurity;
    plain_walk *walks[2];
};

/* By criterion, and whether samples have weights. */
static const struct measure measures[][2] = {
    [CRITERION_GINI] = {{&impurity_gini, {walk_gini_0, walk_gini_1}},
                        {&impurity_gini_weighed, {walk_gini_weighed_0, walk_gini_weighed_1}}},
    [CRITERION_ENTROPY] = {{&impurity_entropy, {walk_entropy_0, walk_entropy_1}},
                           {&impurity_entropy_weighed,
                            {walk_entropy_weighed_0, walk_entropy_weighed_1}}},
    [CRITERION_HELLINGER] = {{&impurity_hellinger, {walk_hellinger_0, walk_hellinger_1}},
                             {&impurity_hellinger, {walk_hellinger_0, walk_hellinger_1}}},
};

/* ---- the search ---- */

static void plain_end(void *memory)
{
    struct plain *plain = memory;
    if (!plain)
        return;
    free((void *)plain->terms);
    free(plain->slot);
    free(plain->taken);
    free(plain->row);
    free(plain->rank);
    free(plain->left);
    free(plain);
}

static void *plain_begin(const struct search_task *task)
{
    const struct measure *measure = &measures[task->growth->criterion][bag_weighs(task->growth)];
    uint32_t rows = task->matrix->rows;
    struct plain *plain = calloc(1, sizeof *plain);
    if (!plain)
        return NULL;
    plain->account = task->account;
    plain->walk = measure->walks[limits_wanted(task->growth)];
    if (measure->impurity->terms)
        plain->terms = measure->impurity->terms(rows);
    plain->slot = memory_array(rows, sizeof *plain->slot);
    plain->taken = calloc(ranks_words(rows), sizeof *plain->taken);
    plain->row = memory_array(rows, sizeof *plain->row);
    plain->rank = memory_array(rows, sizeof *plain->rank);
    plain->left = calloc(task->matrix->classes, sizeof *plain->left);
    if (plain->slot && plain->taken && plain->row && plain->rank && plain->left &&
        (plain->terms || !measure->impurity->terms))
        return plain;
    plain_end(plain);
    return NULL;
}

/* Whether the feature varies. */
static bool try_feature(struct plain *plain, const struct node *node, uint32_t feature,
                        struct cut *best)
{
    struct rank_column column = ranks_column(node->view->ranks, feature);
    bool inserts = node->count <= INSERTION_MOST;
    plain->account->paths[PATH_SORTED] += inserts;
    if (inserts)
        order_by_insertion(plain, node, &column);
    else
        order_by_slots(plain, node, &column);
    plain->present = node->count;
    while (plain->present > 0 && plain->rank[plain->present - 1] >= column.present)
        plain->present--;
    if (plain->present < 2 || !places_parted(plain, node, &column, feature, 0, plain->present - 1))
        return false;
    plain->walk(plain, node, &column, feature, best);
    return true;
}

static void plain_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct plain *plain = memory;
    (void)left;
    for (uint32_t i = 0; i < quest->count; i++)
        quest->varies[i] = try_feature(plain, quest->node, quest->features[i], quest->best);
    plain->account->paths[PATH_PLAIN] += quest->count;
}

const struct search search_plain = {NULL, plain_begin, plain_end, NULL, plain_find};
