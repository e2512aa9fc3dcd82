/* Keys are looked for one by one: maps of a stream are small. */
#include "stream/object.h"

#include <string.h>

const msgpack_object *object_find(const msgpack_object *map, const char *key)
{
    size_t size = strlen(key);
    for (uint32_t i = 0; i < map->via.map.size; i++) {
        const msgpack_object_kv *pair = &map->via.map.ptr[i];
        if (pair->key.type == MSGPACK_OBJECT_STR && pair->key.via.str.size == size &&
            memcmp(pair->key.via.str.ptr, key, size) == 0)
            return &pair->val;
    }
    return NULL;
}

const msgpack_object *object_find_typed(const msgpack_object *map, const char *key,
                                        msgpack_object_type type)
{
    const msgpack_object *value = object_find(map, key);
    return value && value->type == type ? value : NULL;
}

void object_pack_text(msgpack_packer *packer, const char *text)
{
    msgpack_pack_str_with_body(packer, text, strlen(text));
}
