/* The rows of documents are written in the order of their keys, equal ones once. */
#include "run/linear_write.h"

#include "base/memory.h"
#include "run/linear_keep.h"
#include "run/linear_terms.h"
#include "stream/linear.h"

#include <stdlib.h>
#include <string.h>

/* A row of the documents' part. */
struct document {
    uint64_t hash;
    uint32_t label, row, copies;
};

struct linear_writing {
    struct linear_write what;
    const struct linear_write *write; /* that */
    struct stream_writer *writer;
    uint32_t classes;
    struct stream_part parts[VIEW_COUNT + 1];
    enum view views[VIEW_COUNT]; /* of the stream */
    uint32_t part_count, view_count;
    struct kept kept[VIEW_COUNT];
    struct document *documents;
    uint64_t document_count;
    uint32_t bayes_at; /* the next block of counts begins with this term */
    struct linear_terms terms;
};

/* ---- naive Bayes ---- */

static struct text bayes_term(const struct linear_writing *run, uint32_t term)
{
    const struct bag *bag = &run->write->bags->of[VIEW_SPACE];
    return words_text(bag->words, bag->grams[term].word);
}

static uint32_t bayes_left(const struct linear_writing *run)
{
    return run->write->bayes ? run->write->bayes->terms - run->bayes_at : 0;
}

/* The next block, of which there is one. */
static bool write_bayes(struct linear_writing *run, struct error *error)
{
    const struct bayes *bayes = run->write->bayes;
    const uint32_t at = run->bayes_at, left = bayes_left(run);
    const size_t most = stream_block_rows(run->classes ? run->classes : 1);
    const uint32_t count = left < most ? left : (uint32_t)most;
    struct text *terms = memory_array(count, sizeof *terms);
    uint32_t *pairs = memory_array(count, sizeof *pairs);
    bool done = (terms && pairs) || error_memory(error, "writing terms");
    for (uint32_t i = 0; done && i < count; i++) {
        terms[i] = bayes_term(run, at + i);
        pairs[i] = (uint32_t)(bayes->begin[at + i + 1] - bayes->begin[at + i]);
    }
    if (done) {
        const uint32_t rows = linear_block_terms(terms, count, run->classes);
        const uint64_t first = bayes->begin[at];
        run->bayes_at += rows;
        done = linear_write_bayes(run->writer, rows, terms, pairs, bayes->label + first,
                                  bayes->count + first, error);
    }
    free(terms);
    free(pairs);
    return done;
}

/* Bytes of the counts. */
static uint64_t bayes_bytes(const struct linear_writing *run)
{
    const struct bayes *bayes = run->write->bayes;
    uint64_t bytes = 0;
    for (uint32_t i = 0; bayes && i < bayes->terms; i++)
        bytes += linear_term_bytes(bayes_term(run, i).size,
                                   1 + 2 * (bayes->begin[i + 1] - bayes->begin[i]));
    return bytes;
}

/* ---- documents ---- */

/* By key, then by row, so that the order is one. */
static int compare_documents(const void *left, const void *right)
{
    const struct document *l = left, *r = right;
    if (l->hash != r->hash)
        return l->hash < r->hash ? -1 : 1;
    if (l->label != r->label)
        return l->label < r->label ? -1 : 1;
    return (l->row > r->row) - (l->row < r->row);
}

static bool list_documents(struct linear_writing *run, struct error *error)
{
    const struct bags *bags = run->write->bags;
    if (!run->write->scored)
        return true;
    struct document *documents = run->documents = memory_array(bags->rows, sizeof *documents);
    if (!documents)
        return error_memory(error, "writing the documents' scores");
    for (uint32_t row = 0; row < bags->rows; row++)
        documents[row] = (struct document){bags->keys[row].hash, run->write->class_of[row], row, 1};
    qsort(documents, bags->rows, sizeof *documents, compare_documents);
    uint64_t count = 0;
    for (size_t i = 0; i < bags->rows; i++) {
        struct document *last = count ? &documents[count - 1] : NULL;
        if (last && last->hash == documents[i].hash && last->label == documents[i].label)
            last->copies++;
        else
            documents[count++] = documents[i];
    }
    run->document_count = count;
    return true;
}

/* A block's columns. */
struct columns {
    uint64_t *hashes;
    uint32_t *labels, *copies;
    float *scores;
};

static void fill_row(const struct linear_writing *run, const struct document *document,
                     const struct columns *columns, size_t i)
{
    size_t width = run->classes * sizeof(float);
    float *scores = columns->scores + i * run->view_count * run->classes;
    columns->hashes[i] = document->hash;
    columns->labels[i] = document->label;
    columns->copies[i] = document->copies;
    for (uint32_t view = 0; view < run->view_count; view++)
        memcpy(scores + (size_t)view * run->classes,
               run->write->scores[run->views[view]] + (size_t)document->row * run->classes, width);
}

static bool write_blocks(const struct linear_writing *run, const struct columns *columns,
                         size_t most, size_t width, struct error *error)
{
    for (uint64_t at = 0; at < run->document_count; at += most) {
        size_t rows = run->document_count - at < most ? run->document_count - at : most;
        for (size_t i = 0; i < rows; i++)
            fill_row(run, &run->documents[at + i], columns, i);
        if (!linear_write_documents(run->writer, (uint32_t)rows, width, columns->hashes,
                                    columns->labels, columns->copies, columns->scores, error))
            return false;
    }
    return true;
}

