/*
 * texts: files of text, read one after the other in chunks of whole lines. The one door for
 * documents and for lists of words.
 *
 * Documents may also be files of a folder, each one of them, or records that hold '\n' themselves;
 * a chunk is of one kind.
 *
 * Each file may be plain, gzipped, or the only file of a zip; its first bytes tell, not its name.
 * What these show to be no text is refused. Lines end at '\n' only; the last one counts without
 * it, and a file's last line is not joined to the next file's first. A byte order mark that a
 * file begins with is passed over.
 *
 * One thread reads chunks; each chunk may then be worked on by any. Where one chunk ends and the
 * next begins depends on nothing but the unpacked bytes, unless they are live. Memory is bounded by
 * the longest line.
 */
#ifndef INPUT_TEXTS_H
#define INPUT_TEXTS_H

#include "base/digest.h"
#include "base/error.h"
#include "base/filed.h"
#include "base/records.h"
#include "input/chunks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { TEXTS_CHUNK = 256 * 1024 }; /* bytes of a chunk, unless one line alone has more */

/* What a line is. */
struct texts_kind {
    size_t longest;       /* bytes of the longest one, with its '\n' */
    const char *too_long; /* what is said of one that is longer */
};

extern const struct texts_kind texts_documents, texts_words;

struct texts;

/* ---- documents in other forms than lines ---- */

/* The first bytes of a file, behind a byte order mark. */
struct texts_head {
    const char *path; /* as it was given */
    const char *name; /* for messages */
    const char *bytes;
    size_t size;
    bool whole;  /* there are no more */
    bool last;   /* none can be looked at: a line may have no more */
    bool again;  /* it is the file of before, with more bytes */
    bool waits;  /* live, and more has to be waited for */
    bool marked; /* there is such a mark */
};

/* How the rest of it is to be cut. */
struct texts_start {
    size_t skipped;                  /* bytes that belong to no record */
    uint64_t lines;                  /* in them */
    const struct records_rule *rule; /* what cuts them; NULL: lines */
    const void *form;                /* handed on with each chunk */
};

enum texts_begun { TEXTS_BEGUN, TEXTS_MORE, TEXTS_FAILED };

/* Asked at the beginning of each file, by the thread that reads. All borrowed. */
struct texts_rules {
    /* TEXTS_MORE: more than this of it is needed. */
    enum texts_begun (*begin)(void *context, const struct texts_head *head,
                              struct texts_start *start, struct error *error);
    void *context;
    bool labelled;          /* a folder has to say the labels of its files */
    const void *files_form; /* handed on with chunks of these */
};

/*
 * Starts on `count` files; "-" is standard input. A file that is not there, can't be read or is a
 * folder is noticed here. Borrows `paths`. NULL on failure.
 */
struct texts *texts_open(char *const *paths, size_t count, const struct texts_kind *kind,
                         struct error *error);

/*
 * The same for documents, where a path may be that of a folder, whose files are documents each
 * (folder.h); of other files, `rules` are asked. Borrows the rules.
 */
struct texts *texts_open_documents(char *const *paths, size_t count,
                                   const struct texts_rules *rules, struct error *error);

/* Whether any path is a folder's, and whether number `i` is. */
bool texts_is_folder(const struct texts *texts, size_t i);

/* The path of a folder's document that is that file; NULL: there is none. */
const char *texts_document(const struct texts *texts, const struct stat *status);

/* Whether number `i` is a folder whose labels all are names of parts of a collection: `train`,
   `test` and the like, two or more. */
bool texts_are_splits(const struct texts *texts, size_t i);

/*
 * Before the first chunk: from now on a chunk ends where more lines have to be waited for. Of files
 * the chunks stay the same; of a pipe, where they end depends on when the lines come.
 */
void texts_live(struct texts *texts);

/* Start from `{0}`; owns its bytes, freed by texts_chunk_free. */
struct texts_chunk {
    char *bytes; /* whole lines, records or files; they may be written to */
    size_t size;
    size_t rows;         /* lines, records or files; 0: there are no more */
    const char *name;    /* the file, for messages; lives as long as the texts */
    uint64_t line;       /* the number of the first line in it, from 1 */
    const void *form;    /* of the texts_start */
    struct filed *files; /* of files: their places in the bytes; NULL: it is of lines or records */
    bool waits;          /* live, and more has to be waited for */
    struct chunk memory;
    char *file_bytes;
    struct filed *file_memory; /* of `files` */
    size_t file_bytes_capacity, files_capacity;
};

/*
 * Reads the next chunk, of `most_rows` lines at most; it has none when there are no more. A
 * packed file's last chunk was given before its CRC-32 is compared. Status as of source_read, or
 * INPUT where a line is too long or a file is no text.
 */
bool texts_read(struct texts *texts, size_t most_rows, struct texts_chunk *chunk,
                struct error *error);

/* Of all bytes read so far, file after file, as they are in the files, or unpacked from them. */
struct digest texts_digest(const struct texts *texts);

void texts_chunk_free(struct texts_chunk *chunk);
void texts_close(struct texts *texts);

#endif
