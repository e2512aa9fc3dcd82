/* The table comes whole, as it is needed whole. */
#include "run/costs.h"

#include "run/whole.h"

bool costs_read(const char *path, struct costs *costs, struct error *error)
{
    struct buffer table = {0};
    bool read = whole_read(path, "the line is longer than 64 MiB: is this a table of costs?",
                           &table, error) &&
                costs_parse((struct text){table.bytes, table.size}, whole_name(path), costs, error);
    buffer_free(&table);
    return read;
}
