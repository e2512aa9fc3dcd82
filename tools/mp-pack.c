/*
 * mp-pack: tables of numbers to samples.
 */
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/pack.h"

#include <string.h>

/* What the lineage notes of columns: their names, with commas between. */
enum { NOTE_SIZE = 1024 };

struct settings {
    struct pack pack;
    const char *from, *dropped, *one_hot, *first_index; /* NULL: nothing to note */
    char dropped_text[NOTE_SIZE], one_hot_text[NOTE_SIZE];
};

static const char *const first_indices[] = {"auto", "0", "1", NULL};

static const char *join(const struct pack_columns *columns, char text[NOTE_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < columns->count; i++) {
        size_t size = strlen(columns->given[i]);
        if (used + size + 2 > NOTE_SIZE)
            break;
        if (used)
            text[used++] = ',';
        memcpy(text + used, columns->given[i], size + 1);
        used += size;
    }
    return columns->count ? text : NULL;
}

static bool check(struct settings *settings, const struct call *call, struct error *error)
{
    struct pack *pack = &settings->pack;
    if (!program_operand(call, &pack->path, error))
        return false;
    if (pack->delimiter &&
        (strcmp(pack->delimiter, "TAB") == 0 || strcmp(pack->delimiter, "\\t") == 0))
        pack->delimiter = "tab";
    const char *delimiter = pack->delimiter;
    bool odd = delimiter && strcmp(delimiter, "tab") != 0 &&
               (strlen(delimiter) != 1 || (unsigned char)delimiter[0] >= 0x80 ||
                strchr("\"\r\n", delimiter[0]));
    if (odd)
        return error_set(error, STATUS_USAGE,
                         "--delimiter '%s': give one character, such as ';', or tab", delimiter);
    settings->from = pack_forms[pack_form(pack)];
    settings->dropped = join(&pack->dropped, settings->dropped_text);
    settings->one_hot = join(&pack->one_hot, settings->one_hot_text);
    settings->first_index = pack->first_index ? first_indices[pack->first_index] : NULL;
    return true;
}

static void summarize(const struct common *common, const struct pack_totals *totals)
{
    char rows[REPORT_COUNT_SIZE], count[REPORT_COUNT_SIZE];
    report_summary(common, "%s %s of %u %s%s%s", report_count(totals->rows, rows),
                   report_noun(totals->rows, "sample", "samples"), (unsigned)totals->dim,
                   report_noun(totals->dim, "feature", "features"),
                   totals->labelled ? "" : ", without labels",
                   totals->counted_from_1 ? ", counted from 1" : "");
    if (totals->missing)
        report_summary(common, "%s %s missing", report_count(totals->missing, count),
                       report_noun(totals->missing, "value is", "values are"));
    if (totals->strange)
        report_warning(common, "%s %s none of the features (first: line %llu)",
                       report_count(totals->strange, count),
                       report_noun(totals->strange, "category is", "categories are"),
                       (unsigned long long)totals->first_strange);
    if (totals->twice[0])
        report_warning(common, "several features are called %s: their names don't tell them apart",
                       totals->twice);
    if (totals->counts)
        report_warning(common, "the first record counts the columns, and was taken for a sample: "
                               "if it names them, say --header");
    if (totals->row_numbers)
        report_warning(common, "column 1 counts the rows, and is a feature: if it is no more than "
                               "their number, leave it out with --drop 1");
    if (totals->may_be_from_0)
        report_warning(common, "no index is 0, so they were taken to be counted from 1: if those "
                               "of --like are counted from 0, say --first-index 0");
    if (!totals->rows)
        report_warning(common, "there are no rows");
}

static bool mp_pack(const struct call *call, void *target, struct error *error)
{
    struct settings *settings = target;
    struct pack_totals totals;
    if (!check(settings, call, error))
        return false;
    settings->pack.program = call->program;
    struct output *output = output_open(&call->common, OUTPUT_BINARY, error);
    if (!output)
        return false;
    if (!pack_run(&settings->pack, output, &totals, error)) {
        output_discard(output);
        return false;
    }
    if (!output_commit(output, error))
        return false;
    summarize(&call->common, &totals);
    return true;
}

int main(int argc, char **argv)
{
    struct settings settings = {.from = NULL};
    struct pack *pack = &settings.pack;
    const struct option_row rows[] = {
        {0, "from", "FORM", "csv, tsv, npy or libsvm [auto: by the file's name; csv]",
         OPTION_CHOICE, &pack->from, 0, 0, pack_forms, NULL},
        {.name = "from", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &settings.from},
        {0, "label-column", "COLUMN", "the label's column, by number or name [label]",
         OPTION_TEXT | OPTION_NOTED_SET, &pack->label, 0, 0, NULL, NULL},
        {0, "no-label", NULL, "samples get no labels", OPTION_FLAG | OPTION_NOTED_SET,
         &pack->no_label, 0, 0, NULL, NULL},
        {0, "drop", "COLUMN", "leave a column out; may be given again", OPTION_CUSTOM,
         &pack->dropped, 0, 0, NULL, pack_add_column},
        {.name = "drop", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &settings.dropped},
        {0, "one-hot", "COLUMN", "make each category of a column a feature; may be given again",
         OPTION_CUSTOM, &pack->one_hot, 0, 0, NULL, pack_add_column},
        {.name = "one-hot", .type = OPTION_TEXT | OPTION_NOTED_SET, .target = &settings.one_hot},
        {0, "like", "FILE", "the features of these samples, or of this forest",
         OPTION_TEXT | OPTION_READS, &pack->like, 0, 0, NULL, NULL},
        {0, "missing", "TEXT", "what else stands for a missing value",
         OPTION_TEXT | OPTION_NOTED_SET, &pack->missing, 0, 0, NULL, NULL},
        {0, "delimiter", "CHAR",
         "what separates the fields of CSV: a character, or tab [any of , ; TAB]",
         OPTION_TEXT | OPTION_NOTED_SET, &pack->delimiter, 0, 0, NULL, NULL},
        {0, "header", NULL, "the first record names the columns", OPTION_FLAG | OPTION_NOTED_SET,
         &pack->header, 0, 0, NULL, NULL},
        {0, "no-header", NULL, "the first record is a sample", OPTION_FLAG | OPTION_NOTED_SET,
         &pack->no_header, 0, 0, NULL, NULL},
        {0, "labels", "FILE", "of a .npy file: the label of each row, one a line",
         OPTION_TEXT | OPTION_UNPACKS, &pack->labels, 0, 0, NULL, NULL},
        {0, "dim", "N", "of libsvm: how many features there are [as many as occur]",
         OPTION_COUNT | OPTION_NOTED_SET, &pack->dim, 1, 65536, NULL, NULL},
        {0, "first-index", "N", "of libsvm: the first feature's number: auto, 0 or 1 [auto]",
         OPTION_CHOICE, &pack->first_index, 0, 0, first_indices, NULL},
        {.name = "first-index",
         .type = OPTION_TEXT | OPTION_NOTED_SET,
         .target = &settings.first_index},
        {0},
    };
    const struct program program = {
        .name = "mp-pack",
        .arguments = "[options] [TABLE]",
        .purpose = "Turn a table of numbers (CSV, TSV, .npy or libsvm; plain, .gz or .zip) into "
                   "samples.",
        .rows = rows,
        .takes = TAKES_OUTPUT | TAKES_FORCE | DOES_UNPACK,
        .examples = "  mp-pack --label-column species iris.csv | rf-train -o model.mp\n"
                    "  mp-pack --labels y.txt X.npy >samples.mp\n",
    };
    return program_main(&program, argc, argv, mp_pack, &settings);
}
