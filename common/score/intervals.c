/*
 * A resample is a weight for each row: how often it was drawn. So nothing is copied or sorted anew
 * for it, and both models of a pair see the same one.
 */
#include "score/intervals.h"

#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double z_95 = 0x1.f5c0331eeff84p+0; /* the normal distribution's 97.5th percentile */

struct interval interval_wilson(uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return (struct interval){NAN, NAN};
    double n = (double)whole, share = (double)part / n, square = z_95 * z_95;
    double middle = share + square / (2 * n);
    double spread = z_95 * sqrt(share * (1 - share) / n + square / (4 * n * n));
    double low = (middle - spread) / (1 + square / n), high = (middle + spread) / (1 + square / n);
    return (struct interval){part == 0 ? 0 : low, part == whole ? 1 : high};
}

static int by_value(const void *left, const void *right)
{
    double l = *(const double *)left, r = *(const double *)right;
    return (l > r) - (l < r);
}

static double percentile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - (double)below);
}

struct interval interval_percentile(double *values, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(values[i]))
            values[kept++] = values[i];
    if (kept == 0)
        return (struct interval){NAN, NAN};
    qsort(values, kept, sizeof *values, by_value);
    return (struct interval){percentile(values, kept, 0.025), percentile(values, kept, 0.975)};
}

/* ---- the bootstrap ---- */

/* The resamples' values, of each measure side by side: values[measure * count + resample]. */
struct samples {
    double *first, *second, *difference; /* the latter two NULL without a second trial */
};

static void draw(const struct resampling *resampling, uint32_t number, uint32_t *weights,
                 uint32_t rows)
{
    struct random random = random_keyed(resampling->seed, number);
    memset(weights, 0, rows * sizeof *weights);
    for (uint32_t i = 0; i < rows; i++)
        weights[random_below(&random, rows)]++;
}

static void measure_resample(struct trial *first, struct trial *second, const uint32_t *weights,
                             uint32_t count, uint32_t number, const struct samples *samples)
{
    double one[MEASURE_COUNT], two[MEASURE_COUNT];
    trial_measure(first, weights, one);
    if (second)
        trial_measure(second, weights, two);
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        samples->first[i * count + number] = one[i];
        if (!second)
            continue;
        samples->second[i * count + number] = two[i];
        samples->difference[i * count + number] = one[i] - two[i];
    }
}

static struct interval share_of_rows(const struct trial *trial, double share)
{
    double rows = (double)trial->metrics.rows;
    return interval_wilson((uint64_t)(share * rows + 0.5), trial->metrics.rows);
}

/* Gives each figure of the trial its interval; `samples` NULL: differences of none. */
static void set_intervals(const struct trial *trial, double *samples, uint32_t count,
                          struct figure *figures)
{
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        figures[i].interval = interval_percentile(samples + i * count, count);
        if (trial && (MEASURES_SHARES & 1u << i) && !isnan(figures[i].value))
            figures[i].interval = share_of_rows(trial, figures[i].value);
    }
}

static bool resample(struct trial *first, struct trial *second, const struct resampling *resampling,
                     const struct samples *samples)
{
    uint32_t rows = (uint32_t)first->metrics.rows;
    uint32_t *weights = memory_array(rows, sizeof *weights);
    for (uint32_t i = 0; weights && i < resampling->count; i++) {
        draw(resampling, i, weights, rows);
        measure_resample(first, second, weights, resampling->count, i, samples);
    }
    free(weights);
    return weights != NULL;
}

static void take_values(struct trial *trial, struct figure *figures)
{
    double values[MEASURE_COUNT];
    trial_measure(trial, NULL, values);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        figures[i].value = values[i];
}

bool figures_of(struct trial *trial, const struct resampling *resampling,
                struct figure figures[MEASURE_COUNT])
{
    uint32_t count = resampling->count;
    struct samples samples = {
        .first = memory_array((size_t)count * MEASURE_COUNT + 1, sizeof *samples.first)};
    bool done = samples.first && (count == 0 || resample(trial, NULL, resampling, &samples));
    if (done) {
        take_values(trial, figures);
        set_intervals(trial, samples.first, count, figures);
    }
    free(samples.first);
    return done;
}

bool figures_of_pair(struct trial *first, struct trial *second, const struct resampling *resampling,
                     struct figures_pair *pair)
{
    uint32_t count = resampling->count;
    size_t size = (size_t)count * MEASURE_COUNT;
    double *all = memory_array(3 * size + 1, sizeof *all);
    const struct samples samples = {all, all + size, all + 2 * size};
    bool done = all && (count == 0 || resample(first, second, resampling, &samples));
    if (done) {
        take_values(first, pair->first);
        take_values(second, pair->second);
        for (size_t i = 0; i < MEASURE_COUNT; i++)
            pair->difference[i].value = pair->first[i].value - pair->second[i].value;
        set_intervals(first, samples.first, count, pair->first);
        set_intervals(second, samples.second, count, pair->second);
        set_intervals(NULL, samples.difference, count, pair->difference);
    }
    free(all);
    return done;
}
