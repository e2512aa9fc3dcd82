/*
 * libsvm's text: a number for the label, then `index:value` for what is not zero, from 1 on.
 *
 * Labels that are all whole numbers stay what they are. Others are numbered from 0 in the order of
 * their bytes, which is that of a forest's classes, and known only when all were seen: until then
 * what follows the label waits in the spool, a line a row.
 */
#include "export/inner.h"

#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/samples.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

/* ---- rows ---- */

static bool note_label(struct export *export, uint64_t row, struct text label, struct error *error)
{
    if (!memory_reserve(&export->label_of, &export->label_capacity, row + 1,
                        sizeof *export->label_of))
        return error_memory(error, "numbering the labels");
    export->label_of[row] = words_add(&export->labels, label, NULL);
    return export->label_of[row] != WORDS_NONE || error_memory(error, "numbering the labels");
}

static void put_values(struct buffer *text, const unsigned char *x, size_t first, size_t dim)
{
    for (size_t i = 0; i < dim; i++) {
        float value = numbers_float32(x, first + i);
        if (value == 0)
            continue;
        buffer_byte(text, ' ');
        buffer_count(text, i + 1);
        buffer_byte(text, ':');
        buffer_float(text, value);
    }
    buffer_byte(text, '\n');
}

bool libsvm_block(struct export *export, const struct stream_record *record, struct error *error)
{
    struct samples_block block;
    struct buffer *text = &export->text;
    size_t dim = export->header->dim;
    if (!samples_decode(export->header, record, &block, error))
        return false;
    uint64_t before = export->taken;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        if (block.labels &&
            !note_label(export, before + row, stream_text(block.labels, row), error))
            return false;
        put_values(text, block.x.bytes, row * dim, dim);
    }
    bool written =
        buffer_check(text, error) && spool_write(&export->spool, text->bytes, text->size, error);
    text->size = 0;
    return written;
}

/* ---- labels ---- */

/* As C prints an int of at most nine digits: no sign but a minus, no leading zeros. */
static bool is_whole_number(struct text label)
{
    enum { MOST_DIGITS = 9 };
    bool minus = label.size && label.data[0] == '-';
    const char *digits = label.data + minus;
    size_t count = label.size - minus;
    if (!count || count > MOST_DIGITS || (digits[0] == '0' && (count > 1 || minus)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (digits[i] < '0' || digits[i] > '9')
            return false;
    return true;
}

static bool are_whole_numbers(const struct words *labels)
{
    for (uint32_t i = 0; i < labels->count; i++)
        if (!is_whole_number(words_text(labels, i)))
            return false;
    return true;
}

struct ranked {
    struct text label;
    uint32_t number; /* in the order of appearance */
};

static int compare_ranked(const void *left, const void *right)
{
    return text_compare(((const struct ranked *)left)->label,
                        ((const struct ranked *)right)->label);
}

/* The place of each label among all in the order of their bytes; NULL: memory is out. */
static uint32_t *rank_labels(const struct words *labels)
{
    struct ranked *ranked = memory_array(labels->count + 1, sizeof *ranked);
    uint32_t *ranks = memory_array(labels->count + 1, sizeof *ranks);
    for (uint32_t i = 0; ranked && ranks && i < labels->count; i++)
        ranked[i] = (struct ranked){words_text(labels, i), i};
    if (ranked && ranks) {
        qsort(ranked, labels->count, sizeof *ranked, compare_ranked);
        for (uint32_t i = 0; i < labels->count; i++)
            ranks[ranked[i].number] = i;
    } else {
        free(ranks);
        ranks = NULL;
    }
    free(ranked);
    return ranks;
}

/* ---- putting them together ---- */

static void put_label(struct export *export, uint64_t row, const uint32_t *ranks)
{
    struct buffer *text = &export->text;
    if (!export->header->labelled) {
        buffer_byte(text, '0');
    } else if (ranks) {
        buffer_count(text, ranks[export->label_of[row]]);
    } else {
        struct text label = words_text(&export->labels, export->label_of[row]);
        buffer_bytes(text, label.data, label.size);
    }
}

/* Puts each row's label before its line of the spool. */
static bool join(struct export *export, char *piece, const uint32_t *ranks, struct error *error)
{
    uint64_t row = 0;
    bool begins = true;
    for (size_t got = 1; got;) {
        if (!spool_read(&export->spool, piece, PIECE, &got, error))
            return false;
        for (size_t at = 0; at < got;) {
            if (begins)
                put_label(export, row++, ranks);
            char *end = memchr(piece + at, '\n', got - at);
            size_t size = end ? (size_t)(end - (piece + at)) + 1 : got - at;
            buffer_bytes(&export->text, piece + at, size);
            at += size;
            begins = end;
        }
        if (!export_send_some(export, error))
            return false;
    }
    return true;
}

bool libsvm_end(struct export *export, struct error *error)
{
    bool whole = are_whole_numbers(&export->labels);
    uint32_t *ranks = whole ? NULL : rank_labels(&export->labels);
    char *piece = malloc(PIECE);
    bool done = piece && (whole || ranks)
                    ? spool_rewind(&export->spool, error) && join(export, piece, ranks, error)
                    : error_memory(error, "exporting");
    free(ranks);
    free(piece);
    return done;
}
