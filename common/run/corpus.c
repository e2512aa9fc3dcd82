/*
 * A worker numbers the words of its chunk by a table of its own. So the calling thread looks up
 * only the chunk's distinct words, not each of its tokens, in the table of all.
 */
#include "run/corpus.h"

#include "base/memory.h"
#include "text/tokens.h"

#include <stdlib.h>

/* Bytes, of a chunk whose words are all distinct and have three letters. */
enum { MOST_BATCH = 4 << 20 };

struct batch {
    struct texts_chunk chunk;
    struct words distinct; /* of the chunk */
    uint32_t *numbers;     /* in `distinct`, then in the table of all */
    size_t count, capacity;
    size_t rows; /* documents */
    struct repairs repairs;
    struct repairs_list list;
    uint32_t *shared_numbers; /* by number in `distinct` */
    size_t shared_capacity;
};

/* `words` and `totals` belong to the writing stage, the tokenizers to a worker each. */
struct run {
    const struct corpus *corpus;
    struct tokens *tokenizers;
    struct words *words;
    struct corpus_totals *totals;
};

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    return collection_chunk(run->corpus->documents, SIZE_MAX, &batch->chunk, error);
}

/* Appends the numbers of some tokens; `tokens` NULL: a break. */
static bool append(struct batch *batch, const struct text *tokens, size_t count,
                   struct error *error)
{
    if (!memory_reserve(&batch->numbers, &batch->capacity, batch->count + count,
                        sizeof *batch->numbers))
        return error_memory(error, "reading the corpus");
    for (size_t i = 0; i < count; i++) {
        uint32_t number = tokens ? words_add(&batch->distinct, tokens[i], NULL) : CORPUS_BREAK;
        if (tokens && number == WORDS_NONE)
            return error_memory(error, "reading the corpus");
        batch->numbers[batch->count++] = number;
    }
    return true;
}

static bool cut_document(struct batch *batch, struct tokens *tokenizer,
                         const struct documents_row *document, struct error *error)
{
    size_t count;
    tokens_start(tokenizer, document->text, document->text_size);
    do {
        struct text tokens[TOKENS_BATCH];
        if (!tokens_next(tokenizer, tokens, &count, error) || !append(batch, tokens, count, error))
            return false;
    } while (count);
    return append(batch, NULL, 1, error);
}

static bool cut_chunk(void *shared, unsigned worker, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    struct documents_row document;
    enum forms_next next;
    struct forms_cursor cursor =
        collection_cursor(run->corpus->documents, &batch->chunk, &batch->list);
    words_free(&batch->distinct);
    batch->count = batch->rows = 0;
    while ((next = forms_next(&cursor, &document, error)) == FORMS_ROW) {
        if (!cut_document(batch, &run->tokenizers[worker], &document, error)) {
            next = FORMS_FAILED;
            break;
        }
        batch->rows++;
    }
    batch->repairs = cursor.at.repairs;
    forms_cursor_free(&cursor);
    return next == FORMS_END;
}

/* Finds the words of the chunk in the table of all, adding the new ones. */
static bool join_words(const struct run *run, struct batch *batch, struct error *error)
{
    if (!memory_reserve(&batch->shared_numbers, &batch->shared_capacity, batch->distinct.count,
                        sizeof *batch->shared_numbers))
        return error_memory(error, "reading the corpus");
    for (uint32_t i = 0; i < batch->distinct.count; i++) {
        batch->shared_numbers[i] = words_add(run->words, words_text(&batch->distinct, i), NULL);
        if (batch->shared_numbers[i] == WORDS_NONE)
            return error_memory(error, "reading the corpus");
    }
    return true;
}

static bool hand_on(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct corpus *corpus = run->corpus;
    struct batch *batch = item;
    if (!join_words(run, batch, error) || !collection_note(corpus->documents, &batch->list, error))
        return false;
    repairs_join(&run->totals->repairs, &batch->repairs);
    run->totals->documents += batch->rows;
    run->totals->tokens += batch->count - batch->rows;
    if (corpus->progressed)
        corpus->progressed(corpus->context, run->totals->documents);
    if (!corpus->take)
        return true;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->numbers[i] != CORPUS_BREAK)
            batch->numbers[i] = batch->shared_numbers[batch->numbers[i]];
    return corpus->take(corpus->context, batch->numbers, batch->count, error);
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    texts_chunk_free(&batch->chunk);
    words_free(&batch->distinct);
    free(batch->numbers);
    free(batch->shared_numbers);
    free(batch->list.items);
}

uint64_t corpus_size(unsigned jobs)
{
    return (uint64_t)pipeline_batches(jobs) * MOST_BATCH;
}

bool corpus_read(const struct corpus *corpus, struct words *words, struct corpus_totals *totals,
                 struct error *error)
{
    struct run run = {.corpus = corpus,
                      .tokenizers = memory_array(corpus->jobs, sizeof *run.tokenizers),
                      .words = words,
                      .totals = totals};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = cut_chunk,
                                      .write = hand_on};
    *totals = (struct corpus_totals){0};
    if (!run.tokenizers)
        return error_memory(error, "reading the corpus");
    for (unsigned i = 0; i < corpus->jobs; i++)
        run.tokenizers[i] = tokens_with(tokens_scan_of(corpus->level));
    bool done = pipeline_run(&pipeline, corpus->jobs, error);
    for (unsigned i = 0; i < corpus->jobs; i++)
        tokens_free(&run.tokenizers[i]);
    free(run.tokenizers);
    return done;
}
