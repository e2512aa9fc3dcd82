/*
 * A worker turns a chunk into rows with a tokenizer and a scratch of its own. Where a chunk ends
 * depends on the documents' bytes and the number of features alone, and so do the stream's blocks,
 * but for documents that come one by one: their samples are handed on before others are waited for.
 */
#include "run/vectorize.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "run/corpus.h"
#include "stream/samples.h"
#include "text/tokens.h"
#include "vectors/mean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    const char *name;
    uint64_t line;
};

/* A chunk of documents and what is made of it. */
struct batch {
    struct texts_chunk chunk;
    float *x;
    int32_t *tokens, *known; /* of each document */
    struct text *labels;     /* they point into the chunk */
    struct place *places;    /* where they begin */
    struct text *kept;       /* they point into its copies: cutting tokens changes the chunk */
    char *copies;
    struct repairs repairs;
    struct repairs_list list;
    size_t rows; /* documents, up to one that fails */
    bool failed; /* one did */
    struct error error;
    size_t trained; /* how many documents a source was made of */
    size_t x_capacity, tokens_capacity, known_capacity, labels_capacity, places_capacity;
    size_t kept_capacity, copies_capacity;
};

/* What a worker works with. */
struct worker {
    struct tokens tokenizer;
    struct features_scratch scratch;
};

/* `totals` and `writer` belong to the writing stage. */
struct run {
    const struct vectorize *vectorize;
    const struct features *features;
    uint32_t dim;
    struct worker *workers;
    struct vectorize_totals *totals;
    struct stream_writer *writer;
    uint64_t chunks; /* read so far; the reading stage's */
};

/* The next chunk that is this part's. */
static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    const struct options_part *part = &run->vectorize->part;
    enum pipeline_read read;
    do
        read = collection_chunk(run->vectorize->documents, stream_block_rows(run->dim),
                                &batch->chunk, error);
    while (read == PIPELINE_BATCH && part->whole && run->chunks++ % part->whole != part->first);
    return read;
}

/* ---- making rows ---- */

static bool reserve_rows(struct batch *batch, uint32_t dim, struct error *error)
{
    size_t rows = batch->chunk.rows;
    if (memory_reserve(&batch->tokens, &batch->tokens_capacity, rows, sizeof *batch->tokens) &&
        memory_reserve(&batch->x, &batch->x_capacity, rows * dim, sizeof *batch->x) &&
        memory_reserve(&batch->known, &batch->known_capacity, rows, sizeof *batch->known) &&
        memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) &&
        memory_reserve(&batch->places, &batch->places_capacity, rows, sizeof *batch->places))
        return true;
    return error_memory(error, "vectorizing");
}

/* What is kept of all its lines is no longer than they are; of files it is their paths, as text. */
static bool reserve_kept(struct batch *batch, struct error *error)
{
    const struct texts_chunk *chunk = &batch->chunk;
    size_t size = chunk->size;
    for (size_t i = 0; chunk->files && i < chunk->rows; i++)
        size += UTF8_REPLACED * strlen(chunk->files[i].name);
    return (memory_reserve(&batch->kept, &batch->kept_capacity, chunk->rows, sizeof *batch->kept) &&
            memory_reserve(&batch->copies, &batch->copies_capacity, size, 1)) ||
           error_memory(error, "vectorizing");
}

/* Copies what is kept of a document to behind that of the one before. */
static void keep(struct batch *batch, size_t row, struct text kept)
{
    char *to = batch->copies;
    if (row)
        to += (size_t)(batch->kept[row - 1].data - to) + batch->kept[row - 1].size;
    if (kept.size)
        memcpy(to, kept.data, kept.size);
    batch->kept[row] = (struct text){to, kept.size};
}

/* Fills row number `row` of the batch from one document's text. */
static bool vectorize_document(const struct run *run, struct worker *worker, struct batch *batch,
                               size_t row, const struct documents_row *document,
                               struct error *error)
{
    struct features_counts counts;
    if (!features_row(run->features, &worker->scratch, &worker->tokenizer, document,
                      batch->x + row * run->dim, &counts, error))
        return false;
    batch->labels[row] = document->label;
    batch->places[row] = (struct place){document->name, document->line};
    batch->tokens[row] = (int32_t)counts.tokens;
    batch->known[row] = (int32_t)counts.known;
    batch->trained += counts.trained;
    return true;
}

