/* Rows as text, a line each, sent on as they fill a buffer. */
#include "stream/show.h"

#include "base/memory.h"
#include "stream/decisions.h"
#include "stream/forest.h"
#include "stream/numbers.h"
#include "stream/samples.h"
#include "stream/show_tree.h"
#include "stream/vectors.h"

#include <stdlib.h>
#include <string.h>

enum { SEND_SIZE = 32 * 1024 }; /* text is handed on in pieces of about this size */

/* ---- rows ---- */

static void show_floats(struct buffer *text, const unsigned char *floats, size_t first,
                        size_t count, char separator)
{
    for (size_t i = first; i < first + count; i++) {
        buffer_byte(text, separator);
        buffer_float(text, numbers_float32(floats, i));
    }
}

static void show_label(struct buffer *text, struct text label)
{
    buffer_name(text, label);
    buffer_byte(text, '\t');
}

void show_predictions_heading(const struct stream_header *header, struct buffer *text)
{
    if (header->labelled)
        buffer_string(text, "label\t");
    buffer_string(text, "predicted");
    if (header->sets)
        buffer_string(text, "\tset");
    for (uint32_t c = 0; header->proba && c < header->class_count; c++) {
        buffer_byte(text, '\t');
        buffer_name(text, header->classes[c]);
    }
    buffer_byte(text, '\n');
}

/* The labels of a set, with a comma between two; one in a label is spelled out. */
static void show_set(const struct stream_header *header, const uint32_t *set, uint32_t size,
                     struct buffer *text)
{
    buffer_byte(text, '\t');
    for (uint32_t i = 0; i < size; i++) {
        struct text label = header->classes[set[i]];
        if (i)
            buffer_byte(text, ',');
        for (const char *comma; label.size && (comma = memchr(label.data, ',', label.size));) {
            size_t before = (size_t)(comma - label.data);
            buffer_name(text, (struct text){label.data, before});
            buffer_string(text, "\\x2c");
            label = (struct text){comma + 1, label.size - before - 1};
        }
        buffer_name(text, label);
    }
}

void show_predictions(const struct stream_header *header, const struct predictions_rows *rows,
                      struct buffer *text)
{
    const uint32_t *set = rows->set;
    for (uint32_t row = 0; row < rows->rows; row++) {
        if (rows->labels)
            show_label(text, rows->labels[row]);
        if (rows->predicted[row] == PREDICTIONS_NONE)
            buffer_string(text, PREDICTIONS_NO_ANSWER);
        else
            buffer_name(text, header->classes[rows->predicted[row]]);
        if (rows->set_sizes) {
            show_set(header, set, rows->set_sizes[row], text);
            set += rows->set_sizes[row];
        }
        for (uint32_t c = 0; rows->proba && c < header->class_count; c++) {
            buffer_byte(text, '\t');
            buffer_float(text, rows->proba[(size_t)row * header->class_count + c]);
        }
        buffer_byte(text, '\n');
    }
}

/* ---- blocks ---- */

static bool send_some(struct show *show, struct error *error)
{
    return show->text.size < SEND_SIZE || buffer_send(&show->text, show->output, error);
}

static uint32_t rows_to_show(struct show *show, uint64_t rows)
{
    uint64_t count = rows < show->left ? rows : show->left;
    show->left -= count;
    return (uint32_t)count;
}

static bool show_vectors(struct show *show, const struct stream_record *record, struct error *error)
{
    struct vectors_block block;
    if (!vectors_decode(show->header, record, &block, error))
        return false;
    size_t dim = show->header->dim;
    uint32_t count = rows_to_show(show, block.rows);
    for (uint32_t row = 0; row < count; row++) {
        buffer_name(&show->text, stream_text(block.words, row));
        show_floats(&show->text, block.x.bytes, row * dim, dim, ' ');
        buffer_byte(&show->text, '\n');
        if (!send_some(show, error))
            return false;
    }
    return true;
}

static bool show_samples(struct show *show, const struct stream_record *record, struct error *error)
{
    struct samples_block block;
    if (!samples_decode(show->header, record, &block, error))
        return false;
    size_t dim = show->header->dim;
    uint32_t count = rows_to_show(show, block.rows);
    for (uint32_t row = 0; row < count; row++) {
        if (block.labels)
            show_label(&show->text, stream_text(block.labels, row));
        buffer_print(&show->text, "%d\t%d", (int)numbers_int32(block.tokens.bytes, row),
                     (int)numbers_int32(block.known.bytes, row));
        show_floats(&show->text, block.x.bytes, row * dim, dim, '\t');
        buffer_byte(&show->text, '\n');
        if (!send_some(show, error))
            return false;
    }
    return true;
}

/* A row of a block, in the host's numbers; `proba` and `set` have room for all classes. */
struct shown_row {
    int32_t predicted;
    struct text label;
    float *proba;
    uint32_t *set, set_size;
};

