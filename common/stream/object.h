/*
 * object: looking into msgpack maps.
 */
#ifndef STREAM_OBJECT_H
#define STREAM_OBJECT_H

#include <msgpack.h>

/* The value under `key` in a map (the first of several), or NULL; it belongs to the map. */
const msgpack_object *object_find(const msgpack_object *map, const char *key);

/* The same, or NULL where the value is not of `type`. */
const msgpack_object *object_find_typed(const msgpack_object *map, const char *key,
                                        msgpack_object_type type);

/* A terminated string as msgpack `str`. */
void object_pack_text(msgpack_packer *packer, const char *text);

#endif
