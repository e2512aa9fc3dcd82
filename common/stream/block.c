/* Looking into a block: columns of numbers and of names, each checked before it is used. */
#include "stream/stream.h"

#include "base/crc32.h"
#include "stream/names.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool stream_damaged(const struct stream_record *record, struct error *error, const char *format,
                    ...)
{
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(error, STATUS_INPUT, "%s: byte %llu: the stream is damaged: %s",
                     record->source, (unsigned long long)record->offset, what);
}

bool stream_column(const struct stream_record *record, const char *key, size_t rows, size_t width,
                   struct column *column, struct error *error)
{
    const msgpack_object *found = object_find_typed(record->map, key, MSGPACK_OBJECT_BIN);
    if (!found)
        return stream_damaged(record, error, "the block has no column %s", key);
    uint64_t wanted = (uint64_t)rows * width;
    if (found->via.bin.size != wanted)
        return stream_damaged(record, error, "column %s has %u bytes, not %llu", key,
                              found->via.bin.size, (unsigned long long)wanted);
    *column = (struct column){(const unsigned char *)found->via.bin.ptr, found->via.bin.size};
    return true;
}

bool stream_sum_fits(const struct stream_record *record, struct error *error)
{
    struct column column = {0};
    uint32_t sum;
    if (!stream_column(record, "crc32", 1, sizeof sum, &column, error))
        return false;
    numbers_copy(&sum, column.bytes, 1, sizeof sum);
    return sum == crc32_of(record->crc32, record->bytes, record->size - sizeof sum) ||
           stream_damaged(record, error, "the bytes before do not match the block's CRC-32");
}

struct text stream_text(const msgpack_object *names, size_t row)
{
    return (struct text){names[row].via.str.ptr, names[row].via.str.size};
}

void stream_texts(const struct stream_record *record, const msgpack_object *names, size_t rows,
                  char *copy, struct text *texts)
{
    const char *bytes = (const char *)record->bytes;
    size_t last = rows;
    while (last && !names[last - 1].via.str.size) /* msgpack has an empty one point anywhere */
        last--;
    if (last) {
        msgpack_object_str end = names[last - 1].via.str;
        memcpy(copy, bytes, (size_t)(end.ptr - bytes) + end.size);
    }
    for (size_t i = 0; i < rows; i++) {
        struct text name = stream_text(names, i);
        texts[i] = (struct text){name.size ? copy + (name.data - bytes) : copy, name.size};
    }
}

bool stream_names(const struct stream_record *record, const char *key, size_t rows,
                  const msgpack_object **names, struct error *error)
{
    const msgpack_object *found = object_find_typed(record->map, key, MSGPACK_OBJECT_ARRAY);
    if (!found)
        return stream_damaged(record, error, "the block has no column %s", key);
    if (found->via.array.size != rows)
        return stream_damaged(record, error, "column %s has %u rows, not %zu", key,
                              found->via.array.size, rows);
    for (size_t i = 0; i < rows; i++)
        if (!names_fit(&found->via.array.ptr[i]))
            return stream_damaged(record, error, "column %s, row %zu is not a UTF-8 string", key,
                                  i + 1);
    *names = found->via.array.ptr;
    return true;
}
