/*
 * A token was seen with few of the labels, and log (0 + 1) is 0: so a document's sums of log (c +
 * 1) gather only what was seen, log (T + V) is subtracted once for all tokens, and the log of the
 * sum of p is known beforehand. A text that was trained on changes one label: its term of that sum
 * is exchanged.
 */
#include "linear/bayes.h"

#include "base/memory.h"
#include "base/numeric.h"

#include <stdlib.h>
#include <string.h>

/* ---- counting ---- */

/* The rows of each term, one after the other: where they begin, then by a pass over the rows. */
struct turned {
    uint64_t *begin; /* terms + 1 */
    uint32_t *label, *count;
};

static bool turn(struct turned *turned, const struct sparse *rows, const uint32_t *label_of)
{
    uint64_t entries = rows->begin[rows->rows];
    turned->begin = calloc((size_t)rows->features + 2, sizeof *turned->begin);
    turned->label = memory_array(entries, sizeof *turned->label);
    turned->count = memory_array(entries, sizeof *turned->count);
    if (!turned->begin || !turned->label || !turned->count)
        return false;
    for (uint64_t i = 0; i < entries; i++)
        turned->begin[rows->feature[i] + 2]++;
    for (uint32_t term = 1; term <= rows->features; term++)
        turned->begin[term + 1] += turned->begin[term];
    for (uint32_t row = 0; row < rows->rows; row++)
        for (uint64_t i = rows->begin[row]; i < rows->begin[row + 1]; i++) {
            uint64_t place = turned->begin[rows->feature[i] + 1]++;
            turned->label[place] = label_of[row];
            turned->count[place] = (uint32_t)rows->value[i];
        }
    return true;
}

/* Adds up a term's counts by label, at `to` in the same arrays, which is not behind them. */
static uint64_t merge_term(struct turned *turned, uint32_t term, uint64_t to, uint32_t *sums,
                           uint32_t labels)
{
    uint32_t least = labels, most = 0;
    for (uint64_t i = turned->begin[term]; i < turned->begin[term + 1]; i++) {
        uint32_t label = turned->label[i];
        least = label < least ? label : least;
        most = label > most ? label : most;
        sums[label] += turned->count[i];
    }
    for (uint32_t label = least; label <= most && label < labels; label++) {
        if (!sums[label])
            continue;
        turned->label[to] = label;
        turned->count[to++] = sums[label];
        sums[label] = 0;
    }
    return to;
}

static bool merge_terms(struct turned *turned, uint32_t terms, uint32_t labels)
{
    uint32_t *sums = calloc(labels ? labels : 1, sizeof *sums);
    uint64_t to = 0;
    if (!sums)
        return false;
    for (uint32_t term = 0; term < terms; term++) {
        uint64_t end = merge_term(turned, term, to, sums, labels);
        turned->begin[term] = to;
        to = end;
    }
    turned->begin[terms] = to;
    free(sums);
    return true;
}

bool bayes_count(struct bayes *bayes, const struct sparse *rows, const uint32_t *label_of,
                 uint32_t labels)
{
    struct turned turned = {0};
    bool done = turn(&turned, rows, label_of) && merge_terms(&turned, rows->features, labels);
    bayes->terms = rows->features;
    bayes->labels = labels;
    bayes->begin = turned.begin;
    bayes->label = turned.label;
    bayes->count = turned.count;
    bayes->label_capacity = bayes->count_capacity = done ? rows->begin[rows->rows] : 0;
    if (done) {
        uint64_t pairs = bayes->begin[bayes->terms];
        memory_shrink(&bayes->label, &bayes->label_capacity, pairs, sizeof *bayes->label);
        memory_shrink(&bayes->count, &bayes->count_capacity, pairs, sizeof *bayes->count);
    }
    return done;
}

