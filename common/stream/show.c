/* Rows as text, a line each, sent on as they fill a buffer. */
#include "stream/show.h"

#include "base/memory.h"
#include "stream/decisions.h"
#include "stream/forest.h"
#include "stream/numbers.h"
#include "stream/pieces.h"
#include "stream/samples.h"
#include "stream/show_details.h"
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

/* What was kept of a document comes last, and may be a line that holds TABs. */
static void show_kept(struct buffer *text, struct text kept)
{
    for (;;) {
        const char *tab = kept.size ? memchr(kept.data, '\t', kept.size) : NULL;
        size_t size = tab ? (size_t)(tab - kept.data) : kept.size;
        buffer_byte(text, '\t');
        buffer_name(text, (struct text){kept.data, size});
        if (!tab)
            return;
        kept = (struct text){tab + 1, kept.size - size - 1};
    }
}

bool show_predictions_named(const struct stream_header *header)
{
    return header->proba || header->log_proba || header->detail;
}

/* How many classes a row shows. */
static uint32_t top_of(const struct stream_header *header, uint32_t top)
{
    return top < header->class_count ? top : header->class_count;
}

static void show_names_of_shares(const struct stream_header *header, uint32_t top,
                                 struct buffer *text)
{
    for (uint32_t i = 1; top && i <= top_of(header, top); i++)
        buffer_print(text, "\ttop_%u\tproba_%u", (unsigned)i, (unsigned)i);
    for (uint32_t c = 0; !top && c < header->class_count; c++) {
        buffer_byte(text, '\t');
        buffer_name(text, header->classes[c]);
    }
}

