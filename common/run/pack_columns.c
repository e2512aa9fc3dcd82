/*
 * The first record is a header where columns are given by name, or where none of its fields is a
 * number. It is cut by each byte that may separate fields; the one that gives most is it.
 */
#include "run/pack_columns.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "run/pack_rows.h"
#include "stream/stream.h"
#include "text/table.h"
#include "vectors/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number_of(const char *given)
{
    size_t size = given ? strlen(given) : 0;
    bool digits = size && size < 8 && strspn(given, "0123456789") == size;
    return digits ? strtoull(given, NULL, 10) : 0;
}

static bool has_names(const struct pack *pack)
{
    bool names = pack->label && !number_of(pack->label);
    for (size_t i = 0; i < pack->dropped.count; i++)
        names |= !number_of(pack->dropped.given[i]);
    for (size_t i = 0; i < pack->one_hot.count; i++)
        names |= !number_of(pack->one_hot.given[i]);
    return names;
}

const char *pack_column_name(const struct table_columns *table, uint32_t column, char text[64])
{
    struct text name = table->columns[column].name;
    if (name.size)
        snprintf(text, 64, "column '%.*s'", name.size < 40 ? (int)name.size : 40, name.data);
    else
        snprintf(text, 64, "column %u", (unsigned)column + 1);
    return text;
}

/* ---- the first record ---- */

static void add_ways(const struct pack *pack, struct table_ways *ways)
{
    bool tabs = pack_form(pack) == PACK_TSV;
    const char *given = pack->delimiter;
    char only[2] = {given && strcmp(given, "tab") != 0 ? given[0] : '\t', '\0'};
    const char *separators = given || tabs ? only : ",;\t";
    for (; *separators; separators++)
        table_ways_add(ways, *separators, !tabs);
}

/* Cuts the record into the columns' names, which stay names if it is a header. */
static bool cut_names(const char *bytes, const struct table_way *way, struct table_columns *table)
{
    table->columns = calloc(way->count, sizeof *table->columns);
    table->bytes = malloc(way->stop + 1);
    if (!table->columns || !table->bytes)
        return false;
    table->rule = way->rule;
    table->count = way->count;
    table->skipped = way->end;
    table->lines = way->lines;
    memcpy(table->bytes, bytes, way->stop);
    struct table_cursor cursor =
        table_cursor(table->bytes, way->stop, way->rule.separator, way->rule.behind != NULL);
    for (uint32_t i = 0; i < table->count && table_next(&cursor, true, &table->columns[i].name);
         i++)
        ;
    return true;
}

static bool is_header(const struct pack *pack, const struct table_columns *table)
{
    if (pack->header || pack->no_header)
        return pack->header;
    if (has_names(pack))
        return true;
    for (uint32_t i = 0; i < table->count; i++) {
        struct text name = table->columns[i].name;
        float unused;
        if (number_parse(name.data, name.size, &unused))
            return false;
    }
    return true;
}

/* Whether the first record counts its columns, but for a word or two: 0, 1, 2, label. */
static bool counts_columns(const struct table_columns *table)
{
    uint32_t next = 0, counted = 0, first = 0;
    for (uint32_t i = 0; i < table->count; i++) {
        struct text name = table->columns[i].name;
        float value;
        if (!number_parse(name.data, name.size, &value))
            continue;
        if (counted == 0)
            first = next = value == 1;
        if (value != (float)next++)
            return false;
        counted++;
    }
    return counted > 2 && first < 2;
}

static bool check_names(const char *name, struct table_columns *table, struct error *error)
{
    for (uint32_t i = 0; table->has_header && i < table->count; i++) {
        struct text column = table->columns[i].name;
        if (!utf8_valid(column.data, column.size) || column.size > TEXT_NAME_MOST)
            return error_set(error, STATUS_INPUT,
                             "%s:1: the name of column %u is no UTF-8, or longer than 1 MiB", name,
                             (unsigned)i + 1);
    }
    return true;
}

/* ---- roles ---- */

/* "a", "b" and so on: what the first record has. */
static void list_columns(const struct table_columns *table, char list[200])
{
    size_t used = 0;
    list[0] = '\0';
    for (uint32_t i = 0; i < table->count && used < 120; i++) {
        struct text name = table->columns[i].name;
        used += (size_t)snprintf(list + used, 200 - used, "%s'%.*s'", i ? ", " : "",
                                 name.size < 40 ? (int)name.size : 40, name.data);
    }
    if (used >= 120)
        snprintf(list + used, 200 - used, " and more");
}

static bool refuse_column(const struct table_columns *table, const char *given, const char *option,
                          const char *name, struct error *error)
{
    char list[200];
    char separator = table->rule.separator;
    const struct text only = table->columns[0].name;
    list_columns(table, list);
    const char *hint = ": name one of these, or give its number";
    if (table->count == 1 && memchr(only.data, '|', only.size))
        hint = ": say --delimiter '|'";
    else if (table->count == 1 && memchr(only.data, ':', only.size))
        hint = ": are these libsvm's rows? Say --from libsvm";
    else if (table->count == 1 && memchr(only.data, ' ', only.size))
        hint = ": if blanks separate them, say --delimiter ' '";
    return error_set(error, STATUS_INPUT,
                     "%s:1: %s %s: there is no such column; separated by %s%c%s, the first record "
                     "has %s%s",
                     name, option, given, separator == '\t' ? "TAB" : "'",
                     separator == '\t' ? 's' : separator, separator == '\t' ? "" : "'", list, hint);
}

