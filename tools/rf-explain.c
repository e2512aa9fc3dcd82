/*
 * rf-explain: which words of each document moved its prediction, and which training texts are like
 * it.
 */
#include "base/colour.h"
#include "base/cpu.h"
#include "base/output.h"
#include "base/path.h"
#include "base/program.h"
#include "base/report.h"
#include "run/decided.h"
#include "run/explain.h"
#include "run/explain_show.h"
#include "run/sources.h"
#include "run/tell.h"
#include "text/lower.h"

#include <string.h>

enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON, FORMAT_HTML };

struct settings {
    struct sources_paths sources;
    bool no_label;
    struct collection_settings documents, training_documents;
    const char *class;  /* NULL: the predicted one */
    const char *decide; /* NULL: no decisions */
    uint64_t words, similar;
    const char *training, *samples;
    bool wrong, force;
    int format, colour;
};

/* What a run holds. */
struct run {
    const struct common *common;
    const struct settings *settings;
    const char *model_name;
    struct trained model;
    struct rule rule;
    struct sources sources;
    struct samples samples;
    struct kept training;
    struct similar similar;
    struct collection *documents;
    struct output *output;
    struct explain job;
    struct explain_show show;
    struct explain_totals totals;
    struct progress progress;
};

/* ---- checking ---- */

/* Training texts are read by the same options, but for their labels, which they have. Of lines,
   where documents are text alone in some column, they are a label, a TAB and the text. */
static bool settle_forms(struct settings *settings, struct error *error)
{
    struct wish *wish = &settings->documents.wish;
    wish->labelled = true;
    settings->training_documents = settings->documents;
    settings->training_documents.defects = NULL;
    wish->unlabelled = "--no-label";
    if (!settings->no_label)
        return true;
    struct wish_texts *texts = &settings->training_documents.wish.text_columns;
    if (texts->count == 1 && strspn(texts->given[0], "0123456789") == strlen(texts->given[0]))
        texts->count = 0;
    wish->labelled = false;
    if (wish->label_column)
        return error_set(error, STATUS_USAGE, "--no-label and --label-column exclude each other");
    return !wish->label_key ||
           error_set(error, STATUS_USAGE, "--no-label and --label-key exclude each other");
}

static bool check(struct settings *settings, const struct call *call, struct error *error)
{
    const struct sources_paths *sources = &settings->sources;
    if (call->count == 0)
        return error_set(error, STATUS_USAGE, "no model: name the file that rf-train wrote");
    if (call->count == 1)
        return error_set(error, STATUS_USAGE, "no documents: name files of texts, or - for stdin");
    if (!sources->vector_count && !sources->linear_count)
        return error_set(error, STATUS_USAGE,
                         "name what the model's samples were made with: --vectors, --linear, or "
                         "both");
    if (path_is_standard(call->operands[0]) && settings->similar)
        return error_set(error, STATUS_USAGE, "--similar reads the model twice: name its file");
    if (settings->wrong && settings->no_label)
        return error_set(error, STATUS_USAGE, "--wrong needs labels: leave --no-label out");
    if (settings->similar && !(settings->training && settings->samples))
        return error_set(error, STATUS_USAGE,
                         "--similar needs --training TEXTS and --samples FILE, what vectorize made "
                         "of them");
    if (!settings->similar && (settings->training || settings->samples))
        return error_set(error, STATUS_USAGE, "--training and --samples are for --similar N");
    return settle_forms(settings, error);
}

/* Whether the features are those of the model; they get the entry that vectorize would add. */
static bool check_fit(struct run *run, struct error *error)
{
    struct sources *sources = &run->sources;
    if (!lineage_append(&sources->lineage, "vectorize", error) ||
        !lineage_add_text(&sources->lineage, "tokenizer", LINEAGE_TOKENIZER, error))
        return false;
    const struct stream_header header = {.kind = STREAM_SAMPLES,
                                         .dim = (uint32_t)features_width(&sources->features),
                                         .features = sources->names,
                                         .lineage = sources->lineage};
    return trained_admit(&run->model, &header, "what was given", run->settings->force, run->common,
                         error);
}

/* ---- loading ---- */

static bool find_class(struct run *run, struct error *error)
{
    const char *name = run->settings->class;
    run->job.class = EXPLAIN_PREDICTED;
    if (!name)
        return true;
    for (uint32_t i = 0; i < run->model.header.class_count; i++)
        if (text_equal(run->model.header.classes[i], text_of(name)))
            run->job.class = i;
    return run->job.class != EXPLAIN_PREDICTED ||
           error_set(error, STATUS_USAGE, "--class: the model has no label '%s'", name);
}

