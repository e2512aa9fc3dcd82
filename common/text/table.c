/*
 * Most bytes are passed by memchr: a line that holds no quote is a record, and a field of one ends
 * at the next separator. Only where there are quotes is it looked at whether one opens a field.
 */
#include "text/table.h"

#include <stdint.h>
#include <string.h>

/* ---- where a record ends ---- */

static size_t count_newlines(const char *bytes, size_t begin, size_t end)
{
    size_t count = 0;
    const char *at = bytes + begin, *stop = bytes + end;
    while ((at = at < stop ? memchr(at, '\n', (size_t)(stop - at)) : NULL)) {
        count++;
        at++;
    }
    return count;
}

/* States of a scan. */
enum { AT_BEGINNING, QUOTED, PLAIN };

/* Within quotes: goes behind the closing one. False where it is not there, or its meaning is not
   known yet. */
static bool pass_quoted(const char *bytes, size_t size, struct records_scan *scan)
{
    size_t begin = scan->at, at = begin;
    while (at < size) {
        const char *quote = memchr(bytes + at, '"', size - at);
        at = quote ? (size_t)(quote - bytes) : size;
        if (at + 1 >= size || bytes[at + 1] != '"')
            break;
        at += 2;
    }
    if (at > size)
        at = size;
    scan->lines += count_newlines(bytes, begin, at);
    scan->at = at;
    if (at + 1 >= size)
        return false;
    scan->at++;
    scan->state = PLAIN;
    return true;
}

/* The first quote up to bytes[end-1] that opens a field; NULL: none does. */
static const char *find_opening(const char *bytes, size_t end, char separator,
                                const struct records_scan *scan)
{
    const char *stop = bytes + end, *from = bytes + scan->at;
    for (const char *at = from; at < stop; at++) {
        at = memchr(at, '"', (size_t)(stop - at));
        if (!at)
            return NULL;
        if (at == from && scan->state == AT_BEGINNING)
            return at;
        if ((at > from || scan->state == PLAIN) && at[-1] == separator)
            return at;
    }
    return NULL;
}

/* Outside of quotes: goes behind the record, and returns where that is, or behind the next quote
   that opens a field, or to the end of the bytes. */
static size_t pass_plain(const char *bytes, size_t size, char separator, struct records_scan *scan)
{
    const char *newline = memchr(bytes + scan->at, '\n', size - scan->at);
    size_t end = newline ? (size_t)(newline - bytes) : size;
    const char *quote = find_opening(bytes, end, separator, scan);
    scan->at = quote ? (size_t)(quote - bytes) + 1 : end;
    scan->state = quote ? QUOTED : PLAIN;
    if (quote || !newline)
        return 0;
    scan->lines++;
    return end + 1;
}

size_t table_behind(const struct records_rule *rule, const char *bytes, size_t size,
                    struct records_scan *scan)
{
    size_t behind = 0;
    while (!behind && scan->at < size) {
        if (scan->state == QUOTED && !pass_quoted(bytes, size, scan))
            return 0;
        if (scan->at < size)
            behind = pass_plain(bytes, size, rule->separator, scan);
    }
    return behind;
}

/* ---- fields ---- */

struct table_cursor table_cursor(char *record, size_t size, char separator, bool quotes)
{
    return (struct table_cursor){.at = record,
                                 .left = text_line((struct text){record, size}).size,
                                 .separator = separator,
                                 .quotes = quotes};
}

struct table_cursor table_passing(const char *record, size_t size, char separator, bool quotes)
{
    return table_cursor((char *)(uintptr_t)record, size, separator, quotes);
}

static char *find_separator(const struct table_cursor *cursor)
{
    return memchr(cursor->at, cursor->separator, cursor->left);
}

/* Goes behind the field that ends at `end`, or at the record's end where that is NULL. */
static void pass(struct table_cursor *cursor, const char *end)
{
    size_t size = end ? (size_t)(end - cursor->at) + 1 : cursor->left;
    cursor->at += size;
    cursor->left -= size;
    cursor->ended = !end;
}

/* Moves bytes of a field to where it is put together. */
static char *put(char *to, const char *from, size_t size, bool wanted)
{
    if (wanted && to != from)
        memmove(to, from, size);
    return to + size;
}

/* What stands within quotes, put together at `to`; the cursor is behind the opening one. */
static char *take_quoted(struct table_cursor *cursor, char *to, bool wanted)
{
    for (;;) {
        char *quote = memchr(cursor->at, '"', cursor->left);
        size_t size = quote ? (size_t)(quote - cursor->at) : cursor->left;
        bool doubled = quote && size + 1 < cursor->left && quote[1] == '"';
        to = put(to, cursor->at, size + doubled, wanted);
        cursor->at += size + (quote != NULL) + doubled;
        cursor->left -= size + (quote != NULL) + doubled;
        if (!quote)
            cursor->fault = TABLE_OPEN;
        if (!doubled)
            return to;
    }
}

