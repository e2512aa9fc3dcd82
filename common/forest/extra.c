/*
 * The search of extremely randomised trees: of each feature one cut, drawn at random.
 *
 * A feature's threshold is drawn uniformly between the lowest and the highest of its values in the
 * node, and the best of these cuts is taken (Geurts, Ernst and Wehenkel, "Extremely randomized
 * trees", Machine Learning 63, 2006), as scikit-learn's ExtraTreesClassifier does it. Nothing is
 * put in order: a feature takes two passes over the node's rows, one for its range, and one for the
 * classes on the left. Nodes of few rows do that for eight features at a time (abreast.c).
 *
 * Each feature that varies takes one random number, whether its cut is then scored or not; and one
 * more where values are missing, which go to either side by the toss of a coin, as in scikit-learn
 * from version 1.6 on.
 */
#include "forest/abreast.h"
#include "forest/bag.h"
#include "forest/drawn.h"
#include "forest/impurity.h"
#include "forest/search.h"
#include "forest/tally.h"

#include "base/memory.h"

#include <stdlib.h>

struct extra;

/* How good the cut is that leaves extra->left on the left. */
typedef double extra_score(const struct extra *extra, const struct tally *tally);

/* Memory for one node and one feature. */
struct extra {
    const struct kernels *kernels;
    uint64_t *paths;         /* of the account */
    struct abreast *abreast; /* for nodes of few rows; owned; NULL: the task is not for it */
    extra_score *score;
    const int64_t *terms;     /* of the impurity; owned */
    uint32_t *keys;           /* of the node's rows */
    uint16_t *codes;          /* of those on the left */
    uint32_t *left;           /* by class: its weight there; 0 between calls */
    uint32_t *present, *sums; /* see tally_codes */
};

/* ---- scores ---- */

/* Written once, and compiled for each impurity. */
static inline __attribute__((always_inline)) double score(const struct extra *extra,
                                                          const struct impurity *impurity,
                                                          const struct tally *tally)
{
    struct sides sides = {0};
    for (uint32_t i = 0; i < tally->present_count; i++) {
        const uint32_t class = tally->present[i], left = extra->left[class];
        impurity->join(&sides, extra->terms, tally->total[class]);
        impurity->move(&sides, extra->terms, 0, tally->total[class], left);
    }
    return impurity->score(&sides, extra->terms);
}

#define SCORE(name)                                                                                \
    static double score_##name(const struct extra *extra, const struct tally *tally)               \
    {                                                                                              \
        return score(extra, &impurity_##name, tally);                                              \
    }
SCORE(gini)
SCORE(gini_weighed)
SCORE(entropy)
SCORE(entropy_weighed)
SCORE(hellinger)

/* An impurity and the score that is compiled for it. */
struct measure {
    const struct impurity *impurity;
    extra_score *score;
};

/* By criterion, and whether samples have weights. */
static const struct measure measures[][2] = {
    [CRITERION_GINI] = {{&impurity_gini, score_gini}, {&impurity_gini_weighed, score_gini_weighed}},
    [CRITERION_ENTROPY] = {{&impurity_entropy, score_entropy},
                           {&impurity_entropy_weighed, score_entropy_weighed}},
    [CRITERION_HELLINGER] = {{&impurity_hellinger, score_hellinger},
                             {&impurity_hellinger, score_hellinger}},
};

/* ---- memory ---- */

static bool extra_takes(const struct search_task *task)
{
    return task->growth->splitter == SPLITTER_RANDOM;
}

static void extra_end(void *memory)
{
    struct extra *extra = memory;
    if (!extra)
        return;
    free((void *)extra->terms);
    free(extra->keys);
    free(extra->codes);
    free(extra->left);
    free(extra->present);
    free(extra->sums);
    abreast_free(extra->abreast);
    free(extra);
}

static void *extra_begin(const struct search_task *task)
{
    const struct measure *measure = &measures[task->growth->criterion][bag_weighs(task->growth)];
    const uint32_t rows = task->matrix->rows;
    const size_t classes = task->matrix->classes;
    struct extra *extra = calloc(1, sizeof *extra);
    if (!extra)
        return NULL;
    extra->kernels = task->kernels;
    extra->paths = task->account->paths;
    extra->score = measure->score;
    const bool abreast = abreast_fits(task->matrix, task->growth);
    if (abreast)
        extra->abreast = abreast_new(task);
    if (measure->impurity->terms)
        extra->terms = measure->impurity->terms(rows);
    extra->keys = memory_array(rows, sizeof *extra->keys);
    extra->codes = memory_array(rows, sizeof *extra->codes);
    extra->left = calloc(classes, sizeof *extra->left);
    extra->present = memory_array(classes, sizeof *extra->present);
    extra->sums = memory_array(classes, sizeof *extra->sums);
    if (extra->keys && extra->codes && extra->left && extra->present && extra->sums &&
        (extra->abreast || !abreast) && (extra->terms || !measure->impurity->terms))
        return extra;
    extra_end(extra);
    return NULL;
}

/* ---- a feature's values ---- */

/* Keys of the lowest and the highest value, and how many are missing. */
struct range {
    uint32_t lowest, highest, missing;
};

/* Where some values may be missing. */
static struct range gather_present(struct extra *extra, const struct node *node,
                                   const uint32_t *column)
{
    struct range range = {UINT32_MAX, 0, 0};
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t key = column[node->rows[i]];
        extra->keys[i] = key;
        range.missing += key == RANKS_MISSING;
        if (key == RANKS_MISSING)
            continue;
        range.lowest = key < range.lowest ? key : range.lowest;
        range.highest = key > range.highest ? key : range.highest;
    }
    return range;
}