static bool load_rule(struct run *run, struct error *error)
{
    struct digest digest;
    return !run->settings->decide ||
           decided_load(run->settings->decide, &run->model, &run->rule, &digest, error);
}

static bool load_samples(struct run *run, struct error *error)
{
    struct stream_reader *reader = stream_open(run->settings->samples, error);
    bool loaded = reader && samples_load(reader, &run->samples, error);
    stream_close(reader);
    return loaded;
}

/* Whether the training texts are those of the samples. */
static bool check_training(const struct run *run, struct error *error)
{
    const struct samples *samples = &run->samples;
    const struct kept *kept = &run->training;
    if (!samples->class_of)
        return error_set(error, STATUS_INPUT, "%s: has no labels", run->settings->samples);
    if (kept->count != samples->rows)
        return error_set(error, STATUS_INPUT, "%s has %zu %s, and %s is of %zu",
                         run->settings->training, kept->count,
                         report_noun(kept->count, "document", "documents"), run->settings->samples,
                         samples->rows);
    for (size_t i = 0; i < kept->count; i++)
        if (!text_equal(kept->rows[i].label, samples->classes[samples->class_of[i]]))
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: has another label than row %zu of %s: give the texts that "
                             "these samples are of",
                             kept->rows[i].file, (unsigned long long)kept->rows[i].line, i + 1,
                             run->settings->samples);
    return true;
}

static bool load_training(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    char *path = (char *)settings->training;
    if (!settings->similar)
        return true;
    return load_samples(run, error) &&
           kept_read(&run->training, &settings->training_documents, &path, 1,
                     "give another --label-column", run->common, error) &&
           check_training(run, error) &&
           similar_load(&run->similar, run->model_name, &run->samples, error);
}

/* ---- running ---- */

static void spell(void *context, const struct explained *explained, struct buffer *text)
{
    static void (*const forms[])(const struct explain_show *, const struct explained *,
                                 struct buffer *) = {[FORMAT_TEXT] = explain_show_text,
                                                     [FORMAT_TSV] = explain_show_tsv,
                                                     [FORMAT_JSON] = explain_show_json,
                                                     [FORMAT_HTML] = explain_show_html};
    const struct run *run = context;
    forms[run->settings->format](&run->show, explained, text);
}

static bool take(void *context, struct buffer *text, uint64_t documents, struct error *error)
{
    struct run *run = context;
    progress_update(&run->progress, documents);
    return buffer_send(text, run->output, error) && output_flush(run->output, error);
}

static bool frame(struct run *run, bool begin, struct error *error)
{
    struct buffer text = {0};
    if (run->settings->format == FORMAT_TSV && begin)
        explain_show_tsv_heading(&text);
    if (run->settings->format == FORMAT_HTML && begin)
        explain_show_html_begin(&run->show, &text);
    if (run->settings->format == FORMAT_HTML && !begin)
        explain_show_html_end(&text);
    bool sent = buffer_send(&text, run->output, error);
    buffer_free(&text);
    return sent;
}

static bool write_all(struct run *run, struct error *error)
{
    run->output = output_open(run->common, OUTPUT_TEXT, error);
    if (!run->output || !frame(run, true, error))
        return false;
    run->progress = progress_start(run->common, "documents", 0);
    bool done = explain_run(&run->job, &run->totals, error);
    progress_finish(&run->progress);
    if (!done || !frame(run, false, error))
        return false;
    struct output *output = run->output;
    if (!collection_commit(run->documents, error))
        return false;
    run->output = NULL;
    return output_commit(output, error);
}

static void set_job(struct run *run)
{
    const struct settings *settings = run->settings;
    run->job.model = &run->model;
    run->job.rule = settings->decide ? &run->rule : NULL;
    run->job.features = &run->sources.features;
    run->job.level = cpu_level();
    run->job.jobs = run->common->jobs;
    run->job.wrong_only = settings->wrong;
    run->job.similar = settings->similar ? &run->similar : NULL;
    run->job.most_similar = (size_t)settings->similar;
    run->job.spell = spell;
    run->job.take = take;
    run->job.context = run;
    run->show =
        (struct explain_show){.model = &run->model,
                              .labelled = !settings->no_label,
                              .colour = colour_wanted((enum colour)settings->colour, run->common),
                              .most_words = (size_t)settings->words,
                              .training = &run->training,
                              .most_similar = (size_t)settings->similar};
}

