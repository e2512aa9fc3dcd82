/*
 * Whole numbers are summed as such; sums of fractions go over classes in byte order, over cells,
 * or over rows in their order.
 */
#include "score/measures.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *measure_name(enum measure measure)
{
    static const char *const names[] = {[MEASURE_ACCURACY] = "accuracy",
                                        [MEASURE_BALANCED] = "balanced-accuracy",
                                        [MEASURE_KAPPA] = "kappa",
                                        [MEASURE_MATTHEWS] = "matthews",
                                        [MEASURE_MACRO_PRECISION] = "macro-precision",
                                        [MEASURE_MACRO_RECALL] = "macro-recall",
                                        [MEASURE_MACRO_F1] = "macro-f1",
                                        [MEASURE_WEIGHTED_PRECISION] = "weighted-precision",
                                        [MEASURE_WEIGHTED_RECALL] = "weighted-recall",
                                        [MEASURE_WEIGHTED_F1] = "weighted-f1",
                                        [MEASURE_LOG_LOSS] = "log-loss",
                                        [MEASURE_BRIER] = "brier",
                                        [MEASURE_AUC] = "auc",
                                        [MEASURE_AUC_WEIGHTED] = "auc-weighted",
                                        [MEASURE_TOP] = "top",
                                        [MEASURE_COST] = "cost",
                                        [MEASURE_ANSWERED] = "answered",
                                        [MEASURE_ANSWERED_ACCURACY] = "answered-accuracy",
                                        [MEASURE_SET_COVERAGE] = "set-coverage",
                                        [MEASURE_SET_SIZE] = "set-size"};
    return names[measure];
}

static enum measure find(const char *name, size_t size)
{
    int i = 0;
    while (i < MEASURE_COUNT && !(strlen(measure_name((enum measure)i)) == size &&
                                  memcmp(measure_name((enum measure)i), name, size) == 0))
        i++;
    return (enum measure)i;
}

const char *measures_parse(const char *names, unsigned *set)
{
    for (const char *name = names; name;) {
        size_t size = strcspn(name, ",");
        enum measure measure = find(name, size);
        if (measure == MEASURE_COUNT)
            return name;
        *set |= 1u << measure;
        name = name[size] ? name + size + 1 : NULL;
    }
    return NULL;
}

/* ---- preparing ---- */

static bool find_costs(struct trial *trial, const struct costs *costs, struct error *error)
{
    const struct metrics *metrics = &trial->metrics;
    trial->costs = memory_array(metrics->cell_count, sizeof *trial->costs);
    if (!trial->costs)
        return error_memory(error, "counting the costs");
    for (size_t i = 0; i < metrics->cell_count; i++) {
        struct text label = metrics->classes[metrics->cells[i].label].label;
        struct text predicted = metrics->classes[metrics->cells[i].predicted].label;
        if (!costs_find(costs, label, predicted, &trial->costs[i]))
            return error_set(error, STATUS_INPUT,
                             "the costs lack the label '%.*s' predicted as '%.*s', which occurs",
                             (int)label.size, label.data, (int)predicted.size, predicted.data);
    }
    return true;
}

bool trial_prepare(struct trial *trial, const struct costs *costs, struct error *error)
{
    const struct confusion *confusion = &trial->answers->confusion;
    if (metrics_of(confusion, &trial->metrics) && metrics_copy(&trial->metrics, &trial->again) &&
        (!(trial->set & MEASURES_OF_CURVES) || curves_of(trial->answers, &trial->curves)))
        trial->cell_of = memory_array(confusion->pairs.count, sizeof *trial->cell_of);
    if (!trial->cell_of)
        return error_memory(error, "preparing the measures");
    for (size_t i = 0; i < trial->metrics.cell_count; i++)
        trial->cell_of[trial->metrics.cells[i].pair] = (uint32_t)i;
    return !costs || find_costs(trial, costs, error);
}

void trial_free(struct trial *trial)
{
    metrics_free(&trial->metrics);
    metrics_free(&trial->again);
    curves_free(&trial->curves);
    free(trial->cell_of);
    free(trial->costs);
    *trial = (struct trial){0};
}

/* ---- of labels ---- */

static double balanced_accuracy(const struct metrics *metrics)
{
    double sum = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        sum += metrics->classes[i].recall;
        count += metrics->classes[i].support != 0;
    }
    return sum / count;
}

/* Sums of products over classes; rows are below 2^32, so that they fit. */
struct products {
    uint64_t labels, predicted, both;
};

static struct products products_of(const struct metrics *metrics)
{
    struct products sum = {0};
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        const struct metrics_class *of = &metrics->classes[i];
        sum.labels += of->support * of->support;
        sum.predicted += of->predicted * of->predicted;
        sum.both += of->support * of->predicted;
    }
    return sum;
}

/* right x rows - both: more than chance, times rows; below 0 where it is less. */
static double above_chance(const struct metrics *metrics, const struct products *sum)
{
    uint64_t right = metrics->hits * metrics->rows;
    return right < sum->both ? -(double)(sum->both - right) : (double)(right - sum->both);
}

