#include "embed/vectorizer.h"

#include "base/memory.h"
#include "embed/mean.h"
#include "embed/tokens.h"
#include "par/pipeline.h"
#include "stream/samples.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_FLOATS = 1 << 18 };

/* A chunk of documents and what is made of it. */
struct batch {
    struct documents_chunk chunk;
    struct tokens tokenizer;
    int32_t *tokens; /* of each document */
    size_t tokens_capacity;

    /* For samples. */
    float *x;
    int32_t *known;
    struct text *labels; /* they point into the chunk */
    size_t x_capacity, known_capacity, labels_capacity;

    /* For words: the chunk's own, in order of appearance. */
    struct words distinct;
};

/* The working stage only reads; `totals`, `writer` and `words` belong to the writing stage. */
struct run {
    const struct vectorizer *vectorizer;
    struct vectorizer_totals *totals;
    size_t most_rows; /* of a chunk */
    const struct table *table;
    mean_add *add;
    struct stream_writer *writer;
    struct words *words;
};

/* ---- what both runs share ---- */

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    if (!documents_read(run->vectorizer->documents, run->most_rows, &batch->chunk, error))
        return PIPELINE_FAILED;
    return batch->chunk.size ? PIPELINE_BATCH : PIPELINE_END;
}

static bool reserve_tokens(struct batch *batch, struct error *error)
{
    return memory_reserve(&batch->tokens, &batch->tokens_capacity, batch->chunk.rows,
                          sizeof *batch->tokens) ||
           error_memory(error, "cutting documents into tokens");
}

/* Makes something of one document, number `row` of its batch. */
typedef bool take_document(const struct run *run, struct batch *batch, size_t row,
                           const struct documents_row *document, struct error *error);

static bool take_documents(const struct run *run, struct batch *batch, take_document *take,
                           struct error *error)
{
    struct documents_cursor cursor = documents_cursor(&batch->chunk);
    for (size_t row = 0; row < batch->chunk.rows; row++) {
        struct documents_row document;
        if (!documents_row(&cursor, &run->vectorizer->columns, &document, error) ||
            !take(run, batch, row, &document, error))
            return false;
    }
    return true;
}

static void count_documents(const struct run *run, const struct batch *batch)
{
    struct vectorizer_totals *totals = run->totals;
    totals->documents += batch->chunk.rows;
    for (size_t row = 0; row < batch->chunk.rows; row++)
        totals->tokens += (uint64_t)batch->tokens[row];
    if (run->vectorizer->progressed)
        run->vectorizer->progressed(run->vectorizer->context, totals->documents);
}

static void free_batch(struct batch *batch)
{
    documents_chunk_free(&batch->chunk);
    tokens_free(&batch->tokenizer);
    free(batch->tokens);
    free(batch->x);
    free(batch->known);
    free(batch->labels);
    words_free(&batch->distinct);
}

static bool run_stages(struct run *run,
                       bool (*work)(void *shared, void *batch, struct error *error),
                       bool (*write)(void *shared, void *batch, struct error *error),
                       struct error *error)
{
    const struct pipeline pipeline = {
        .shared = run, .read = read_chunk, .work = work, .write = write};
    unsigned jobs = run->vectorizer->jobs;
    size_t count = 2 * (size_t)jobs + 2;
    struct batch *batches = calloc(count, sizeof *batches);
    void **pointers = memory_array(count, sizeof *pointers);
    if (!batches || !pointers) {
        free(batches);
        free(pointers);
        return error_memory(error, "starting to vectorize");
    }
    for (size_t i = 0; i < count; i++) {
        batches[i].tokenizer = tokens_with(tokens_scan_of(run->vectorizer->level));
        pointers[i] = &batches[i];
    }
    *run->totals = (struct vectorizer_totals){0};
    bool done = pipeline_run(&pipeline, jobs, pointers, count, error);
    for (size_t i = 0; i < count; i++)
        free_batch(&batches[i]);
    free(batches);
    free(pointers);
    return done;
}

/* ---- samples ---- */

/* The most rows of a chunk: so many that a block of samples stays at about 1 MiB. */
static size_t most_rows(uint32_t dim)
{
    size_t rows = BLOCK_FLOATS / dim;
    return rows < 1 ? 1 : rows > STREAM_MAX_ROWS ? STREAM_MAX_ROWS : rows;
}

static bool reserve_samples(struct batch *batch, uint32_t dim, struct error *error)
{
    size_t rows = batch->chunk.rows;
    if (memory_reserve(&batch->x, &batch->x_capacity, rows * dim, sizeof *batch->x) &&
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
    if (!reserve_tokens(batch, error) || !reserve_samples(batch, run->table->dim, error))
        return false;
    return take_documents(run, batch, vectorize_document, error);
}

static void count_known(const struct run *run, const struct batch *batch)
{
    const struct vectorizer *vectorizer = run->vectorizer;
    for (size_t row = 0; row < batch->chunk.rows; row++) {
        run->totals->known += (uint64_t)batch->known[row];
        if (batch->known[row])
            continue;
        run->totals->unknown++;
        if (vectorizer->unknown)
            vectorizer->unknown(vectorizer->context, batch->chunk.name, batch->chunk.line + row);
    }
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
    count_known(run, batch);
    count_documents(run, batch);
    return samples_write(run->writer, run->table->dim, &rows, error);
}

bool vectorizer_samples(const struct vectorizer *vectorizer, const struct table *table,
                        struct stream_writer *writer, struct vectorizer_totals *totals,
                        struct error *error)
{
    struct run run = {.vectorizer = vectorizer,
                      .totals = totals,
                      .most_rows = most_rows(table->dim),
                      .table = table,
                      .add = mean_add_of(vectorizer->level),
                      .writer = writer};
    return run_stages(&run, vectorize_chunk, write_chunk, error);
}

/* ---- words ---- */

static bool collect_document(const struct run *run, struct batch *batch, size_t row,
                             const struct documents_row *document, struct error *error)
{
    size_t all = 0, count;
    (void)run;
    tokens_start(&batch->tokenizer, document->text, document->text_size);
    do {
        struct text tokens[TOKENS_BATCH];
        if (!tokens_next(&batch->tokenizer, tokens, &count, error))
            return false;
        for (size_t i = 0; i < count; i++)
            if (words_add(&batch->distinct, tokens[i], NULL) == WORDS_NONE)
                return error_memory(error, "collecting tokens");
        all += count;
    } while (count);
    batch->tokens[row] = (int32_t)all;
    return true;
}

static bool collect_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    if (!reserve_tokens(batch, error))
        return false;
    words_free(&batch->distinct);
    return take_documents(run, batch, collect_document, error);
}

static bool join_words(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct batch *batch = item;
    for (uint32_t i = 0; i < batch->distinct.count; i++)
        if (words_add(run->words, words_text(&batch->distinct, i), NULL) == WORDS_NONE)
            return error_memory(error, "collecting tokens");
    count_documents(run, batch);
    return true;
}

bool vectorizer_words(const struct vectorizer *vectorizer, struct words *words,
                      struct vectorizer_totals *totals, struct error *error)
{
    struct run run = {
        .vectorizer = vectorizer, .totals = totals, .most_rows = SIZE_MAX, .words = words};
    return run_stages(&run, collect_chunk, join_words, error);
}
