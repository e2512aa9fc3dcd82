/*
 * linear-train: labelled text to evidence of its words, one-vs-rest linear models and counts.
 */
#include "base/cpu.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/collection.h"
#include "run/linear_train.h"
#include "run/tell.h"
#include "text/lower.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDS = 10, MOST_FOLDS = 1000 };

/* Which views, and whether naive Bayes is among them; `text` names them in the stream's order. */
struct parts {
    const char *text; /* `names`; NULL: to be chosen by the documents */
    char names[128];
    bool views[VIEW_COUNT];
    bool bayes;
};

/* What --join names. */
struct joined {
    const char **paths;
    size_t count, capacity;
};

struct settings {
    const char *tokenizer, *unicode;
    struct parts parts;
    uint64_t folds, min_count, max_features; /* 0: not given */
    uint64_t max_size;                       /* bytes; 0: not given */
    struct collection_settings documents;
    double cost;
    uint64_t memory; /* bytes; 0: not given */
    const char *temp_dir, *temp_given;
    bool no_training_scores;
    struct options_part part;
    struct joined joined;
};

struct run {
    const struct common *common;
    const struct program *program;
    struct settings *settings;
    struct collection *documents;
    struct linear_look look;
    struct linear_trial_how how; /* characters are tried */
    bool chosen;                 /* the parts, by the documents */
    struct lineage lineage;
    struct linear_train_totals totals;
    struct progress progress;
    bool reading; /* what the progress is of */
};

/* ---- options ---- */

static bool add_part(struct parts *parts, struct text name, struct error *error)
{
    enum view view;
    if (text_equal(name, (struct text){"bayes", 5}))
        parts->bayes = true;
    else if (view_find(name, &view))
        parts->views[view] = true;
    else
        return error_set(error, STATUS_USAGE,
                         "--views '%.*s': give auto, or some of bayes, space, word, bigram, "
                         "trigram, and char or char1, with commas between",
                         (int)name.size, name.data);
    return !(parts->views[VIEW_CHAR] && parts->views[VIEW_CHAR1]) ||
           error_set(error, STATUS_USAGE, "--views: char1 has all that char has: leave char out");
}

static void name_parts(struct parts *parts)
{
    size_t used = 0;
    for (int view = -1; view < VIEW_COUNT; view++)
        if (view < 0 ? parts->bayes : parts->views[view])
            used +=
                (size_t)snprintf(parts->names + used, sizeof parts->names - used, "%s%s",
                                 used ? "," : "", view < 0 ? "bayes" : view_name((enum view)view));
    parts->text = parts->names;
}

static bool parse_parts(const char *text, void *target, struct error *error)
{
    struct parts *parts = target;
    *parts = (struct parts){0};
    if (strcmp(text, "auto") == 0)
        return true;
    for (size_t size;; text += size + 1) {
        size = strcspn(text, ",");
        if (!add_part(parts, (struct text){text, size}, error))
            return false;
        if (!text[size])
            break;
    }
    name_parts(parts);
    return true;
}

static bool add_joined(const char *text, void *target, struct error *error)
{
    struct joined *joined = target;
    if (!memory_reserve(&joined->paths, &joined->capacity, joined->count + 1,
                        sizeof *joined->paths))
        return error_memory(error, "reading the options");
    joined->paths[joined->count++] = text;
    return true;
}

static bool check(struct settings *settings, const struct call *call, struct error *error)
{
    if (!call->count)
        return error_set(error, STATUS_USAGE,
                         "no documents: name files of label<TAB>text lines, or - for stdin");
    if (settings->temp_given && !files_can_be_made(settings->temp_given))
        return error_errno(error, "--temp-dir %s: no files can be made there",
                           settings->temp_given);
    if (settings->part.whole && settings->joined.count)
        return error_set(error, STATUS_USAGE, "--part and --join exclude each other");
    if (settings->folds && settings->no_training_scores)
        return error_set(error, STATUS_USAGE,
                         "--folds is for the training scores: leave --no-training-scores out");
    settings->folds = settings->folds ? settings->folds : FOLDS;
    settings->documents.wish.labelled = true;
    return true;
}

