/*
 * A file is opened when the one before it was read to its end and verified. Its chunks' fresh
 * bytes make the file's digest, which is joined to that of the files before.
 */
#include "input/texts.h"

#include "base/memory.h"
#include "base/path.h"
#include "input/folder.h"
#include "input/sniff.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEAD_SIZE = 512,       /* what shows that a file is no text */
    HEAD_STEP = 64 * 1024, /* what most files' rules can be told by */
    FILE_STEP = 16 * 1024,
    FILES_MOST = 4096 /* in a chunk, where they are short */
};

_Static_assert((int)SNIFF_SIZE <= (int)CHUNKS_PEEKED, "line ends are peeked at");

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
    const struct texts_rules *rules; /* NULL: all is lines */
    struct folder **folders;         /* by path; NULL where it is that of a file */
    size_t next_file;                /* of the folder that is read */
    const void *form;                /* of the open file */
    struct source *source;           /* NULL: none is open */
    struct chunks chunks;            /* of it */
    bool live;
    uint64_t line;        /* number of the next chunk's first line */
    struct digest digest; /* of the open file */
    struct digest before; /* of those before it */
};

/* ---- opening ---- */

static bool check_path(const char *path, bool *is_folder, struct error *error)
{
    struct stat status;
    *is_folder = false;
    if (path_is_standard(path))
        return true;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        return error_errno(error, "%s: can't open", path);
    *is_folder = S_ISDIR(status.st_mode);
    return true;
}

static bool open_path(struct texts *texts, size_t i, struct error *error)
{
    bool is_folder;
    const char *path = texts->paths[i];
    if (!check_path(path, &is_folder, error))
        return false;
    if (is_folder && !texts->rules)
        return error_set(error, STATUS_USAGE, "%s: is a folder: name the files in it", path);
    if (is_folder)
        texts->folders[i] = folder_list(path, texts->rules->labelled, error);
    return !is_folder || texts->folders[i];
}

static struct texts *open_texts(char *const *paths, size_t count, const struct texts_kind *kind,
                                const struct texts_rules *rules, struct error *error)
{
    struct texts *texts = malloc(sizeof *texts);
    struct folder **folders = calloc(count + 1, sizeof(struct folder *));
    if (!texts || !folders) {
        free(texts);
        free(folders);
        error_memory(error, "opening texts");
        return NULL;
    }
    *texts = (struct texts){
        .paths = paths, .count = count, .kind = kind, .rules = rules, .folders = folders};
    for (size_t i = 0; i < count; i++)
        if (!open_path(texts, i, error)) {
            texts_close(texts);
            return NULL;
        }
    return texts;
}

struct texts *texts_open(char *const *paths, size_t count, const struct texts_kind *kind,
                         struct error *error)
{
    return open_texts(paths, count, kind, NULL, error);
}

struct texts *texts_open_documents(char *const *paths, size_t count,
                                   const struct texts_rules *rules, struct error *error)
{
    return open_texts(paths, count, &texts_documents, rules, error);
}

bool texts_is_folder(const struct texts *texts, size_t i)
{
    return texts->folders[i];
}

const char *texts_document(const struct texts *texts, const struct stat *status)
{
    struct stat found;
    for (size_t i = 0; i < texts->count; i++)
        for (size_t j = 0; texts->folders[i] && j < texts->folders[i]->count; j++) {
            const struct folder_file *file = &texts->folders[i]->files[j];
            if (file->state == FILED_DOCUMENT && stat(file->path, &found) == 0 &&
                found.st_dev == status->st_dev && found.st_ino == status->st_ino)
                return file->path;
        }
    return NULL;
}

