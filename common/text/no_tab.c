/*
 * What people write instead of a TAB, or have in a file of another form, is told by the line alone:
 * it is the first one that has none.
 */
#include "text/no_tab.h"

#include "text/documents.h"
#include "text/doubt.h"
#include "text/repairs.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define NO_TAB "no TAB between a label and a text"

/* ---- fastText's labels ---- */

static const char mark[] = DOCUMENTS_MARK;
enum { MARK_SIZE = sizeof mark - 1 };

/* Whether the mark stands in the line, behind its beginning. */
static bool has_mark(const char *line, size_t size)
{
    for (size_t at = 1; at + MARK_SIZE <= size; at++)
        if (memcmp(line + at, mark, MARK_SIZE) == 0)
            return true;
    return false;
}

/* A first word with a mark of another kind, `__class__x`. */
static bool is_marked_otherwise(const char *line, size_t size)
{
    const char *blank = memchr(line, ' ', size);
    size_t word = blank ? (size_t)(blank - line) : size;
    if (word < 5 || memcmp(line, "__", 2) != 0)
        return false;
    for (size_t at = 3; at + 1 < word; at++)
        if (memcmp(line + at, "__", 2) == 0)
            return true;
    return false;
}

static bool has_pair(const char *line, size_t size, char first, char second)
{
    for (size_t at = 0; at + 1 < size; at++)
        if (line[at] == first && line[at + 1] == second)
            return true;
    return false;
}

/* ---- tables ---- */

/* Whether the first word ends at a comma, or the like, that no blank follows, as in a table. */
static bool begins_with(const char *line, size_t size, char separator)
{
    const char *comma = memchr(line, separator, size);
    const char *blank = memchr(line, ' ', size);
    return comma && comma > line && (!blank || comma < blank) && comma + 1 < line + size &&
           comma[1] != ' ';
}

/* What separates the fields of a table; how it is told, where it has to be, of a table that names
   its columns and of another; and what can be done instead of reading a table. */
static const struct {
    char separator;
    const char *called, *named, *numbered, *instead;
} table_lines[] = {
    {';', "a semicolon", "", " --delimiter ';'", ""},
    {'|', "a bar", " --delimiter '|'", " --delimiter '|'", ""},
    {',', "a comma", "", "", "turn the first one into a TAB, with sed 's/,/\\t/', or "},
};

/* The line as names of columns: whether they are those that are read where none is chosen, and
   whether one of them is a usual name for labels. */
static void look_at_names(struct text line, char separator, bool *by_default, bool *usual)
{
    bool label = false, text = false;
    *usual = false;
    while (line.size) {
        struct text name = doubt_next_name(&line, separator);
        label |= text_equal(name, text_of("label"));
        text |= text_equal(name, text_of("text"));
        *usual |= doubt_is_column(name);
    }
    *by_default = label && text;
}

/* Numbers would take a header's columns for others than they are called. What is before a comma may
   be a sentence's first word, too. */
static bool tell_table(struct text line, const struct documents_columns *columns, bool *alone,
                       char told[NO_TAB_SIZE])
{
    size_t i = 0, count = sizeof table_lines / sizeof *table_lines;
    while (i < count && !begins_with(line.data, line.size, table_lines[i].separator))
        i++;
    if (i == count)
        return false;
    bool by_default, usual;
    look_at_names(text_line(line), table_lines[i].separator, &by_default, &usual);
    if (usual)
        snprintf(told, NO_TAB_SIZE, NO_TAB ", but names of a table's columns: say --from csv%s%s",
                 table_lines[i].named,
                 by_default        ? ""
                 : columns->passed ? ", and which is the text with --text-column"
                                   : ", and which is what with --label-column and --text-column");
    else
        snprintf(told, NO_TAB_SIZE,
                 NO_TAB ", but %s: %sread it as a table, with --from csv%s%s --text-column 2",
                 table_lines[i].called, table_lines[i].instead, table_lines[i].numbered,
                 columns->passed ? "" : " --label-column 1");
    *alone = !usual && *table_lines[i].instead;
    return true;
}

/* ---- JSON ---- */

/* A list of objects, or what opens one. */
static bool is_list(const char *line, size_t size)
{
    size_t at = 1;
    while (at < size && strchr(" \t\r", line[at]))
        at++;
    return *line == '[' && (at == size || line[at] == '{');
}

/* ---- all ---- */

/* What is told by the line alone; NULL: it is no such line. */
static const char *why_not(const char *line, size_t size)
{
    if (memchr(line, '\0', size))
        return NO_TAB ", and NUL bytes: is the file whole, and text?";
    if (repair_is_file_end(line, size))
        return NO_TAB ", but the byte 0x1A, DOS's mark of a file's end: take it out, with tr -d "
                      "'\\032'";
    if (*line == '{')
        return NO_TAB ", but the line is like JSON: read it with --from json";
    if (*line == '<')
        return NO_TAB ", but the line is like HTML or XML: turn it into text";
    if (is_list(line, size))
        return NO_TAB ", but the line is like a list of JSON: make lines of it, with jq -c '.[]', "
                      "and read them with --from json";
    if (has_pair(line, size, '\\', 't'))
        return NO_TAB ", but a backslash and a 't': turn these into one, with sed 's/\\\\t/\\t/'";
    if (has_mark(line, size))
        return NO_TAB ", and '__label__' not at the line's beginning: put the label first";
    if (is_marked_otherwise(line, size))
        return NO_TAB ": fastText's labels begin with '__label__': turn the mark into that";
    return NULL;
}

void no_tab_reason(const char *line, size_t size, const struct documents_columns *columns,
                   char told[NO_TAB_SIZE])
{
    const char *why = why_not(line, size);
    bool alone = !why;
    if (alone && has_pair(line, size, ' ', ' '))
        why = NO_TAB ", but a run of blanks: turn the first one into a TAB, with sed 's/   */\\t/'";
    else if (alone)
        why = NO_TAB ": put the label first, and a TAB behind it";
    if (!alone || !tell_table((struct text){line, size}, columns, &alone, told))
        snprintf(told, NO_TAB_SIZE, "%s", why);
    size_t used = strlen(told);
    if (alone && columns->unlabelled)
        snprintf(told + used, NO_TAB_SIZE - used, "; if lines are text alone, use %s",
                 columns->unlabelled);
}
