/*
 * A worker makes the rows of its chunk first, as vectorize does, and then takes one document after
 * the other: its rows without each word, a tile at a time, and the votes on them.
 */
#include "run/explain.h"

#include "base/memory.h"
#include "run/leave_out.h"
#include "vote/vote.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of a batch, at most: few, for each is a lot of work, which is to be shared out evenly. */
enum { DOCUMENTS = 32 };

/* A chunk of documents and what is said of them. */
struct batch {
    struct texts_chunk chunk;
    uint64_t first; /* number of its first document, from 0 */
    size_t rows;
    struct repairs_list list;
    struct buffer text;
    struct explain_totals totals;
};

/* What a worker works with. */
struct worker {
    struct tokens tokenizer;
    struct features_scratch scratch;
    struct voter voter;
    struct leave_out cut;
    struct kinsfolk kinsfolk;
    struct documents_row *documents; /* of the chunk; their texts are copied here */
    char *texts;
    bool *trained;
    float *x;       /* of the chunk's documents */
    double *proba;  /* three rows: as it is, of a new text, and without a word */
    float *decided; /* a row as a rule makes it, */
    double *room;   /* and what it does that in */
    struct explained_word *words;
    size_t texts_size, texts_capacity, documents_capacity, trained_capacity, x_capacity,
        words_capacity;
};

/* `totals` belongs to the writing stage, `read` to the reading one. */
struct run {
    const struct explain *explain;
    size_t dim, classes;
    struct worker *workers;
    unsigned worker_count; /* with voters */
    uint64_t read;
    struct explain_totals *totals;
};

/* A document at hand. */
struct at_hand {
    const struct run *run;
    struct worker *worker;
    const float *x; /* its row as vectorize makes it */
    struct explained explained;
};

static enum pipeline_read read_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    enum pipeline_read read =
        collection_chunk(run->explain->documents, DOCUMENTS, &batch->chunk, error);
    batch->first = run->read;
    if (read != PIPELINE_BATCH)
        return read;
    /* Empty records are none, and each document's number has to be known before others are cut. */
    struct forms_cursor cursor =
        collection_cursor(run->explain->documents, &batch->chunk, &batch->list);
    size_t count;
    if (!forms_count(&cursor, &count, error))
        return PIPELINE_FAILED;
    run->read += count;
    return read;
}

/* ---- rows ---- */

static bool reserve_rows(const struct run *run, struct worker *worker, size_t rows,
                         struct error *error)
{
    return (memory_reserve(&worker->documents, &worker->documents_capacity, rows,
                           sizeof *worker->documents) &&
            memory_reserve(&worker->trained, &worker->trained_capacity, rows,
                           sizeof *worker->trained) &&
            memory_reserve(&worker->x, &worker->x_capacity, rows * run->dim, sizeof *worker->x)) ||
           error_memory(error, "explaining");
}

/* A text of several fields is good only until the next one. */
static bool copy_text(struct worker *worker, const struct documents_row *row)
{
    if (!memory_reserve(&worker->texts, &worker->texts_capacity,
                        worker->texts_size + row->text_size + 1, 1))
        return false;
    memcpy(worker->texts + worker->texts_size, row->text, row->text_size);
    worker->texts_size += row->text_size;
    return true;
}

/* The copies have moved while they grew. */
static void set_places(struct worker *worker, size_t rows)
{
    char *at = worker->texts;
    for (size_t row = 0; row < rows; row++) {
        worker->documents[row].text = at;
        at += worker->documents[row].text_size;
    }
}

static bool make_row(const struct run *run, struct worker *worker, size_t row, struct error *error)
{
    struct documents_row *document = &worker->documents[row];
    struct features_counts counts;
    if (!copy_text(worker, document))
        return error_memory(error, "explaining");
    if (!features_row(run->explain->features, &worker->scratch, &worker->tokenizer, document,
                      worker->x + row * run->dim, &counts, error))
        return false;
    worker->trained[row] = counts.trained;
    return true;
}

static bool make_rows(const struct run *run, struct worker *worker, struct batch *batch,
                      struct error *error)
{
    enum forms_next next;
    worker->texts_size = batch->rows = 0;
    if (!reserve_rows(run, worker, batch->chunk.rows + 1, error)) /* the last call's is no row */
        return false;
    struct forms_cursor cursor =
        collection_cursor(run->explain->documents, &batch->chunk, &batch->list);
    while ((next = forms_next(&cursor, &worker->documents[batch->rows], error)) == FORMS_ROW) {
        if (!make_row(run, worker, batch->rows, error)) {
            next = FORMS_FAILED;
            break;
        }
        batch->rows++;
    }
    batch->totals.repairs = cursor.at.repairs;
    batch->totals.documents = batch->rows;
    forms_cursor_free(&cursor);
    set_places(worker, batch->rows);
    return next == FORMS_END;
}

