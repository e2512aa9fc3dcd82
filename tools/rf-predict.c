/*
 * rf-predict: samples and a forest to predicted labels.
 */
#include "base/path.h"
#include "base/program.h"
#include "base/report.h"
#include "run/decided.h"
#include "run/predict.h"
#include "run/predict_write.h"
#include "run/trained.h"
#include "stream/show.h"

enum format { FORMAT_TSV, FORMAT_MP };

struct settings {
    int format;
    int heading;
    bool proba, log_proba;
    uint64_t top;                      /* classes with their probabilities; 0: none */
    bool leaves, paths, contributions; /* --apply, --decision-path, --contributions */
    bool labels_only;
    bool keep;
    bool force;
    double abstain;     /* 0: always answer */
    const char *decide; /* NULL: no decisions */
    double coverage;    /* 0: no sets */
    uint64_t model_crc32, model_size, decide_crc32, decide_size;
};

/* What a run holds. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    const char *model_name;
    struct trained model;
    struct rule rule;
    double least_in_set;
    struct detail detail;
    struct stream_reader *samples;
    struct stream_header samples_header;
    struct predict_write write;
};

/* ---- checking ---- */

/* What the columns are is one of these, or none. */
static bool check_one(const struct settings *settings, struct error *error)
{
    const struct {
        bool given;
        const char *name;
    } options[] = {{settings->labels_only, "labels-only"},
                   {settings->proba, "proba"},
                   {settings->log_proba, "log-proba"},
                   {settings->top, "top"},
                   {settings->leaves, "apply"},
                   {settings->paths, "decision-path"},
                   {settings->contributions, "contributions"}};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (first && options[i].given)
            return error_set(error, STATUS_USAGE, "--%s and --%s exclude each other", first,
                             options[i].name);
        if (options[i].given)
            first = options[i].name;
    }
    return true;
}

static bool check(const struct settings *settings, struct error *error)
{
    const bool stream = settings->format == FORMAT_MP;
    if (!check_one(settings, error))
        return false;
    if (settings->keep && (settings->paths || settings->contributions) && !stream)
        return error_set(error, STATUS_USAGE,
                         "--keep has no place in lines of paths or contributions: leave it out, or "
                         "take --format mp");
    if (settings->labels_only && stream)
        return error_set(error, STATUS_USAGE, "--labels-only is text: leave --format mp out");
    if (settings->top && stream)
        return error_set(error, STATUS_USAGE,
                         "--top is text: in a stream, --proba has the probability of each class");
    if (settings->heading != PREDICT_HEADING_AUTO && stream)
        return error_set(error, STATUS_USAGE, "--header is for text: leave --format mp out");
    if (settings->coverage > 0 && (settings->labels_only || settings->paths))
        return error_set(error, STATUS_USAGE, "--%s and --coverage exclude each other",
                         settings->paths ? "decision-path" : "labels-only");
    if (settings->decide && settings->contributions)
        return error_set(error, STATUS_USAGE,
                         "--contributions are to votes, and --decide makes other probabilities of "
                         "these: leave out one of them");
    return settings->coverage <= 0 || settings->decide ||
           error_set(error, STATUS_USAGE,
                     "--coverage needs --decide FILE, what rf-decide found for the model");
}

static bool find_operands(const struct call *call, const char *decide, const char **model,
                          const char **samples, struct error *error)
{
    if (call->count == 0)
        return error_set(error, STATUS_USAGE, "no model: name the file that rf-train wrote");
    if (call->count > 2)
        return error_set(error, STATUS_USAGE, "a model and one file of samples: what is '%s'?",
                         call->operands[2]);
    if (call->count == 1)
        report_waiting(&call->common);
    *model = call->operands[0];
    *samples = call->count == 2 ? call->operands[1] : "-";
    if (path_is_standard(*model) && path_is_standard(*samples))
        return error_set(error, STATUS_USAGE,
                         "standard input can't be both: name the model's file");
    return !(decide && path_is_standard(decide)) ||
           error_set(error, STATUS_USAGE, "--decide: name the file, not standard input");
}

