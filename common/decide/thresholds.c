/*
 * Each row has its answer at hand, and what that is worth: p / threshold. When a class is looked
 * at, a row can become its own from the weight 1 / threshold on at which p x weight is worth more
 * than the best of the others. Rows are sorted by that weight; as it grows past one after the
 * other, that row goes from the answer it had to the class, and only these two figures change.
 */
#include "decide/thresholds.h"

#include "base/memory.h"
#include "base/numeric.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 8 };
static const double most_weight = 32, least_weight = 1 / 32.0;

double goal_figure(enum goal goal, struct goal_counts counts)
{
    double whole = goal == GOAL_MACRO_F1 ? counts.support + counts.predicted : counts.support;
    return whole > 0 ? (goal == GOAL_MACRO_F1 ? 2 : 1) * counts.hits / whole : 0;
}

double goal_mean(enum goal goal, const struct goal_counts *counts, uint32_t classes)
{
    double sum = 0;
    uint32_t occurring = 0;
    for (uint32_t c = 0; c < classes; c++) {
        sum += goal_figure(goal, counts[c]);
        occurring += counts[c].support > 0 || (goal == GOAL_MACRO_F1 && counts[c].predicted > 0);
    }
    return occurring ? sum / occurring : 0;
}

/* ---- thresholds ---- */

/* A row that the class at hand would have from this weight on, and who has it before. */
struct offer {
    double weight;
    uint32_t row, before;
};

struct ascent {
    const struct rows *rows;
    enum goal goal;
    double *weights;  /* by class */
    uint32_t *answer; /* by row */
    struct goal_counts *counts;
    struct offer *offers;
};

static int by_weight(const void *left, const void *right)
{
    const struct offer *l = left, *r = right;
    if (l->weight != r->weight)
        return l->weight < r->weight ? -1 : 1;
    return (l->row > r->row) - (l->row < r->row);
}

/* The best of a row but for `class`, and what it is worth. */
static uint32_t best_but(const struct ascent *ascent, size_t row, uint32_t class, double *worth)
{
    const float *proba = rows_proba(ascent->rows, row);
    uint32_t best = RULE_NONE;
    *worth = -1;
    for (uint32_t c = 0; c < ascent->rows->classes; c++)
        if (c != class && (double)proba[c] * ascent->weights[c] > *worth) {
            *worth = (double)proba[c] * ascent->weights[c];
            best = c;
        }
    return best;
}

static void move(struct ascent *ascent, size_t row, uint32_t to)
{
    uint32_t from = ascent->answer[row], label = rows_label(ascent->rows, row);
    ascent->counts[from].predicted--;
    ascent->counts[from].hits -= from == label;
    ascent->counts[to].predicted++;
    ascent->counts[to].hits += to == label;
    ascent->answer[row] = to;
}

/* Lists the rows that the class can have, and takes those it has away from it. */
static size_t list_offers(struct ascent *ascent, uint32_t class)
{
    size_t count = 0;
    for (size_t row = 0; row < ascent->rows->count; row++) {
        const double own = (double)rows_proba(ascent->rows, row)[class];
        uint32_t before = ascent->answer[row];
        double worth = before == class ? 0
                                       : (double)rows_proba(ascent->rows, row)[before] *
                                             ascent->weights[before];
        if (own <= 0 || own * most_weight <= worth)
            continue;
        if (before == class) {
            before = best_but(ascent, row, class, &worth);
            move(ascent, row, before);
        }
        ascent->offers[count++] = (struct offer){worth / own, (uint32_t)row, before};
    }
    qsort(ascent->offers, count, sizeof *ascent->offers, by_weight);
    return count;
}

static double figures_of_two(const struct ascent *ascent, uint32_t one, uint32_t other)
{
    return goal_figure(ascent->goal, ascent->counts[one]) +
           goal_figure(ascent->goal, ascent->counts[other]);
}

/* How many offers to take, and what they gain beside taking none; all are taken then. */
static size_t best_take(struct ascent *ascent, uint32_t class, size_t count, double now,
                        double *gain, double *gain_now)
{
    size_t best = 0;
    double sum = 0;
    *gain = 0;
    *gain_now = 0;
    for (size_t i = 0; i < count; i++) {
        const struct offer *offer = &ascent->offers[i];
        double before = figures_of_two(ascent, class, offer->before);
        move(ascent, offer->row, class);
        sum += figures_of_two(ascent, class, offer->before) - before;
        double next = i + 1 < count ? ascent->offers[i + 1].weight : most_weight;
        if (offer->weight < now && now <= next)
            *gain_now = sum;
        if (next > offer->weight && next > least_weight && sum > *gain) {
            *gain = sum;
            best = i + 1;
        }
    }
    return best;
}

