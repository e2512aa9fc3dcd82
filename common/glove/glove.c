/*
 * What is in memory when:
 *
 *     reading     the words' table, their counts, the sequence (up to a quarter of all memory),
 *                 what the caller holds
 *     counting    ranking, sequence, tables, keys and batches of the threads
 *     arranging   ranking, keys, the merge's buffers, blocks in hand, shards
 *     training    ranking, shards or a buffer a thread, model
 *
 * and beside all of it the program itself. Keys may take half of what is left for counting, so
 * that the other half is there when shards are made of them; shards as much as leaves room for
 * the model. What is over goes to temporary files. Where threads hold memory of their own, there
 * are no more threads than it is there for. Sums are of 64 bits on every machine.
 */
#include "glove/glove.h"

#include "base/memory.h"
#include "base/report.h"
#include "glove/fill.h"
#include "glove/training.h"

#include <stdlib.h>
#include <string.h>

enum {
    MIB = 1 << 20,
    PROGRAM_SIZE = 12 * MIB,
    FEW_PAIRS = 1 << 15, /* of which another thread costs more than it gains */
    FEW_KEYS = 4 * MIB   /* bytes a thread: with fewer, a long corpus becomes too many short runs */
};

/* What of the memory is left when `used` and the program are taken. */
static uint64_t memory_left(const struct glove *glove, uint64_t used)
{
    used += PROGRAM_SIZE;
    return glove->options.memory > used ? glove->options.memory - used : 0;
}

static double in_mib(uint64_t bytes)
{
    return (double)bytes / MIB;
}

void glove_start(struct glove *glove, const struct glove_options *options)
{
    *glove = (struct glove){.options = *options};
    glove->options.memory = memory_addressable(options->memory);
    glove->sequence = sequence_with((size_t)glove->options.memory / 4, options->temp_dir);
    glove->shards.scratch = scratch_in(options->temp_dir);
}

void glove_free(struct glove *glove)
{
    words_free(&glove->words);
    free(glove->counts);
    sequence_free(&glove->sequence);
    ranking_free(&glove->ranking);
    shards_free(&glove->shards);
    model_free(&glove->model);
}

/* ---- reading ---- */

/* Bytes that the words need, with the room in which their table grows. */
static uint64_t words_size(const struct glove *glove)
{
    uint64_t table = (uint64_t)slots_bytes(&glove->words.slots) +
                     (uint64_t)glove->words.entry_capacity * sizeof *glove->words.entries;
    return table + table / 2 + glove->words_bytes +
           (uint64_t)glove->counts_capacity * sizeof *glove->counts;
}

static uint64_t sequence_size(const struct glove *glove)
{
    return (uint64_t)glove->sequence.capacity * sizeof(uint32_t);
}

/* Makes counts for words that are new. */
static bool count_new_words(struct glove *glove, struct error *error)
{
    size_t count = glove->words.count;
    if (!memory_reserve(&glove->counts, &glove->counts_capacity, count, sizeof *glove->counts))
        return error_memory(error, "reading the corpus");
    for (; glove->words_seen < count; glove->words_seen++) {
        glove->counts[glove->words_seen] = 0;
        glove->words_bytes += words_text(&glove->words, (uint32_t)glove->words_seen).size;
    }
    if (memory_left(glove, glove->options.taken + words_size(glove) + sequence_size(glove)))
        return true;
    return error_set(error, STATUS_USAGE,
                     "the corpus has more distinct words (%zu so far) than %.0f MiB hold: raise "
                     "--memory",
                     count, in_mib(glove->options.memory));
}

