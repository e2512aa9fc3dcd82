/*
 * glove-load: word vectors, as text, to a vectors stream.
 */
#include "base/buffer.h"
#include "base/cpu.h"
#include "base/output.h"
#include "base/path.h"
#include "base/place.h"
#include "base/program.h"
#include "base/report.h"
#include "input/source.h"
#include "run/load.h"
#include "run/vocabulary.h"

#include <stdio.h>
#include <string.h>

struct settings {
    const char *path; /* NULL: standard input */
    const char *member;
    const char *vocab;
    const char *defects;
    const char *word_list;
    uint64_t top;
    bool strict;
    bool list;
    const char *vocab_noted; /* NULL: no vocabulary */
    const char *list_noted;  /* NULL: no list of words */
    bool subwords_noted;
};

/* What a run holds; everything is released in load. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    struct output *output;
    struct output *defects; /* NULL: not asked for */
    struct source *source;
    struct load *load;
    struct words vocabulary;
    struct word_list list;
    struct load_totals totals;
    struct progress progress;
    double start;
};

/* ---- checking ---- */

/* What is listed is all that is there. */
static bool check_list(const struct settings *settings, struct error *error)
{
    const char *idle = settings->member      ? "member"
                       : settings->vocab     ? "vocab"
                       : settings->top       ? "top"
                       : settings->word_list ? "word-list"
                       : settings->strict    ? "strict"
                       : settings->defects   ? "defects"
                                             : NULL;
    return !settings->list || !idle ||
           error_set(error, STATUS_USAGE, "--%s is for loading: --list loads nothing", idle);
}

static bool check(struct settings *settings, const struct call *call, struct error *error)
{
    const struct common *common = &call->common;
    if (!program_operand(call, &settings->path, error) || !check_list(settings, error))
        return false;
    if (settings->defects && path_is_standard(settings->defects) &&
        path_is_standard(common->output))
        return error_set(error, STATUS_USAGE,
                         "standard output can't be both vectors and defects: name a file");
    if (settings->defects && place_same(settings->defects, common->output))
        return error_set(error, STATUS_USAGE, "vectors and defects can't both go to %s",
                         settings->defects);
    return true;
}

/* ---- telling ---- */

static void tell_progress(void *context, uint64_t rows)
{
    struct run *run = context;
    progress_update(&run->progress, rows);
}

static bool tell_defect(void *context, uint64_t line, enum vector_defect defect,
                        struct error *error)
{
    struct run *run = context;
    return output_print(run->defects, error, "%llu\t%s\t%s\n", (unsigned long long)line,
                        vector_defect_reason(defect), vector_defect_action(defect));
}

static void summarize_defects(const struct run *run)
{
    const struct load_totals *totals = &run->totals;
    const char *noun = load_form(run->load) == LOAD_TEXT ? "line" : "vector";
    for (int i = 0; i < DEFECT_COUNT; i++) {
        char count[REPORT_COUNT_SIZE];
        const char *fault = totals->first_faults[i];
        if (totals->defects[i])
            report_summary(run->common, "%s %s%s: %s: %s (first: %s %llu%s%s)",
                           report_count(totals->defects[i], count), noun,
                           report_noun(totals->defects[i], "", "s"), vector_defect_reason(i),
                           vector_defect_action(i), noun,
                           (unsigned long long)totals->first_lines[i], *fault ? ": " : "", fault);
    }
}

/* `, of 200 listed and 400,000 in the file`; nothing without a vocabulary. */
static void describe_vocabulary(const struct run *run, char *text, size_t size)
{
    char listed[REPORT_COUNT_SIZE], found[REPORT_COUNT_SIZE];
    text[0] = '\0';
    if (!run->settings->vocab)
        return;
    int used = snprintf(text, size, ", of %s listed", report_count(run->vocabulary.count, listed));
    if (!run->totals.topped)
        snprintf(text + used, size - (size_t)used, " and %s%s in the file",
                 run->totals.more_found ? "at least " : "", report_count(run->totals.found, found));
}

/* A list of words with something beside them, or in other letters, finds none. */
static void warn_of_vocabulary(const struct run *run)
{
    if (!run->settings->vocab || run->totals.words || run->totals.topped)
        return;
    struct text first = words_text(&run->vocabulary, 0);
    struct buffer word = {0};
    first.size = first.size < 60 ? first.size : 60;
    buffer_name(&word, first); /* a NUL would end it in the message */
    report_warning(run->common,
                   "no word that is listed is in the file: the first one listed is '%.*s': a word "
                   "a line is read, as vectorize --words writes them",
                   (int)word.size, word.bytes);
    buffer_free(&word);
}

