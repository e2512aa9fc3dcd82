/*
 * A header is packed and unpacked by its kind's shape: each key of it stands in one line of either
 * function, in the order of glovepipe(5).
 */
#include "stream/header.h"

#include "stream/lineage_inner.h"
#include "stream/names.h"
#include "stream/object.h"
#include "stream/opinion.h"
#include "stream/parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
    [STREAM_VECTORS] = "vectors",         [STREAM_SAMPLES] = "samples", [STREAM_FOREST] = "forest",
    [STREAM_PREDICTIONS] = "predictions", [STREAM_LINEAR] = "linear",   [STREAM_PIECES] = "pieces",
    [STREAM_DECISIONS] = "decisions"};

enum { KIND_COUNT = sizeof kind_names / sizeof kind_names[0] };

const char *stream_kind_name(enum stream_kind kind)
{
    return kind_names[kind];
}

static const char *const detail_names[] = {
    [DETAIL_LEAVES] = "leaves", [DETAIL_PATHS] = "paths", [DETAIL_CONTRIBUTIONS] = "contributions"};

enum { DETAIL_COUNT = sizeof detail_names / sizeof detail_names[0] };

const char *stream_detail_name(enum stream_detail detail)
{
    return detail_names[detail];
}

/* Which parts of the shape a kind has. */
struct shape {
    bool dim, features, labelled, forest, samples, classes, proba, parts, detail, trees;
};

static struct shape shape_of(enum stream_kind kind, enum stream_detail detail)
{
    bool trees = detail == DETAIL_LEAVES || detail == DETAIL_PATHS;
    bool steps = detail == DETAIL_PATHS || detail == DETAIL_CONTRIBUTIONS;
    bool forest = kind == STREAM_FOREST, linear = kind == STREAM_LINEAR;
    bool predictions = kind == STREAM_PREDICTIONS, pieces = kind == STREAM_PIECES;
    bool decisions = kind == STREAM_DECISIONS;
    return (struct shape){.dim = (!predictions && !linear && !pieces && !decisions) || steps,
                          .features = forest || kind == STREAM_SAMPLES || steps,
                          .labelled = kind == STREAM_SAMPLES || predictions,
                          .forest = forest,
                          .samples = forest || linear || pieces,
                          .classes = forest || predictions || linear || pieces || decisions,
                          .proba = predictions,
                          .parts = linear,
                          .detail = detail != DETAIL_NONE,
                          .trees = trees};
}

void stream_header_free(struct stream_header *header)
{
    lineage_free(&header->lineage);
    parts_free(header);
    stream_opinion_free(&header->opinion);
    free(header->classes);
    free(header->features);
    *header = (struct stream_header){0};
}