static double kappa(const struct metrics *metrics, const struct products *sum)
{
    uint64_t chance = metrics->rows * metrics->rows - sum->both;
    return chance ? above_chance(metrics, sum) / (double)chance : NAN;
}

static double matthews(const struct metrics *metrics, const struct products *sum)
{
    uint64_t all = metrics->rows * metrics->rows;
    double labels = (double)(all - sum->labels), predicted = (double)(all - sum->predicted);
    if (labels == 0 || predicted == 0)
        return 0;
    return above_chance(metrics, sum) / (sqrt(labels) * sqrt(predicted));
}

static void measure_labels(const struct metrics *metrics, double *values)
{
    const struct products sum = products_of(metrics);
    values[MEASURE_ACCURACY] = metrics->accuracy;
    values[MEASURE_BALANCED] = balanced_accuracy(metrics);
    values[MEASURE_KAPPA] = kappa(metrics, &sum);
    values[MEASURE_MATTHEWS] = matthews(metrics, &sum);
    values[MEASURE_MACRO_PRECISION] = metrics->macro.precision;
    values[MEASURE_MACRO_RECALL] = metrics->macro.recall;
    values[MEASURE_MACRO_F1] = metrics->macro.f1;
    values[MEASURE_WEIGHTED_PRECISION] = metrics->weighted.precision;
    values[MEASURE_WEIGHTED_RECALL] = metrics->weighted.recall;
    values[MEASURE_WEIGHTED_F1] = metrics->weighted.f1;
    values[MEASURE_ANSWERED] = (double)metrics->answered / (double)metrics->rows;
    values[MEASURE_ANSWERED_ACCURACY] = metrics->answered_accuracy;
}

/* ---- of probabilities and costs ---- */

static void measure_chances(const struct trial *trial, const uint32_t *weights, double *values)
{
    const struct answers *answers = trial->answers;
    double loss = 0, brier = 0;
    uint64_t top = 0, rows = answers->confusion.rows; /* weights sum to as many */
    for (size_t row = 0; row < answers->confusion.rows; row++) {
        const struct answers_chance *chance = &answers->chances[row];
        uint32_t weight = weights ? weights[row] : 1;
        loss += chance->loss * weight;
        brier += chance->brier * weight;
        top += chance->place < trial->top ? weight : 0;
    }
    values[MEASURE_LOG_LOSS] = loss / (double)rows;
    values[MEASURE_BRIER] = brier / (double)rows / (answers->classes.count == 2 ? 2 : 1);
    values[MEASURE_TOP] = (double)top / (double)rows;
}

static void measure_sets(const struct trial *trial, const uint32_t *weights, double *values)
{
    const struct answers *answers = trial->answers;
    uint64_t held = 0, labels = 0, rows = answers->confusion.rows;
    for (size_t row = 0; row < rows; row++) {
        uint32_t weight = weights ? weights[row] : 1;
        held += answers->sizes[row].holds ? weight : 0;
        labels += (uint64_t)answers->sizes[row].size * weight;
    }
    values[MEASURE_SET_COVERAGE] = (double)held / (double)rows;
    values[MEASURE_SET_SIZE] = (double)labels / (double)rows;
}

static double total_cost(const struct metrics *metrics, const double *costs)
{
    double sum = 0;
    for (size_t i = 0; i < metrics->cell_count; i++)
        sum += costs[i] * (double)metrics->cells[i].count;
    return sum;
}

double trial_cost(const struct trial *trial)
{
    return total_cost(&trial->metrics, trial->costs);
}

static void recount(struct trial *trial, const uint32_t *weights)
{
    struct metrics *again = &trial->again;
    for (size_t i = 0; i < again->cell_count; i++)
        again->cells[i].count = weights ? 0 : trial->metrics.cells[i].count;
    for (size_t row = 0; weights && row < trial->answers->confusion.rows; row++)
        again->cells[trial->cell_of[trial->answers->pairs[row]]].count += weights[row];
    metrics_recount(again);
}

static void measure_curves(struct trial *trial, const uint32_t *weights, double *values)
{
    curves_weigh(&trial->curves, weights);
    struct curves_mean mean = curves_mean(&trial->curves);
    values[MEASURE_AUC] = mean.plain;
    values[MEASURE_AUC_WEIGHTED] = mean.weighted;
}

void trial_measure(struct trial *trial, const uint32_t *weights, double values[MEASURE_COUNT])
{
    for (int i = 0; i < MEASURE_COUNT; i++)
        values[i] = NAN;
    recount(trial, weights);
    measure_labels(&trial->again, values);
    if (trial->set & MEASURES_OF_PROBA)
        measure_chances(trial, weights, values);
    if (trial->set & MEASURES_OF_SETS && trial->answers->sets)
        measure_sets(trial, weights, values);
    if (trial->set & MEASURES_OF_CURVES)
        measure_curves(trial, weights, values);
    if (trial->set & MEASURES_OF_COSTS)
        values[MEASURE_COST] = total_cost(&trial->again, trial->costs) / (double)trial->again.rows;
    for (int i = 0; i < MEASURE_COUNT; i++)
        if (!(trial->set & 1u << i))
            values[i] = NAN;
}
