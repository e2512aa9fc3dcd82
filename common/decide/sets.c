/* Ranks count from 1: rank r is kept at the first place j, from 1 of m, with ceil(j n / m) >= r. */
#include "decide/sets.h"

#include <math.h>
#include <stdlib.h>

static int descending(const void *left, const void *right)
{
    double l = *(const double *)left, r = *(const double *)right;
    return (l < r) - (l > r);
}

bool sets_fit(const struct rows *rows, struct rule *rule)
{
    size_t n = rows->count, kept = n < SETS_MOST ? n : SETS_MOST;
    double *scores = rule_room(rule, RULE_SCORES, n), *count = rule_room(rule, RULE_ROWS, 1);
    if (!scores || !count)
        return false;
    for (size_t i = 0; i < n; i++)
        scores[i] = (double)rows_proba(rows, i)[rows_label(rows, i)];
    qsort(scores, n, sizeof *scores, descending);
    for (size_t j = 1; j <= kept; j++)
        scores[j - 1] = scores[(j * n + kept - 1) / kept - 1];
    rule->lists[RULE_SCORES].count = kept;
    *count = (double)n;
    return true;
}

double sets_least(const struct rule *rule, double coverage)
{
    const struct rule_list *scores = &rule->lists[RULE_SCORES];
    double n = rule->lists[RULE_ROWS].values[0], rank = ceil((n + 1) * coverage);
    if (rank > n)
        return 0;
    size_t place = rank < 1 ? 1 : (size_t)ceil(rank * (double)scores->count / n);
    return scores->values[place < scores->count ? place - 1 : scores->count - 1];
}

/* Few classes are in a set, so each is put in its place as it is found. */
uint32_t sets_of(const float *proba, uint32_t classes, double least, uint32_t *set)
{
    uint32_t count = 0;
    for (uint32_t c = 0; c < classes; c++) {
        if ((double)proba[c] < least)
            continue;
        uint32_t at = count++;
        for (; at > 0 && proba[set[at - 1]] < proba[c]; at--)
            set[at] = set[at - 1];
        set[at] = c;
    }
    return count;
}
