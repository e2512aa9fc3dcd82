/*
 * A chunk is read full, straight from the source, and cut behind its last '\n'; what is left over
 * is held, and begins the next chunk. With a limit of rows more may be held than one chunk needs:
 * then as many lines as are allowed are taken out of it, so that no byte is copied again and again.
 *
 * Where a rule is given, records that it finds stand for lines.
 * Live, a chunk is no fuller than what there is at once, but has a line at least.
 *
 * A chunk without any '\n' is the beginning of a long line. Where that is allowed, the chunk grows
 * until the line ends; else the chunks that it fills have no lines, and the last of them says that
 * a long line ended.
 */
#include "input/chunks.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

/* Room for `size` bytes; for twice as many as before, up to `most`, so that growing is linear. */
static bool reserve(struct chunk *chunk, size_t size, size_t most)
{
    if (chunk->memory && size <= chunk->capacity)
        return true;
    size_t doubled = chunk->capacity < most / 2 ? 2 * chunk->capacity : most;
    if (size < doubled && chunk->capacity)
        size = doubled;
    char *memory = realloc(chunk->memory, CHUNKS_PADDING + size + CHUNKS_PADDING);
    if (!memory)
        return false;
    memset(memory, '\n', CHUNKS_PADDING);
    chunk->memory = memory;
    chunk->bytes = memory + CHUNKS_PADDING;
    chunk->capacity = size;
    return true;
}

bool chunk_init(struct chunk *chunk, size_t size)
{
    *chunk = (struct chunk){0};
    return reserve(chunk, size, size);
}

void chunk_free(struct chunk *chunk)
{
    free(chunk->memory);
    chunk->memory = chunk->bytes = NULL;
    chunk->capacity = 0;
}

/* An empty chunk. One that once held a long line gives its memory back. */
static void clear(struct chunk *chunk, size_t size)
{
    if (chunk->capacity > size)
        chunk_free(chunk);
    chunk->begin = chunk->end = chunk->rows = chunk->lines = chunk->fresh = chunk->filled = 0;
    chunk->long_line = false;
}

/* ---- opening ---- */

bool chunks_open(struct chunks *chunks, struct source *source, struct error *error)
{
    *chunks = (struct chunks){.source = source,
                              .size = CHUNKS_SMALL,
                              .held = malloc(CHUNKS_LARGE),
                              .held_room = CHUNKS_LARGE};
    return chunks->held || error_memory(error, "reading lines");
}

void chunks_close(struct chunks *chunks)
{
    free(chunks->held);
    chunks->held = NULL;
}

static bool make_room(struct chunks *chunks, size_t size)
{
    char *held = realloc(chunks->held, size);
    if (!held)
        return false;
    chunks->held = held;
    chunks->held_room = size;
    return true;
}

/* Reads `size` bytes of the source, or all there are, to behind `have` others. */
static bool read_on(struct chunks *chunks, char *bytes, size_t have, size_t size, size_t *got,
                    struct error *error)
{
    char *to = bytes + have;
    *got = 0;
    if (!chunks->live) {
        bool read = source_read(chunks->source, to, size, got, error);
        chunks->source_ended = *got < size;
        return read;
    }
    bool line = memchr(bytes, '\n', have);
    while (*got < size && !chunks->source_ended && !(line && source_waits(chunks->source))) {
        size_t more;
        if (!source_read_ready(chunks->source, to + *got, size - *got, &more, &chunks->source_ended,
                               error))
            return false;
        line = line || memchr(to + *got, '\n', more);
        *got += more;
    }
    return true;
}

bool chunks_peek(struct chunks *chunks, size_t size, struct error *error)
{
    size_t got;
    if (chunks->source_ended || chunks->held_size >= size)
        return true;
    if (size > chunks->held_room && !make_room(chunks, size))
        return error_memory(error, "reading lines");
    if (!read_on(chunks, chunks->held, chunks->held_size, size - chunks->held_size, &got, error))
        return false;
    chunks->held_size += got;
    return true;
}

