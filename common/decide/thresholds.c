/*
 * Each row has its answer at hand, and what that is worth: p / threshold. When a class is looked
 * at, a row can become its own from the weight 1 / threshold on at which p x weight is worth more
 * than the best of the others. Rows are sorted by that weight; as it grows past one after the
 * other, that row goes from the answer it had to the class, and only these two figures change.
 *
 * Of many classes, most rows may be offered to each. What a look at an offer needs lies together,
 * therefore: shares in columns, and for each row and class what holds for it now.
 */
#include "decide/thresholds.h"

#include "base/memory.h"
#include "base/numeric.h"
#include "base/radix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8, COLUMNS = 16 /* that are in a cache line of a row */ };
static const double most_weight = 32, least_weight = 1 / 32.0;
/* Weights nearer to each other differ by rounding alone: ratios of floats, where they differ, do by
   2^-48. */
static const double tied = 1 + 0x1p-49;

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

/* A row that the class at hand would have from this weight on, who has it before, and what the
   figure of that one is before it gives the row away. */
struct offer {
    double weight;
    uint32_t row, before;
    double figure;
};

struct ascent {
    const struct rows *rows;
    enum goal goal;
    double *weights, *figures; /* by class */
    struct goal_counts *counts;
    uint32_t *answer; /* by row, */
    float *share;     /* and its share of the row, */
    double *needed;   /* and from which weight on the class at hand has it */
    float *columns;   /* of some classes, the one at hand among them, the shares of all rows */
    uint64_t *keys;   /* of offers, and as many to sort them */
    struct offer *offers;
};

static bool begin(struct ascent *ascent)
{
    const size_t rows = ascent->rows->count, classes = ascent->rows->classes;
    ascent->figures = memory_array(classes, sizeof *ascent->figures);
    ascent->counts = calloc(classes, sizeof *ascent->counts);
    ascent->answer = memory_array(rows, sizeof *ascent->answer);
    ascent->share = memory_array(rows, sizeof *ascent->share);
    ascent->needed = memory_array(rows, sizeof *ascent->needed);
    ascent->columns = memory_array(rows, COLUMNS * sizeof *ascent->columns);
    ascent->keys = memory_array(rows, 2 * sizeof *ascent->keys);
    ascent->offers = memory_array(rows, sizeof *ascent->offers);
    return ascent->figures && ascent->counts && ascent->answer && ascent->share && ascent->needed &&
           ascent->columns && ascent->keys && ascent->offers;
}

static void end(struct ascent *ascent)
{
    free(ascent->figures);
    free(ascent->counts);
    free(ascent->answer);
    free(ascent->share);
    free(ascent->needed);
    free(ascent->columns);
    free(ascent->keys);
    free(ascent->offers);
}

/* ---- offers ---- */

static void take_columns(struct ascent *ascent, uint32_t first)
{
    const struct rows *rows = ascent->rows;
    const uint32_t left = rows->classes - first, count = left < COLUMNS ? left : COLUMNS;
    for (size_t row = 0; row < rows->count; row++)
        for (uint32_t c = 0; c < count; c++)
            ascent->columns[c * rows->count + row] = rows_proba(rows, row)[first + c];
}

static const float *column_of(const struct ascent *ascent, uint32_t class)
{
    return ascent->columns + class % COLUMNS * ascent->rows->count;
}

static int by_weight(const void *left, const void *right)
{
    const struct offer *l = left, *r = right;
    if (l->weight != r->weight)
        return l->weight < r->weight ? -1 : 1;
    return (l->row > r->row) - (l->row < r->row);
}

/*
 * 32 bits that are in the order of the weights from 2^-10 to 2^6, and the row: of a weight's own
 * bits those that differ, for weights of alike rows are near each other. None is above 32, or below
 * 0, which may have a sign.
 */
static uint64_t key_of(double weight, size_t row)
{
    const double least = 0x1p-10;
    uint64_t bits, least_bits;
    memcpy(&bits, &weight, sizeof bits);
    memcpy(&least_bits, &least, sizeof least_bits);
    return (weight > least ? (bits - least_bits) >> 24 << 32 : 0) | row;
}

/* Those of the same key, from `first` on: what it leaves out may tell them apart. */
static size_t settle(struct offer *offers, const uint64_t *keys, size_t first, size_t count)
{
    bool ordered = true;
    size_t i = first + 1;
    for (; i < count && keys[i] >> 32 == keys[first] >> 32; i++)
        ordered = ordered && offers[i - 1].weight <= offers[i].weight;
    if (!ordered)
        qsort(offers + first, i - first, sizeof *offers, by_weight);
    return i;
}

