/*
 * What people write instead of a TAB, or have in a file of another form, is told by the line alone:
 * it is the first one that has none.
 */
#include "text/no_tab.h"

#include "text/documents.h"
#include "text/doubt.h"
#include "text/repairs.h"

#include <stdbool.h>
#include <string.h>

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

/* What separates the fields of a table, and what to do where the line is of one: by whether it
   names columns `label` and `text`, a column of labels by another name, or none. */
static const struct {
    char separator;
    const char *by_default, *named, *numbered;
} table_lines[] = {
    {';', "no TAB between a label and a text, but names of a table's columns: say --from csv",
     "no TAB between a label and a text, but names of a table's columns: say --from csv, and which "
     "is what with --label-column and --text-column",
     "no TAB between a label and a text, but a semicolon: read it as a table, with --from csv "
     "--delimiter ';' --label-column 1 --text-column 2"},
    {'|',
     "no TAB between a label and a text, but names of a table's columns: say --from csv "
     "--delimiter '|'",
     "no TAB between a label and a text, but names of a table's columns: say --from csv "
     "--delimiter '|', and which is what with --label-column and --text-column",
     "no TAB between a label and a text, but a bar: read it as a table, with --from csv "
     "--delimiter '|' --label-column 1 --text-column 2"},
    {',', "no TAB between a label and a text, but names of a table's columns: say --from csv",
     "no TAB between a label and a text, but names of a table's columns: say --from csv, and which "
     "is what with --label-column and --text-column",
     "no TAB between a label and a text, but a comma: turn the first one into a TAB, with sed "
     "'s/,/\\t/', or read it as a table, with --from csv --label-column 1 --text-column 2; if "
     "lines are text alone, use --no-label"},
};

/* Numbers would take a header's columns for others than they are called. */
static const char *why_table(const char *line, size_t size)
{
    size_t i = 0, count = sizeof table_lines / sizeof *table_lines;
    while (i < count && !begins_with(line, size, table_lines[i].separator))
        i++;
    if (i == count)
        return NULL;
    struct text rest = text_line((struct text){line, size});
    bool label = false, text = false, usual = false;
    while (rest.size) {
        struct text name = doubt_next_name(&rest, table_lines[i].separator);
        label |= text_equal(name, text_of("label"));
        text |= text_equal(name, text_of("text"));
        usual |= doubt_is_column(name);
    }
    return label && text ? table_lines[i].by_default
           : usual       ? table_lines[i].named
                         : table_lines[i].numbered;
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

const char *no_tab_reason(const char *line, size_t size)
{
    if (memchr(line, '\0', size))
        return "no TAB between a label and a text, and NUL bytes: is the file whole, and text?";
    if (repair_is_file_end(line, size))
        return "no TAB between a label and a text, but the byte 0x1A, DOS's mark of a file's end: "
               "take it out, with tr -d '\\032'";
    if (*line == '{')
        return "no TAB between a label and a text, but the line is like JSON: read it with --from "
               "json";
    if (*line == '<')
        return "no TAB between a label and a text, but the line is like HTML or XML: turn it into "
               "text";
    if (is_list(line, size))
        return "no TAB between a label and a text, but the line is like a list of JSON: make lines "
               "of it, with jq -c '.[]', and read them with --from json";
    if (has_pair(line, size, '\\', 't'))
        return "no TAB between a label and a text, but a backslash and a 't': turn these into one, "
               "with sed 's/\\\\t/\\t/'";
    if (has_mark(line, size))
        return "no TAB between a label and a text, and '__label__' not at the line's beginning: "
               "put the label first";
    if (is_marked_otherwise(line, size))
        return "no TAB between a label and a text: fastText's labels begin with '__label__': turn "
               "the mark into that";
    const char *table = why_table(line, size);
    if (table)
        return table;
    if (has_pair(line, size, ' ', ' '))
        return "no TAB between a label and a text, but a run of blanks: turn the first one into a "
               "TAB, with sed 's/   */\\t/'; if lines are text alone, use --no-label";
    return "no TAB between a label and a text: where lines are text alone, vectorize and "
           "glove-train take --no-label";
}