void chunks_start(struct chunks *chunks, size_t skipped, size_t size, size_t longest)
{
    chunks->held_at += skipped;
    chunks->held_size -= skipped;
    chunks->size = size;
    chunks->longest = longest;
}

void chunks_cut_by(struct chunks *chunks, const struct records_rule *rule)
{
    chunks->rule = rule;
}

/* ---- filling ---- */

/* Adds `size` bytes to the chunk, of what is held and then of the source's, or all there are. */
static bool fill(struct chunks *chunks, struct chunk *chunk, size_t size, struct error *error)
{
    size_t held = chunks->held_size < size ? chunks->held_size : size;
    size_t wanted = size - held, got = 0;
    if (!reserve(chunk, chunk->filled + size, chunks->longest + chunks->size))
        return error_memory(error, "reading lines");
    char *to = chunk->bytes + chunk->filled;
    memcpy(to, chunks->held + chunks->held_at, held);
    chunks->held_at += held;
    chunks->held_size -= held;
    if (wanted && !chunks->source_ended && !read_on(chunks, to, held, wanted, &got, error))
        return false;
    chunk->fresh += held;
    chunk->filled += held + got;
    memset(chunk->bytes + chunk->filled, '\n', CHUNKS_PADDING);
    return true;
}

static bool is_exhausted(const struct chunks *chunks)
{
    return chunks->source_ended && !chunks->held_size;
}

/* Puts back what is behind the chunk's lines, where it still stands if nothing came after it; else
   all that was peeked at is used up, and its memory given back. */
