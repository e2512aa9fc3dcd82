/*
 * Forms whose first bytes say how many rows follow: numpy's format 1.0 of an array of float32, and
 * the binary form of word2vec (its program's; gensim and fastText's tools read it). Both hold
 * numbers as a stream does, little-endian, so that they are copied as they are.
 */
#include "export/inner.h"

#include "stream/samples.h"
#include "stream/vectors.h"

#include <stdio.h>
#include <string.h>

bool spooled_start(struct export *export, struct error *error)
{
    return spool_open(&export->spool, error);
}

/* ---- npy ---- */

bool npy_block(struct export *export, const struct stream_record *record, struct error *error)
{
    struct samples_block samples;
    struct vectors_block vectors;
    bool words = export->header->kind == STREAM_VECTORS;
    if (words ? !vectors_decode(export->header, record, &vectors, error)
              : !samples_decode(export->header, record, &samples, error))
        return false;
    size_t rows = export_rows(export, record->rows);
    return spool_write(&export->spool, words ? vectors.x.bytes : samples.x.bytes,
                       rows * export->header->dim * sizeof(float), error);
}

/* The header ends with a line feed, and is as long as makes the array begin at a multiple of 64. */
static size_t npy_header(char header[128], uint64_t rows, uint32_t dim)
{
    enum { FIXED = 10, ALIGNED = 64 };
    static const char magic[] = "\x93NUMPY\x01";
    memcpy(header, magic, sizeof magic); /* the version's second byte is the 0 */
    size_t size = FIXED;
    size += (size_t)snprintf(header + FIXED, 128 - FIXED,
                             "{'descr': '<f4', 'fortran_order': False, 'shape': (%llu, %u), }",
                             (unsigned long long)rows, (unsigned)dim);
    while ((size + 1) % ALIGNED)
        header[size++] = ' ';
    header[size++] = '\n';
    header[8] = (char)((size - FIXED) & 0xff);
    header[9] = (char)((size - FIXED) >> 8);
    return size;
}

bool npy_end(struct export *export, struct error *error)
{
    char header[128];
    size_t size = npy_header(header, export->taken, export->header->dim);
    return output_write(export->output, header, size, error) &&
           spool_copy(&export->spool, export->output, error);
}

/* ---- word2vec ---- */

/* Its readers take a word to end at the first space, and a line feed for the end of a row. */
static bool check_word(struct text word, const struct stream_record *record, uint32_t row,
                       struct error *error)
{
    if (word.size && !memchr(word.data, ' ', word.size) && !memchr(word.data, '\n', word.size))
        return true;
    struct buffer shown = {0};
    buffer_name(&shown, word);
    buffer_byte(&shown, '\0');
    if (buffer_check(&shown, error))
        error_set(error, STATUS_INPUT,
                  "%s: row %llu: the word '%.100s' can't be written in word2vec's form, where a "
                  "space ends a word: use --format text, or npy and names",
                  record->source, (unsigned long long)(record->row + row + 1), shown.bytes);
    buffer_free(&shown);
    return false;
}

bool word2vec_block(struct export *export, const struct stream_record *record, struct error *error)
{
    struct vectors_block block;
    struct buffer *text = &export->text;
    size_t size = export->header->dim * sizeof(float);
    if (!vectors_decode(export->header, record, &block, error))
        return false;
    uint32_t rows = export_rows(export, block.rows);
    for (uint32_t row = 0; row < rows; row++) {
        struct text word = stream_text(block.words, row);
        if (!check_word(word, record, row, error))
            return false;
        buffer_bytes(text, word.data, word.size);
        buffer_byte(text, ' ');
        buffer_bytes(text, block.x.bytes + row * size, size);
        buffer_byte(text, '\n');
    }
    bool written =
        buffer_check(text, error) && spool_write(&export->spool, text->bytes, text->size, error);
    text->size = 0;
    return written;
}

bool word2vec_end(struct export *export, struct error *error)
{
    return output_print(export->output, error, "%llu %u\n", (unsigned long long)export->taken,
                        (unsigned)export->header->dim) &&
           spool_copy(&export->spool, export->output, error);
}
