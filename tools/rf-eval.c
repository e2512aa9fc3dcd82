/*
 * rf-eval: how well predictions match the labels.
 */
#include "base/colour.h"
#include "base/output.h"
#include "base/path.h"
#include "base/place.h"
#include "base/program.h"
#include "base/report.h"
#include "run/costs.h"
#include "run/evaluate.h"
#include "run/report.h"
#include "run/tell.h"
#include "score/doubts.h"
#include "score/evaluation.h"
#include "score/json.h"
#include "score/paired.h"
#include "score/sheet.h"
#include "score/sheet_measures.h"

#include <stdlib.h>
#include <string.h>

enum { TOP = 3, RESAMPLES = 1000 };

struct settings {
    bool json, accuracy, all, matrix;
    unsigned measures; /* a set; 0: not asked for */
    uint64_t top, resamples, seed;
    const char *costs, *against;
    int colour;
    struct report report; /* path NULL: none */
};

/* What a run holds. */
struct run {
    const struct common *common;
    struct settings *settings;
    const char *name, *other_name; /* of the predictions */
    struct lineage lineage;        /* of the first ones */
    struct answers answers, others;
    struct costs costs;
    struct evaluation evaluation;
    struct trial other;
    struct buffer text;
};

/* ---- checking ---- */

static bool exclude(const char *first, bool given, const char *second, bool also,
                    struct error *error)
{
    return !(given && also) ||
           error_set(error, STATUS_USAGE, "%s and %s exclude each other", first, second);
}

static bool check_report(const struct report *report, struct error *error)
{
    bool parts = report->title || report->text_count || report->model || report->explanations ||
                 report->suspects || report->curve || report->corpus;
    const struct collection_settings *documents = &report->documents;
    bool reads = documents->defects || wish_is_given(&documents->wish);
    if (!report->path && parts)
        return error_set(error, STATUS_USAGE,
                         "--title, --texts, --model, --explanations, --suspects, --curve and "
                         "--corpus are for --html FILE");
    return report->text_count || !reads ||
           error_set(error, STATUS_USAGE,
                     "--defects, and options of how documents are read, such as --from, are for "
                     "--texts FILE");
}

/* The measures that were asked for, whether they can be had or not. */
static unsigned wanted(const struct settings *settings)
{
    unsigned set = settings->measures;
    if (settings->all || settings->report.path || (settings->against && !set))
        set = MEASURES_ALL;
    return settings->costs ? set : set & ~(unsigned)MEASURES_OF_COSTS;
}

/* Options of measures are for what shows them. */
static bool check_measures(struct settings *settings, struct error *error)
{
    unsigned set = wanted(settings);
    const char *idle = set                                 ? NULL
                       : settings->resamples != UINT64_MAX ? "resamples"
                       : settings->seed != UINT64_MAX      ? "seed"
                                                           : NULL;
    if (idle)
        return error_set(error, STATUS_USAGE,
                         "--%s is for measures: name some with --measures, or take --all", idle);
    if (settings->top != UINT64_MAX && !(set & 1u << MEASURE_TOP))
        return error_set(error, STATUS_USAGE,
                         "--top is for the measure top: --measures top prints it, or --all");
    settings->top = settings->top == UINT64_MAX ? TOP : settings->top;
    settings->resamples = settings->resamples == UINT64_MAX ? RESAMPLES : settings->resamples;
    settings->seed = settings->seed == UINT64_MAX ? 0 : settings->seed;
    settings->report.title = settings->report.title ? settings->report.title : "How right it is";
    return true;
}

static bool check(struct settings *settings, struct error *error)
{
    bool measures = settings->measures != 0, against = settings->against != NULL;
    if ((settings->measures & MEASURES_OF_COSTS) && !settings->costs)
        return error_set(error, STATUS_USAGE, "the measure cost needs --costs FILE");
    return exclude("--json", settings->json, "--accuracy", settings->accuracy, error) &&
           exclude("--all", settings->all, "--accuracy", settings->accuracy, error) &&
           exclude("--measures", measures, "--accuracy", settings->accuracy, error) &&
           exclude("--against", against, "--accuracy", settings->accuracy, error) &&
           exclude("--measures", measures, "--all", settings->all, error) &&
           exclude("--against", against, "--all", settings->all, error) &&
           exclude("--matrix", settings->matrix, "--accuracy", settings->accuracy, error) &&
           exclude("--matrix", settings->matrix, "--measures", measures, error) &&
           exclude("--matrix", settings->matrix, "--against", against, error) &&
           exclude("--html", settings->report.path, "--measures", measures, error) &&
           exclude("--html", settings->report.path, "--against", against, error) &&
           check_report(&settings->report, error) && check_measures(settings, error);
}

