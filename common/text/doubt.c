/*
 * Lines that share their labels have a label each that others have, too; so a first line whose
 * label is that of no other, and whose text is short, looks like names of columns. What looks like
 * labels in lines of text alone is a first field that few values fill.
 */
#include "text/doubt.h"

#include <stdio.h>
#include <string.h>

enum {
    LINES_LOOKED_AT = 100,
    LEAST_LINES = 10,   /* before the first one looks like no other */
    LEAST_LABELLED = 4, /* before first fields look like labels */
    LONGEST_NAME = 40,  /* bytes of a column's name */
    LONGEST_LABEL = 64  /* and of a label that nobody takes for text */
};

static const char mark[] = "__label__";

struct looked {
    struct text first[LINES_LOOKED_AT]; /* the field before the first TAB; empty: there is no TAB */
    struct text line;                   /* the first one */
    size_t lines;
    size_t tabs; /* lines that have one */
};

static void look(const struct wish_head *head, struct looked *looked)
{
    struct text rest = {head->bytes, head->size};
    *looked = (struct looked){.lines = 0};
    while (rest.size && looked->lines < LINES_LOOKED_AT) {
        if (!head->whole && !memchr(rest.data, '\n', rest.size))
            break;
        struct text line = text_line(text_cut(&rest, '\n'));
        const char *tab = memchr(line.data, '\t', line.size);
        if (looked->lines == 0)
            looked->line = line;
        looked->tabs += tab != NULL;
        looked->first[looked->lines++] =
            (struct text){line.data, tab ? (size_t)(tab - line.data) : 0};
    }
}

/* How many of the first fields are unlike all before them. */
static size_t count_distinct(const struct looked *looked)
{
    size_t distinct = 0;
    for (size_t i = 0; i < looked->lines; i++) {
        size_t before = 0;
        while (before < i && !text_equal(looked->first[before], looked->first[i]))
            before++;
        distinct += before == i;
    }
    return distinct;
}

/* ---- labelled lines ---- */

static bool is_name(struct text field)
{
    size_t blanks = 0;
    for (size_t i = 0; i < field.size; i++)
        blanks += field.data[i] == ' ';
    return field.size && field.size <= LONGEST_NAME && blanks < 3;
}

static bool is_among(struct text name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(name, text_of(names[i])))
            return true;
    return false;
}

bool doubt_is_column(struct text name)
{
    static const char *const names[] = {"label",    "Label", "LABEL",  "labels",
                                        "category", "class", "target", "topic"};
    return is_among(name, names, sizeof names / sizeof *names);
}

static bool is_text_column(struct text name)
{
    static const char *const names[] = {"text", "Text", "TEXT", "texts", "body", "sentence"};
    return is_among(name, names, sizeof names / sizeof *names);
}

/* Whether the first line names the columns, as far as the others show, and which. A usual name
   tells the column of labels, in whichever it stands. */
static bool names_columns(const struct looked *looked, struct text *label, struct text *text)
{
    struct text line = looked->line, first = text_cut(&line, '\t'), second = text_cut(&line, '\t');
    if (!looked->first[0].size || !is_name(first) || !is_name(second))
        return false;
    for (size_t i = 1; i < looked->lines; i++)
        if (text_equal(looked->first[i], first))
            return false;
    bool swapped = doubt_is_column(second) && !doubt_is_column(first);
    *label = swapped ? second : first;
    *text = swapped ? first : second;
    size_t distinct = count_distinct(looked);
    return doubt_is_column(*label) ||
           (looked->lines > LEAST_LINES && distinct <= looked->lines - looked->lines / 2);
}

static bool begins_with(struct text line, const char *start)
{
    return line.size >= strlen(start) && memcmp(line.data, start, strlen(start)) == 0;
}

/* Whether all first fields are in quotes, and the text of the first line. */
static bool is_quoted(const struct looked *looked)
{
    for (size_t i = 0; i < looked->lines; i++) {
        struct text field = looked->first[i];
        if (field.size < 2 || field.data[0] != '"' || field.data[field.size - 1] != '"')
            return false;
    }
    struct text text = looked->line;
    text_cut(&text, '\t');
    return text.size && text.data[0] == '"';
}

