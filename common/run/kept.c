/* Texts are gathered in one piece, which moves while it grows: places come last. */
#include "run/kept.h"

#include "base/memory.h"

#include <stdlib.h>

static bool keep_row(struct kept *kept, const struct documents_row *row,
                     const struct documents_cursor *cursor)
{
    if (!memory_reserve(&kept->rows, &kept->capacity, kept->count + 1, sizeof *kept->rows))
        return false;
    kept->rows[kept->count++] = (struct kept_row){.label = {NULL, row->label.size},
                                                  .text = {NULL, row->text_size},
                                                  .file = cursor->name,
                                                  .line = cursor->line};
    buffer_bytes(&kept->bytes, row->label.data, row->label.size);
    buffer_bytes(&kept->bytes, row->text, row->text_size);
    return !kept->bytes.out_of_memory;
}

static bool keep_chunk(struct kept *kept, const struct texts_chunk *chunk,
                       const struct documents_columns *columns, struct error *error)
{
    struct documents_cursor cursor =
        documents_cursor(chunk->bytes, chunk->size, chunk->name, chunk->line);
    for (size_t i = 0; i < chunk->rows; i++) {
        struct documents_row row;
        if (!documents_row(&cursor, columns, &row, error))
            return false;
        if (!keep_row(kept, &row, &cursor))
            return error_memory(error, "keeping the documents");
    }
    repairs_join(&kept->repairs, &cursor.repairs);
    return true;
}

static void set_places(struct kept *kept)
{
    const char *at = kept->bytes.bytes;
    for (size_t i = 0; i < kept->count; i++) {
        kept->rows[i].label.data = at;
        at += kept->rows[i].label.size;
        kept->rows[i].text.data = at;
        at += kept->rows[i].text.size;
    }
}

static bool keep_all(struct kept *kept, struct texts *texts,
                     const struct documents_columns *columns, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool done;
    while ((done = texts_read(texts, SIZE_MAX, &chunk, error)) && chunk.size)
        if (!(done = keep_chunk(kept, &chunk, columns, error)))
            break;
    texts_chunk_free(&chunk);
    return done;
}

bool kept_read(struct kept *kept, char *const *paths, size_t count,
               const struct documents_columns *columns, struct error *error)
{
    struct texts *texts = texts_open(paths, count, &texts_documents, error);
    bool done = texts && keep_all(kept, texts, columns, error);
    if (texts)
        kept->digest = texts_digest(texts);
    texts_close(texts);
    set_places(kept);
    return done;
}

void kept_free(struct kept *kept)
{
    free(kept->rows);
    buffer_free(&kept->bytes);
    *kept = (struct kept){0};
}