static bool parse_measures(const char *text, void *target, struct error *error)
{
    const char *stranger = measures_parse(text, target);
    return !stranger ||
           error_set(error, STATUS_USAGE, "--measures: there is no '%.*s': rf-eval(1) lists them",
                     (int)strcspn(stranger, ","), stranger);
}

static enum answers_keeps keeps(const struct settings *settings)
{
    unsigned set = wanted(settings);
    if (set & MEASURES_OF_CURVES)
        return ANSWERS_CURVES;
    if (set & MEASURES_OF_PROBA)
        return ANSWERS_CHANCES;
    return set ? ANSWERS_ROWS : ANSWERS_COUNTS;
}

/* ---- reading ---- */

static bool read_answers(const struct settings *settings, const char *path, struct answers *answers,
                         struct lineage *lineage, struct error *error)
{
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    answers->keeps = keeps(settings);
    bool done = evaluate_read(reader, answers, lineage, error);
    stream_close(reader);
    return done;
}

/* Of what is wanted, what these answers allow. */
static bool choose(const struct run *run, const struct answers *answers, unsigned *set,
                   struct error *error)
{
    const struct settings *settings = run->settings;
    *set = wanted(settings);
    if (!answers->proba && (settings->measures & MEASURES_OF_PROBA))
        return error_set(error, STATUS_INPUT,
                         "log-loss, brier, auc and top need probabilities, which the predictions "
                         "lack: rf-predict --proba");
    if (!answers->proba)
        *set &= ~(unsigned)MEASURES_OF_PROBA;
    if (!settings->measures && !answers->confusion.abstained)
        *set &= ~(unsigned)MEASURES_OF_ANSWERS;
    if (!settings->measures && !answers->sets)
        *set &= ~(unsigned)MEASURES_OF_SETS;
    if (!answers->sets && (settings->measures & MEASURES_OF_SETS))
        return error_set(error, STATUS_INPUT,
                         "set-coverage and set-size need a stream with sets: rf-predict --coverage "
                         "--format mp");
    if (!settings->measures && answers->classes.count <= settings->top)
        *set &= ~(1u << MEASURE_TOP);
    return true;
}

static bool prepare(const struct run *run, const struct answers *answers, unsigned set,
                    struct trial *trial, struct error *error)
{
    trial->answers = answers;
    trial->set = set;
    trial->top = (uint32_t)run->settings->top;
    return trial_prepare(trial, run->settings->costs ? &run->costs : NULL, error);
}

/* What the rows are of: the texts, where they are named, for their labels are those. */
static const char *named_source(const struct run *run)
{
    const struct report *report = &run->settings->report;
    if (!report->text_count)
        return run->name;
    return report->text_count == 1 ? report->texts[0] : "the texts";
}

static void warn(const struct run *run, const char *name, const struct answers *answers,
                 const struct metrics *metrics)
{
    struct buffer doubts = {0};
    doubts_of(answers, metrics, &doubts);
    buffer_byte(&doubts, '\0');
    if (!doubts.out_of_memory && *doubts.bytes)
        report_warning(run->common, "%s: %s", name, doubts.bytes);
    buffer_free(&doubts);
    struct text *labels = calloc((size_t)metrics->class_count + 1, sizeof *labels);
    for (uint32_t i = 0; labels && i < metrics->class_count; i++)
        labels[i] = metrics->classes[i].label;
    if (labels)
        tell_alike(run->common, labels, metrics->class_count);
    free(labels);
}

/* ---- writing ---- */