bool table_next(struct table_cursor *cursor, bool wanted, struct text *field)
{
    if (cursor->ended)
        return false;
    char *begin = cursor->at, *to = begin;
    bool quoted = cursor->quotes && cursor->left && *begin == '"';
    if (quoted) {
        cursor->at++;
        cursor->left--;
        to = take_quoted(cursor, to, wanted);
    }
    char *end = find_separator(cursor);
    size_t rest = end ? (size_t)(end - cursor->at) : cursor->left;
    if (quoted && rest && cursor->fault == TABLE_GOOD)
        cursor->fault = TABLE_JOINED;
    to = put(to, cursor->at, rest, wanted);
    *field = (struct text){begin, (size_t)(to - begin)};
    pass(cursor, end);
    return true;
}

/* ---- the first record ---- */

void table_ways_add(struct table_ways *ways, char separator, bool quotes)
{
    struct records_rule rule = {.behind = quotes ? table_behind : NULL, .separator = separator};
    ways->ways[ways->count++] = (struct table_way){.rule = rule};
}

/* Behind the line that the scan is in; 0: it has no end yet. */
static size_t behind_line(const char *bytes, size_t size, struct records_scan *scan)
{
    const char *newline = scan->at < size ? memchr(bytes + scan->at, '\n', size - scan->at) : NULL;
    scan->at = size;
    scan->lines = 1;
    return newline ? (size_t)(newline - bytes) + 1 : 0;
}

bool table_way_ends(struct table_way *way, const char *bytes, size_t size, bool whole)
{
    const struct records_rule *rule = &way->rule;
    way->end = rule->behind ? rule->behind(rule, bytes, size, &way->scan)
                            : behind_line(bytes, size, &way->scan);
    way->stop = way->end ? way->end - 1 : size;
    way->lines = way->scan.lines;
    if (!way->end && whole)
        way->end = size;
    return way->end;
}

static void count_fields(struct table_way *way, const char *bytes, size_t size)
{
    struct table_cursor cursor =
        table_passing(bytes, size, way->rule.separator, way->rule.behind != NULL);
    struct text field;
    way->count = 0;
    while (table_next(&cursor, false, &field))
        way->count++;
    way->open = cursor.fault == TABLE_OPEN;
}

/* Looks on for the record's end, and cuts it there; before, once its beginning is long enough. */
static void look(struct table_way *way, const char *bytes, size_t size, bool whole,
                 table_finds *finds, void *context)
{
    if (way->end)
        return;
    bool ends = table_way_ends(way, bytes, size, whole);
    if (!ends && (way->cut || size < TABLE_LOOKED_AT))
        return;
    size_t cut = ends ? way->stop : TABLE_LOOKED_AT;
    count_fields(way, bytes, cut);
    way->found = finds && finds(context, bytes, cut, way);
    way->cut = true;
}

static bool is_better(const struct table_way *a, const struct table_way *b)
{
    if (a->found != b->found)
        return a->found;
    return a->count != b->count ? a->count > b->count : !a->end && b->end;
}

const struct table_way *table_ways_best(struct table_ways *ways, const char *bytes, size_t size,
                                        bool whole, table_finds *finds, void *context)
{
    const struct table_way *best = ways->ways;
    ways->pending = false;
    for (unsigned i = 0; i < ways->count; i++) {
        struct table_way *way = &ways->ways[i];
        look(way, bytes, size, whole, finds, context);
        ways->pending |= !way->end;
        if (is_better(way, best))
            best = way;
    }
    return best->end && (!ways->pending || size >= TABLE_LOOKED_AT) ? best : NULL;
}

bool table_way_check(const struct table_way *way, bool header, const char *name,
                     struct error *error)
{
    if (!way || (header && way->end > TABLE_HEADER))
        return error_set(error, STATUS_INPUT,
                         "%s:1: the first record is longer than %s: does a quote open that nothing "
                         "closes?",
                         name, header ? "64 MiB" : "1 GiB");
    return !way->open ||
           error_set(error, STATUS_INPUT,
                     "%s:1: a quote opens a field of the first record, and nothing closes it",
                     name);
}

/* ---- what spreadsheets put before a table ---- */

size_t table_separator_line(const char *bytes, size_t size, char *separator)
{
    static const char opening[] = "sep=";
    size_t at = sizeof opening - 1;
    if (size < at + 2 || memcmp(bytes, opening, at) != 0 || strchr("\r\n\"", bytes[at]))
        return 0;
    *separator = bytes[at++];
    while (at < size && bytes[at] == '\r')
        at++;
    return at < size && bytes[at] == '\n' ? at + 1 : 0;
}
