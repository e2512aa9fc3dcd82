/*
 * corpus: what is in labelled texts, before anything is trained on them.
 */
#include "base/output.h"
#include "base/program.h"
#include "base/report.h"
#include "run/census.h"
#include "run/tell.h"
#include "score/json_put.h"
#include "score/names.h"

#include <stdlib.h>

enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON };

struct settings {
    uint64_t words;
    double near;
    const char *test; /* NULL: none */
    struct collection_settings documents;
    int format;
};

/* What a run holds. */
struct run {
    const struct settings *settings;
    struct kept kept, test;
    struct census census;
    struct census_overlap overlap;
};

/* A figure, by its name for people. */
struct figure_row {
    const char *name;
    uint64_t value;
};

enum { MOST_FIGURES = 16 };

static size_t list_figures(const struct run *run, struct figure_row rows[MOST_FIGURES])
{
    const struct census *census = &run->census;
    const struct figure_row always[] = {
        {"documents", run->kept.count},
        {"labels", census->label_count},
        {"tokens", census->twins.tokens},
        {"distinct words", census->twins.words.count},
        {"shortest", census->shortest},
        {"median length", census->median},
        {"longest", census->longest},
        {"without a word", census->empty},
        {"copies", census->copies},
        {"texts of several labels", census->conflicts},
        {"texts with a near one", census->near},
    };
    size_t count = sizeof always / sizeof *always;
    for (size_t i = 0; i < count; i++)
        rows[i] = always[i];
    if (!run->settings->near)
        count--;
    if (!run->settings->test)
        return count;
    rows[count++] = (struct figure_row){"test documents", run->overlap.documents};
    rows[count++] = (struct figure_row){"test texts that are in training", run->overlap.equal};
    rows[count++] = (struct figure_row){"of these under another label", run->overlap.conflicts};
    return count;
}

/* ---- text ---- */

static void show_text(const struct run *run, struct buffer *text)
{
    struct figure_row rows[MOST_FIGURES];
    char count[REPORT_COUNT_SIZE];
    size_t figures = list_figures(run, rows);
    for (size_t i = 0; i < figures; i++)
        buffer_print(text, "%-32s %12s\n", rows[i].name, report_count(rows[i].value, count));
    buffer_print(text, "\n%9s  %6s  %6s  %s\n", "documents", "share", "median", "label: words");
    for (size_t i = 0; i < run->census.label_count; i++) {
        const struct census_label *label = &run->census.labels[i];
        buffer_print(text, "%9s  %5.1f%%  %6u  ", report_count(label->documents, count),
                     100 * (double)label->documents / (double)run->kept.count,
                     (unsigned)label->median);
        name_show(text, label->label);
        buffer_byte(text, ':');
        for (size_t k = 0; k < run->settings->words && label->words[k].score > 0; k++) {
            buffer_byte(text, ' ');
            name_show(text, words_text(&run->census.twins.words, label->words[k].word));
        }
        buffer_byte(text, '\n');
    }
}

/* ---- for programs ---- */

static void show_tsv(const struct run *run, struct buffer *text)
{
    struct figure_row rows[MOST_FIGURES];
    size_t figures = list_figures(run, rows);
    buffer_string(text, "what\tname\tvalue\tdetail\n");
    for (size_t i = 0; i < figures; i++)
        buffer_print(text, "figure\t%s\t%llu\t\n", rows[i].name, (unsigned long long)rows[i].value);
    for (size_t i = 0; i < run->census.label_count; i++) {
        const struct census_label *label = &run->census.labels[i];
        buffer_string(text, "label\t");
        buffer_name(text, label->label);
        buffer_print(text, "\t%llu\t%u\n", (unsigned long long)label->documents,
                     (unsigned)label->median);
    }
    for (size_t i = 0; i < run->census.label_count; i++) {
        const struct census_label *label = &run->census.labels[i];
        for (size_t k = 0; k < run->settings->words && label->words[k].score > 0; k++) {
            buffer_string(text, "word\t");
            buffer_field(text, label->label, '\t');
            buffer_name(text, words_text(&run->census.twins.words, label->words[k].word));
            buffer_print(text, "\t%.4f\n", label->words[k].score);
        }
    }
}

static void put_json_words(const struct run *run, const struct census_label *label,
                           struct buffer *text)
{
    buffer_string(text, ", \"words\": [");
    for (size_t k = 0; k < run->settings->words && label->words[k].score > 0; k++) {
        buffer_string(text, k ? ", {\"word\": " : "{\"word\": ");
        buffer_json(text, words_text(&run->census.twins.words, label->words[k].word));
        buffer_string(text, ", ");
        json_real(text, "chi_squared", label->words[k].score);
        buffer_byte(text, '}');
    }
    buffer_string(text, "]}");
}

