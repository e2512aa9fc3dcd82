/* Weights are read as text, line by line, and multiplied in double; then their unit is known. */
#include "run/weigh.h"

#include "base/crc32.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/path.h"
#include "base/report.h"
#include "run/whole.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char balanced[] = "balanced", subsample[] = "balanced-subsample";

static const struct texts_kind weights_kind = {
    1 << 26, "the line is longer than 64 MiB: are these weights?"};

/* A file's lines, one after the other. */
struct lines {
    const char *name;
    struct text rest;
    uint64_t line; /* the number of the one that was taken, from 1 */
};

static struct text next_line(struct lines *lines)
{
    lines->line++;
    return text_line(text_cut(&lines->rest, '\n'));
}

/* Of a long field only the beginning is shown. */
static int shown_size(struct text field)
{
    enum { MOST = 60 };
    return field.size < MOST ? (int)field.size : MOST;
}

static bool parse_weight(const struct lines *lines, struct text field, double *weight,
                         struct error *error)
{
    return options_is_real(field, 0, DBL_MAX, weight) ||
           error_set(error, STATUS_INPUT, "%s:%llu: '%.*s' is no weight: a number from 0 on",
                     lines->name, (unsigned long long)lines->line, shown_size(field), field.data);
}

/* ---- samples ---- */

static bool parse_samples(struct lines *lines, const struct samples *samples, double *exact,
                          struct error *error)
{
    size_t row = 0;
    for (; lines->rest.size; row++) {
        double weight;
        if (!parse_weight(lines, next_line(lines), &weight, error))
            return false;
        if (row < samples->rows)
            exact[row] = weight;
    }
    return row == samples->rows ||
           error_set(error, STATUS_INPUT, "%s: %zu %s, and there %s %zu %s: give each a line",
                     lines->name, row, report_noun(row, "weight", "weights"),
                     report_noun(samples->rows, "is", "are"), samples->rows,
                     report_noun(samples->rows, "sample", "samples"));
}

static bool read_weights(const char *path, struct buffer *text, struct error *error)
{
    return whole_read(path, &weights_kind, text, error) &&
           (text->size || error_set(error, STATUS_INPUT, "%s: is empty: there are no weights",
                                    path_called(path)));
}

static bool read_samples(const char *path, const struct samples *samples, double *exact,
                         struct error *error)
{
    struct buffer text = {0};
    bool read = read_weights(path, &text, error);
    struct lines lines = {.name = path_called(path), .rest = {text.bytes, text.size}};
    read = read && parse_samples(&lines, samples, exact, error);
    buffer_free(&text);
    return read;
}

/* ---- classes ---- */

static bool find_class(const struct lines *lines, const struct samples *samples, struct text label,
                       uint32_t *class, struct error *error)
{
    for (*class = 0; *class < samples->class_count; ++*class)
        if (text_equal(samples->classes[*class], label))
            return true;
    return error_set(error, STATUS_INPUT, "%s:%llu: no sample is labelled '%.*s'", lines->name,
                     (unsigned long long)lines->line, shown_size(label), label.data);
}

/* `of_class` is all 1 before, `given` false. */
static bool parse_classes(struct lines *lines, const struct samples *samples, double *of_class,
                          bool *given, struct error *error)
{
    while (lines->rest.size) {
        const struct text line = next_line(lines);
        if (!line.size)
            continue;
        const char *tab = line.size ? memchr(line.data, '\t', line.size) : NULL;
        uint32_t class;
        if (!tab)
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: there is no TAB: a line is a label, a TAB, and its weight",
                             lines->name, (unsigned long long)lines->line);
        const size_t size = (size_t)(tab - line.data);
        const struct text label = {line.data, size}, weight = {tab + 1, line.size - size - 1};
        if (!find_class(lines, samples, label, &class, error) ||
            !parse_weight(lines, weight, &of_class[class], error))
            return false;
        if (given[class])
            return error_set(error, STATUS_INPUT, "%s:%llu: that label stands twice", lines->name,
                             (unsigned long long)lines->line);
        given[class] = true;
    }
    return true;
}

