/*
 * relabel: documents with some of their labels corrected.
 */
#include "base/output.h"
#include "base/path.h"
#include "base/program.h"
#include "base/report.h"
#include "run/corrections.h"
#include "run/kept.h"
#include "run/tell.h"

struct settings {
    uint64_t label_column, text_column; /* 0: not given */
};

/* What a run holds. */
struct run {
    const struct common *common;
    struct kept kept;
    struct corrections corrections;
    struct buffer text;
};

static bool write_to(struct run *run, struct output *output, struct error *error)
{
    for (size_t i = 0; i < run->kept.count; i++) {
        struct text label = corrections_label(&run->corrections, &run->kept, i);
        buffer_bytes(&run->text, label.data, label.size);
        buffer_byte(&run->text, '\t');
        buffer_bytes(&run->text, run->kept.rows[i].text.data, run->kept.rows[i].text.size);
        buffer_byte(&run->text, '\n');
        if (!buffer_send(&run->text, output, error))
            return false;
    }
    return true;
}

static bool write_out(struct run *run, struct error *error)
{
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, write_to(run, output, error), error);
}

static bool check(const struct call *call, struct error *error)
{
    size_t standard = 0;
    if (call->count < 2)
        return error_set(error, STATUS_USAGE, "name a file of corrections, and the texts");
    for (size_t i = 0; i < call->count; i++)
        standard += path_is_standard(call->operands[i]);
    return standard <= 1 || error_set(error, STATUS_USAGE, "standard input can't be read twice");
}

static bool relabel(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    struct run run = {.common = &call->common};
    struct documents_columns columns;
    char changed[REPORT_COUNT_SIZE], documents[REPORT_COUNT_SIZE];
    if (!check(call, error) ||
        !documents_pick(&columns, settings->label_column ? settings->label_column : 1,
                        settings->text_column, "give another --label-column", error))
        return false;
    bool done = kept_read(&run.kept, call->operands + 1, call->count - 1, &columns, error) &&
                corrections_read(&run.corrections, call->operands[0], &run.kept, error) &&
                write_out(&run, error);
    if (done) {
        report_summary(run.common, "%s of %s labels changed",
                       report_count(run.corrections.changed, changed),
                       report_count(run.kept.count, documents));
        tell_repairs(run.common, &run.kept.repairs);
    }
    corrections_free(&run.corrections);
    kept_free(&run.kept);
    buffer_free(&run.text);
    return done;
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    const struct option_row rows[] = {
        {0, "label-column", "N", "the label is column N, separated by TABs [1]", OPTION_COUNT,
         &settings.label_column, 1, DOCUMENTS_COLUMNS, NULL, NULL},
        {0, "text-column", "N", "the text is column N [all behind the first TAB]", OPTION_COUNT,
         &settings.text_column, 1, DOCUMENTS_COLUMNS, NULL, NULL},
        {0},
    };
    const struct program program = {
        .name = "relabel",
        .arguments = "[options] CORRECTIONS DOCUMENTS...",
        .purpose = "Write documents anew, label<TAB>text a line, some of their labels corrected.",
        .rows = rows,
        .takes = TAKES_OUTPUT,
        .examples = "  relabel corrections.tsv train.txt >better.txt\n"};
    return program_main(&program, argc, argv, relabel, &settings);
}