static void doubt_labels(const struct looked *looked, const char *name, char doubt[DOUBT_SIZE])
{
    struct text line = looked->line, rest = line, column, text;
    struct text label = text_cut(&rest, ' ');
    const char *comma = label.size ? memchr(label.data, ',', label.size) : NULL;
    if (begins_with(line, mark) && comma && comma + 1 < label.data + label.size) {
        const struct text bare = {label.data + sizeof mark - 1, label.size - sizeof mark + 1};
        snprintf(doubt, DOUBT_SIZE,
                 "%s: the first label is '%.*s', for it ends at a blank: put one before the comma, "
                 "with sed 's/^\\(__label__[^ ,]*\\),/\\1 /'",
                 name, bare.size < LONGEST_LABEL ? (int)bare.size : LONGEST_LABEL, bare.data);
        return;
    }
    if (is_quoted(looked)) {
        snprintf(doubt, DOUBT_SIZE,
                 "%s: quotes around fields are read as part of them: where they are a table's, say "
                 "--from csv --delimiter '\\t' --no-header --label-column 1 --text-column 2",
                 name);
        return;
    }
    if (names_columns(looked, &column, &text)) {
        struct text first = looked->first[0];
        snprintf(doubt, DOUBT_SIZE,
                 "%s:1: no other line has the label '%.*s': if the line names columns, say --from "
                 "tsv --label-column '%.*s' --text-column '%.*s'",
                 name, (int)first.size, first.data, (int)column.size, column.data, (int)text.size,
                 text.data);
    }
}

/* ---- lines of text alone ---- */

static bool are_names(struct text record, char separator, bool *usual);

/* Whether a field is in quotes, from where it begins to where it ends; or is so up to the line's
   end and no further, behind a separator. */
static bool has_quoted_field(struct text line, char separator)
{
    for (size_t begin = 0; begin < line.size; begin++) {
        const bool starts = begin == 0 || line.data[begin - 1] == separator;
        if (!starts || line.data[begin] != '"')
            continue;
        size_t end = begin + 1;
        while (end < line.size && line.data[end] != '"')
            end++;
        if (end == line.size ? begin > 0 : end + 1 == line.size || line.data[end + 1] == separator)
            return true;
        begin = end;
    }
    return false;
}

/*
 * Whether the first line may be names of columns with such a separator, of which the first may be
 * empty as pandas writes an index, and none has a blank beside it as a sentence's comma has; and
 * either a name is a usual one, or some field is in quotes.
 */
static bool is_like_table(const struct wish_head *head, char separator)
{
    struct text rest = {head->bytes, head->size}, first = text_line(text_cut(&rest, '\n'));
    bool usual, sign = has_quoted_field(first, separator);
    if (!first.size || !memchr(first.data, separator, first.size))
        return false;
    if (first.data[0] == separator)
        text_cut(&first, separator);
    if (!are_names(first, separator, &usual))
        return false;
    while (first.size) {
        const struct text name = doubt_next_name(&first, separator);
        if (name.data[0] == ' ' || name.data[name.size - 1] == ' ' ||
            memchr(name.data, '"', name.size))
            return false;
        sign |= doubt_is_column(name) || is_text_column(name);
    }
    for (size_t i = 0; !sign && rest.size && i < LINES_LOOKED_AT; i++)
        sign = has_quoted_field(text_line(text_cut(&rest, '\n')), separator);
    return sign;
}

static void doubt_text(const struct looked *looked, const struct wish_head *head,
                       char doubt[DOUBT_SIZE])
{
    if (is_like_table(head, ',') || is_like_table(head, ';')) {
        snprintf(doubt, DOUBT_SIZE,
                 "%s: its lines are like a table's, and are read as text, the first as well: if it "
                 "is one, say --from csv%s",
                 head->name, is_like_table(head, ',') ? "" : " --delimiter ';'");
        return;
    }
    if (looked->lines < LEAST_LABELLED || looked->tabs < looked->lines)
        return;
    for (size_t i = 0; i < looked->lines; i++)
        if (!looked->first[i].size || looked->first[i].size > LONGEST_LABEL)
            return;
    size_t distinct = count_distinct(looked);
    struct text first = looked->first[0];
    if (distinct <= looked->lines / 2)
        snprintf(doubt, DOUBT_SIZE,
                 "%s: lines begin with '%.*s' and a TAB, as with labels, and are read with it as "
                 "text: --text-column 2 leaves it out",
                 head->name, (int)first.size, first.data);
}

/* ---- headers of tables ---- */

struct text doubt_next_name(struct text *header, char separator)
{
    struct text name = text_cut(header, separator);
    if (name.size > 1 && name.data[0] == '"' && name.data[name.size - 1] == '"')
        name = (struct text){name.data + 1, name.size - 2};
    return name;
}

static struct text column_name(struct text header, char separator, unsigned column)
{
    struct text name = {NULL, 0};
    for (unsigned i = 0; i < column; i++)
        name = doubt_next_name(&header, separator);
    return name;
}