/* Kinds of which a stream may be a part by number. */
static bool is_parted(enum stream_kind kind)
{
    return kind == STREAM_SAMPLES || kind == STREAM_PIECES;
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

static void pack_unit(msgpack_packer *packer, double unit)
{
    object_pack_text(packer, "unit");
    msgpack_pack_double(packer, unit);
}

static void pack_names(msgpack_packer *packer, const char *key, const struct text *names,
                       uint32_t count)
{
    object_pack_text(packer, key);
    names_pack(names, count, packer);
}

void header_pack(const struct stream_header *header, msgpack_packer *packer)
{
    struct shape shape = shape_of(header->kind, header->detail);
    bool log_proba = shape.proba && header->log_proba;
    bool named = shape.features && header->features;
    bool range = (shape.forest || is_parted(header->kind)) && header->whole;
    bool kept = shape.labelled && header->kept, abstains = shape.proba && header->abstains;
    bool sets = shape.proba && header->sets, opinion = shape.forest && header->opinion.share > 0;
    msgpack_pack_map(packer, 4u + shape.dim + named + shape.labelled + kept + shape.forest +
                                 2u * range + (shape.forest && header->unit > 0) + opinion +
                                 shape.samples + shape.classes + shape.proba + abstains + sets +
                                 log_proba + shape.detail + shape.trees + 2u * shape.parts);
    object_pack_text(packer, "format");
    object_pack_text(packer, "glovepipe");
    pack_count(packer, "version", STREAM_VERSION);
    object_pack_text(packer, "kind");
    object_pack_text(packer, stream_kind_name(header->kind));
    if (shape.dim)
        pack_count(packer, "dim", header->dim);
    if (named)
        pack_names(packer, "features", header->features, header->dim);
    if (shape.labelled)
        pack_flag(packer, "labelled", header->labelled);
    if (kept)
        pack_flag(packer, "kept", true);
    if (shape.forest || shape.trees)
        pack_count(packer, "trees", header->trees);
    if (range) {
        pack_count(packer, "first", header->first);
        pack_count(packer, "whole", header->whole);
    }
    if (shape.forest && header->unit > 0)
        pack_unit(packer, header->unit);
    if (shape.samples)
        pack_count(packer, "samples", header->samples);
    if (shape.parts)
        pack_count(packer, "scored", header->scored);
    if (shape.classes)
        pack_names(packer, "classes", header->classes, header->class_count);
    if (opinion)
        opinion_pack(header, packer);
    if (shape.proba)
        pack_flag(packer, "proba", header->proba);
    if (abstains)
        pack_flag(packer, "abstains", true);
    if (sets)
        pack_flag(packer, "sets", true);
    if (log_proba)
        pack_flag(packer, "log_proba", true);
    if (shape.detail) {
        object_pack_text(packer, "detail");
        object_pack_text(packer, detail_names[header->detail]);
    }
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

/* A flag that is not said where it is false. */
static bool unpack_rare_flag(const msgpack_object *map, const char *key, bool *value,
                             struct error *error)
{
    return !object_find(map, key) || unpack_flag(map, key, value, error);
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

/* The names under `key`; NULL, with an error, where they are none or more than `most`. */
static struct text *unpack_names(const msgpack_object *map, const char *key, uint32_t most,
                                 uint32_t *count, struct error *error)
{
    const msgpack_object *found = object_find_typed(map, key, MSGPACK_OBJECT_ARRAY);
    bool fit = found && found->via.array.size <= most;
    for (uint32_t i = 0; fit && i < found->via.array.size; i++)
        fit = names_fit(&found->via.array.ptr[i]);
    if (!fit) {
        error_set(error, STATUS_INPUT, "the header has no list of %s", key);
        return NULL;
    }
    *count = found->via.array.size;
    struct text *names = names_copy(&found->via.array);
    if (!names)
        error_memory(error, "reading the header");
    return names;
}

static bool unpack_classes(const msgpack_object *map, struct stream_header *header,
                           struct error *error)
{
    header->classes = unpack_names(map, "classes", STREAM_MAX_CLASSES, &header->class_count, error);
    if (!header->classes)
        return false;
    for (uint32_t i = 1; i < header->class_count; i++)
        if (text_compare(header->classes[i - 1], header->classes[i]) >= 0)
            return error_set(error, STATUS_INPUT, "the header's classes are out of order");
    return true;
}

/* Names of features may be there or not; if so, each has one. */
static bool unpack_features(const msgpack_object *map, struct stream_header *header,
                            struct error *error)
{
    uint32_t count;
    if (!object_find(map, "features"))
        return true;
    header->features = unpack_names(map, "features", header->dim, &count, error);
    return header->features && (count == header->dim ||
                                error_set(error, STATUS_INPUT, "the header names %u features of %u",
                                          (unsigned)count, (unsigned)header->dim));
}

/* What is whole says nothing of a range. */
static bool unpack_part(const msgpack_object *map, struct stream_header *header,
                        struct error *error)
{
    if (!object_find(map, "first") && !object_find(map, "whole"))
        return true;
    return unpack_count(map, "whole", 1, UINT32_MAX, &header->whole, error) &&
           unpack_count(map, "first", 0, header->whole - 1, &header->first, error);
}

/* Likewise, and all trees of a part are within the forest. */
static bool unpack_trees(const msgpack_object *map, struct stream_header *header,
                         struct error *error)
{
    if (!unpack_count(map, "trees", 1, UINT32_MAX, &header->trees, error))
        return false;
    if (!object_find(map, "first") && !object_find(map, "whole"))
        return true;
    return unpack_count(map, "whole", header->trees + 1, UINT32_MAX, &header->whole, error) &&
           unpack_count(map, "first", 0, header->whole - header->trees, &header->first, error);
}

/* A forest of samples that all weigh 1 has none. */
static bool unpack_unit(const msgpack_object *map, struct stream_header *header,
                        struct error *error)
{
    const msgpack_object *found = object_find(map, "unit");
    int exponent;
    if (!found)
        return true;
    header->unit = found->type == MSGPACK_OBJECT_FLOAT64 ? found->via.f64 : 0;
    return (header->unit > 0 && header->unit <= DBL_MAX && frexp(header->unit, &exponent) == 0.5) ||
           error_set(error, STATUS_INPUT, "the header's unit of weight is no power of two");
}

/* What predictions say more, if they do. */
static bool unpack_detail(const msgpack_object *map, struct stream_header *header,
                          struct error *error)
{
    const msgpack_object *found = object_find(map, "detail");
    if (!found)
        return true;
    for (int i = DETAIL_NONE + 1; found->type == MSGPACK_OBJECT_STR && i < DETAIL_COUNT; i++)
        if (text_equal((struct text){found->via.str.ptr, found->via.str.size},
                       text_of(detail_names[i]))) {
            header->detail = (enum stream_detail)i;
            return true;
        }
    return error_set(error, STATUS_INPUT, "the header names no detail that is known");
}

/* What predictions say of classes' probabilities; contributions stand beside these. */
static bool unpack_shares(const msgpack_object *map, struct stream_header *header,
                          struct error *error)
{
    return unpack_flag(map, "proba", &header->proba, error) &&
           unpack_rare_flag(map, "abstains", &header->abstains, error) &&
           unpack_rare_flag(map, "sets", &header->sets, error) &&
           unpack_rare_flag(map, "log_proba", &header->log_proba, error) &&
           (header->proba || header->detail != DETAIL_CONTRIBUTIONS ||
            error_set(error, STATUS_INPUT, "the header has contributions and no probabilities"));
}

static bool unpack_shape(const msgpack_object *map, struct stream_header *header,
                         struct error *error)
{
    if (header->kind == STREAM_PREDICTIONS && !unpack_detail(map, header, error))
        return false;
    struct shape shape = shape_of(header->kind, header->detail);
    uint64_t dim = 0;
    if (shape.trees && !unpack_count(map, "trees", 1, UINT32_MAX, &header->trees, error))
        return false;
    if (shape.dim && !unpack_count(map, "dim", 1, STREAM_MAX_DIM, &dim, error))
        return false;
    header->dim = (uint32_t)dim;
    if (shape.features && !unpack_features(map, header, error))
        return false;
    if (shape.labelled && !unpack_flag(map, "labelled", &header->labelled, error))
        return false;
    if (is_parted(header->kind) && !unpack_part(map, header, error))
        return false;
    if (shape.labelled && object_find(map, "kept") &&
        !unpack_flag(map, "kept", &header->kept, error))
        return false;
    if (shape.forest && !(unpack_trees(map, header, error) && unpack_unit(map, header, error)))
        return false;
    if (shape.samples && !unpack_count(map, "samples", 1, UINT64_MAX, &header->samples, error))
        return false;
    if (shape.parts && !unpack_count(map, "scored", 0, header->samples, &header->scored, error))
        return false;
    if (shape.classes && !unpack_classes(map, header, error))
        return false;
    if (shape.samples && header->class_count == 0)
        return error_set(error, STATUS_INPUT, "the header has no list of classes");
    if ((shape.parts && !parts_unpack(map, header, error)) ||
        (shape.forest && !opinion_unpack(map, header, error)))
        return false;
    return !shape.proba || unpack_shares(map, header, error);
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