static bool check_fit(const struct run *run, struct error *error)
{
    if (run->settings->keep && !run->samples_header.kept)
        return error_set(error, STATUS_USAGE,
                         "%s: these samples keep nothing of their documents: vectorize with --keep "
                         "as well",
                         stream_name(run->samples));
    return trained_admit(&run->model, &run->samples_header, stream_name(run->samples),
                         run->settings->force, run->common, error);
}

/* Makes what is said of answers and sets a rule. */
static bool make_rule(struct run *run, struct error *error)
{
    struct settings *settings = run->settings;
    struct digest digest = {0};
    run->rule.classes = run->model.header.class_count;
    if (settings->decide &&
        !decided_load(settings->decide, &run->model, &run->rule, &digest, error))
        return false;
    run->rule.least = settings->abstain;
    settings->decide_crc32 = digest.crc32;
    settings->decide_size = digest.size;
    if (settings->coverage > 0 && !rule_has(&run->rule, RULE_SCORES))
        return error_set(error, STATUS_INPUT, "%s: has no scores for --coverage: run rf-decide",
                         settings->decide);
    if (settings->coverage > 0)
        run->least_in_set = sets_least(&run->rule, settings->coverage);
    return decided_check_labels(&run->rule, &run->model, error);
}

/* ---- what is wanted of the trees ---- */

static enum stream_detail detail_kind(const struct settings *settings)
{
    return settings->leaves          ? DETAIL_LEAVES
           : settings->paths         ? DETAIL_PATHS
           : settings->contributions ? DETAIL_CONTRIBUTIONS
                                     : DETAIL_NONE;
}

static enum trained_routes routes_wanted(const struct settings *settings)
{
    return settings->contributions               ? TRAINED_CHANGES
           : settings->leaves || settings->paths ? TRAINED_ROUTES
                                                 : TRAINED_NO_ROUTES;
}

/* A row has to fit a record, whatever is written. */
static bool make_detail(struct run *run, struct error *error)
{
    const struct stream_header *model = &run->model.header;
    run->detail = (struct detail){.kind = detail_kind(run->settings),
                                  .routes = &run->model.routes,
                                  .opinion = run->model.forest.opinion,
                                  .dim = model->dim,
                                  .classes = model->class_count};
    const uint64_t bytes = detail_row_bytes(&run->detail);
    if (bytes <= STREAM_MAX_RECORD / 2)
        return true;
    return error_set(error, STATUS_INPUT,
                     "%s: what its %llu trees say of one sample of %u features and %u classes may "
                     "take %llu bytes, too many for a record",
                     run->model_name, (unsigned long long)model->trees, (unsigned)model->dim,
                     (unsigned)model->class_count, (unsigned long long)bytes);
}

/* ---- writing ---- */

static bool make_header(struct run *run, struct error *error)
{
    const struct trained *model = &run->model;
    struct stream_header *header = &run->write.header;
    *header = (struct stream_header){.kind = STREAM_PREDICTIONS,
                                     .labelled = run->samples_header.labelled,
                                     .kept = run->settings->keep,
                                     .class_count = model->header.class_count,
                                     .classes = model->header.classes,
                                     .proba = run->settings->proba || run->settings->top ||
                                              run->settings->contributions,
                                     .log_proba = run->settings->log_proba,
                                     .detail = run->detail.kind,
                                     .trees = model->forest.tree_count,
                                     .dim = model->header.dim,
                                     .features = model->header.features,
                                     .abstains = rule_abstains(&run->rule),
                                     .sets = run->settings->coverage > 0};
    run->settings->model_crc32 = model->digest.crc32;
    run->settings->model_size = model->digest.size;
    return lineage_copy(&header->lineage, &run->samples_header.lineage, error) &&
           lineage_append_program(&header->lineage, run->program, true, error);
}