bool bayes_add(struct bayes *bayes, uint32_t terms, const void *pairs, const void *label,
               const void *count)
{
    uint64_t from = bayes->begin ? bayes->begin[bayes->terms] : 0, to = from;
    if (!memory_reserve(&bayes->begin, &bayes->begin_capacity, (size_t)bayes->terms + terms + 1,
                        sizeof *bayes->begin))
        return false;
    bayes->begin[0] = 0;
    for (uint32_t i = 0, several; i < terms; i++) {
        memcpy(&several, (const char *)pairs + i * sizeof several, sizeof several);
        bayes->begin[bayes->terms + i + 1] = to += several;
    }
    if (!memory_reserve(&bayes->label, &bayes->label_capacity, to, sizeof *bayes->label) ||
        !memory_reserve(&bayes->count, &bayes->count_capacity, to, sizeof *bayes->count))
        return false;
    memcpy(bayes->label + from, label, (to - from) * sizeof *bayes->label);
    memcpy(bayes->count + from, count, (to - from) * sizeof *bayes->count);
    bayes->terms += terms;
    return true;
}

/* ---- settling ---- */

static double log_of(const struct bayes *bayes, uint64_t number)
{
    return number < BAYES_LOGS ? bayes->logs[number] : numeric_log((double)number);
}

/* Whether a term was seen with so many labels that a row of all of them is looked through sooner.
 */
static bool is_common(const struct bayes *bayes, uint32_t term)
{
    return 2 * (bayes->begin[term + 1] - bayes->begin[term]) >= bayes->labels;
}

static bool reserve_rows(struct bayes *bayes)
{
    size_t rows = 0;
    for (uint32_t term = 0; term < bayes->terms; term++)
        rows += is_common(bayes, term);
    bayes->row = calloc((size_t)bayes->terms + 1, sizeof *bayes->row);
    bayes->row_logs = calloc(rows * bayes->labels + 1, sizeof *bayes->row_logs);
    bayes->row_counts = calloc(rows * bayes->labels + 1, sizeof *bayes->row_counts);
    return bayes->row && bayes->row_logs && bayes->row_counts;
}

/* The rows of common terms: zeros where a label has none. */
static void lay_rows(struct bayes *bayes)
{
    uint32_t rows = 0;
    for (uint32_t term = 0; term < bayes->terms; term++) {
        if (!is_common(bayes, term))
            continue;
        size_t first = (size_t)rows * bayes->labels;
        bayes->row[term] = ++rows;
        for (uint64_t i = bayes->begin[term]; i < bayes->begin[term + 1]; i++) {
            bayes->row_counts[first + bayes->label[i]] = bayes->count[i];
            bayes->row_logs[first + bayes->label[i]] = log_of(bayes, (uint64_t)bayes->count[i] + 1);
        }
    }
}

static bool reserve_settled(struct bayes *bayes)
{
    bayes->total = calloc(bayes->labels ? bayes->labels : 1, sizeof *bayes->total);
    bayes->inverse = memory_array(bayes->labels, sizeof *bayes->inverse);
    bayes->log_total = memory_array(bayes->labels, sizeof *bayes->log_total);
    bayes->sum = memory_array(bayes->terms, sizeof *bayes->sum);
    bayes->log_sum = memory_array(bayes->terms, sizeof *bayes->log_sum);
    bayes->logs = memory_array(BAYES_LOGS, sizeof *bayes->logs);
    return bayes->total && bayes->inverse && bayes->log_total && bayes->sum && bayes->log_sum &&
           bayes->logs;
}

static double inverse_of(const struct bayes *bayes, uint64_t total)
{
    return 1 / ((double)total + bayes->terms);
}

/* The sum of p. */
static double sum_of(const struct bayes *bayes, uint32_t term)
{
    double sum = bayes->inverses;
    for (uint64_t i = bayes->begin[term]; i < bayes->begin[term + 1]; i++)
        sum += bayes->count[i] * bayes->inverse[bayes->label[i]];
    return sum;
}

