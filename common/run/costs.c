/*
 * The table comes through the same door as documents, and is held whole, as it is needed whole.
 */
#include "run/costs.h"

#include "base/buffer.h"
#include "base/path.h"
#include "input/texts.h"

#include <stdint.h>

static const struct texts_kind tables = {
    1 << 26, "the line is longer than 64 MiB: is this a table of costs?"};

static bool read_all(struct texts *texts, struct buffer *table, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool good;
    do {
        good = texts_read(texts, SIZE_MAX, &chunk, error);
        if (good)
            buffer_bytes(table, chunk.bytes, chunk.size);
    } while (good && chunk.size);
    texts_chunk_free(&chunk);
    return good && buffer_check(table, error);
}

bool costs_read(const char *path, struct costs *costs, struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)path}; /* as argv has them; nobody writes to it */
    const char *name = path_is_standard(path) ? "standard input" : path;
    struct buffer table = {0};
    struct texts *texts = texts_open(paths, 1, &tables, error);
    bool read = texts && read_all(texts, &table, error) &&
                costs_parse((struct text){table.bytes, table.size}, name, costs, error);
    texts_close(texts);
    buffer_free(&table);
    return read;
}
