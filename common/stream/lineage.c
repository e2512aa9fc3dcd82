/* Entries grow at their end: the last one is that of the program which runs, or is read. */
#include "stream/lineage_inner.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- building ---- */

/* What a program was given may have any bytes, and a stream's text has not. */
static char *copy_text(struct text text)
{
    char *copy = malloc(UTF8_REPLACED * text.size + 1);
    if (copy)
        copy[utf8_replace(copy, text.data, text.size)] = '\0';
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

bool lineage_add_entry(struct lineage *lineage, struct text tool_text, struct text version_text)
{
    char *tool = copy_text(tool_text), *version = copy_text(version_text);
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
    return lineage_add_entry(lineage, text_of(tool), text_of(GLOVEPIPE_VERSION)) ||
           error_memory(error, "noting the lineage");
}

struct lineage_option *lineage_add_option(struct lineage *lineage, struct text name)
{
    struct lineage_entry *entry = &lineage->entries[lineage->count - 1];
    char *copy = copy_text(name);
    if (!copy || !memory_reserve(&entry->options, &entry->option_capacity, entry->option_count + 1,
                                 sizeof *entry->options)) {
        free(copy);
        return NULL;
    }
    struct lineage_option *option = &entry->options[entry->option_count++];
    *option = (struct lineage_option){.name = copy};
    return option;
}

bool lineage_set_text(struct lineage_option *option, struct text value)
{
    option->type = LINEAGE_TEXT;
    option->text = copy_text(value);
    return option->text;
}

static bool add_number(struct lineage *lineage, const char *name, enum lineage_type type,
                       uint64_t count, double real, struct error *error)
{
    struct lineage_option *option = lineage_add_option(lineage, text_of(name));
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

bool lineage_add_text(struct lineage *lineage, const char *name, const char *value,
                      struct error *error)
{
    struct lineage_option *option = lineage_add_option(lineage, text_of(name));
    return (option && lineage_set_text(option, text_of(value))) ||
           error_memory(error, "noting the lineage");
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
    if (!lineage_add_entry(to, text_of(entry->tool), text_of(entry->version)))
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

/* ---- finding ---- */

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
