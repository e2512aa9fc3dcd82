/*
 * Numbers of terms that follow one another, which are all of them where none was left out, are
 * written from where they lie.
 */
#include "run/linear_terms.h"

#include "base/memory.h"
#include "par/pipeline.h"
#include "stream/linear.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 3 }; /* put together, at most: one in hand, one that waits, one that is written */

/* A block of terms. */
struct block {
    uint32_t rows;
    struct text *text; /* they lie in `bytes` */
    char *bytes;
    const uint32_t *held;
    const float *weights;
    uint32_t *own_held; /* where `held` and `weights` are gathered */
    float *own_weights;
    size_t text_capacity, capacity, held_capacity, weights_capacity;
};

/* Where the terms are is the reading stage's. */
struct run {
    struct linear_terms *terms;
    struct stream_writer *writer;
    uint32_t classes;
};

/* ---- putting a block together ---- */

/* How many of `count` terms make the block; sets their texts. 0: memory is out. */
static uint32_t put_texts(const struct bag *bag, const uint32_t *features, uint32_t count,
                          uint32_t classes, struct block *block)
{
    size_t size = 0;
    if (!memory_reserve(&block->text, &block->text_capacity, count, sizeof *block->text))
        return 0;
    for (uint32_t i = 0; i < count; i++)
        block->text[i].size = bag_text_size(bag, bag->kept[features[i]]);
    uint32_t rows = linear_block_terms(block->text, count, classes);
    for (uint32_t i = 0; i < rows; i++)
        size += block->text[i].size;
    if (!memory_reserve(&block->bytes, &block->capacity, size, 1))
        return 0;
    char *at = block->bytes;
    for (uint32_t i = 0; i < rows; i++) {
        block->text[i].data = at;
        at = bag_put_text(bag, bag->kept[features[i]], at);
    }
    return rows;
}

/* False when memory is out. */
static bool put_numbers(const struct bag *bag, const float *weights, const uint32_t *features,
                        uint32_t classes, struct block *block)
{
    uint32_t rows = block->rows;
    block->held = bag->held + features[0];
    block->weights = weights + (size_t)features[0] * classes;
    if (features[rows - 1] - features[0] == rows - 1)
        return true;
    if (!memory_reserve(&block->own_held, &block->held_capacity, rows, sizeof *block->own_held) ||
        !memory_reserve(&block->own_weights, &block->weights_capacity, (size_t)rows * classes,
                        sizeof *block->own_weights))
        return false;
    for (uint32_t i = 0; i < rows; i++) {
        block->own_held[i] = bag_rows(bag, features[i]);
        memcpy(block->own_weights + (size_t)i * classes, weights + (size_t)features[i] * classes,
               classes * sizeof *weights);
    }
    block->held = block->own_held;
    block->weights = block->own_weights;
    return true;
}

static enum pipeline_read next_block(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct block *block = item;
    struct linear_terms *terms = run->terms;
    for (; terms->view < terms->view_count; terms->view++, terms->at = 0) {
        enum view view = terms->views[terms->view];
        const struct bag *bag = &terms->bags->of[view];
        const uint32_t *features = terms->kept[view].features + terms->at;
        uint32_t left = terms->kept[view].count - terms->at;
        size_t most = stream_block_rows(run->classes ? run->classes : 1);
        if (!left)
            continue;
        block->rows =
            put_texts(bag, features, left < most ? left : (uint32_t)most, run->classes, block);
        if (!block->rows ||
            !put_numbers(bag, terms->weights[view], features, run->classes, block)) {
            error_memory(error, "writing terms");
            return PIPELINE_FAILED;
        }
        terms->at += block->rows;
        return PIPELINE_BATCH;
    }
    return PIPELINE_END;
}

/* ---- writing ---- */

/* A block is put together in the order of the stream. */
static bool pass_block(void *shared, unsigned worker, void *item, struct error *error)
{
    (void)shared, (void)worker, (void)item, (void)error;
    return true;
}

static bool write_block(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct block *block = item;
    return linear_write_view(run->writer, block->rows, run->classes, block->text, block->held,
                             block->weights, error);
}

static void free_block(void *item)
{
    struct block *block = item;
    free(block->text);
    free(block->bytes);
    free(block->own_held);
    free(block->own_weights);
}

static struct run run_of(struct linear_terms *terms, struct stream_writer *writer)
{
    return (struct run){terms, writer, (uint32_t)terms->bags->labels.count};
}

bool linear_terms_step(struct linear_terms *terms, struct stream_writer *writer, bool *more,
                       struct error *error)
{
    struct run run = run_of(terms, writer);
    struct block block = {0};
    enum pipeline_read read = next_block(&run, &block, error);
    *more = read == PIPELINE_BATCH;
    bool done = read == PIPELINE_END || (*more && write_block(&run, &block, error));
    free_block(&block);
    return done;
}

static bool any_left(const struct linear_terms *terms)
{
    uint32_t at = terms->at;
    for (uint32_t i = terms->view; i < terms->view_count; i++, at = 0)
        if (at < terms->kept[terms->views[i]].count)
            return true;
    return false;
}

bool linear_terms_write(struct linear_terms *terms, struct stream_writer *writer,
                        struct error *error)
{
    struct run run = run_of(terms, writer);
    if (!any_left(terms))
        return true;
    const struct pipeline pipeline = {.batch_size = sizeof(struct block),
                                      .most_batches = BLOCKS,
                                      .shared = &run,
                                      .release = free_block,
                                      .read = next_block,
                                      .work = pass_block,
                                      .write = write_block};
    return pipeline_run(&pipeline, 1, error);
}
