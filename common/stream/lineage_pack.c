/* Lineage as msgpack, checked on its way in: it will be written again, and shown. */
#include "stream/lineage_inner.h"

#include "base/utf8.h"
#include "stream/object.h"

#include <string.h>

enum { MAX_ENTRIES = 256, MAX_OPTIONS = 256 };

/* ---- packing ---- */

static void pack_option(const struct lineage_option *option, msgpack_packer *packer)
{
    object_pack_text(packer, option->name);
    switch (option->type) {
    case LINEAGE_COUNT:
        msgpack_pack_uint64(packer, option->count);
        break;
    case LINEAGE_REAL:
        msgpack_pack_double(packer, option->real);
        break;
    case LINEAGE_FLAG:
        option->count ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
        break;
    case LINEAGE_TEXT:
        object_pack_text(packer, option->text);
        break;
    }
}

static void pack_entry(const struct lineage_entry *entry, msgpack_packer *packer)
{
    msgpack_pack_map(packer, entry->has_read ? 4 : 3);
    object_pack_text(packer, "tool");
    object_pack_text(packer, entry->tool);
    object_pack_text(packer, "version");
    object_pack_text(packer, entry->version);
    object_pack_text(packer, "options");
    msgpack_pack_map(packer, entry->option_count);
    for (size_t i = 0; i < entry->option_count; i++)
        pack_option(&entry->options[i], packer);
    if (!entry->has_read)
        return;
    object_pack_text(packer, "read");
    msgpack_pack_map(packer, 2);
    object_pack_text(packer, "crc32");
    msgpack_pack_uint32(packer, entry->read.crc32);
    object_pack_text(packer, "size");
    msgpack_pack_uint64(packer, entry->read.size);
}

void lineage_pack(const struct lineage *lineage, msgpack_packer *packer)
{
    msgpack_pack_array(packer, lineage->count);
    for (size_t i = 0; i < lineage->count; i++)
        pack_entry(&lineage->entries[i], packer);
}

/* ---- unpacking ---- */

/* Texts are kept, and compared, up to a NUL; what is written again has to be UTF-8. */
static bool is_text(const msgpack_object *object)
{
    const msgpack_object_str *text = &object->via.str;
    return object->type == MSGPACK_OBJECT_STR && utf8_valid(text->ptr, text->size) &&
           !memchr(text->ptr, '\0', text->size);
}

static struct text text_in(const msgpack_object *object)
{
    return (struct text){object->via.str.ptr, object->via.str.size};
}

static bool unpack_option(struct lineage *lineage, const msgpack_object_kv *pair,
                          struct error *error)
{
    const msgpack_object *value = &pair->val;
    if (!is_text(&pair->key))
        return error_set(error, STATUS_INPUT, "the lineage has an option without a name");
    if (value->type == MSGPACK_OBJECT_STR && !is_text(value))
        return error_set(error, STATUS_INPUT, "the lineage has an option that is no UTF-8 text");
    struct lineage_option *option = lineage_add_option(lineage, text_in(&pair->key));
    if (!option)
        return error_memory(error, "reading the lineage");
    switch (value->type) {
    case MSGPACK_OBJECT_STR:
        return lineage_set_text(option, text_in(value)) ||
               error_memory(error, "reading the lineage");
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        option->type = LINEAGE_COUNT;
        option->count = value->via.u64;
        return true;
    case MSGPACK_OBJECT_FLOAT64:
        option->type = LINEAGE_REAL;
        option->real = value->via.f64;
        return true;
    case MSGPACK_OBJECT_BOOLEAN:
        option->type = LINEAGE_FLAG;
        option->count = value->via.boolean;
        return true;
    default:
        return error_set(error, STATUS_INPUT, "the lineage's option %s has no value", option->name);
    }
}

bool digest_unpack(const msgpack_object *holder, struct digest *digest)
{
    const msgpack_object *read = object_find_typed(holder, "read", MSGPACK_OBJECT_MAP);
    if (!read)
        return false;
    const msgpack_object *crc = object_find_typed(read, "crc32", MSGPACK_OBJECT_POSITIVE_INTEGER);
    const msgpack_object *size = object_find_typed(read, "size", MSGPACK_OBJECT_POSITIVE_INTEGER);
    if (!crc || !size || crc->via.u64 > UINT32_MAX)
        return false;
    *digest = (struct digest){(uint32_t)crc->via.u64, size->via.u64};
    return true;
}

static bool unpack_read(struct lineage *lineage, const msgpack_object *entry, struct error *error)
{
    struct digest read;
    if (!object_find(entry, "read"))
        return true;
    if (!digest_unpack(entry, &read))
        return error_set(error, STATUS_INPUT, "the lineage has a digest that is none");
    lineage_complete(lineage, read);
    return true;
}

static bool unpack_entry(struct lineage *lineage, const msgpack_object *map, struct error *error)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return error_set(error, STATUS_INPUT, "the lineage has an entry that is no map");
    const msgpack_object *tool = object_find_typed(map, "tool", MSGPACK_OBJECT_STR);
    const msgpack_object *version = object_find_typed(map, "version", MSGPACK_OBJECT_STR);
    const msgpack_object *options = object_find_typed(map, "options", MSGPACK_OBJECT_MAP);
    if (!tool || !version || !is_text(tool) || !is_text(version) || !options ||
        options->via.map.size > MAX_OPTIONS)
        return error_set(error, STATUS_INPUT, "the lineage has an incomplete entry");
    if (!lineage_add_entry(lineage, text_in(tool), text_in(version)))
        return error_memory(error, "reading the lineage");
    for (uint32_t i = 0; i < options->via.map.size; i++)
        if (!unpack_option(lineage, &options->via.map.ptr[i], error))
            return false;
    return unpack_read(lineage, map, error);
}

bool lineage_unpack(struct lineage *lineage, const msgpack_object *array, struct error *error)
{
    *lineage = (struct lineage){0};
    if (array->type != MSGPACK_OBJECT_ARRAY || array->via.array.size > MAX_ENTRIES)
        return error_set(error, STATUS_INPUT, "the lineage is no list");
    for (uint32_t i = 0; i < array->via.array.size; i++) {
        if (!unpack_entry(lineage, &array->via.array.ptr[i], error)) {
            lineage_free(lineage);
            return false;
        }
    }
    return true;
}
