/*
 * rf-importance: how much each feature counts in a forest.
 */
#include "base/buffer.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "base/words.h"
#include "run/importances.h"
#include "run/permutation.h"
#include "run/train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS = 5, MOST_REPEATS = 10000 };

enum format { FORMAT_TEXT, FORMAT_TSV };

struct settings {
    int format;
    bool groups;
    uint64_t top;            /* 0: all */
    const char *permutation; /* the samples; NULL: importance is that by impurity */
    bool held_out;
    uint64_t repeats, seed; /* UINT64_MAX: not given */
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
    struct samples samples;
    struct permutation_result permutation;
    struct progress progress;
    struct words names; /* of the rows */
    struct row *rows;
    uint32_t row_count;
    uint32_t *row_of; /* by feature */
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
    run->rows[at].number = word;
    run->rows[at].features++;
    run->row_of[feature] = at;
    run->row_count += at == run->row_count;
    return true;
}

static bool make_rows(struct run *run, struct error *error)
{
    run->rows = calloc(run->header.dim, sizeof *run->rows);
    run->row_of = calloc(run->header.dim, sizeof *run->row_of);
    if (!run->rows || !run->row_of)
        return error_memory(error, "naming the features");
    for (uint32_t feature = 0; feature < run->header.dim; feature++)
        if (!add_feature(run, feature, error))
            return false;
    /* The table of names moves while it grows. */
    for (uint32_t i = 0; i < run->row_count; i++) {
        run->rows[i].name = words_text(&run->names, run->rows[i].number);
        run->rows[i].number = i;
    }
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

/* ---- figures ---- */

static void take_impurity(struct run *run)
{
    for (uint32_t feature = 0; feature < run->header.dim; feature++) {
        struct row *row = &run->rows[run->row_of[feature]];
        row->mean += importance_mean(&run->importance, feature);
        row->spread = importance_spread(&run->importance, feature);
    }
}

static void take_permutation(struct run *run)
{
    const uint32_t repeats = (uint32_t)run->settings->repeats;
    for (uint32_t i = 0; i < run->row_count; i++) {
        run->rows[i].mean = permutation_mean(&run->permutation, i, repeats);
        run->rows[i].spread = permutation_spread(&run->permutation, i, repeats);
    }
}

static void tell_progress(void *context, uint64_t tasks)
{
    struct run *run = context;
    progress_update(&run->progress, tasks);
}

static void tell_again(void *context, const char *noun, uint64_t number, const char *cause)
{
    struct run *run = context;
    progress_again(&run->progress, run->common, noun, number, cause);
}

static void summarize(const struct run *run)
{
    char right[REPORT_COUNT_SIZE], votes[REPORT_COUNT_SIZE];
    report_summary(run->common, "%s accuracy %.6f (%s of %s right) before shuffling",
                   run->settings->held_out ? "held-out" : "out-of-bag",
                   (double)run->permutation.right / (double)run->permutation.samples,
                   report_count(run->permutation.right, right),
                   report_count(run->permutation.samples, votes));
}

static bool shuffle(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    const struct permutation job = {.model = run->reader,
                                    .header = &run->header,
                                    .samples_name = settings->permutation,
                                    .samples = &run->samples,
                                    .held_out = settings->held_out,
                                    .group_of = run->row_of,
                                    .groups = run->row_count,
                                    .repeats = (uint32_t)settings->repeats,
                                    .seed = settings->seed,
                                    .jobs = run->common->jobs,
                                    .progressed = tell_progress,
                                    .again = tell_again,
                                    .context = run};
    run->progress = progress_start(run->common, "shuffles", run->row_count * settings->repeats);
    bool done = permutation_run(&job, &run->permutation, error);
    progress_finish(&run->progress);
    if (!done)
        return false;
    summarize(run);
    take_permutation(run);
    return true;
}

static bool measure(struct run *run, struct error *error)
{
    if (run->settings->permutation)
        return shuffle(run, error);
    if (!importances_read(run->reader, &run->header, &run->importance, error))
        return false;
    take_impurity(run);
    return true;
}

/* ---- text ---- */

/* Which columns there are: a group's impurity has no spread. */
static bool has_spread(const struct run *run)
{
    return !run->settings->groups || run->settings->permutation;
}

static void put_heading(const struct run *run, struct buffer *text)
{
    const bool groups = run->settings->groups, spread = has_spread(run);
    if (run->settings->format == FORMAT_TSV) {
        buffer_string(text, groups ? "group\timportance" : "feature\timportance");
        buffer_string(text, spread ? "\tspread" : "");
        buffer_string(text, groups ? "\tfeatures\n" : "\n");
        return;
    }
    buffer_string(text, "importance");
    buffer_string(text, spread ? "    spread" : "");
    buffer_string(text, groups ? "  features  group\n" : "  feature\n");
}

static void put_row(const struct run *run, const struct row *row, struct buffer *text)
{
    const bool tsv = run->settings->format == FORMAT_TSV;
    if (tsv)
        buffer_name(text, row->name);
    buffer_print(text, tsv ? "\t%.8f" : "%10.6f", row->mean);
    if (has_spread(run))
        buffer_print(text, tsv ? "\t%.8f" : "  %8.6f", row->spread);
    if (run->settings->groups)
        buffer_print(text, tsv ? "\t%u" : "  %8u", (unsigned)row->features);
    if (!tsv) {
        buffer_string(text, "  ");
        buffer_name(text, row->name);
    }
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

static bool open_forest(struct run *run, const char *path, struct error *error)
{
    run->reader = stream_open(path, error);
    if (!run->reader || !stream_read_header(run->reader, STREAM_FOREST, &run->header, error))
        return false;
    if (run->header.whole)
        report_warning(run->common, "%s: is a part of a forest: these are the figures of its trees",
                       stream_name(run->reader));
    return true;
}

/* Those to shuffle, of the same features. */
static bool load_samples(struct run *run, struct error *error)
{
    const char *path = run->settings->permutation;
    if (!path)
        return true;
    struct stream_reader *reader = stream_open(path, error);
    bool loaded = reader && train_load(reader, run->common->jobs, &run->samples, error);
    stream_close(reader);
    return loaded && (run->samples.dim == run->header.dim ||
                      error_set(error, STATUS_INPUT, "%s: rows of %u %s, and the forest has %u",
                                path, (unsigned)run->samples.dim,
                                report_noun(run->samples.dim, "feature", "features"),
                                (unsigned)run->header.dim));
}

static bool run_with(struct run *run, const char *path, struct error *error)
{
    if (!open_forest(run, path, error) || !load_samples(run, error) || !make_rows(run, error) ||
        !measure(run, error))
        return false;
    qsort(run->rows, run->row_count, sizeof *run->rows, compare_rows);
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, write_rows(run, output, error), error);
}

/* Options that say how to shuffle are for shuffling. */
static bool check(struct settings *settings, struct error *error)
{
    const char *idle = settings->held_out                ? "held-out"
                       : settings->repeats != UINT64_MAX ? "repeats"
                       : settings->seed != UINT64_MAX    ? "seed"
                                                         : NULL;
    if (!settings->permutation && idle)
        return error_set(error, STATUS_USAGE, "--%s is for --permutation, which names the samples",
                         idle);
    settings->repeats = settings->repeats == UINT64_MAX ? REPEATS : settings->repeats;
    settings->seed = settings->seed == UINT64_MAX ? 0 : settings->seed;
    return true;
}

static bool rf_importance(const struct call *call, void *target, struct error *error)
{
    struct run run = {.common = &call->common, .settings = target};
    const char *path;
    if (!program_operand(call, &path, error) || !check(target, error))
        return false;
    bool done = run_with(&run, path, error);
    free(run.rows);
    free(run.row_of);
    permutation_free(&run.permutation);
    samples_free(&run.samples);
    words_free(&run.names);
    importance_free(&run.importance);
    stream_header_free(&run.header);
    stream_close(run.reader);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "tsv", NULL};
    struct settings settings = {.repeats = UINT64_MAX, .seed = UINT64_MAX};
    const struct option_row rows[] = {
        {0, "groups", NULL, "add up features by what stands before the colon of their names",
         OPTION_FLAG, &settings.groups, 0, 0, NULL, NULL},
        {0, "permutation", "SAMPLES", "shuffle features: how much accuracy on these falls",
         OPTION_TEXT | OPTION_READS, &settings.permutation, 0, 0, NULL, NULL},
        {0, "held-out", NULL, "the forest was not grown from these samples: all trees vote",
         OPTION_FLAG, &settings.held_out, 0, 0, NULL, NULL},
        {0, "repeats", "N", "how often each feature is shuffled [5]", OPTION_COUNT,
         &settings.repeats, 1, MOST_REPEATS, NULL, NULL},
        {0, "seed", "N", "of the random numbers [0]", OPTION_COUNT, &settings.seed, 0, 0x1p53, NULL,
         NULL},
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
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_PROGRESS,
        .examples = "  rf-importance --top 10 model.mp\n"
                    "  rf-importance --groups model.mp\n"
                    "  rf-importance --permutation train.mp model.mp\n",
    };
    return program_main(&program, argc, argv, rf_importance, &settings);
}
