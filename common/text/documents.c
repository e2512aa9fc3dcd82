/*
 * A line is repaired, then cut, in place: a row's texts point into the caller's bytes.
 */
#include "text/documents.h"

#include "base/utf8.h"
#include "base/words.h"
#include "text/no_tab.h"

#include <string.h>

struct documents_cursor documents_cursor(char *bytes, size_t size, const char *name, uint64_t line)
{
    return (struct documents_cursor){.bytes = bytes, .size = size, .name = name, .line = line - 1};
}

static bool refuse(const struct documents_cursor *cursor, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: %s", cursor->name,
                     (unsigned long long)cursor->line, what);
}

/* The cursor's next line, without its end. */
static char *next_line(struct documents_cursor *cursor, size_t *size)
{
    char *line = cursor->bytes + cursor->at;
    size_t left = cursor->size - cursor->at;
    char *end = memchr(line, '\n', left);
    *size = end ? (size_t)(end - line) : left;
    cursor->at += *size + (end != NULL);
    cursor->line++;
    return line;
}

/* ---- fastText's form: `__label__x text` ---- */

static const char mark[] = DOCUMENTS_MARK;
enum { MARK_SIZE = sizeof mark - 1 };

static bool is_marked(const char *line, size_t size)
{
    return size >= MARK_SIZE && memcmp(line, mark, MARK_SIZE) == 0;
}

/* The bytes of the marked label that the line begins with, its mark included. */
static size_t marked_size(const char *line, size_t size)
{
    size_t end = MARK_SIZE;
    while (end < size && line[end] != ' ' && line[end] != '\t' && line[end] != '\r')
        end++;
    return end;
}

static size_t blanks(const char *line, size_t size)
{
    size_t count = 0;
    while (count < size && (line[count] == ' ' || line[count] == '\t'))
        count++;
    return count;
}

size_t documents_marked(struct text line, struct text *label)
{
    if (!is_marked(line.data, line.size))
        return 0;
    size_t size = marked_size(line.data, line.size);
    *label = (struct text){line.data + MARK_SIZE, size - MARK_SIZE};
    return size + blanks(line.data + size, line.size - size);
}

/* Takes the label off the row's text; false where that begins with no mark. */
static bool take_marked(struct documents_row *row)
{
    size_t size = documents_marked((struct text){row->text, row->text_size}, &row->label);
    row->text += size;
    row->text_size -= size;
    return size > 0;
}

/* Whether a word of the text begins with the mark, which makes it a label to fastText. */
static bool has_marked_word(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    while ((at = memchr(at, mark[0], (size_t)(end - at)))) {
        if (is_marked(at, (size_t)(end - at)) && (at == text || strchr(" \t\r\v\f", at[-1])))
            return true;
        at++;
    }
    return false;
}

static bool cut_marked(const struct documents_cursor *cursor, struct documents_row *row,
                       struct error *error)
{
    take_marked(row);
    if (row->label.size == 0)
        return refuse(cursor, error, "no label behind '__label__'");
    if (is_marked(row->text, row->text_size))
        return refuse(cursor, error, "two labels before the text: a document has one");
    return !has_marked_word(row->text, row->text_size) ||
           refuse(cursor, error,
                  "a word of the text begins with '__label__', which makes it a second label: a "
                  "document has one");
}

/* ---- columns ---- */

bool documents_pick(struct documents_columns *columns, uint64_t label, uint64_t text,
                    const char *way_out, struct error *error)
{
    *columns = (struct documents_columns){.label = (unsigned)label, .text = (unsigned)text};
    if (label > 1 && !text)
        return error_set(error, STATUS_USAGE,
                         "--label-column %u: say which column is the text, with --text-column",
                         columns->label);
    if (label && label == text)
        return error_set(error, STATUS_USAGE, "column %u can't be both label and text: %s",
                         columns->label, way_out);
    return true;
}

/* The default: a label, a TAB, and the text, which may hold more TABs. */
static bool split_at_tab(const struct documents_cursor *cursor,
                         const struct documents_columns *columns, struct documents_row *row,
                         struct error *error)
{
    char *line = row->text, told[NO_TAB_SIZE];
    size_t size = row->text_size;
    char *tab = memchr(line, '\t', size);
    if (text_line((struct text){line, size}).size == 0)
        return refuse(cursor, error, "the line is empty, and has no label: take it out");
    if (!tab) {
        no_tab_reason(line, size, columns, told);
        return refuse(cursor, error, told);
    }
    row->label = (struct text){line, (size_t)(tab - line)};
    row->text = tab + 1;
    row->text_size = size - row->label.size - 1;
    return true;
}

/* Column `number` of the line. Carriage returns at the line's end belong to no column. */
static bool find_column(const struct documents_cursor *cursor, char *line, size_t size,
                        unsigned number, struct text *column, struct error *error)
{
    const char *end = line + text_line((struct text){line, size}).size;
    for (unsigned passed = 1; passed < number; passed++) {
        line = memchr(line, '\t', (size_t)(end - line));
        if (!line)
            return error_set(error, STATUS_INPUT,
                             "%s:%llu: no column %u: the line has %u, separated by TABs",
                             cursor->name, (unsigned long long)cursor->line, number, passed);
        line++;
    }
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    *column = (struct text){line, (size_t)((tab ? tab : end) - line)};
    return true;
}

static bool pick_columns(const struct documents_cursor *cursor,
                         const struct documents_columns *columns, char *line, size_t size,
                         struct documents_row *row, struct error *error)
{
    struct text text = {line, 0};
    if (!find_column(cursor, line, size, columns->text, &text, error) ||
        (columns->label && !find_column(cursor, line, size, columns->label, &row->label, error)))
        return false;
    row->text = line + (text.data - line);
    row->text_size = text.size;
    return true;
}

