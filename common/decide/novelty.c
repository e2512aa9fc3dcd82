/*
 * All entropies are sorted, from the greatest down. Going down, the limit of a class is the first
 * entropy at which letting the limit go below it would raise too many alarms.
 */
#include "decide/novelty.h"

#include "base/memory.h"

#include <stdlib.h>

struct doubt {
    double entropy;
    uint32_t class;
};

static int descending(const void *left, const void *right)
{
    const struct doubt *l = left, *r = right;
    if (l->entropy != r->entropy)
        return l->entropy < r->entropy ? 1 : -1;
    return (l->class > r->class) - (l->class < r->class);
}

static struct doubt *make_doubts(const struct rows *rows, uint64_t *sizes)
{
    struct doubt *doubts = memory_array(rows->count, sizeof *doubts);
    for (size_t i = 0; doubts && i < rows->count; i++) {
        const float *proba = rows_proba(rows, i);
        uint32_t top = rule_top(proba, rows->classes, rows_voted(rows, i));
        doubts[i] = (struct doubt){rule_entropy(proba, rows->classes), top};
        sizes[top]++;
    }
    if (doubts)
        qsort(doubts, rows->count, sizeof *doubts, descending);
    return doubts;
}

/* Of a class: the rows at or above an entropy, and the same of all rows. */
static double share_above(uint64_t above, uint64_t size, uint64_t all_above, uint64_t all)
{
    return ((double)above + NOVELTY_EXTRA * ((double)all_above / (double)all)) /
           ((double)size + NOVELTY_EXTRA);
}

/* The limit of each class: `above[c]` counts its rows at or above the entropy at hand. */
static void set_limits(const struct doubt *doubts, size_t count, const uint64_t *sizes,
                       uint64_t *above, double rate, uint32_t classes, double *limits)
{
    uint32_t open = classes;
    for (uint32_t c = 0; c < classes; c++)
        limits[c] = -1;
    for (size_t i = 0; i < count && open;) {
        double entropy = doubts[i].entropy;
        for (; i < count && doubts[i].entropy == entropy; i++)
            above[doubts[i].class]++;
        for (uint32_t c = 0; c < classes; c++)
            if (limits[c] < 0 && share_above(above[c], sizes[c], i, count) > rate) {
                limits[c] = entropy;
                open--;
            }
    }
    for (uint32_t c = 0; c < classes; c++)
        limits[c] = limits[c] < 0 ? 0 : limits[c];
}

bool novelty_fit(const struct rows *rows, double rate, struct rule *rule)
{
    uint32_t classes = rows->classes;
    double *limits = rule_room(rule, RULE_NOVELTY, classes);
    uint64_t *counts = calloc(classes, 2 * sizeof *counts);
    struct doubt *doubts = counts ? make_doubts(rows, counts) : NULL;
    bool done = limits && counts && doubts;
    if (done)
        set_limits(doubts, rows->count, counts, counts + classes, rate, classes, limits);
    free(counts);
    free(doubts);
    return done;
}
