/*
 * glove-train: learns word vectors from text, by GloVe.
 */
#include "base/cpu.h"
#include "base/files.h"
#include "base/output.h"
#include "base/path.h"
#include "base/place.h"
#include "base/program.h"
#include "base/report.h"
#include "run/collection.h"
#include "run/learn.h"
#include "run/tell.h"
#include "text/lower.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_SIZE = 48 };

enum format { FORMAT_TEXT, FORMAT_MP };

static const char *const models[] = {"W+C", "W", "C", NULL}; /* as enum model_part */
static const char *const formats[] = {"text", "mp", NULL};

struct settings {
    uint64_t min_count, max_vocab, window_size, vector_size, iter, seed;
    bool symmetric, distance_weighting;
    double x_max, alpha, eta;
    struct collection_settings documents;
    bool no_label;
    uint64_t memory;
    const char *temp_dir, *temp_given;
    int model, format;
    bool no_unk, write_header;
    const char *save_gradsq, *resume;
    uint64_t checkpoint_every; /* 0: never */
    uint64_t passes;           /* so far, when the lineage is noted */
    const char *tokenizer, *unicode;
};

/* What a run holds; everything is freed in train. */
struct run {
    const struct program *program;
    const struct common *common;
    struct settings *settings;
    struct collection *documents;
    struct learn learn;
    struct progress progress;
    double start; /* of the stage, in seconds */
    double cost;  /* of the last pass */

    struct state resumed; /* that --resume names */
    struct output *saved; /* for the next state; NULL: to be opened */
};

/* ---- options ---- */

static bool check(const struct settings *settings, const struct call *call, struct error *error)
{
    if (call->count == 0)
        return error_set(error, STATUS_USAGE,
                         "no corpus: name files of label<TAB>text lines, or - for stdin");
    if (settings->temp_given && !files_can_be_made(settings->temp_given))
        return error_errno(error, "--temp-dir %s: no files can be made there",
                           settings->temp_given);
    if (settings->checkpoint_every && !settings->save_gradsq)
        return error_set(error, STATUS_USAGE,
                         "--checkpoint-every: say where to save, with --save-gradsq");
    if (settings->save_gradsq && path_is_standard(settings->save_gradsq))
        return error_set(error, STATUS_USAGE, "--save-gradsq: name a file");
    if (settings->save_gradsq && place_same(settings->save_gradsq, call->common.output))
        return error_set(error, STATUS_USAGE, "vectors and state can't both go to %s",
                         settings->save_gradsq);
    const char *defects = settings->documents.defects;
    if (settings->save_gradsq && defects && place_same(settings->save_gradsq, defects))
        return error_set(error, STATUS_USAGE, "state and defects can't both go to %s",
                         settings->save_gradsq);
    if (settings->resume && !place_spares(settings->resume, call->common.output, error))
        return false;
    int descriptor;
    if (settings->checkpoint_every && place_is_descriptor(settings->save_gradsq, &descriptor))
        return error_set(error, STATUS_USAGE,
                         "--checkpoint-every: a state replaces the one before: name a file with "
                         "--save-gradsq");
    if (settings->write_header && settings->format == FORMAT_MP)
        return error_set(error, STATUS_USAGE, "--write-header is for --format text");
    return true;
}

static struct glove_options engine_options(const struct common *common,
                                           const struct settings *settings)
{
    return (struct glove_options){
        .least_count = settings->min_count,
        .most_words = settings->max_vocab,
        .window = (unsigned)settings->window_size,
        .symmetric = settings->symmetric,
        .weighted = settings->distance_weighting,
        .x_max = settings->x_max,
        .alpha = settings->alpha,
        .eta = settings->eta,
        .dim = settings->vector_size,
        .seed = settings->seed,
        .jobs = common->jobs,
        .level = cpu_level(),
        .memory = settings->memory,
        .temp_dir = settings->temp_given ? settings->temp_given : settings->temp_dir,
    };
}

/* ---- lineage ---- */

/* The entry of this run after `passes`: all that its numbers depend on; and that what is written
   does, for a `result`. */
static bool add_entry(const struct run *run, struct lineage *lineage, uint64_t passes, bool result,
                      struct error *error)
{
    run->settings->passes = passes;
    return lineage_append_program(lineage, run->program, result, error);
}

/* ---- --save-gradsq and --resume ---- */

/* Done before there is anything to save, so that a name that won't do is told at once. */
static bool open_saved(struct run *run, struct error *error)
{
    struct common place = *run->common;
    place.output = run->settings->save_gradsq;
    if (place.output && !run->saved)
        run->saved = output_open(&place, OUTPUT_BINARY, error);
    return run->saved || !place.output;
}

