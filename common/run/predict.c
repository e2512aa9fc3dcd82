/*
 * A batch is a block of samples, or a part of a long one. A block that is a batch is decoded by the
 * worker; one that is cut into parts is decoded by the reading stage, which keeps it, and copies
 * each part's rows to its batch: that costs little beside the many classes that call for it.
 */
#include "run/predict.h"

#include "base/memory.h"
#include "base/numeric.h"
#include "run/predict_texts.h"
#include "run/reading.h"
#include "run/voters.h"
#include "stream/numbers.h"
#include "stream/samples.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Some samples and what is made of them. */
struct batch {
    struct stream_record record; /* of a part: where it is from, but no bytes */
    bool is_part;
    uint32_t count;
    const unsigned char *x; /* as in the record: count x dim */
    /* Where there are any: they point into the record, or, of a part, into `copied`. */
    struct text *labels, *kept;
    bool labelled, keeps;
    unsigned char *copied;
    int32_t *predicted;
    float *proba, *log_proba;
    float *x_row; /* a row's values, as the host has them */
    struct detail_rows detail;
    uint32_t *set_ends, *set;
    double *room; /* for a row's classes */
    size_t set_ends_capacity, set_capacity, room_capacity;
    uint32_t set_count; /* classes in the sets so far */
    size_t labels_capacity, kept_capacity, copied_capacity, predicted_capacity, proba_capacity,
        log_proba_capacity, x_row_capacity;
    struct predictions_rows rows; /* points into what is above */
    bool cut;                     /* no rows, but the error that the input ended early with */
    struct error error;
    struct buffer text;
    uint64_t right, unanswered;
};

/* A block that is cut into parts. */
struct cut_block {
    struct stream_record record;
    struct samples_block block;
    uint32_t next; /* row; block.rows: there is no more of it */
};

/* `cut` is the reading stage's, each voter a worker's, `totals` the writing stage's. */
struct run {
    const struct predict *predict;
    struct cut_block cut;
    unsigned jobs;
    struct voters voters; /* of each job */
    struct predict_totals *totals;
};

/* ---- reading ---- */

static bool reserve_texts(struct batch *batch)
{
    return memory_reserve(&batch->labels, &batch->labels_capacity, batch->count,
                          sizeof *batch->labels) &&
           memory_reserve(&batch->kept, &batch->kept_capacity, batch->count, sizeof *batch->kept);
}

/* Copies the vectors and then the texts of rows `first` on; false when memory is out. */
static bool copy_rows(struct batch *batch, const struct samples_block *block, uint32_t first,
                      size_t row_size)
{
    size_t size = batch->count * row_size + predict_texts_size(block->labels, first, batch->count) +
                  predict_texts_size(block->kept, first, batch->count);
    if (!memory_reserve(&batch->copied, &batch->copied_capacity, size, 1) || !reserve_texts(batch))
        return false;
    unsigned char *to = batch->copied;
    memcpy(to, block->x.bytes + first * row_size, batch->count * row_size);
    to += batch->count * row_size;
    to = predict_texts_copy(block->labels, first, batch->count, to, batch->labels);
    predict_texts_copy(block->kept, first, batch->count, to, batch->kept);
    return true;
}

/* Makes the next part of the block that is being cut a batch. */
static enum pipeline_read read_part(struct run *run, struct batch *batch, struct error *error)
{
    struct cut_block *cut = &run->cut;
    uint32_t left = cut->block.rows - cut->next, most = run->predict->most_rows;
    batch->is_part = true;
    batch->count = left < most ? left : most;
    batch->record.row = cut->record.row + cut->next;
    batch->record.source = cut->record.source;
    if (!copy_rows(batch, &cut->block, cut->next, run->predict->header->dim * sizeof(float))) {
        error_memory(error, "predicting");
        return PIPELINE_FAILED;
    }
    batch->x = batch->copied;
    batch->labelled = cut->block.labels != NULL;
    batch->keeps = cut->block.kept != NULL;
    cut->next += batch->count;
    return PIPELINE_BATCH;
}