static bool begin(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    run->write.stream = settings->format == FORMAT_MP;
    run->write.labels_only = settings->labels_only;
    run->write.keep = settings->keep;
    run->write.top = (uint32_t)settings->top;
    run->write.heading = (enum predict_heading)settings->heading;
    return make_header(run, error) && predict_write_begin(&run->write, run->common, error);
}

/* ---- running ---- */

static bool predict(struct run *run, struct predict_totals *totals, struct error *error)
{
    const struct settings *settings = run->settings;
    struct predict job = {.model = &run->model,
                          .samples = run->samples,
                          .header = &run->samples_header,
                          .jobs = run->common->jobs,
                          .proba = run->write.header.proba,
                          .log_proba = run->write.header.log_proba,
                          .detail = run->detail.kind ? &run->detail : NULL,
                          .rule = settings->abstain > 0 || settings->decide ? &run->rule : NULL,
                          .sets = settings->coverage > 0,
                          .least_in_set = run->least_in_set};
    return predict_write_run(&run->write, run->common, &job, totals, error);
}

static void tell_paths(const struct run *run, const struct walk_account *paths)
{
    char rounds[REPORT_COUNT_SIZE], topped[REPORT_COUNT_SIZE], fetched[REPORT_COUNT_SIZE];
    char alone[REPORT_COUNT_SIZE], settled[REPORT_COUNT_SIZE];
    report_detail(run->common,
                  "paths: rounds %s, topped %s, parts fetched %s, rows alone %s, rows settled %s",
                  report_count(paths->rounds, rounds), report_count(paths->topped, topped),
                  report_count(paths->fetched, fetched), report_count(paths->alone, alone),
                  report_count(paths->settled, settled));
}

static void tell_abstained(const struct run *run, const struct predict_totals *totals)
{
    char some[REPORT_COUNT_SIZE];
    if (run->write.header.abstains && totals->rows)
        report_summary(run->common, "%s %s without an answer (%.2f%%)",
                       report_count(totals->unanswered, some),
                       report_noun(totals->unanswered, "row", "rows"),
                       100 * (double)totals->unanswered / (double)totals->rows);
}

static void summarize(const struct run *run, const struct predict_totals *totals, double seconds)
{
    char rows[REPORT_COUNT_SIZE], right[REPORT_COUNT_SIZE];
    const char *noun = report_noun(totals->rows, "row", "rows");
    report_count(totals->rows, rows);
    if (run->samples_header.labelled && totals->rows)
        report_summary(run->common, "%s %s in %.2f s, accuracy %.6f (%s right)", rows, noun,
                       seconds, (double)totals->right / (double)totals->rows,
                       report_count(totals->right, right));
    else
        report_summary(run->common, "%s %s in %.2f s", rows, noun, seconds);
    tell_abstained(run, totals);
    tell_paths(run, &totals->paths);
}

static bool run_with(struct run *run, const char *samples, struct error *error)
{
    double start = report_seconds();
    struct predict_totals totals;
    char trees[REPORT_COUNT_SIZE];
    if (!trained_load_routes(&run->model, run->model_name, routes_wanted(run->settings),
                             run->common->jobs, error))
        return false;
    report_detail(run->common, "%s: %s %s of %u %s read and packed in %.3f s, %s walk",
                  run->model_name, report_count(run->model.forest.tree_count, trees),
                  report_noun(run->model.forest.tree_count, "tree", "trees"),
                  (unsigned)run->model.header.class_count,
                  report_noun(run->model.header.class_count, "class", "classes"),
                  report_seconds() - start, predict_walk_name());
    run->samples = stream_open(samples, error);
    if (!run->samples ||
        !stream_read_header(run->samples, STREAM_SAMPLES, &run->samples_header, error) ||
        !check_fit(run, error) || !make_rule(run, error) || !make_detail(run, error) ||
        !begin(run, error) || !predict(run, &totals, error) ||
        !predict_write_end(&run->write, stream_read_totals(run->samples).digest, error))
        return false;
    summarize(run, &totals, report_seconds() - start);
    return true;
}