static bool cut(const struct documents_cursor *cursor, const struct documents_columns *columns,
                struct documents_row *row, struct error *error)
{
    if (columns->text)
        return pick_columns(cursor, columns, row->text, row->text_size, row, error);
    if (columns->label && is_marked(row->text, row->text_size))
        return cut_marked(cursor, row, error);
    if (columns->label)
        return split_at_tab(cursor, columns, row, error);
    while (take_marked(row))
        ;
    row->label = (struct text){0};
    return true;
}

/* What is kept of the line: a column of it, or all but carriage returns at its end. */
static bool find_kept(const struct documents_cursor *cursor, int keep, char *line, size_t size,
                      struct text *kept, struct error *error)
{
    if (keep == DOCUMENTS_LINE)
        *kept = text_line((struct text){line, size});
    else if (keep && !find_column(cursor, line, size, (unsigned)keep, kept, error))
        return false;
    return kept->size <= TEXT_NAME_MOST ||
           refuse(cursor, error, "what --keep keeps of it is longer than 1 MiB: keep a column");
}

/* The hash of the label as it stands in the line, where it is no UTF-8; 0: it is, or there is none.
 */
static uint64_t damaged_label(const struct documents_cursor *cursor,
                              const struct documents_columns *columns, struct documents_row row)
{
    struct error unused;
    if (!columns->label || !cut(cursor, columns, &row, &unused) ||
        utf8_valid(row.label.data, row.label.size))
        return 0;
    return words_hash(row.label.data, row.label.size);
}

bool documents_repaired(struct documents_cursor *cursor, enum repair repair, struct error *error)
{
    repairs_add(&cursor->repairs, repair, cursor->name, cursor->line);
    return !cursor->list || repairs_list_add(cursor->list, repair, cursor->name, cursor->line) ||
           error_memory(error, "noting defects");
}

bool documents_pass_mark(struct documents_cursor *cursor, char **line, size_t *size,
                         struct error *error)
{
    size_t passed = text_mark((struct text){*line, *size});
    *line += passed;
    *size -= passed;
    return !passed || documents_repaired(cursor, REPAIR_MARK, error);
}

bool documents_note_returns(struct documents_cursor *cursor, const char *line, size_t size,
                            struct error *error)
{
    return size - text_line((struct text){line, size}).size < 2 ||
           documents_repaired(cursor, REPAIR_RETURNS, error);
}

/* Whether one of Unicode's ends of lines but '\r' and '\n' begins at `at`, as Python's
   str.splitlines has them: VT, FF, FS, GS, RS, U+0085, U+2028, U+2029. */
static bool is_other_end(const unsigned char *at, size_t left)
{
    if (*at < 0x80)
        return *at == 0x0b || *at == 0x0c || (*at >= 0x1c && *at <= 0x1e);
    if (*at == 0xc2)
        return left > 1 && at[1] == 0x85;
    return *at == 0xe2 && left > 2 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9);
}

/* Eight bytes, of which one is below a blank or beyond ASCII. */
static bool are_odd(const unsigned char *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    return (((eight - ones * ' ') | eight) & (ones << 7)) != 0;
}

static bool has_other_end(const char *line, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)line;
    for (size_t at = 0; at < size;) {
        if (at + sizeof(uint64_t) <= size && !are_odd(bytes + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        for (size_t end = at + sizeof(uint64_t); at < end && at < size; at++)
            if (is_other_end(bytes + at, size - at))
                return true;
    }
    return false;
}

/* What tells of files that were put together or cut up: marks, lost ends of lines, holes. */
static bool look_at_line(struct documents_cursor *cursor, char **line, size_t *size,
                         struct error *error)
{
    if (!documents_pass_mark(cursor, line, size, error) ||
        !documents_note_returns(cursor, *line, *size, error))
        return false;
    size_t end = *size;
    while (end && ((*line)[end - 1] == '\r' || (*line)[end - 1] == '\f'))
        end--;
    if ((memchr(*line, '\r', end) && !documents_repaired(cursor, REPAIR_RETURN, error)) ||
        (has_other_end(*line, end) && !documents_repaired(cursor, REPAIR_END, error)))
        return false;
    return !memchr(*line, '\0', *size) || documents_repaired(cursor, REPAIR_NUL, error);
}

bool documents_row(struct documents_cursor *cursor, const struct documents_columns *columns,
                   struct documents_row *row, struct error *error)
{
    size_t size;
    uint64_t damaged = 0;
    char *line = next_line(cursor, &size);
    if (!look_at_line(cursor, &line, &size, error))
        return false;
    if (!utf8_valid(line, size)) {
        if (!documents_repaired(cursor, REPAIR_UTF8, error))
            return false;
        damaged =
            damaged_label(cursor, columns, (struct documents_row){.text = line, .text_size = size});
        size = utf8_clean(line, line, size);
    }
    *row = (struct documents_row){
        .text = line, .text_size = size, .name = cursor->name, .line = cursor->line};
    if (!find_kept(cursor, columns->keep, line, size, &row->kept, error) ||
        !cut(cursor, columns, row, error))
        return false;
    if (damaged)
        repairs_add_label(&cursor->repairs, damaged, row->label);
    if (columns->label && row->label.size == 0 &&
        !documents_repaired(cursor, REPAIR_UNNAMED, error))
        return false;
    if (row->label.size > DOCUMENTS_LABEL)
        return refuse(cursor, error, "the label is longer than 1 MiB: is this the right column?");
    return true;
}