bool bayes_settle(struct bayes *bayes)
{
    if (!reserve_settled(bayes) || !reserve_rows(bayes))
        return false;
    bayes->inverses = 0;
    for (uint32_t i = 1; i < BAYES_LOGS; i++)
        bayes->logs[i] = numeric_log(i);
    for (uint64_t i = 0; i < bayes->begin[bayes->terms]; i++)
        bayes->total[bayes->label[i]] += bayes->count[i];
    for (uint32_t label = 0; label < bayes->labels; label++) {
        bayes->inverse[label] = inverse_of(bayes, bayes->total[label]);
        bayes->inverses += bayes->inverse[label];
        bayes->log_total[label] = log_of(bayes, bayes->total[label] + bayes->terms);
    }
    lay_rows(bayes);
    for (uint32_t term = 0; term < bayes->terms; term++)
        bayes->sum[term] = sum_of(bayes, term);
    for (uint32_t term = 0; term < bayes->terms; term++)
        bayes->log_sum[term] = numeric_log(bayes->sum[term]);
    return true;
}

/* ---- evidence ---- */

/* How often a term was seen with a label. */
static uint32_t count_of(const struct bayes *bayes, uint32_t term, uint32_t label)
{
    uint32_t row = bayes->row[term];
    if (row)
        return bayes->row_counts[(size_t)(row - 1) * bayes->labels + label];
    for (uint64_t i = bayes->begin[term]; i < bayes->begin[term + 1]; i++)
        if (bayes->label[i] == label)
            return bayes->count[i];
    return 0;
}

/* What is left of `seen` when a text's own are taken away. */
static uint64_t less(uint64_t seen, uint64_t own)
{
    return seen > own ? seen - own : 0;
}

struct document {
    const uint32_t *terms;
    const float *times;
    size_t count;
    double tokens, known; /* all of them, and those that others have */
    const struct bayes_own *own;
    size_t own_count;
    double *inverse; /* of each own label, without the text's tokens */
};

/* How many tokens of its label are left without the text. */
static uint64_t total_left(const struct bayes *bayes, const struct document *document, size_t own)
{
    const struct bayes_own *of = &document->own[own];
    return less(bayes->total[of->label], (uint64_t)(of->copies * document->tokens));
}

/* How often the text was counted under a label. */
static uint64_t copies_of(const struct document *document, uint32_t label)
{
    for (size_t i = 0; i < document->own_count; i++)
        if (document->own[i].label == label)
            return document->own[i].copies;
    return 0;
}

/* Whether another text has the term; under more labels than this one's there is one for sure. */
static bool is_known(const struct bayes *bayes, const struct document *document, size_t at)
{
    const uint64_t first = bayes->begin[document->terms[at]];
    const uint64_t end = bayes->begin[document->terms[at] + 1];
    bool known = end - first > document->own_count;
    for (uint64_t i = first; i < end && !known; i++)
        known = less(bayes->count[i], (uint64_t)((double)copies_of(document, bayes->label[i]) *
                                                 (double)document->times[at])) > 0;
    return known;
}

enum { LANES = 4 };

