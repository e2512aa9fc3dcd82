/* Lines are spelled on the voting threads; blocks of a stream are packed as they are taken. */
#include "run/predict_write.h"

#include "base/buffer.h"
#include "stream/show.h"

enum {
    /* Bytes of the probabilities of rows that are handed on together. */
    STREAM_PROBA = 1 << 26, /* a block of predictions, and no longer than a record may be */
    TEXT_PROBA = 1 << 22,

    AT_HAND = 1 << 29, /* bytes that are made of rows which are not written yet */
    SHOWN = 3          /* a number's text to its bytes, nearly */
};

/* ---- beginning ---- */

static bool begin_text(struct predict_write *write, struct error *error)
{
    struct buffer heading = {0};
    if (write->heading == PREDICT_HEADING_NEVER ||
        (write->heading == PREDICT_HEADING_AUTO && !show_predictions_named(&write->header)))
        return true;
    if (write->labels_only)
        buffer_string(&heading, write->keep ? "predicted\tkept\n" : "predicted\n");
    else
        show_predictions_heading(&write->header, write->top, &heading);
    bool sent = buffer_send(&heading, write->output, error);
    buffer_free(&heading);
    return sent;
}

bool predict_write_begin(struct predict_write *write, const struct common *common,
                         struct error *error)
{
    write->output = output_open(common, write->stream ? OUTPUT_BINARY : OUTPUT_TEXT, error);
    if (!write->output)
        return false;
    if (!write->stream)
        return begin_text(write, error);
    write->writer = stream_begin(write->output, &write->header, error);
    return write->writer != NULL;
}

/* ---- what predict hands on ---- */

static void spell(void *context, const struct predictions_rows *rows, struct buffer *text)
{
    const struct predict_write *write = context;
    struct predictions_rows shown = *rows;
    if (write->labels_only)
        shown.labels = NULL;
    if (!write->keep)
        shown.kept = NULL;
    show_predictions(&write->header, &shown, write->top, text);
}

static void count(struct predict_write *write, const struct predictions_rows *rows)
{
    write->rows += rows->rows;
    progress_update(&write->progress, write->rows);
}

static bool take_text(void *context, const struct predictions_rows *rows, struct buffer *text,
                      struct error *error)
{
    struct predict_write *write = context;
    count(write, rows);
    return buffer_send(text, write->output, error);
}

static bool take_rows(void *context, const struct predictions_rows *rows, struct buffer *text,
                      struct error *error)
{
    struct predict_write *write = context;
    (void)text;
    count(write, rows);
    /* A block without rows is not handed on. */
    struct predictions_rows written = *rows;
    if (!write->keep)
        written.kept = NULL;
    return !rows->rows || predictions_write(write->writer, &write->header, &written, error);
}

/* Readers that wait for each answer get it at once. */
static bool hand_on(void *context, struct error *error)
{
    const struct predict_write *write = context;
    return write->writer ? stream_flush(write->writer, error) : output_flush(write->output, error);
}

/* Rows whose probabilities, and what is wanted beside them, are handed on together. */
static uint32_t most_rows(const struct predict_write *write, const struct predict *job)
{
    const bool shares = write->header.proba || write->header.log_proba || job->rule;
    const uint64_t row = (shares ? write->header.class_count * sizeof(float) : 0) +
                         (job->detail ? detail_row_bytes(job->detail) : 0);
    const uint64_t bytes = write->stream ? STREAM_PROBA : TEXT_PROBA;
    const uint64_t most = row ? bytes / row : STREAM_MAX_ROWS;
    if (most > STREAM_MAX_ROWS)
        return STREAM_MAX_ROWS;
    return most ? (uint32_t)most : 1;
}

/* What is made of a row, nearly: probabilities and their logarithms, a set, details, their text. */
static uint64_t row_bytes(const struct predict_write *write, const struct predict *job)
{
    const unsigned shares = (job->proba || job->rule) + job->log_proba + job->sets;
    const uint64_t numbers = shares * sizeof(float) * (uint64_t)write->header.class_count +
                             (job->detail ? detail_row_bytes(job->detail) : 0);
    return sizeof(int32_t) + numbers * (write->stream ? 1 : 1 + SHOWN);
}

bool predict_write_run(struct predict_write *write, const struct common *common,
                       struct predict *job, struct predict_totals *totals, struct error *error)
{
    job->most_rows = most_rows(write, job);
    job->row_bytes = row_bytes(write, job);
    job->most_bytes = AT_HAND;
    job->spell = write->stream ? NULL : spell;
    job->take = write->stream ? take_rows : take_text;
    job->rest = hand_on;
    job->context = write;
    write->progress = progress_start(common, "rows", 0);
    bool done = predict_run(job, totals, error);
    progress_finish(&write->progress);
    return done;
}

/* ---- ending ---- */

bool predict_write_end(struct predict_write *write, struct digest read, struct error *error)
{
    if (write->writer) {
        struct stream_writer *writer = write->writer;
        write->writer = NULL;
        if (!stream_end(writer, read, error))
            return false;
    }
    struct output *output = write->output;
    write->output = NULL;
    return output_commit(output, error);
}

void predict_write_free(struct predict_write *write)
{
    stream_abandon(write->writer);
    output_discard(write->output);
    lineage_free(&write->header.lineage);
    *write = (struct predict_write){0};
}
