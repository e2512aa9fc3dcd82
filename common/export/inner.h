/*
 * inner: what the forms of export.h share.
 *
 * Internal to the folder.
 */
#ifndef EXPORT_INNER_H
#define EXPORT_INNER_H

#include "export/export.h"

#include "base/buffer.h"
#include "base/words.h"
#include "export/nodes.h"
#include "export/spool.h"

struct onnx;

struct export
{
    const struct stream_header *header;
    struct output *output;
    struct export_wish wish;
    const struct export_kind *kind;
    uint64_t taken;     /* rows, or trees, written so far */
    struct buffer text; /* sent on as it fills */

    void (*put_line)(struct buffer * text, struct text name); /* names */

    struct spool spool;    /* npy, word2vec, libsvm */
    struct words labels;   /* libsvm */
    uint32_t *label_of;    /* libsvm: of each row */
    size_t label_capacity; /* libsvm */
    struct nodes nodes;    /* forests: the tree at hand */
    struct buffer roots;   /* c: where each tree begins, as text */
    struct buffer shares;  /* c: of mixed leaves, as text */
    uint64_t node_count;   /* c: so far */
    uint64_t share_count;  /* c: so far */
    struct onnx *onnx;
};

/* One form of one kind of stream. */
struct export_kind {
    enum stream_kind kind;
    enum export_format format;
    bool (*start)(struct export *export, struct error *error); /* NULL: nothing comes first */
    bool (*block)(struct export *export, const struct stream_record *record, struct error *error);
    bool (*end)(struct export *export, struct error *error); /* NULL: nothing comes last */
};

/* Hands on the text, once there is some. */
bool export_send_some(struct export *export, struct error *error);
bool export_send(struct export *export, struct error *error);

/* How many of `rows` rows are to be written, which are counted as taken. */
uint32_t export_rows(struct export *export, uint64_t rows);

/* Decodes the tree of a block to export->nodes; `*wanted`: it is to be written. */
bool export_tree(struct export *export, const struct stream_record *record, bool *wanted,
                 struct error *error);

/* Refuses a part of a forest for a form whose reader could not tell. Status USAGE. */
bool export_whole(const struct export *export, struct error *error);

/* Refuses predictions that tell of leaves, paths or contributions, which only text has. */
bool export_plain(struct export *export, struct error *error);

/* ---- the forms ---- */

bool table_start(struct export *export, struct error *error);
bool table_samples(struct export *export, const struct stream_record *record, struct error *error);
bool table_predictions(struct export *export, const struct stream_record *record,
                       struct error *error);
bool json_samples(struct export *export, const struct stream_record *record, struct error *error);
bool json_predictions(struct export *export, const struct stream_record *record,
                      struct error *error);
bool names_start(struct export *export, struct error *error);
bool names_block(struct export *export, const struct stream_record *record, struct error *error);

bool spooled_start(struct export *export, struct error *error);
bool npy_block(struct export *export, const struct stream_record *record, struct error *error);
bool npy_end(struct export *export, struct error *error);
bool word2vec_block(struct export *export, const struct stream_record *record, struct error *error);
bool word2vec_end(struct export *export, struct error *error);
bool libsvm_block(struct export *export, const struct stream_record *record, struct error *error);
bool libsvm_end(struct export *export, struct error *error);

bool json_forest_start(struct export *export, struct error *error);
bool json_tree(struct export *export, const struct stream_record *record, struct error *error);
bool dot_start(struct export *export, struct error *error);
bool dot_tree(struct export *export, const struct stream_record *record, struct error *error);
bool c_start(struct export *export, struct error *error);
bool c_tree(struct export *export, const struct stream_record *record, struct error *error);
bool c_end(struct export *export, struct error *error);
bool onnx_start(struct export *export, struct error *error);
bool onnx_tree(struct export *export, const struct stream_record *record, struct error *error);
bool onnx_end(struct export *export, struct error *error);
void onnx_free(struct onnx *onnx);

#endif