bool glove_take(struct glove *glove, const uint32_t *numbers, size_t count, struct error *error)
{
    if (!count_new_words(glove, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (numbers[i] != PAIRS_BREAK)
            glove->counts[numbers[i]]++;
    return sequence_append(&glove->sequence, numbers, count, error);
}

/* ---- choosing the words ---- */

static uint64_t ranking_size(const struct glove *glove)
{
    const struct word_ranking *ranking = &glove->ranking;
    return (uint64_t)ranking->size * (sizeof *ranking->words + sizeof *ranking->counts) +
           (uint64_t)glove->words_seen * sizeof *ranking->ranks + glove->words_bytes;
}

/* What training holds all the time. */
static uint64_t training_size(const struct glove *glove)
{
    return ranking_size(glove) + model_size(&glove->grid, glove->options.dim);
}

static bool choose_words(struct glove *glove, struct error *error)
{
    const struct glove_options *options = &glove->options;
    if (!ranking_make(&glove->ranking, &glove->words, glove->counts, options->least_count,
                      options->most_words, error))
        return false;
    words_free(&glove->words);
    free(glove->counts);
    glove->counts = NULL;
    glove->counts_capacity = 0;
    if (!glove->ranking.size && glove->ranking.long_words)
        return error_set(
            error, STATUS_INPUT,
            "no word of at most %d bytes occurs %llu %s, %zu %s: is this text?", RANKING_LONGEST,
            (unsigned long long)options->least_count,
            report_noun(options->least_count, "time", "times"), glove->ranking.long_words,
            report_noun(glove->ranking.long_words, "longer one does", "longer ones do"));
    if (!glove->ranking.size)
        return error_set(error, STATUS_INPUT,
                         "no word occurs %llu %s: lower --min-count, or give more text",
                         (unsigned long long)options->least_count,
                         report_noun(options->least_count, "time", "times"));
    glove->grid = grid_for(glove->ranking.size, model_row_size(options->dim));
    if (memory_left(glove, training_size(glove)))
        return true;
    uint64_t needed = PROGRAM_SIZE + training_size(glove);
    return error_set(error, STATUS_USAGE,
                     "training %zu %s needs %.0f MiB, --memory gives %.0f: raise it, or keep "
                     "fewer words with --min-count or --max-vocab",
                     glove->ranking.size, report_noun(glove->ranking.size, "word", "words"),
                     in_mib(needed), in_mib(options->memory));
}

/* ---- counting and arranging ---- */

static void tell_counted(void *context, uint64_t numbers)
{
    const struct glove *glove = context;
    if (glove->progressed)
        glove->progressed(glove->context, (double)numbers / (double)glove->sequence.size);
}

/* What is left for keys, when `jobs` threads have tables, and the cells of one are beside them. */
static uint64_t keys_room(const struct glove *glove, const struct pairs_rules *rules, unsigned jobs)
{
    uint64_t numbers = rules->table_size * sizeof(uint64_t);
    uint64_t tables = jobs * numbers + rules->table_size * sizeof(struct cell_count);
    return memory_left(glove, ranking_size(glove) + tables + sequence_size(glove) +
                                  counter_hands_size(rules, jobs)) /
           2;
}

static bool count_pairs(struct glove *glove, struct counter *counter,
                        const struct pairs_rules *rules, struct error *error)
{
    unsigned jobs = glove->options.jobs;
    uint64_t least = pairs_least_bytes(rules), few = least < FEW_KEYS ? FEW_KEYS : least;
    while (jobs > 1 && keys_room(glove, rules, jobs) < jobs * few)
        jobs--;
    size_t keys = (size_t)keys_room(glove, rules, jobs);
    if (keys < least)
        return error_set(error, STATUS_USAGE,
                         "counting the pairs of %zu %s needs more than %.0f MiB: raise --memory",
                         glove->ranking.size, report_noun(glove->ranking.size, "word", "words"),
                         in_mib(glove->options.memory));
    bool done = counter_start(counter, rules, jobs, keys, glove->options.temp_dir, error) &&
                counter_run(counter, &glove->sequence, &glove->ranking, tell_counted, glove, error);
    sequence_free(&glove->sequence);
    return done;
}

/* With the cells that the tables become. */
static uint64_t counter_size(const struct counter *counter)
{
    uint64_t numbers = counter->rules->table_size * sizeof(uint64_t);
    uint64_t size = counter->rules->table_size * sizeof(struct cell_count);
    for (unsigned i = 0; i < counter->jobs; i++)
        size += counter->threads[i].capacity * sizeof(uint64_t) + numbers;
    return size;
}

/* What is left for shards, now and beside the model. */
static size_t shards_room(const struct glove *glove, uint64_t used)
{
    uint64_t now = memory_left(glove, used), later = memory_left(glove, training_size(glove));
    return (size_t)(now < later ? now : later);
}

/* Of all memory the merge's buffers get a sixteenth, and blocks in hand an eighth. */
static bool arrange_pairs(struct glove *glove, struct counter *counter, struct error *error)
{
    const struct glove_options *options = &glove->options;
    const struct fill_rules rules = {.counted = counter->rules,
                                     .x_max = options->x_max,
                                     .alpha = options->alpha,
                                     .seed = options->seed,
                                     .jobs = options->jobs,
                                     .most_bytes = options->memory / 8};
    size_t buffers = (size_t)options->memory / 16;
    uint64_t used = ranking_size(glove) + counter_size(counter) + buffers + rules.most_bytes;
    struct merge merge;
    if (!merge_open(&merge, counter->threads, counter->jobs, buffers, error))
        return false;
    bool done = shards_start(&glove->shards, &glove->grid, shards_room(glove, used),
                             options->temp_dir, error) &&
                fill_shards(&glove->shards, &merge, &rules, error);
    merge_close(&merge);
    return done;
}

bool glove_prepare(struct glove *glove, struct error *error)
{
    const struct glove_options *options = &glove->options;
    struct pairs_rules rules = {0};
    struct counter counter = {0};
    if (!choose_words(glove, error) ||
        !pairs_rules_make(&rules, &glove->grid, options->window, options->symmetric,
                          options->weighted, error))
        return false;
    bool done =
        count_pairs(glove, &counter, &rules, error) && arrange_pairs(glove, &counter, error);
    counter_free(&counter);
    pairs_rules_free(&rules);
    if (done && !glove->shards.count)
        return error_set(error, STATUS_INPUT,
                         "no two words occur near each other: are there several words a line?");
    return done && model_make(&glove->model, &glove->grid, options->dim, options->eta,
                              options->seed, error);
}

/* ---- training ---- */

static void tell_trained(void *context, uint64_t blocks)
{
    const struct glove *glove = context;
    if (glove->progressed)
        glove->progressed(glove->context, (double)blocks / (double)glove->shards.blocks);
}

/* Shards that are in the file need a buffer a thread. */
unsigned glove_pass_jobs(const struct glove *glove)
{
    if (glove->shards.count < FEW_PAIRS)
        return 1;
    uint64_t buffer = (uint64_t)glove->shards.longest * sizeof(struct nonzero);
    uint64_t jobs = glove->options.jobs;
    if (glove->shards.in_file && buffer * jobs > memory_left(glove, training_size(glove)))
        jobs = memory_left(glove, training_size(glove)) / buffer;
    return jobs ? (unsigned)jobs : 1;
}

bool glove_pass(struct glove *glove, uint64_t number, double *cost, struct error *error)
{
    const struct training training = {.model = &glove->model,
                                      .shards = &glove->shards,
                                      .seed = glove->options.seed,
                                      .jobs = glove_pass_jobs(glove),
                                      .pass = adagrad_pass_of(glove->options.level),
                                      .progressed = tell_trained,
                                      .context = glove};
    return training_pass(&training, number, cost, error);
}
