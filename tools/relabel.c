/*
 * relabel: documents with some of their labels corrected.
 */
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/rewrite.h"
#include "run/tell.h"

struct settings {
    struct collection_settings documents;
    int to; /* enum rewrite_to */
};

/* What a run holds. */
struct run {
    const struct common *common;
    enum rewrite_to to;
    struct kept kept;
    struct corrections corrections;
};

static bool write_out(struct run *run, struct error *error)
{
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, rewrite_all(&run->kept, &run->corrections, run->to, output, error),
                         error);
}

static bool check(const struct call *call, struct error *error)
{
    return call->count >= 2 ||
           error_set(error, STATUS_USAGE, "name a file of corrections, and the texts");
}

static bool relabel(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    struct run run = {.common = &call->common, .to = (enum rewrite_to)settings->to};
    char changed[REPORT_COUNT_SIZE], documents[REPORT_COUNT_SIZE];
    if (!check(call, error))
        return false;
    bool done = kept_read(&run.kept, &settings->documents, call->operands + 1, call->count - 1,
                          "give another --label-column", run.common, error) &&
                rewrite_check(&run.kept, run.to, error) &&
                corrections_read(&run.corrections, call->operands[0], &run.kept, error) &&
                write_out(&run, error);
    if (done) {
        struct repairs repairs = rewrite_repairs(&run.kept, run.to);
        report_summary(run.common, "%s of %s %s changed",
                       report_count(run.corrections.changed, changed),
                       report_count(run.kept.count, documents),
                       report_noun(run.kept.count, "label", "labels"));
        tell_form(run.common, run.kept.documents);
        tell_repairs(run.common, &repairs, true);
        tell_empty(run.common, run.kept.count, &run.kept.repairs, call->operands[1]);
    }
    corrections_free(&run.corrections);
    kept_free(&run.kept);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const forms[] = {"same", "json", NULL};
    struct settings settings = {
        .documents.wish = {.labelled = true, .keep = "line", .rewrites = true}};
    const struct option_row rows[] = {
        {0, "to", "FORM", "same, or json: lines with a label and a text [same]", OPTION_CHOICE,
         &settings.to, 0, 0, forms, NULL},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0},
    };
    const struct program program = {
        .name = "relabel",
        .arguments = "[options] CORRECTIONS DOCUMENTS...",
        .purpose =
            "Write documents anew, in the form they came in, some of their labels corrected.",
        .rows = rows,
        .takes = TAKES_OUTPUT | DOES_UNPACK,
        .examples = "  relabel corrections.tsv train.txt >better.txt\n"
                    "  relabel -o better.csv corrections.tsv train.csv\n"};
    return program_main(&program, argc, argv, relabel, &settings);
}
