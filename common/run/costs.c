/*
 * The file is read whole, as its table is needed whole.
 */
#include "run/costs.h"

#include "base/memory.h"
#include "stream/stream.h"

#include <stdlib.h>
#include <string.h>

enum { READ_SIZE = 64 * 1024 };

/* All bytes of the input, which the caller frees. */
static bool read_all(struct stream_reader *reader, char **bytes, size_t *size, struct error *error)
{
    size_t capacity = 0, got = 1;
    for (*size = 0; got; *size += got) {
        if (!memory_reserve(bytes, &capacity, *size + READ_SIZE, 1))
            return error_memory(error, "reading the costs");
        if (!stream_read_bytes(reader, *bytes + *size, READ_SIZE, &got, error))
            return false;
    }
    return true;
}

bool costs_read(const char *path, struct costs *costs, struct error *error)
{
    static const char mark[] = "\xef\xbb\xbf"; /* a byte order mark */
    char *bytes = NULL;
    size_t size, skipped = 0;
    struct stream_reader *reader = stream_open(path, error);
    if (!reader)
        return false;
    bool read = read_all(reader, &bytes, &size, error);
    if (read && size >= sizeof mark - 1 && memcmp(bytes, mark, sizeof mark - 1) == 0)
        skipped = sizeof mark - 1;
    read = read && costs_parse((struct text){bytes + skipped, size - skipped}, stream_name(reader),
                               costs, error);
    free(bytes);
    stream_close(reader);
    return read;
}
