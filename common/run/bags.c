/*
 * Each batch has numbers of its own: a worker numbers what its chunk holds, so that the calling
 * thread looks up only the chunk's distinct words in the tables of all. Runs of words are counted
 * when all of them are there (linear/runs.h), characters chunk by chunk.
 */
#include "run/bags.h"

#include "base/memory.h"
#include "base/room.h"
#include "par/pipeline.h"
#include "run/bags_count.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * What a word or a term takes as a guess, before any is counted: its number, its entry, and a third
 * of what a term of its own takes.
 */
enum { GUESSED = 24 };

struct numbers {
    uint32_t *of;
    size_t capacity;
};

/* From `bags` on it belongs to the writing stage. */
struct run {
    const struct bags_source *source;
    struct bags_worker *workers;
    struct bags *bags;
    struct numbers words, characters, terms; /* in all bags, by number in a batch */
    unsigned longest;                        /* words of a term */
    bool asked;                              /* what may be spared */
    atomic_bool spared;                      /* characters, as in the bags, for workers */
};

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct bags_batch *batch = item;
    struct texts_chunk *first = run->source->first;
    if (!first || !first->rows)
        return collection_chunk(run->source->documents, SIZE_MAX, &batch->chunk, error);
    texts_chunk_free(&batch->chunk);
    batch->chunk = *first;
    *first = (struct texts_chunk){0};
    return PIPELINE_BATCH;
}

static bool count_chunk(void *shared, unsigned worker, void *item, struct error *error)
{
    struct run *run = shared;
    return bags_count(run->source, &run->spared, &run->workers[worker], item, error);
}

/* ---- joining ---- */

static bool join_rows(struct bags *bags, const struct bags_batch *batch)
{
    size_t rows = bags->rows + batch->rows;
    if (!memory_reserve(&bags->label, &bags->label_capacity, rows, sizeof *bags->label) ||
        !memory_reserve(&bags->keys, &bags->keys_capacity, rows, sizeof *bags->keys))
        return false;
    for (size_t i = 0; i < batch->rows; i++) {
        uint32_t label = words_add(&bags->labels, batch->labels[i], NULL);
        if (label == WORDS_NONE)
            return false;
        bags->label[bags->rows + i] = label;
        bags->keys[bags->rows + i] = batch->keys[i];
    }
    bags->rows = rows;
    return true;
}

static bool join_words(struct words *to, const struct words *from, struct numbers *numbers)
{
    return memory_reserve(&numbers->of, &numbers->capacity, from->count, sizeof *numbers->of) &&
           words_join(to, from, numbers->of);
}

static bool join_runs(struct run *run, const struct bags_batch *batch)
{
    struct bags *bags = run->bags;
    if (!join_words(&bags->words, &batch->words, &run->words) ||
        (batch->apart && !bags_part(&bags->runs, &bags->tokens, &bags->apart)) ||
        !runs_append(&bags->runs, &batch->runs, run->words.of))
        return false;
    return !bags->apart ||
           runs_append(&bags->tokens, batch->apart ? &batch->tokens : &batch->runs, run->words.of);
}

static bool join_characters(struct run *run, const struct bags_batch *batch)
{
    struct bags *bags = run->bags;
    enum view view = view_of_characters(run->source->wanted);
    return view == VIEW_COUNT || bags->spared[view] ||
           (join_words(&bags->characters, &batch->characters, &run->characters) &&
            bag_join(&bags->of[view], &batch->bag, run->characters.of, &run->terms.of,
                     &run->terms.capacity));
}

/* ---- memory ---- */

/* Gives up views, where that is allowed: what was read so far is counted for it. */
static bool spare_views(struct run *run)
{
    struct bags *bags = run->bags;
    const struct runs *runs = &bags->runs;
    struct runs_numbers numbers = {0};
    bool spared[VIEW_COUNT] = {false};
    bool done = runs_number(runs, (uint32_t)bags->words.count, run->longest, &numbers) &&
                (run->longest < 2 || bags_fill_view(bags, VIEW_BIGRAM, &numbers,
                                                    bags_entries(bags, VIEW_BIGRAM, &numbers)));
    if (done)
        run->source->spare(run->source->context, bags, spared);
    runs_numbers_free(&numbers);
    bag_free(&bags->of[VIEW_BIGRAM]);
    memcpy(bags->spared, spared, sizeof spared);
    enum view view = view_of_characters(run->source->wanted);
    if (view != VIEW_COUNT && spared[view]) {
        run->spared = true;
        bag_free(&bags->of[view]);
        words_free(&bags->characters);
    }
    return done;
}

/*
 * Where memory is short, single words are counted as they come: a document's are fewer then. Runs
 * of several are only numbered when all are there.
 */