/* Of words, their pairs and characters two views go well together: which, the documents decide. */
static bool choose_parts(struct run *run, struct error *error)
{
    struct parts *parts = &run->settings->parts;
    if (parts->text)
        return true;
    run->chosen = true;
    if (!linear_look_at(run->documents, &run->look, error))
        return false;
    bool brief = run->look.brief, few = run->look.few;
    parts->bayes = true;
    parts->views[VIEW_WORD] = few || !brief;
    parts->views[VIEW_BIGRAM] = !few;
    parts->views[VIEW_CHAR1] = few || brief;
    name_parts(parts);
    return true;
}

/* Without memory for a trial nothing is spared, and the documents are refused. */
static void spare_parts(void *context, const struct bags *bags, bool spared[VIEW_COUNT])
{
    struct run *run = context;
    bool suffice;
    if (!linear_look_again(&run->look, bags, &run->how, &suffice) || !suffice)
        return;
    for (int view = 0; view < VIEW_COUNT; view++)
        spared[view] = view != VIEW_BIGRAM;
}

static bool settle_parts(void *context, const struct bags *bags, struct linear_train *train,
                         struct error *error)
{
    struct run *run = context;
    struct parts *parts = &run->settings->parts;
    bool suffice;
    if (!linear_look_again(&run->look, bags, &run->how, &suffice))
        return error_memory(error, "choosing views");
    if (!suffice)
        return true;
    *parts = (struct parts){.views = {[VIEW_BIGRAM] = true}};
    name_parts(parts);
    memcpy(train->wanted, parts->views, sizeof train->wanted);
    train->bayes = false;
    lineage_free(&run->lineage);
    return lineage_append_program(&run->lineage, run->program, true, error);
}

/* ---- telling ---- */

static void tell_read(void *context, uint64_t documents)
{
    struct run *run = context;
    progress_update(&run->progress, documents);
}

/* Models of texts that are taken for labels would take long, and more memory than there is. */
static void tell_counted(void *context, uint64_t documents, uint64_t labels)
{
    struct run *run = context;
    progress_finish(&run->progress);
    tell_classes(run->common, labels, documents, "documents");
}

static void tell_spills(void *context)
{
    struct run *run = context;
    progress_finish(&run->progress);
    report_summary(run->common, "memory is short: models and scores go to temporary files in %s",
                   run->settings->temp_given ? run->settings->temp_given : run->settings->temp_dir);
}

static void tell_progress(void *context, uint64_t done, uint64_t all)
{
    struct run *run = context;
    if (run->reading || done == 1) {
        progress_finish(&run->progress);
        run->progress = progress_start(run->common, "models", all);
        run->reading = false;
    }
    progress_update(&run->progress, done);
}

static void tell_again(void *context, uint64_t number, const char *cause)
{
    struct run *run = context;
    progress_again(&run->progress, run->common, "piece of work", number, cause);
}

static void summarize_view(const struct run *run, enum view view)
{
    char all[REPORT_COUNT_SIZE], written[REPORT_COUNT_SIZE];
    const struct linear_train_totals *totals = &run->totals;
    const char *terms = report_noun(totals->features[view], "term", "terms");
    report_count(totals->features[view], all);
    if (run->settings->part.whole || totals->written[view] == totals->features[view])
        report_summary(run->common, "%s: %s %s", view_name(view), all, terms);
    else
        report_summary(run->common, "%s: %s %s, of which %s %s written", view_name(view), all,
                       terms, report_count(totals->written[view], written),
                       report_noun(totals->written[view], "is", "are"));
    if (!totals->features[view] && run->settings->min_count)
        report_warning(run->common, "%s: no term is in %llu documents: give a smaller --min-count",
                       view_name(view), (unsigned long long)run->settings->min_count);
}

static void summarize_choice(const struct run *run)
{
    const struct linear_trial *trial = &run->look.trial;
    char tried[REPORT_COUNT_SIZE];
    if (run->look.asked)
        report_detail(run->common, "of the words of a new text %.1f%% are unknown",
                      100 * run->look.unseen);
    if (trial->documents)
        report_detail(
            run->common, "of %s documents tried, bigram names %.1f%% rightly, with char1 %.1f%%",
            report_count(trial->documents, tried), 100.0 * trial->alone / trial->documents,
            100.0 * trial->together / trial->documents);
}

