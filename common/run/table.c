/* Fields are cut as lines come; their bytes move while they grow, so that places come last. */
#include "run/table.h"

#include "base/memory.h"
#include "base/report.h"
#include "base/utf8.h"
#include "input/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 40 };

struct reading {
    struct table *table;
    const char *const *names;
    uint64_t line;
    size_t count; /* fields so far */
};

static bool add_field(struct reading *reading, const char *bytes, size_t size)
{
    struct table *table = reading->table;
    if (!memory_reserve(&table->fields, &table->fields_capacity, reading->count + 1,
                        sizeof *table->fields))
        return false;
    table->fields[reading->count++] = (struct text){NULL, size};
    buffer_bytes(&table->bytes, bytes, size);
    return !table->bytes.out_of_memory;
}

/* The field that a line begins with. */
static size_t field_size(const char *line, size_t size)
{
    const char *tab = size ? memchr(line, '\t', size) : NULL;
    return tab ? (size_t)(tab - line) : size;
}

static bool take_line(struct reading *reading, char *line, size_t size, struct error *error)
{
    struct table *table = reading->table;
    size_t column = 0, at = 0;
    size = text_line((struct text){line, utf8_clean(line, line, size)}).size;
    for (; at <= size; column++) {
        size_t field = field_size(line + at, size - at);
        const char *name = column < table->columns ? reading->names[column] : "";
        if (reading->line == 1 && !text_equal((struct text){line + at, field}, text_of(name)))
            return error_set(error, STATUS_INPUT,
                             "%s:1: expected a line that names the columns, of which number %zu is "
                             "'%s'",
                             table->name, column + 1, name);
        if (reading->line > 1 && !add_field(reading, line + at, field))
            return error_memory(error, "reading a table");
        at += field + 1;
    }
    return column == table->columns ||
           error_set(error, STATUS_INPUT, "%s:%llu: %zu %s, and there should be %zu", table->name,
                     (unsigned long long)reading->line, column,
                     report_noun(column, "column", "columns"), table->columns);
}

static bool take_chunk(struct reading *reading, const struct texts_chunk *chunk,
                       struct error *error)
{
    char *at = chunk->bytes, *end = at + chunk->size;
    for (reading->line = chunk->line; at < end; reading->line++) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!take_line(reading, at, (size_t)((stop ? stop : end) - at), error))
            return false;
        at = stop ? stop + 1 : end;
    }
    return true;
}

static void place_fields(struct table *table, size_t count)
{
    const char *at = table->bytes.bytes;
    for (size_t i = 0; i < count; i++) {
        table->fields[i].data = at;
        at += table->fields[i].size;
    }
}

bool table_read(struct table *table, const char *path, const char *const *names, size_t columns,
                struct error *error)
{
    char *paths[] = {(char *)path};
    struct reading reading = {.table = table, .names = names};
    struct texts *texts = texts_open(paths, 1, &texts_documents, error);
    struct texts_chunk chunk = {0};
    bool done = texts != NULL;
    table->name = path;
    table->columns = columns;
    while (done && (done = texts_read(texts, SIZE_MAX, &chunk, error)) && chunk.size)
        done = take_chunk(&reading, &chunk, error);
    texts_chunk_free(&chunk);
    texts_close(texts);
    place_fields(table, reading.count);
    table->rows = reading.count / columns;
    return done;
}

struct text table_field(const struct table *table, size_t row, size_t column)
{
    return table->fields[row * table->columns + column];
}

static bool no_number(const struct table *table, size_t row, size_t column, struct error *error)
{
    struct text field = table_field(table, row, column);
    return error_set(error, STATUS_INPUT, "%s:%zu: '%.*s' is no number", table->name, row + 2,
                     field.size < LONGEST_NUMBER ? (int)field.size : LONGEST_NUMBER, field.data);
}

/* The field with an end that C's functions see; false where it is none of theirs. */
static bool copy_field(struct text field, char text[LONGEST_NUMBER + 1])
{
    if (!field.size || field.size > LONGEST_NUMBER || strchr(" \t\n\v\f\r", field.data[0]))
        return false;
    memcpy(text, field.data, field.size);
    text[field.size] = '\0';
    return true;
}

bool table_real(const struct table *table, size_t row, size_t column, double *value,
                struct error *error)
{
    char text[LONGEST_NUMBER + 1], *end = text;
    bool copied = copy_field(table_field(table, row, column), text);
    *value = copied ? strtod(text, &end) : 0;
    if (!copied || *end || !(*value > -1e300 && *value < 1e300))
        return no_number(table, row, column, error);
    return true;
}

bool table_count(const struct table *table, size_t row, size_t column, uint64_t *value,
                 struct error *error)
{
    char text[LONGEST_NUMBER + 1], *end = text;
    bool copied = copy_field(table_field(table, row, column), text) && text[0] != '-';
    errno = 0;
    *value = copied ? strtoull(text, &end, 10) : 0;
    if (!copied || *end || errno)
        return no_number(table, row, column, error);
    return true;
}

void table_free(struct table *table)
{
    free(table->fields);
    buffer_free(&table->bytes);
    *table = (struct table){0};
}