static bool save_state(struct run *run, uint64_t passes, struct error *error)
{
    if (!open_saved(run, error))
        return false;
    struct output *output = run->saved;
    run->saved = NULL;
    struct lineage lineage = {0};
    bool done = add_entry(run, &lineage, passes, false, error) &&
                state_write(&run->learn.glove, &lineage, run->learn.digest, output, error);
    lineage_free(&lineage);
    return output_settle(output, done, error);
}

static bool open_state(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    struct lineage lineage = {0};
    bool done = add_entry(run, &lineage, 0, false, error) &&
                state_open(&run->resumed, settings->resume, &lineage.entries[0],
                           settings->vector_size, error);
    lineage_free(&lineage);
    if (done && run->resumed.passes > settings->iter)
        return error_set(error, STATUS_USAGE,
                         "%s: has had %llu %s already: --iter is how many in all", settings->resume,
                         (unsigned long long)run->resumed.passes,
                         report_noun(run->resumed.passes, "iteration", "iterations"));
    return done;
}

/* ---- telling ---- */

static void tell_documents(void *context, uint64_t documents)
{
    struct run *run = context;
    progress_update(&run->progress, documents);
}

static void tell_share(void *context, double share)
{
    struct run *run = context;
    progress_update(&run->progress, (uint64_t)(share * (double)run->progress.total));
}

static void tell_corpus(struct run *run)
{
    char documents[REPORT_COUNT_SIZE], tokens[REPORT_COUNT_SIZE], words[REPORT_COUNT_SIZE];
    report_summary(run->common, "%s %s, %s %s, %s distinct %s in %.2f s",
                   report_count(run->learn.totals.documents, documents),
                   report_noun(run->learn.totals.documents, "document", "documents"),
                   report_count(run->learn.totals.tokens, tokens),
                   report_noun(run->learn.totals.tokens, "token", "tokens"),
                   report_count(run->learn.glove.words.count, words),
                   report_noun(run->learn.glove.words.count, "word", "words"),
                   report_seconds() - run->start);
    tell_form(run->common, run->documents);
    tell_repairs(run->common, &run->learn.totals.repairs, true);
}

static void tell_pairs(struct run *run)
{
    char words[REPORT_COUNT_SIZE], pairs[REPORT_COUNT_SIZE];
    report_summary(
        run->common, "%s %s, %s %s, in %.2f s", report_count(run->learn.glove.ranking.size, words),
        report_noun(run->learn.glove.ranking.size, "word that gets a vector",
                    "words that get vectors"),
        report_count(run->learn.glove.shards.count, pairs),
        report_noun(run->learn.glove.shards.count, "pair that occurs", "pairs that occur"),
        report_seconds() - run->start);
    char kernels[64];
    learn_kernels(cpu_level(), kernels, sizeof kernels);
    report_detail(run->common, "kernels: %s; threads of a pass: %u", kernels,
                  glove_pass_jobs(&run->learn.glove));
    if (run->learn.glove.shards.in_file)
        report_detail(run->common, "the pairs are in a temporary file in %s",
                      run->settings->temp_given ? run->settings->temp_given
                                                : run->settings->temp_dir);
}

/* ---- running ---- */

/*
 * What files take that are memory themselves is beside --memory. A pair of tokens has 16 bytes
 * there while it is counted, where it occurs once.
 */
static void warn_of_files(const struct run *run)
{
    const struct settings *settings = run->settings;
    const char *folder = settings->temp_given ? settings->temp_given : settings->temp_dir;
    const double most = 16.0 * (double)run->learn.totals.tokens * (double)settings->window_size;
    if (most > (double)settings->memory && files_take_memory(folder))
        report_warning(run->common,
                       "temporary files in %s take memory, beside --memory: name a folder on a "
                       "disk with --temp-dir",
                       folder);
}

static bool read_corpus(struct run *run, struct error *error)
{
    run->start = report_seconds();
    run->progress = progress_start(run->common, "documents", 0);
    bool done =
        learn_read(&run->learn, run->documents, error) && collection_commit(run->documents, error);
    progress_finish(&run->progress);
    if (done) {
        tell_corpus(run);
        warn_of_files(run);
    }
    collection_rest(run->documents); /* with it goes the memory of the longest line */
    return done;
}

static bool prepare(struct run *run, struct error *error)
{
    run->start = report_seconds();
    run->progress = progress_start(run->common, "words", run->learn.glove.sequence.size);
    bool done = glove_prepare(&run->learn.glove, error);
    progress_finish(&run->progress);
    if (done)
        tell_pairs(run);
    return done && (!run->settings->resume ||
                    state_load(&run->resumed, &run->learn.glove, run->learn.digest, error));
}