/* The column that is given, by number or name. */
static bool find_column(const struct table_columns *table, const char *given, const char *option,
                        const char *name, uint32_t *column, struct error *error)
{
    uint64_t number = number_of(given);
    unsigned found = 0;
    *column = 0;
    if (number && number <= table->count) {
        *column = (uint32_t)number - 1;
        return true;
    }
    for (uint32_t i = 0; !number && table->has_header && i < table->count; i++)
        if (text_equal(table->columns[i].name, text_of(given))) {
            *column = i;
            found++;
        }
    if (found == 1)
        return true;
    if (found == 0)
        return refuse_column(table, given, option, name, error);
    return error_set(error, STATUS_INPUT,
                     "%s:1: %s %s: several columns have that name: give a number, with --header",
                     name, option, given);
}

static bool set_roles(const struct pack_columns *columns, enum column_role role, const char *option,
                      const char *name, struct table_columns *table, struct error *error)
{
    for (size_t i = 0; i < columns->count; i++) {
        uint32_t column;
        if (!find_column(table, columns->given[i], option, name, &column, error))
            return false;
        if (table->columns[column].role != COLUMN_NUMBER && table->columns[column].role != role)
            return error_set(error, STATUS_USAGE, "%s %s: the column is something else already",
                             option, columns->given[i]);
        table->columns[column].role = role;
    }
    return true;
}

static bool assign_roles(const struct pack *pack, const char *name, struct table_columns *table,
                         struct error *error)
{
    uint32_t label;
    const char *given = pack->label ? pack->label : "label";
    if (!pack->no_label) {
        if (!pack->label && !table->has_header)
            return error_set(error, STATUS_USAGE,
                             "%s: has no header: say which column is the label, with "
                             "--label-column, or --no-label",
                             name);
        if (!find_column(table, given, "--label-column", name, &label, error))
            return false;
        table->columns[label].role = COLUMN_LABEL;
    }
    table->labelled = !pack->no_label;
    if (!set_roles(&pack->dropped, COLUMN_DROPPED, "--drop", name, table, error) ||
        !set_roles(&pack->one_hot, COLUMN_CATEGORY, "--one-hot", name, table, error))
        return false;
    for (uint32_t i = 0; i < table->count; i++)
        if (table->columns[i].role <= COLUMN_CATEGORY)
            table->columns[i].value = table->values++;
    return table->values ||
           error_set(error, STATUS_INPUT, "%s: no column is left for a feature", name);
}

static enum texts_begun read_columns(const struct pack *pack, const struct texts_head *head,
                                     struct table_ways *ways, struct table_columns *table,
                                     struct error *error)
{
    bool names = !pack->no_header;
    if (!head->size && (head->whole || head->last)) {
        error_set(error, STATUS_INPUT, "%s: is empty", head->name);
        return TEXTS_FAILED;
    }
    if (!ways->count)
        add_ways(pack, ways);
    const struct table_way *way =
        table_ways_best(ways, head->bytes, head->size, head->whole, NULL, NULL);
    if (!way && !head->last && !(names && head->size >= TABLE_HEADER))
        return TEXTS_MORE;
    if (!table_way_check(way, names, head->name, error) || !way)
        return TEXTS_FAILED;
    if (!cut_names(head->bytes, way, table)) {
        error_memory(error, "reading a table");
        return TEXTS_FAILED;
    }
    table->has_header = is_header(pack, table);
    if (!table->has_header)
        table->skipped = table->lines = 0;
    table->counts = !table->has_header && !pack->no_header && counts_columns(table);
    if (!check_names(head->name, table, error) || !assign_roles(pack, head->name, table, error))
        return TEXTS_FAILED;
    for (uint32_t i = 0; !table->has_header && i < table->count; i++)
        table->columns[i].name.size = 0;
    return TEXTS_BEGUN;
}

enum texts_begun pack_columns_read(const struct pack *pack, const struct texts_head *head,
                                   struct table_ways *ways, struct table_columns *table,
                                   struct error *error)
{
    struct texts_head rest = *head;
    struct pack said = *pack;
    char separator[] = {'\0', '\0'};
    size_t passed =
        pack_form(pack) == PACK_CSV ? table_separator_line(head->bytes, head->size, separator) : 0;
    if (passed && !pack->delimiter)
        said.delimiter = separator;
    rest.bytes += passed;
    rest.size -= passed;
    *table = (struct table_columns){.columns = NULL};
    enum texts_begun begun = read_columns(&said, &rest, ways, table, error);
    table->skipped += passed;
    table->lines += passed != 0;
    return begun;
}

void pack_columns_free(struct table_columns *table)
{
    for (uint32_t i = 0; table->columns && i < table->count; i++) {
        words_free(&table->columns[i].categories);
        free(table->columns[i].places);
    }
    free(table->columns);
    free(table->bytes);
    free(table->features);
    free(table->names);
    free(table->like);
    *table = (struct table_columns){.columns = NULL};
}
