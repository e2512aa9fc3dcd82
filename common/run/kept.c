/* Texts are gathered in one piece, which moves while it grows: places come last. */
#include "run/kept.h"

#include "base/memory.h"

#include <stdlib.h>

static bool keep_row(struct kept *kept, const struct documents_row *row, const struct form *form)
{
    struct text record = kept->settings.wish.rewrites ? row->kept : (struct text){NULL, 0};
    if (!memory_reserve(&kept->rows, &kept->capacity, kept->count + 1, sizeof *kept->rows))
        return false;
    kept->rows[kept->count++] = (struct kept_row){.label = {NULL, row->label.size},
                                                  .text = {NULL, row->text_size},
                                                  .record = {NULL, record.size},
                                                  .form = form,
                                                  .file = row->name,
                                                  .line = row->line};
    buffer_bytes(&kept->bytes, row->label.data, row->label.size);
    buffer_bytes(&kept->bytes, row->text, row->text_size);
    buffer_bytes(&kept->bytes, record.data, record.size);
    return !kept->bytes.out_of_memory;
}

static bool keep_chunk(struct kept *kept, const struct texts_chunk *chunk,
                       struct repairs_list *list, struct error *error)
{
    struct forms_cursor cursor = collection_cursor(kept->documents, chunk, list);
    struct documents_row row;
    enum forms_next next;
    while ((next = forms_next(&cursor, &row, error)) == FORMS_ROW)
        if (!keep_row(kept, &row, chunk->form)) {
            error_memory(error, "keeping the documents");
            next = FORMS_FAILED;
            break;
        }
    repairs_join(&kept->repairs, &cursor.at.repairs);
    forms_cursor_free(&cursor);
    return next == FORMS_END && collection_note(kept->documents, list, error);
}

static void set_places(struct kept *kept)
{
    const char *at = kept->bytes.bytes;
    for (size_t i = 0; i < kept->count; i++) {
        struct kept_row *row = &kept->rows[i];
        row->label.data = at;
        row->text.data = row->label.data + row->label.size;
        row->record.data = row->text.data + row->text.size;
        at = row->record.data + row->record.size;
    }
}

static bool keep_all(struct kept *kept, struct error *error)
{
    struct texts_chunk chunk = {0};
    struct repairs_list list = {0};
    bool done;
    while ((done = collection_read(kept->documents, SIZE_MAX, &chunk, error)) && chunk.rows)
        if (!(done = keep_chunk(kept, &chunk, &list, error)))
            break;
    texts_chunk_free(&chunk);
    free(list.items);
    return done && collection_commit(kept->documents, error);
}

bool kept_read(struct kept *kept, const struct collection_settings *settings, char *const *paths,
               size_t count, const char *way_out, const struct common *common, struct error *error)
{
    kept->settings = *settings;
    kept->documents = collection_open(&kept->settings, paths, count, way_out, common, error);
    bool done = kept->documents && keep_all(kept, error);
    if (kept->documents)
        kept->digest = collection_digest(kept->documents);
    set_places(kept);
    return done;
}

void kept_free(struct kept *kept)
{
    collection_close(kept->documents);
    free(kept->rows);
    buffer_free(&kept->bytes);
    *kept = (struct kept){0};
}
