/*
 * msgpack-c makes an object of 24 bytes of each string, and of each number that stands alone. For
 * long lists of words that is as much work as all else about them: where they are only gone through
 * once, from the first to the last, they are left as they lie, and msgpack-c unpacks what is around
 * them.
 */
#include "stream/unpack.h"

#include <msgpack.h>
#include <stdlib.h>

/* Room for so many objects, and one more; that of the record before where it is enough. */
static bool make_room(struct stream_record *record, uint64_t objects)
{
    size_t room = (size_t)(objects + 1) * sizeof(msgpack_object);
    if (!record->unpacked && !(record->unpacked = calloc(1, sizeof *record->unpacked)))
        return false;
    msgpack_zone *zone = record->unpacked->zone;
    if (zone && zone->chunk_size >= room) {
        msgpack_zone_clear(zone);
        return true;
    }
    msgpack_unpacked_destroy(record->unpacked);
    record->unpacked->zone = msgpack_zone_new(room);
    return record->unpacked->zone;
}

/* Unpacks the object at `*at`, and goes behind it. */
static enum unpacked unpack_object(const struct stream_record *record, size_t *at,
                                   msgpack_object *object)
{
    msgpack_unpack_return result = msgpack_unpack((const char *)record->bytes, record->size, at,
                                                  record->unpacked->zone, object);
    if (result == MSGPACK_UNPACK_NOMEM_ERROR)
        return UNPACKED_NO_MEMORY;
    bool done = result == MSGPACK_UNPACK_SUCCESS || result == MSGPACK_UNPACK_EXTRA_BYTES;
    return done ? UNPACKED : UNPACKED_BAD;
}

/* ---- around lists ---- */

static bool is_list(unsigned char type)
{
    return (type & 0xf0) == 0x90 || type == 0xdc || type == 0xdd;
}

/* Leaves the list at `*at` as it lies, and goes behind it. */
static enum unpacked leave_list(const struct stream_record *record, const struct frame *found,
                                size_t *at, msgpack_object *object)
{
    const unsigned char *list = record->bytes + *at;
    struct frame frame = {
        .at = found->inner == *at && found->inner_end > *at ? found->inner_end - *at : 0};
    uint64_t needed;
    const char *why;
    if (!frame.at && frame_advance(&frame, list, record->size - *at, STREAM_MAX_RECORD, &needed,
                                   &why) != FRAME_WHOLE)
        return UNPACKED_BAD;
    *object = (msgpack_object){
        .type = UNPACK_LIST,
        .via.ext = {.type = 0, .size = (uint32_t)frame.at, .ptr = (const char *)list}};
    *at += frame.at;
    return UNPACKED;
}

static enum unpacked unpack_pairs(const struct stream_record *record, const struct frame *frame,
                                  size_t at, msgpack_object_map *map)
{
    enum unpacked done = UNPACKED;
    for (uint32_t i = 0; done == UNPACKED && i < map->size; i++) {
        msgpack_object_kv *pair = &map->ptr[i];
        done = unpack_object(record, &at, &pair->key);
        if (done != UNPACKED)
            break;
        bool list = at < record->size && is_list(record->bytes[at]);
        done = list ? leave_list(record, frame, &at, &pair->val)
                    : unpack_object(record, &at, &pair->val);
    }
    return done == UNPACKED && at != record->size ? UNPACKED_BAD : done;
}

/* Of a record that is a map. */
static enum unpacked unpack_around(struct stream_record *record, const struct frame *frame)
{
    const struct frame_token head = frame_token(record->bytes);
    msgpack_object_map map = {.size = (uint32_t)(head.children / 2)};
    const size_t room = (map.size + 1) * sizeof *map.ptr;
    if (make_room(record, 2 * (uint64_t)map.size))
        map.ptr = msgpack_zone_malloc(record->unpacked->zone, room);
    if (!map.ptr)
        return UNPACKED_NO_MEMORY;
    record->unpacked->data = (msgpack_object){.type = MSGPACK_OBJECT_MAP, .via.map = map};
    return unpack_pairs(record, frame, head.head, &map);
}

/* ---- the whole ---- */

static enum unpacked unpack_all(struct stream_record *record, uint64_t objects)
{
    size_t at = 0;
    if (!make_room(record, objects))
        return UNPACKED_NO_MEMORY;
    enum unpacked done = unpack_object(record, &at, &record->unpacked->data);
    return done == UNPACKED && at != record->size ? UNPACKED_BAD : done;
}

static bool is_map(unsigned char type)
{
    return (type & 0xf0) == 0x80 || type == 0xde || type == 0xdf;
}

static bool has_names(const msgpack_object_map *map)
{
    for (uint32_t i = 0; i < map->size; i++)
        if (map->ptr[i].key.type != MSGPACK_OBJECT_STR)
            return false;
    return true;
}

enum unpacked unpack_record(struct stream_record *record, const struct frame *frame,
                            bool leaves_lists, const char **why)
{
    const bool map = is_map(record->bytes[0]);
    enum unpacked done =
        map && leaves_lists ? unpack_around(record, frame) : unpack_all(record, frame->objects);
    if (done != UNPACKED) {
        *why = "a record that msgpack can't read";
        return done;
    }
    record->map = &record->unpacked->data;
    if (map && has_names(&record->map->via.map))
        return UNPACKED;
    *why = map ? "a record with a key that is no text" : "a record that is no map";
    return UNPACKED_BAD;
}