static bool train_pass(struct run *run, uint64_t pass, struct error *error)
{
    const struct settings *settings = run->settings;
    char unit[UNIT_SIZE];
    snprintf(unit, sizeof unit, "pairs in iteration %llu", (unsigned long long)pass);
    run->progress = progress_start(run->common, unit, run->learn.glove.shards.count);
    bool done = glove_pass(&run->learn.glove, pass, &run->cost, error);
    progress_finish(&run->progress);
    if (!done)
        return false;
    report_summary(run->common, "iteration %llu of %llu: cost %.6f", (unsigned long long)pass,
                   (unsigned long long)settings->iter, run->cost);
    bool due = pass == settings->iter ||
               (settings->checkpoint_every && pass % settings->checkpoint_every == 0);
    return !settings->save_gradsq || !due || save_state(run, pass, error);
}

static bool train_passes(struct run *run, struct error *error)
{
    run->start = report_seconds();
    for (uint64_t pass = run->resumed.passes + 1; pass <= run->settings->iter; pass++)
        if (!train_pass(run, pass, error))
            return false;
    report_summary(run->common, "vectors trained in %.2f s", report_seconds() - run->start);
    return true;
}

/* ---- writing ---- */

static bool write_vectors(struct run *run, struct output *output, struct error *error)
{
    const struct settings *settings = run->settings;
    const struct learn_choice choice = {(enum model_part)settings->model, !settings->no_unk};
    if (settings->format == FORMAT_TEXT)
        return learn_print(&run->learn, &choice, settings->write_header, output, error);
    struct lineage lineage = {0};
    bool done = add_entry(run, &lineage, settings->iter, true, error) &&
                learn_stream(&run->learn, &choice, &lineage, output, error);
    lineage_free(&lineage);
    return done;
}

static bool train_to(struct run *run, struct output *output, struct error *error)
{
    return output_settle(output,
                         read_corpus(run, error) && prepare(run, error) &&
                             train_passes(run, error) && write_vectors(run, output, error),
                         error);
}

static bool train(const struct call *call, void *target, struct error *error)
{
    struct run run = {.program = call->program, .common = &call->common, .settings = target};
    const struct glove_options options = engine_options(run.common, run.settings);
    if (!check(run.settings, call, error))
        return false;
    learn_start(&run.learn, &options);
    run.learn.glove.progressed = tell_share;
    run.learn.glove.context = &run;
    run.learn.progressed = tell_documents;
    run.learn.context = &run;
    run.settings->documents.wish.passes = !run.settings->no_label;
    run.settings->documents.wish.unlabelled = "--no-label";
    run.documents = collection_open(&run.settings->documents, call->operands, call->count,
                                    "give another --text-column", run.common, error);
    bool done = run.documents && (!run.settings->resume || open_state(&run, error)) &&
                open_saved(&run, error);
    if (done) {
        struct output *output = output_open(
            run.common, run.settings->format == FORMAT_MP ? OUTPUT_BINARY : OUTPUT_TEXT, error);
        done = output && train_to(&run, output, error);
    }
    output_discard(run.saved);
    state_close(&run.resumed);
    collection_close(run.documents);
    glove_free(&run.learn.glove);
    return done;
}