bool texts_are_splits(const struct texts *texts, size_t i)
{
    return texts->folders[i] && folder_splits(texts->folders[i]);
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
    for (size_t i = 0; i < texts->count; i++)
        folder_free(texts->folders[i]);
    free(texts->folders);
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

/* What may be looked at: the longest line, and what stands before it. */
static size_t most_head(const struct texts *texts)
{
    return texts->kind->longest + HEAD_STEP;
}

/* More bytes of the head, behind the mark: as far as HEAD_STEP, or twice as far as before, so that
   reading is linear; live, at least one. */
static bool peek_more(struct texts *texts, size_t mark, struct error *error)
{
    struct chunks *chunks = &texts->chunks;
    size_t before = chunks->held_size, size = HEAD_STEP;
    bool live = chunks->live;
    while (mark + size <= before)
        size *= 2;
    size = mark + size < most_head(texts) ? mark + size : most_head(texts);
    if (!chunks_peek(chunks, size, error))
        return false;
    if (!live || chunks->held_size > before)
        return true;
    chunks->live = false;
    bool read = chunks_peek(chunks, before + 1, error);
    chunks->live = true;
    return read;
}

/* Live, and no more is there. */
static bool has_to_wait(const struct texts *texts)
{
    const struct chunks *chunks = &texts->chunks;
    return chunks->live && !chunks->source_ended && source_waits(texts->source);
}

/* Asks the rules, with more of the head as long as they want it. */
static bool begin(struct texts *texts, size_t mark, struct texts_start *start, struct error *error)
{
    struct chunks *chunks = &texts->chunks;
    const struct texts_rules *rules = texts->rules;
    enum texts_begun begun = rules ? TEXTS_MORE : TEXTS_BEGUN;
    for (bool again = false; begun == TEXTS_MORE; again = true) {
        if (again && !peek_more(texts, mark, error))
            return false;
        const struct texts_head head = {.path = texts->paths[texts->next - 1],
                                        .name = source_name(texts->source),
                                        .bytes = chunks->held + mark,
                                        .size = chunks->held_size - mark,
                                        .whole = chunks->source_ended,
                                        .last = chunks->held_size >= most_head(texts),
                                        .again = again,
                                        .marked = mark > 0,
                                        .waits = has_to_wait(texts)};
        begun = rules->begin(rules->context, &head, start, error);
    }
    return begun == TEXTS_BEGUN;
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
    struct texts_start start = {.skipped = 0};
    if (!begin(texts, marked ? size : 0, &start, error))
        return false;
    texts->line += start.lines;
    texts->form = start.form;
    digest_update(&texts->digest, chunks->held, chunks->held_size);
    chunks_start(chunks, start.skipped + (marked ? size : 0), TEXTS_CHUNK, texts->kind->longest);
    chunks_cut_by(chunks, start.rule);
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
    chunk->form = texts->form;
    chunk->files = NULL;
    chunk->waits = has_to_wait(texts);
    texts->line += memory->lines;
    return true;
}

static bool read_lines(struct texts *texts, size_t most_rows, struct texts_chunk *chunk,
                       struct error *error)
{
    switch (chunks_read_rows(&texts->chunks, most_rows, &chunk->memory, error)) {
    case CHUNKS_CHUNK:
        return hand_out(texts, chunk, error);
    case CHUNKS_END:
        return end_file(texts, error);
    default:
        return false;
    }
}

/* ---- files of a folder ---- */

static bool read_file(struct texts *texts, struct texts_chunk *chunk, struct filed *filed,
                      struct error *error)
{
    size_t most = texts->kind->longest, got = FILE_STEP;
    struct digest digest = {0};
    struct source *source = source_open_only(filed->name, error);
    bool good = source != NULL;
    filed->begin = chunk->size;
    for (; good && got == FILE_STEP; filed->size += got) {
        good = memory_reserve(&chunk->file_bytes, &chunk->file_bytes_capacity,
                              chunk->size + FILE_STEP, 1)
                   ? filed->size < most ||
                         error_set(error, STATUS_INPUT, "%s: is longer than 1 GiB", filed->name)
                   : error_memory(error, "reading a file");
        got = 0;
        good = good && source_read(source, chunk->file_bytes + chunk->size, FILE_STEP, &got, error);
        digest_update(&digest, chunk->file_bytes + chunk->size, got);
        chunk->size += got;
    }
    good = good && source_verify(source, digest.crc32, error);
    source_close(source);
    texts->before = digest_joined(texts->before, digest);
    return good;
}

/* Takes a mark off, and a file that is no text out. */
static void look_at_file(struct texts_chunk *chunk, struct filed *filed)
{
    static const char mark[] = "\xef\xbb\xbf";
    const char *bytes = chunk->file_bytes + filed->begin;
    size_t head = filed->size < HEAD_SIZE ? filed->size : HEAD_SIZE;
    if (sniff_text(bytes, head) || memchr(bytes, '\0', head)) {
        filed->state = FILED_BINARY;
        chunk->size = filed->begin;
    } else if (filed->size >= sizeof mark - 1 && memcmp(bytes, mark, sizeof mark - 1) == 0) {
        filed->begin += sizeof mark - 1;
        filed->size -= sizeof mark - 1;
    }
}

/* Files of the folder, until they fill a chunk. Labels are part of what was read. */
static bool read_files(struct texts *texts, size_t most_rows, struct texts_chunk *chunk,
                       struct error *error)
{
    const struct folder *folder = texts->folders[texts->next];
    chunk->line = 1;
    while (texts->next_file < folder->count && chunk->rows < most_rows &&
           chunk->rows < FILES_MOST && chunk->size < TEXTS_CHUNK) {
        const struct folder_file *file = &folder->files[texts->next_file++];
        struct filed filed = {.name = file->path, .label = file->label, .state = file->state};
        if (!memory_reserve(&chunk->file_memory, &chunk->files_capacity, chunk->rows + 1,
                            sizeof *chunk->file_memory))
            return error_memory(error, "reading a folder");
        if (file->state == FILED_DOCUMENT) {
            struct digest label = {0};
            digest_update(&label, file->label.data, file->label.size);
            texts->before = digest_joined(texts->before, label);
            if (!read_file(texts, chunk, &filed, error))
                return false;
            look_at_file(chunk, &filed);
        }
        chunk->file_memory[chunk->rows++] = filed;
    }
    chunk->bytes = chunk->file_bytes;
    chunk->files = chunk->file_memory;
    chunk->waits = false;
    chunk->name = texts->paths[texts->next];
    chunk->form = texts->rules->files_form;
    if (texts->next_file == folder->count) {
        texts->next++;
        texts->next_file = 0;
    }
    return true;
}

/* ---- all ---- */

bool texts_read(struct texts *texts, size_t most_rows, struct texts_chunk *chunk,
                struct error *error)
{
    chunk->size = chunk->rows = 0;
    while (!chunk->rows && (texts->source || texts->next < texts->count)) {
        bool good;
        if (!texts->source && texts->folders[texts->next])
            good = read_files(texts, most_rows, chunk, error);
        else
            good = (texts->source || open_next(texts, error)) &&
                   read_lines(texts, most_rows, chunk, error);
        if (!good)
            return false;
    }
    return true;
}

void texts_chunk_free(struct texts_chunk *chunk)
{
    chunk_free(&chunk->memory);
    free(chunk->file_bytes);
    free(chunk->file_memory);
    *chunk = (struct texts_chunk){0};
}
