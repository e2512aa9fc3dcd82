/*
 * Files are read through a window that holds a few chunks. A chunk is copied out of it: as many
 * whole lines as fit in DOCUMENTS_CHUNK bytes, one line where it alone has more, never more than
 * the most rows allowed. It is cut only when that many bytes, or the file's end, are in the
 * window, so that the cut does not depend on how the system hands out the bytes. Only a line
 * longer than the window makes it grow, and it shrinks again behind it.
 */
#include "text/documents.h"

#include "base/await.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 4 * DOCUMENTS_CHUNK, MARK_SIZE = 3 };

struct documents {
    char *const *paths;
    size_t count;
    size_t next; /* path to open next */
    int fd;      /* -1: none is open */
    const char *name;
    uint64_t line;    /* number of the window's first line */
    bool end_of_file; /* of the open file */
    struct digest digest;
    char *window;
    size_t from, to; /* what of the window is not handed out yet */
    size_t searched; /* of that, the bytes known to hold no line's end */
    size_t capacity;
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

struct documents *documents_open(char *const *paths, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!check_path(paths[i], error))
            return NULL;
    struct documents *documents = malloc(sizeof *documents);
    char *window = malloc(WINDOW);
    if (!documents || !window) {
        free(documents);
        free(window);
        error_memory(error, "opening the documents");
        return NULL;
    }
    *documents = (struct documents){.paths = paths,
                                    .count = count,
                                    .fd = -1,
                                    .end_of_file = true,
                                    .window = window,
                                    .capacity = WINDOW};
    return documents;
}

static void close_file(struct documents *documents)
{
    if (documents->fd >= 0 && documents->fd != STDIN_FILENO)
        close(documents->fd);
    documents->fd = -1;
}

void documents_close(struct documents *documents)
{
    if (!documents)
        return;
    close_file(documents);
    free(documents->window);
    free(documents);
}

struct digest documents_digest(const struct documents *documents)
{
    return documents->digest;
}

/* ---- the window ---- */

static size_t in_window(const struct documents *documents)
{
    return documents->to - documents->from;
}

/*
 * Makes sure that there is room behind the window's rest, which moves to the front for it. The
 * window is as large as that rest calls for: a long line makes it grow only while it is there.
 */
static bool make_room(struct documents *documents, struct error *error)
{
    if (documents->capacity == WINDOW && WINDOW - documents->to >= DOCUMENTS_CHUNK)
        return true;
    size_t rest = in_window(documents), wanted = WINDOW;
    if (rest && documents->from)
        memmove(documents->window, documents->window + documents->from, rest);
    documents->from = 0;
    documents->to = rest;
    while (wanted <= rest)
        wanted *= 2;
    if (wanted > DOCUMENTS_LINE)
        wanted = (size_t)DOCUMENTS_LINE + WINDOW;
    if (wanted == documents->capacity)
        return true;
    char *window = realloc(documents->window, wanted);
    if (!window)
        return error_memory(error, "reading the documents");
    documents->window = window;
    documents->capacity = wanted;
    return true;
}

/* Reads on, at least one byte or the end of the file. */
static bool read_more(struct documents *documents, struct error *error)
{
    if (!make_room(documents, error))
        return false;
    ssize_t got = await_read(documents->fd, documents->window + documents->to,
                             documents->capacity - documents->to);
    if (got < 0)
        return error_errno(error, "%s: can't read", documents->name);
    documents->end_of_file = got == 0;
    digest_update(&documents->digest, documents->window + documents->to, (size_t)got);
    documents->to += (size_t)got;
    return true;
}

/* ---- files ---- */

/* A file may open with a mark of its encoding: UTF-8's is no text, UTF-16 is not read. */
static bool pass_mark(struct documents *documents, struct error *error)
{
    while (in_window(documents) < MARK_SIZE && !documents->end_of_file)
        if (!read_more(documents, error))
            return false;
    const char *start = documents->window + documents->from;
    size_t have = in_window(documents);
    if (have >= 2 && (memcmp(start, "\xff\xfe", 2) == 0 || memcmp(start, "\xfe\xff", 2) == 0))
        return error_set(error, STATUS_INPUT,
                         "%s: is UTF-16 text: turn it into UTF-8, with iconv -f UTF-16 -t UTF-8",
                         documents->name);
    if (have >= MARK_SIZE && memcmp(start, "\xef\xbb\xbf", MARK_SIZE) == 0)
        documents->from += MARK_SIZE;
    return true;
}

static bool open_next(struct documents *documents, struct error *error)
{
    close_file(documents);
    const char *path = documents->paths[documents->next++];
    documents->name = path_is_standard(path) ? "standard input" : path;
    documents->fd = path_is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (documents->fd < 0)
        return error_errno(error, "%s: can't open", path);
    documents->line = 1;
    documents->end_of_file = false;
    return pass_mark(documents, error);
}

/* ---- chunks ---- */

/* The end of the line that starts `size` bytes into the window; NULL: it is not there yet. */
static const char *find_line_end(struct documents *documents, size_t size)
{
    const char *start = documents->window + documents->from;
    size_t have = in_window(documents), known = size ? size : documents->searched;
    const char *end = memchr(start + known, '\n', have - known);
    if (end)
        return end + 1;
    if (!size)
        documents->searched = have;
    return documents->end_of_file ? start + have : NULL;
}

/* The size of the chunk that can be cut from the window now; 0: more must be read first. */
static size_t find_cut(struct documents *documents, size_t most_rows, size_t *rows)
{
    const char *start = documents->window + documents->from;
    size_t have = in_window(documents), size = 0;
    for (*rows = 0; *rows < most_rows && size < have; ++*rows) {
        const char *end = find_line_end(documents, size);
        if (!end || (*rows && end - start > DOCUMENTS_CHUNK))
            break;
        size = (size_t)(end - start);
    }
    bool final = documents->end_of_file || *rows == most_rows || have >= DOCUMENTS_CHUNK;
    return final ? size : 0;
}