void show_predictions_heading(const struct stream_header *header, uint32_t top, struct buffer *text)
{
    if (header->detail != DETAIL_PATHS && header->detail != DETAIL_CONTRIBUTIONS) {
        buffer_string(text, header->labelled ? "label\tpredicted" : "predicted");
        if (header->sets)
            buffer_string(text, "\tset");
        if (header->proba || header->log_proba)
            show_names_of_shares(header, top, text);
    }
    show_details_heading(header, text);
    buffer_string(text, header->kept ? "\tkept\n" : "\n");
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

/* Votes are compared in double precision, of which these are rounded. */
static bool comes_before(const float *proba, uint32_t class, uint32_t other, int32_t predicted)
{
    return proba[class] > proba[other] ||
           (proba[class] == proba[other] && (int32_t) class == predicted);
}

/* Few are wanted, so each is put in its place as it is found. */
static void show_top(const struct stream_header *header, const float *proba, int32_t predicted,
                     uint32_t top, struct buffer *text)
{
    uint32_t best[SHOW_MOST_TOP], most = top_of(header, top), count = 1;
    best[0] = 0; /* there is a class */
    for (uint32_t c = 1; c < header->class_count; c++) {
        uint32_t at = count;
        if (at == most && !comes_before(proba, c, best[--at], predicted))
            continue;
        count += count < most;
        for (; at > 0 && comes_before(proba, c, best[at - 1], predicted); at--)
            best[at] = best[at - 1];
        best[at] = c;
    }
    for (uint32_t i = 0; i < count; i++) {
        buffer_byte(text, '\t');
        buffer_field(text, header->classes[best[i]], '\t');
        buffer_float(text, proba[best[i]]);
    }
}

static void show_prediction(const struct stream_header *header, const struct predictions_rows *rows,
                            uint32_t row, uint32_t top, struct buffer *text)
{
    const float *shares = rows->proba ? rows->proba : rows->log_proba;
    if (rows->labels)
        buffer_field(text, rows->labels[row], '\t');
    buffer_name(text, predictions_label(header, rows->predicted[row]));
    if (rows->set_ends) {
        uint32_t begin = row ? rows->set_ends[row - 1] : 0;
        show_set(header, rows->set + begin, rows->set_ends[row] - begin, text);
    }
    if (shares && top)
        show_top(header, shares + (size_t)row * header->class_count, rows->predicted[row], top,
                 text);
    for (uint32_t c = 0; shares && !top && c < header->class_count; c++) {
        buffer_byte(text, '\t');
        buffer_float(text, shares[(size_t)row * header->class_count + c]);
    }
    if (header->detail == DETAIL_LEAVES)
        show_leaves(header, rows, row, text);
    if (rows->kept)
        show_kept(text, rows->kept[row]);
    buffer_byte(text, '\n');
}

void show_predictions(const struct stream_header *header, const struct predictions_rows *rows,
                      uint32_t top, struct buffer *text)
{
    for (uint32_t row = 0; row < rows->rows; row++) {
        if (header->detail == DETAIL_PATHS)
            show_paths(header, rows, row, text);
        else if (header->detail == DETAIL_CONTRIBUTIONS)
            show_contributions(header, rows, row, text);
        else
            show_prediction(header, rows, row, top, text);
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
            buffer_field(&show->text, stream_text(block.labels, row), '\t');
        buffer_print(&show->text, "%d\t%d", (int)numbers_int32(block.tokens.bytes, row),
                     (int)numbers_int32(block.known.bytes, row));
        show_floats(&show->text, block.x.bytes, row * dim, dim, '\t');
        if (block.kept)
            show_kept(&show->text, stream_text(block.kept, row));
        buffer_byte(&show->text, '\n');
        if (!send_some(show, error))
            return false;
    }
    return true;
}

/* Numbers of one row of predictions, as the host has them. */
struct row_room {
    float *proba, *log_proba;
    uint32_t *set;
    struct details_row details;
};

static bool room_begin(struct row_room *room, const struct predictions_block *block, size_t classes,
                       struct error *error)
{
    *room = (struct row_room){0};
    room->proba = block->proba.bytes ? memory_array(classes, sizeof *room->proba) : NULL;
    room->log_proba =
        block->log_proba.bytes ? memory_array(classes, sizeof *room->log_proba) : NULL;
    room->set = block->set_ends.bytes ? memory_array(classes, sizeof *room->set) : NULL;
    return ((room->set || !block->set_ends.bytes) && (room->proba || !block->proba.bytes) &&
            (room->log_proba || !block->log_proba.bytes)) ||
           error_memory(error, "showing predictions");
}

static void room_free(struct row_room *room)
{
    free(room->proba);
    free(room->log_proba);
    free(room->set);
    details_row_free(&room->details);
}

/* Copies a row's set; returns how many classes are in it. */
static uint32_t take_set(const struct predictions_block *block, uint32_t row, uint32_t *set)
{
    uint32_t end = (uint32_t)numbers_int32(block->set_ends.bytes, row);
    uint32_t begin = row ? (uint32_t)numbers_int32(block->set_ends.bytes, row - 1) : 0;
    numbers_copy(set, block->set.bytes + begin * sizeof *set, end - begin, sizeof *set);
    return end - begin;
}

static bool show_one(struct show *show, const struct predictions_block *block, uint32_t row,
                     struct row_room *room, uint64_t first, struct error *error)
{
    const size_t classes = show->header->class_count, size = classes * sizeof(float);
    const int32_t predicted = numbers_int32(block->predicted.bytes, row);
    struct text label = {0}, kept = {0};
    if (block->labels)
        label = stream_text(block->labels, row);
    if (block->kept)
        kept = stream_text(block->kept, row);
    if (room->proba)
        numbers_copy(room->proba, block->proba.bytes + row * size, classes, sizeof(float));
    if (room->log_proba)
        numbers_copy(room->log_proba, block->log_proba.bytes + row * size, classes, sizeof(float));
    const uint32_t set_end = room->set ? take_set(block, row, room->set) : 0;
    if (!details_take_row(show->header, &block->details, row, &room->details))
        return error_memory(error, "showing predictions");
    const struct predictions_rows one = {.rows = 1,
                                         .predicted = &predicted,
                                         .labels = block->labels ? &label : NULL,
                                         .proba = room->proba,
                                         .log_proba = room->log_proba,
                                         .set_ends = room->set ? &set_end : NULL,
                                         .set = room->set,
                                         .details = &room->details.details,
                                         .first = first,
                                         .kept = block->kept ? &kept : NULL};
    show_predictions(show->header, &one, 0, &show->text);
    return send_some(show, error);
}

static bool show_decoded_predictions(struct show *show, const struct predictions_block *block,
                                     uint64_t first, struct error *error)
{
    struct row_room room;
    bool sent = room_begin(&room, block, show->header->class_count, error);
    const uint32_t count = rows_to_show(show, block->rows);
    for (uint32_t row = 0; sent && row < count; row++)
        sent = show_one(show, block, row, &room, first + row, error);
    room_free(&room);
    return sent;
}

static bool show_prediction_block(struct show *show, const struct stream_record *record,
                                  struct error *error)
{
    struct predictions_block block;
    return predictions_decode(show->header, record, &block, error) &&
           show_decoded_predictions(show, &block, record->row, error);
}

static bool show_tree_block(struct show *show, const struct stream_record *record,
                            struct error *error)
{
    if (!forest_decode(show->header, record, &show->tree, error))
        return false;
    return rows_to_show(show, 1) == 0 ||
           show_tree(show->header, record->index, &show->tree, &show->text, show->output, error);
}

static bool show_pieces_block(struct show *show, const struct stream_record *record,
                              struct error *error)
{
    struct column x;
    if (!pieces_decode(record, &x, error))
        return false;
    for (uint32_t rows = rows_to_show(show, (uint32_t)record->rows), i = 0; i < rows; i++) {
        buffer_float(&show->text, numbers_float32(x.bytes, i));
        buffer_byte(&show->text, '\n');
        if (!send_some(show, error))
            return false;
    }
    return true;
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
        buffer_field(&show->text, block.name, '\t');
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
    buffer_string(text, header->kept ? "\tkept\n" : "\n");
}

bool show_start(struct show *show, struct error *error)
{
    if (show->header->kind == STREAM_SAMPLES && show->header->features)
        show_samples_heading(show->header, &show->text);
    if (show->header->kind == STREAM_PREDICTIONS && show_predictions_named(show->header))
        show_predictions_heading(show->header, 0, &show->text);
    return buffer_send(&show->text, show->output, error);
}

bool show_block(struct show *show, const struct stream_record *record, struct error *error)
{
    static bool (*const of_kind[])(struct show *, const struct stream_record *, struct error *) = {
        [STREAM_VECTORS] = show_vectors,     [STREAM_SAMPLES] = show_samples,
        [STREAM_FOREST] = show_tree_block,   [STREAM_PREDICTIONS] = show_prediction_block,
        [STREAM_LINEAR] = show_linear_block, [STREAM_PIECES] = show_pieces_block,
        [STREAM_DECISIONS] = show_decisions};
    return of_kind[show->header->kind](show, record, error) &&
           buffer_send(&show->text, show->output, error);
}

void show_free(struct show *show)
{
    buffer_free(&show->text);
    speakers_free(&show->speakers, show->header ? show->header->class_count : 0);
    tree_free(&show->tree);
}
