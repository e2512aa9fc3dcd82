/*
 * Figures have four decimals, as the classes' have.
 */
#include "score/sheet_measures.h"

#include "base/report.h"

#include <math.h>

enum { NAME_WIDTH = 18 };

static void put_number(struct buffer *text, int width, double value)
{
    if (isnan(value))
        buffer_print(text, "  %*s", width, "-");
    else
        buffer_print(text, "  %*.4f", width, value);
}

static void put_name(struct buffer *text, enum measure measure, uint32_t top)
{
    size_t before = text->size;
    buffer_string(text, measure_name(measure));
    if (measure == MEASURE_TOP)
        buffer_print(text, "-%u", (unsigned)top);
    while (!text->out_of_memory && text->size < before + NAME_WIDTH)
        buffer_byte(text, ' ');
}

void sheet_measures(const struct figure *figures, unsigned set, uint32_t top, struct buffer *text)
{
    buffer_print(text, "%-*s  %9s  %20s\n", NAME_WIDTH, "measure", "value", "95% interval");
    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (!(set & 1u << i))
            continue;
        put_name(text, (enum measure)i, top);
        put_number(text, 9, figures[i].value);
        put_number(text, 9, figures[i].interval.low);
        put_number(text, 9, figures[i].interval.high);
        buffer_byte(text, '\n');
    }
}

/* ---- coverage ---- */

void sheet_coverage(const struct coverage_step *steps, size_t count, uint64_t rows,
                    struct buffer *text)
{
    buffer_print(text, "%-10s  %9s  %8s  %9s  %8s  %16s\n", "confidence", "answered", "of all",
                 "right", "accuracy", "95% interval");
    for (size_t i = 0; i < count; i++) {
        const struct coverage_step *step = &steps[i];
        struct interval interval = interval_wilson(step->right, step->answered);
        size_t before = text->size;
        buffer_float(text, step->confidence);
        while (!text->out_of_memory && text->size < before + 10)
            buffer_byte(text, ' ');
        buffer_print(text, "  %9llu  %7.2f%%  %9llu  %8.4f  %7.4f  %7.4f\n",
                     (unsigned long long)step->answered,
                     100 * (double)step->answered / (double)rows, (unsigned long long)step->right,
                     (double)step->right / (double)step->answered, interval.low, interval.high);
    }
}

/* ---- two models ---- */

static void put_mcnemar(const struct paired *paired, struct buffer *text)
{
    struct mcnemar test = mcnemar_of(paired->first, paired->second);
    char count[4][REPORT_COUNT_SIZE];
    buffer_print(text,
                 "\nright in both %s, in the first only %s, in the second only %s, in neither %s\n"
                 "McNemar's test: p = ",
                 report_count(paired->both, count[0]), report_count(paired->first, count[1]),
                 report_count(paired->second, count[2]), report_count(paired->neither, count[3]));
    buffer_print(text, "%.4g", test.p);
    if (test.exact)
        buffer_string(text, " (exact binomial)\n");
    else
        buffer_print(text, " (chi-squared %.4f, with continuity correction)\n", test.statistic);
}

void sheet_pair(const struct figures_pair *pair, const struct paired *paired, unsigned set,
                uint32_t top, struct buffer *text)
{
    buffer_print(text, "%-*s  %9s  %9s  %12s  %20s\n", NAME_WIDTH, "measure", "first", "second",
                 "first-second", "95% interval");
    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (!(set & 1u << i))
            continue;
        put_name(text, (enum measure)i, top);
        put_number(text, 9, pair->first[i].value);
        put_number(text, 9, pair->second[i].value);
        put_number(text, 12, pair->difference[i].value);
        put_number(text, 9, pair->difference[i].interval.low);
        put_number(text, 9, pair->difference[i].interval.high);
        buffer_byte(text, '\n');
    }
    put_mcnemar(paired, text);
}
