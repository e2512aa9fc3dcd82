/*
 * Both ways out ask for one row at a time, so that the model is not copied; the stream is written
 * in blocks of the size that suits its reader.
 */
#include "run/vector_rows.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/vectors.h"

#include <stdlib.h>

enum { BUFFER_BYTES = 1 << 16 };

/* ---- text ---- */

static bool print_row(const struct vector_rows *rows, size_t row, float *vector,
                      struct buffer *buffer, struct output *output, struct error *error)
{
    struct text word = rows->row(rows->context, row, vector);
    buffer_bytes(buffer, word.data, word.size);
    for (uint32_t i = 0; i < rows->dim; i++) {
        buffer_byte(buffer, ' ');
        buffer_float(buffer, vector[i]);
    }
    buffer_byte(buffer, '\n');
    return buffer->size < BUFFER_BYTES || buffer_send(buffer, output, error);
}

bool vector_rows_print(const struct vector_rows *rows, bool header, struct output *output,
                       struct error *error)
{
    struct buffer buffer = {0};
    float *vector = memory_array(rows->dim, sizeof *vector);
    if (!vector)
        return error_memory(error, "writing the vectors");
    if (header)
        buffer_print(&buffer, "%zu %u\n", rows->count, (unsigned)rows->dim);
    bool done = true;
    for (size_t row = 0; done && row < rows->count; row++)
        done = print_row(rows, row, vector, &buffer, output, error);
    done = done && buffer_send(&buffer, output, error);
    buffer_free(&buffer);
    free(vector);
    return done;
}

/* ---- stream ---- */

static bool write_blocks(const struct vector_rows *rows, struct stream_writer *writer,
                         struct text *words, float *x, struct error *error)
{
    size_t most = stream_block_rows(rows->dim);
    for (size_t from = 0; from < rows->count; from += most) {
        size_t count = rows->count - from < most ? rows->count - from : most;
        for (size_t i = 0; i < count; i++)
            words[i] = rows->row(rows->context, from + i, x + i * rows->dim);
        if (!vectors_write(writer, (uint32_t)count, rows->dim, words, x, error))
            return false;
    }
    return true;
}

bool vector_rows_stream(const struct vector_rows *rows, const struct lineage *lineage,
                        struct digest read, struct output *output, struct error *error)
{
    const struct stream_header header = {
        .kind = STREAM_VECTORS, .dim = rows->dim, .lineage = *lineage};
    size_t most = stream_block_rows(rows->dim);
    struct text *words = memory_array(most, sizeof *words);
    float *x = memory_array(most, rows->dim * sizeof *x);
    struct stream_writer *writer = NULL;
    bool done = words && x ? (writer = stream_begin(output, &header, error)) != NULL
                           : error_memory(error, "writing the vectors");
    done = done && write_blocks(rows, writer, words, x, error);
    if (done)
        done = stream_end(writer, read, error);
    else
        stream_abandon(writer);
    free(words);
    free(x);
    return done;
}

/* ---- reading ---- */

typedef bool take_row(void *context, uint64_t row, struct text word, const float *vector,
                      struct error *error);

static bool take_block(const struct stream_header *header, const struct stream_record *record,
                       float *vector, take_row *take, void *context, struct error *error)
{
    struct vectors_block block;
    size_t size = header->dim * sizeof *vector;
    if (!vectors_decode(header, record, &block, error))
        return false;
    for (uint32_t i = 0; i < block.rows; i++) {
        numbers_copy(vector, block.x.bytes + i * size, header->dim, sizeof *vector);
        if (!take(context, record->row + i, stream_text(block.words, i), vector, error))
            return false;
    }
    return true;
}

bool vector_rows_read(struct stream_reader *reader, const struct stream_header *header,
                      take_row *take, void *context, struct error *error)
{
    struct stream_record record = {0};
    enum stream_next next = STREAM_FAILED;
    float *vector = memory_array(header->dim, sizeof *vector);
    bool done = vector || error_memory(error, "reading vectors");
    while (done && (next = stream_next(reader, &record, error)) == STREAM_BLOCK)
        done = take_block(header, &record, vector, take, context, error);
    stream_record_free(&record);
    free(vector);
    return done && next == STREAM_END;
}
