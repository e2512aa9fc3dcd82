/*
 * Each batch has bags of its own: a worker numbers the terms of its chunk by them, so that the
 * calling thread looks up only the chunk's distinct terms in the tables of all.
 */
#include "run/bags.h"

#include "base/memory.h"
#include "par/pipeline.h"
#include "stream/crc32.h"

#include <stdlib.h>

struct batch {
    struct documents_chunk chunk;
    struct views views;
    struct bag bags[VIEW_COUNT];
    struct text *labels; /* they point into the chunk */
    struct text_key *keys;
    size_t labels_capacity, keys_capacity;
};

/* The working stage only reads; the rest belongs to the writing stage. */
struct run {
    const struct bags_source *source;
    struct bags *bags;
    uint32_t *numbers;
    size_t numbers_capacity;
};

struct text_key text_key_of(struct text lowered)
{
    return (struct text_key){words_hash(lowered.data, lowered.size),
                             crc32_of(0, lowered.data, lowered.size)};
}

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    if (!documents_read(run->source->documents, SIZE_MAX, &batch->chunk, error))
        return PIPELINE_FAILED;
    return batch->chunk.size ? PIPELINE_BATCH : PIPELINE_END;
}

/* ---- cutting and counting ---- */

static bool count_view(struct batch *batch, enum view view, struct error *error)
{
    struct bag *bag = &batch->bags[view];
    views_start(&batch->views, view);
    do {
        if (!views_next(&batch->views, error))
            return false;
        for (size_t i = 0; i < batch->views.count; i++)
            if (!bag_add(bag, batch->views.terms[i].text, batch->views.terms[i].hash))
                return error_memory(error, "counting terms");
    } while (batch->views.count);
    return bag_end_row(bag) || error_memory(error, "counting terms");
}

static bool count_document(const struct run *run, struct batch *batch, size_t row,
                           const struct documents_row *document, struct error *error)
{
    struct text lowered;
    if (!views_document(&batch->views, document->text, document->text_size, error) ||
        !views_lowered(&batch->views, &lowered, error))
        return false;
    batch->labels[row] = document->label;
    batch->keys[row] = text_key_of(lowered);
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->source->wanted[view] && !count_view(batch, view, error))
            return false;
    return true;
}

static bool count_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    size_t rows = batch->chunk.rows;
    struct documents_cursor cursor = documents_cursor(&batch->chunk);
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_clear(&batch->bags[view]);
    if (!memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) ||
        !memory_reserve(&batch->keys, &batch->keys_capacity, rows, sizeof *batch->keys))
        return error_memory(error, "counting terms");
    for (size_t row = 0; row < rows; row++) {
        struct documents_row document;
        if (!documents_row(&cursor, &run->source->columns, &document, error) ||
            !count_document(run, batch, row, &document, error))
            return false;
    }
    return true;
}

/* ---- joining ---- */

static bool join_rows(struct bags *bags, const struct batch *batch)
{
    size_t rows = bags->rows + batch->chunk.rows;
    if (!memory_reserve(&bags->label, &bags->label_capacity, rows, sizeof *bags->label) ||
        !memory_reserve(&bags->keys, &bags->keys_capacity, rows, sizeof *bags->keys))
        return false;
    for (size_t i = 0; i < batch->chunk.rows; i++) {
        uint32_t label = words_add(&bags->labels, batch->labels[i], NULL);
        if (label == WORDS_NONE)
            return false;
        bags->label[bags->rows + i] = label;
        bags->keys[bags->rows + i] = batch->keys[i];
    }
    bags->rows = rows;
    return true;
}

static bool join_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    bool done = join_rows(run->bags, batch);
    for (int view = 0; done && view < VIEW_COUNT; view++)
        if (run->source->wanted[view])
            done = bag_join(&run->bags->of[view], &batch->bags[view], &run->numbers,
                            &run->numbers_capacity);
    if (!done)
        return error_memory(error, "counting terms");
    if (run->source->progressed)
        run->source->progressed(run->source->context, run->bags->rows);
    return true;
}

/* ---- running ---- */

static void free_batches(struct batch *batches, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        documents_chunk_free(&batches[i].chunk);
        views_free(&batches[i].views);
        for (int view = 0; view < VIEW_COUNT; view++)
            bag_free(&batches[i].bags[view]);
        free(batches[i].labels);
        free(batches[i].keys);
    }
    free(batches);
}

bool bags_read(const struct bags_source *source, struct bags *bags, struct error *error)
{
    struct run run = {.source = source, .bags = bags};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .read = read_chunk,
                                      .work = count_chunk,
                                      .write = join_chunk};
    size_t count = 2 * (size_t)source->jobs + 2;
    struct batch *batches = calloc(count, sizeof *batches);
    if (!batches)
        return error_memory(error, "counting terms");
    for (size_t i = 0; i < count; i++)
        batches[i].views = views_with(tokens_scan_of(source->level));
    bool done = pipeline_run(&pipeline, source->jobs, batches, count, error);
    free_batches(batches, count);
    free(run.numbers);
    return done;
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