static bool rf_predict(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    struct run run = {.program = call->program, .common = &call->common, .settings = settings};
    const char *samples = NULL;
    if (!check(settings, error) ||
        !find_operands(call, settings->decide, &run.model_name, &samples, error))
        return false;
    bool done = run_with(&run, samples, error);
    predict_write_free(&run.write);
    rule_free(&run.rule);
    stream_header_free(&run.samples_header);
    stream_close(run.samples);
    trained_free(&run.model);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"tsv", "mp", NULL};
    static const char *const headings[] = {"auto", "always", "never", NULL};
    struct settings settings = {0};
    const struct option_row rows[] = {
        {.name = "model-crc32",
         .type = OPTION_COUNT | OPTION_NOTED,
         .target = &settings.model_crc32},
        {.name = "model-size", .type = OPTION_COUNT | OPTION_NOTED, .target = &settings.model_size},
        {0, "proba", NULL, "add the probability of each class", OPTION_FLAG | OPTION_NOTED,
         &settings.proba, 0, 0, NULL, NULL},
        {0, "top", "K", "add the K most probable classes, each with its probability", OPTION_COUNT,
         &settings.top, 1, SHOW_MOST_TOP, NULL, NULL},
        {.name = "decide-crc32",
         .type = OPTION_COUNT | OPTION_NOTED_SET,
         .target = &settings.decide_crc32},
        {.name = "decide-size",
         .type = OPTION_COUNT | OPTION_NOTED_SET,
         .target = &settings.decide_size},
        {0, "decide", "FILE", "answer as rf-decide found out to be best for the model",
         OPTION_TEXT | OPTION_READS, &settings.decide, 0, 0, NULL, NULL},
        {0, "coverage", "C",
         "add the labels that can't be ruled out: a share C holds the right one",
         OPTION_REAL | OPTION_NOTED_SET, &settings.coverage, 0.001, 1, NULL, NULL},
        {0, "abstain", "P", "answer ? where the label is less probable than P",
         OPTION_REAL | OPTION_NOTED_SET, &settings.abstain, 0, 1, NULL, NULL},
        {0, "log-proba", NULL, "add the natural logarithm of each probability",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.log_proba, 0, 0, NULL, NULL},
        {0, "apply", NULL, "add the leaf that is reached in each tree",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.leaves, 0, 0, NULL, NULL},
        {0, "decision-path", NULL, "print the nodes that are passed in each tree instead",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.paths, 0, 0, NULL, NULL},
        {0, "contributions", NULL, "print what each feature adds to each probability instead",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.contributions, 0, 0, NULL, NULL},
        {0, "labels-only", NULL, "print the predicted labels alone", OPTION_FLAG,
         &settings.labels_only, 0, 0, NULL, NULL},
        {0, "keep", NULL, "add what vectorize --keep kept of each document",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.keep, 0, 0, NULL, NULL},
        {0, "format", "tsv|mp", "text, or a stream for rf-eval [tsv]", OPTION_CHOICE,
         &settings.format, 0, 0, formats, NULL},
        {0, "header", "WHEN",
         "column names first (auto: where more than labels): auto, always, never [auto]",
         OPTION_CHOICE, &settings.heading, 0, 0, headings, NULL},
        {0, "force", NULL, "take samples that come from other vectors or another tokenizer",
         OPTION_FLAG, &settings.force, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-predict",
        .arguments = "[options] MODEL [SAMPLES]",
        .purpose = "Predict the labels of samples with a forest from rf-train.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS,
        .examples = "  rf-predict model.mp test.mp | cut -f 2 | sort | uniq -c\n"
                    "  rf-predict --format mp model.mp test.mp | rf-eval\n"};
    return program_main(&program, argc, argv, rf_predict, &settings);
}
