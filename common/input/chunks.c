#include "input/chunks.h"

#include <stdlib.h>
#include <string.h>

bool chunk_init(struct chunk *chunk, size_t size)
{
    *chunk = (struct chunk){.memory = malloc(CHUNKS_PADDING + size + CHUNKS_PADDING)};
    if (!chunk->memory)
        return false;
    chunk->bytes = chunk->memory + CHUNKS_PADDING;
    memset(chunk->memory, '\n', CHUNKS_PADDING);
    return true;
}

void chunk_free(struct chunk *chunk)
{
    free(chunk->memory);
    chunk->memory = NULL;
}

bool chunks_open(struct chunks *chunks, struct source *source, struct error *error)
{
    *chunks = (struct chunks){.source = source, .size = CHUNKS_SMALL, .held = malloc(CHUNKS_LARGE)};
    return chunks->held || error_memory(error, "reading lines");
}

void chunks_close(struct chunks *chunks)
{
    free(chunks->held);
    chunks->held = NULL;
}

bool chunks_peek(struct chunks *chunks, size_t size, struct error *error)
{
    if (chunks->source_ended || chunks->held_size >= size)
        return true;
    size_t wanted = size - chunks->held_size, got;
    if (!source_read(chunks->source, chunks->held + chunks->held_size, wanted, &got, error))
        return false;
    chunks->held_size += got;
    chunks->source_ended = got < wanted;
    return true;
}

void chunks_start(struct chunks *chunks, size_t skipped, size_t size)
{
    chunks->held_size -= skipped;
    memmove(chunks->held, chunks->held + skipped, chunks->held_size);
    chunks->size = size;
}

/* ---- filling ---- */

/* Fills the chunk with what is held, then from the source. */
static bool fill(struct chunks *chunks, struct chunk *chunk, struct error *error)
{
    size_t held = chunks->held_size < chunks->size ? chunks->held_size : chunks->size;
    size_t wanted = chunks->size - held, got = 0;
    memcpy(chunk->bytes, chunks->held, held);
    if (wanted && !chunks->source_ended) {
        if (!source_read(chunks->source, chunk->bytes + held, wanted, &got, error))
            return false;
        chunks->source_ended = got < wanted;
    }
    chunk->fresh = held;
    chunk->filled = held + got;
    memset(chunk->bytes + chunk->filled, '\n', CHUNKS_PADDING);
    chunks->held_size -= held;
    memmove(chunks->held, chunks->held + held, chunks->held_size);
    return true;
}

/* Puts back what is behind the chunk's lines, before what is held. */
static void hold_rest(struct chunks *chunks, const struct chunk *chunk)
{
    size_t rest = chunk->filled - chunk->end;
    memmove(chunks->held + rest, chunks->held, chunks->held_size);
    memcpy(chunks->held, chunk->bytes + chunk->end, rest);
    chunks->held_size += rest;
}

/* ---- cutting ---- */

/* Behind the last '\n' of bytes[begin .. end-1], or `begin`. */
static size_t behind_last_line(const char *bytes, size_t begin, size_t end)
{
    while (end > begin && bytes[end - 1] != '\n')
        end--;
    return end;
}

/* Amid a long line: sets `begin` behind it where it ends in this chunk. */
static void skip_line(struct chunks *chunks, struct chunk *chunk, bool last)
{
    const char *newline = memchr(chunk->bytes, '\n', chunk->filled);
    chunk->begin = newline ? (size_t)(newline - chunk->bytes) + 1 : chunk->filled;
    chunk->long_line = newline || last;
    chunks->skipping = !chunk->long_line;
}

/* Sets the bounds of the whole lines. */
static void cut(struct chunks *chunks, struct chunk *chunk, bool last)
{
    chunk->begin = 0;
    chunk->long_line = false;
    if (chunks->skipping)
        skip_line(chunks, chunk, last);
    size_t whole = behind_last_line(chunk->bytes, chunk->begin, chunk->filled);
    chunk->end = last ? chunk->filled : whole;
    if (whole == 0 && chunk->filled == chunks->size) {
        chunks->skipping = !last;
        chunk->long_line = last;
        chunk->begin = chunk->end = chunk->filled;
    }
}

enum chunks_next chunks_read(struct chunks *chunks, struct chunk *chunk, struct error *error)
{
    if (chunks->ended)
        return CHUNKS_END;
    if (!fill(chunks, chunk, error))
        return CHUNKS_FAILED;
    bool last = chunks->source_ended && chunks->held_size == 0;
    cut(chunks, chunk, last);
    hold_rest(chunks, chunk);
    chunks->ended = last;
    return CHUNKS_CHUNK;
}