/* An input that ended early is told when the rows before its end are handed on. */
static enum pipeline_read put_off(struct batch *batch, const struct error *error)
{
    if (error->status != STATUS_CUT)
        return PIPELINE_FAILED;
    batch->cut = batch->is_part = true;
    batch->error = *error;
    batch->count = 0;
    return PIPELINE_BATCH;
}

static enum pipeline_read read_batch(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    struct cut_block *cut = &run->cut;
    batch->cut = false;
    if (cut->next < cut->block.rows)
        return read_part(run, batch, error);
    batch->is_part = false;
    enum pipeline_read next = reading_record(run->predict->samples, &batch->record, error);
    if (next == PIPELINE_FAILED)
        return put_off(batch, error);
    if (next != PIPELINE_BATCH || batch->record.rows <= run->predict->most_rows)
        return next;
    struct stream_record spare = cut->record;
    cut->record = batch->record;
    batch->record = spare;
    cut->next = 0;
    if (!samples_decode(run->predict->header, &cut->record, &cut->block, error))
        return PIPELINE_FAILED;
    return read_part(run, batch, error);
}

static uint64_t weigh(const void *shared, const void *item)
{
    const struct run *run = shared;
    const struct batch *batch = item;
    return (batch->is_part ? batch->count : batch->record.rows) * run->predict->row_bytes;
}

/* ---- voting ---- */

/* Of a batch that is a block. */
static bool decode_block(const struct run *run, struct batch *batch, struct error *error)
{
    struct samples_block block;
    if (!samples_decode(run->predict->header, &batch->record, &block, error))
        return false;
    batch->count = block.rows;
    if (!reserve_texts(batch))
        return error_memory(error, "predicting");
    batch->x = block.x.bytes;
    batch->labelled = block.labels != NULL;
    batch->keeps = block.kept != NULL;
    for (uint32_t row = 0; block.labels && row < block.rows; row++)
        batch->labels[row] = stream_text(block.labels, row);
    for (uint32_t row = 0; block.kept && row < block.rows; row++)
        batch->kept[row] = stream_text(block.kept, row);
    return true;
}

static bool reserve_decided(const struct predict *predict, struct batch *batch, size_t shares)
{
    return memory_reserve(&batch->room, &batch->room_capacity, predict->rule->classes,
                          sizeof *batch->room) &&
           (!predict->sets ||
            (memory_reserve(&batch->set, &batch->set_capacity, shares, sizeof *batch->set) &&
             memory_reserve(&batch->set_ends, &batch->set_ends_capacity, batch->count,
                            sizeof *batch->set_ends)));
}

static bool reserve_rows(const struct run *run, struct batch *batch, struct error *error)
{
    const struct predict *predict = run->predict;
    batch->set_count = batch->unanswered = 0;
    const size_t shares = batch->count * predict->model->forest.form.class_count;
    if (memory_reserve(&batch->predicted, &batch->predicted_capacity, batch->count,
                       sizeof *batch->predicted) &&
        (!(predict->proba || predict->rule) ||
         memory_reserve(&batch->proba, &batch->proba_capacity, shares, sizeof *batch->proba)) &&
        (!predict->rule || reserve_decided(predict, batch, shares)) &&
        (!predict->log_proba || memory_reserve(&batch->log_proba, &batch->log_proba_capacity,
                                               shares, sizeof *batch->log_proba)) &&
        (!predict->detail || (memory_reserve(&batch->x_row, &batch->x_row_capacity,
                                             predict->header->dim, sizeof *batch->x_row) &&
                              detail_begin(predict->detail, &batch->detail, batch->count))))
        return true;
    return error_memory(error, "predicting");
}

