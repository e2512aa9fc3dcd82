/* Looking into a block: columns of numbers and of names, each checked before it is used. */
#include "stream/stream.h"

#include "base/crc32.h"
#include "base/utf8.h"
#include "stream/frame.h"
#include "stream/names.h"
#include "stream/numbers.h"
#include "stream/object.h"
#include "stream/unpack.h"

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
    uint32_t sum = 0;
    if (!stream_column(record, "crc32", 1, sizeof sum, &column, error))
        return false;
    numbers_copy(&sum, column.bytes, column.size / sizeof sum, sizeof sum);
    return sum == crc32_of(record->crc32, record->bytes, record->size - sizeof sum) ||
           stream_damaged(record, error, "the bytes before do not match the block's CRC-32");
}

struct text stream_text(const msgpack_object *names, size_t row)
{
    return (struct text){names[row].via.str.ptr, names[row].via.str.size};
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

/* ---- lists as they lie ---- */

struct text stream_list_next(const unsigned char **at)
{
    const unsigned char *name = *at;
    const int size = frame_short(name[0]);
    struct text text = {(const char *)name + 1, (size_t)size};
    if (size < 0) {
        const struct frame_token token = frame_token(name);
        text = (struct text){(const char *)name + token.head, (size_t)token.body};
    }
    *at = (const unsigned char *)text.data + text.size;
    return text;
}

/* Whether the object that begins there is a str of valid UTF-8, and goes behind it. */
static bool list_fits(const unsigned char **at)
{
    const unsigned char type = **at;
    const bool is_text = frame_short(type) >= 0 || (type >= 0xd9 && type <= 0xdb);
    const struct text name = is_text ? stream_list_next(at) : (struct text){0};
    return is_text && name.size <= TEXT_NAME_MOST && utf8_valid(name.data, name.size);
}

/* Whether all are strings of up to 255 bytes, and ASCII: no byte is beyond that but in heads. */
static bool are_ascii(const struct stream_list *list)
{
    const unsigned char *at = list->names;
    size_t beyond = 0;
    for (uint32_t i = 0; i < list->count; i++, beyond++) {
        const int size = frame_short(at[0]);
        if (size >= 0) {
            at += 1 + size;
        } else if (at[0] == 0xd9) {
            beyond += at[1] >> 7;
            at += 2 + at[1];
        } else {
            return false;
        }
    }
    return utf8_beyond_ascii((const char *)list->names, list->size) == beyond;
}

bool stream_list(const struct stream_record *record, const char *key, size_t rows,
                 struct stream_list *list, struct error *error)
{
    const msgpack_object *found = object_find_typed(record->map, key, UNPACK_LIST);
    if (!found)
        return stream_damaged(record, error, "the block has no column %s", key);
    const unsigned char *bytes = (const unsigned char *)found->via.ext.ptr;
    const struct frame_token head = frame_token(bytes);
    if (head.children != rows)
        return stream_damaged(record, error, "column %s has %u rows, not %zu", key,
                              (unsigned)head.children, rows);
    *list =
        (struct stream_list){bytes + head.head, found->via.ext.size - head.head, (uint32_t)rows};
    if (are_ascii(list))
        return true;
    const unsigned char *at = list->names;
    for (size_t i = 0; i < rows; i++)
        if (!list_fits(&at))
            return stream_damaged(record, error, "column %s, row %zu is not a UTF-8 string", key,
                                  i + 1);
    return true;
}