static const char lacking[] = "\nlog-loss, brier, auc, auc-weighted, top and coverage need "
                              "probabilities: rf-predict --proba\n";

static void put_resampling(struct run *run)
{
    char count[REPORT_COUNT_SIZE];
    buffer_print(&run->text,
                 "\nintervals: Wilson's for shares of rows, the others from %s %s of the rows "
                 "(--seed %llu)\n",
                 report_count(run->settings->resamples, count),
                 report_noun(run->settings->resamples, "resample", "resamples"),
                 (unsigned long long)run->settings->seed);
}

static void put_evaluation(struct run *run)
{
    const struct evaluation *evaluation = &run->evaluation;
    buffer_byte(&run->text, '\n');
    sheet_measures(evaluation->figures, evaluation->trial.set, evaluation->trial.top, &run->text);
    put_resampling(run);
    if (run->answers.proba && run->answers.hopeless) {
        char rows[REPORT_COUNT_SIZE];
        buffer_print(&run->text, "log-loss: %s %s label no probability; it counts as 2^-52\n",
                     report_count(run->answers.hopeless, rows),
                     report_noun(run->answers.hopeless, "row gave its", "rows gave their"));
    }
    if (!run->answers.proba)
        buffer_string(&run->text, lacking);
    if (!evaluation->step_count)
        return;
    buffer_byte(&run->text, '\n');
    sheet_coverage(evaluation->steps, evaluation->step_count, evaluation->trial.metrics.rows,
                   &run->text);
}

static void put_sets(struct run *run)
{
    const struct answers *answers = &run->answers;
    const double rows = (double)answers->confusion.rows;
    const uint64_t having = answers->confusion.rows == 1 ? 1 : answers->held; /* 0 of 1 row has */
    char held[REPORT_COUNT_SIZE], all[REPORT_COUNT_SIZE], empty[REPORT_COUNT_SIZE];
    buffer_print(&run->text,
                 "\nsets: %s of %s %s %s label in it (%.2f%%), %.4f labels a set, %s empty\n",
                 report_count(answers->held, held), report_count(answers->confusion.rows, all),
                 report_noun(answers->confusion.rows, "row", "rows"),
                 report_noun(having, "has its", "have their"), 100 * (double)answers->held / rows,
                 (double)answers->labels_in_sets / rows, report_count(answers->empty, empty));
}

static bool put_report(struct run *run, struct error *error)
{
    const struct trial *trial = &run->evaluation.trial;
    const struct sheet_look look = {
        .matrix = run->settings->matrix,
        .intervals = run->settings->all,
        .colour = colour_wanted((enum colour)run->settings->colour, run->common),
        .lines = colour_terminal_lines(run->common)};
    if (!sheet_metrics(&trial->metrics, &look, &run->text))
        return error_memory(error, "writing the figures");
    if (run->answers.sets)
        put_sets(run);
    if (run->settings->costs)
        buffer_print(&run->text, "\ncost %.10g: %.6g a row\n", trial_cost(trial),
                     trial_cost(trial) / (double)trial->metrics.rows);
    if (run->settings->all)
        put_evaluation(run);
    return true;
}

static bool write_json(struct run *run, struct output *output, struct error *error)
{
    const struct trial *trial = &run->evaluation.trial;
    double cost = run->settings->costs ? trial_cost(trial) : 0;
    const struct json_more more = {.matrix = run->settings->matrix,
                                   .sets = run->answers.sets ? &run->answers : NULL,
                                   .cost = run->settings->costs ? &cost : NULL,
                                   .all = run->settings->all ? &run->evaluation : NULL};
    return json_metrics(&trial->metrics, &more, output, error);
}

static bool write_to(struct run *run, struct output *output, struct error *error)
{
    const struct settings *settings = run->settings;
    const struct trial *trial = &run->evaluation.trial;
    bool report = !settings->against && !settings->accuracy && !settings->measures;
    if (report && settings->json)
        return write_json(run, output, error);
    if (report && !put_report(run, error))
        return false;
    if (settings->accuracy)
        buffer_print(&run->text, "%.6f\n", trial->metrics.accuracy);
    else if (settings->measures && !settings->against && settings->json)
        json_measures(&run->evaluation, &run->text);
    else if (settings->measures && !settings->against)
        sheet_measures(run->evaluation.figures, trial->set, trial->top, &run->text);
    return buffer_send(&run->text, output, error);
}