static void hold_rest(struct chunks *chunks, const struct chunk *chunk)
{
    size_t rest = chunk->filled - chunk->end;
    if (chunk->fresh == chunk->filled) {
        chunks->held_at -= rest;
    } else {
        if (chunks->held_room > CHUNKS_LARGE)
            make_room(chunks, CHUNKS_LARGE);
        memcpy(chunks->held, chunk->bytes + chunk->end, rest);
        chunks->held_at = 0;
    }
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

/* Behind the records of bytes[begin .. end-1], `most` at most, which it counts, as it does lines;
   `scan` is where the one that goes on stands. */
static size_t behind_records(const struct records_rule *rule, const char *bytes, size_t begin,
                             size_t end, size_t most, struct chunk *counts,
                             struct records_scan *scan)
{
    for (counts->rows = counts->lines = 0; counts->rows < most; counts->rows++) {
        *scan = (struct records_scan){.at = begin};
        size_t behind = rule->behind(rule, bytes, end, scan);
        if (!behind)
            break;
        begin = behind;
        counts->lines += scan->lines;
    }
    return begin;
}

/* The same, but behind no more than `most` lines, which it counts. */
static size_t behind_lines(const char *bytes, size_t begin, size_t end, size_t most, size_t *rows)
{
    for (*rows = 0; *rows < most; ++*rows) {
        const char *newline = memchr(bytes + begin, '\n', end - begin);
        if (!newline)
            break;
        begin = (size_t)(newline - bytes) + 1;
    }
    return begin;
}

/* How many bytes to read: less than a chunk's where `most` lines are held already. */
static size_t needed(const struct chunks *chunks, size_t most)
{
    size_t held = chunks->held_size < chunks->size ? chunks->held_size : chunks->size, rows;
    if (!most || !held)
        return chunks->size;
    const char *bytes = chunks->held + chunks->held_at;
    if (chunks->rule) {
        struct chunk counts;
        struct records_scan unused;
        size_t records = behind_records(chunks->rule, bytes, 0, held, most, &counts, &unused);
        return counts.rows == most ? records : chunks->size;
    }
    size_t lines = behind_lines(bytes, 0, held, most, &rows);
    return rows == most ? lines : chunks->size;
}

/* Amid a long line: sets `begin` behind it where it ends in this chunk. */
static void skip_line(struct chunks *chunks, struct chunk *chunk)
{
    const char *newline = memchr(chunk->bytes, '\n', chunk->filled);
    chunk->begin = newline ? (size_t)(newline - chunk->bytes) + 1 : chunk->filled;
    chunk->long_line = newline || is_exhausted(chunks);
    chunks->skipping = !chunk->long_line;
}

/* Sets `end` behind the whole lines. */
static void find_lines(struct chunks *chunks, struct chunk *chunk, size_t most)
{
    if (chunks->rule)
        chunk->end = behind_records(chunks->rule, chunk->bytes, chunk->begin, chunk->filled, most,
                                    chunk, &chunks->scan);
    else if (most)
        chunk->end = behind_lines(chunk->bytes, chunk->begin, chunk->filled, most, &chunk->rows);
    else
        chunk->end = behind_last_line(chunk->bytes, chunk->begin, chunk->filled);
}

/* The end of the line that fills the chunk, of which the first bytes have none; 0: it goes on. */
static size_t find_end(struct chunks *chunks, const struct chunk *chunk, size_t before)
{
    if (chunks->rule)
        return chunks->rule->behind(chunks->rule, chunk->bytes, chunk->filled, &chunks->scan);
    const char *newline = memchr(chunk->bytes + before, '\n', chunk->filled - before);
    return newline ? (size_t)(newline - chunk->bytes) + 1 : 0;
}

/* Reads on to the end of the line that fills the chunk, while it may be that long. */
static bool grow(struct chunks *chunks, struct chunk *chunk, struct error *error)
{
    while (!chunk->end && chunk->filled <= chunks->longest && !is_exhausted(chunks)) {
        size_t before = chunk->filled;
        if (!fill(chunks, chunk, chunks->size, error))
            return false;
        chunk->end = find_end(chunks, chunk, before);
        chunk->rows = chunk->end != 0;
        chunk->lines = chunk->rows && chunks->rule ? chunks->scan.lines : 0;
    }
    return true;
}

/* Whether the chunk is one line, or the beginning of one, that is too long. */
static bool is_too_long(const struct chunks *chunks, const struct chunk *chunk)
{
    size_t line = chunk->end ? chunk->end : chunk->filled;
    return line > chunks->longest && (chunk->end ? line > chunks->size : line >= chunks->size);
}

static void pass_over(struct chunks *chunks, struct chunk *chunk)
{
    chunk->long_line = chunk->end || is_exhausted(chunks);
    chunks->skipping = !chunk->long_line;
    chunk->begin = chunk->end = chunk->end ? chunk->end : chunk->filled;
    chunk->rows = 0;
}

/* The last line of all may lack its '\n'. Behind a long line, or the most lines, it has to wait. */
static void take_last_line(struct chunks *chunks, struct chunk *chunk, size_t most)
{
    bool full = (most && chunk->rows == most) || (chunk->end && chunk->filled > chunks->size);
    if (!is_exhausted(chunks) || (full && chunk->end < chunk->filled))
        return;
    chunk->rows += chunk->end < chunk->filled;
    chunk->end = chunk->filled;
    chunks->ended = true;
}

static enum chunks_next read_chunk(struct chunks *chunks, size_t most, struct chunk *chunk,
                                   struct error *error)
{
    if (chunks->ended)
        return CHUNKS_END;
    clear(chunk, chunks->size);
    if (!fill(chunks, chunk, needed(chunks, most), error))
        return CHUNKS_FAILED;
    if (chunks->skipping)
        skip_line(chunks, chunk);
    find_lines(chunks, chunk, most);
    if (!chunk->end && (chunk->filled == chunks->size || chunks->live) &&
        !grow(chunks, chunk, error))
        return CHUNKS_FAILED;
    if (is_too_long(chunks, chunk))
        pass_over(chunks, chunk);
    take_last_line(chunks, chunk, most);
    if (!chunks->rule)
        chunk->lines = chunk->rows;
    hold_rest(chunks, chunk);
    return CHUNKS_CHUNK;
}

enum chunks_next chunks_read(struct chunks *chunks, struct chunk *chunk, struct error *error)
{
    return read_chunk(chunks, 0, chunk, error);
}

enum chunks_next chunks_read_rows(struct chunks *chunks, size_t most, struct chunk *chunk,
                                  struct error *error)
{
    return read_chunk(chunks, most, chunk, error);
}
