/* A copy is the array of texts, and behind it their bytes. */
#include "stream/names.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

bool names_fit(const msgpack_object *name)
{
    return name->type == MSGPACK_OBJECT_STR && name->via.str.size <= TEXT_NAME_MOST &&
           utf8_valid(name->via.str.ptr, name->via.str.size);
}

void names_pack(const struct text *names, size_t count, msgpack_packer *packer)
{
    msgpack_pack_array(packer, count);
    for (size_t i = 0; i < count; i++)
        msgpack_pack_str_with_body(packer, names[i].data, names[i].size);
}

struct text *names_copy(const msgpack_object_array *array)
{
    size_t bytes = 1; /* none is no failure */
    for (uint32_t i = 0; i < array->size; i++)
        bytes += array->ptr[i].via.str.size;
    struct text *names = malloc(array->size * sizeof *names + bytes);
    char *at = names ? (char *)(names + array->size) : NULL;
    for (uint32_t i = 0; names && i < array->size; i++) {
        msgpack_object_str name = array->ptr[i].via.str;
        memcpy(at, name.ptr, name.size);
        names[i] = (struct text){at, name.size};
        at += name.size;
    }
    return names;
}
