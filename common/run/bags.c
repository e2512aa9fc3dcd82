/*
 * Each batch has numbers and bags of its own: a worker numbers what its chunk holds, so that the
 * calling thread looks up only the chunk's distinct words and terms in the tables of all.
 */
#include "run/bags.h"

#include "base/memory.h"
#include "base/room.h"
#include "par/pipeline.h"
#include "run/bags_count.h"

#include <stdatomic.h>
#include <stdlib.h>

/* From `bags` on it belongs to the writing stage. */
struct run {
    const struct bags_source *source;
    struct bags_worker *workers;
    struct bags *bags;
    struct bags_numbers words, characters, terms; /* in all bags, by number in a batch */
    atomic_bool spared[VIEW_COUNT];               /* as in the bags, for workers */
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
    return bags_count(run->source, run->spared, &run->workers[worker], item, error);
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

static bool join_words(struct words *to, const struct words *from, struct bags_numbers *numbers)
{
    return memory_reserve(&numbers->of, &numbers->capacity, from->count, sizeof *numbers->of) &&
           words_join(to, from, numbers->of);
}

static bool join_bags(struct run *run, const struct bags_batch *batch)
{
    struct bags *bags = run->bags;
    bool done = join_words(&bags->words, &batch->words, &run->words) &&
                (bags->spared[VIEW_CHAR] ||
                 join_words(&bags->characters, &batch->characters, &run->characters));
    for (enum view view = 0; done && view < VIEW_COUNT; view++)
        if (run->source->wanted[view] && !bags->spared[view])
            done = bag_join(&bags->of[view], &batch->bags[view],
                            view == VIEW_CHAR ? run->characters.of : run->words.of, &run->terms.of,
                            &run->terms.capacity);
    return done;
}

/* Gives up views, where that is allowed. */
static void spare_views(struct run *run)
{
    struct bags *bags = run->bags;
    bool spared[VIEW_COUNT] = {false};
    if (run->source->spare)
        run->source->spare(run->source->context, bags, spared);
    for (int view = 0; view < VIEW_COUNT; view++) {
        if (!spared[view])
            continue;
        bags->spared[view] = true;
        run->spared[view] = true;
        bag_free(&bags->of[view]);
    }
    if (bags->spared[VIEW_CHAR])
        words_free(&bags->characters);
}

static bool fits(struct run *run)
{
    if (bags_bytes(run->bags) > run->source->most)
        spare_views(run);
    return bags_bytes(run->bags) <= run->source->most;
}

static bool refuse(const struct run *run, bool memory_is_out, struct error *error)
{
    char taken[ROOM_TEXT_SIZE], had[ROOM_TEXT_SIZE];
    room_text((double)bags_bytes(run->bags), taken);
    if (memory_is_out)
        return error_set(error, STATUS_SYSTEM,
                         "out of memory while counting terms, which take %s after %zu "
                         "documents: use fewer views or documents",
                         taken, run->bags->rows);
    return error_set(error, STATUS_SYSTEM,
                     "the terms of the first %zu documents take %s, and %s are to be had: use "
                     "fewer views or documents",
                     run->bags->rows, taken, room_text((double)run->source->most, had));
}

static bool join_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct bags_batch *batch = item;
    bool done = join_rows(run->bags, batch) && join_bags(run, batch);
    repairs_join(&run->bags->repairs, &batch->repairs);
    if (!collection_note(run->source->documents, &batch->list, error))
        return false;
    if (!done || !fits(run))
        return refuse(run, !done, error);
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
    struct run run = {.source = source, .bags = bags};
    const struct pipeline pipeline = {.batch_size = sizeof(struct bags_batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = count_chunk,
                                      .write = join_chunk};
    for (enum view view = 0; view < VIEW_COUNT; view++)
        bags->of[view].words = view == VIEW_CHAR ? &bags->characters : &bags->words;
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
                     words_bytes(&bags->words) + words_bytes(&bags->characters);
    for (int view = 0; view < VIEW_COUNT; view++)
        bytes += bag_bytes(&bags->of[view]);
    return bytes;
}

void bags_free(struct bags *bags)
{
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_free(&bags->of[view]);
    words_free(&bags->words);
    words_free(&bags->characters);
    words_free(&bags->labels);
    free(bags->label);
    free(bags->keys);
    *bags = (struct bags){0};
}