static bool read_classes(const char *path, const struct samples *samples, double *of_class,
                         struct error *error)
{
    struct buffer text = {0};
    bool *given = calloc((size_t)samples->class_count + 1, sizeof *given);
    bool read = given || error_memory(error, "weighing the samples");
    if (read && !path_is_standard(path) && access(path, F_OK) != 0 && errno == ENOENT)
        read =
            error_set(error, STATUS_SYSTEM, "--class-weight %s: is no file, and neither %s nor %s",
                      path, balanced, subsample);
    read = read && read_weights(path, &text, error);
    struct lines lines = {.name = path_called(path), .rest = {text.bytes, text.size}};
    read = read && parse_classes(&lines, samples, of_class, given, error);
    buffer_free(&text);
    free(given);
    return read;
}

static void balance(const struct samples *samples, double *of_class)
{
    memset(of_class, 0, samples->class_count * sizeof *of_class);
    for (size_t row = 0; row < samples->rows; row++)
        of_class[samples->class_of[row]]++;
    for (uint32_t c = 0; c < samples->class_count; c++)
        of_class[c] = (double)samples->rows / (samples->class_count * of_class[c]);
}

static bool weigh_classes(const struct weigh *weigh, const struct samples *samples, double *exact,
                          struct error *error)
{
    const char *how = weigh->class_weight;
    if (!how || weigh_balances_bags(weigh))
        return true;
    double *of_class = memory_array(samples->class_count, sizeof *of_class);
    if (!of_class)
        return error_memory(error, "weighing the samples");
    for (uint32_t c = 0; c < samples->class_count; c++)
        of_class[c] = 1;
    bool done = true;
    if (strcmp(how, balanced) == 0)
        balance(samples, of_class);
    else
        done = read_classes(how, samples, of_class, error);
    for (size_t row = 0; done && row < samples->rows; row++)
        exact[row] *= of_class[samples->class_of[row]];
    free(of_class);
    return done;
}

/* ---- all together ---- */

bool weigh_balances_bags(const struct weigh *weigh)
{
    return weigh->class_weight && strcmp(weigh->class_weight, subsample) == 0;
}

bool weigh_wanted(const struct weigh *weigh, const struct samples *samples)
{
    return weigh->class_weight || weigh->sample_weight || samples->weight;
}

/* The sums are `chance`, the last one all. */
static bool settle(struct weighed *weighed, size_t rows, struct error *error)
{
    double all = 0;
    int exponent;
    for (size_t row = 0; row < rows; row++) {
        weighed->chance[row] = all += weighed->exact[row];
        weighed->weightless += weighed->exact[row] == 0;
    }
    if (!(all > 0 && all <= DBL_MAX))
        return error_set(error, STATUS_INPUT,
                         all > 0 ? "the samples weigh more than numbers can say"
                                 : "the samples weigh nothing together: some weight must be above "
                                   "0");
    frexp(all, &exponent);
    weighed->weights.unit = ldexp(1, exponent - 30);
    return weighed->weights.unit >= DBL_MIN ||
           error_set(error, STATUS_INPUT, "the samples weigh less than numbers can say");
}

static uint64_t digest_of(const double *exact, size_t rows)
{
    uint32_t crc = 0;
    for (size_t row = 0; row < rows; row++) {
        uint64_t bits;
        unsigned char bytes[sizeof bits];
        memcpy(&bits, &exact[row], sizeof bits);
        for (size_t i = 0; i < sizeof bits; i++)
            bytes[i] = (unsigned char)(bits >> 8 * i);
        crc = crc32_of(crc, bytes, sizeof bytes);
    }
    return crc ? crc : 1;
}

bool weigh_samples(const struct weigh *weigh, const struct samples *samples,
                   struct weighed *weighed, struct error *error)
{
    const size_t rows = samples->rows;
    weighed->exact = memory_array(rows, sizeof *weighed->exact);
    weighed->chance = memory_array(rows, sizeof *weighed->chance);
    if (!weighed->exact || !weighed->chance)
        return error_memory(error, "weighing the samples");
    for (size_t row = 0; row < rows; row++)
        weighed->exact[row] = samples->weight ? samples->weight[row] : 1;
    if ((weigh->sample_weight &&
         !read_samples(weigh->sample_weight, samples, weighed->exact, error)) ||
        !weigh_classes(weigh, samples, weighed->exact, error) || !settle(weighed, rows, error))
        return false;
    weighed->weights.exact = weighed->exact;
    weighed->weights.chance = weigh->draws ? weighed->chance : NULL;
    weighed->weights.balance_bags = weigh_balances_bags(weigh);
    weighed->digest = digest_of(weighed->exact, rows);
    return true;
}

void weighed_free(struct weighed *weighed)
{
    free(weighed->exact);
    free(weighed->chance);
    *weighed = (struct weighed){0};
}
