/* One row at a time, and what a rule may hold. */
#include "decide/rule.h"

#include "base/memory.h"
#include "base/numeric.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double prior_share = 1e-3;

const char *rule_part_name(enum rule_part part)
{
    static const char *const names[] = {[RULE_TEMPERATURE] = "temperature",
                                        [RULE_ISOTONIC_KNOTS] = "isotonic-knots",
                                        [RULE_ISOTONIC_X] = "isotonic-x",
                                        [RULE_ISOTONIC_Y] = "isotonic-y",
                                        [RULE_PRIOR] = "prior",
                                        [RULE_NOVELTY] = "novelty",
                                        [RULE_COSTS] = "costs",
                                        [RULE_NO_ANSWER] = "no-answer",
                                        [RULE_THRESHOLDS] = "thresholds",
                                        [RULE_FLOORS] = "floors",
                                        [RULE_SCORES] = "scores",
                                        [RULE_ROWS] = "rows"};
    return names[part];
}

double *rule_room(struct rule *rule, enum rule_part part, size_t count)
{
    struct rule_list *list = &rule->lists[part];
    if (!memory_reserve(&list->values, &list->capacity, count, sizeof *list->values))
        return NULL;
    list->count = count;
    return list->values;
}

void rule_free(struct rule *rule)
{
    for (int i = 0; i < RULE_PARTS; i++)
        free(rule->lists[i].values);
    *rule = (struct rule){0};
}

/* ---- checking ---- */

/* The numbers that a list may hold, and how many: `each` a class, or this many. */
static bool list_fits(const struct rule *rule, enum rule_part part, uint64_t count, double least,
                      double most)
{
    const struct rule_list *list = &rule->lists[part];
    bool fits = list->count == 0 || list->count == count;
    for (size_t i = 0; fits && i < list->count; i++)
        fits = list->values[i] >= least && list->values[i] <= most;
    return fits;
}

/* Each class has knots, whose x ascends; together they are as many as there are. */
static bool knots_fit(const struct rule *rule)
{
    const struct rule_list *knots = &rule->lists[RULE_ISOTONIC_KNOTS];
    const double *x = rule->lists[RULE_ISOTONIC_X].values;
    size_t all = rule->lists[RULE_ISOTONIC_X].count, first = 0;
    for (size_t c = 0; c < knots->count; c++) {
        double count = knots->values[c];
        if (!(count >= 1 && count <= (double)(all - first) && count == floor(count)))
            return false;
        for (size_t i = first + 1; i < first + (size_t)count; i++)
            if (!(x[i - 1] < x[i]))
                return false;
        first += (size_t)count;
    }
    return first == all;
}

static bool isotonic_fits(const struct rule *rule)
{
    const struct rule_list *x = &rule->lists[RULE_ISOTONIC_X];
    bool there = x->count != 0;
    return there == rule_has(rule, RULE_ISOTONIC_KNOTS) &&
           there == rule_has(rule, RULE_ISOTONIC_Y) && there == rule_has(rule, RULE_PRIOR) &&
           list_fits(rule, RULE_ISOTONIC_KNOTS, rule->classes, 1, 0x1p32) &&
           list_fits(rule, RULE_ISOTONIC_X, x->count, 0, 1) &&
           list_fits(rule, RULE_ISOTONIC_Y, x->count, 0, 1) &&
           list_fits(rule, RULE_PRIOR, rule->classes, 0x1p-40, 1) && knots_fit(rule);
}

static bool temperature_fits(const struct rule *rule)
{
    const double *values = rule->lists[RULE_TEMPERATURE].values;
    return list_fits(rule, RULE_TEMPERATURE, 2, 1e-6, 20) && (!values || values[0] >= 0.05);
}

static bool scores_fit(const struct rule *rule)
{
    const struct rule_list *scores = &rule->lists[RULE_SCORES];
    for (size_t i = 1; i < scores->count; i++)
        if (!(scores->values[i] <= scores->values[i - 1]))
            return false;
    return list_fits(rule, RULE_SCORES, scores->count, 0, 1) &&
           list_fits(rule, RULE_ROWS, 1, (double)scores->count, 0x1p53) &&
           rule_has(rule, RULE_SCORES) == rule_has(rule, RULE_ROWS);
}

const char *rule_check(const struct rule *rule)
{
    const uint64_t classes = rule->classes; /* whose square may be more than a size_t can say */
    if (!temperature_fits(rule))
        return "temperature is not of two numbers from 1e-6 to 20";
    if (!isotonic_fits(rule))
        return "the isotonic curves do not fit the classes, or fall";
    if (!list_fits(rule, RULE_NOVELTY, classes, 0, INFINITY))
        return "novelty does not fit the classes";
    if (!list_fits(rule, RULE_COSTS, classes * classes, -1e300, 1e300) ||
        !list_fits(rule, RULE_NO_ANSWER, classes, -1e300, 1e300))
        return "the costs do not fit the classes";
    if (!list_fits(rule, RULE_THRESHOLDS, classes, 1e-9, 1e9) ||
        !list_fits(rule, RULE_FLOORS, classes, 0, INFINITY))
        return "the thresholds do not fit the classes";
    return scores_fit(rule) ? NULL : "the scores do not descend from 1 to 0";
}

bool rule_abstains(const struct rule *rule)
{
    return rule->least > 0 || rule_has(rule, RULE_NOVELTY) || rule_has(rule, RULE_FLOORS) ||
           rule_has(rule, RULE_NO_ANSWER);
}

/* ---- calibrating ---- */

static void divide(float *proba, const double *values, uint32_t classes)
{
    double sum = 0;
    for (uint32_t c = 0; c < classes; c++)
        sum += values[c];
    for (uint32_t c = 0; c < classes; c++)
        proba[c] = (float)(values[c] / sum);
}

