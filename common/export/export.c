/* The forms are a table; what a form needs is done by the functions of its row. */
#include "export/inner.h"

#include "stream/forest.h"

#include <stdlib.h>

enum { SEND_SIZE = 32 * 1024 };

const char *const export_formats[] = {"text",   "csv",   "tsv", "jsonl", "npy",  "word2vec",
                                      "libsvm", "names", "dot", "c",     "onnx", NULL};

static const struct export_kind kinds[] = {
    {STREAM_VECTORS, EXPORT_NPY, spooled_start, npy_block, npy_end},
    {STREAM_VECTORS, EXPORT_WORD2VEC, spooled_start, word2vec_block, word2vec_end},
    {STREAM_VECTORS, EXPORT_NAMES, names_start, names_block, NULL},
    {STREAM_SAMPLES, EXPORT_CSV, table_start, table_samples, NULL},
    {STREAM_SAMPLES, EXPORT_TSV, table_start, table_samples, NULL},
    {STREAM_SAMPLES, EXPORT_JSONL, NULL, json_samples, NULL},
    {STREAM_SAMPLES, EXPORT_NPY, spooled_start, npy_block, npy_end},
    {STREAM_SAMPLES, EXPORT_LIBSVM, spooled_start, libsvm_block, libsvm_end},
    {STREAM_SAMPLES, EXPORT_NAMES, names_start, names_block, NULL},
    {STREAM_PREDICTIONS, EXPORT_CSV, table_start, table_predictions, NULL},
    {STREAM_PREDICTIONS, EXPORT_TSV, table_start, table_predictions, NULL},
    {STREAM_PREDICTIONS, EXPORT_JSONL, export_plain, json_predictions, NULL},
    {STREAM_PREDICTIONS, EXPORT_NAMES, names_start, names_block, NULL},
    {STREAM_FOREST, EXPORT_JSONL, json_forest_start, json_tree, NULL},
    {STREAM_FOREST, EXPORT_DOT, dot_start, dot_tree, NULL},
    {STREAM_FOREST, EXPORT_C, c_start, c_tree, c_end},
    {STREAM_FOREST, EXPORT_ONNX, onnx_start, onnx_tree, onnx_end},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

bool export_is_binary(enum export_format format)
{
    return format == EXPORT_NPY || format == EXPORT_WORD2VEC || format == EXPORT_ONNX;
}

/* ---- what the forms share ---- */

bool export_send(struct export *export, struct error *error)
{
    return buffer_send(&export->text, export->output, error);
}

bool export_send_some(struct export *export, struct error *error)
{
    return export->text.size < SEND_SIZE || export_send(export, error);
}

uint32_t export_rows(struct export *export, uint64_t rows)
{
    uint64_t left = export->wish.most - export->taken;
    uint64_t count = rows < left ? rows : left;
    export->taken += count;
    return (uint32_t)count;
}

bool export_tree(struct export *export, const struct stream_record *record, bool *wanted,
                 struct error *error)
{
    if (!forest_decode(export->header, record, &export->nodes.tree, error))
        return false;
    uint64_t number = export->header->first + record->index;
    *wanted = (export->wish.tree == UINT64_MAX || export->wish.tree == number) &&
              export_rows(export, 1) == 1;
    return !*wanted || nodes_link(&export->nodes) || error_memory(error, "exporting a tree");
}

bool export_whole(const struct export *export, struct error *error)
{
    return !export->header->whole ||
           error_set(error, STATUS_USAGE,
                     "--format %s: this is a part of a forest: merge the parts with rf-merge",
                     export_formats[export->wish.format]);
}

bool export_plain(struct export *export, struct error *error)
{
    return !export->header->detail ||
           error_set(error, STATUS_USAGE,
                     "--format %s: these predictions tell of leaves, paths or contributions, which "
                     "text shows: take --format text",
                     export_formats[export->wish.format]);
}

/* ---- beginning and ending ---- */

static const struct export_kind *find_kind(enum stream_kind kind, enum export_format format)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind && kinds[i].format == format)
            return &kinds[i];
    return NULL;
}

static bool refuse(const struct stream_header *header, enum export_format format,
                   struct error *error)
{
    struct buffer names = {0};
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == header->kind)
            buffer_print(&names, ", %s", export_formats[kinds[i].format]);
    buffer_byte(&names, '\0');
    if (buffer_check(&names, error))
        error_set(error, STATUS_USAGE,
                  "--format %s: this stream holds %s%s, which may be shown as text%s",
                  export_formats[format], header->kind == STREAM_FOREST ? "a " : "",
                  stream_kind_name(header->kind), names.bytes);
    buffer_free(&names);
    return false;
}

/* Trees go by the numbers that the whole forest gives them. */
static bool check_tree(const struct stream_header *header, const struct export_wish *wish,
                       struct error *error)
{
    uint64_t last = header->first + header->trees - 1;
    if (wish->tree == UINT64_MAX)
        return true;
    if (wish->format != EXPORT_DOT && wish->format != EXPORT_JSONL)
        return error_set(error, STATUS_USAGE, "--tree is for --format dot and jsonl");
    if (header->kind != STREAM_FOREST)
        return error_set(error, STATUS_USAGE, "--tree is for a forest: this stream holds %s",
                         stream_kind_name(header->kind));
    return (wish->tree >= header->first && wish->tree <= last) ||
           error_set(error, STATUS_USAGE, "--tree %llu: the trees are numbered %llu to %llu",
                     (unsigned long long)wish->tree, (unsigned long long)header->first,
                     (unsigned long long)last);
}

struct export *export_start(const struct stream_header *header, const struct export_wish *wish,
                            struct output *output, struct error *error)
{
    const struct export_kind *kind = find_kind(header->kind, wish->format);
    if (!kind) {
        refuse(header, wish->format, error);
        return NULL;
    }
    if (!check_tree(header, wish, error))
        return NULL;
    struct export *export = malloc(sizeof *export);
    if (!export) {
        error_memory(error, "exporting");
        return NULL;
    }
    *export = (struct export){.header = header, .output = output, .wish = *wish, .kind = kind};
    export->spool = SPOOL_CLOSED;
    if (!kind->start || (kind->start(export, error) && export_send(export, error)))
        return export;
    export_free(export);
    return NULL;
}

bool export_block(struct export *export, const struct stream_record *record, struct error *error)
{
    return export->kind->block(export, record, error) && export_send(export, error);
}

bool export_end(struct export *export, struct error *error)
{
    return (!export->kind->end || export->kind->end(export, error)) && export_send(export, error);
}

void export_free(struct export *export)
{
    if (!export)
        return;
    spool_close(&export->spool);
    words_free(&export->labels);
    nodes_free(&export->nodes);
    onnx_free(export->onnx);
    buffer_free(&export->text);
    buffer_free(&export->roots);
    buffer_free(&export->shares);
    free(export->label_of);
    free(export);
}
