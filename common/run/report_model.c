/* The sections about where a result comes from: curve, corpus, importances, lineage. */
#include "base/memory.h"
#include "page/charts.h"
#include "page/html.h"
#include "run/importances.h"
#include "run/report_parts.h"
#include "run/table.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_FEATURES = 20, NUMBER_SIZE = 16 };

/* ---- the learning curve ---- */

static bool put_curve(const struct table *table, struct buffer *page, struct error *error)
{
    struct curve_point *points = memory_array(table->rows + 1, sizeof *points);
    bool done = points || error_memory(error, "writing the page");
    for (size_t i = 0; done && i < table->rows; i++) {
        done = table_real(table, i, 0, &points[i].documents, error) &&
               table_real(table, i, 1, &points[i].accuracy, error);
        double before = i ? points[i - 1].documents : 0;
        if (done &&
            !(points[i].documents > before && points[i].accuracy >= 0 && points[i].accuracy <= 1))
            done =
                error_set(error, STATUS_INPUT,
                          "%s:%zu: expected more documents than before, and an accuracy of 0 to 1",
                          table->name, i + 2);
    }
    if (done && table->rows)
        chart_learning(page, points, table->rows);
    free(points);
    return done;
}

bool report_curve(const struct report *report, struct buffer *page, struct error *error)
{
    static const char *const names[] = {"documents", "accuracy"};
    struct table table = {0};
    if (!report->curve)
        return true;
    buffer_string(page, "<section aria-labelledby=\"learn\"><h2 id=\"learn\">What more texts "
                        "would bring</h2>\n");
    bool done =
        table_read(&table, report->curve, names, 2, error) && put_curve(&table, page, error);
    buffer_string(page, "</section>\n");
    table_free(&table);
    return done;
}

/* ---- the corpus ---- */

static bool is(const struct table *table, size_t row, const char *what)
{
    return text_equal(table_field(table, row, 0), text_of(what));
}

static void put_figures(const struct table *table, struct buffer *page)
{
    buffer_string(page, "<dl>\n");
    for (size_t i = 0; i < table->rows; i++) {
        if (!is(table, i, "figure"))
            continue;
        buffer_string(page, "<div><dt>");
        html_text(page, table_field(table, i, 1));
        buffer_string(page, "</dt><dd>");
        html_text(page, table_field(table, i, 2));
        buffer_string(page, "</dd></div>\n");
    }
    buffer_string(page, "</dl>\n");
}

/* Lines `word label word`, those of a label behind each other, as a row a label. */
static void put_speakers(const struct table *table, struct buffer *page)
{
    struct text label = {NULL, 0};
    buffer_string(page, "<h3>Words that speak most for each label</h3>\n<div class=\"scroll\" "
                        "tabindex=\"0\" role=\"region\" aria-label=\"Words of each label\">"
                        "<table><thead><tr><th class=\"name\" scope=\"col\">label</th><th "
                        "class=\"name\" scope=\"col\">words</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < table->rows; i++) {
        if (!is(table, i, "word"))
            continue;
        if (!label.data || !text_equal(label, table_field(table, i, 1))) {
            buffer_string(page, label.data ? "</td></tr>\n" : "");
            label = table_field(table, i, 1);
            buffer_string(page, "<tr><th class=\"name\" scope=\"row\"><bdi>");
            html_text(page, label);
            buffer_string(page, "</bdi></th><td class=\"text\">");
        }
        buffer_string(page, "<bdi>");
        html_text(page, table_field(table, i, 2));
        buffer_string(page, "</bdi> ");
    }
    buffer_string(page,
                  label.data ? "</td></tr>\n</tbody></table></div>\n" : "</tbody></table></div>\n");
}

bool report_corpus(const struct report *report, struct buffer *page, struct error *error)
{
    static const char *const names[] = {"what", "name", "value", "detail"};
    struct table table = {0};
    if (!report->corpus)
        return true;
    bool done = table_read(&table, report->corpus, names, 4, error);
    if (done) {
        buffer_string(page, "<section aria-labelledby=\"corpus\"><h2 id=\"corpus\">Corpus</h2>\n");
        put_figures(&table, page);
        put_speakers(&table, page);
        buffer_string(page, "</section>\n");
    }
    table_free(&table);
    return done;
}

/* ---- importances ---- */

/* A feature, for sorting. */
struct feature {
    double mean, spread;
    uint32_t number;
};

static int by_mean(const void *left, const void *right)
{
    const struct feature *l = left, *r = right;
    if (l->mean != r->mean)
        return l->mean > r->mean ? -1 : 1;
    return l->number < r->number ? -1 : l->number > r->number;
}

static void put_feature(const struct stream_header *header, const struct feature *feature,
                        double largest, struct buffer *page)
{
    char number[NUMBER_SIZE];
    snprintf(number, sizeof number, "%u", (unsigned)feature->number);
    buffer_string(page, "<tr><th class=\"name\" scope=\"row\"><bdi>");
    html_name(page, header->features ? header->features[feature->number] : text_of(number));
    buffer_print(page,
                 "</bdi></th><td><span class=\"bar\" aria-hidden=\"true\"><i "
                 "style=\"width:%.1f%%\"></i></span></td><td>%.4f</td><td>%.4f</td></tr>\n",
                 largest > 0 ? 100 * feature->mean / largest : 0, feature->mean, feature->spread);
}