static int run_program(int argc, char **argv, struct settings *settings)
{
    const struct option_row rows[] = {
        {.name = "tokenizer", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings->tokenizer},
        {.name = "unicode", .type = OPTION_TEXT | OPTION_NOTED, .target = &settings->unicode},
        {0, "no-label", NULL, "lines are text alone", OPTION_FLAG | OPTION_NOTED_SET,
         &settings->no_label, 0, 0, NULL, NULL},
        WISH_TEXT_COLUMN(settings->documents.wish),
        WISH_FORM(settings->documents.wish),
        COLLECTION_DEFECTS(settings->documents),
        {0, "min-count", "N", "words that occur less often get no vector [2]",
         OPTION_COUNT | OPTION_NOTED, &settings->min_count, 1, 0x1p53, NULL, NULL},
        {0, "max-vocab", "N", "vectors for the N most frequent words only [16777216]",
         OPTION_COUNT | OPTION_NOTED, &settings->max_vocab, 1, GRID_MOST_WORDS, NULL, NULL},
        {0, "window-size", "N", "words at most N apart are a pair [10]",
         OPTION_COUNT | OPTION_NOTED, &settings->window_size, 1, PAIRS_MOST_WINDOW, NULL, NULL},
        {0, "symmetric", "0|1", "whether the window reaches right, too [1]",
         OPTION_SWITCH | OPTION_NOTED, &settings->symmetric, 0, 0, NULL, NULL},
        {0, "distance-weighting", "0|1", "whether a pair d apart counts 1/d, not 1 [1]",
         OPTION_SWITCH | OPTION_NOTED, &settings->distance_weighting, 0, 0, NULL, NULL},
        {0, "x-max", "X", "pairs that count X or more have full weight [10]",
         OPTION_REAL | OPTION_NOTED, &settings->x_max, 1e-6, 1e12, NULL, NULL},
        {0, "alpha", "A", "below, the weight is (count/X)^A [0.75]", OPTION_REAL | OPTION_NOTED,
         &settings->alpha, 0, 10, NULL, NULL},
        {0, "eta", "E", "the learning rate [0.05]", OPTION_REAL | OPTION_NOTED, &settings->eta,
         1e-9, 1e3, NULL, NULL},
        {0, "vector-size", "N", "numbers of a vector [50]", OPTION_COUNT | OPTION_NOTED,
         &settings->vector_size, 1, GLOVE_MOST_DIM, NULL, NULL},
        {0, "seed", "N", "of the random numbers [0]", OPTION_COUNT | OPTION_NOTED, &settings->seed,
         0, 0x1p53, NULL, NULL},
        {0, "iter", "N", "passes over all pairs [50]", OPTION_COUNT, &settings->iter, 1, 1 << 20,
         NULL, NULL},
        {.name = "iter", .type = OPTION_COUNT | OPTION_NOTED, .target = &settings->passes},
        {0, "model", "WHAT", "what is written: W+C, W, C [W+C]",
         OPTION_CHOICE | OPTION_NOTED_RESULT, &settings->model, 0, 0, models, NULL},
        {0, "no-unk", NULL, "write no row <unk>, the mean of the rarest words", OPTION_FLAG,
         &settings->no_unk, 0, 0, NULL, NULL},
        {.name = "unk", .type = OPTION_NEGATE | OPTION_NOTED_RESULT, .target = &settings->no_unk},
        {0, "format", "text|mp", "GloVe's text, or a vectors stream [text]", OPTION_CHOICE,
         &settings->format, 0, 0, formats, NULL},
        {0, "write-header", NULL, "open the text with a line `count dim`", OPTION_FLAG,
         &settings->write_header, 0, 0, NULL, NULL},
        {0, "memory", "SIZE", "use no more memory than that, such as 512M [4G]", OPTION_SIZE,
         &settings->memory, GLOVE_LEAST_MEMORY, 0x1p53, NULL, NULL},
        {0, "temp-dir", "DIR", "for what memory can't hold [$TMPDIR, or /tmp or /var/tmp]",
         OPTION_TEXT | OPTION_SPILLS_TO, &settings->temp_given, 0, 0, NULL, NULL},
        {0, "save-gradsq", "FILE", "save the state of training, for --resume",
         OPTION_TEXT | OPTION_WRITES, &settings->save_gradsq, 0, 0, NULL, NULL},
        {0, "checkpoint-every", "N", "save it after every N iterations, too", OPTION_COUNT,
         &settings->checkpoint_every, 1, 1 << 20, NULL, NULL},
        {0, "resume", "FILE", "go on from a saved state, up to --iter",
         OPTION_TEXT | OPTION_READS | OPTION_CONTINUES, &settings->resume, 0, 0, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "glove-train",
        .arguments = "[options] CORPUS...",
        .purpose = "Learn word vectors from documents, label<TAB>text a line, by GloVe.",
        .rows = rows,
        .takes =
            TAKES_OUTPUT | TAKES_JOBS | TAKES_FORCE | TAKES_PROGRESS | DOES_UNPACK | DOES_SPILL,
        .examples = "  glove-train train.txt >vectors.txt\n"
                    "  glove-train --format mp train.txt | vectorize -o train.mp train.txt\n"
                    "  glove-train --no-label --vector-size 100 --window-size 15 wiki.txt >v.txt\n",
    };
    return program_main(&program, argc, argv, train, settings);
}

int main(int argc, char **argv)
{
    struct settings settings = {
        .min_count = 2,
        .max_vocab = GRID_MOST_WORDS,
        .window_size = 10,
        .vector_size = 50,
        .iter = 50,
        .symmetric = true,
        .distance_weighting = true,
        .tokenizer = LINEAGE_TOKENIZER,
        .unicode = lower_unicode_version(),
        .x_max = 10,
        .alpha = 0.75,
        .eta = 0.05,
        .memory = UINT64_C(4) << 30,
        .temp_dir = files_temporary(),
    };
    return run_program(argc, argv, &settings);
}
