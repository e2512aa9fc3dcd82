#include "run/predict.h"

#include "base/memory.h"
#include "par/pipeline.h"
#include "stream/numbers.h"
#include "stream/samples.h"
#include "vote/vote.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A block of samples and what is made of it. */
struct batch {
    struct stream_record record;
    struct predictions_rows rows; /* points into what follows */
    int32_t *predicted;
    struct text *labels; /* they point into the record */
    float *proba;
    size_t predicted_capacity, labels_capacity, proba_capacity;
    struct buffer text;
    uint64_t right;
};

/*
 * The voters are as many as the threads that work, and each is lent to one of them at a time;
 * the lock guards the stack of those that are free. `totals` is the writing stage's.
 */
struct run {
    const struct predictor *predictor;
    struct predictor_totals *totals;
    struct voter *voters;
    unsigned voter_count; /* made so far */
    struct voter **idle;
    unsigned idle_count;
    pthread_mutex_t lock;
};

/* ---- voters ---- */

static struct voter *take_voter(struct run *run)
{
    pthread_mutex_lock(&run->lock);
    struct voter *voter = run->idle[--run->idle_count];
    pthread_mutex_unlock(&run->lock);
    return voter;
}

static void return_voter(struct run *run, struct voter *voter)
{
    pthread_mutex_lock(&run->lock);
    run->idle[run->idle_count++] = voter;
    pthread_mutex_unlock(&run->lock);
}

static bool make_voters(struct run *run, unsigned count)
{
    run->voters = calloc(count, sizeof *run->voters);
    run->idle = calloc(count, sizeof(struct voter *));
    if (!run->voters || !run->idle)
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (!vote_start(&run->voters[i], &run->predictor->model->forest))
            return false;
        run->voter_count++;
        run->idle[run->idle_count++] = &run->voters[i];
    }
    return true;
}

static void free_voters(struct run *run)
{
    for (unsigned i = 0; i < run->voter_count; i++)
        vote_end(&run->voters[i]);
    free(run->voters);
    free(run->idle);
}

/* ---- reading ---- */

static enum pipeline_read read_block(void *shared, void *item, struct error *error)
{
    const struct run *run = shared;
    struct batch *batch = item;
    switch (stream_next(run->predictor->samples, &batch->record, error)) {
    case STREAM_BLOCK:
        return PIPELINE_BATCH;
    case STREAM_END:
        return PIPELINE_END;
    case STREAM_FAILED:
        break;
    }
    return PIPELINE_FAILED;
}

/* ---- voting ---- */

static bool reserve_rows(const struct run *run, struct batch *batch, size_t rows,
                         struct error *error)
{
    size_t classes = run->predictor->model->forest.form.class_count;
    if (memory_reserve(&batch->predicted, &batch->predicted_capacity, rows,
                       sizeof *batch->predicted) &&
        memory_reserve(&batch->labels, &batch->labels_capacity, rows, sizeof *batch->labels) &&
        (!run->predictor->proba || memory_reserve(&batch->proba, &batch->proba_capacity,
                                                  rows * classes, sizeof *batch->proba)))
        return true;
    return error_memory(error, "predicting");
}

/* Hands over what a voter found for `count` rows from `first` on. */
static void keep_votes(const struct run *run, struct batch *batch, const struct voter *voter,
                       size_t first, size_t count)
{
    size_t classes = run->predictor->model->forest.form.class_count;
    for (size_t row = 0; row < count; row++)
        batch->predicted[first + row] = (int32_t)voter->classes[row];
    for (size_t i = 0; run->predictor->proba && i < count * classes; i++)
        batch->proba[first * classes + i] = (float)voter->proba[i];
}

/* Names the row of `count`, of which one holds a value that is not finite. */
static bool refuse_rows(const struct batch *batch, struct voter *voter, const unsigned char *bytes,
                        size_t count, struct error *error)
{
    uint32_t dim = voter->forest->form.dim;
    numbers_copy(voter->x, bytes, count * dim, sizeof(float));
    return samples_check_finite(&batch->record, voter->x, count, dim, error);
}

static bool vote_rows(const struct run *run, struct batch *batch, struct voter *voter,
                      const struct samples_block *block, struct error *error)
{
    size_t dim = voter->forest->form.dim;
    for (size_t first = 0, count; first < block->rows; first += count) {
        const unsigned char *bytes = block->x.bytes + first * dim * sizeof(float);
        count = block->rows - first < voter->rows ? block->rows - first : voter->rows;
        if (!vote_tile(voter, numbers_view(voter->x, bytes, count * dim, sizeof(float)), count)) {
            batch->record.row += first;
            return refuse_rows(batch, voter, bytes, count, error);
        }
        keep_votes(run, batch, voter, first, count);
    }
    return true;
}

static uint64_t count_right(const struct run *run, const struct predictions_rows *rows)
{
    const struct text *classes = run->predictor->model->header.classes;
    uint64_t right = 0;
    for (uint32_t row = 0; rows->labels && row < rows->rows; row++)
        right += text_compare(rows->labels[row], classes[rows->predicted[row]]) == 0;
    return right;
}

static bool predict_block(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    const struct predictor *predictor = run->predictor;
    struct samples_block block;
    if (!samples_decode(predictor->header, &batch->record, &block, error) ||
        !reserve_rows(run, batch, block.rows, error))
        return false;
    struct voter *voter = take_voter(run);
    bool voted = vote_rows(run, batch, voter, &block, error);
    return_voter(run, voter);
    if (!voted)
        return false;
    for (uint32_t row = 0; block.labels && row < block.rows; row++)
        batch->labels[row] = stream_text(&block.labels[row]);
    batch->rows = (struct predictions_rows){.rows = block.rows,
                                            .predicted = batch->predicted,
                                            .labels = block.labels ? batch->labels : NULL,
                                            .proba = predictor->proba ? batch->proba : NULL};
    batch->right = count_right(run, &batch->rows);
    if (predictor->spell)
        predictor->spell(predictor->context, &batch->rows, &batch->text);
    return buffer_check(&batch->text, error);
}

/* ---- writing ---- */

static bool take_block(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    run->totals->rows += batch->rows.rows;
    run->totals->right += batch->right;
    return run->predictor->take(run->predictor->context, &batch->rows, &batch->text, error);
}

static void free_batch(struct batch *batch)
{
    stream_record_free(&batch->record);
    free(batch->predicted);
    free(batch->labels);
    free(batch->proba);
    buffer_free(&batch->text);
}

static bool run_stages(struct run *run, struct error *error)
{
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .shared = run,
                                      .read = read_block,
                                      .work = predict_block,
                                      .write = take_block};
    unsigned jobs = run->predictor->jobs;
    size_t count = 2 * (size_t)jobs + 2;
    struct batch *batches = calloc(count, sizeof *batches);
    if (!batches)
        return error_memory(error, "starting to predict");
    bool done = pipeline_run(&pipeline, jobs, batches, count, error);
    for (size_t i = 0; i < count; i++)
        free_batch(&batches[i]);
    free(batches);
    return done;
}

bool predictor_run(const struct predictor *predictor, struct predictor_totals *totals,
                   struct error *error)
{
    *totals = (struct predictor_totals){0};
    struct run run = {.predictor = predictor, .totals = totals, .lock = PTHREAD_MUTEX_INITIALIZER};
    bool done = make_voters(&run, predictor->jobs) || error_memory(error, "starting to predict");
    done = done && run_stages(&run, error);
    free_voters(&run);
    return done;
}
