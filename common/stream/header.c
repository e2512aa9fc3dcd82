#include "stream/header.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "stream/object.h"
#include "stream/parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {"vectors", "samples", "forest", "predictions", "linear"};

enum { KIND_COUNT = sizeof kind_names / sizeof kind_names[0] };

const char *stream_kind_name(enum stream_kind kind)
{
    return kind_names[kind];
}

/* Which parts of the shape a kind has. */
struct shape {
    bool dim, labelled, forest, samples, classes, proba, parts;
};

static struct shape shape_of(enum stream_kind kind)
{
    bool forest = kind == STREAM_FOREST, linear = kind == STREAM_LINEAR;
    bool predictions = kind == STREAM_PREDICTIONS;
    return (struct shape){.dim = !predictions && !linear,
                          .labelled = kind == STREAM_SAMPLES || predictions,
                          .forest = forest,
                          .samples = forest || linear,
                          .classes = forest || predictions || linear,
                          .proba = predictions,
                          .parts = linear};
}

void stream_header_free(struct stream_header *header)
{
    lineage_free(&header->lineage);
    parts_free(header);
    free(header->classes);
    free(header->memory);
    *header = (struct stream_header){0};
}

/* ---- packing ---- */

static void pack_flag(msgpack_packer *packer, const char *key, bool value)
{
    object_pack_text(packer, key);
    value ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
}

static void pack_count(msgpack_packer *packer, const char *key, uint64_t value)
{
    object_pack_text(packer, key);
    msgpack_pack_uint64(packer, value);
}

static void pack_classes(const struct stream_header *header, msgpack_packer *packer)
{
    object_pack_text(packer, "classes");
    msgpack_pack_array(packer, header->class_count);
    for (uint32_t i = 0; i < header->class_count; i++)
        msgpack_pack_str_with_body(packer, header->classes[i].data, header->classes[i].size);
}

void header_pack(const struct stream_header *header, msgpack_packer *packer)
{
    struct shape shape = shape_of(header->kind);
    msgpack_pack_map(packer, 4u + shape.dim + shape.labelled + shape.forest + shape.samples +
                                 shape.classes + shape.proba + 2u * shape.parts);
    object_pack_text(packer, "format");
    object_pack_text(packer, "glovepipe");
    pack_count(packer, "version", STREAM_VERSION);
    object_pack_text(packer, "kind");
    object_pack_text(packer, stream_kind_name(header->kind));
    if (shape.dim)
        pack_count(packer, "dim", header->dim);
    if (shape.labelled)
        pack_flag(packer, "labelled", header->labelled);
    if (shape.forest)
        pack_count(packer, "trees", header->trees);
    if (shape.samples)
        pack_count(packer, "samples", header->samples);
    if (shape.parts)
        pack_count(packer, "scored", header->scored);
    if (shape.classes)
        pack_classes(header, packer);
    if (shape.proba)
        pack_flag(packer, "proba", header->proba);
    if (shape.parts)
        parts_pack(header, packer);
    object_pack_text(packer, "lineage");
    lineage_pack(&header->lineage, packer);
}

/* ---- unpacking ---- */

static bool unpack_count(const msgpack_object *map, const char *key, uint64_t least, uint64_t most,
                         uint64_t *value, struct error *error)
{
    const msgpack_object *found = object_find_typed(map, key, MSGPACK_OBJECT_POSITIVE_INTEGER);
    if (!found)
        return error_set(error, STATUS_INPUT, "the header has no %s", key);
    if (found->via.u64 < least || found->via.u64 > most)
        return error_set(error, STATUS_INPUT, "the header's %s, %llu, is not from %llu to %llu",
                         key, (unsigned long long)found->via.u64, (unsigned long long)least,
                         (unsigned long long)most);
    *value = found->via.u64;
    return true;
}

static bool unpack_flag(const msgpack_object *map, const char *key, bool *value,
                        struct error *error)
{
    const msgpack_object *found = object_find_typed(map, key, MSGPACK_OBJECT_BOOLEAN);
    if (!found)
        return error_set(error, STATUS_INPUT, "the header has no %s", key);
    *value = found->via.boolean;
    return true;
}