static void summarize(const struct run *run, const char *first, double seconds)
{
    char documents[REPORT_COUNT_SIZE], words[REPORT_COUNT_SIZE], trained[REPORT_COUNT_SIZE];
    const struct explain_totals *totals = &run->totals;
    report_summary(run->common, "%s %s explained in %.2f s, %s %s left out",
                   report_count(totals->explained, documents),
                   report_noun(totals->explained, "document", "documents"), seconds,
                   report_count(totals->words, words), report_noun(totals->words, "word", "words"));
    if (totals->trained)
        report_summary(run->common, "%s of them %s by evidence that has seen %s",
                       report_count(totals->trained, trained),
                       report_noun(totals->trained,
                                   "was trained on: it is explained as a new text,",
                                   "were trained on: they are explained as new texts,"),
                       report_noun(totals->trained, "it", "them"));
    tell_form(run->common, run->documents);
    tell_repairs(run->common, &totals->repairs, !run->settings->no_label);
    tell_empty(run->common, totals->documents, &totals->repairs, first);
}

static bool run_with(struct run *run, struct settings *settings, const struct call *call,
                     struct error *error)
{
    double start = report_seconds();
    tell_twice(run->common, &settings->sources);
    run->documents =
        collection_open(&settings->documents, call->operands + 1, call->count - 1,
                        "give another --label-column, or --no-label", run->common, error);
    if (!run->documents || !trained_load(&run->model, run->model_name, run->common->jobs, error) ||
        !find_class(run, error) || !load_rule(run, error) ||
        !sources_load(&run->sources, &run->settings->sources, cpu_level(), error) ||
        !check_fit(run, error) || !load_training(run, error))
        return false;
    run->job.documents = run->documents;
    set_job(run);
    if (!write_all(run, error))
        return false;
    summarize(run, call->operands[1], report_seconds() - start);
    return true;
}

static bool rf_explain(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    struct run run = {.common = &call->common, .settings = settings};
    if (!check(settings, call, error))
        return false;
    run.model_name = call->operands[0];
    bool done = run_with(&run, settings, call, error);
    output_discard(run.output);
    collection_close(run.documents);
    similar_free(&run.similar);
    kept_free(&run.training);
    samples_free(&run.samples);
    sources_free(&run.sources);
    rule_free(&run.rule);
    trained_free(&run.model);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "tsv", "json", "html", NULL};
    struct settings settings = {.words = 10};
    const struct option_row rows[] = {
        {0, "vectors", "FILE", "the model's vectors; may be given again [none]",
         OPTION_CUSTOM | OPTION_READS, &settings.sources, 0, 0, NULL, sources_add_vectors},
        {0, "linear", "FILE", "the model's evidence; may be given again [none]",
         OPTION_CUSTOM | OPTION_READS, &settings.sources, 0, 0, NULL, sources_add_linear},
        {0, "no-label", NULL, "documents have no label, or theirs is passed over", OPTION_FLAG,
         &settings.no_label, 0, 0, NULL, NULL},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0, "decide", "FILE", "what is answered as rf-decide found out to be best for the model",
         OPTION_TEXT | OPTION_READS, &settings.decide, 0, 0, NULL, NULL},
        {0, "class", "LABEL", "what moved the probability of that label [the predicted one]",
         OPTION_TEXT, &settings.class, 0, 0, NULL, NULL},
        {0, "words", "N", "of each document the N words that moved it most; 0: all [10]",
         OPTION_COUNT, &settings.words, 0, 1 << 30, NULL, NULL},
        {0, "wrong", NULL, "only documents whose label is not predicted", OPTION_FLAG,
         &settings.wrong, 0, 0, NULL, NULL},
        {0, "similar", "N", "the N training texts that share most leaves with it [0]", OPTION_COUNT,
         &settings.similar, 0, 1000, NULL, NULL},
        {0, "training", "FILE", "the texts that the model was trained on, for --similar",
         OPTION_TEXT | OPTION_UNPACKS, &settings.training, 0, 0, NULL, NULL},
        {0, "samples", "FILE", "what vectorize made of them, for --similar",
         OPTION_TEXT | OPTION_READS, &settings.samples, 0, 0, NULL, NULL},
        {0, "format", "FORM", "text, tsv, json (a line a document) or html [text]", OPTION_CHOICE,
         &settings.format, 0, 0, formats, NULL},
        {0, "color", "WHEN", "colours (auto: on a terminal): auto, always, never [auto]",
         OPTION_CHOICE, &settings.colour, 0, 0, colour_choices, NULL},
        {0, "force", NULL, "take vectors and evidence that are not the model's", OPTION_FLAG,
         &settings.force, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-explain",
        .arguments = "[options] MODEL DOCUMENTS...",
        .purpose = "Tell which words of each document moved its prediction, by leaving each out, "
                   "and which training texts are like it.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_PROGRESS | DOES_UNPACK,
        .examples = "  rf-explain --linear linear.mp model.mp test.txt\n"
                    "  rf-explain --linear linear.mp --wrong --format html model.mp test.txt "
                    ">why.html\n"};
    return program_main(&program, argc, argv, rf_explain, &settings);
}
