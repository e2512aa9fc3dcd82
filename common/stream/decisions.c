/* Lists of numbers, each under its name. */
#include "stream/decisions.h"

#include "stream/names.h"
#include "stream/object.h"

enum { NAME_SIZE = 32 /* with its end */ };

/* The name of the only column. */
static const msgpack_object *find_name(const msgpack_object_map *map)
{
    const msgpack_object *found = NULL;
    for (uint32_t i = 0; i < map->size; i++) {
        const msgpack_object *key = &map->ptr[i].key;
        if (key->via.str.size == 1 && key->via.str.ptr[0] == 'n')
            continue;
        if (found)
            return NULL;
        found = key;
    }
    return found && found->via.str.size < NAME_SIZE && names_fit(found) ? found : NULL;
}

bool decisions_decode(const struct stream_record *record, struct decisions_block *block,
                      struct error *error)
{
    const msgpack_object *name = find_name(&record->map->via.map);
    char key[NAME_SIZE] = "";
    if (!name)
        return stream_damaged(record, error, "the block is not of one named column");
    block->rows = (uint32_t)record->rows;
    block->name = (struct text){name->via.str.ptr, name->via.str.size};
    memcpy(key, block->name.data, block->name.size);
    return stream_column(record, key, block->rows, sizeof(double), &block->values, error);
}

bool decisions_write(struct stream_writer *writer, const char *name, const double *values,
                     size_t count, struct error *error)
{
    for (size_t first = 0, rows; first < count; first += rows) {
        rows = count - first < STREAM_MAX_ROWS ? count - first : STREAM_MAX_ROWS;
        if (!stream_block(writer, (uint32_t)rows, 1, error) ||
            !stream_put_numbers(writer, name, values + first, rows, sizeof *values, error))
            return false;
    }
    return true;
}
