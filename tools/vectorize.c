/*
 * vectorize: labelled text to samples, the mean of its known words' vectors and what evidence says.
 */
#include "run/vectorize.h"
#include "base/cpu.h"
#include "base/output.h"
#include "base/path.h"
#include "base/place.h"
#include "base/program.h"
#include "base/report.h"
#include "run/collection.h"
#include "run/sources.h"
#include "run/tell.h"
#include "text/lower.h"

enum { LISTED = 10 };

struct settings {
    struct sources_paths sources;
    bool words;
    bool no_label;
    struct options_part part;
    struct collection_settings documents;
    const char *tokenizer, *unicode;
};

struct run {
    const struct program *program;
    const struct common *common;
    const struct settings *settings;
    const char *first;     /* of the documents' files */
    struct output *output; /* NULL once it is committed */
    struct vectorize job;
    struct vectorize_totals totals;
    struct progress progress;
    double start;    /* of the documents, in seconds */
    uint64_t listed; /* documents without a known word that were named */
    bool told_refused;
    bool evidence_first; /* it tells which words are known */
    bool characters;     /* evidence looks at them, and may know these of words that it doesn't */
};

/* ---- checking ---- */

static bool check_label(struct settings *settings, struct error *error)
{
    struct wish *wish = &settings->documents.wish;
    wish->labelled = !settings->no_label;
    wish->unlabelled = "--no-label, or glovepipe predict"; /* glovepipe test runs it, too */
    if (settings->no_label && wish->label_column)
        return error_set(error, STATUS_USAGE, "--no-label and --label-column exclude each other");
    if (settings->no_label && wish->label_key)
        return error_set(error, STATUS_USAGE, "--no-label and --label-key exclude each other");
    return !settings->words || !wish->keep ||
           error_set(error, STATUS_USAGE, "--words keeps nothing: leave --keep out");
}

/* Standard input may be what one of the streams comes from; without any, it is the vectors. */
static size_t count_standard(const struct sources_paths *sources)
{
    size_t count = !sources->vector_count && !sources->linear_count;
    for (size_t i = 0; i < sources->vector_count; i++)
        count += path_is_standard(sources->vectors[i]);
    for (size_t i = 0; i < sources->linear_count; i++)
        count += path_is_standard(sources->linear[i]);
    return count;
}

static bool check(struct settings *settings, char **paths, size_t count, struct error *error)
{
    if (count == 0)
        return error_set(error, STATUS_USAGE,
                         "no documents: name files of label<TAB>text lines, or - for stdin");
    const struct sources_paths *sources = &settings->sources;
    size_t taken = settings->words ? 0 : count_standard(sources);
    bool unnamed = !sources->vector_count && !sources->linear_count;
    const char *hint = taken && unnamed ? ": name the vectors with --vectors" : "";
    for (size_t i = 0; i < count; i++)
        taken += path_is_standard(paths[i]);
    if (taken > 1)
        return error_set(error, STATUS_USAGE, "standard input can't be read twice%s", hint);
    if (settings->words && sources->vector_count)
        return error_set(error, STATUS_USAGE, "--words reads no vectors: leave --vectors out");
    if (settings->words && sources->linear_count)
        return error_set(error, STATUS_USAGE, "--words reads no evidence: leave --linear out");
    if (settings->words && settings->part.whole)
        return error_set(error, STATUS_USAGE, "--words and --part exclude each other");
    return check_label(settings, error);
}

/* ---- telling ---- */

static void tell_progress(void *context, uint64_t documents)
{
    struct run *run = context;
    progress_update(&run->progress, documents);
}

static void tell_unknown(void *context, const char *file, uint64_t line)
{
    struct run *run = context;
    if (run->listed++ >= LISTED || !run->common->verbose)
        return;
    progress_finish(&run->progress);
    report_detail(run->common, "%s:%llu: no known word", file, (unsigned long long)line);
}