static bool vectorize_chunk(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    struct documents_row document;
    enum forms_next next;
    bool keeps = run->vectorize->keeps;
    batch->rows = batch->trained = 0;
    batch->failed = false;
    if (!reserve_rows(batch, run->dim, error) || (keeps && !reserve_kept(batch, error)))
        return false;
    struct forms_cursor cursor =
        collection_cursor(run->vectorize->documents, &batch->chunk, &batch->list);
    while ((next = forms_next(&cursor, &document, error)) == FORMS_ROW) {
        if (keeps)
            keep(batch, batch->rows, document.kept);
        if (!vectorize_document(run, &run->workers[worker], batch, batch->rows, &document, error)) {
            next = FORMS_FAILED;
            break;
        }
        batch->rows++;
    }
    batch->repairs = cursor.at.repairs;
    forms_cursor_free(&cursor);
    batch->failed = next != FORMS_END;
    if (batch->failed)
        batch->error = *error; /* told when the rows before it are handed on */
    return true;
}

/* ---- counting and writing ---- */

static void count_documents(const struct run *run, const struct batch *batch)
{
    const struct vectorize *vectorize = run->vectorize;
    struct vectorize_totals *totals = run->totals;
    totals->documents += batch->rows;
    totals->trained += batch->trained;
    repairs_join(&totals->repairs, &batch->repairs);
    for (size_t row = 0; row < batch->rows; row++) {
        totals->tokens += (uint64_t)batch->tokens[row];
        totals->known += (uint64_t)batch->known[row];
        if (batch->known[row])
            continue;
        totals->unknown++;
        if (vectorize->unknown)
            vectorize->unknown(vectorize->context, batch->places[row].name,
                               batch->places[row].line);
    }
    if (vectorize->progressed)
        vectorize->progressed(vectorize->context, totals->documents);
    if (vectorize->waits && batch->chunk.waits)
        vectorize->waits(vectorize->context);
}

static bool write_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct vectorize *vectorize = run->vectorize;
    const struct batch *batch = item;
    const struct samples_rows rows = {.rows = (uint32_t)batch->rows,
                                      .x = batch->x,
                                      .tokens = batch->tokens,
                                      .known = batch->known,
                                      .labels = vectorize->labelled ? batch->labels : NULL,
                                      .kept = vectorize->keeps ? batch->kept : NULL};
    count_documents(run, batch);
    if (!collection_note(vectorize->documents, &batch->list, error) ||
        (rows.rows && !samples_write(run->writer, run->dim, &rows, error)))
        return false;
    if (!batch->failed)
        return true;
    if (stream_flush(run->writer, error))
        *error = batch->error;
    return false;
}

static bool hand_on(void *shared, struct error *error)
{
    return stream_flush(((const struct run *)shared)->writer, error);
}

/* ---- running ---- */

static bool make_workers(struct run *run, struct error *error)
{
    const struct vectorize *vectorize = run->vectorize;
    run->workers = calloc(vectorize->jobs, sizeof *run->workers);
    if (!run->workers)
        return error_memory(error, "starting to vectorize");
    for (unsigned i = 0; i < vectorize->jobs; i++) {
        run->workers[i].tokenizer = tokens_with(tokens_scan_of(vectorize->level));
        if (!features_prepare(run->features, &run->workers[i].scratch, error))
            return false;
    }
    return true;
}

static void free_workers(struct run *run)
{
    for (unsigned i = 0; run->workers && i < run->vectorize->jobs; i++) {
        tokens_free(&run->workers[i].tokenizer);
        features_release(run->features, &run->workers[i].scratch);
    }
    free(run->workers);
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    texts_chunk_free(&batch->chunk);
    free(batch->tokens);
    free(batch->x);
    free(batch->known);
    free(batch->labels);
    free(batch->places);
    free(batch->list.items);
    free(batch->kept);
    free(batch->copies);
}

void vectorize_kernels(enum cpu_level level, char *text, size_t size)
{
    snprintf(text, size, "tokens %s, mean %s", tokens_scan_name(level), mean_add_name(level));
}

bool vectorize_samples(const struct vectorize *vectorize, const struct features *features,
                       struct stream_writer *writer, struct vectorize_totals *totals,
                       struct error *error)
{
    struct run run = {.vectorize = vectorize,
                      .features = features,
                      .dim = (uint32_t)features_width(features),
                      .totals = totals,
                      .writer = writer};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = vectorize_chunk,
                                      .write = write_chunk,
                                      .rest = hand_on};
    *totals = (struct vectorize_totals){0};
    texts_live(collection_texts(vectorize->documents));
    bool done = make_workers(&run, error) && pipeline_run(&pipeline, vectorize->jobs, error);
    free_workers(&run);
    return done;
}

/* ---- words ---- */

bool vectorize_words(const struct vectorize *vectorize, struct words *words,
                     struct vectorize_totals *totals, struct error *error)
{
    const struct corpus corpus = {.documents = vectorize->documents,
                                  .level = vectorize->level,
                                  .jobs = vectorize->jobs,
                                  .progressed = vectorize->progressed,
                                  .context = vectorize->context};
    struct corpus_totals read;
    bool done = corpus_read(&corpus, words, &read, error);
    *totals = (struct vectorize_totals){
        .documents = read.documents, .tokens = read.tokens, .repairs = read.repairs};
    return done;
}