/* ---- votes ---- */

static bool vote(const struct at_hand *at, const void *x, size_t count, struct error *error)
{
    return vote_tile(&at->worker->voter, x, count) ||
           error_set(error, STATUS_INPUT,
                     "%s:%llu: its features are no finite numbers: are the vectors right?",
                     at->explained.file, (unsigned long long)at->explained.line);
}

/* Of a document, each with its probabilities. */
enum version { VERSION_HELD_OUT, VERSION_NEW, VERSION_WITHOUT, VERSIONS };

/* What becomes of the votes on a row of the tile. */
static struct explained_vote answer(const struct at_hand *at, size_t row, enum version version)
{
    struct worker *worker = at->worker;
    const struct rule *rule = at->run->explain->rule;
    const size_t classes = at->run->classes;
    const double *votes = worker->voter.proba + row * classes;
    const uint32_t voted = worker->voter.classes[row];
    double *proba = worker->proba + version * classes;
    if (!rule) {
        memcpy(proba, votes, classes * sizeof *proba);
        return (struct explained_vote){voted, voted, proba};
    }
    uint32_t predicted = rule_decide(rule, votes, voted, worker->decided, worker->room);
    for (size_t c = 0; c < classes; c++)
        proba[c] = (double)worker->decided[c];
    return (struct explained_vote){predicted, rule_top(worker->decided, rule->classes, voted),
                                   proba};
}

static bool vote_on(const struct at_hand *at, const float *x, enum version version,
                    struct explained_vote *result, struct error *error)
{
    if (!vote(at, x, 1, error))
        return false;
    *result = answer(at, 0, version);
    return true;
}

/* Of a document that was trained on, the vote on it as a new text. */
static bool vote_on_all(struct at_hand *at, struct error *error)
{
    struct explained *explained = &at->explained;
    if (!explained->trained) {
        explained->vote = explained->held_out;
        return true;
    }
    return features_without(at->run->explain->features, &at->worker->scratch, explained->document,
                            FEATURES_ALL, at->worker->voter.x, error) &&
           vote_on(at, at->worker->voter.x, VERSION_NEW, &explained->vote, error);
}

/* ---- words ---- */

/* Votes on the document without each of `count` words from `first` on. */
static bool leave_out_tile(struct at_hand *at, uint32_t first, uint32_t count, struct error *error)
{
    const struct run *run = at->run;
    struct worker *worker = at->worker;
    const struct explained *explained = &at->explained;
    const struct features_document *document = explained->document;
    double with = explained->vote.proba[explained->class];
    for (uint32_t i = 0; i < count; i++)
        if (!features_without(run->explain->features, &worker->scratch, document, first + i,
                              worker->voter.x + i * run->dim, error))
            return false;
    if (!vote(at, worker->voter.x, count, error))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t word = first + i;
        struct explained_vote without = answer(at, i, VERSION_WITHOUT);
        worker->words[word] =
            (struct explained_word){.word = word,
                                    .times = document->begin[word + 1] - document->begin[word],
                                    .without = without.predicted,
                                    .shift = with - without.proba[explained->class]};
    }
    return true;
}

static int compare_words(const void *left, const void *right)
{
    const struct explained_word *l = left, *r = right;
    double a = fabs(l->shift), b = fabs(r->shift);
    if (a != b)
        return a > b ? -1 : 1;
    return l->word < r->word ? -1 : l->word > r->word;
}

static bool leave_out_words(struct at_hand *at, struct error *error)
{
    struct worker *worker = at->worker;
    uint32_t words = at->explained.document->words, most = (uint32_t)worker->voter.rows;
    if (!memory_reserve(&worker->words, &worker->words_capacity, words, sizeof *worker->words))
        return error_memory(error, "explaining");
    for (uint32_t first = 0; first < words; first += most)
        if (!leave_out_tile(at, first, words - first < most ? words - first : most, error))
            return false;
    if (words)
        qsort(worker->words, words, sizeof *worker->words, compare_words);
    at->explained.words = worker->words;
    return true;
}

/* ---- documents ---- */

static bool is_wrong(const struct at_hand *at)
{
    const struct text *classes = at->run->explain->model->header.classes;
    const uint32_t predicted = at->explained.held_out.predicted;
    return predicted == RULE_NONE || !text_equal(classes[predicted], at->explained.label);
}