/* What comes in its time may have no end, where it is counted. */
static void tell_refused(void *context)
{
    struct run *run = context;
    const struct repairs *repairs = &run->totals.repairs;
    if (!repairs->counts[REPAIR_REFUSED] || run->told_refused)
        return;
    run->told_refused = true;
    progress_finish(&run->progress);
    report_warning(run->common, "%s: left out", repairs->refused);
}

/* The share in hundredths of a percent, rounded down so that 100% means all. */
static unsigned share(const struct vectorize_totals *totals)
{
    return totals->tokens ? (unsigned)(10000.0 * (double)totals->known / (double)totals->tokens)
                          : 0;
}

static void summarize_samples(struct run *run)
{
    char documents[REPORT_COUNT_SIZE], unknown[REPORT_COUNT_SIZE], tokens[REPORT_COUNT_SIZE];
    const struct vectorize_totals *totals = &run->totals;
    if (run->listed > LISTED)
        report_detail(run->common, "and %s more %s without a known word",
                      report_count(run->listed - LISTED, unknown),
                      report_noun(run->listed - LISTED, "document", "documents"));
    char kernels[64];
    vectorize_kernels(run->job.level, kernels, sizeof kernels);
    report_detail(run->common, "kernels: %s", kernels);
    report_summary(
        run->common, "%s %s in %.2f s, %s without a known word, %u.%02u%% of %s %s known",
        report_count(totals->documents, documents),
        report_noun(totals->documents, "document", "documents"), report_seconds() - run->start,
        report_count(totals->unknown, unknown), share(totals) / 100, share(totals) % 100,
        report_count(totals->tokens, tokens), report_noun(totals->tokens, "token", "tokens"));
    tell_form(run->common, run->job.documents);
    tell_repairs(run->common, &totals->repairs, run->job.labelled);
    if (!run->settings->part.whole) { /* of which there may be none */
        tell_empty(run->common, totals->documents, &totals->repairs, run->first);
        tell_single(run->common, totals->documents, collection_digest(run->job.documents).size);
    }
    if (totals->tokens && !totals->known)
        (run->characters ? report_summary : report_warning)(
            run->common,
            "no word of the documents %s: are both of one language and encoding, and the columns "
            "right?",
            run->evidence_first ? "is in the evidence" : "has a vector");
}

/* Whether it was made of these very documents, and has no scores of them. */
static bool leaks(const struct evidence *evidence, struct digest documents)
{
    const struct lineage *lineage = &evidence->header.lineage;
    struct digest made_of = lineage->entries[lineage->count - 1].read;
    return !evidence->header.scored && made_of.size == documents.size &&
           made_of.crc32 == documents.crc32;
}

static void summarize_evidence(const struct run *run, const struct sources *sources)
{
    char trained[REPORT_COUNT_SIZE], others[REPORT_COUNT_SIZE];
    const struct vectorize_totals *totals = &run->totals;
    const uint64_t other = totals->documents - totals->trained;
    report_summary(run->common, "evidence: %s %s trained on and held out, %s %s",
                   report_count(totals->trained, trained),
                   report_noun(totals->trained, "document was", "documents were"),
                   report_count(other, others), report_noun(other, "is another", "are others"));
    for (size_t i = 0; i < sources->evidence_count; i++)
        if (leaks(&sources->evidence[i], collection_digest(run->job.documents)))
            report_warning(run->common,
                           "these are the documents that the evidence was made of, without "
                           "training scores: it is too sure of them to train on");
}

static void summarize_words(struct run *run, size_t count, size_t too_long)
{
    char words[REPORT_COUNT_SIZE], documents[REPORT_COUNT_SIZE], tokens[REPORT_COUNT_SIZE];
    report_summary(
        run->common, "%s distinct %s of %s %s in %s %s, in %.2f s", report_count(count, words),
        report_noun(count, "word", "words"), report_count(run->totals.tokens, tokens),
        report_noun(run->totals.tokens, "token", "tokens"),
        report_count(run->totals.documents, documents),
        report_noun(run->totals.documents, "document", "documents"), report_seconds() - run->start);
    if (too_long)
        report_summary(run->common,
                       "%s of them longer than 1 MiB, as no word of vectors is: left out",
                       report_count(too_long, words));
    tell_form(run->common, run->job.documents);
    tell_repairs(run->common, &run->totals.repairs, run->job.labelled);
    tell_empty(run->common, run->totals.documents, &run->totals.repairs, run->first);
}

