/*
 * texts: files of text, read one after the other in chunks of whole lines. The one door for
 * documents and for lists of words.
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
#include "input/chunks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXTS_CHUNK = 256 * 1024 }; /* bytes of a chunk, unless one line alone has more */

/* What a line is. */
struct texts_kind {
    size_t longest;       /* bytes of the longest one, with its '\n' */
    const char *too_long; /* what is said of one that is longer */
};

extern const struct texts_kind texts_documents, texts_words;

struct texts;

/*
 * Starts on `count` files; "-" is standard input. A file that is not there, can't be read or is a
 * folder is noticed here. Borrows `paths`. NULL on failure.
 */
struct texts *texts_open(char *const *paths, size_t count, const struct texts_kind *kind,
                         struct error *error);

/*
 * Before the first chunk: from now on a chunk ends where more lines have to be waited for. Of files
 * the chunks stay the same; of a pipe, where they end depends on when the lines come.
 */
void texts_live(struct texts *texts);

/* Start from `{0}`; owns its bytes, freed by texts_chunk_free. */
struct texts_chunk {
    char *bytes; /* whole lines; they may be written to */
    size_t size;
    size_t rows;      /* lines */
    const char *name; /* the file, for messages; lives as long as the paths */
    uint64_t line;    /* the number of the first line in it, from 1 */
    struct chunk memory;
};

/*
 * Reads the next chunk, of `most_rows` lines at most; its size is 0 when there are no more. A
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
