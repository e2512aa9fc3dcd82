/*
 * What is in memory when:
 *
 *     reading     the words' table, their counts, the sequence (up to a quarter of all memory)
 *     counting    ranking, sequence, tables and keys of the threads
 *     arranging   ranking, keys, shards
 *     training    ranking, shards, model
 *
 * and beside all of it what the threads hold in hand (overhead). Keys may take half of what is
 * left for counting, so that the other half is there when shards are made of them; shards as
 * much as leaves room for the model. What is over goes to temporary files.
 */
#include "glove/glove.h"

#include "base/memory.h"
#include "glove/fill.h"
#include "glove/training.h"
#include "par/pipeline.h"

#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
    MIB = 1 << 20,
    PROGRAM_SIZE = 12 * MIB,
    BATCH_SIZE = MIB, /* in a pipeline, about */
    LEAST_KEYS = MIB  /* bytes a thread */
};

static size_t overhead(const struct glove *glove)
{
    return PROGRAM_SIZE + pipeline_batches(glove->options.jobs) * BATCH_SIZE;
}

/* What of the memory is left when `used` is taken. */
static size_t memory_left(const struct glove *glove, size_t used)
{
    return glove->options.memory > used ? glove->options.memory - used : 0;
}

static double in_mib(size_t bytes)
{
    return (double)bytes / MIB;
}

/* Makes sure that what was freed is not held back for later: the next stage counts on it. */
static void return_freed(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void glove_start(struct glove *glove, const struct glove_options *options)
{
    *glove = (struct glove){.options = *options};
    glove->sequence = sequence_with(options->memory / 4, options->temp_dir);
    glove->shards.scratch = scratch_in(options->temp_dir);
    while (glove->options.jobs > 1 && overhead(glove) > options->memory / 2)
        glove->options.jobs--;
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
static size_t words_size(const struct glove *glove)
{
    size_t table = glove->words.slot_count * sizeof *glove->words.slots +
                   glove->words.entry_capacity * sizeof *glove->words.entries;
    return table + table / 2 + glove->words_bytes + glove->counts_capacity * sizeof *glove->counts;
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
    size_t sequence = glove->sequence.capacity * sizeof(uint32_t);
    if (overhead(glove) + words_size(glove) + sequence <= glove->options.memory)
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

static size_t ranking_size(const struct glove *glove)
{
    const struct word_ranking *ranking = &glove->ranking;
    return ranking->size * (sizeof *ranking->words + sizeof *ranking->counts) +
           glove->words_seen * sizeof *ranking->ranks + glove->words_bytes;
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
    if (!glove->ranking.size)
        return error_set(error, STATUS_INPUT,
                         "no word occurs %llu times: lower --min-count, or give more text",
                         (unsigned long long)options->least_count);
    glove->grid = grid_for(glove->ranking.size, model_row_size(options->dim));
    size_t needed = overhead(glove) + ranking_size(glove) + model_size(&glove->grid, options->dim);
    if (needed <= options->memory)
        return true;
    return error_set(error, STATUS_USAGE,
                     "training %zu words needs %.0f MiB, --memory gives %.0f: raise it, or keep "
                     "fewer words with --min-count or --max-vocab",
                     glove->ranking.size, in_mib(needed), in_mib(options->memory));
}

/* ---- counting and arranging ---- */

static void tell_counted(void *context, uint64_t numbers)
{
    const struct glove *glove = context;
    if (glove->progressed)
        glove->progressed(glove->context, (double)numbers / (double)glove->sequence.size);
}

/* What is left for keys, when `jobs` threads have tables. */
static size_t keys_room(const struct glove *glove, const struct pairs_rules *rules, unsigned jobs)
{
    size_t tables = (jobs + 2) * rules->table_size * sizeof(uint64_t);
    return memory_left(glove, overhead(glove) + ranking_size(glove) + tables +
                                  glove->sequence.capacity * sizeof(uint32_t)) /
           2;
}

static bool count_pairs(struct glove *glove, struct counter *counter,
                        const struct pairs_rules *rules, struct error *error)
{
    unsigned jobs = glove->options.jobs;
    while (jobs > 1 && keys_room(glove, rules, jobs) < (size_t)jobs * LEAST_KEYS)
        jobs--;
    size_t keys = keys_room(glove, rules, jobs);
    if (keys < LEAST_KEYS)
        return error_set(error, STATUS_USAGE,
                         "counting the pairs of %zu words needs more than %.0f MiB: raise --memory",
                         glove->ranking.size, in_mib(glove->options.memory));
    bool done = counter_start(counter, rules, jobs, keys, glove->options.temp_dir, error) &&
                counter_run(counter, &glove->sequence, &glove->ranking, tell_counted, glove, error);
    sequence_free(&glove->sequence);
    return_freed();
    return done;
}

static size_t counter_size(const struct counter *counter)
{
    size_t size = 0;
    for (unsigned i = 0; i < counter->jobs; i++)
        size += counter->threads[i].capacity * sizeof(uint64_t) +
                counter->rules->table_size * sizeof(uint64_t);
    return size;
}

/* What is left for shards, now and beside the model. */
static size_t shards_room(const struct glove *glove, size_t used)
{
    size_t now = memory_left(glove, used);
    size_t later = memory_left(glove, overhead(glove) + ranking_size(glove) +
                                          model_size(&glove->grid, glove->options.dim));
    return now < later ? now : later;
}

/* Turns what was counted into shards; the merge's buffers get a sixteenth of all memory. */
static bool arrange_pairs(struct glove *glove, struct counter *counter, struct error *error)
{
    const struct glove_options *options = &glove->options;
    const struct fill_rules rules = {.counted = counter->rules,
                                     .x_max = options->x_max,
                                     .alpha = options->alpha,
                                     .seed = options->seed,
                                     .jobs = options->jobs};
    size_t buffers = options->memory / 16;
    size_t used = overhead(glove) + ranking_size(glove) + counter_size(counter) + buffers;
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
    return_freed();
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

bool glove_pass(struct glove *glove, uint64_t number, double *cost, struct error *error)
{
    const struct training training = {.model = &glove->model,
                                      .shards = &glove->shards,
                                      .seed = glove->options.seed,
                                      .jobs = glove->options.jobs,
                                      .pass = adagrad_pass_of(glove->options.level),
                                      .progressed = tell_trained,
                                      .context = glove};
    return training_pass(&training, number, cost, error);
}
