#include "stream/lineage.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "stream/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ENTRIES = 256, MAX_OPTIONS = 256 };

/* ---- building ---- */

static char *copy_text(const char *text, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

static void free_entry(struct lineage_entry *entry)
{
    for (size_t i = 0; i < entry->option_count; i++) {
        free(entry->options[i].name);
        free(entry->options[i].text);
    }
    free(entry->options);
    free(entry->tool);
    free(entry->version);
}

void lineage_free(struct lineage *lineage)
{
    for (size_t i = 0; i < lineage->count; i++)
        free_entry(&lineage->entries[i]);
    free(lineage->entries);
    *lineage = (struct lineage){0};
}

static bool append_entry(struct lineage *lineage, char *tool, char *version)
{
    if (tool && version &&
        memory_reserve(&lineage->entries, &lineage->capacity, lineage->count + 1,
                       sizeof *lineage->entries)) {
        lineage->entries[lineage->count++] =
            (struct lineage_entry){.tool = tool, .version = version};
        return true;
    }
    free(tool);
    free(version);
    return false;
}

bool lineage_append(struct lineage *lineage, const char *tool, struct error *error)
{
    char *version = copy_text(GLOVEPIPE_VERSION, strlen(GLOVEPIPE_VERSION));
    return append_entry(lineage, copy_text(tool, strlen(tool)), version) ||
           error_memory(error, "noting the lineage");
}

/* A new option of the last entry, named; NULL when memory is out. */
static struct lineage_option *append_option(struct lineage *lineage, const char *name, size_t size)
{
    struct lineage_entry *entry = &lineage->entries[lineage->count - 1];
    char *copy = copy_text(name, size);
    if (!copy || !memory_reserve(&entry->options, &entry->option_capacity, entry->option_count + 1,
                                 sizeof *entry->options)) {
        free(copy);
        return NULL;
    }
    struct lineage_option *option = &entry->options[entry->option_count++];
    *option = (struct lineage_option){.name = copy};
    return option;
}

static bool add_number(struct lineage *lineage, const char *name, enum lineage_type type,
                       uint64_t count, double real, struct error *error)
{
    struct lineage_option *option = append_option(lineage, name, strlen(name));
    if (!option)
        return error_memory(error, "noting the lineage");
    option->type = type;
    option->count = count;
    option->real = real;
    return true;
}

bool lineage_add_count(struct lineage *lineage, const char *name, uint64_t value,
                       struct error *error)
{
    return add_number(lineage, name, LINEAGE_COUNT, value, 0, error);
}

bool lineage_add_real(struct lineage *lineage, const char *name, double value, struct error *error)
{
    return add_number(lineage, name, LINEAGE_REAL, 0, value, error);
}

bool lineage_add_flag(struct lineage *lineage, const char *name, bool value, struct error *error)
{
    return add_number(lineage, name, LINEAGE_FLAG, value, 0, error);
}

static bool add_text(struct lineage *lineage, const char *name, size_t name_size, const char *value,
                     size_t size, struct error *error)
{
    struct lineage_option *option = append_option(lineage, name, name_size);
    if (!option || !(option->text = copy_text(value, size)))
        return error_memory(error, "noting the lineage");
    option->type = LINEAGE_TEXT;
    return true;
}

bool lineage_add_text(struct lineage *lineage, const char *name, const char *value,
                      struct error *error)
{
    return add_text(lineage, name, strlen(name), value, strlen(value), error);
}

void lineage_complete(struct lineage *lineage, struct digest read)
{
    if (!lineage->count)
        return;
    lineage->entries[lineage->count - 1].has_read = true;
    lineage->entries[lineage->count - 1].read = read;
}

static bool copy_option(struct lineage *to, const struct lineage_option *option,
                        struct error *error)
{
    if (option->type == LINEAGE_TEXT)
        return lineage_add_text(to, option->name, option->text, error);
    return add_number(to, option->name, option->type, option->count, option->real, error);
}

static bool copy_entry(struct lineage *to, const struct lineage_entry *entry, struct error *error)
{
    char *version = copy_text(entry->version, strlen(entry->version));
    if (!append_entry(to, copy_text(entry->tool, strlen(entry->tool)), version))
        return error_memory(error, "copying the lineage");
    for (size_t i = 0; i < entry->option_count; i++)
        if (!copy_option(to, &entry->options[i], error))
            return false;
    to->entries[to->count - 1].has_read = entry->has_read;
    to->entries[to->count - 1].read = entry->read;
    return true;
}

bool lineage_join(struct lineage *to, const struct lineage *from, struct error *error)
{
    for (size_t i = 0; i < from->count; i++)
        if (!copy_entry(to, &from->entries[i], error))
            return false;
    return true;
}

bool lineage_copy(struct lineage *to, const struct lineage *from, struct error *error)
{
    *to = (struct lineage){0};
    if (lineage_join(to, from, error))
        return true;
    lineage_free(to);
    return false;
}

/* ---- finding and comparing ---- */

const struct lineage_entry *lineage_find(const struct lineage *lineage, const char *tool)
{
    for (size_t i = lineage->count; i > 0; i--)
        if (strcmp(lineage->entries[i - 1].tool, tool) == 0)
            return &lineage->entries[i - 1];
    return NULL;
}

const struct lineage_option *lineage_option(const struct lineage_entry *entry, const char *name)
{
    for (size_t i = 0; i < entry->option_count; i++)
        if (strcmp(entry->options[i].name, name) == 0)
            return &entry->options[i];
    return NULL;
}

static bool same_value(const struct lineage_option *left, const struct lineage_option *right)
{
    if (left->type != right->type)
        return false;
    if (left->type == LINEAGE_TEXT)
        return strcmp(left->text, right->text) == 0;
    return left->count == right->count && left->real == right->real;
}

/*
 * Whether `entry` has the same option. A vocabulary is passed over: it leaves out only words that
 * the documents don't have.
 */
static bool option_within(const struct lineage_option *option, const struct lineage_entry *entry)
{
    const struct lineage_option *other = entry ? lineage_option(entry, option->name) : NULL;
    return strcmp(option->name, "vocab") == 0 || (other && same_value(option, other));
}

static bool options_within(const struct lineage_entry *left, const struct lineage_entry *right)
{
    for (size_t i = 0; i < left->option_count; i++)
        if (!option_within(&left->options[i], right))
            return false;
    return true;
}

/* What a stream's rows mean: where its vectors came from and how its text was cut into tokens. */
struct meaning {
    const struct lineage_entry *vectors;   /* NULL: none are on record */
    const struct lineage_entry *vectorize; /* NULL: likewise */
    const char *tokenizer;
};

static struct meaning meaning_of(const struct lineage *lineage)
{
    struct meaning meaning = {.tokenizer = "none"};
    meaning.vectorize = lineage_find(lineage, "vectorize");
    if (!meaning.vectorize)
        return meaning;
    if (meaning.vectorize > lineage->entries)
        meaning.vectors = meaning.vectorize - 1;
    const struct lineage_option *tokenizer = lineage_option(meaning.vectorize, "tokenizer");
    if (tokenizer && tokenizer->type == LINEAGE_TEXT)
        meaning.tokenizer = tokenizer->text;
    return meaning;
}

static bool same_vectors(const struct lineage_entry *left, const struct lineage_entry *right)
{
    if (!left || !right)
        return left == right;
    return strcmp(left->tool, right->tool) == 0 && left->has_read == right->has_read &&
           left->read.crc32 == right->read.crc32 && left->read.size == right->read.size &&
           options_within(left, right) && options_within(right, left);
}

static void describe_option(const struct lineage_option *option, char *text, size_t size)
{
    switch (option->type) {
    case LINEAGE_COUNT:
        snprintf(text, size, ", %s %llu", option->name, (unsigned long long)option->count);
        break;
    case LINEAGE_REAL:
        snprintf(text, size, ", %s %g", option->name, option->real);
        break;
    case LINEAGE_FLAG:
        snprintf(text, size, ", %s %s", option->name, option->count ? "yes" : "no");
        break;
    case LINEAGE_TEXT:
        snprintf(text, size, ", %s %s", option->name, option->text);
        break;
    }
}

/* "glove-load of 5926886 bytes, CRC-32 06797063, top 1000": of the options what sets it apart. */
static void describe_vectors(const struct lineage_entry *entry, const struct lineage_entry *other,
                             char *text, size_t size)
{
    if (!entry) {
        snprintf(text, size, "no vectors on record");
        return;
    }
    snprintf(text, size, "%s of %llu bytes, CRC-32 %08x", entry->tool,
             (unsigned long long)entry->read.size, (unsigned)entry->read.crc32);
    for (size_t i = 0; i < entry->option_count; i++) {
        const struct lineage_option *option = &entry->options[i];
        size_t used = strlen(text);
        if (!option_within(option, other))
            describe_option(option, text + used, size - used);
    }
}

bool lineage_compatible(const struct lineage *left, const char *left_name,
                        const struct lineage *right, const char *right_name, struct error *error)
{
    struct meaning l = meaning_of(left), r = meaning_of(right);
    if (!same_vectors(l.vectors, r.vectors)) {
        char l_text[256], r_text[256];
        describe_vectors(l.vectors, r.vectors, l_text, sizeof l_text);
        describe_vectors(r.vectors, l.vectors, r_text, sizeof r_text);
        return error_set(error, STATUS_INPUT,
                         "%s and %s come from different vectors (%s; %s): vectorize with the "
                         "model's vectors, or insist with --force",
                         left_name, right_name, l_text, r_text);
    }
    if (strcmp(l.tokenizer, r.tokenizer) != 0)
        return error_set(error, STATUS_INPUT,
                         "%s and %s come from different tokenizers (%s; %s): vectorize both "
                         "alike, or insist with --force",
                         left_name, right_name, l.tokenizer, r.tokenizer);
    return true;
}

/* ---- msgpack ---- */

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

/* Texts are kept, and compared, up to a NUL; what is written again has to be UTF-8. */
static bool is_text(const msgpack_object *object)
{
    const msgpack_object_str *text = &object->via.str;
    return object->type == MSGPACK_OBJECT_STR && utf8_valid(text->ptr, text->size) &&
           !memchr(text->ptr, '\0', text->size);
}

static bool unpack_option(struct lineage *lineage, const msgpack_object_kv *pair,
                          struct error *error)
{
    const msgpack_object_str *name = &pair->key.via.str;
    const msgpack_object *value = &pair->val;
    if (!is_text(&pair->key))
        return error_set(error, STATUS_INPUT, "the lineage has an option without a name");
    if (value->type == MSGPACK_OBJECT_STR && !is_text(value))
        return error_set(error, STATUS_INPUT, "the lineage has an option that is no UTF-8 text");
    if (value->type == MSGPACK_OBJECT_STR)
        return add_text(lineage, name->ptr, name->size, value->via.str.ptr, value->via.str.size,
                        error);
    struct lineage_option *option = append_option(lineage, name->ptr, name->size);
    if (!option)
        return error_memory(error, "reading the lineage");
    switch (value->type) {
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
    char *version_text = copy_text(version->via.str.ptr, version->via.str.size);
    if (!append_entry(lineage, copy_text(tool->via.str.ptr, tool->via.str.size), version_text))
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