static bool write_out(struct run *run, struct error *error)
{
    const char *page = run->settings->report.path;
    if (page && place_same(page, run->common->output))
        return error_set(error, STATUS_USAGE, "report and page can't both go to %s", page);
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, write_to(run, output, error), error);
}

/* ---- running ---- */

/* Reads the second model's answers and puts both side by side. */
static bool compare(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    struct paired paired;
    struct figures_pair pair;
    uint64_t row;
    unsigned set;
    if (!read_answers(settings, settings->against, &run->others, NULL, error))
        return false;
    if (!paired_of(&run->answers, &run->others, &paired, &row))
        return error_set(error, STATUS_INPUT,
                         "%s and %s are not of the same rows: they differ first at row %llu",
                         run->name, run->other_name, (unsigned long long)row + 1);
    if (!choose(run, &run->others, &set, error) ||
        !prepare(run, &run->others, set & run->evaluation.trial.set, &run->other, error))
        return false;
    warn(run, run->other_name, &run->others, &run->other.metrics);
    run->evaluation.trial.set = run->other.set;
    if (!figures_of_pair(&run->evaluation.trial, &run->other, &run->evaluation.resampling, &pair))
        return error_memory(error, "comparing the models");
    if (settings->json)
        json_pair(&pair, &paired, &run->other, &run->evaluation.resampling, &run->text);
    else
        sheet_pair(&pair, &paired, run->other.set, run->other.top, &run->text);
    return true;
}

static bool write_page(struct run *run, struct error *error)
{
    struct report *report = &run->settings->report;
    if (!report->path)
        return true;
    report->evaluation = &run->evaluation;
    report->predictions = run->name;
    report->lineage = &run->lineage;
    return report_write(report, run->common, error);
}

static bool evaluate(struct run *run, const char *path, struct error *error)
{
    const struct settings *settings = run->settings;
    unsigned set;
    run->evaluation.resampling = (struct resampling){settings->seed, (uint32_t)settings->resamples};
    if ((settings->costs && !costs_read(settings->costs, &run->costs, NULL, error)) ||
        !read_answers(settings, path, &run->answers, &run->lineage, error) ||
        !choose(run, &run->answers, &set, error) ||
        !prepare(run, &run->answers, set, &run->evaluation.trial, error))
        return false;
    warn(run, named_source(run), &run->answers, &run->evaluation.trial.metrics);
    if (settings->against)
        return compare(run, error) && write_out(run, error);
    if (set && !evaluation_run(&run->evaluation))
        return error_memory(error, "computing the figures");
    return write_page(run, error) && write_out(run, error);
}

static bool rf_eval(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    const char *path;
    if (!check(settings, error) || !program_operand(call, &path, error))
        return false;
    struct run run = {.common = &call->common,
                      .settings = settings,
                      .name = path_called(path),
                      .other_name = path_called(settings->against)};
    bool done = evaluate(&run, path, error);
    evaluation_free(&run.evaluation);
    trial_free(&run.other);
    answers_free(&run.answers);
    answers_free(&run.others);
    lineage_free(&run.lineage);
    costs_free(&run.costs);
    buffer_free(&run.text);
    return done;
}