static bool count_single(const struct run *run)
{
    struct bags *bags = run->bags;
    const struct runs_numbers numbers = {.counts = {(uint32_t)bags->words.count}};
    uint64_t entries = bags->runs.count + bags->tokens.count;
    if (run->longest > 1 || bags_bytes(bags) + 8 * entries <= run->source->most)
        return true;
    for (enum view view = VIEW_SPACE; view <= VIEW_WORD; view++)
        if (run->source->wanted[view] &&
            !bags_fill_view(bags, view, &numbers, bags_entries(bags, view, &numbers)))
            return false;
    runs_free(&bags->runs);
    runs_free(&bags->tokens);
    return true;
}

/* What is sure to be there at one time: pairs are numbered when tokens may be gone. */
static uint64_t least_bytes(const struct bags_source *source, const struct bags *bags)
{
    uint64_t bytes = bags_bytes(bags), tokens = runs_bytes(&bags->tokens);
    uint64_t numbers = bags_longest(source->wanted, bags->spared) < 2
                           ? 0
                           : runs_number_bytes(&bags->runs, (uint32_t)bags->words.count, 2);
    return numbers > tokens ? bytes - tokens + numbers : bytes;
}

/* Asks once. */
static bool fits(struct run *run, struct error *error)
{
    uint64_t guess = (uint64_t)run->longest * run->bags->runs.count * GUESSED;
    if (run->source->spare && !run->asked && bags_bytes(run->bags) + guess > run->source->most) {
        run->asked = true;
        if (!spare_views(run))
            return bags_refuse(run->source, run->bags, true, bags_bytes(run->bags), error);
    }
    if (!count_single(run))
        return bags_refuse(run->source, run->bags, true, bags_bytes(run->bags), error);
    uint64_t bytes = least_bytes(run->source, run->bags);
    return bytes <= run->source->most || bags_refuse(run->source, run->bags, false, bytes, error);
}

static bool join_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct bags_batch *batch = item;
    bool done = join_rows(run->bags, batch) && join_runs(run, batch) && join_characters(run, batch);
    repairs_join(&run->bags->repairs, &batch->repairs);
    if (!collection_note(run->source->documents, &batch->list, error))
        return false;
    if (!done)
        return bags_refuse(run->source, run->bags, true, bags_bytes(run->bags), error);
    if (!fits(run, error))
        return false;
    if (run->source->progressed)
        run->source->progressed(run->source->context, run->bags->rows);
    return true;
}

/* ---- running ---- */

static void free_batch(void *item)
{
    bags_batch_free(item);
}

static bool make_workers(struct run *run, struct error *error)
{
    run->workers = calloc(run->source->jobs, sizeof *run->workers);
    if (!run->workers)
        return error_memory(error, "counting terms");
    for (unsigned i = 0; i < run->source->jobs; i++)
        run->workers[i].tokenizer = tokens_with(tokens_scan_of(run->source->level));
    return true;
}

static void free_workers(struct run *run)
{
    for (unsigned i = 0; run->workers && i < run->source->jobs; i++)
        bags_worker_free(&run->workers[i]);
    free(run->workers);
}

bool bags_read(const struct bags_source *source, struct bags *bags, struct error *error)
{
    struct run run = {
        .source = source, .bags = bags, .longest = bags_longest(source->wanted, bags->spared)};
    const struct pipeline pipeline = {.batch_size = sizeof(struct bags_batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = count_chunk,
                                      .write = join_chunk};
    enum view view = view_of_characters(source->wanted);
    if (view != VIEW_COUNT)
        bags->of[view].words = &bags->characters;
    bool done = make_workers(&run, error) && pipeline_run(&pipeline, source->jobs, error);
    free_workers(&run);
    free(run.words.of);
    free(run.characters.of);
    free(run.terms.of);
    words_seal(&bags->words);
    words_seal(&bags->characters);
    return done;
}

uint64_t bags_bytes(const struct bags *bags)
{
    uint64_t bytes = bags->rows * (sizeof *bags->label + sizeof *bags->keys) +
                     words_bytes(&bags->words) + words_bytes(&bags->characters) +
                     runs_bytes(&bags->runs) + runs_bytes(&bags->tokens);
    for (int view = 0; view < VIEW_COUNT; view++)
        bytes += bag_bytes(&bags->of[view]);
    return bytes;
}

void bags_free(struct bags *bags)
{
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_free(&bags->of[view]);
    runs_free(&bags->runs);
    runs_free(&bags->tokens);
    words_free(&bags->words);
    words_free(&bags->characters);
    words_free(&bags->labels);
    free(bags->label);
    free(bags->keys);
    *bags = (struct bags){0};
}
