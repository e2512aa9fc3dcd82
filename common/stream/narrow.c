#include "stream/narrow.h"

#include "base/memory.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>
#include <string.h>

static size_t width_for(const uint32_t *values, size_t count)
{
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] != NARROW_NONE && values[i] > most)
            most = values[i];
    return most < UINT8_MAX ? 1 : most < UINT16_MAX ? 2 : 4;
}

/* The mark of all ones is all ones in every width, so narrowing is cutting. */
bool narrow_put(struct stream_writer *writer, const char *key, const uint32_t *values, size_t count,
                struct error *error)
{
    size_t width = width_for(values, count);
    if (width == 4)
        return stream_put_numbers(writer, key, values, count, width, error);
    unsigned char *narrow = memory_array(count, width);
    if (!narrow)
        return error_memory(error, "writing numbers");
    for (size_t i = 0; i < count; i++) {
        uint16_t value = (uint16_t)values[i];
        if (width == 1)
            narrow[i] = (unsigned char)value;
        else
            memcpy(narrow + 2 * i, &value, sizeof value);
    }
    bool done = stream_put_numbers(writer, key, narrow, count, width, error);
    free(narrow);
    return done;
}

static void widen(uint32_t *values, const unsigned char *bytes, size_t count, size_t width)
{
    if (width == 4) {
        numbers_copy(values, bytes, count, width);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t value = bytes[i];
        if (width == 2)
            numbers_copy(&value, bytes + 2 * i, 1, sizeof value);
        uint32_t mark = width == 1 ? UINT8_MAX : UINT16_MAX;
        values[i] = value == mark ? NARROW_NONE : value;
    }
}

bool narrow_get(const struct stream_record *record, const char *key, uint32_t *values, size_t count,
                struct error *error)
{
    const msgpack_object *found = object_find_typed(record->map, key, MSGPACK_OBJECT_BIN);
    size_t size = found ? found->via.bin.size : 0;
    size_t width = size % count == 0 ? size / count : 0;
    if (width != 1 && width != 2 && width != 4)
        return stream_damaged(record, error, "column %s has %zu bytes for %zu rows", key, size,
                              count);
    widen(values, (const unsigned char *)found->via.bin.ptr, count, width);
    return true;
}