/* The inner loop has a fixed count, so that compilers make vectors of it. */
static void add_row(double *restrict sums, const double *restrict logs, double times, size_t labels)
{
    size_t i = 0;
    for (; i + LANES <= labels; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            sums[i + lane] += times * logs[i + lane];
    for (; i < labels; i++)
        sums[i] += times * logs[i];
}

/* Adds times x log (c + 1) of a term by label; zeros change nothing. */
static void add_term(const struct bayes *bayes, uint32_t term, double times, double *sums)
{
    uint32_t row = bayes->row[term];
    if (row) {
        add_row(sums, bayes->row_logs + (size_t)(row - 1) * bayes->labels, times, bayes->labels);
        return;
    }
    for (uint64_t i = bayes->begin[term]; i < bayes->begin[term + 1]; i++)
        sums[bayes->label[i]] += times * log_of(bayes, (uint64_t)bayes->count[i] + 1);
}

/* Exchanges the own labels' parts of a term's sums; returns its sum of p without the text. */
static double without_own(const struct bayes *bayes, const struct document *document, size_t at,
                          double *sums)
{
    uint32_t term = document->terms[at];
    double times = document->times[at], sum = bayes->sum[term];
    for (size_t i = 0; i < document->own_count; i++) {
        struct bayes_own own = document->own[i];
        uint64_t seen = count_of(bayes, term, own.label);
        uint64_t left = less(seen, (uint64_t)(own.copies * times));
        sums[own.label] += times * (log_of(bayes, left + 1) - log_of(bayes, seen + 1));
        sum += (double)(left + 1) * document->inverse[i] -
               (double)(seen + 1) * bayes->inverse[own.label];
    }
    return sum;
}

/* Terms whose logarithms are taken one after the other, so that none waits for the one before. */
enum { LOGGED = 64 };

/* Adds times x log of the sum of p of the terms at these places. */
static void add_logs(const struct bayes *bayes, const struct document *document,
                     const size_t *places, const double *of_p, size_t count, double *all)
{
    for (size_t i = 0; i < count; i++)
        *all += document->times[places[i]] * (document->own_count
                                                  ? numeric_log(of_p[i])
                                                  : bayes->log_sum[document->terms[places[i]]]);
}

/* Adds up times x log (c + 1) of the known terms by label; returns the sum of times x log of the
   sum of p. */
static double add_terms(const struct bayes *bayes, struct document *document, double *sums)
{
    double all = 0, of_p[LOGGED];
    size_t places[LOGGED], logged = 0;
    for (size_t i = 0; i < document->count; i++) {
        if (!is_known(bayes, document, i))
            continue;
        document->known += document->times[i];
        add_term(bayes, document->terms[i], document->times[i], sums);
        of_p[logged] = without_own(bayes, document, i, sums);
        places[logged++] = i;
        if (logged == LOGGED) {
            add_logs(bayes, document, places, of_p, logged, &all);
            logged = 0;
        }
    }
    add_logs(bayes, document, places, of_p, logged, &all);
    return all;
}

void bayes_evidence(const struct bayes *bayes, const uint32_t *terms, const float *times,
                    size_t count, const struct bayes_own *own, size_t own_count, double *sums,
                    float *evidence)
{
    struct document document = {.terms = terms,
                                .times = times,
                                .count = count,
                                .own = own,
                                .own_count = own_count,
                                .inverse = sums + bayes->labels};
    memset(sums, 0, bayes->labels * sizeof *sums);
    memset(evidence, 0, bayes->labels * sizeof *evidence);
    if (!count)
        return;
    for (size_t i = 0; i < count; i++)
        document.tokens += times[i];
    for (size_t i = 0; i < own_count; i++)
        document.inverse[i] = inverse_of(bayes, total_left(bayes, &document, i));
    double all = add_terms(bayes, &document, sums);
    if (document.known == 0)
        return;
    all /= document.known;
    for (uint32_t label = 0; label < bayes->labels; label++)
        evidence[label] = (float)(sums[label] / document.known - bayes->log_total[label] - all);
    for (size_t i = 0; i < own_count; i++) {
        uint32_t label = own[i].label;
        uint64_t total = total_left(bayes, &document, i);
        evidence[label] =
            (float)(sums[label] / document.known - log_of(bayes, total + bayes->terms) - all);
    }
}

void bayes_free(struct bayes *bayes)
{
    free(bayes->begin);
    free(bayes->label);
    free(bayes->count);
    free(bayes->total);
    free(bayes->inverse);
    free(bayes->log_total);
    free(bayes->sum);
    free(bayes->log_sum);
    free(bayes->logs);
    free(bayes->row);
    free(bayes->row_logs);
    free(bayes->row_counts);
    *bayes = (struct bayes){0};
}