static void show_row(struct show *show, const struct predictions_block *block, uint32_t row,
                     size_t set_at, struct shown_row *shown)
{
    size_t classes = show->header->class_count;
    shown->predicted = numbers_int32(block->predicted.bytes, row);
    if (block->labels)
        shown->label = stream_text(block->labels, row);
    if (block->proba.bytes)
        numbers_copy(shown->proba, block->proba.bytes + row * classes * sizeof *shown->proba,
                     classes, sizeof *shown->proba);
    if (block->set_sizes.bytes)
        numbers_copy(shown->set, block->set.bytes + set_at * sizeof *shown->set, shown->set_size,
                     sizeof *shown->set);
    const struct predictions_rows one = {1,
                                         &shown->predicted,
                                         block->labels ? &shown->label : NULL,
                                         block->proba.bytes ? shown->proba : NULL,
                                         block->set_sizes.bytes ? &shown->set_size : NULL,
                                         shown->set};
    show_predictions(show->header, &one, &show->text);
}

static bool show_decoded_predictions(struct show *show, const struct predictions_block *block,
                                     struct error *error)
{
    size_t classes = show->header->class_count, set_at = 0;
    struct shown_row shown = {.proba = memory_array(classes, sizeof *shown.proba),
                              .set = memory_array(classes, sizeof *shown.set)};
    bool sent = (shown.proba && shown.set) || error_memory(error, "showing predictions");
    uint32_t count = rows_to_show(show, block->rows);
    for (uint32_t row = 0; sent && row < count; row++) {
        if (block->set_sizes.bytes)
            shown.set_size = (uint32_t)numbers_int32(block->set_sizes.bytes, row);
        show_row(show, block, row, set_at, &shown);
        set_at += shown.set_size;
        sent = send_some(show, error);
    }
    free(shown.proba);
    free(shown.set);
    return sent;
}

static bool show_prediction_block(struct show *show, const struct stream_record *record,
                                  struct error *error)
{
    struct predictions_block block;
    return predictions_decode(show->header, record, &block, error) &&
           show_decoded_predictions(show, &block, error);
}

static bool show_tree_block(struct show *show, const struct stream_record *record,
                            struct error *error)
{
    if (!forest_decode(show->header, record, &show->tree, error))
        return false;
    return rows_to_show(show, 1) == 0 ||
           show_tree(show->header, record->index, &show->tree, &show->text, show->output, error);
}

static bool show_linear_block(struct show *show, const struct stream_record *record,
                              struct error *error)
{
    struct linear_block block;
    uint64_t most = show->left == UINT64_MAX ? SHOW_SPEAKERS : show->left;
    return linear_decode(show->header, record, &block, error) &&
           show_linear(&show->speakers, show->header, &block, most, &show->text, error);
}

/* Lists that have a number for each class name it. */
static bool show_decisions(struct show *show, const struct stream_record *record,
                           struct error *error)
{
    struct decisions_block block;
    const struct stream_header *header = show->header;
    if (!decisions_decode(record, &block, error))
        return false;
    uint32_t count = rows_to_show(show, block.rows);
    for (uint32_t i = 0; i < count; i++) {
        double value;
        numbers_copy(&value, block.values.bytes + i * sizeof value, 1, sizeof value);
        show_label(&show->text, block.name);
        if (block.rows == header->class_count)
            buffer_name(&show->text, header->classes[i]);
        else
            buffer_print(&show->text, "%u", (unsigned)i);
        buffer_print(&show->text, "\t%.17g\n", value);
        if (!send_some(show, error))
            return false;
    }
    return true;
}

/* The names of the columns of samples that have names. */
static void show_samples_heading(const struct stream_header *header, struct buffer *text)
{
    buffer_string(text, header->labelled ? "label\ttokens\tknown" : "tokens\tknown");
    for (uint32_t i = 0; i < header->dim; i++) {
        buffer_byte(text, '\t');
        buffer_name(text, header->features[i]);
    }
    buffer_byte(text, '\n');
}

bool show_start(struct show *show, struct error *error)
{
    if (show->header->kind == STREAM_SAMPLES && show->header->features)
        show_samples_heading(show->header, &show->text);
    if (show->header->kind == STREAM_PREDICTIONS && show->header->proba)
        show_predictions_heading(show->header, &show->text);
    return buffer_send(&show->text, show->output, error);
}

bool show_block(struct show *show, const struct stream_record *record, struct error *error)
{
    static bool (*const of_kind[])(struct show *, const struct stream_record *, struct error *) = {
        [STREAM_VECTORS] = show_vectors,     [STREAM_SAMPLES] = show_samples,
        [STREAM_FOREST] = show_tree_block,   [STREAM_PREDICTIONS] = show_prediction_block,
        [STREAM_LINEAR] = show_linear_block, [STREAM_DECISIONS] = show_decisions};
    return of_kind[show->header->kind](show, record, error) &&
           buffer_send(&show->text, show->output, error);
}

void show_free(struct show *show)
{
    buffer_free(&show->text);
    speakers_free(&show->speakers, show->header ? show->header->class_count : 0);
    tree_free(&show->tree);
}