static void show_json(const struct run *run, struct buffer *text)
{
    struct figure_row rows[MOST_FIGURES];
    size_t figures = list_figures(run, rows);
    buffer_string(text, "{\n");
    for (size_t i = 0; i < figures; i++) {
        buffer_string(text, "  \"");
        for (const char *at = rows[i].name; *at; at++)
            buffer_byte(text, *at == ' ' ? '_' : *at);
        buffer_print(text, "\": %llu,\n", (unsigned long long)rows[i].value);
    }
    buffer_string(text, "  \"by_label\": [");
    for (size_t i = 0; i < run->census.label_count; i++) {
        const struct census_label *label = &run->census.labels[i];
        buffer_string(text, i ? ",\n    {\"label\": " : "\n    {\"label\": ");
        buffer_json(text, label->label);
        buffer_print(text, ", \"documents\": %llu, \"median\": %u",
                     (unsigned long long)label->documents, (unsigned)label->median);
        put_json_words(run, label, text);
    }
    buffer_string(text, "\n  ]\n}\n");
}

/* ---- running ---- */

static bool write_out(const struct run *run, const struct common *common, struct error *error)
{
    static void (*const forms[])(const struct run *, struct buffer *) = {
        [FORMAT_TEXT] = show_text, [FORMAT_TSV] = show_tsv, [FORMAT_JSON] = show_json};
    struct buffer text = {0};
    struct output *output = output_open(common, OUTPUT_TEXT, error);
    if (!output)
        return false;
    forms[run->settings->format](run, &text);
    bool sent = buffer_send(&text, output, error);
    buffer_free(&text);
    return output_settle(output, sent, error);
}

static bool read_all(struct run *run, const struct call *call, struct error *error)
{
    const struct settings *settings = run->settings;
    const char *way_out = "give another --label-column";
    struct collection_settings others = settings->documents;
    char *test[] = {(char *)settings->test};
    others.defects = NULL;
    if (!kept_read(&run->kept, &settings->documents, call->operands, call->count, way_out,
                   &call->common, error) ||
        (settings->test && !kept_read(&run->test, &others, test, 1, way_out, &call->common, error)))
        return false;
    return collection_check_any(run->kept.documents, run->kept.count, &run->kept.repairs, error);
}

static bool check(const struct call *call, struct error *error)
{
    return call->count > 0 ||
           error_set(error, STATUS_USAGE,
                     "no documents: name files of label<TAB>text lines, or - for stdin");
}

static void tell_labels(const struct common *common, const struct census *census,
                        uint64_t documents)
{
    tell_classes(common, census->label_count, documents, "documents");
    struct text *labels = calloc(census->label_count + 1, sizeof *labels);
    for (size_t i = 0; labels && i < census->label_count; i++)
        labels[i] = census->labels[i].label;
    if (labels)
        tell_alike(common, labels, census->label_count);
    free(labels);
}

static bool corpus(const struct call *call, void *target, struct error *error)
{
    struct run run = {.settings = target};
    const struct settings *settings = target;
    bool done =
        check(call, error) && read_all(&run, call, error) &&
        census_take(&run.census, &run.kept, (size_t)settings->words, settings->near, error) &&
        (!settings->test ||
         census_overlap(&run.census, &run.kept, &run.test, &run.overlap, error)) &&
        write_out(&run, &call->common, error);
    if (done) {
        tell_form(&call->common, run.kept.documents);
        tell_repairs(&call->common, &run.kept.repairs, true);
        tell_labels(&call->common, &run.census, run.kept.count);
    }
    census_free(&run.census);
    kept_free(&run.kept);
    kept_free(&run.test);
    return done;
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {"text", "tsv", "json", NULL};
    struct settings settings = {.words = 10, .near = 0.9, .documents.wish.labelled = true};
    const struct option_row rows[] = {
        {0, "test", "FILE", "test texts, for how many of them are in training",
         OPTION_TEXT | OPTION_UNPACKS, &settings.test, 0, 0, NULL, NULL},
        {0, "words", "N", "of each label the N words that speak most for it [10]", OPTION_COUNT,
         &settings.words, 0, 1000, NULL, NULL},
        {0, "near", "X",
         "texts are nearly the same from that share of common words on; 0: never [0.9]",
         OPTION_REAL, &settings.near, 0, 1, NULL, NULL},
        WISH_LABEL_COLUMN(settings.documents.wish),
        WISH_TEXT_COLUMN(settings.documents.wish),
        WISH_LABEL_KEY(settings.documents.wish),
        WISH_FORM(settings.documents.wish),
        COLLECTION_DEFECTS(settings.documents),
        {0, "format", "FORM", "text, tsv or json [text]", OPTION_CHOICE, &settings.format, 0, 0,
         formats, NULL},
        {0},
    };
    const struct program program = {
        .name = "corpus",
        .arguments = "[options] DOCUMENTS...",
        .purpose = "Tell what is in labelled documents: labels, lengths, copies, telling words.",
        .rows = rows,
        .takes = TAKES_OUTPUT | DOES_UNPACK,
        .examples = "  corpus train.txt\n  corpus --test test.txt train.txt\n"};
    return program_main(&program, argc, argv, corpus, &settings);
}
