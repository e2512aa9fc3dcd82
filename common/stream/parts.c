/* One piece of memory holds the parts, then their intercepts, then their names. */
#include "stream/parts.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "stream/numbers.h"
#include "stream/object.h"

#include <stdlib.h>
#include <string.h>

/* ---- packing ---- */

static void pack_intercepts(const struct stream_part *part, uint32_t classes,
                            msgpack_packer *packer)
{
    object_pack_text(packer, "intercepts");
    msgpack_pack_bin(packer, classes * sizeof(float));
    for (uint32_t i = 0; i < classes; i++) {
        float turned;
        numbers_copy(&turned, &part->intercepts[i], 1, sizeof turned);
        msgpack_pack_bin_body(packer, &turned, sizeof turned);
    }
}

static void pack_part(const struct stream_part *part, uint32_t classes, msgpack_packer *packer)
{
    msgpack_pack_map(packer, part->intercepts ? 3 : 2);
    object_pack_text(packer, "name");
    msgpack_pack_str_with_body(packer, part->name.data, part->name.size);
    object_pack_text(packer, "terms");
    msgpack_pack_uint64(packer, part->terms);
    if (part->intercepts)
        pack_intercepts(part, classes, packer);
}

void parts_pack(const struct stream_header *header, msgpack_packer *packer)
{
    object_pack_text(packer, "parts");
    msgpack_pack_array(packer, header->part_count);
    for (uint32_t i = 0; i < header->part_count; i++)
        pack_part(&header->parts[i], header->class_count, packer);
}

/* ---- unpacking ---- */

/* Not finite numbers would be in every score. */
static bool unpack_intercepts(const msgpack_object *found, uint32_t classes, float *intercepts)
{
    if (found->via.bin.size != classes * sizeof *intercepts)
        return false;
    numbers_copy(intercepts, found->via.bin.ptr, classes, sizeof *intercepts);
    for (uint32_t i = 0; i < classes; i++)
        if (intercepts[i] - intercepts[i] != 0)
            return false;
    return true;
}

static bool unpack_part(const msgpack_object *map, uint32_t classes, struct stream_part *part,
                        float *intercepts, char *name)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return false;
    const msgpack_object *named = object_find_typed(map, "name", MSGPACK_OBJECT_STR);
    const msgpack_object *terms = object_find_typed(map, "terms", MSGPACK_OBJECT_POSITIVE_INTEGER);
    const msgpack_object *found = object_find_typed(map, "intercepts", MSGPACK_OBJECT_BIN);
    if (!named || named->via.str.size > PARTS_NAME || !terms || terms->via.u64 >= UINT32_MAX ||
        !utf8_valid(named->via.str.ptr, named->via.str.size) ||
        (found && !unpack_intercepts(found, classes, intercepts)))
        return false;
    memcpy(name, named->via.str.ptr, named->via.str.size);
    *part = (struct stream_part){
        {name, named->via.str.size}, terms->via.u64, found ? intercepts : NULL};
    return true;
}

bool parts_unpack(const msgpack_object *map, struct stream_header *header, struct error *error)
{
    const msgpack_object *found = object_find_typed(map, "parts", MSGPACK_OBJECT_ARRAY);
    if (!found || !found->via.array.size || found->via.array.size > STREAM_MAX_PARTS)
        return error_set(error, STATUS_INPUT, "the header has no list of parts");
    uint32_t count = found->via.array.size, classes = header->class_count;
    size_t size = sizeof(struct stream_part) + classes * sizeof(float) + PARTS_NAME;
    header->parts = memory_array(count, size);
    if (!header->parts)
        return error_memory(error, "reading the header");
    float *intercepts = (float *)(header->parts + count);
    char *names = (char *)(intercepts + (size_t)count * classes);
    header->part_count = count;
    for (uint32_t i = 0; i < count; i++)
        if (!unpack_part(&found->via.array.ptr[i], classes, &header->parts[i],
                         intercepts + (size_t)i * classes, names + (size_t)i * PARTS_NAME))
            return error_set(error, STATUS_INPUT, "part %u of the header is none", (unsigned)i + 1);
    return true;
}

void parts_free(struct stream_header *header)
{
    free(header->parts);
    header->parts = NULL;
}
