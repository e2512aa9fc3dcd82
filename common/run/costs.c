/* The table of score/costs.h from a file. */
#include "run/costs.h"

#include "base/path.h"
#include "run/whole.h"

static const struct texts_kind tables = {
    1 << 26, "the line is longer than 64 MiB: is this a table of costs?"};

bool costs_read(const char *path, struct costs *costs, struct digest *digest, struct error *error)
{
    const char *name = path_called(path);
    struct buffer table = {0};
    bool read = whole_read(path, &tables, &table, error) &&
                costs_parse((struct text){table.bytes, table.size}, name, costs, error);
    if (read && digest)
        digest_update(digest, table.bytes, table.size);
    buffer_free(&table);
    return read;
}