/* Between the last offer that is taken and the first that is not. */
static double weight_for(const struct ascent *ascent, size_t taken, size_t count)
{
    double low = taken ? ascent->offers[taken - 1].weight : least_weight;
    double high = taken < count ? ascent->offers[taken].weight : most_weight;
    low = fmin(fmax(low, least_weight), most_weight);
    high = fmin(fmax(high, least_weight), most_weight);
    return sqrt(low * high);
}

/* Whether the class got another threshold, which makes the answers better. */
static bool climb(struct ascent *ascent, uint32_t class)
{
    double gain, gain_now, now = ascent->weights[class];
    size_t count = list_offers(ascent, class);
    size_t best = best_take(ascent, class, count, now, &gain, &gain_now);
    bool better = gain > gain_now + 1e-9;
    if (better)
        ascent->weights[class] = weight_for(ascent, best, count);
    for (size_t i = 0; i < count; i++)
        if (ascent->offers[i].weight >= ascent->weights[class])
            move(ascent, ascent->offers[i].row, ascent->offers[i].before);
    return better;
}

static void start(struct ascent *ascent)
{
    const struct rows *rows = ascent->rows;
    for (uint32_t c = 0; c < rows->classes; c++)
        ascent->weights[c] = 1;
    for (size_t row = 0; row < rows->count; row++) {
        uint32_t label = rows_label(rows, row);
        uint32_t top = rule_top(rows_proba(rows, row), rows->classes, rows_voted(rows, row));
        ascent->answer[row] = top;
        ascent->counts[label].support++;
        ascent->counts[top].predicted++;
        ascent->counts[top].hits += top == label;
    }
}

static void run(struct ascent *ascent)
{
    bool better = true;
    start(ascent);
    for (int round = 0; better && round < ROUNDS; round++) {
        better = false;
        for (uint32_t c = 0; c < ascent->rows->classes; c++)
            better |= climb(ascent, c);
    }
}

bool thresholds_fit(const struct rows *rows, enum goal goal, double strength, struct rule *rule)
{
    struct ascent ascent = {.rows = rows, .goal = goal};
    ascent.weights = rule_room(rule, RULE_THRESHOLDS, rows->classes);
    ascent.answer = memory_array(rows->count, sizeof *ascent.answer);
    ascent.offers = memory_array(rows->count, sizeof *ascent.offers);
    ascent.counts = calloc(rows->classes, sizeof *ascent.counts);
    bool done = ascent.weights && ascent.answer && ascent.offers && ascent.counts;
    if (done)
        run(&ascent);
    for (uint32_t c = 0; done && c < rows->classes; c++)
        ascent.weights[c] =
            strength == 1 ? 1 / ascent.weights[c] : numeric_power(1 / ascent.weights[c], strength);
    free(ascent.answer);
    free(ascent.offers);
    free(ascent.counts);
    return done;
}

/* ---- floors ---- */

/* A row, by its most probable class and how probable that is. */
struct stand {
    uint32_t class;
    float share;
    bool right;
};

/* By class, in each the most probable first. */
static int by_stand(const void *left, const void *right)
{
    const struct stand *l = left, *r = right;
    if (l->class != r->class)
        return l->class < r->class ? -1 : 1;
    return (l->share < r->share) - (l->share > r->share);
}

static void set_floors(const struct stand *stands, size_t count, double precision, double *floors)
{
    uint64_t rows = 0, right = 0;
    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || stands[i].class != stands[i - 1].class;
        bool last = i + 1 == count || stands[i].class != stands[i + 1].class ||
                    stands[i].share != stands[i + 1].share;
        rows = first ? 1 : rows + 1;
        right = (first ? 0 : right) + stands[i].right;
        if (last && (double)right >= precision * (double)rows)
            floors[stands[i].class] = (double)stands[i].share;
    }
}

bool floors_fit(const struct rows *rows, double precision, struct rule *rule)
{
    double *floors = rule_room(rule, RULE_FLOORS, rows->classes);
    struct stand *stands = memory_array(rows->count, sizeof *stands);
    for (uint32_t c = 0; floors && c < rows->classes; c++)
        floors[c] = INFINITY;
    for (size_t i = 0; stands && i < rows->count; i++) {
        const float *proba = rows_proba(rows, i);
        uint32_t top = rule_top(proba, rows->classes, rows_voted(rows, i));
        stands[i] = (struct stand){top, proba[top], top == rows_label(rows, i)};
    }
    if (floors && stands) {
        qsort(stands, rows->count, sizeof *stands, by_stand);
        set_floors(stands, rows->count, precision, floors);
    }
    free(stands);
    return floors && stands;
}