static void summarize(const struct run *run, double seconds)
{
    char count[REPORT_COUNT_SIZE], labels[REPORT_COUNT_SIZE];
    const struct linear_train_totals *totals = &run->totals;
    report_summary(run->common, "%s %s of %s %s in %.2f s", report_count(totals->documents, count),
                   report_noun(totals->documents, "document", "documents"),
                   report_count(totals->labels, labels),
                   report_noun(totals->labels, "label", "labels"), seconds);
    tell_form(run->common, run->documents);
    tell_repairs(run->common, &totals->repairs, true);
    tell_single(run->common, totals->documents, collection_digest(run->documents).size);
    uint64_t terms = run->settings->parts.bayes ? totals->tokens : 0;
    for (enum view view = 0; view < VIEW_COUNT; view++) {
        if (!run->settings->parts.views[view])
            continue;
        summarize_view(run, view);
        terms += totals->features[view];
    }
    if (!terms)
        report_warning(run->common, "there is no term: are the texts empty, or in another column?");
    if (run->settings->parts.bayes)
        report_detail(run->common, "bayes: %s %s", report_count(totals->tokens, count),
                      report_noun(totals->tokens, "token", "tokens"));
    if (totals->unfinished)
        report_warning(run->common,
                       "models were stopped before they were done: give a smaller --cost");
    summarize_choice(run);
    char kernels[64];
    linear_train_kernels(cpu_level(), totals->labels,
                         run->settings->no_training_scores ? 0 : (uint32_t)run->settings->folds,
                         kernels, sizeof kernels);
    report_detail(run->common, "kernels: %s; %s %s over documents", kernels,
                  report_count(totals->passes, count),
                  report_noun(totals->passes, "pass", "passes"));
    if (totals->labels == 1)
        report_warning(run->common, "all documents have the same label: nothing to tell apart");
}

/* ---- running ---- */

static struct linear_train job_of(struct run *run)
{
    const struct settings *settings = run->settings;
    bool asks = run->chosen && linear_look_asks(&run->look);
    struct linear_train train = {
        .settle = asks ? settle_parts : NULL,
        .spare = asks ? spare_parts : NULL,
        .documents = run->documents,
        .look = &run->look,
        .bayes = settings->parts.bayes,
        .most_features = settings->max_features ? (uint32_t)settings->max_features : UINT32_MAX,
        .folds = settings->no_training_scores ? 0 : (uint32_t)settings->folds,
        .c = settings->cost,
        .most_bytes = settings->max_size ? settings->max_size : UINT64_MAX,
        .lineage = &run->lineage,
        .part = settings->part,
        .parts = settings->joined.paths,
        .part_count = settings->joined.count,
        .level = cpu_level(),
        .jobs = run->common->jobs,
        .memory = settings->memory ? settings->memory : UINT64_MAX,
        .room = &run->common->room,
        .temp_dir = settings->temp_given ? settings->temp_given : settings->temp_dir,
        .read = tell_read,
        .counted = tell_counted,
        .spills = tell_spills,
        .progressed = tell_progress,
        .again = tell_again,
        .context = run,
    };
    for (int view = 0; view < VIEW_COUNT; view++) {
        uint32_t least = view_is_characters((enum view)view) ? 2 : 1;
        train.wanted[view] = settings->parts.views[view];
        train.least_documents[view] = settings->min_count ? (uint32_t)settings->min_count : least;
    }
    return train;
}

static bool train_to(struct run *run, struct output *output, struct error *error)
{
    double start = report_seconds();
    struct linear_train train = job_of(run);
    run->how = (struct linear_trial_how){.views = {VIEW_BIGRAM, VIEW_CHAR1},
                                         .least_documents = train.least_documents,
                                         .most_features = train.most_features,
                                         .c = train.c,
                                         .level = train.level,
                                         .jobs = train.jobs};
    run->reading = true;
    run->progress = progress_start(run->common, "documents", 0);
    bool done = linear_train_run(&train, output, &run->totals, error);
    progress_finish(&run->progress);
    if (!output_settle(output, done && collection_commit(run->documents, error), error))
        return false;
    summarize(run, report_seconds() - start);
    return true;
}

