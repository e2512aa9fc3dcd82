/*
 * Which rows share a block depends on the rows alone, so the stream is the same whatever the
 * threads did.
 */
#include "run/gather.h"

#include "base/memory.h"
#include "stream/vectors.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE_BLOCK = 32 * 1024 }; /* rows of so many bytes are a block by themselves */

bool gather_start(struct gather *gather, struct stream_writer *writer, uint32_t dim,
                  struct error *error)
{
    /* Less than a whole block waits, and less than one is added. */
    size_t most = 2 * WHOLE_BLOCK, most_rows = most / (dim * sizeof(float) + 1) + 1;
    *gather = (struct gather){.writer = writer,
                              .dim = dim,
                              .words = memory_array(most_rows, sizeof *gather->words),
                              .bytes = malloc(most),
                              .x = memory_array(most_rows, dim * sizeof *gather->x)};
    return (gather->words && gather->bytes && gather->x) ||
           error_memory(error, "loading word vectors");
}

void gather_free(struct gather *gather)
{
    free(gather->words);
    free(gather->bytes);
    free(gather->x);
}

bool gather_flush(struct gather *gather, struct error *error)
{
    if (gather->rows && !vectors_write(gather->writer, (uint32_t)gather->rows, gather->dim,
                                       gather->words, gather->x, error))
        return false;
    gather->rows = gather->size = gather->bytes_used = 0;
    return true;
}

/* Adds `count` rows of `size` bytes, less than WHOLE_BLOCK. */
static void put_by(struct gather *gather, const struct parsed_vectors *rows, size_t count,
                   size_t size)
{
    for (size_t i = 0; i < count; i++) {
        struct text word = rows->words[i];
        char *copy = gather->bytes + gather->bytes_used;
        memcpy(copy, word.data, word.size);
        gather->words[gather->rows + i] = (struct text){copy, word.size};
        gather->bytes_used += word.size;
    }
    memcpy(gather->x + gather->rows * gather->dim, rows->x, count * gather->dim * sizeof *rows->x);
    gather->rows += count;
    gather->size += size;
}

bool gather_write(struct gather *gather, const struct parsed_vectors *rows, size_t count,
                  struct error *error)
{
    uint32_t dim = gather->dim;
    size_t size = count * dim * sizeof *rows->x;
    for (size_t i = 0; i < count && size < WHOLE_BLOCK; i++)
        size += rows->words[i].size;
    if (size < WHOLE_BLOCK) {
        put_by(gather, rows, count, size);
        return gather->size < WHOLE_BLOCK || gather_flush(gather, error);
    }
    if (!gather_flush(gather, error))
        return false;
    for (size_t at = 0; at < count; at += STREAM_MAX_ROWS) {
        size_t some = count - at < STREAM_MAX_ROWS ? count - at : STREAM_MAX_ROWS;
        if (!vectors_write(gather->writer, (uint32_t)some, dim, rows->words + at,
                           rows->x + at * dim, error))
            return false;
    }
    return true;
}
