/*
 * rf-eval: how well predictions match the labels.
 */
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/evaluate.h"
#include "score/json.h"
#include "score/metrics.h"
#include "score/sheet.h"

struct settings {
    bool json;
    bool accuracy;
};

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

static bool evaluate(const struct common *common, const struct settings *settings,
                     const struct confusion *confusion, struct error *error)
{
    struct metrics metrics;
    if (!metrics_of(confusion, &metrics))
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
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    struct confusion confusion = {0};
    bool done = evaluate_count(reader, &confusion, error) &&
                evaluate(&call->common, settings, &confusion, error);
    confusion_free(&confusion);
    stream_close(reader);
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