/* A chunk has more bytes than DOCUMENTS_CHUNK only when it is one line, or the start of one. */
static bool check_line(const struct documents *documents, size_t size, struct error *error)
{
    if ((size ? size : in_window(documents)) <= DOCUMENTS_LINE)
        return true;
    return error_set(error, STATUS_INPUT,
                     "%s:%llu: the line is longer than 1 GiB: is this text, a document a line?",
                     documents->name, (unsigned long long)documents->line);
}

static bool copy_chunk(struct documents *documents, struct documents_chunk *chunk, size_t size,
                       size_t rows, struct error *error)
{
    /* A chunk that once held a long line gives its memory back. */
    if (chunk->capacity > DOCUMENTS_CHUNK && size <= DOCUMENTS_CHUNK)
        documents_chunk_free(chunk);
    size_t wanted = size > DOCUMENTS_CHUNK ? size : DOCUMENTS_CHUNK;
    if (!memory_reserve(&chunk->bytes, &chunk->capacity, wanted, 1))
        return error_memory(error, "reading the documents");
    memcpy(chunk->bytes, documents->window + documents->from, size);
    chunk->size = size;
    chunk->rows = rows;
    chunk->name = documents->name;
    chunk->line = documents->line;
    documents->from += size;
    documents->line += rows;
    documents->searched = 0;
    return true;
}

bool documents_read(struct documents *documents, size_t most_rows, struct documents_chunk *chunk,
                    struct error *error)
{
    chunk->size = chunk->rows = 0;
    for (;;) {
        size_t rows, size = find_cut(documents, most_rows, &rows);
        if (!check_line(documents, size, error))
            return false;
        if (size)
            return copy_chunk(documents, chunk, size, rows, error);
        if (!documents->end_of_file) {
            if (!read_more(documents, error))
                return false;
        } else if (documents->next == documents->count) {
            return true;
        } else if (!open_next(documents, error)) {
            return false;
        }
    }
}

void documents_chunk_free(struct documents_chunk *chunk)
{
    free(chunk->bytes);
    *chunk = (struct documents_chunk){0};
}

/* ---- rows ---- */

struct documents_cursor documents_cursor(struct documents_chunk *chunk)
{
    return (struct documents_cursor){.chunk = chunk, .line = chunk->line - 1};
}

static bool refuse(const struct documents_cursor *cursor, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: %s", cursor->chunk->name,
                     (unsigned long long)cursor->line, what);
}

/* The cursor's next line, without its end, as valid UTF-8. */
static char *next_line(struct documents_cursor *cursor, size_t *size)
{
    char *line = cursor->chunk->bytes + cursor->at;
    size_t left = cursor->chunk->size - cursor->at;
    char *end = memchr(line, '\n', left);
    *size = end ? (size_t)(end - line) : left;
    cursor->at += *size + (end != NULL);
    cursor->line++;
    if (!utf8_valid(line, *size))
        *size = utf8_clean(line, line, *size);
    return line;
}

/* The default: a label, a TAB, and the text, which may hold more TABs. */
static bool split_at_tab(const struct documents_cursor *cursor, char *line, size_t size,
                         struct documents_row *row, struct error *error)
{
    char *tab = memchr(line, '\t', size);
    if (size == 0 || (size == 1 && *line == '\r'))
        return refuse(cursor, error, "the line is empty, and has no label: take it out");
    if (!tab)
        return refuse(cursor, error,
                      "no TAB between a label and a text: use --no-label if lines are text alone");
    row->label = (struct text){line, (size_t)(tab - line)};
    row->text = tab + 1;
    row->text_size = size - row->label.size - 1;
    return true;
}

/* Column `number` of the line. A carriage return at the line's end belongs to no column. */
static bool find_column(const struct documents_cursor *cursor, char *line, size_t size,
                        unsigned number, struct text *column, struct error *error)
{
    const char *end = line + size;
    for (unsigned passed = 1; passed < number; passed++) {
        line = memchr(line, '\t', (size_t)(end - line));
        if (!line)
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: no column %u: the line has %u, separated by TABs",
                             cursor->chunk->name, (unsigned long long)cursor->line, number, passed);
        line++;
    }
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    if (!tab && end > line && end[-1] == '\r')
        end--;
    *column = (struct text){line, (size_t)((tab ? tab : end) - line)};
    return true;
}

static bool pick_columns(const struct documents_cursor *cursor,
                         const struct documents_columns *columns, char *line, size_t size,
                         struct documents_row *row, struct error *error)
{
    struct text text = {line, 0};
    if (!find_column(cursor, line, size, columns->text, &text, error) ||
        (columns->label && !find_column(cursor, line, size, columns->label, &row->label, error)))
        return false;
    row->text = line + (text.data - line);
    row->text_size = text.size;
    return true;
}

bool documents_row(struct documents_cursor *cursor, const struct documents_columns *columns,
                   struct documents_row *row, struct error *error)
{
    size_t size;
    char *line = next_line(cursor, &size);
    *row = (struct documents_row){.text = line, .text_size = size};
    if (columns->text) {
        if (!pick_columns(cursor, columns, line, size, row, error))
            return false;
    } else if (columns->label && !split_at_tab(cursor, line, size, row, error)) {
        return false;
    }
    if (row->label.size > DOCUMENTS_LABEL)
        return refuse(cursor, error, "the label is longer than 1 MiB: is this the right column?");
    return true;
}
