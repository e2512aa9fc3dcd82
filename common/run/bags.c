/*
 * A document's stretches of text, tokens and words, are numbered once for all views, whose terms
 * are runs of them; only characters are texts of their own. Each batch has numbers and bags of its
 * own: a worker numbers what its chunk holds, so that the calling thread looks up only the chunk's
 * distinct words and terms in the tables of all.
 */
#include "run/bags.h"

#include "base/memory.h"
#include "base/room.h"
#include "par/pipeline.h"
#include "text/tokens.h"

#include <stdatomic.h>
#include <stdlib.h>

struct batch {
    struct texts_chunk chunk;
    struct words words, characters;
    struct bag bags[VIEW_COUNT];
    struct text *labels; /* they point into the chunk */
    struct text_key *keys;
    size_t labels_capacity, keys_capacity;
    size_t rows; /* documents */
    struct repairs repairs;
    struct repairs_list list;
};

/* Numbers of one thing by those of another. */
struct numbers {
    uint32_t *of;
    size_t capacity;
    bool ready; /* where they are the document's: its stretches were numbered */
};

/* What a worker works with. */
struct worker {
    struct tokens tokenizer;
    struct views views;
    struct numbers tokens, words; /* of the document's */
};

/* From `bags` on it belongs to the writing stage. */
struct run {
    const struct bags_source *source;
    struct worker *workers;
    struct bags *bags;
    struct numbers words, characters, terms; /* in all bags, by number in a batch */
    atomic_bool spared[VIEW_COUNT];          /* as in the bags, for workers */
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

/* Whether a run of stretches is too long for a term: those that it begins are, too. */
static bool is_overlong(const struct layout *layout, size_t begin, size_t end)
{
    return layout->starts[end] - 1 - layout->starts[begin] > VIEWS_TERM;
}

static bool number_stretches(struct words *words, const struct layout *layout,
                             struct numbers *numbers)
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
static bool count_view(struct worker *worker, struct batch *batch, enum view view,
                       struct error *error)
{
    struct bag *bag = &batch->bags[view];
    if (view == VIEW_CHAR)
        return count_characters(&worker->views, &batch->characters, bag, error);
    const struct layout *layout = views_layout(&worker->views, view);
    struct numbers *numbers = layout == &worker->views.tokens ? &worker->tokens : &worker->words;
    bool done = layout && (numbers->ready || number_stretches(&batch->words, layout, numbers)) &&
                count_runs(layout, numbers->of, 1 + views_reach(view), bag);
    return done || error_memory(error, "counting terms");
}

static bool cut_document(struct worker *worker, const struct documents_row *document,
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

static bool count_document(struct run *run, struct worker *worker, struct batch *batch, size_t row,
                           const struct documents_row *document, struct error *error)
{
    if (!cut_document(worker, document, error))
        return false;
    batch->labels[row] = document->label;
    batch->keys[row] = text_key_of(&worker->views);
    for (enum view view = 0; view < VIEW_COUNT; view++)
        if (run->source->wanted[view] && !run->spared[view] &&
            (!count_view(worker, batch, view, error) ||
             !(bag_end_row(&batch->bags[view]) || error_memory(error, "counting terms"))))
            return false;
    return true;
}

static bool count_documents(struct run *run, struct worker *worker, struct batch *batch,
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
    struct run *run = shared;
    struct batch *batch = item;
    size_t rows = batch->chunk.rows;
    words_clear(&batch->words);
    words_clear(&batch->characters);
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

static bool join_words(struct words *to, const struct words *from, struct numbers *numbers)
{
    return memory_reserve(&numbers->of, &numbers->capacity, from->count, sizeof *numbers->of) &&
           words_join(to, from, numbers->of);
}

static bool join_bags(struct run *run, const struct batch *batch)
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
    struct batch *batch = item;
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
    struct batch *batch = item;
    texts_chunk_free(&batch->chunk);
    words_free(&batch->words);
    words_free(&batch->characters);
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
        free(run->workers[i].tokens.of);
        free(run->workers[i].words.of);
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