/* By weight, of equal ones by row, in which order the keys come. */
static void sort_offers(struct ascent *ascent, size_t count)
{
    const uint64_t *keys =
        radix_sort(ascent->keys, ascent->keys + ascent->rows->count, count, 32, 32);
    for (size_t i = 0; i < count; i++) {
        const uint32_t row = (uint32_t)keys[i];
        ascent->offers[i] = (struct offer){ascent->needed[row], row, ascent->answer[row], 0};
    }
    for (size_t i = 0; i < count;)
        i = settle(ascent->offers, keys, i, count);
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

static void figure(struct ascent *ascent, uint32_t class)
{
    ascent->figures[class] = goal_figure(ascent->goal, ascent->counts[class]);
}

/* Takes a row away from the class, which becomes worth what the best of the others is. */
static double take_away(struct ascent *ascent, size_t row, uint32_t class)
{
    double worth;
    const uint32_t best = best_but(ascent, row, class, &worth);
    move(ascent, row, best);
    figure(ascent, best);
    ascent->share[row] = rows_proba(ascent->rows, row)[best];
    return worth;
}

/* Lists the rows that the class can have, and takes those it has away from it. */
static size_t list_offers(struct ascent *ascent, uint32_t class)
{
    const float *column = column_of(ascent, class);
    size_t count = 0;
    for (size_t row = 0; row < ascent->rows->count; row++) {
        const double own = (double)column[row];
        const uint32_t before = ascent->answer[row];
        double worth = before == class ? 0 : (double)ascent->share[row] * ascent->weights[before];
        if (own <= 0 || own * most_weight <= worth)
            continue;
        if (before == class)
            worth = take_away(ascent, row, class);
        ascent->needed[row] = worth / own;
        ascent->keys[count++] = key_of(worth / own, row);
    }
    figure(ascent, class);
    sort_offers(ascent, count);
    return count;
}

/* Gives the row to the class; what the two figures gain by it. */
static double take(struct ascent *ascent, uint32_t class, struct offer *offer)
{
    double *own = &ascent->figures[class], *other = &ascent->figures[offer->before];
    const double before = *own + *other;
    offer->figure = *other;
    move(ascent, offer->row, class);
    figure(ascent, class);
    figure(ascent, offer->before);
    return *own + *other - before;
}

/* The offers below the class's weight stay taken; of the others the last goes back first, so that
   figures are what they were. */
static void give_back(struct ascent *ascent, uint32_t class, size_t count)
{
    const float *column = column_of(ascent, class);
    for (; count && ascent->offers[count - 1].weight >= ascent->weights[class]; count--) {
        const struct offer *offer = &ascent->offers[count - 1];
        move(ascent, offer->row, offer->before);
        ascent->figures[offer->before] = offer->figure;
    }
    figure(ascent, class);
    for (size_t i = 0; i < count; i++)
        ascent->share[ascent->offers[i].row] = column[ascent->offers[i].row];
}

/* How many offers to take, and what they gain beside taking none, which no weight does where the
   first is of the least; all are taken then. */
static size_t best_take(struct ascent *ascent, uint32_t class, size_t count, double now,
                        double *gain, double *gain_now)
{
    size_t best = 0;
    double sum = 0;
    *gain = count && ascent->offers[0].weight <= least_weight ? -INFINITY : 0;
    *gain_now = 0;
    for (size_t i = 0; i < count; i++) {
        struct offer *offer = &ascent->offers[i];
        sum += take(ascent, class, offer);
        double next = i + 1 < count ? ascent->offers[i + 1].weight : most_weight;
        if (offer->weight < now && now <= next)
            *gain_now = sum;
        if (next > offer->weight * tied && next > least_weight && sum > *gain) {
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
    give_back(ascent, class, count);
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
        ascent->share[row] = rows_proba(rows, row)[top];
        ascent->counts[label].support++;
        ascent->counts[top].predicted++;
        ascent->counts[top].hits += top == label;
    }
    for (uint32_t c = 0; c < rows->classes; c++)
        figure(ascent, c);
}

static void run(struct ascent *ascent)
{
    bool better = true;
    start(ascent);
    for (int round = 0; better && round < ROUNDS; round++) {
        better = false;
        for (uint32_t c = 0; c < ascent->rows->classes; c++) {
            if (c % COLUMNS == 0)
                take_columns(ascent, c);
            better |= climb(ascent, c);
        }
    }
}

bool thresholds_fit(const struct rows *rows, enum goal goal, double strength, struct rule *rule)
{
    struct ascent ascent = {.rows = rows, .goal = goal};
    ascent.weights = rule_room(rule, RULE_THRESHOLDS, rows->classes);
    bool done = begin(&ascent) && ascent.weights;
    if (done)
        run(&ascent);
    for (uint32_t c = 0; done && c < rows->classes; c++)
        ascent.weights[c] =
            strength == 1 ? 1 / ascent.weights[c] : numeric_power(1 / ascent.weights[c], strength);
    end(&ascent);
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