/* Makes an answer, and a set, of the votes on a row. */
static void decide_row(const struct predict *predict, struct batch *batch, size_t row,
                       const double *votes, uint32_t voted)
{
    const struct rule *rule = predict->rule;
    float *proba = batch->proba + row * rule->classes;
    uint32_t answer = rule_decide(rule, votes, voted, proba, batch->room);
    batch->predicted[row] = answer == RULE_NONE ? PREDICTIONS_NONE : (int32_t)answer;
    batch->unanswered += answer == RULE_NONE;
    if (!predict->sets)
        return;
    batch->set_count +=
        sets_of(proba, rule->classes, predict->least_in_set, batch->set + batch->set_count);
    batch->set_ends[row] = batch->set_count;
}

static float log_of(double proba)
{
    return proba >= DBL_MIN ? (float)numeric_log(proba) : -INFINITY;
}

/* Hands over what a voter found for `count` rows from `first` on. */
static void keep_votes(const struct run *run, struct batch *batch, struct voter *voter,
                       size_t first, size_t count)
{
    const bool decides = run->predict->rule != NULL;
    size_t classes = run->predict->model->forest.form.class_count;
    for (size_t row = 0; row < count; row++)
        if (decides)
            decide_row(run->predict, batch, first + row, voter->proba + row * classes,
                       voter->classes[row]);
        else
            batch->predicted[first + row] = (int32_t)voter->classes[row];
    for (size_t i = 0; !decides && batch->proba && i < count * classes; i++)
        batch->proba[first * classes + i] = (float)voter->proba[i];
    for (size_t i = 0; batch->log_proba && i < count * classes; i++)
        batch->log_proba[first * classes + i] =
            log_of(decides ? (double)batch->proba[first * classes + i] : voter->proba[i]);
}

/* What the trees say of these rows beside; `bytes` are their values. */
static bool add_details(const struct run *run, struct batch *batch, const struct voter *voter,
                        const unsigned char *bytes, size_t count, struct error *error)
{
    const struct detail *detail = run->predict->detail;
    const size_t dim = voter->forest->form.dim, classes = voter->forest->form.class_count;
    for (size_t row = 0; detail && row < count; row++) {
        numbers_copy(batch->x_row, bytes + row * dim * sizeof(float), dim, sizeof(float));
        if (!detail_add(detail, &batch->detail, batch->x_row, voter->proba + row * classes))
            return error_memory(error, "predicting");
    }
    return true;
}

/* Names the row of `count`, of which one holds an infinite value; else memory is out. */
static bool refuse_rows(const struct batch *batch, struct voter *voter, const unsigned char *bytes,
                        size_t count, struct error *error)
{
    uint32_t dim = voter->forest->form.dim;
    numbers_copy(voter->x, bytes, count * dim, sizeof(float));
    size_t missing = 0;
    return samples_check_finite(&batch->record, voter->x, count, dim, &missing, error) &&
           error_memory(error, "predicting");
}

static bool vote_rows(const struct run *run, struct batch *batch, struct voter *voter,
                      struct error *error)
{
    size_t dim = voter->forest->form.dim;
    for (size_t first = 0, count; first < batch->count; first += count) {
        const unsigned char *bytes = batch->x + first * dim * sizeof(float);
        count = batch->count - first < voter->rows ? batch->count - first : voter->rows;
        if (!vote_tile(voter, numbers_view(voter->x, bytes, count * dim, sizeof(float)), count)) {
            batch->record.row += first;
            return refuse_rows(batch, voter, bytes, count, error);
        }
        keep_votes(run, batch, voter, first, count);
        if (!add_details(run, batch, voter, bytes, count, error))
            return false;
    }
    return true;
}

static uint64_t count_right(const struct run *run, const struct predictions_rows *rows)
{
    const struct text *classes = run->predict->model->header.classes;
    uint64_t right = 0;
    for (uint32_t row = 0; rows->labels && row < rows->rows; row++)
        right += rows->predicted[row] != PREDICTIONS_NONE &&
                 text_compare(rows->labels[row], classes[rows->predicted[row]]) == 0;
    return right;
}

