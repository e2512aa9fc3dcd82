/*
 * The summary and the classes; sheet_confusion.c has the matrix.
 */
#include "score/sheet.h"

#include "base/memory.h"
#include "base/report.h"
#include "score/intervals.h"
#include "score/ranked.h"

#include <stdlib.h>

enum {
    LISTED_CLASSES = 100, /* of which all have a line */
    WORST_CLASSES = 40,   /* that have one where there are more */
    FITTING_CLASSES = 20, /* from where on a terminal's height counts */
    FEWEST_CLASSES = 5,
    SHEET_LINES = 14, /* of what stands around classes and confusions */
    BAR_CELLS = 10
};

static void put_summary(const struct metrics *metrics, struct buffer *text)
{
    char hits[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE], answered[REPORT_COUNT_SIZE];
    const char *noun = report_noun(metrics->rows, "row", "rows");
    buffer_print(text, "accuracy %.6f: %s of %s %s\n", metrics->accuracy,
                 report_count(metrics->hits, hits), report_count(metrics->rows, rows), noun);
    if (metrics->abstained)
        buffer_print(text, "answered %s of %s %s (%.2f%%), accuracy on these %.6f\n",
                     report_count(metrics->answered, answered), rows, noun,
                     100 * (double)metrics->answered / (double)metrics->rows,
                     metrics->answered_accuracy);
    buffer_byte(text, '\n');
}

/* ---- columns ---- */

static void put_interval(struct buffer *text, uint64_t part, uint64_t whole)
{
    struct interval interval = interval_wilson(part, whole);
    if (whole)
        buffer_print(text, " %6.4f-%6.4f", interval.low, interval.high);
    else
        buffer_print(text, " %13s", "-");
}

/* Eighths of a cell, from none to a whole one. */
static void put_bar(struct buffer *text, double share)
{
    static const char *const eighths[] = {" ",
                                          "\xe2\x96\x8f",
                                          "\xe2\x96\x8e",
                                          "\xe2\x96\x8d",
                                          "\xe2\x96\x8c",
                                          "\xe2\x96\x8b",
                                          "\xe2\x96\x8a",
                                          "\xe2\x96\x89",
                                          "\xe2\x96\x88"};
    int filled = (int)(share * BAR_CELLS * 8 + 0.5);
    buffer_string(text, "  \x1b[38;5;34m");
    for (int cell = 0; cell < BAR_CELLS && filled > 0; cell++, filled -= 8)
        buffer_string(text, eighths[filled < 8 ? filled : 8]);
    buffer_string(text, "\x1b[0m");
}

static void put_class(struct buffer *text, const struct metrics_class *of,
                      const struct sheet_look *look)
{
    buffer_print(text, "  %9.4f", of->precision);
    if (look->intervals)
        put_interval(text, of->hits, of->predicted);
    buffer_print(text, "  %8.4f", of->recall);
    if (look->intervals)
        put_interval(text, of->hits, of->support);
    buffer_print(text, "  %8.4f  %9llu", of->f1, (unsigned long long)of->support);
    if (look->colour)
        put_bar(text, of->f1);
    buffer_byte(text, '\n');
}

static void put_mean(struct buffer *text, const char *what, int width,
                     const struct metrics_mean *mean, uint64_t rows, const struct sheet_look *look)
{
    int gap = look->intervals ? 14 : 0;
    buffer_print(text, "%-*s  %9.4f%*s  %8.4f%*s  %8.4f  %9llu\n", width, what, mean->precision,
                 gap, "", mean->recall, gap, "", mean->f1, (unsigned long long)rows);
}

static void put_heading(struct buffer *text, int width, const struct sheet_look *look)
{
    static const char interval[] = "  95% interval";
    const char *between = look->intervals ? interval : "";
    buffer_print(text, "%-*s  %9s%s  %8s%s  %8s  %9s\n", width, "class", "precision", between,
                 "recall", between, "f1", "support");
}

/* ---- classes ---- */

/* NULL: memory is out. */
static struct ranked_class *worst_first(const struct metrics *metrics)
{
    struct ranked_class *places = memory_array(metrics->class_count, sizeof *places);
    for (uint32_t i = 0; places && i < metrics->class_count; i++) /* no class is no bad one */
        places[i] =
            (struct ranked_class){metrics_is_no_class(metrics, i) ? 2 : metrics->classes[i].f1,
                                  metrics->classes[i].support, i};
    if (places)
        ranked_classes(places, metrics->class_count);
    return places;
}

/* Two thirds of what the terminal has room for, as sheet_confusion takes the rest; as many as there
   are where it is none. */
static uint32_t listed_classes(const struct metrics *metrics, const struct sheet_look *look)
{
    uint32_t count = metrics_count_classes(metrics), fit;
    if (look->lines && count > FITTING_CLASSES && !look->matrix) {
        fit = look->lines > SHEET_LINES ? (look->lines - SHEET_LINES) / 3 * 2 : 0;
        fit = fit < FEWEST_CLASSES ? FEWEST_CLASSES : fit;
        return fit < count ? fit : count;
    }
    return count > LISTED_CLASSES ? WORST_CLASSES : count;
}

static bool put_worst(const struct metrics *metrics, const struct name *names, int width,
                      const struct sheet_look *look, struct buffer *text)
{
    uint32_t listed = listed_classes(metrics, look);
    struct ranked_class *places = worst_first(metrics);
    if (!places)
        return false;
    for (uint32_t i = 0; i < listed; i++) {
        name_left(text, &names[places[i].class], width);
        put_class(text, &metrics->classes[places[i].class], look);
    }
    buffer_print(text, "... the %u of lowest F1 of %u classes; all of them with --json\n",
                 (unsigned)listed, (unsigned)metrics_count_classes(metrics));
    free(places);
    return true;
}

static bool put_lines(const struct metrics *metrics, const struct name *names, int width,
                      const struct sheet_look *look, struct buffer *text)
{
    if (listed_classes(metrics, look) < metrics_count_classes(metrics))
        return put_worst(metrics, names, width, look, text);
    for (uint32_t i = 0; i < metrics->class_count; i++) {
        if (metrics_is_no_class(metrics, i))
            continue;
        name_left(text, &names[i], width);
        put_class(text, &metrics->classes[i], look);
    }
    return true;
}

static bool put_classes(const struct metrics *metrics, const struct name *names,
                        const struct sheet_look *look, struct buffer *text)
{
    static const char longest_mean[] = "weighted mean";
    int width = names_widest(names, metrics->class_count);
    if (width < (int)sizeof longest_mean - 1)
        width = sizeof longest_mean - 1;
    put_heading(text, width, look);
    if (!put_lines(metrics, names, width, look, text))
        return false;
    buffer_byte(text, '\n');
    put_mean(text, "macro mean", width, &metrics->macro, metrics->rows, look);
    put_mean(text, longest_mean, width, &metrics->weighted, metrics->rows, look);
    return true;
}

bool sheet_metrics(const struct metrics *metrics, const struct sheet_look *look,
                   struct buffer *text)
{
    struct name *names = names_of(metrics);
    if (!names)
        return false;
    put_summary(metrics, text);
    bool put =
        put_classes(metrics, names, look, text) && sheet_confusion(metrics, names, look, text);
    return names_free(names, metrics->class_count) && put;
}
