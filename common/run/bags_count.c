/*
 * A document's stretches of text, tokens and words, are numbered once for all views, whose terms
 * are runs of them; only characters are texts of their own, and counted here.
 *
 * Tokens are laid down apart from words from the first document on of which they are no words.
 */
#include "run/bags_count.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbers and runs ---- */

/* Whether a run of stretches is too long for a term: those that it begins are, too. */
static bool is_overlong(const struct layout *layout, size_t begin, size_t end)
{
    return layout->starts[end] - 1 - layout->starts[begin] > VIEWS_TERM;
}

/* How many stretches the longest term has that begins with number `i`. */
static uint8_t reach_of(const struct layout *layout, size_t i, unsigned longest)
{
    unsigned reach = 0;
    while (reach < longest && i + reach < layout->count && !is_overlong(layout, i, i + reach + 1))
        reach++;
    return (uint8_t)reach;
}

static bool put_stretches(struct words *words, const struct layout *layout, unsigned longest,
                          struct runs *runs)
{
    if (!runs_reserve(runs, layout->count))
        return false;
    for (size_t i = 0; i < layout->count; i++) {
        const char *bytes = layout->bytes + layout->starts[i];
        size_t size = layout->starts[i + 1] - 1 - layout->starts[i];
        uint8_t reach = reach_of(layout, i, longest);
        uint32_t number = 0;
        if (reach)
            number = words_add_hashed(words, (struct text){bytes, size},
                                      words_hash_inside(bytes, size), NULL);
        if (number == WORDS_NONE)
            return false;
        runs_put(runs, number, reach);
    }
    return runs_end_row(runs);
}

static bool count_characters(struct views *views, enum view view, struct words *characters,
                             struct bag *bag, struct error *error)
{
    views_start(views, view);
    do {
        if (!views_next(views, error))
            return false;
        for (size_t i = 0; i < views->count; i++) {
            uint32_t number =
                words_add_hashed(characters, views->terms[i].text, views->terms[i].hash, NULL);
            if (number == WORDS_NONE || !bag_add(bag, number))
                return error_memory(error, "counting terms");
        }
    } while (views->count);
    return bag_end_row(bag) || error_memory(error, "counting terms");
}

static bool cut_document(struct bags_worker *worker, const struct documents_row *document,
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

/* ---- documents ---- */

/* Words first, which tokens mostly are. */
static bool put_runs(const struct bags_source *source, struct views *views,
                     struct bags_batch *batch)
{
    static const bool none[VIEW_COUNT] = {false};
    unsigned longest = bags_longest(source->wanted, none);
    bool tokens_wanted = source->wanted[VIEW_SPACE];
    if (!longest && !tokens_wanted)
        return true;
    const struct layout *tokens = &views->tokens,
                        *words = longest ? views_layout(views, VIEW_WORD) : tokens;
    if (!words)
        return false;
    if (tokens_wanted && words != tokens && !bags_part(&batch->runs, &batch->tokens, &batch->apart))
        return false;
    return put_stretches(&batch->words, words, longest ? longest : 1, &batch->runs) &&
           (!batch->apart || put_stretches(&batch->words, tokens, 1, &batch->tokens));
}

static bool count_document(const struct bags_source *source, struct bags_worker *worker,
                           struct bags_batch *batch, enum view characters,
                           const struct documents_row *document, struct error *error)
{
    if (!cut_document(worker, document, error))
        return false;
    batch->labels[batch->rows] = document->label;
    batch->keys[batch->rows] = text_key_of(&worker->views);
    if (!put_runs(source, &worker->views, batch))
        return error_memory(error, "counting terms");
    return characters == VIEW_COUNT ||
           count_characters(&worker->views, characters, &batch->characters, &batch->bag, error);
}

static bool count_documents(const struct bags_source *source, struct bags_worker *worker,
                            struct bags_batch *batch, enum view characters,
                            struct forms_cursor *cursor, struct error *error)
{
    struct documents_row document;
    enum forms_next next;
    for (batch->rows = 0; (next = forms_next(cursor, &document, error)) == FORMS_ROW; batch->rows++)
        if (!count_document(source, worker, batch, characters, &document, error))
            return false;
    return next == FORMS_END;
}

static void clear(struct bags_batch *batch)
{
    words_clear(&batch->words);
    words_clear(&batch->characters);
    runs_clear(&batch->runs);
    runs_clear(&batch->tokens);
    batch->apart = false;
    bag_clear(&batch->bag);
}

bool bags_count(const struct bags_source *source, const atomic_bool *spared,
                struct bags_worker *worker, struct bags_batch *batch, struct error *error)
{
    size_t rows = batch->chunk.rows;
    clear(batch);
    if (!memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) ||
        !memory_reserve(&batch->keys, &batch->keys_capacity, rows, sizeof *batch->keys))
        return error_memory(error, "counting terms");
    struct forms_cursor cursor = collection_cursor(source->documents, &batch->chunk, &batch->list);
    enum view characters = *spared ? VIEW_COUNT : view_of_characters(source->wanted);
    bool done = count_documents(source, worker, batch, characters, &cursor, error);
    batch->repairs = cursor.at.repairs;
    forms_cursor_free(&cursor);
    return done;
}

/* ---- tokens apart from words ---- */

unsigned bags_longest(const bool wanted[VIEW_COUNT], const bool spared[VIEW_COUNT])
{
    size_t longest = 0;
    for (enum view view = VIEW_WORD; view <= VIEW_TRIGRAM; view++)
        if (wanted[view] && !spared[view] && 1 + views_reach(view) > longest)
            longest = 1 + views_reach(view);
    return (unsigned)longest;
}

bool bags_part(const struct runs *runs, struct runs *tokens, bool *apart)
{
    if (!*apart && !runs_append(tokens, runs, NULL))
        return false;
    return *apart = true;
}

void bags_batch_free(struct bags_batch *batch)
{
    texts_chunk_free(&batch->chunk);
    words_free(&batch->words);
    words_free(&batch->characters);
    runs_free(&batch->runs);
    runs_free(&batch->tokens);
    bag_free(&batch->bag);
    free(batch->labels);
    free(batch->keys);
    free(batch->list.items);
}

void bags_worker_free(struct bags_worker *worker)
{
    tokens_free(&worker->tokenizer);
    views_free(&worker->views);
}
