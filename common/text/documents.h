/*
 * documents: labelled text, a document a line, read in chunks of whole lines.
 *
 * Lines end at '\n' only; the last one counts without it, and a file's last line is not joined
 * to the next file's first. Bytes that are not valid UTF-8 are dropped, and so is a byte order
 * mark that a file begins with. Columns are separated by TAB.
 *
 * One thread reads chunks; each chunk may then be cut into rows on any thread. Where one chunk
 * ends and the next begins depends on nothing but the documents' bytes.
 */
#ifndef TEXT_DOCUMENTS_H
#define TEXT_DOCUMENTS_H

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DOCUMENTS_CHUNK = 256 * 1024,    /* bytes of a chunk, unless one line alone has more */
    DOCUMENTS_LINE = 1 << 30,        /* bytes of the longest line */
    DOCUMENTS_LABEL = TEXT_NAME_MOST /* bytes of the longest label */
};

/* ---- reading ---- */

struct documents;

/*
 * Starts on `count` files, read one after the other; "-" is standard input. A file that is not
 * there, can't be read or is a folder is noticed here. Borrows `paths`. NULL on failure.
 */
struct documents *documents_open(char *const *paths, size_t count, struct error *error);

/* Start from `{0}`; owns its bytes, freed by documents_chunk_free. */
struct documents_chunk {
    char *bytes; /* whole lines */
    size_t size, capacity;
    size_t rows;      /* lines */
    const char *name; /* the file, for messages; lives as long as the documents */
    uint64_t line;    /* the number of the first line in it, from 1 */
};

/*
 * Reads the next chunk, of `most_rows` lines at most; its size is 0 when there are no more.
 * Status SYSTEM, or INPUT where a line is longer than DOCUMENTS_LINE or a file is UTF-16.
 */
bool documents_read(struct documents *documents, size_t most_rows, struct documents_chunk *chunk,
                    struct error *error);

/* Of all bytes read so far, file after file, as they are in the files. */
struct digest documents_digest(const struct documents *documents);

void documents_chunk_free(struct documents_chunk *chunk);
void documents_close(struct documents *documents);

/* ---- cutting into rows ---- */

/* Which columns of a line are what; columns count from 1. */
struct documents_columns {
    unsigned label; /* 0: lines have no label */
    unsigned text;  /* 0: all that follows the label, which is the first column then; without a
                       label, the whole line */
};

/* A place in a chunk. Start from documents_cursor. */
struct documents_cursor {
    struct documents_chunk *chunk;
    size_t at;
    uint64_t line; /* of the row that documents_row gave last */
};

struct documents_cursor documents_cursor(struct documents_chunk *chunk);

/* Points into the chunk. The text may be written to. */
struct documents_row {
    struct text label;
    char *text;
    size_t text_size;
};

/*
 * The next row; call it `rows` times. Changes the chunk's bytes where they are not UTF-8.
 * Status INPUT where the line lacks a column or the label is too long, naming file and line.
 */
bool documents_row(struct documents_cursor *cursor, const struct documents_columns *columns,
                   struct documents_row *row, struct error *error);

#endif
