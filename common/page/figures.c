/* Tiles are a list of terms, tables have their headings marked as such. */
#include "page/figures.h"

#include "base/memory.h"
#include "page/html.h"
#include "score/json_put.h"
#include "score/ranked.h"

#include <math.h>
#include <stdlib.h>

enum { IN_ORDER = 20 /* labels that stand in the order of the alphabet */ };

/* ` data-value="0.9794426678848789"` */
static void put_value(struct buffer *page, double value)
{
    buffer_string(page, " data-value=\"");
    json_number(page, value);
    buffer_byte(page, '"');
}

static void put_interval(struct buffer *page, struct interval interval)
{
    if (isnan(interval.low))
        return;
    html_number(page, interval.low, 4);
    buffer_string(page, "\xe2\x80\x93");
    html_number(page, interval.high, 4);
}

/* ---- tiles ---- */

static void put_tile(struct buffer *page, const char *name, const char *id, double value,
                     int digits, struct interval interval)
{
    buffer_print(page, "<div><dt>%s</dt><dd id=\"%s\"", name, id);
    put_value(page, value);
    buffer_byte(page, '>');
    html_number(page, value, digits);
    if (!isnan(interval.low)) {
        buffer_string(page, "<small class=\"quiet\">95%: <span class=\"whole\">");
        put_interval(page, interval);
        buffer_string(page, "</span></small>");
    }
    buffer_string(page, "</dd></div>\n");
}

static void put_measure(struct buffer *page, const struct evaluation *evaluation,
                        enum measure measure, const char *name)
{
    const struct figure *figure = &evaluation->figures[measure];
    if (evaluation->trial.set & 1u << measure)
        put_tile(page, name, measure_name(measure), figure->value, 4, figure->interval);
}

static void put_count(struct buffer *page, const char *name, const char *id, uint64_t count)
{
    buffer_print(page, "<div><dt>%s</dt><dd id=\"%s\" data-value=\"%llu\">", name, id,
                 (unsigned long long)count);
    html_count(page, count);
    buffer_string(page, "</dd></div>\n");
}

void figures_headline(struct buffer *page, const struct evaluation *evaluation,
                      const struct calibration *calibration)
{
    const struct metrics *metrics = &evaluation->trial.metrics;
    buffer_string(page, "<dl>\n");
    put_measure(page, evaluation, MEASURE_ACCURACY, "accuracy");
    put_measure(page, evaluation, MEASURE_MACRO_F1, "macro F1");
    put_measure(page, evaluation, MEASURE_BALANCED, "balanced accuracy");
    put_measure(page, evaluation, MEASURE_AUC, "AUC");
    put_measure(page, evaluation, MEASURE_LOG_LOSS, "log-loss");
    if (calibration)
        put_tile(page, "calibration error", "calibration-error", calibration->error, 4,
                 (struct interval){(double)NAN, (double)NAN});
    put_measure(page, evaluation, MEASURE_ANSWERED, "answered");
    put_measure(page, evaluation, MEASURE_ANSWERED_ACCURACY, "right of the answered");
    put_count(page, "texts", "rows", metrics->rows);
    put_count(page, "labels", "labels", metrics_count_classes(metrics));
    buffer_string(page, "</dl>\n");
}

/* ---- measures ---- */

void figures_measures(struct buffer *page, const struct evaluation *evaluation)
{
    const struct trial *trial = &evaluation->trial;
    buffer_string(page, "<details><summary>All measures</summary>\n<div class=\"scroll\" "
                        "tabindex=\"0\" role=\"region\" aria-label=\"All measures\">"
                        "<table id=\"measures\">\n<thead><tr><th class=\"name\" "
                        "scope=\"col\">measure</th><th scope=\"col\">value</th><th scope=\"col\">"
                        "95% interval</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < MEASURE_COUNT; i++) {
        if (!(trial->set & 1u << i))
            continue;
        buffer_print(page, "<tr><th class=\"name\" scope=\"row\">%s",
                     measure_name((enum measure)i));
        if (i == MEASURE_TOP)
            buffer_print(page, "-%u", (unsigned)trial->top);
        buffer_string(page, "</th><td");
        put_value(page, evaluation->figures[i].value);
        buffer_byte(page, '>');
        html_number(page, evaluation->figures[i].value, 4);
        buffer_string(page, "</td><td>");
        put_interval(page, evaluation->figures[i].interval);
        buffer_string(page, "</td></tr>\n");
    }
    buffer_string(page, "</tbody></table></div></details>\n");
}

/* ---- labels ---- */

static void put_cell(struct buffer *page, double value)
{
    buffer_string(page, "<td");
    put_value(page, value);
    buffer_byte(page, '>');
    html_number(page, value, 3);
    buffer_string(page, "</td>");
}

static void put_class(struct buffer *page, const struct metrics_class *of)
{
    buffer_string(page, "<tr><th class=\"name\" scope=\"row\"><bdi>");
    html_name(page, of->label);
    buffer_string(page, "</bdi></th>");
    put_cell(page, of->f1);
    buffer_print(page,
                 "<td><span class=\"bar\" aria-hidden=\"true\"><i style=\"width:%.1f%%\">"
                 "</i></span></td>",
                 100 * of->f1);
    put_cell(page, of->precision);
    put_cell(page, of->recall);
    buffer_print(page, "<td data-value=\"%llu\">", (unsigned long long)of->support);
    html_count(page, of->support);
    buffer_string(page, "</td></tr>\n");
}

bool figures_classes(struct buffer *page, const struct evaluation *evaluation)
{
    const struct metrics *metrics = &evaluation->trial.metrics;
    struct ranked_class *places = memory_array(metrics->class_count, sizeof *places);
    if (!places)
        return false;
    uint32_t count = 0;
    for (uint32_t i = 0; i < metrics->class_count; i++)
        if (!metrics_is_no_class(metrics, i))
            places[count++] =
                (struct ranked_class){metrics->classes[i].f1, metrics->classes[i].support, i};
    if (count > IN_ORDER)
        ranked_classes(places, count);
    buffer_print(page,
                 "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Labels\">"
                 "<table id=\"classes\">\n<caption>%s</caption>\n<thead><tr><th "
                 "class=\"name\" scope=\"col\">label</th><th scope=\"col\">F1</th>"
                 "<td></td><th scope=\"col\">precision</th><th scope=\"col\">recall</th>"
                 "<th scope=\"col\">texts</th></tr></thead>\n<tbody>\n",
                 count > IN_ORDER ? "Lowest F1 first" : "In alphabetical order");
    for (uint32_t i = 0; i < count; i++)
        put_class(page, &metrics->classes[places[i].class]);
    buffer_string(page, "</tbody></table></div>\n");
    free(places);
    return true;
}
