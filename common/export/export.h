/*
 * export: a stream in the forms that other programs read.
 *
 *   vectors      npy, word2vec (its binary form), names (the words)
 *   samples      csv, tsv, jsonl, npy, libsvm, names (the labels)
 *   predictions  csv, tsv, jsonl, names (the predicted labels)
 *   forest       jsonl, dot (a tree), c (a source file), onnx
 *
 *     struct export *export = export_start(&header, &wish, output, &error);
 *     while (stream_next(...) == STREAM_BLOCK)
 *         export_block(export, &record, &error) ...
 *     export_end(export, &error)               only after the stream's verified end
 *
 * Float32 are written in the fewest digits that read back as the same number, or as their bytes.
 * Memory is that of a block, beside four bytes a row for libsvm, and the forest for onnx; what has
 * to know the number of rows before the first of them waits in a file without a name in TMPDIR.
 *
 * One thread uses an export.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "base/error.h"
#include "base/output.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stdint.h>

enum export_format {
    EXPORT_TEXT, /* none of these: stream/show.h writes it */
    EXPORT_CSV,
    EXPORT_TSV,
    EXPORT_JSONL,
    EXPORT_NPY,
    EXPORT_WORD2VEC,
    EXPORT_LIBSVM,
    EXPORT_NAMES,
    EXPORT_DOT,
    EXPORT_C,
    EXPORT_ONNX
};

/* The names of the formats, in their order, and NULL. */
extern const char *const export_formats[];

/* Whether what it writes is no text. */
bool export_is_binary(enum export_format format);

struct export_wish {
    enum export_format format;
    uint64_t most; /* rows, or trees, at most; UINT64_MAX: all */
    uint64_t tree; /* dot, jsonl: the number of the only tree; UINT64_MAX: the first one, all */
};

struct export;

/*
 * Begins on a stream of that header; borrows it and `output`. NULL on failure: status USAGE where
 * its kind has no such form, or the forest is none that the form can hold.
 */
struct export *export_start(const struct stream_header *header, const struct export_wish *wish,
                            struct output *output, struct error *error);

/* Takes a block, which is checked whatever is written of it. Status INPUT or SYSTEM. */
bool export_block(struct export *export, const struct stream_record *record, struct error *error);

/* All blocks were taken. Status INPUT or SYSTEM. */
bool export_end(struct export *export, struct error *error);

/* NULL is allowed. */
void export_free(struct export *export);

#endif