static void summarize(const struct run *run)
{
    char words[REPORT_COUNT_SIZE], vocabulary[4 * REPORT_COUNT_SIZE];
    const struct load_totals *totals = &run->totals;
    const struct vector_shape *shape = load_shape(run->load);
    double seconds = report_seconds() - run->start;
    describe_vocabulary(run, vocabulary, sizeof vocabulary);
    report_summary(run->common, "%s%s word %s of %u %s in %.2f s%s",
                   totals->more_words ? "at least " : "", report_count(totals->words, words),
                   report_noun(totals->words, "vector", "vectors"), (unsigned)shape->dim,
                   report_noun(shape->dim, "dimension", "dimensions"), seconds, vocabulary);
    summarize_defects(run);
    if (shape->has_header && !totals->topped && shape->count != totals->entries)
        report_warning(
            run->common, "%s:1: the header says %llu %s, but %llu %s%s", source_name(run->source),
            (unsigned long long)shape->count, report_noun(shape->count, "vector", "vectors"),
            (unsigned long long)totals->entries, report_noun(totals->entries, "follows", "follow"),
            shape->count > totals->entries ? ": did the download end early?" : "");
    if (shape->said && shape->dim != 1)
        report_warning(run->common,
                       "%s:1: the header says %llu %s a vector, but %u follow each word",
                       source_name(run->source), (unsigned long long)shape->said,
                       report_noun(shape->said, "number", "numbers"), (unsigned)shape->dim);
    if (totals->doubt)
        report_warning(run->common, "%s: %s", source_name(run->source), totals->doubt);
    if (shape->dim == 1)
        report_warning(run->common, "%s: vectors of one number: are these words and their counts?",
                       source_name(run->source));
    warn_of_vocabulary(run);
    char kernels[64], singly[REPORT_COUNT_SIZE], shorts[REPORT_COUNT_SIZE];
    load_kernels(cpu_level(), kernels, sizeof kernels);
    report_detail(run->common, "kernels: %s; %s %s converted one by one, %s %s of short ones",
                  kernels, report_count(totals->account.singly, singly),
                  report_noun(totals->account.singly, "number", "numbers"),
                  report_count(totals->account.short_groups, shorts),
                  report_noun(totals->account.short_groups, "group", "groups"));
    report_detail(run->common, "%s: %s; %u jobs; %.1f MB of text, %.0f MB/s",
                  source_name(run->source), source_manner(run->source), run->common->jobs,
                  (double)totals->digest.size * 1e-6, (double)totals->digest.size * 1e-6 / seconds);
}

/* ---- loading ---- */

static bool open_outputs(struct run *run, struct error *error)
{
    struct common defects = *run->common;
    defects.output = run->settings->defects;
    run->output = output_open(run->common, OUTPUT_BINARY, error);
    if (run->output && defects.output)
        run->defects = output_open(&defects, OUTPUT_TEXT, error);
    return run->output && (run->defects || !defects.output);
}

static bool open_inputs(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    run->source = source_open(settings->path, settings->member, error);
    if (!run->source)
        return false;
    if (settings->word_list && !word_list_read(settings->word_list, &run->list, error))
        return false;
    run->load = load_open(run->source, settings->word_list ? &run->list : NULL, error);
    if (settings->vocab && path_is_standard(settings->vocab))
        report_waiting(run->common);
    return run->load &&
           (!settings->vocab || vocabulary_read(settings->vocab, &run->vocabulary, error));
}

/* A vocabulary is noted by what it holds, not by its file. */
static bool make_lineage(struct run *run, struct lineage *lineage, struct error *error)
{
    struct settings *settings = run->settings;
    char vocab[64], list[64];
    snprintf(vocab, sizeof vocab, "%zu words, %016llx", run->vocabulary.count,
             (unsigned long long)vocabulary_fingerprint(&run->vocabulary));
    snprintf(
        list, sizeof list, "%zu words, %016llx", run->list.count,
        (unsigned long long)words_hash(run->list.bytes ? run->list.bytes : "", run->list.size));
    settings->vocab_noted = settings->vocab ? vocab : NULL;
    settings->list_noted = settings->word_list ? list : NULL;
    settings->subwords_noted = settings->vocab && load_form(run->load) == LOAD_SUBWORDS;
    bool noted = lineage_append_program(lineage, run->program, true, error);
    settings->vocab_noted = settings->list_noted = NULL;
    return noted;
}