/* ---- running ---- */

static void begin_documents(struct run *run)
{
    run->start = report_seconds();
    run->progress = progress_start(run->common, "documents", 0);
}

static bool commit(struct run *run, struct error *error)
{
    struct output *output = run->output;
    if (!collection_commit(run->job.documents, error))
        return false;
    run->output = NULL;
    return output_commit_last(output, error);
}

static void tell_sources(const struct run *run, const struct sources *sources, double seconds)
{
    char words[REPORT_COUNT_SIZE];
    for (size_t i = 0; i < sources->table_count; i++)
        report_detail(run->common, "%s %s of %u %s in %.2f s",
                      report_count(sources->tables[i].words.count, words),
                      report_noun(sources->tables[i].words.count, "vector", "vectors"),
                      (unsigned)sources->tables[i].dim,
                      report_noun(sources->tables[i].dim, "dimension", "dimensions"), seconds);
    for (size_t i = 0; i < sources->evidence_count; i++) {
        const struct stream_header *header = &sources->evidence[i].header;
        report_detail(
            run->common, "evidence of %u %s for %u %s in %.2f s", (unsigned)header->part_count,
            report_noun(header->part_count, "part", "parts"), (unsigned)header->class_count,
            report_noun(header->class_count, "label", "labels"), seconds);
    }
}

static bool load_sources(const struct run *run, struct sources *sources, struct error *error)
{
    double start = report_seconds();
    struct sources_paths paths = run->settings->sources;
    if (!paths.vector_count && !paths.linear_count) {
        report_waiting(run->common);
        paths.vectors[paths.vector_count++] = NULL;
    }
    tell_twice(run->common, &paths);
    if (!sources_load(sources, &paths, run->job.level, error))
        return false;
    tell_sources(run, sources, report_seconds() - start);
    return true;
}

static bool have_characters(const struct sources *sources)
{
    enum view view;
    for (size_t i = 0; i < sources->evidence_count; i++) {
        const struct stream_header *header = &sources->evidence[i].header;
        for (uint32_t part = 0; part < header->part_count; part++)
            if (view_find(header->parts[part].name, &view) && view_is_characters(view))
                return true;
    }
    return false;
}

static bool write_samples(struct run *run, struct sources *sources, struct error *error)
{
    struct stream_header header = {.kind = STREAM_SAMPLES,
                                   .dim = (uint32_t)features_width(&sources->features),
                                   .features = sources->names,
                                   .labelled = run->job.labelled,
                                   .kept = run->job.keeps,
                                   .first = run->settings->part.first,
                                   .whole = run->settings->part.whole};
    if (!lineage_append_program(&sources->lineage, run->program, true, error))
        return false;
    header.lineage = sources->lineage;
    struct stream_writer *writer = stream_begin(run->output, &header, error);
    if (!writer)
        return false;
    run->evidence_first = !sources->table_count;
    run->characters = run->evidence_first && have_characters(sources);
    begin_documents(run);
    bool done = vectorize_samples(&run->job, &sources->features, writer, &run->totals, error);
    progress_finish(&run->progress);
    if (done)
        return stream_end(writer, collection_digest(run->job.documents), error);
    stream_abandon(writer);
    return false;
}

static bool run_samples(struct run *run, struct error *error)
{
    struct sources sources;
    if (!load_sources(run, &sources, error))
        return false;
    bool done = write_samples(run, &sources, error) && commit(run, error);
    if (done)
        summarize_samples(run);
    if (done && sources.evidence_count)
        summarize_evidence(run, &sources);
    sources_free(&sources);
    return done;
}

