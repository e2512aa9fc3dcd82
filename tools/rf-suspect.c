/*
 * rf-suspect: training texts whose label looks wrong.
 */
#include "base/colour.h"
#include "base/output.h"
#include "base/path.h"
#include "base/program.h"
#include "base/report.h"
#include "run/suspect.h"
#include "run/tell.h"
#include "score/names.h"

#include <string.h>

enum { SHOWN_CHARACTERS = 300 };

enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON };

struct settings {
    uint64_t top; /* 0: as many as may be wrong */
    double near;  /* 0: none */
    struct collection_settings documents;
    int format, colour;
};

/* What a run holds. */
struct run {
    const struct common *common;
    const struct settings *settings;
    const char *name; /* of the predictions */
    struct voted voted;
    struct kept kept;
    struct suspicions suspicions;
    bool colour;
};

/* ---- text ---- */

static void put_place(const struct run *run, uint32_t row, struct buffer *text)
{
    buffer_name(text, text_of(run->kept.rows[row].file));
    buffer_print(text, ":%llu", (unsigned long long)run->kept.rows[row].line);
}

static void put_label(const struct run *run, struct text label, const char *colour,
                      struct buffer *text)
{
    buffer_string(text, run->colour ? colour : "");
    name_show(text, label);
    buffer_string(text, run->colour ? "\x1b[0m" : "");
}

/* A text's beginning, up to a whole character. */
static void put_text(const struct run *run, uint32_t row, struct buffer *text)
{
    struct text whole = run->kept.rows[row].text, cut = {whole.data, 0};
    for (size_t count = 0; cut.size < whole.size && count < SHOWN_CHARACTERS; count++)
        do
            cut.size++;
        while (cut.size < whole.size && ((unsigned char)whole.data[cut.size] & 0xc0) == 0x80);
    buffer_string(text, "    ");
    name_show_text(text, cut);
    buffer_string(text, cut.size < whole.size ? "\xe2\x80\xa6\n" : "\n");
}

static void show_text(const struct run *run, size_t number, const struct suspected *suspect,
                      struct buffer *text)
{
    buffer_print(text, "%zu  ", number + 1);
    put_place(run, suspect->row, text);
    buffer_string(text, "  ");
    put_label(run, voted_label(&run->voted, suspect->row), "\x1b[31m", text);
    buffer_print(text, " %.4f, should be ", (double)suspect->probability);
    put_label(run, run->voted.header.classes[suspect->should], "\x1b[32m", text);
    buffer_print(text, " %.4f", (double)suspect->should_probability);
    if (suspect->twin != SUSPECT_NO_TWIN) {
        buffer_string(text, suspect->kind == SUSPECT_EQUAL ? ", as the equal " : ", as the near ");
        put_place(run, suspect->twin, text);
    }
    buffer_byte(text, '\n');
    put_text(run, suspect->row, text);
}

/* ---- for programs ---- */

static void show_tsv(const struct run *run, size_t number, const struct suspected *suspect,
                     struct buffer *text)
{
    (void)number;
    buffer_print(text, "%s\t%u\t", suspect_kind_name(suspect->kind), (unsigned)suspect->row + 1);
    buffer_field(text, voted_label(&run->voted, suspect->row), '\t');
    buffer_field(text, run->voted.header.classes[suspect->should], '\t');
    buffer_float(text, suspect->probability);
    buffer_byte(text, '\t');
    buffer_float(text, suspect->should_probability);
    buffer_byte(text, '\t');
    if (suspect->twin != SUSPECT_NO_TWIN)
        buffer_print(text, "%u", (unsigned)suspect->twin + 1);
    buffer_byte(text, '\t');
    name_show_text(text, run->kept.rows[suspect->row].text);
    buffer_byte(text, '\n');
}

static void put_key(struct buffer *text, const char *key, struct text value)
{
    buffer_print(text, ", \"%s\": ", key);
    buffer_json(text, value);
}

static void show_json(const struct run *run, size_t number, const struct suspected *suspect,
                      struct buffer *text)
{
    const struct kept_row *row = &run->kept.rows[suspect->row];
    (void)number;
    buffer_print(text, "{\"kind\": \"%s\", \"document\": %u", suspect_kind_name(suspect->kind),
                 (unsigned)suspect->row + 1);
    put_key(text, "file", text_of(row->file));
    buffer_print(text, ", \"line\": %llu", (unsigned long long)row->line);
    put_key(text, "label", row->label);
    put_key(text, "should", run->voted.header.classes[suspect->should]);
    buffer_string(text, ", \"probability\": ");
    buffer_float(text, suspect->probability);
    buffer_string(text, ", \"should_probability\": ");
    buffer_float(text, suspect->should_probability);
    if (suspect->twin != SUSPECT_NO_TWIN)
        buffer_print(text, ", \"twin\": %u", (unsigned)suspect->twin + 1);
    put_key(text, "text", row->text);
    buffer_string(text, "}\n");
}

/* ---- running ---- */

static size_t listed(const struct run *run)
{
    const struct suspicions *suspicions = &run->suspicions;
    size_t count = run->settings->top ? (size_t)run->settings->top : suspicions->likely;
    return count < suspicions->count ? count : suspicions->count;
}