static bool parse_texts(const char *path, void *target, struct error *error)
{
    struct report *report = target;
    if (report->text_count == REPORT_TEXTS)
        return error_set(error, STATUS_USAGE, "more than %d files of texts", REPORT_TEXTS);
    report->texts[report->text_count++] = (char *)path;
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = {.top = UINT64_MAX, /* not given; so are the others */
                                .resamples = UINT64_MAX,
                                .seed = UINT64_MAX,
                                .report = {.documents.wish.labelled = true}};
    const struct option_row rows[] = {
        {0, "json", NULL, "print the figures as JSON", OPTION_FLAG, &settings.json, 0, 0, NULL,
         NULL},
        {0, "accuracy", NULL, "print the accuracy alone", OPTION_FLAG, &settings.accuracy, 0, 0,
         NULL, NULL},
        {0, "all", NULL, "add all measures, with 95% intervals, and accuracy by confidence",
         OPTION_FLAG, &settings.all, 0, 0, NULL, NULL},
        {0, "measures", "NAMES", "print these measures alone: log-loss,auc,...", OPTION_CUSTOM,
         &settings.measures, 0, 0, NULL, parse_measures},
        {0, "against", "FILE", "compare with another model's predictions of the same rows",
         OPTION_TEXT | OPTION_READS, &settings.against, 0, 0, NULL, NULL},
        {0, "costs", "FILE", "add up what mistakes cost, by a table of TAB-separated text",
         OPTION_TEXT | OPTION_UNPACKS, &settings.costs, 0, 0, NULL, NULL},
        {0, "top", "K", "how many classes the measure top takes [3]", OPTION_COUNT, &settings.top,
         1, 1 << 20, NULL, NULL},
        {0, "resamples", "N", "resamples for intervals; 0: without [1000]", OPTION_COUNT,
         &settings.resamples, 0, 1000000, NULL, NULL},
        {0, "seed", "N", "seed of the resamples [0]", OPTION_COUNT, &settings.seed, 0, 0x1p53, NULL,
         NULL},
        {0, "matrix", NULL, "the whole confusion matrix, of more than 20 classes too", OPTION_FLAG,
         &settings.matrix, 0, 0, NULL, NULL},
        {0, "html", "FILE", "write a page there that shows it all, too",
         OPTION_TEXT | OPTION_WRITES, &settings.report.path, 0, 0, NULL, NULL},
        {0, "title", "TEXT", "its heading [How right it is]", OPTION_TEXT, &settings.report.title,
         0, 0, NULL, NULL},
        {0, "texts", "FILE", "for the page: the documents of the rows; may be given again",
         OPTION_CUSTOM | OPTION_UNPACKS, &settings.report, 0, 0, NULL, parse_texts},
        WISH_LABEL_COLUMN(settings.report.documents.wish),
        WISH_TEXT_COLUMN(settings.report.documents.wish),
        WISH_LABEL_KEY(settings.report.documents.wish),
        WISH_FORM(settings.report.documents.wish),
        COLLECTION_DEFECTS(settings.report.documents),
        {0, "model", "FILE", "for the page: the forest", OPTION_TEXT | OPTION_READS,
         &settings.report.model, 0, 0, NULL, NULL},
        {0, "explanations", "FILE", "for the page: rf-explain --format tsv of the texts",
         OPTION_TEXT | OPTION_UNPACKS, &settings.report.explanations, 0, 0, NULL, NULL},
        {0, "suspects", "FILE", "for the page: rf-suspect --format tsv",
         OPTION_TEXT | OPTION_UNPACKS, &settings.report.suspects, 0, 0, NULL, NULL},
        {0, "corpus", "FILE", "for the page: corpus --format tsv", OPTION_TEXT | OPTION_UNPACKS,
         &settings.report.corpus, 0, 0, NULL, NULL},
        {0, "curve", "FILE", "for the page: a table of documents and accuracy",
         OPTION_TEXT | OPTION_UNPACKS, &settings.report.curve, 0, 0, NULL, NULL},
        {0, "color", "WHEN", "bars and heat (auto: on a terminal): auto, always, never [auto]",
         OPTION_CHOICE, &settings.colour, 0, 0, colour_choices, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-eval",
        .arguments = "[options] [PREDICTIONS]",
        .purpose = "Compare predictions with the labels: accuracy, precision, recall and F1 of "
                   "each class, confusion matrix; other measures, costs, and two models.",
        .rows = rows,
        .takes = TAKES_OUTPUT,
        .examples = "  rf-predict model.mp test.mp | rf-eval\n"
                    "  rf-predict --proba --format mp model.mp test.mp | rf-eval --all\n"
                    "  rf-eval --against old.mp new.mp\n"
                    "  rf-eval --json predictions.mp | jq '.classes[] | {label, f1}'\n"};
    return program_main(&program, argc, argv, rf_eval, &settings);
}
