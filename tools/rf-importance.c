/*
 * rf-importance: how much each feature counts in a forest.
 */
#include "base/buffer.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "base/words.h"
#include "run/importances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum format { FORMAT_TEXT, FORMAT_TSV };

struct settings {
    int format;
    bool groups;
    uint64_t top; /* 0: all */
};

/* A feature, or the features of a group. */
struct row {
    struct text name;
    double mean, spread;
    uint32_t features;
    uint32_t number;
};

/* What a run holds. */
struct run {
    const struct common *common;
    const struct settings *settings;
    struct stream_reader *reader;
    struct stream_header header;
    struct importance importance;
    struct words names; /* of the rows */
    struct row *rows;
    uint32_t row_count;
};

/* ---- rows ---- */

/* Of `glove:12` that is `glove`; a name without a colon is a group of its own. */
static struct text group_of(struct text name)
{
    const char *colon = name.size ? memchr(name.data, ':', name.size) : NULL;
    return colon ? (struct text){name.data, (size_t)(colon - name.data)} : name;
}

static struct text name_of(const struct run *run, uint32_t feature, char number[16])
{
    if (run->header.features)
        return run->header.features[feature];
    const int size = snprintf(number, 16, "%u", (unsigned)feature);
    return (struct text){number, (size_t)size};
}

/* Features of one name are told apart, unless groups are wanted. */
static bool add_feature(struct run *run, uint32_t feature, struct error *error)
{
    char number[16];
    const struct text name = name_of(run, feature, number);
    uint32_t at = run->row_count;
    const uint32_t word =
        words_add(&run->names, run->settings->groups ? group_of(name) : name, NULL);
    if (word == WORDS_NONE)
        return error_memory(error, "naming the features");
    if (run->settings->groups)
        at = word;
    struct row *row = &run->rows[at];
    *row = (struct row){.number = word,
                        .mean = row->mean + importance_mean(&run->importance, feature),
                        .spread = importance_spread(&run->importance, feature),
                        .features = row->features + 1};
    run->row_count += at == run->row_count;
    return true;
}

/* The most important first; of equals the one that came first. */
static int compare_rows(const void *left, const void *right)
{
    const struct row *l = left, *r = right;
    if (l->mean != r->mean)
        return l->mean > r->mean ? -1 : 1;
    return l->number < r->number ? -1 : l->number > r->number;
}

static bool make_rows(struct run *run, struct error *error)
{
    run->rows = calloc(run->header.dim, sizeof *run->rows);
    if (!run->rows)
        return error_memory(error, "naming the features");
    for (uint32_t feature = 0; feature < run->header.dim; feature++)
        if (!add_feature(run, feature, error))
            return false;
    /* The table of names moves while it grows. */
    for (uint32_t i = 0; i < run->row_count; i++) {
        run->rows[i].name = words_text(&run->names, run->rows[i].number);
        run->rows[i].number = i;
    }
    qsort(run->rows, run->row_count, sizeof *run->rows, compare_rows);
    return true;
}

/* ---- text ---- */

static void put_heading(const struct run *run, struct buffer *text)
{
    const bool groups = run->settings->groups;
    if (run->settings->format == FORMAT_TSV)
        buffer_string(text,
                      groups ? "group\timportance\tfeatures\n" : "feature\timportance\tspread\n");
    else
        buffer_string(text,
                      groups ? "importance  features  group\n" : "importance    spread  feature\n");
}

static void put_row(const struct run *run, const struct row *row, struct buffer *text)
{
    const bool tsv = run->settings->format == FORMAT_TSV;
    if (tsv) {
        buffer_name(text, row->name);
        buffer_byte(text, '\t');
    }
    buffer_print(text, tsv ? "%.8f\t" : "%10.6f  ", row->mean);
    if (run->settings->groups)
        buffer_print(text, tsv ? "%u" : "%8u  ", (unsigned)row->features);
    else
        buffer_print(text, tsv ? "%.8f" : "%8.6f  ", row->spread);
    if (!tsv)
        buffer_name(text, row->name);
    buffer_byte(text, '\n');
}

static bool write_rows(const struct run *run, struct output *output, struct error *error)
{
    const uint64_t top = run->settings->top;
    struct buffer text = {0};
    put_heading(run, &text);
    for (uint32_t i = 0; i < run->row_count && (!top || i < top); i++)
        put_row(run, &run->rows[i], &text);
    bool sent = buffer_send(&text, output, error);
    buffer_free(&text);
    return sent;
}

/* ---- running ---- */

static bool read_forest(struct run *run, const char *path, struct error *error)
{
    run->reader = stream_open(path, error);
    if (!run->reader || !stream_read_header(run->reader, STREAM_FOREST, &run->header, error))
        return false;
    if (run->header.whole)
        report_warning(run->common, "%s: is a part of a forest: these are the figures of its trees",
                       stream_name(run->reader));
    return importances_read(run->reader, &run->header, &run->importance, error);
}

static bool run_with(struct run *run, const char *path, struct error *error)
{
    if (!read_forest(run, path, error) || !make_rows(run, error))
        return false;
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    if (write_rows(run, output, error))
        return output_commit(output, error);
    output_discard(output);
    return false;
}

static bool rf_importance(const struct call *call, void *target, struct error *error)
{
    struct run run = {.common = &call->common, .settings = target};
    const char *path;
    if (!program_operand(call, &path, error))
        return false;
    bool done = run_with(&run, path, error);
    free(run.rows);
    words_free(&run.names);
    importance_free(&run.importance);
    stream_header_free(&run.header);
    stream_close(run.reader);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "tsv", NULL};
    struct settings settings = {0};
    const struct option_row rows[] = {
        {0, "groups", NULL, "add up features by what stands before the colon of their names",
         OPTION_FLAG, &settings.groups, 0, 0, NULL, NULL},
        {0, "top", "N", "only the N most important [all]", OPTION_COUNT, &settings.top, 1,
         INT32_MAX, NULL, NULL},
        {0, "format", "text|tsv", "aligned text, or columns separated by TABs [text]",
         OPTION_CHOICE, &settings.format, 0, 0, formats, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-importance",
        .arguments = "[options] [MODEL]",
        .purpose = "Tell how much each feature counts in a forest from rf-train.",
        .rows = rows,
        .takes = TAKES_OUTPUT,
        .examples = "  rf-importance --top 10 model.mp\n"
                    "  rf-importance --groups model.mp\n",
    };
    return program_main(&program, argc, argv, rf_importance, &settings);
}
