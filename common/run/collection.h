/*
 * collection: the documents that a program is given, in whatever form they come.
 *
 *     collection = collection_open(&settings, operands, count, way_out, common, &error) ...
 *     while (collection_read(collection, most, &chunk, &error) && chunk.rows) {
 *         struct forms_cursor cursor = collection_cursor(collection, &chunk, &list);
 *         while (forms_next(&cursor, &row, &error) == FORMS_ROW) ...
 *         forms_cursor_free(&cursor);
 *     }
 *
 * One thread reads chunks; any may have a cursor in one. Names of files, in rows and repairs, live
 * as long as the collection.
 */
#ifndef RUN_COLLECTION_H
#define RUN_COLLECTION_H

#include "base/error.h"
#include "base/options.h"
#include "base/output.h"
#include "input/texts.h"
#include "par/pipeline.h"
#include "text/wish.h"

#include <stdbool.h>
#include <stddef.h>

/* What the options of a program say. */
struct collection_settings {
    struct wish wish;
    const char *defects; /* file for what was repaired; NULL: none is wanted */
};

#define COLLECTION_DEFECTS(settings)                                                               \
    {                                                                                              \
        0, "defects", "FILE", "write file, line, reason and what was done of each defect to FILE", \
            OPTION_TEXT | OPTION_WRITES, &(settings).defects, 0, 0, NULL, NULL                     \
    }

struct collection;

/*
 * Settles the options, and opens the files, folders or "-"; `way_out` is as of wish_settle.
 * Afterwards the wish says what the lineage notes. Borrows the settings, `paths` and `common`.
 * NULL on failure: status USAGE, INPUT or SYSTEM.
 */
struct collection *collection_open(struct collection_settings *settings, char *const *paths,
                                   size_t count, const char *way_out, const struct common *common,
                                   struct error *error);

/*
 * Whether none of a folder's documents would be replaced by what is made of it. Status USAGE. So it
 * is of a collection that was opened.
 */
bool collection_spares(const struct texts *texts, const struct common *common, struct error *error);

/* The next chunk, of `most_rows` documents at most; it has no rows when there are no more. */
bool collection_read(struct collection *collection, size_t most_rows, struct texts_chunk *chunk,
                     struct error *error);

/* Whether there were documents, of which `count` were read, and what the repairs tell. Status
   INPUT, with the first path. */
bool collection_check_any(const struct collection *collection, uint64_t count,
                          const struct repairs *repairs, struct error *error);

/* The same as collection_read, put into the pipeline's words. */
enum pipeline_read collection_chunk(struct collection *collection, size_t most_rows,
                                    struct texts_chunk *chunk, struct error *error);

/* A place in a chunk. It adds to `list`, which is emptied, where defects are wanted. */
struct forms_cursor collection_cursor(const struct collection *collection,
                                      const struct texts_chunk *chunk, struct repairs_list *list);

/* Writes what the cursor of a chunk noted, chunk by chunk in their order. */
bool collection_note(struct collection *collection, const struct repairs_list *list,
                     struct error *error);

/* Puts the file of defects in place, when all is done. */
bool collection_commit(struct collection *collection, struct error *error);

struct texts *collection_texts(const struct collection *collection);

/* Of all bytes read so far. */
struct digest collection_digest(const struct collection *collection);

/* What is odd about the first file whose lines may be meant otherwise (doubt.h); NULL: nothing. */
const char *collection_doubted(const struct collection *collection);

/* In what form the first table or JSON was read, as a sentence; NULL: none was. */
const char *collection_told(const struct collection *collection);

/* Of a table that is read by a wish that `rewrites`: its first record, which names the columns,
   with its end; empty: there is none. It lives as long as the forms. */
struct text collection_header(const struct collection *collection, const struct form *form);

/* Whether the file that is read so begins with a byte order mark. */
bool collection_marked(const struct collection *collection, const struct form *form);

/* After reading: frees what only that needs; names of files and the digest are gone, and what the
   lineage notes stays. */
void collection_rest(struct collection *collection);

void collection_close(struct collection *collection);

#endif
