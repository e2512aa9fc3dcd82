/*
 * rf-eval: how well predictions match the labels.
 */
#include "base/memory.h"
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "score/json.h"
#include "score/metrics.h"
#include "score/sheet.h"
#include "stream/numbers.h"
#include "stream/predictions.h"

#include <stdlib.h>

struct settings {
    bool json;
    bool accuracy;
};

/* What counting needs: the label numbers of the model's classes, as far as they were predicted. */
struct run {
    struct stream_reader *reader;
    struct stream_header header;
    uint32_t *number_of; /* class_count; WORDS_NONE: not predicted so far */
    struct confusion confusion;
};

/* ---- counting ---- */

static uint32_t number_of_class(struct run *run, int32_t predicted)
{
    uint32_t *number = &run->number_of[predicted];
    if (*number == WORDS_NONE)
        *number = confusion_label(&run->confusion, run->header.classes[predicted]);
    return *number;
}

static bool count_block(struct run *run, const struct stream_record *record, struct error *error)
{
    struct predictions_block block;
    if (!predictions_decode(&run->header, record, &block, error))
        return false;
    for (uint32_t row = 0; row < block.rows; row++) {
        uint32_t label = confusion_label(&run->confusion, stream_text(&block.labels[row]));
        uint32_t predicted = number_of_class(run, numbers_int32(block.predicted.bytes, row));
        if (label == WORDS_NONE || predicted == WORDS_NONE ||
            !confusion_row(&run->confusion, label, predicted))
            return error_memory(error, "counting the rows");
    }
    return true;
}

static bool count_blocks(struct run *run, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next;
    while ((next = stream_next(run->reader, &record, error)) == STREAM_BLOCK)
        if (!count_block(run, &record, error))
            break;
    stream_record_free(&record);
    return next == STREAM_END;
}

static bool count(struct run *run, struct error *error)
{
    const char *name = stream_name(run->reader);
    if (!stream_read_header(run->reader, STREAM_PREDICTIONS, &run->header, error))
        return false;
    if (!run->header.labelled)
        return error_set(error, STATUS_INPUT,
                         "%s: the rows have no labels to compare with: vectorize without "
                         "--no-label",
                         name);
    run->number_of = memory_array(run->header.class_count, sizeof *run->number_of);
    if (!run->number_of)
        return error_memory(error, "counting the rows");
    for (uint32_t i = 0; i < run->header.class_count; i++)
        run->number_of[i] = WORDS_NONE;
    if (!count_blocks(run, error))
        return false;
    return run->confusion.rows ||
           error_set(error, STATUS_INPUT, "%s: there are no rows to evaluate", name);
}

/* ---- writing ---- */

static bool write_text(const struct metrics *metrics, struct output *output, struct error *error)
{
    struct buffer text = {0};
    bool done = sheet_metrics(metrics, &text) || error_memory(error, "writing the figures");
    done = done && buffer_send(&text, output, error);
    buffer_free(&text);
    return done;
}

static bool write_metrics(const struct common *common, const struct settings *settings,
                          const struct metrics *metrics, struct error *error)
{
    struct output *output = output_open(common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    bool done;
    if (settings->accuracy)
        done = output_print(output, error, "%.6f\n", metrics->accuracy);
    else if (settings->json)
        done = json_metrics(metrics, output, error);
    else
        done = write_text(metrics, output, error);
    if (done)
        return output_commit(output, error);
    output_discard(output);
    return false;
}

/* ---- running ---- */

static bool evaluate(const struct common *common, const struct settings *settings, struct run *run,
                     struct error *error)
{
    struct metrics metrics;
    if (!count(run, error))
        return false;
    if (!metrics_of(&run->confusion, &metrics))
        return error_memory(error, "computing the figures");
    bool done = write_metrics(common, settings, &metrics, error);
    metrics_free(&metrics);
    return done;
}

static bool rf_eval(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    const char *path;
    if (settings->json && settings->accuracy)
        return error_set(error, STATUS_USAGE, "--json and --accuracy exclude each other");
    if (!program_operand(call, &path, error))
        return false;
    struct run run = {.reader = stream_open(path, error)};
    if (!run.reader)
        return false;
    bool done = evaluate(&call->common, settings, &run, error);
    confusion_free(&run.confusion);
    free(run.number_of);
    stream_header_free(&run.header);
    stream_close(run.reader);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    const struct option_row rows[] = {
        {0, "json", NULL, "print the figures as JSON", OPTION_FLAG, &settings.json, 0, 0, NULL,
         NULL},
        {0, "accuracy", NULL, "print the accuracy alone", OPTION_FLAG, &settings.accuracy, 0, 0,
         NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-eval",
        .arguments = "[options] [PREDICTIONS]",
        .purpose = "Compare predictions with the labels: accuracy, precision, recall and F1 of "
                   "each class, confusion matrix.",
        .rows = rows,
        .takes = TAKES_OUTPUT,
        .examples = "  rf-predict --format mp model.mp test.mp | rf-eval\n"
                    "  rf-eval --json predictions.mp | jq '.classes[] | {label, f1}'\n"};
    return program_main(&program, argc, argv, rf_eval, &settings);
}
