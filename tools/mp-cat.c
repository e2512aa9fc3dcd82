/*
 * mp-cat: any stream as text, or what it says of itself.
 */
#include "base/output.h"
#include "base/program.h"
#include "export/export.h"
#include "run/nearest.h"
#include "run/script.h"
#include "stream/about.h"
#include "stream/show.h"

#include <string.h>

enum { NEIGHBOURS = 10 };

struct settings {
    int format;             /* an export_format */
    uint64_t head;          /* rows or trees to show; UINT64_MAX: all */
    uint64_t tree;          /* the only tree to export; UINT64_MAX: it was not given */
    const char *neighbours; /* the word whose neighbours to show; NULL: none */
    bool check;
    bool lineage;
    bool stats;
};

struct run {
    const struct settings *settings;
    bool shows; /* the rows, rather than something about them */
    struct stream_reader *reader;
    struct stream_header header;
    struct output *output;
    struct show show;      /* as text; */
    struct export *export; /* as something else; NULL: it is not wanted */
    struct about about;
};

static bool check(const struct settings *settings, struct error *error)
{
    if (settings->check + settings->lineage + settings->stats + (settings->neighbours != NULL) > 1)
        return error_set(error, STATUS_USAGE,
                         "--check, --lineage, --stats and --neighbours exclude each other");
    if (settings->head != UINT64_MAX && (settings->check || settings->lineage || settings->stats))
        return error_set(error, STATUS_USAGE,
                         "--head is for showing: --check, --lineage and --stats read everything");
    if (settings->format != EXPORT_TEXT &&
        (settings->check || settings->lineage || settings->stats || settings->neighbours != NULL))
        return error_set(error, STATUS_USAGE,
                         "--format is for showing all: leave --check, --lineage, --stats and "
                         "--neighbours out");
    if (settings->tree != UINT64_MAX && settings->format == EXPORT_TEXT)
        return error_set(error, STATUS_USAGE, "--tree is for --format dot and jsonl");
    return true;
}

/* ---- blocks ---- */

/* Showing decodes a block, which checks it, even where nothing is left to show. */
static bool take_block(struct run *run, const struct stream_record *record, struct error *error)
{
    if (run->settings->stats && !about_block(&run->about, &run->header, record, error))
        return false;
    return run->export ? export_block(run->export, record, error)
                       : show_block(&run->show, record, error);
}

/* With --head, what lies behind the last row shown is not read; the terms that speak most are known
   only when all were. */
static bool satisfied(const struct run *run)
{
    return !run->export && run->settings->head != UINT64_MAX && run->show.left == 0 &&
           run->header.kind != STREAM_LINEAR;
}

static bool take_blocks(struct run *run, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next = STREAM_BLOCK;
    bool taken = true;
    while (taken && next == STREAM_BLOCK && !satisfied(run)) {
        next = stream_next(run->reader, &record, error);
        if (next == STREAM_BLOCK)
            taken = take_block(run, &record, error);
        if (taken && next == STREAM_BLOCK && stream_waits(run->reader))
            taken = output_flush(run->output, error);
    }
    stream_record_free(&record);
    return taken && next != STREAM_FAILED;
}

/* ---- what comes before and after them ---- */

static bool begin_export(struct run *run, struct error *error)
{
    const struct export_wish wish = {.format = (enum export_format)run->settings->format,
                                     .most = run->settings->head,
                                     .tree = run->settings->tree};
    run->export = export_start(&run->header, &wish, run->output, error);
    return run->export != NULL;
}

static bool begin(struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    run->shows = !settings->check && !settings->lineage && !settings->stats;
    run->show = (struct show){
        .header = &run->header, .output = run->output, .left = run->shows ? settings->head : 0};
    if (!stream_read_any_header(run->reader, &run->header, error))
        return false;
    if (settings->format != EXPORT_TEXT)
        return begin_export(run, error);
    return !run->shows || show_start(&run->show, error);
}

static bool tell(struct run *run, struct error *error)
{
    struct buffer text = {0};
    if (run->settings->lineage) {
        lineage_complete(&run->header.lineage, stream_read_digest(run->reader));
        about_lineage(&run->header.lineage, &text);
    }
    if (run->settings->stats) {
        struct stream_totals totals = stream_read_totals(run->reader);
        about_stats(&run->about, &run->header, &totals, &text);
    }
    bool sent = buffer_send(&text, run->output, error);
    buffer_free(&text);
    return sent;
}