/* Writes the words that vectors may have, and counts the others. */
static bool write_words(struct run *run, const struct words *words, size_t *too_long,
                        struct error *error)
{
    bool done = true;
    *too_long = 0;
    for (uint32_t i = 0; done && i < words->count; i++) {
        struct text word = words_text(words, i);
        if (word.size > TEXT_NAME_MOST)
            ++*too_long;
        else
            done = output_write(run->output, word.data, word.size, error) &&
                   output_write(run->output, "\n", 1, error);
    }
    return done;
}

static bool run_words(struct run *run, struct error *error)
{
    size_t too_long;
    struct words words = {0};
    begin_documents(run);
    bool done = vectorize_words(&run->job, &words, &run->totals, error);
    progress_finish(&run->progress);
    done = done && write_words(run, &words, &too_long, error) && commit(run, error);
    if (done)
        summarize_words(run, words.count, too_long);
    words_free(&words);
    return done;
}

static bool vectorize(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    const struct common *common = &call->common;
    if (!check(settings, call->operands, call->count, error))
        return false;
    struct collection *documents =
        collection_open(&settings->documents, call->operands, call->count,
                        "give another --label-column, or --no-label", common, error);
    if (!documents)
        return false;
    struct run run = {.program = call->program,
                      .common = common,
                      .settings = settings,
                      .first = call->operands[0]};
    run.job = (struct vectorize){.documents = documents,
                                 .labelled = !settings->no_label,
                                 .keeps = settings->documents.wish.keep != NULL,
                                 .part = settings->part,
                                 .level = cpu_level(),
                                 .jobs = common->jobs,
                                 .progressed = tell_progress,
                                 .unknown = tell_unknown,
                                 .waits = tell_refused,
                                 .context = &run};
    run.output = output_open(common, settings->words ? OUTPUT_TEXT : OUTPUT_BINARY, error);
    bool done = run.output && (settings->words ? run_words(&run, error) : run_samples(&run, error));
    output_discard(run.output);
    collection_close(documents);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {.tokenizer = LINEAGE_TOKENIZER, .unicode = lower_unicode_version()};
    const struct option_row rows[] = {
        {.name = "tokenizer", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings.tokenizer},
        {.name = "unicode", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings.unicode},
        {0, "vectors", "FILE",
         "vectors, from glove-load; may be given again [stdin, without --linear]",
         OPTION_CUSTOM | OPTION_READS, &settings.sources, 0, 0, NULL, sources_add_vectors},
        {0, "linear", "FILE", "evidence, from linear-train; may be given again [none]",
         OPTION_CUSTOM | OPTION_READS, &settings.sources, 0, 0, NULL, sources_add_linear},
        {0, "no-label", NULL, "documents have no label, or theirs is passed over",
         OPTION_FLAG | OPTION_NOTED_SET, &settings.no_label, 0, 0, NULL, NULL},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0, "keep", "WHAT",
         "keep the line, or a column or member, with its sample, for rf-predict --keep",
         OPTION_TEXT | OPTION_NOTED_SET, &settings.documents.wish.keep, 0, 0, NULL, NULL},
        {0, "part", "K/N", "make part K of N, for mp-join [all]", OPTION_CUSTOM, &settings.part, 0,
         0, NULL, options_part},
        {0, "words", NULL, "print the distinct tokens instead, one a line", OPTION_FLAG,
         &settings.words, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "vectorize",
        .arguments = "[options] [--vectors FILE]... [--linear FILE]... DOCUMENTS...",
        .purpose = "Turn documents, label<TAB>text a line, into samples: the mean of the vectors "
                   "of their words, and what evidence says of them.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS | DOES_UNPACK,
        .examples = "  glove-load vectors.zip | vectorize -o train.mp train.txt\n"
                    "  vectorize --vectors vectors.mp --linear linear.mp train.txt >train.mp\n"
                    "  vectorize --words *.txt | glove-load --vocab - vectors.zip >vectors.mp\n"};
    return program_main(&program, argc, argv, vectorize, &settings);
}