static bool write_documents(const struct linear_writing *run, struct error *error)
{
    size_t width = (size_t)run->view_count * run->classes;
    size_t most = stream_block_rows(width ? (uint32_t)width : 1);
    struct columns columns = {memory_array(most, sizeof *columns.hashes),
                              memory_array(most, sizeof *columns.labels),
                              memory_array(most, sizeof *columns.copies),
                              memory_array(most, (width + 1) * sizeof *columns.scores)};
    bool done = columns.hashes && columns.labels && columns.copies && columns.scores
                    ? write_blocks(run, &columns, most, width, error)
                    : error_memory(error, "writing the documents' scores");
    free(columns.hashes);
    free(columns.labels);
    free(columns.copies);
    free(columns.scores);
    return done;
}

/* ---- the whole ---- */

static void add_part(struct linear_writing *run, const char *name, uint32_t terms,
                     const float *intercepts)
{
    run->parts[run->part_count++] = (struct stream_part){{name, strlen(name)}, terms, intercepts};
}

static void list_parts(struct linear_writing *run)
{
    const struct linear_write *write = run->write;
    run->part_count = run->view_count = 0;
    if (write->bayes)
        add_part(run, "bayes", write->bayes->terms, NULL);
    for (enum view view = 0; view < VIEW_COUNT; view++) {
        if (!write->weights[view])
            continue;
        uint32_t features = write->bags->of[view].features;
        add_part(run, view_name(view), run->kept[view].count,
                 write->weights[view] + (size_t)features * run->classes);
        run->views[run->view_count++] = view;
    }
}

static struct stream_header header_of(const struct linear_writing *run)
{
    return (struct stream_header){.kind = STREAM_LINEAR,
                                  .samples = run->write->bags->rows,
                                  .scored = run->document_count,
                                  .class_count = run->classes,
                                  .classes = (struct text *)run->write->classes,
                                  .part_count = run->part_count,
                                  .parts = (struct stream_part *)run->parts,
                                  .lineage = *run->write->lineage};
}

/* Chooses the terms that travel: the header tells how many. */
static bool keep_terms(struct linear_writing *run, struct error *error)
{
    const struct linear_write *write = run->write;
    uint64_t left = UINT64_MAX;
    list_parts(run);
    if (write->most_bytes != UINT64_MAX) {
        struct stream_header header = header_of(run);
        uint64_t least = stream_least_bytes(&header) + bayes_bytes(run);
        if (least > write->most_bytes)
            return error_set(error, STATUS_USAGE,
                             "--max-size: %llu bytes are taken without any term of a view: give "
                             "more%s",
                             (unsigned long long)least,
                             write->bayes ? ", or --views without bayes" : "");
        left = write->most_bytes - least;
    }
    if (!linear_keep(write->bags, write->weights, left, run->kept))
        return error_memory(error, "choosing terms");
    list_parts(run);
    return true;
}

static struct linear_terms terms_of(const struct linear_writing *run)
{
    return (struct linear_terms){.bags = run->write->bags,
                                 .weights = run->write->weights,
                                 .kept = run->kept,
                                 .views = run->views,
                                 .view_count = run->view_count};
}

static bool begin_stream(struct linear_writing *run, struct output *output, struct error *error)
{
    const struct stream_header header = header_of(run);
    run->writer = stream_begin(output, &header, error);
    run->terms = terms_of(run);
    return run->writer;
}

struct linear_writing *linear_write_begin(const struct linear_write *write, struct output *output,
                                          struct error *error)
{
    struct linear_writing *run = calloc(1, sizeof *run);
    if (!run) {
        error_memory(error, "writing the evidence");
        return NULL;
    }
    run->what = *write;
    run->write = &run->what;
    run->classes = (uint32_t)write->bags->labels.count;
    if (list_documents(run, error) && keep_terms(run, error) && begin_stream(run, output, error))
        return run;
    linear_write_abandon(run);
    return NULL;
}

static bool write_counts(struct linear_writing *run, struct error *error)
{
    while (bayes_left(run))
        if (!write_bayes(run, error))
            return false;
    return true;
}

bool linear_write_some(struct linear_writing *writing, bool *more, struct error *error)
{
    *more = true;
    if (bayes_left(writing))
        return write_bayes(writing, error);
    return linear_terms_step(&writing->terms, writing->writer, more, error);
}

static bool write_rest(struct linear_writing *run, struct error *error)
{
    bool done = write_counts(run, error) && linear_terms_write(&run->terms, run->writer, error) &&
                write_documents(run, error);
    struct stream_writer *writer = run->writer;
    if (!done)
        return false;
    run->writer = NULL;
    return stream_end(writer, run->write->read, error);
}

bool linear_write_end(struct linear_writing *writing, uint32_t *written, struct error *error)
{
    bool done = write_rest(writing, error);
    for (int view = 0; done && view < VIEW_COUNT; view++)
        written[view] = writing->kept[view].count;
    linear_write_abandon(writing);
    return done;
}

void linear_write_abandon(struct linear_writing *writing)
{
    if (!writing)
        return;
    stream_abandon(writing->writer);
    linear_keep_free(writing->kept);
    free(writing->documents);
    free(writing);
}

/* What documents are sorted in is as large as their list. A block of terms is of 2 MiB, and of one
   label there are 2^18 in it, of up to 20 bytes of lists beside. */
uint64_t linear_write_bytes(const struct bags *bags)
{
    uint64_t bytes = (8 << 20) + 2 * bags->rows * sizeof(struct document);
    for (int view = 0; view < VIEW_COUNT; view++)
        bytes += bags->of[view].features * sizeof(uint32_t);
    return bytes;
}