/* Of most rows many classes have no share at all, and the same power. */
static void by_temperature(const struct rule *rule, float *proba, double *room)
{
    const double *values = rule->lists[RULE_TEMPERATURE].values;
    double inverse = 1 / values[0], share = values[1] / rule->classes;
    double of_none = numeric_power(share, inverse);
    for (uint32_t c = 0; c < rule->classes; c++)
        room[c] = proba[c] > 0 ? numeric_power((double)proba[c] + share, inverse) : of_none;
    divide(proba, room, rule->classes);
}

double rule_curve(const double *x, const double *y, size_t count, double at)
{
    size_t low = 0, high = count; /* the knot looked for, the last at or below, is in low..high-1 */
    if (at <= x[0])
        return y[0];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (x[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    if (low + 1 == count)
        return y[low];
    return y[low] + (y[low + 1] - y[low]) * ((at - x[low]) / (x[low + 1] - x[low]));
}

static void by_curves(const struct rule *rule, float *proba, double *room)
{
    const double *knots = rule->lists[RULE_ISOTONIC_KNOTS].values;
    const double *x = rule->lists[RULE_ISOTONIC_X].values;
    const double *y = rule->lists[RULE_ISOTONIC_Y].values;
    const double *prior = rule->lists[RULE_PRIOR].values;
    for (uint32_t c = 0; c < rule->classes; c++) {
        size_t count = (size_t)knots[c];
        room[c] = rule_curve(x, y, count, (double)proba[c]) + prior_share * prior[c];
        x += count;
        y += count;
    }
    divide(proba, room, rule->classes);
}

void rule_calibrate(const struct rule *rule, float *proba, double *room)
{
    if (rule_has(rule, RULE_TEMPERATURE))
        by_temperature(rule, proba, room);
    else if (rule_has(rule, RULE_ISOTONIC_X))
        by_curves(rule, proba, room);
}

/* ---- answering ---- */

uint32_t rule_top(const float *proba, uint32_t classes, uint32_t voted)
{
    uint32_t top = voted;
    for (uint32_t c = 0; c < classes; c++)
        if (proba[c] > proba[top])
            top = c;
    return top;
}

double rule_entropy(const float *proba, uint32_t classes)
{
    double sum = 0;
    for (uint32_t c = 0; c < classes; c++)
        if (proba[c] >= FLT_MIN)
            sum -= (double)proba[c] * numeric_log((double)proba[c]);
    return sum;
}

static double expected_cost(const struct rule *rule, const float *proba, uint32_t predicted)
{
    const double *costs = rule->lists[RULE_COSTS].values;
    double sum = 0;
    for (uint32_t c = 0; c < rule->classes; c++)
        sum += (double)proba[c] * costs[(size_t)c * rule->classes + predicted];
    return sum;
}

static double cost_of_none(const struct rule *rule, const float *proba)
{
    const double *costs = rule->lists[RULE_NO_ANSWER].values;
    double sum = 0;
    for (uint32_t c = 0; c < rule->classes; c++)
        sum += (double)proba[c] * costs[c];
    return sum;
}

static uint32_t cheapest(const struct rule *rule, const float *proba)
{
    uint32_t best = 0;
    double least = expected_cost(rule, proba, 0);
    for (uint32_t c = 1; c < rule->classes; c++) {
        double cost = expected_cost(rule, proba, c);
        if (cost < least) {
            least = cost;
            best = c;
        }
    }
    return rule_has(rule, RULE_NO_ANSWER) && cost_of_none(rule, proba) < least ? RULE_NONE : best;
}

static uint32_t above_thresholds(const struct rule *rule, const float *proba, uint32_t top)
{
    const double *thresholds = rule->lists[RULE_THRESHOLDS].values;
    uint32_t best = top;
    for (uint32_t c = 0; c < rule->classes; c++)
        if ((double)proba[c] / thresholds[c] > (double)proba[best] / thresholds[best])
            best = c;
    return best;
}

/* Of a row that is of some known kind. */
static uint32_t answer_known(const struct rule *rule, const float *proba, uint32_t top)
{
    if (rule_has(rule, RULE_COSTS))
        return cheapest(rule, proba);
    if (rule_has(rule, RULE_THRESHOLDS))
        return above_thresholds(rule, proba, top);
    if (rule_has(rule, RULE_FLOORS) && (double)proba[top] < rule->lists[RULE_FLOORS].values[top])
        return RULE_NONE;
    return top;
}

static bool is_beyond(const struct rule *rule, const float *proba, uint32_t top)
{
    return rule_has(rule, RULE_NOVELTY) &&
           rule_entropy(proba, rule->classes) > rule->lists[RULE_NOVELTY].values[top];
}

bool rule_is_novel(const struct rule *rule, const float *proba, uint32_t voted)
{
    return is_beyond(rule, proba, rule_top(proba, rule->classes, voted));
}

uint32_t rule_answer(const struct rule *rule, const float *proba, uint32_t voted)
{
    uint32_t top = rule_top(proba, rule->classes, voted);
    uint32_t answer =
        is_beyond(rule, proba, top) ? (uint32_t)RULE_NONE : answer_known(rule, proba, top);
    bool doubtful = answer != RULE_NONE && (double)proba[answer] < rule->least;
    return doubtful ? (uint32_t)RULE_NONE : answer;
}

uint32_t rule_decide(const struct rule *rule, const double *votes, uint32_t voted, float *proba,
                     double *room)
{
    for (uint32_t c = 0; c < rule->classes; c++)
        proba[c] = (float)votes[c];
    rule_calibrate(rule, proba, room);
    return rule_answer(rule, proba, voted);
}