static bool unpack_kind(const msgpack_object *map, enum stream_kind *kind, struct error *error)
{
    const msgpack_object *found = object_find_typed(map, "kind", MSGPACK_OBJECT_STR);
    for (int i = 0; found && i < KIND_COUNT; i++) {
        size_t size = strlen(kind_names[i]);
        if (found->via.str.size == size && memcmp(found->via.str.ptr, kind_names[i], size) == 0) {
            *kind = (enum stream_kind)i;
            return true;
        }
    }
    return error_set(error, STATUS_INPUT, "the header names no kind of stream that is known");
}

static bool class_fits(const msgpack_object *name)
{
    return name->type == MSGPACK_OBJECT_STR && name->via.str.size <= STREAM_MAX_NAME &&
           utf8_valid(name->via.str.ptr, name->via.str.size);
}

/* The sum of the names' sizes, or SIZE_MAX where one can't be a class. */
static size_t classes_size(const msgpack_object_array *array)
{
    size_t total = 0;
    for (uint32_t i = 0; i < array->size; i++) {
        if (!class_fits(&array->ptr[i]))
            return SIZE_MAX;
        total += array->ptr[i].via.str.size;
    }
    return total;
}

static bool unpack_classes(const msgpack_object *map, struct stream_header *header,
                           struct error *error)
{
    const msgpack_object *found = object_find_typed(map, "classes", MSGPACK_OBJECT_ARRAY);
    size_t total = found ? classes_size(&found->via.array) : SIZE_MAX;
    if (!found || found->via.array.size > STREAM_MAX_CLASSES || total == SIZE_MAX)
        return error_set(error, STATUS_INPUT, "the header has no list of classes");
    header->class_count = found->via.array.size;
    header->classes = memory_array(header->class_count, sizeof *header->classes);
    char *names = header->memory = malloc(total + 1);
    if (!header->classes || !names)
        return error_memory(error, "reading the header");
    for (uint32_t i = 0; i < header->class_count; i++) {
        msgpack_object_str name = found->via.array.ptr[i].via.str;
        memcpy(names, name.ptr, name.size);
        header->classes[i] = (struct text){names, name.size};
        names += name.size;
        if (i && text_compare(header->classes[i - 1], header->classes[i]) >= 0)
            return error_set(error, STATUS_INPUT, "the header's classes are out of order");
    }
    return true;
}

static bool unpack_shape(const msgpack_object *map, struct stream_header *header,
                         struct error *error)
{
    struct shape shape = shape_of(header->kind);
    uint64_t dim = 0;
    if (shape.dim && !unpack_count(map, "dim", 1, STREAM_MAX_DIM, &dim, error))
        return false;
    header->dim = (uint32_t)dim;
    if (shape.labelled && !unpack_flag(map, "labelled", &header->labelled, error))
        return false;
    if (shape.forest && !unpack_count(map, "trees", 1, UINT32_MAX, &header->trees, error))
        return false;
    if (shape.samples && !unpack_count(map, "samples", 1, UINT64_MAX, &header->samples, error))
        return false;
    if (shape.parts && !unpack_count(map, "scored", 0, header->samples, &header->scored, error))
        return false;
    if (shape.classes && !unpack_classes(map, header, error))
        return false;
    if (shape.samples && header->class_count == 0)
        return error_set(error, STATUS_INPUT, "the header has no list of classes");
    if (shape.parts && !parts_unpack(map, header, error))
        return false;
    return !shape.proba || unpack_flag(map, "proba", &header->proba, error);
}

bool header_unpack(const msgpack_object *map, struct stream_header *header, struct error *error)
{
    *header = (struct stream_header){0};
    uint64_t version;
    if (!unpack_count(map, "version", 0, UINT64_MAX, &version, error))
        return false;
    if (version != STREAM_VERSION)
        return error_set(error, STATUS_INPUT,
                         "the stream is of version %llu, and this program reads version %d",
                         (unsigned long long)version, STREAM_VERSION);
    const msgpack_object *lineage = object_find(map, "lineage");
    bool read = unpack_kind(map, &header->kind, error) && unpack_shape(map, header, error);
    if (read && !lineage)
        read = error_set(error, STATUS_INPUT, "the header has no lineage");
    if (read && lineage_unpack(&header->lineage, lineage, error))
        return true;
    stream_header_free(header);
    return false;
}