static bool put_features(const struct stream_header *header, const struct importance *importance,
                         struct buffer *page, struct error *error)
{
    struct feature *features = memory_array(header->dim, sizeof *features);
    if (!features)
        return error_memory(error, "writing the page");
    for (uint32_t i = 0; i < header->dim; i++)
        features[i] =
            (struct feature){importance_mean(importance, i), importance_spread(importance, i), i};
    qsort(features, header->dim, sizeof *features, by_mean);
    buffer_string(page, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                        "aria-label=\"Importances\"><table>\n<thead><tr><th class=\"name\" "
                        "scope=\"col\">feature</th><td></td><th scope=\"col\">importance</th>"
                        "<th scope=\"col\">spread</th></tr></thead>\n<tbody>\n");
    for (uint32_t i = 0; i < header->dim && i < MOST_FEATURES; i++)
        put_feature(header, &features[i], features[0].mean, page);
    buffer_string(page, "</tbody></table></div>\n");
    free(features);
    return true;
}

/* Reads the forest, whose predictions these have to be as far as they tell. */
static bool read_model(const struct report *report, struct stream_reader *reader,
                       struct stream_header *header, struct importance *importance,
                       struct error *error)
{
    if (!stream_read_header(reader, STREAM_FOREST, header, error) ||
        !importances_read(reader, header, importance, error))
        return false;
    lineage_complete(&header->lineage, stream_read_digest(reader));
    struct digest digest = stream_read_totals(reader).digest;
    return lineage_origin(report->lineage, &header->lineage, digest) != LINEAGE_ANOTHERS ||
           error_set(
               error, STATUS_INPUT,
               "%s: is not the forest that %s comes from: give that one, or leave --model out",
               report->model, report->predictions);
}

static bool put_model(const struct stream_header *header, const struct importance *importance,
                      struct buffer *page, struct error *error)
{
    buffer_print(page,
                 "<section aria-labelledby=\"importances\"><h2 id=\"importances\">"
                 "Importances</h2>\n<p class=\"quiet\">How much purer the forest's splits on "
                 "a feature made the texts below, as a share of all: the first %d of %u.</p>\n",
                 header->dim < MOST_FEATURES ? (int)header->dim : MOST_FEATURES,
                 (unsigned)header->dim);
    if (!put_features(header, importance, page, error))
        return false;
    buffer_string(page, "</section>\n");
    return true;
}

bool report_model(const struct report *report, struct buffer *page, struct error *error)
{
    static const char heading[] = "<section aria-labelledby=\"lineage\"><h2 id=\"lineage\">"
                                  "Lineage</h2>\n";
    struct stream_header header = {0};
    struct importance importance = {0};
    struct stream_reader *reader = NULL;
    bool done = true;
    if (report->model) {
        reader = stream_open(report->model, error);
        done = reader && read_model(report, reader, &header, &importance, error) &&
               put_model(&header, &importance, page, error);
    }
    buffer_string(page, heading);
    if (report->model && done) {
        buffer_string(page, "<h3>The model</h3>\n");
        report_stages(&header.lineage, page);
    }
    importance_free(&importance);
    stream_header_free(&header);
    stream_close(reader);
    return done;
}

/* ---- lineage ---- */

static void put_option(const struct lineage_option *option, struct buffer *page)
{
    html_text(page, text_of(option->name));
    buffer_byte(page, ' ');
    if (option->type == LINEAGE_COUNT)
        buffer_print(page, "%llu", (unsigned long long)option->count);
    else if (option->type == LINEAGE_REAL)
        buffer_print(page, "%.9g", option->real);
    else if (option->type == LINEAGE_FLAG)
        buffer_string(page, option->count ? "yes" : "no");
    else
        html_text(page, text_of(option->text));
}

void report_stages(const struct lineage *lineage, struct buffer *page)
{
    buffer_string(page, "<ol>\n");
    for (size_t i = 0; i < lineage->count; i++) {
        const struct lineage_entry *entry = &lineage->entries[i];
        buffer_string(page, "<li><strong>");
        html_text(page, text_of(entry->tool));
        buffer_string(page, "</strong> ");
        html_text(page, text_of(entry->version));
        buffer_string(page, "<br><small>");
        for (size_t k = 0; k < entry->option_count; k++) {
            buffer_string(page, k ? ", " : "");
            put_option(&entry->options[k], page);
        }
        if (entry->has_read)
            buffer_print(page, "%sread %llu bytes, CRC-32 %08x", entry->option_count ? "; " : "",
                         (unsigned long long)entry->read.size, (unsigned)entry->read.crc32);
        buffer_string(page, "</small></li>\n");
    }
    buffer_string(page, "</ol>\n");
}