static bool explain_document(struct at_hand *at, struct documents_row *row, struct batch *batch,
                             struct error *error)
{
    const struct explain *explain = at->run->explain;
    struct explained *explained = &at->explained;
    struct worker *worker = at->worker;
    if (!vote_on(at, at->x, VERSION_HELD_OUT, &explained->held_out, error))
        return false;
    if (explain->wrong_only && !is_wrong(at))
        return true;
    if (!leave_out_cut(&worker->cut, &worker->tokenizer, row->text, row->text_size, error) ||
        !features_hold(explain->features, &worker->scratch, &worker->cut.document, error))
        return false;
    explained->document = &worker->cut.document;
    if (!vote_on_all(at, error))
        return false;
    explained->class = explain->class;
    if (explain->class == EXPLAIN_PREDICTED)
        explained->class = explained->vote.predicted == RULE_NONE ? explained->vote.top
                                                                  : explained->vote.predicted;
    if (!leave_out_words(at, error))
        return false;
    batch->totals.explained++;
    batch->totals.trained += explained->trained;
    batch->totals.words += explained->document->words;
    explain->spell(explain->context, explained, &batch->text);
    return buffer_check(&batch->text, error);
}

static bool explain_chunk(void *shared, unsigned number, void *item, struct error *error)
{
    const struct run *run = shared;
    const struct explain *explain = run->explain;
    struct batch *batch = item;
    struct worker *worker = &run->workers[number];
    size_t most = explain->most_similar;
    batch->totals = (struct explain_totals){0};
    batch->text.size = 0;
    if (!make_rows(run, worker, batch, error))
        return false;
    if (explain->similar &&
        !similar_find(explain->similar, &worker->kinsfolk, worker->x, batch->rows, most))
        return error_memory(error, "looking for similar texts");
    for (size_t i = 0; i < batch->rows; i++) {
        struct documents_row *row = &worker->documents[i];
        struct at_hand at = {run,
                             worker,
                             worker->x + i * run->dim,
                             {.number = batch->first + i + 1,
                              .file = row->name,
                              .line = row->line,
                              .label = row->label,
                              .trained = worker->trained[i]}};
        if (explain->similar)
            at.explained.similar = worker->kinsfolk.found + i * most;
        if (!explain_document(&at, row, batch, error))
            return false;
    }
    return true;
}

static bool take_chunk(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    struct explain_totals *totals = run->totals;
    totals->documents += batch->totals.documents;
    totals->explained += batch->totals.explained;
    totals->trained += batch->totals.trained;
    totals->words += batch->totals.words;
    repairs_join(&totals->repairs, &batch->totals.repairs);
    return collection_note(run->explain->documents, &batch->list, error) &&
           run->explain->take(run->explain->context, &batch->text, totals->documents, error);
}

/* ---- running ---- */

static bool make_workers(struct run *run, struct error *error)
{
    const struct explain *explain = run->explain;
    run->workers = calloc(explain->jobs, sizeof *run->workers);
    for (; run->workers && run->worker_count < explain->jobs; run->worker_count++) {
        struct worker *worker = &run->workers[run->worker_count];
        worker->tokenizer = tokens_with(tokens_scan_of(explain->level));
        worker->proba = memory_array(VERSIONS * run->classes, sizeof *worker->proba);
        worker->decided = memory_array(run->classes, sizeof *worker->decided);
        worker->room = memory_array(run->classes, sizeof *worker->room);
        if (!features_prepare(explain->features, &worker->scratch, error) || !worker->proba ||
            !worker->decided || !worker->room ||
            !vote_start(&worker->voter, &explain->model->forest))
            break;
    }
    return run->worker_count == explain->jobs || error_memory(error, "starting to explain");
}

static void free_workers(struct run *run)
{
    for (unsigned i = 0; run->workers && i < run->explain->jobs; i++) {
        struct worker *worker = &run->workers[i];
        tokens_free(&worker->tokenizer);
        features_release(run->explain->features, &worker->scratch);
        if (i < run->worker_count)
            vote_end(&worker->voter);
        leave_out_free(&worker->cut);
        kinsfolk_free(&worker->kinsfolk);
        free(worker->documents);
        free(worker->texts);
        free(worker->trained);
        free(worker->x);
        free(worker->proba);
        free(worker->decided);
        free(worker->room);
        free(worker->words);
    }
    free(run->workers);
}

static void free_batch(void *item)
{
    struct batch *batch = item;
    texts_chunk_free(&batch->chunk);
    buffer_free(&batch->text);
    free(batch->list.items);
}

bool explain_run(const struct explain *explain, struct explain_totals *totals, struct error *error)
{
    struct run run = {.explain = explain,
                      .dim = explain->model->forest.form.dim,
                      .classes = explain->model->forest.form.class_count,
                      .totals = totals};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_chunk,
                                      .work = explain_chunk,
                                      .write = take_chunk};
    *totals = (struct explain_totals){0};
    bool done = make_workers(&run, error) && pipeline_run(&pipeline, explain->jobs, error);
    free_workers(&run);
    return done;
}
