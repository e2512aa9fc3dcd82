/*
 * A file is opened when the one before it was read to its end and verified. Its chunks' fresh
 * bytes make the file's digest, which is joined to that of the files before.
 */
#include "input/texts.h"

#include "base/path.h"
#include "input/sniff.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_SIZE = 512 }; /* what shows that a file is no text */

const struct texts_kind texts_documents = {
    (size_t)1 << 30, "the line is longer than 1 GiB: is this text, a document a line?"};
/* No vector of a longer word is loaded. */
const struct texts_kind texts_words = {
    CHUNKS_LARGE, "the line is longer than 2 MiB: is this a list of words, one a line?"};

struct texts {
    char *const *paths;
    size_t count;
    size_t next; /* path to open next */
    const struct texts_kind *kind;
    struct source *source; /* NULL: none is open */
    struct chunks chunks;  /* of it */
    bool live;
    uint64_t line;        /* number of the next chunk's first line */
    struct digest digest; /* of the open file */
    struct digest before; /* of those before it */
};

/* ---- opening ---- */

static bool check_path(const char *path, struct error *error)
{
    struct stat status;
    if (path_is_standard(path))
        return true;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        return error_errno(error, "%s: can't open", path);
    if (S_ISDIR(status.st_mode))
        return error_set(error, STATUS_USAGE, "%s: is a folder: name the files in it", path);
    return true;
}

struct texts *texts_open(char *const *paths, size_t count, const struct texts_kind *kind,
                         struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_path(paths[i], error))
            return NULL;
    struct texts *texts = malloc(sizeof *texts);
    if (texts)
        *texts = (struct texts){.paths = paths, .count = count, .kind = kind};
    else
        error_memory(error, "opening texts");
    return texts;
}

void texts_live(struct texts *texts)
{
    texts->live = true;
}

static void close_file(struct texts *texts)
{
    chunks_close(&texts->chunks);
    source_close(texts->source);
    texts->source = NULL;
}

void texts_close(struct texts *texts)
{
    if (!texts)
        return;
    close_file(texts);
    free(texts);
}

struct digest texts_digest(const struct texts *texts)
{
    return digest_joined(texts->before, texts->digest);
}

/* ---- files ---- */

/* More is looked at only where the first bytes are suspicious. */
static const char *check_line_ends(struct chunks *chunks, bool *read, struct error *error)
{
    *read = true;
    if (!sniff_line_ends(chunks->held, chunks->held_size))
        return NULL;
    *read = chunks_peek(chunks, SNIFF_SIZE, error);
    return *read ? sniff_line_ends(chunks->held, chunks->held_size) : NULL;
}

/* A file may open with a mark of its encoding: UTF-8's is no text, and others are not read. */
static bool pass_mark(struct texts *texts, struct error *error)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct chunks *chunks = &texts->chunks;
    if (!chunks_peek(chunks, HEAD_SIZE, error))
        return false;
    bool read = true;
    const char *what = sniff_text(chunks->held, chunks->held_size);
    if (!what)
        what = check_line_ends(chunks, &read, error);
    if (!read)
        return false;
    if (what)
        return error_set(error, STATUS_INPUT, "%s: %s", source_name(texts->source), what);
    size_t size = sizeof mark - 1;
    bool marked = chunks->held_size >= size && memcmp(chunks->held, mark, size) == 0;
    digest_update(&texts->digest, chunks->held, chunks->held_size);
    chunks_start(chunks, marked ? size : 0, TEXTS_CHUNK, texts->kind->longest);
    return true;
}

static bool open_next(struct texts *texts, struct error *error)
{
    texts->line = 1;
    texts->source = source_open_only(texts->paths[texts->next++], error);
    if (!texts->source || !chunks_open(&texts->chunks, texts->source, error))
        return false;
    texts->chunks.live = texts->live;
    return pass_mark(texts, error);
}

static bool end_file(struct texts *texts, struct error *error)
{
    if (!source_verify(texts->source, texts->digest.crc32, error))
        return false;
    texts->before = texts_digest(texts);
    texts->digest = (struct digest){0};
    close_file(texts);
    return true;
}

/* ---- chunks ---- */

static bool hand_out(struct texts *texts, struct texts_chunk *chunk, struct error *error)
{
    const struct chunk *memory = &chunk->memory;
    const char *name = source_name(texts->source);
    digest_update(&texts->digest, memory->bytes + memory->fresh, memory->filled - memory->fresh);
    if (texts->chunks.skipping || memory->long_line)
        return error_set(error, STATUS_INPUT, "%s:%llu: %s", name, (unsigned long long)texts->line,
                         texts->kind->too_long);
    chunk->bytes = memory->bytes + memory->begin;
    chunk->size = memory->end - memory->begin;
    chunk->rows = memory->rows;
    chunk->name = name;
    chunk->line = texts->line;
    texts->line += chunk->rows;
    return true;
}

bool texts_read(struct texts *texts, size_t most_rows, struct texts_chunk *chunk,
                struct error *error)
{
    chunk->size = chunk->rows = 0;
    while (!chunk->size && (texts->source || texts->next < texts->count)) {
        if (!texts->source && !open_next(texts, error))
            return false;
        switch (chunks_read_rows(&texts->chunks, most_rows, &chunk->memory, error)) {
        case CHUNKS_CHUNK:
            if (!hand_out(texts, chunk, error))
                return false;
            break;
        case CHUNKS_END:
            if (!end_file(texts, error))
                return false;
            break;
        default:
            return false;
        }
    }
    return true;
}

void texts_chunk_free(struct texts_chunk *chunk)
{
    chunk_free(&chunk->memory);
    *chunk = (struct texts_chunk){0};
}