static bool predict_rows(void *shared, unsigned worker, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    const struct predict *predict = run->predict;
    if (batch->cut)
        return true;
    if ((!batch->is_part && !decode_block(run, batch, error)) || !reserve_rows(run, batch, error) ||
        !vote_rows(run, batch, &run->voters.each[worker], error))
        return false;
    batch->rows =
        (struct predictions_rows){.rows = batch->count,
                                  .predicted = batch->predicted,
                                  .labels = batch->labelled ? batch->labels : NULL,
                                  .proba = predict->proba ? batch->proba : NULL,
                                  .log_proba = batch->log_proba,
                                  .set_ends = predict->sets ? batch->set_ends : NULL,
                                  .set = batch->set,
                                  .details = predict->detail ? detail_end(&batch->detail) : NULL,
                                  .first = batch->record.row,
                                  .kept = batch->keeps ? batch->kept : NULL};
    batch->right = count_right(run, &batch->rows);
    if (predict->spell)
        predict->spell(predict->context, &batch->rows, &batch->text);
    return buffer_check(&batch->text, error);
}

/* ---- writing ---- */

static void free_batch(void *item)
{
    struct batch *batch = item;
    stream_record_free(&batch->record);
    free(batch->labels);
    free(batch->kept);
    free(batch->copied);
    free(batch->predicted);
    free(batch->proba);
    free(batch->set_ends);
    free(batch->set);
    free(batch->room);
    free(batch->log_proba);
    free(batch->x_row);
    detail_rows_free(&batch->detail);
    buffer_free(&batch->text);
}

/* Keeps its memory for rows that come, unless that is more than its share. */
static void reuse(const struct run *run, struct batch *batch)
{
    const struct predict *predict = run->predict;
    if (batch->count * predict->row_bytes <= predict->most_bytes / pipeline_batches(run->jobs))
        return;
    free_batch(batch);
    *batch = (struct batch){0};
}

static bool rest(void *shared, struct error *error)
{
    const struct predict *predict = ((const struct run *)shared)->predict;
    return !predict->rest || predict->rest(predict->context, error);
}

static bool take_rows(void *shared, void *item, struct error *error)
{
    struct run *run = shared;
    struct batch *batch = item;
    if (batch->cut) {
        if (rest(run, error))
            *error = batch->error;
        return false;
    }
    run->totals->rows += batch->rows.rows;
    run->totals->right += batch->right;
    run->totals->unanswered += batch->unanswered;
    bool taken = run->predict->take(run->predict->context, &batch->rows, &batch->text, error);
    reuse(run, batch);
    return taken;
}

bool predict_run(const struct predict *predict, struct predict_totals *totals, struct error *error)
{
    const struct packed_forest *forest = &predict->model->forest;
    struct run run = {.predict = predict,
                      .totals = totals,
                      .jobs = voters_within(forest, predict->jobs, predict->most_bytes)};
    const struct pipeline pipeline = {.batch_size = sizeof(struct batch),
                                      .most_weight = predict->most_bytes,
                                      .shared = &run,
                                      .release = free_batch,
                                      .read = read_batch,
                                      .weigh = weigh,
                                      .work = predict_rows,
                                      .write = take_rows,
                                      .rest = rest};
    *totals = (struct predict_totals){0};
    const bool classes_only =
        !predict->proba && !predict->log_proba && !predict->rule && !predict->detail;
    bool done = voters_make(&run.voters, forest, run.jobs, classes_only, error) &&
                pipeline_run(&pipeline, run.jobs, error);
    voters_free(&run.voters, &totals->paths);
    stream_record_free(&run.cut.record);
    return done;
}

const char *predict_walk_name(void)
{
    return vote_kernel_name();
}