static bool write_to(const struct run *run, struct output *output, struct error *error)
{
    static void (*const forms[])(const struct run *, size_t, const struct suspected *,
                                 struct buffer *) = {
        [FORMAT_TEXT] = show_text, [FORMAT_TSV] = show_tsv, [FORMAT_JSON] = show_json};
    struct buffer text = {0};
    bool done = true;
    if (run->settings->format == FORMAT_TSV)
        buffer_string(&text, "kind\tdocument\tlabel\tshould\tprobability\tshould_probability\t"
                             "twin\ttext\n");
    for (size_t i = 0; done && i < listed(run); i++) {
        forms[run->settings->format](run, i, &run->suspicions.list[i], &text);
        done = buffer_send(&text, output, error);
    }
    done = done && buffer_send(&text, output, error);
    buffer_free(&text);
    return done;
}

/* The forest may have been trained on these rows, which nothing tells. */
static bool are_predicted(const struct lineage *lineage)
{
    return lineage->count && strcmp(lineage->entries[lineage->count - 1].tool, "rf-predict") == 0;
}

static void summarize(const struct run *run, double seconds)
{
    char count[REPORT_COUNT_SIZE], rows[REPORT_COUNT_SIZE], equal[REPORT_COUNT_SIZE];
    char near[REPORT_COUNT_SIZE];
    const struct suspicions *suspicions = &run->suspicions;
    report_summary(run->common,
                   "%s of %s %s may be wrong; %s %s under another label as well, %s nearly so; in "
                   "%.2f s",
                   report_count(suspicions->off_diagonal, count),
                   report_count(run->voted.rows, rows),
                   report_noun(run->voted.rows, "label", "labels"),
                   report_count(suspicions->kinds[SUSPECT_EQUAL], equal),
                   report_noun(suspicions->kinds[SUSPECT_EQUAL], "text stands", "texts stand"),
                   report_count(suspicions->kinds[SUSPECT_NEAR], near), seconds);
    if (are_predicted(&run->voted.header.lineage))
        report_warning(run->common,
                       "%s: rf-predict wrote these: if the forest was trained on these texts, it "
                       "knows their labels: take what rf-train --oob writes",
                       run->name);
    if (run->voted.strangers.count)
        report_warning(run->common,
                       "%s: the model lacks %zu of the labels: their texts are passed "
                       "over",
                       run->name, run->voted.strangers.count);
    tell_form(run->common, run->kept.documents);
    tell_repairs(run->common, &run->kept.repairs, true);
}

static bool read_all(struct run *run, const struct call *call, struct error *error)
{
    struct stream_reader *reader = stream_open(call->operands[0], error);
    if (!reader)
        return false;
    run->name = stream_name(reader);
    bool done = voted_read(&run->voted, reader, error) &&
                kept_read(&run->kept, &run->settings->documents, call->operands + 1,
                          call->count - 1, "give another --label-column", run->common, error) &&
                suspect_check(&run->voted, run->name, &run->kept, call->operands[1], error);
    run->name = path_called(call->operands[0]);
    stream_close(reader);
    return done;
}

static bool write_out(const struct run *run, struct error *error)
{
    struct output *output = output_open(run->common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    return output_settle(output, write_to(run, output, error), error);
}

static bool check(const struct call *call, struct error *error)
{
    return call->count >= 2 ||
           error_set(error, STATUS_USAGE,
                     "name the predictions that rf-train --oob wrote, and the texts");
}

static bool rf_suspect(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    struct run run = {.common = &call->common, .settings = settings};
    double start = report_seconds();
    if (!check(call, error))
        return false;
    run.colour = colour_wanted((enum colour)settings->colour, run.common);
    bool done = read_all(&run, call, error) &&
                suspect_find(&run.voted, &run.kept, settings->near, &run.suspicions, error) &&
                write_out(&run, error);
    if (done)
        summarize(&run, report_seconds() - start);
    suspicions_free(&run.suspicions);
    kept_free(&run.kept);
    voted_free(&run.voted);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "tsv", "json", NULL};
    struct settings settings = {.near = 0.9, .documents.wish.labelled = true};
    const struct option_row rows[] = {
        {0, "top", "N", "list the N most suspect [as many as may be wrong]", OPTION_COUNT,
         &settings.top, 1, INT32_MAX, NULL, NULL},
        {0, "near", "X",
         "texts are nearly the same from that share of common words on; 0: never "
         "[0.9]",
         OPTION_REAL, &settings.near, 0, 1, NULL, NULL},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0, "format", "FORM", "text, tsv or json (a line a text) [text]", OPTION_CHOICE,
         &settings.format, 0, 0, formats, NULL},
        {0, "color", "WHEN", "colours (auto: on a terminal): auto, always, never [auto]",
         OPTION_CHOICE, &settings.colour, 0, 0, colour_choices, NULL},
        {0},
    };
    const struct program program = {
        .name = "rf-suspect",
        .arguments = "[options] PREDICTIONS DOCUMENTS...",
        .purpose = "List texts whose label looks wrong, by out-of-bag predictions of rf-train.",
        .rows = rows,
        .takes = TAKES_OUTPUT | DOES_UNPACK,
        .examples = "  rf-train --oob oob.mp -o model.mp train.mp\n"
                    "  rf-suspect oob.mp train.txt | less\n"};
    return program_main(&program, argc, argv, rf_suspect, &settings);
}