static bool write_stream(struct run *run, const struct lineage *lineage, struct error *error)
{
    const struct settings *settings = run->settings;
    const struct load_orders orders = {.vocabulary = settings->vocab ? &run->vocabulary : NULL,
                                       .top = settings->top,
                                       .strict = settings->strict,
                                       .level = cpu_level(),
                                       .jobs = run->common->jobs,
                                       .progressed = tell_progress,
                                       .defective = run->defects ? tell_defect : NULL,
                                       .context = run};
    const struct stream_header header = {
        .kind = STREAM_VECTORS, .dim = load_shape(run->load)->dim, .lineage = *lineage};
    struct stream_writer *writer = stream_begin(run->output, &header, error);
    if (!writer)
        return false;
    run->progress = progress_start(run->common, "word vectors", 0);
    bool done = load_run(run->load, &orders, writer, &run->totals, error);
    progress_finish(&run->progress);
    if (done)
        return stream_end(writer, run->totals.digest, error);
    stream_abandon(writer);
    return false;
}

static bool run_stages(struct run *run, struct error *error)
{
    struct lineage lineage = {0};
    bool done = open_outputs(run, error) && open_inputs(run, error) &&
                make_lineage(run, &lineage, error) && write_stream(run, &lineage, error);
    lineage_free(&lineage);
    return done;
}

/* Ends both outputs, or throws both away. */
static bool finish_outputs(struct run *run, bool done, struct error *error)
{
    if (done && run->defects)
        done = output_commit(run->defects, error);
    else
        output_discard(run->defects);
    return output_settle(run->output, done, error);
}

static bool load(const struct call *call, struct settings *settings, struct error *error)
{
    struct run run = {.program = call->program,
                      .common = &call->common,
                      .settings = settings,
                      .start = report_seconds()};
    const bool worked = run_stages(&run, error), done = finish_outputs(&run, worked, error);
    if (worked && done)
        summarize(&run);
    load_close(run.load);
    source_close(run.source);
    words_free(&run.vocabulary);
    word_list_free(&run.list);
    return done;
}

/* ---- listing ---- */

static bool print_member(void *output, const char *name, uint64_t size, struct error *error)
{
    struct buffer line = {0};
    buffer_name(&line, text_of(name));
    buffer_print(&line, "\t%llu\n", (unsigned long long)size);
    bool printed = buffer_send(&line, output, error);
    buffer_free(&line);
    return printed;
}

static bool list(const struct call *call, struct settings *settings, struct error *error)
{
    struct output *output = output_open(&call->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, source_members(settings->path, print_member, output, error),
                         error);
}

static bool glove_load(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    return check(settings, call, error) && (settings->list ? list : load)(call, settings, error);
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    const struct option_row rows[] = {
        {0, "member", "NAME", "which file of a zip to load [the only one]", OPTION_TEXT,
         &settings.member, 0, 0, NULL, NULL},
        {0, "list", NULL, "print the files of a zip and their sizes instead", OPTION_FLAG,
         &settings.list, 0, 0, NULL, NULL},
        {0, "vocab", "FILE", "keep only the words listed in FILE, one a line",
         OPTION_TEXT | OPTION_UNPACKS, &settings.vocab, 0, 0, NULL, NULL},
        {0, "top", "N", "keep only the first N vectors", OPTION_COUNT | OPTION_NOTED_SET,
         &settings.top, 1, 1e15, NULL, NULL},
        {0, "word-list", "FILE", "the words of a .npy file's rows, one a line",
         OPTION_TEXT | OPTION_UNPACKS, &settings.word_list, 0, 0, NULL, NULL},
        {.name = "word-list",
         .type = OPTION_TEXT | OPTION_NOTED_SET,
         .target = &settings.list_noted},
        {.name = "subwords",
         .type = OPTION_FLAG | OPTION_NOTED_SET,
         .target = &settings.subwords_noted},
        {.name = "vocab", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &settings.vocab_noted},
        {0, "strict", NULL, "stop at the first line that has a defect", OPTION_FLAG,
         &settings.strict, 0, 0, NULL, NULL},
        {0, "defects", "FILE", "write line, reason and what was done of each defect to FILE",
         OPTION_TEXT | OPTION_WRITES, &settings.defects, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "glove-load",
        .arguments = "[options] [FILE]",
        .purpose = "Load word vectors (GloVe, word2vec or fastText, as text or binary; plain, .gz "
                   "or .zip) into "
                   "a stream.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS | DOES_SPILL,
        .examples = "  glove-load glove.6B.zip --member glove.6B.50d.txt -o vectors.mp\n"
                    "  vectorize --words *.txt | glove-load --vocab - vectors.zip >vectors.mp\n"};
    return program_main(&program, argc, argv, glove_load, &settings);
}