static bool train(const struct call *call, void *target, struct error *error)
{
    struct run run = {.common = &call->common, .program = call->program, .settings = target};
    if (!check(target, call, error))
        return false;
    run.documents = collection_open(&run.settings->documents, call->operands, call->count,
                                    "give another --label-column", run.common, error);
    bool ready = run.documents && choose_parts(&run, error) &&
                 lineage_append_program(&run.lineage, call->program, true, error);
    struct output *output = ready ? output_open(run.common, OUTPUT_BINARY, error) : NULL;
    bool done = output && train_to(&run, output, error);
    texts_chunk_free(&run.look.chunk);
    collection_close(run.documents);
    lineage_free(&run.lineage);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .tokenizer = LINEAGE_TOKENIZER,
        .unicode = lower_unicode_version(),
        .cost = 1,
        .temp_dir = files_temporary(),
    };
    const struct option_row rows[] = {
        {.name = "tokenizer", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings.tokenizer},
        {.name = "unicode", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings.unicode},
        {0, "views", "LIST",
         "what to look at: auto, or some of bayes, space, word, bigram, trigram, char, char1 "
         "[auto]",
         OPTION_CUSTOM | OPTION_NOTED, &settings.parts, 0, 0, NULL, parse_parts},
        {0, "folds", "N", "models that have not seen a part of the documents [10]",
         OPTION_COUNT | OPTION_NOTED, &settings.folds, 2, MOST_FOLDS, NULL, NULL},
        {0, "min-count", "N", "leave out terms of fewer than N documents [1; char: 2]",
         OPTION_COUNT | OPTION_NOTED_SET, &settings.min_count, 1, INT32_MAX, NULL, NULL},
        {0, "max-features", "N", "of each view the N terms that occur most often [all]",
         OPTION_COUNT | OPTION_NOTED_SET, &settings.max_features, 1, INT32_MAX, NULL, NULL},
        {0, "max-size", "SIZE",
         "leave out what says least, so that all but the training scores takes SIZE [any]",
         OPTION_SIZE | OPTION_NOTED_SET, &settings.max_size, 1, 0x1p53, NULL, NULL},
        {0, "cost", "C", "what a document on the wrong side costs [1]", OPTION_REAL | OPTION_NOTED,
         &settings.cost, 1e-6, 1e6, NULL, NULL},
        {0, "no-training-scores", NULL,
         "without scores of the documents themselves: to be applied to others only",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.no_training_scores, 0, 0, NULL, NULL},
        {0, "memory", "SIZE", "use about that much memory at most, such as 4G [what is free]",
         OPTION_SIZE, &settings.memory, 1 << 20, 0x1p53, NULL, NULL},
        {0, "temp-dir", "DIR", "for what memory can't hold [$TMPDIR, or /tmp or /var/tmp]",
         OPTION_TEXT | OPTION_SPILLS_TO, &settings.temp_given, 0, 0, NULL, NULL},
        {0, "part", "K/N", "do part K of N of the work, for --join [all]", OPTION_CUSTOM,
         &settings.part, 0, 0, NULL, options_part},
        {0, "join", "PART", "take what was done from there, and from all other parts",
         OPTION_CUSTOM | OPTION_READS, &settings.joined, 0, 0, NULL, add_joined},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0},
    };
    const struct program program = {
        .name = "linear-train",
        .arguments = "[options] DOCUMENTS...",
        .purpose = "Learn from documents, label<TAB>text a line, what their words say of labels.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS | DOES_UNPACK |
                 DOES_SPILL | DOES_MEASURE,
        .examples = "  linear-train -o linear.mp train.txt\n"
                    "  linear-train --views bayes,word,char train.txt >linear.mp\n",
    };
    int status = program_main(&program, argc, argv, train, &settings);
    free(settings.joined.paths);
    return status;
}
