/*
 * The engine takes words by their numbers in a table that is its own; the corpus puts them there
 * as it reads. Rows are made one by one as they are written, so that no second set of vectors is
 * in memory.
 */
#include "run/learn.h"

#include "base/memory.h"
#include "glove/adagrad.h"
#include "run/vector_rows.h"
#include "text/tokens.h"

#include <stdio.h>

_Static_assert(CORPUS_BREAK == PAIRS_BREAK, "what the corpus hands on, the engine takes");

/* ---- reading ---- */

static bool take_numbers(void *context, const uint32_t *numbers, size_t count, struct error *error)
{
    struct learn *learn = context;
    return glove_take(&learn->glove, numbers, count, error);
}

static void tell_documents(void *context, uint64_t documents)
{
    const struct learn *learn = context;
    if (learn->progressed)
        learn->progressed(learn->context, documents);
}

/* As many threads as a quarter of the memory holds chunks for. */
static unsigned reading_jobs(const struct glove_options *options)
{
    unsigned jobs = options->jobs;
    while (jobs > 1 && corpus_size(jobs) > options->memory / 4)
        jobs--;
    return jobs;
}

void learn_start(struct learn *learn, const struct glove_options *options)
{
    struct glove_options bounded = *options;
    bounded.memory = memory_addressable(options->memory);
    bounded.taken = corpus_size(reading_jobs(&bounded));
    memory_keep_tight();
    glove_start(&learn->glove, &bounded);
}

bool learn_read(struct learn *learn, struct collection *documents, struct error *error)
{
    const struct corpus corpus = {
        .documents = documents,
        .level = learn->glove.options.level,
        .jobs = reading_jobs(&learn->glove.options),
        .take = take_numbers,
        .progressed = tell_documents,
        .context = learn,
    };
    bool done = corpus_read(&corpus, &learn->glove.words, &learn->totals, error);
    learn->digest = collection_digest(documents);
    return done &&
           collection_check_any(documents, learn->totals.documents, &learn->totals.repairs, error);
}

/* ---- writing ---- */

static const struct text unknown_word = {"<unk>", 5};

struct writing {
    struct glove *glove;
    enum model_part part;
};

static struct text vector_row(void *context, size_t row, float *vector)
{
    const struct writing *writing = context;
    const struct glove *glove = writing->glove;
    if (row == glove->ranking.size) {
        model_rare_vector(&glove->model, writing->part, vector);
        return unknown_word;
    }
    model_vector(&glove->model, writing->part, (uint32_t)row, vector);
    return glove->ranking.words[row];
}

/* A corpus that has `<unk>` itself has its vector already. */
static bool has_unknown(const struct glove *glove)
{
    for (size_t rank = 0; rank < glove->ranking.size; rank++)
        if (text_compare(glove->ranking.words[rank], unknown_word) == 0)
            return true;
    return false;
}

static struct vector_rows rows_of(struct writing *writing, const struct learn_choice *choice)
{
    const struct glove *glove = writing->glove;
    return (struct vector_rows){
        .count = glove->ranking.size + (choice->unknown && !has_unknown(glove)),
        .dim = (uint32_t)glove->options.dim,
        .row = vector_row,
        .context = writing,
    };
}

void learn_kernels(enum cpu_level level, char *text, size_t size)
{
    snprintf(text, size, "tokens %s, adagrad %s", tokens_scan_name(level),
             adagrad_pass_name(level));
}

bool learn_print(struct learn *learn, const struct learn_choice *choice, bool header,
                 struct output *output, struct error *error)
{
    struct writing writing = {&learn->glove, choice->part};
    const struct vector_rows rows = rows_of(&writing, choice);
    return vector_rows_print(&rows, header, output, error);
}

bool learn_stream(struct learn *learn, const struct learn_choice *choice,
                  const struct lineage *lineage, struct output *output, struct error *error)
{
    struct writing writing = {&learn->glove, choice->part};
    const struct vector_rows rows = rows_of(&writing, choice);
    return vector_rows_stream(&rows, lineage, learn->digest, output, error);
}
