/*
 * Each batch has bags of its own: a worker numbers the terms of its chunk by them, so that the
 * calling thread looks up only the chunk's distinct terms in the tables of all.
 */
#include "run/bags.h"

#include "base/memory.h"
#include "base/room.h"
#include "par/pipeline.h"
#include "text/tokens.h"

#include <stdlib.h>

struct batch {
    struct texts_chunk chunk;
    struct bag bags[VIEW_COUNT];
    struct text *labels; /* they point into the chunk */
    struct text_key *keys;
    size_t labels_capacity, keys_capacity;
    size_t rows; /* documents */
    struct repairs repairs;
    struct repairs_list list;
};

/* What a worker works with. */
struct worker {
    struct tokens tokenizer;
    struct views views;
};

/* The last three belong to the writing stage. */
struct run {
    const struct bags_source *source;
    struct worker *workers;
    struct bags *bags;
    uint32_t *numbers;
    size_t numbers_capacity;
};

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    struct texts_chunk *first = run->source->first;
    if (!first || !first->rows)
        return collection_chunk(run->source->documents, SIZE_MAX, &batch->chunk, error);
    texts_chunk_free(&batch->chunk);
    batch->chunk = *first;
    *first = (struct texts_chunk){0};
    return PIPELINE_BATCH;
}

/* ---- cutting and counting ---- */

static bool count_view(struct views *views, enum view view, struct bag *bag, struct error *error)
{
    views_start(views, view);
    do {
        if (!views_next(views, error))
            return false;
        for (size_t i = 0; i < views->count; i++)
            if (!bag_add(bag, views->terms[i].text, views->terms[i].hash))
                return error_memory(error, "counting terms");
    } while (views->count);
    return bag_end_row(bag) || error_memory(error, "counting terms");
}

static bool cut_document(struct worker *worker, const struct documents_row *document,
                         struct error *error)
{
    struct text tokens[TOKENS_BATCH];
    size_t count;
    tokens_start(&worker->tokenizer, document->text, document->text_size);
    views_begin(&worker->views);
    do {
        if (!tokens_next(&worker->tokenizer, tokens, &count, error) ||
            !views_take(&worker->views, tokens, count, error))
            return false;
    } while (count);
    return true;
}

static bool count_document(const struct run *run, struct worker *worker, struct batch *batch,
                           size_t row, const struct documents_row *document, struct error *error)
{
    if (!cut_document(worker, document, error))
        return false;
    batch->labels[row] = document->label;
    batch->keys[row] = text_key_of(&worker->views);
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->source->wanted[view] &&
            !count_view(&worker->views, view, &batch->bags[view], error))
            return false;
    return true;
}

static bool count_documents(const struct run *run, struct worker *worker, struct batch *batch,
                            struct forms_cursor *cursor, struct error *error)
{
    struct documents_row document;
    enum forms_next next;
    for (batch->rows = 0; (next = forms_next(cursor, &document, error)) == FORMS_ROW; batch->rows++)
        if (!count_document(run, worker, batch, batch->rows, &document, error))
            return false;
    return next == FORMS_END;
}

static bool count_chunk(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    size_t rows = batch->chunk.rows;
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_clear(&batch->bags[view]);
    if (!memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) ||
        !memory_reserve(&batch->keys, &batch->keys_capacity, rows, sizeof *batch->keys))
        return error_memory(error, "counting terms");
    struct forms_cursor cursor =
        collection_cursor(run->source->documents, &batch->chunk, &batch->list);
    bool done = count_documents(run, &run->workers[worker], batch, &cursor, error);
    batch->repairs = cursor.at.repairs;
    forms_cursor_free(&cursor);
    return done;
}

/* ---- joining ---- */

static bool join_rows(struct bags *bags, const struct batch *batch)
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
                     "the terms of %zu documents take %s, there are more, and %s are to be "
                     "had: use fewer views or documents",
                     run->bags->rows, taken, room_text((double)run->source->most, had));
}

static bool join_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    bool done = join_rows(run->bags, batch);
    repairs_join(&run->bags->repairs, &batch->repairs);
    if (!collection_note(run->source->documents, &batch->list, error))
        return false;
    for (int view = 0; done && view < VIEW_COUNT; view++)
        if (run->source->wanted[view])
            done = bag_join(&run->bags->of[view], &batch->bags[view], &run->numbers,
                            &run->numbers_capacity);
    if (!done || bags_bytes(run->bags) > run->source->most)
        return refuse(run, !done, error);
    if (run->source->progressed)
        run->source->progressed(run->source->context, run->bags->rows);
    return true;
}

/* ---- running ---- */

static void free_batch(void *item)
{
    struct batch *batch = item;
    texts_chunk_free(&batch->chunk);
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_free(&batch->bags[view]);
    free(batch->labels);
    free(batch->keys);
    free(batch->list.items);
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
    for (unsigned i = 0; run->workers && i < run->source->jobs; i++) {
        tokens_free(&run->workers[i].tokenizer);
        views_free(&run->workers[i].views);
    }
    free(run->workers);
}

bool bags_read(const struct bags_source *source, struct bags *bags, struct error *error)
{
    struct run run = {.source = source, .bags = bags};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = count_chunk,
                                      .write = join_chunk};
    bool done = make_workers(&run, error) && pipeline_run(&pipeline, source->jobs, error);
    free_workers(&run);
    free(run.numbers);
    return done;
}

uint64_t bags_bytes(const struct bags *bags)
{
    uint64_t bytes = bags->rows * (sizeof *bags->label + sizeof *bags->keys);
    for (int view = 0; view < VIEW_COUNT; view++)
        bytes += bag_bytes(&bags->of[view]);
    return bytes;
}

void bags_free(struct bags *bags)
{
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_free(&bags->of[view]);
    words_free(&bags->labels);
    free(bags->label);
    free(bags->keys);
    *bags = (struct bags){0};
}
