#include "run/vectorize.h"

#include "base/memory.h"
#include "par/pipeline.h"
#include "run/corpus.h"
#include "stream/samples.h"
#include "text/tokens.h"
#include "vectors/mean.h"

#include <stdlib.h>
#include <string.h>

/* A chunk of documents and what is made of it. */
struct batch {
    struct texts_chunk chunk;
    struct tokens tokenizer;
    float *x;
    int32_t *tokens, *known; /* of each document */
    struct text *labels;     /* they point into the chunk */
    size_t x_capacity, tokens_capacity, known_capacity, labels_capacity;
};

/* The working stage only reads; `totals` and `writer` belong to the writing stage. */
struct run {
    const struct vectorizer *vectorizer;
    struct vectorizer_totals *totals;
    size_t most_rows; /* of a chunk */
    const struct table *table;
    mean_add *add;
    struct stream_writer *writer;
};

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    if (!texts_read(run->vectorizer->documents, run->most_rows, &batch->chunk, error))
        return PIPELINE_FAILED;
    return batch->chunk.size ? PIPELINE_BATCH : PIPELINE_END;
}

/* ---- cutting and summing ---- */

static bool reserve_rows(struct batch *batch, uint32_t dim, struct error *error)
{
    size_t rows = batch->chunk.rows;
    if (memory_reserve(&batch->tokens, &batch->tokens_capacity, rows, sizeof *batch->tokens) &&
        memory_reserve(&batch->x, &batch->x_capacity, rows * dim, sizeof *batch->x) &&
        memory_reserve(&batch->known, &batch->known_capacity, rows, sizeof *batch->known) &&
        memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels))
        return true;
    return error_memory(error, "vectorizing");
}

/* Fills row number `row` of the batch from one document's text. */
static bool vectorize_document(const struct run *run, struct batch *batch, size_t row,
                               const struct documents_row *document, struct error *error)
{
    const struct table *table = run->table;
    float *mean = batch->x + row * table->dim;
    memset(mean, 0, table->dim * sizeof *mean);
    size_t all = 0, known = 0, count;
    batch->labels[row] = document->label;
    tokens_start(&batch->tokenizer, document->text, document->text_size);
    do {
        struct text tokens[TOKENS_BATCH];
        const float *vectors[TOKENS_BATCH];
        if (!tokens_next(&batch->tokenizer, tokens, &count, error))
            return false;
        size_t found = table_find(table, tokens, count, vectors);
        run->add(mean, vectors, found, table->dim);
        known += found;
        all += count;
    } while (count);
    mean_divide(mean, known, table->dim);
    batch->tokens[row] = (int32_t)all;
    batch->known[row] = (int32_t)known;
    return true;
}

static bool vectorize_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    const struct texts_chunk *chunk = &batch->chunk;
    struct documents_cursor cursor =
        documents_cursor(chunk->bytes, chunk->size, chunk->name, chunk->line);
    if (!reserve_rows(batch, run->table->dim, error))
        return false;
    for (size_t row = 0; row < batch->chunk.rows; row++) {
        struct documents_row document;
        if (!documents_row(&cursor, &run->vectorizer->columns, &document, error) ||
            !vectorize_document(run, batch, row, &document, error))
            return false;
    }
    return true;
}

/* ---- counting and writing ---- */

static void count_documents(const struct run *run, const struct batch *batch)
{
    const struct vectorizer *vectorizer = run->vectorizer;
    struct vectorizer_totals *totals = run->totals;
    totals->documents += batch->chunk.rows;
    for (size_t row = 0; row < batch->chunk.rows; row++) {
        totals->tokens += (uint64_t)batch->tokens[row];
        totals->known += (uint64_t)batch->known[row];
        if (batch->known[row])
            continue;
        totals->unknown++;
        if (vectorizer->unknown)
            vectorizer->unknown(vectorizer->context, batch->chunk.name, batch->chunk.line + row);
    }
    if (vectorizer->progressed)
        vectorizer->progressed(vectorizer->context, totals->documents);
}

static bool write_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct batch *batch = item;
    bool labelled = run->vectorizer->columns.label != 0;
    const struct samples_rows rows = {.rows = (uint32_t)batch->chunk.rows,
                                      .x = batch->x,
                                      .tokens = batch->tokens,
                                      .known = batch->known,
                                      .labels = labelled ? batch->labels : NULL};
    count_documents(run, batch);
    return samples_write(run->writer, run->table->dim, &rows, error);
}

/* ---- running ---- */

static void free_batch(struct batch *batch)
{
    texts_chunk_free(&batch->chunk);
    tokens_free(&batch->tokenizer);
    free(batch->tokens);
    free(batch->x);
    free(batch->known);
    free(batch->labels);
}

static bool run_stages(struct run *run, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .read = read_chunk,
                                      .work = vectorize_chunk,
                                      .write = write_chunk};
    unsigned jobs = run->vectorizer->jobs;
    size_t count = 2 * (size_t)jobs + 2;
    struct batch *batches = calloc(count, sizeof *batches);
    if (!batches)
        return error_memory(error, "starting to vectorize");
    for (size_t i = 0; i < count; i++)
        batches[i].tokenizer = tokens_with(tokens_scan_of(run->vectorizer->level));
    bool done = pipeline_run(&pipeline, jobs, batches, count, error);
    for (size_t i = 0; i < count; i++)
        free_batch(&batches[i]);
    free(batches);
    return done;
}

bool vectorizer_samples(const struct vectorizer *vectorizer, const struct table *table,
                        struct stream_writer *writer, struct vectorizer_totals *totals,
                        struct error *error)
{
    struct run run = {.vectorizer = vectorizer,
                      .totals = totals,
                      .most_rows = stream_block_rows(table->dim),
                      .table = table,
                      .add = mean_add_of(vectorizer->level),
                      .writer = writer};
    *totals = (struct vectorizer_totals){0};
    return run_stages(&run, error);
}

/* ---- words ---- */

bool vectorizer_words(const struct vectorizer *vectorizer, struct words *words,
                      struct vectorizer_totals *totals, struct error *error)
{
    const struct corpus corpus = {.documents = vectorizer->documents,
                                  .columns = vectorizer->columns,
                                  .level = vectorizer->level,
                                  .jobs = vectorizer->jobs,
                                  .progressed = vectorizer->progressed,
                                  .context = vectorizer->context};
    struct corpus_totals read;
    bool done = corpus_read(&corpus, words, &read, error);
    *totals = (struct vectorizer_totals){.documents = read.documents, .tokens = read.tokens};
    return done;
}
