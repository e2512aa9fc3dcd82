/*
 * The shares of all rows are sorted already; those of rows that are not picked are passed over.
 * A level is a run of points that were pooled. Each point begins as one; as long as the one before
 * is as high, the two become one. Hits and rows are whole numbers, and levels are compared by their
 * products, so that no order of sums matters.
 */
#include "decide/isotonic.h"

#include "base/memory.h"

#include <stdlib.h>

struct level {
    float low, high; /* the first and the last share */
    uint64_t hits, rows;
};

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

/* What a fit goes by. */
struct fit {
    const struct rows *rows;
    uint8_t *picked; /* of all rows */
    uint64_t *label_count;
    struct level *levels;
};

/* The level of all picked rows from `*at` on that have the same share; `*at` goes behind them. */
static struct level next_level(const struct fit *fit, uint32_t class, size_t *at, size_t end)
{
    const struct shares *shares = fit->rows->shares;
    float share = share_value(shares->of[*at]);
    struct level level = {share, share, 0, 0};
    for (; *at < end && share_value(shares->of[*at]) == share; ++*at) {
        uint32_t row = share_row(shares->of[*at]);
        level.rows += fit->picked[row];
        level.hits += fit->picked[row] & (fit->rows->label[row] == class);
    }
    return level;
}

/* The picked rows that have no share of the class at all, which are most. */
static struct level without_share(const struct fit *fit, uint32_t class)
{
    const struct shares *shares = fit->rows->shares;
    struct level none = {0, 0, fit->label_count[class], fit->rows->count};
    for (size_t i = shares->begin[class]; i < shares->begin[class + 1]; i++) {
        uint32_t row = share_row(shares->of[i]);
        none.rows -= fit->picked[row];
        none.hits -= fit->picked[row] & (fit->rows->label[row] == class);
    }
    return none;
}

/* Fills the levels of a class; returns how many there are. */
static size_t find_levels(const struct fit *fit, uint32_t class)
{
    const struct shares *shares = fit->rows->shares;
    struct level none = without_share(fit, class);
    size_t found = none.rows ? put_level(fit->levels, 0, none) : 0;
    for (size_t at = shares->begin[class]; at < shares->begin[class + 1];) {
        struct level level = next_level(fit, class, &at, shares->begin[class + 1]);
        if (level.rows)
            found = put_level(fit->levels, found, level);
    }
    return found;
}

static bool fit_class(const struct fit *fit, uint32_t class, struct rule *rule)
{
    size_t before = rule->lists[RULE_ISOTONIC_X].count;
    size_t count = find_levels(fit, class);
    for (size_t i = 0; i < count; i++)
        if (!add_level(rule, &fit->levels[i]))
            return false;
    rule->lists[RULE_ISOTONIC_KNOTS].values[class] =
        (double)(rule->lists[RULE_ISOTONIC_X].count - before);
    return true;
}

/* The classes' shares, as if each had a row more. */
static bool fill_prior(const struct fit *fit, struct rule *rule)
{
    const struct rows *rows = fit->rows;
    double *prior = rule_room(rule, RULE_PRIOR, rows->classes);
    for (uint32_t c = 0; prior && c < rows->classes; c++)
        prior[c] = ((double)fit->label_count[c] + 1) / ((double)rows->count + rows->classes);
    return prior != NULL;
}

static bool begin(struct fit *fit, const struct rows *rows)
{
    *fit = (struct fit){rows, calloc(rows->shares->rows + 1, sizeof *fit->picked),
                        calloc(rows->classes, sizeof *fit->label_count),
                        memory_array(rows->count + 1, sizeof *fit->levels)};
    if (!fit->picked || !fit->label_count || !fit->levels)
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        fit->picked[rows->pick[i]] = 1;
        fit->label_count[rows_label(rows, i)]++;
    }
    return true;
}

bool isotonic_fit(const struct rows *rows, struct rule *rule)
{
    struct fit fit;
    bool done = begin(&fit, rows) && rule_room(rule, RULE_ISOTONIC_KNOTS, rows->classes) &&
                fill_prior(&fit, rule);
    for (uint32_t c = 0; done && c < rows->classes; c++)
        done = fit_class(&fit, c, rule);
    free(fit.picked);
    free(fit.label_count);
    free(fit.levels);
    return done;
}
