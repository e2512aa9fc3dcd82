/*
 * Of a row only the classes above 0 are held, for the others are all alike: with shares p and m
 * classes without, beta = 1 / T and e = s / classes,
 *
 *     loss = log Z - beta log(p of the label + e),     Z = sum (p + e)^beta + m e^beta
 *
 * whose first and second derivative by beta are the mean of log(p + e), weighed by its share of Z,
 * less that of the label, and its variance.
 */
#include "decide/temperature.h"

#include "base/memory.h"
#include "base/numeric.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ROWS = 10000, SECTIONS = 12, STEPS = 20 };

static const double least_inverse = 1 / 20.0, most_inverse = 20;

struct sparse {
    uint32_t classes;
    size_t rows;
    size_t *first; /* rows + 1: where the shares of a row begin, */
    double *share; /* those above 0 */
    double *logs;  /* of share + e */
    double *own;   /* rows: the label's share */
    double log_none;
};

/* What is looked at of `rows`: row number `i` of so many. */
static size_t chosen(const struct rows *rows, size_t i, size_t count)
{
    return i * rows->count / count;
}

static size_t count_shares(const struct rows *rows, size_t count)
{
    size_t shares = 0;
    for (size_t i = 0; i < count; i++) {
        const float *proba = rows_proba(rows, chosen(rows, i, count));
        for (uint32_t c = 0; c < rows->classes; c++)
            shares += proba[c] > 0;
    }
    return shares;
}

static void fill(struct sparse *sparse, const struct rows *rows)
{
    size_t at = 0;
    for (size_t i = 0; i < sparse->rows; i++) {
        size_t row = chosen(rows, i, sparse->rows);
        const float *proba = rows_proba(rows, row);
        sparse->first[i] = at;
        sparse->own[i] = (double)proba[rows_label(rows, row)];
        for (uint32_t c = 0; c < rows->classes; c++)
            if (proba[c] > 0)
                sparse->share[at++] = (double)proba[c];
    }
    sparse->first[sparse->rows] = at;
}

static bool make_sparse(struct sparse *sparse, const struct rows *rows)
{
    size_t count = rows->count < MOST_ROWS ? rows->count : MOST_ROWS;
    size_t shares = count_shares(rows, count);
    *sparse = (struct sparse){.classes = rows->classes, .rows = count};
    sparse->first = memory_array(count + 1, sizeof *sparse->first);
    sparse->share = memory_array(shares + 1, sizeof *sparse->share);
    sparse->logs = memory_array(shares + 1, sizeof *sparse->logs);
    sparse->own = memory_array(count + 1, sizeof *sparse->own);
    if (!sparse->first || !sparse->share || !sparse->logs || !sparse->own)
        return false;
    fill(sparse, rows);
    return true;
}

static void free_sparse(struct sparse *sparse)
{
    free(sparse->first);
    free(sparse->share);
    free(sparse->logs);
    free(sparse->own);
}

static void take_logs(struct sparse *sparse, double e)
{
    for (size_t i = 0; i < sparse->first[sparse->rows]; i++)
        sparse->logs[i] = numeric_log(sparse->share[i] + e);
    sparse->log_none = numeric_log(e);
}

struct loss {
    double value, slope, bend;
};

static void add_row(const struct sparse *sparse, size_t row, double e, double beta,
                    struct loss *loss)
{
    size_t first = sparse->first[row], end = sparse->first[row + 1];
    double none = (double)(sparse->classes - (end - first)) * numeric_exp(beta * sparse->log_none);
    double sum = none, mean = none * sparse->log_none, square = mean * sparse->log_none;
    for (size_t i = first; i < end; i++) {
        double log = sparse->logs[i], weight = numeric_exp(beta * log);
        sum += weight;
        mean += weight * log;
        square += weight * log * log;
    }
    mean /= sum;
    double own = numeric_log(sparse->own[row] + e);
    loss->value += numeric_log(sum) - beta * own;
    loss->slope += mean - own;
    loss->bend += square / sum - mean * mean;
}

static struct loss loss_at(const struct sparse *sparse, double e, double beta)
{
    struct loss loss = {0};
    for (size_t row = 0; row < sparse->rows; row++)
        add_row(sparse, row, e, beta, &loss);
    return loss;
}

/* The least loss with this s; `*beta` is where to begin, and where it is. */
static double best_beta(struct sparse *sparse, double s, double *beta)
{
    double e = s / sparse->classes;
    take_logs(sparse, e);
    struct loss loss = loss_at(sparse, e, *beta);
    for (int step = 0; step < STEPS && loss.bend > 0; step++) {
        double next = fmin(fmax(*beta - loss.slope / loss.bend, least_inverse), most_inverse);
        struct loss there = loss_at(sparse, e, next);
        for (int half = 0; half < STEPS && there.value > loss.value; half++) {
            next = (*beta + next) / 2;
            there = loss_at(sparse, e, next);
        }
        bool done = fabs(next - *beta) < 1e-5 * *beta || there.value > loss.value;
        if (there.value <= loss.value) {
            *beta = next;
            loss = there;
        }
        if (done)
            break;
    }
    return loss.value;
}

static void search(struct sparse *sparse, double *inverse, double *share)
{
    static const double golden = 0.6180339887498949;
    double low = numeric_log(1e-6), high = 0, beta = 1;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = best_beta(sparse, numeric_exp(left), &beta);
    double at_right = best_beta(sparse, numeric_exp(right), &beta);
    for (int section = 0; section < SECTIONS; section++)
        if (at_left <= at_right) {
            high = right, right = left, at_right = at_left;
            left = high - golden * (high - low);
            at_left = best_beta(sparse, numeric_exp(left), &beta);
        } else {
            low = left, left = right, at_left = at_right;
            right = low + golden * (high - low);
            at_right = best_beta(sparse, numeric_exp(right), &beta);
        }
    *share = numeric_exp(at_left <= at_right ? left : right);
    best_beta(sparse, *share, &beta);
    *inverse = beta;
}

bool temperature_fit(const struct rows *rows, struct rule *rule)
{
    struct sparse sparse;
    double *values = rule_room(rule, RULE_TEMPERATURE, 2), inverse, share;
    bool done = make_sparse(&sparse, rows) && values;
    if (done) {
        search(&sparse, &inverse, &share);
        values[0] = 1 / inverse;
        values[1] = fmax(share, 1e-6);
    }
    free_sparse(&sparse);
    return done;
}
