/*
 * A document's stretches of text, tokens and words, are numbered once for all views, whose terms
 * are runs of them; only characters are texts of their own.
 *
 * Words are counted once: the bag of a view of single words is taken from that of a longer one, and
 * so is that of tokens, up to a document of which they are no words.
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

static bool number_stretches(struct words *words, const struct layout *layout,
                             struct bags_numbers *numbers)
{
    if (!memory_reserve(&numbers->of, &numbers->capacity, layout->count, sizeof *numbers->of))
        return false;
    for (size_t i = 0; i < layout->count; i++) {
        const char *bytes = layout->bytes + layout->starts[i];
        size_t size = layout->starts[i + 1] - 1 - layout->starts[i];
        if (is_overlong(layout, i, i + 1))
            continue;
        numbers->of[i] =
            words_add_hashed(words, (struct text){bytes, size}, words_hash(bytes, size), NULL);
        if (numbers->of[i] == WORDS_NONE)
            return false;
    }
    return numbers->ready = true;
}

static bool count_runs(const struct layout *layout, const uint32_t *words, size_t longest,
                       struct bag *bag)
{
    for (size_t i = 0; i < layout->count; i++) {
        uint32_t term = BAG_NONE;
        for (size_t end = i + 1; end <= layout->count && end <= i + longest; end++) {
            if (is_overlong(layout, i, end))
                break;
            term = bag_add(bag, term, words[end - 1]);
            if (term == BAG_NONE)
                return false;
        }
    }
    return true;
}

static bool count_characters(struct views *views, struct words *characters, struct bag *bag,
                             struct error *error)
{
    views_start(views, VIEW_CHAR);
    do {
        if (!views_next(views, error))
            return false;
        for (size_t i = 0; i < views->count; i++) {
            uint32_t number =
                words_add_hashed(characters, views->terms[i].text, views->terms[i].hash, NULL);
            if (number == WORDS_NONE || bag_add(bag, BAG_NONE, number) == BAG_NONE)
                return error_memory(error, "counting terms");
        }
    } while (views->count);
    return true;
}

/* A layout is numbered for the first view that is of it. */
static bool count_view(struct bags_worker *worker, struct bags_batch *batch, enum view view,
                       struct error *error)
{
    struct bag *bag = &batch->bags[view];
    if (view == VIEW_CHAR)
        return count_characters(&worker->views, &batch->characters, bag, error);
    const struct layout *layout = views_layout(&worker->views, view);
    struct bags_numbers *numbers =
        layout == &worker->views.tokens ? &worker->tokens : &worker->words;
    bool done = layout && (numbers->ready || number_stretches(&batch->words, layout, numbers)) &&
                count_runs(layout, numbers->of, 1 + views_reach(view), bag);
    return done || error_memory(error, "counting terms");
}

static bool cut_document(struct bags_worker *worker, const struct documents_row *document,
                         struct error *error)
{
    struct text tokens[TOKENS_BATCH];
    size_t count;
    tokens_start(&worker->tokenizer, document->text, document->text_size);
    views_begin(&worker->views);
    worker->tokens.ready = worker->words.ready = false;
    do {
        if (!tokens_next(&worker->tokenizer, tokens, &count, error) ||
            !views_take(&worker->views, tokens, count, error))
            return false;
    } while (count);
    return true;
}

/* ---- bags that are taken from others ---- */

static bool take_words(struct bags_batch *batch, enum view view, struct error *error)
{
    return bag_take_words(&batch->bags[view], &batch->bags[batch->longer], &batch->numbers,
                          &batch->numbers_capacity) ||
           error_memory(error, "counting terms");
}

/* Of views of runs of words the first that is counted has all words; tokens may be words. */
static void plan_taking(struct bags_batch *batch, const bool counted[VIEW_COUNT])
{
    static const enum view longer[] = {VIEW_BIGRAM, VIEW_TRIGRAM, VIEW_WORD};
    const size_t count = sizeof longer / sizeof *longer;
    size_t i = 0;
    while (i < count && !counted[longer[i]])
        i++;
    memset(batch->taken, 0, sizeof batch->taken);
    if (i == count)
        return;
    batch->longer = longer[i];
    batch->taken[VIEW_WORD] = counted[VIEW_WORD] && longer[i] != VIEW_WORD;
    batch->taken[VIEW_SPACE] = counted[VIEW_SPACE];
}

/* Tokens are counted from the first document on of which they are no words. */
static bool check_tokens(struct bags_worker *worker, struct bags_batch *batch, struct error *error)
{
    if (!batch->taken[VIEW_SPACE])
        return true;
    const struct layout *words = views_layout(&worker->views, VIEW_WORD);
    if (words == &worker->views.tokens)
        return true;
    batch->taken[VIEW_SPACE] = false;
    return (words || error_memory(error, "counting terms")) && take_words(batch, VIEW_SPACE, error);
}

/* ---- documents ---- */

static bool count_document(struct bags_worker *worker, struct bags_batch *batch,
                           const bool counted[VIEW_COUNT], const struct documents_row *document,
                           struct error *error)
{
    if (!cut_document(worker, document, error) || !check_tokens(worker, batch, error))
        return false;
    batch->labels[batch->rows] = document->label;
    batch->keys[batch->rows] = text_key_of(&worker->views);
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (counted[view] && !batch->taken[view] &&
            (!count_view(worker, batch, view, error) ||
             !(bag_end_row(&batch->bags[view]) || error_memory(error, "counting terms"))))
            return false;
    return true;
}

static bool count_documents(struct bags_worker *worker, struct bags_batch *batch,
                            const bool counted[VIEW_COUNT], struct forms_cursor *cursor,
                            struct error *error)
{
    struct documents_row document;
    enum forms_next next;
    plan_taking(batch, counted);
    for (batch->rows = 0; (next = forms_next(cursor, &document, error)) == FORMS_ROW; batch->rows++)
        if (!count_document(worker, batch, counted, &document, error))
            return false;
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (batch->taken[view] && !take_words(batch, view, error))
            return false;
    return next == FORMS_END;
}

static void clear(struct bags_batch *batch)
{
    words_clear(&batch->words);
    words_clear(&batch->characters);
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_clear(&batch->bags[view]);
}

bool bags_count(const struct bags_source *source, const atomic_bool spared[VIEW_COUNT],
                struct bags_worker *worker, struct bags_batch *batch, struct error *error)
{
    size_t rows = batch->chunk.rows;
    bool counted[VIEW_COUNT];
    for (int view = 0; view < VIEW_COUNT; view++)
        counted[view] = source->wanted[view] && !spared[view];
    clear(batch);
    if (!memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) ||
        !memory_reserve(&batch->keys, &batch->keys_capacity, rows, sizeof *batch->keys))
        return error_memory(error, "counting terms");
    struct forms_cursor cursor = collection_cursor(source->documents, &batch->chunk, &batch->list);
    bool done = count_documents(worker, batch, counted, &cursor, error);
    batch->repairs = cursor.at.repairs;
    forms_cursor_free(&cursor);
    return done;
}

void bags_batch_free(struct bags_batch *batch)
{
    texts_chunk_free(&batch->chunk);
    words_free(&batch->words);
    words_free(&batch->characters);
    for (int view = 0; view < VIEW_COUNT; view++)
        bag_free(&batch->bags[view]);
    free(batch->numbers);
    free(batch->labels);
    free(batch->keys);
    free(batch->list.items);
}

void bags_worker_free(struct bags_worker *worker)
{
    tokens_free(&worker->tokenizer);
    views_free(&worker->views);
    free(worker->tokens.of);
    free(worker->words.of);
}