/* ---- neighbours ---- */

static bool print_neighbours(const struct run *run, const struct nearest *nearest,
                             struct error *error)
{
    struct buffer text = {0};
    for (size_t i = 0; i < nearest->count; i++) {
        buffer_name(&text, words_text(&nearest->table.words, nearest->found[i].row));
        buffer_print(&text, "\t%.4f\n", nearest->found[i].cosine);
    }
    bool sent = buffer_send(&text, run->output, error);
    buffer_free(&text);
    return sent;
}

static bool show_neighbours(const struct run *run, struct error *error)
{
    const struct settings *settings = run->settings;
    size_t most = settings->head == UINT64_MAX ? NEIGHBOURS : (size_t)settings->head;
    struct nearest nearest = {0};
    bool done = nearest_find(&nearest, run->reader, settings->neighbours, most, error) &&
                print_neighbours(run, &nearest, error);
    nearest_free(&nearest);
    return done;
}

/* Leaves the output to its caller. */
static bool cat(struct run *run, struct error *error)
{
    if (run->settings->neighbours)
        return show_neighbours(run, error);
    return begin(run, error) && take_blocks(run, error) &&
           (!run->export || export_end(run->export, error)) && tell(run, error);
}

static bool mp_cat(const struct call *call, void *target, struct error *error)
{
    const struct settings *settings = target;
    struct run run = {.settings = settings};
    const char *path;
    if (!check(settings, error) || !program_operand(call, &path, error))
        return false;
    run.reader = stream_open(path, error);
    if (!run.reader)
        return false;
    bool binary = export_is_binary((enum export_format)settings->format);
    run.output = output_open(&call->common, binary ? OUTPUT_BINARY : OUTPUT_TEXT, error);
    bool done = run.output && cat(&run, error);
    if (done)
        done = output_commit(run.output, error);
    else
        output_discard(run.output);
    export_free(run.export);
    show_free(&run.show);
    about_free(&run.about);
    stream_header_free(&run.header);
    stream_close(run.reader);
    return done;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "--script") == 0) /* no option, but how scripts write */
        return script_main(argc - 2, argv + 2);
    struct settings settings = {.head = UINT64_MAX, .tree = UINT64_MAX};
    const struct option_row rows[] = {
        {0, "format", "FORMAT",
         "text, csv, tsv, jsonl, npy, libsvm, word2vec, names, dot, c or onnx [text]",
         OPTION_CHOICE | OPTION_SPILLS, &settings.format, 0, 0, export_formats, NULL},
        {0, "tree", "N", "of a forest: export tree N alone, as dot [the first] or jsonl [all]",
         OPTION_COUNT, &settings.tree, 0, UINT32_MAX, NULL, NULL},
        {0, "head", "N",
         "show the first N rows (of a forest: trees; of linear: terms of a label) [all; 10]",
         OPTION_COUNT, &settings.head, 0, 0x1p53, NULL, NULL},
        {0, "check", NULL, "say by the exit status whether the stream is whole", OPTION_FLAG,
         &settings.check, 0, 0, NULL, NULL},
        {0, "lineage", NULL, "show how the stream was made", OPTION_FLAG, &settings.lineage, 0, 0,
         NULL, NULL},
        {0, "neighbours", "WORD",
         "of vectors: show the 10, or --head, words nearest to WORD, and the cosine of each",
         OPTION_TEXT, &settings.neighbours, 0, 0, NULL, NULL},
        {0, "stats", NULL, "show its kind, shape and size", OPTION_FLAG, &settings.stats, 0, 0,
         NULL, NULL},
        {0},
    };
    const struct program program = {.name = "mp-cat",
                                    .arguments = "[options] [STREAM]",
                                    .purpose = "Show a stream of any kind as text, or in another "
                                               "form.",
                                    .rows = rows,
                                    .takes = TAKES_OUTPUT | TAKES_FORCE,
                                    .examples = "  mp-cat --head 3 samples.mp\n"
                                                "  mp-cat --format csv samples.mp >samples.csv\n"
                                                "  mp-cat --check model.mp && echo whole\n"};
    return program_main(&program, argc, argv, mp_cat, &settings);
}