static bool doubt_column(const struct form *before, unsigned old, const struct form *form,
                         unsigned new, const char *name, char doubt[DOUBT_SIZE])
{
    struct text was = column_name(before->header, before->rule.separator, old);
    struct text is = column_name(form->header, form->rule.separator, new);
    if (!old || !new || text_equal(was, is))
        return false;
    snprintf(doubt, DOUBT_SIZE,
             "%s: column %u is called '%.*s' here, and '%.*s' in a file before: is it the same "
             "column? If not, give columns by their names",
             name, new, is.size < LONGEST_NAME ? (int)is.size : LONGEST_NAME, is.data,
             was.size < LONGEST_NAME ? (int)was.size : LONGEST_NAME, was.data);
    return true;
}

void doubt_header(const struct form *before, const struct form *form, const char *name,
                  char doubt[DOUBT_SIZE])
{
    if (!before->header.size || !form->header.size)
        return;
    bool doubted = doubt_column(before, before->label, form, form->label, name, doubt);
    for (unsigned i = 0; !doubted && i < form->text_count && i < before->text_count; i++)
        doubted = doubt_column(before, before->texts[i], form, form->texts[i], name, doubt);
}

/* ---- first records ---- */

/* Whether all fields may be names of columns; `*usual`: one of them often is. */
static bool are_names(struct text record, char separator, bool *usual)
{
    *usual = false;
    while (record.size) {
        struct text name = doubt_next_name(&record, separator);
        if (!is_name(name) || (unsigned char)(name.data[0] - '0') < 10)
            return false;
        *usual |= doubt_is_column(name);
    }
    return true;
}

bool doubt_names(struct text record, char separator, const unsigned *texts, unsigned count)
{
    bool usual;
    if (!are_names(record, separator, &usual))
        return false;
    for (unsigned i = 0; i < count; i++)
        usual |= is_text_column(column_name(record, separator, texts[i]));
    return usual;
}

/* Whether a field of one is in the other, in another column. */
static bool has_moved(struct text before, char before_separator, struct text record, char separator)
{
    for (unsigned column = 0; record.size; column++) {
        struct text name = doubt_next_name(&record, separator), rest = before;
        for (unsigned i = 0; rest.size; i++)
            if (text_equal(name, doubt_next_name(&rest, before_separator)) && i != column)
                return true;
    }
    return false;
}

void doubt_first(const struct form *before, struct text before_first, const struct form *form,
                 struct text first, const char *name, char doubt[DOUBT_SIZE])
{
    char old = before->rule.separator, new = form->rule.separator;
    bool usual_before, usual;
    if (!are_names(before_first, old, &usual_before) || !are_names(first, new, &usual) ||
        !((usual_before && usual) || has_moved(before_first, old, first, new)))
        return;
    snprintf(doubt, DOUBT_SIZE,
             "%s:1: '%.*s' looks like names of columns, as the first record of a file before does, "
             "and both are read as documents: if they are none, leave --no-header out",
             name, first.size < 2 * LONGEST_NAME ? (int)first.size : 2 * LONGEST_NAME, first.data);
}

/* ---- all ---- */

static bool is_like_json(const struct wish_head *head)
{
    size_t at = 1;
    while (at < head->size && head->bytes[at] == ' ')
        at++;
    return at < head->size && head->bytes[0] == '{' && head->bytes[at] == '"';
}

/* Of lines whose columns are chosen. */
static void doubt_first_line(const struct documents_columns *columns, const struct wish_head *head,
                             char doubt[DOUBT_SIZE])
{
    struct text rest = {head->bytes, head->size}, line;
    const unsigned text = columns->text ? columns->text : columns->label + 1;
    bool whole = head->whole || memchr(head->bytes, '\n', head->size);
    line = text_line(text_cut(&rest, '\n'));
    if (whole && doubt_names(line, '\t', &text, 1))
        snprintf(doubt, DOUBT_SIZE,
                 "%s:1: the first line is read as a document: if it names columns, say --from tsv "
                 "--header",
                 head->name);
}

bool doubt_lines(const struct wish *wish, const struct form *form, const struct wish_head *head,
                 char doubt[DOUBT_SIZE])
{
    const struct documents_columns *columns = &form->columns;
    struct looked looked;
    doubt[0] = '\0';
    if (is_like_json(head)) {
        snprintf(doubt, DOUBT_SIZE,
                 "%s: its lines are like JSON, and are read as text: say --from json", head->name);
        return true;
    }
    if (columns->text || columns->label > 1 || wish->label_column) {
        doubt_first_line(columns, head, doubt);
        return true;
    }
    look(head, &looked);
    if (looked.lines < LINES_LOOKED_AT && !head->whole && head->size < TABLE_LOOKED_AT &&
        !head->waits)
        return false;
    if (looked.lines && wish->labelled)
        doubt_labels(&looked, head->name, doubt);
    else if (looked.lines && !columns->label)
        doubt_text(&looked, head, doubt);
    return true;
}