static struct range gather(struct extra *extra, const struct node *node, const uint32_t *column)
{
    struct range range = {UINT32_MAX, 0, 0};
    if (extra->kernels->gather && node->count >= GATHER_LEAST_ROWS) {
        extra->paths[PATH_GATHERED]++;
        extra->kernels->gather(column, node->rows, node->count, extra->keys, &range.lowest,
                               &range.highest);
        return range;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t key = column[node->rows[i]];
        extra->keys[i] = key;
        range.lowest = key < range.lowest ? key : range.lowest;
        range.highest = key > range.highest ? key : range.highest;
    }
    return range;
}

/* ---- the left side ---- */

static uint32_t count_left(struct extra *extra, const struct node *node, uint32_t limit)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const uint32_t row = node->rows[i];
        const bool goes_left = extra->keys[i] <= limit;
        extra->left[node->view->class_of[row]] += goes_left ? node->view->weight[row] : 0;
        count += goes_left;
    }
    return count;
}

/* Keeps the codes of rows that go left; returns how many. */
static uint32_t keep_left(const uint32_t *keys, const uint16_t *codes, uint32_t count,
                          uint32_t limit, uint16_t *to)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < count; i++) {
        to[left] = codes[i];
        left += keys[i] <= limit;
    }
    return left;
}

/* Fills extra->left; returns how many rows go there. */
static uint32_t fill_left(struct extra *extra, const struct node *node, uint32_t limit)
{
    if (!node->codes)
        return count_left(extra, node, limit);
    const uint32_t count = (extra->kernels->keep_left ? extra->kernels->keep_left : keep_left)(
        extra->keys, node->codes, node->count, limit, extra->codes);
    const uint32_t classes =
        count ? tally_codes(extra->codes, count, extra->present, extra->sums, NULL) : 0;
    for (uint32_t i = 0, before = 0; i < classes; before = extra->sums[i++])
        extra->left[extra->present[i]] = extra->sums[i] - before;
    return count;
}

/* ---- the search ---- */

static bool allowed(const struct extra *extra, const struct node *node, uint32_t feature)
{
    const struct tally *tally = node->tally;
    if (!limits_wanted(node->growth))
        return true;
    double left = 0;
    for (uint32_t i = 0; i < tally->present_count; i++)
        left += extra->left[tally->present[i]];
    const double first = extra->left[0], all = tally->total[0];
    const struct cut_sides sides = {left, tally->weight - left, first, all - first};
    return limits_allow(node->limits, feature, &sides);
}

static void try_cut(struct extra *extra, const struct quest *quest, struct cut *cut)
{
    const struct node *node = quest->node;
    const struct tally *tally = node->tally;
    const uint32_t least = node->growth->min_samples_leaf;
    for (uint32_t i = 0; cut->missing_left && i < node->count; i++)
        extra->keys[i] = extra->keys[i] == RANKS_MISSING ? 0 : extra->keys[i];
    const uint32_t count = fill_left(extra, node, cut->below);
    if (count >= least && node->count - count >= least && allowed(extra, node, cut->feature)) {
        cut->score = extra->score(extra, tally);
        if (cut->score > quest->best->score)
            *quest->best = *cut;
    }
    for (uint32_t i = 0; i < tally->present_count; i++)
        extra->left[tally->present[i]] = 0;
}

/* Whether the feature varies. */
static bool try_feature(struct extra *extra, const struct quest *quest, uint32_t feature)
{
    const struct node *node = quest->node;
    const struct rank_column column = ranks_column(node->view->ranks, feature);
    const struct range range =
        column.gaps ? gather_present(extra, node, column.rank) : gather(extra, node, column.rank);
    if (range.missing == node->count)
        return false;
    const float lowest = ranks_value(range.lowest), highest = ranks_value(range.highest);
    if (!values_parted(lowest, highest))
        return false;
    extra->paths[PATH_DRAWN]++;
    struct cut cut = {.feature = feature, .missing = range.missing};
    cut.threshold = drawn_threshold(quest->random, lowest, highest);
    cut.below = cut.above = ranks_key(cut.threshold);
    if (cut.missing)
        cut.missing_left = random_below(quest->random, 2);
    /* Scores of so light nodes are exact, and none is higher than their weight. */
    const struct tally *tally = node->tally;
    if (tally->weight <= LIGHT_WEIGHT && quest->best->score == tally->weight)
        extra->paths[PATH_SETTLED]++;
    else
        try_cut(extra, quest, &cut);
    return true;
}

static bool extra_by_value(const struct quest *quest, const void *memory)
{
    const struct extra *extra = memory;
    return extra->abreast && abreast_takes(quest->node);
}

static void extra_find(void *memory, const struct quest *quest, struct leftover *left)
{
    struct extra *extra = memory;
    (void)left;
    if (extra_by_value(quest, memory)) {
        abreast_find(extra->abreast, quest);
        return;
    }
    for (uint32_t i = 0; i < quest->count; i++)
        quest->varies[i] = try_feature(extra, quest, quest->features[i]);
}

const struct search search_extra = {extra_takes, extra_begin, extra_end, extra_by_value,
                                    extra_find};
