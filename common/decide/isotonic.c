/*
 * A level is a run of points that were pooled. Each point begins as one; as long as the one before
 * is as high, the two become one. Hits and rows are whole numbers, and levels are compared by their
 * products, so that no order of sums matters.
 */
#include "decide/isotonic.h"

#include "base/memory.h"

#include <stdlib.h>

struct point {
    float share;
    uint32_t hit; /* 1: the row is of the class */
};

struct level {
    float low, high; /* the first and the last share */
    uint64_t hits, rows;
};

static int by_share(const void *left, const void *right)
{
    float l = ((const struct point *)left)->share, r = ((const struct point *)right)->share;
    return (l > r) - (l < r);
}

static bool falls(const struct level *before, const struct level *after)
{
    return before->hits * after->rows >= after->hits * before->rows;
}

/* Puts a level behind the others, and makes one of those that would fall. */
static size_t put_level(struct level *levels, size_t found, struct level level)
{
    while (found && falls(&levels[found - 1], &level)) {
        const struct level *before = &levels[--found];
        level.low = before->low;
        level.hits += before->hits;
        level.rows += before->rows;
    }
    levels[found] = level;
    return found + 1;
}

/* The levels of sorted points, behind `found` others in `levels`; returns how many there are. */
static size_t pool(const struct point *points, size_t count, struct level *levels, size_t found)
{
    for (size_t i = 0; i < count;) {
        struct level level = {points[i].share, points[i].share, 0, 0};
        for (; i < count && points[i].share == level.low; i++) {
            level.hits += points[i].hit;
            level.rows++;
        }
        found = put_level(levels, found, level);
    }
    return found;
}

static bool add_knot(struct rule *rule, double x, double y)
{
    size_t at = rule->lists[RULE_ISOTONIC_X].count;
    double *xs = rule_room(rule, RULE_ISOTONIC_X, at + 1);
    double *ys = rule_room(rule, RULE_ISOTONIC_Y, at + 1);
    if (!xs || !ys)
        return false;
    xs[at] = x;
    ys[at] = y;
    return true;
}

static bool add_level(struct rule *rule, const struct level *level)
{
    double y = (double)level->hits / (double)level->rows;
    return add_knot(rule, (double)level->low, y) &&
           (level->low == level->high || add_knot(rule, (double)level->high, y));
}

/* Most rows have no share of a class at all: they are one level, and are not sorted. */
static size_t find_levels(const struct rows *rows, uint32_t class, struct point *points,
                          struct level *levels)
{
    struct level none = {0, 0, 0, 0};
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct point point = {rows_proba(rows, i)[class], rows_label(rows, i) == class};
        none.rows += point.share == 0;
        none.hits += point.share == 0 && point.hit;
        points[count] = point;
        count += point.share != 0;
    }
    qsort(points, count, sizeof *points, by_share);
    return pool(points, count, levels, none.rows ? put_level(levels, 0, none) : 0);
}

static bool fit_class(const struct rows *rows, uint32_t class, struct point *points,
                      struct level *levels, struct rule *rule)
{
    size_t before = rule->lists[RULE_ISOTONIC_X].count;
    size_t count = find_levels(rows, class, points, levels);
    for (size_t i = 0; i < count; i++)
        if (!add_level(rule, &levels[i]))
            return false;
    rule->lists[RULE_ISOTONIC_KNOTS].values[class] =
        (double)(rule->lists[RULE_ISOTONIC_X].count - before);
    return true;
}

/* The classes' shares, as if each had a row more. */
static bool fill_prior(const struct rows *rows, struct rule *rule)
{
    double *prior = rule_room(rule, RULE_PRIOR, rows->classes);
    for (uint32_t c = 0; prior && c < rows->classes; c++)
        prior[c] = 1;
    for (size_t i = 0; prior && i < rows->count; i++)
        prior[rows_label(rows, i)] += 1;
    for (uint32_t c = 0; prior && c < rows->classes; c++)
        prior[c] /= (double)rows->count + rows->classes;
    return prior != NULL;
}

bool isotonic_fit(const struct rows *rows, struct rule *rule)
{
    struct point *points = memory_array(rows->count + 1, sizeof *points);
    struct level *levels = memory_array(rows->count + 1, sizeof *levels);
    bool done = points && levels && rule_room(rule, RULE_ISOTONIC_KNOTS, rows->classes) &&
                fill_prior(rows, rule);
    for (uint32_t c = 0; done && c < rows->classes; c++)
        done = fit_class(rows, c, points, levels, rule);
    free(points);
    free(levels);
    return done;
}
