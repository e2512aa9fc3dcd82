/*
 * The first record is cut by each byte that may separate its fields. The one by which it has the
 * columns that are asked for is it, or by which it has most. Names make it a header; numbers leave
 * it a document, unless its label looks like the name of the labels below it.
 */
#include "text/wish_table.h"

#include "text/doubt.h"
#include "text/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_SIZE = 240, RECORDS_LOOKED_AT = 100, LEAST_RECORDS = 10 };

/* What the first record is by the way that suits best. */
struct first {
    const struct table_way *way;
    unsigned label, texts[FORMS_TEXTS]; /* columns of those names; 0: there is none */
    unsigned kept;
    const char *twice; /* a name that two columns have */
    bool found;        /* all that is asked for by name is there */
};

struct table_head {
    const struct wish *wish;
    const struct wish_head *head;
    char *copy; /* to be cut */
    struct wish_texts texts;
    const char *label; /* NULL: none is wanted, or by its number */
    bool given;        /* any column is */
    bool named;        /* a column is looked for by its name */
    bool header;       /* so the first record is one; or because it is said */
};

/* ---- the names ---- */

/* What is looked for: what is given; where only one of the two is, by its name, or none, the
   other's usual name. */
static void name_columns(struct table_head *table)
{
    const struct wish *wish = table->wish;
    bool names = wish_has_names(wish);
    table->given = wish->label_column || wish->text_columns.count;
    table->named = !table->given || names || wish_keeps_name(wish);
    table->header = wish->header || table->named;
    table->texts = wish->text_columns;
    table->label = wish->labelled ? wish->label_column : NULL;
    if (table->given && !names)
        return;
    if (wish->labelled && !wish->label_column)
        table->label = "label";
    if (!wish->text_columns.count)
        table->texts = (struct wish_texts){{"text"}, 1};
}

static void match(const char *name, struct text field, unsigned number, unsigned *column,
                  struct first *first)
{
    if (!name || wish_number(name) || !text_equal(text_of(name), field))
        return;
    if (*column)
        first->twice = name;
    *column = number;
}

static bool all_found(const struct table_head *table, const struct first *first)
{
    bool found = (!table->label || wish_number(table->label) || first->label) &&
                 (!wish_keeps_name(table->wish) || first->kept);
    for (unsigned i = 0; i < table->texts.count; i++)
        found &= wish_number(table->texts.given[i]) || first->texts[i];
    return found;
}

/* ---- the first record ---- */

/* Cuts bytes that are separated as the way has it. */
static void cut_names(const struct table_head *table, const char *bytes, size_t size,
                      const struct table_way *way, struct first *first)
{
    *first = (struct first){.way = way};
    if (table->named) {
        memcpy(table->copy, bytes, size);
        struct table_cursor cursor =
            table_cursor(table->copy, size, way->rule.separator, way->rule.behind != NULL);
        struct text field;
        for (unsigned number = 1; table_next(&cursor, true, &field); number++) {
            match(table->label, field, number, &first->label, first);
            if (wish_keeps_name(table->wish))
                match(table->wish->keep, field, number, &first->kept, first);
            for (unsigned i = 0; i < table->texts.count; i++)
                match(table->texts.given[i], field, number, &first->texts[i], first);
        }
    }
    first->found = all_found(table, first);
}

static bool finds_names(void *context, const char *bytes, size_t size, const struct table_way *way)
{
    struct first first;
    cut_names(context, bytes, size, way, &first);
    return first.found;
}

/* The bytes that may separate its fields. */
static void add_ways(const struct table_head *table, enum wish_from from, struct table_ways *ways)
{
    const struct wish *wish = table->wish;
    const char *separators = ",;\t", only[] = {wish->separator, '\0'};
    bool tabs = from == FROM_TSV || from == FROM_LINES;
    if (wish->separator)
        separators = only;
    else if (tabs)
        separators = "\t";
    for (; *separators; separators++) {
        bool lines = tabs || (from == FROM_AUTO && *separators == '\t' && !wish->delimiter);
        table_ways_add(ways, *separators, !lines); /* as lines have TABs */
    }
}

/* Cuts it in the way that suits best; false where more bytes have to tell. */
static bool cut_best(struct table_head *table, enum wish_from from, struct first *best)
{
    const struct wish_head *head = table->head;
    struct table_ways *ways = head->ways;
    if (!ways->count)
        add_ways(table, from, ways);
    const struct table_way *way =
        table_ways_best(ways, head->bytes, head->size, head->whole, finds_names, table);
    if (way)
        cut_names(table, head->bytes, way->stop, way, best);
    return way;
}

/* ---- refusing ---- */

static const char *separator_name(char separator, char text[8])
{
    snprintf(text, 8, "'%c'", separator);
    return separator == '\t'  ? "TABs"
           : separator == ',' ? "commas"
           : separator == ';' ? "semicolons"
                              : text;
}

/* `'topic', 'body', ...`, of the record as it is cut. */
static void list_fields(const struct table_head *table, const struct first *first,
                        char list[LIST_SIZE])
{
    size_t used = 0;
    const struct table_way *way = first->way;
    memcpy(table->copy, table->head->bytes, way->stop);
    struct table_cursor cursor =
        table_cursor(table->copy, way->stop, way->rule.separator, way->rule.behind != NULL);
    struct text field;
    list[0] = '\0';
    while (table_next(&cursor, true, &field)) {
        int size = field.size < 40 ? (int)field.size : 40;
        if (used + (size_t)size + 12 > LIST_SIZE) {
            snprintf(list + used, LIST_SIZE - used, ", ...");
            break;
        }
        used += (size_t)snprintf(list + used, LIST_SIZE - used, "%s'%.*s'", used ? ", " : "", size,
                                 field.data);
    }
}

/* What to do about names that are not there. */
static const char *names_advice(const struct table_head *table, const struct first *first)
{
    const char *bytes = table->head->bytes;
    const struct table_way *way = first->way;
    if (way->stop > 1 && bytes[0] == '{' && bytes[1] == '"')
        return "is it JSON? Say --from json";
    if (way->count == 1 && memchr(bytes, '|', way->stop))
        return "say --delimiter '|'";
    const char *behind = bytes + way->end;
    size_t left = table->head->size - way->end;
    if (way->count == 1 && (memchr(behind, ',', left) || memchr(behind, ';', left)))
        return "if names of columns stand further down, take out the lines before them, with tail "
               "-n +2 or more";
    return table->wish->labelled
               ? "say which is what with --label-column and --text-column, by name or number"
               : "say which is the text with --text-column, by name or number";
}

static bool refuse_names(const struct table_head *table, const struct first *first,
                         struct error *error)
{
    char list[LIST_SIZE], separator[8];
    bool keep = wish_keeps_name(table->wish) && !first->kept;
    bool label = table->label && !wish_number(table->label) && !first->label;
    keep &= !(label && table->given);
    const char *name = keep ? table->wish->keep : label ? table->label : NULL;
    for (unsigned i = 0; !name && i < table->texts.count; i++)
        if (!wish_number(table->texts.given[i]) && !first->texts[i])
            name = table->texts.given[i];
    list_fields(table, first, list);
    return error_set(
        error, STATUS_INPUT,
        "%s:1: no column is called '%s'; separated by %s, the first record has %s: "
        "%s",
        table->head->name, name, separator_name(first->way->rule.separator, separator), list,
        keep ? "--keep takes a column's name or number, or line" : names_advice(table, first));
}

static bool check_number(const struct table_head *table, const struct first *first, unsigned column,
                         struct error *error)
{
    char separator[8];
    return column <= first->way->count ||
           error_set(error, STATUS_INPUT,
                     "%s:1: no column %u: the first record has %u, separated by %s",
                     table->head->name, column, first->way->count,
                     separator_name(first->way->rule.separator, separator));
}

/* ---- is it a header? ---- */

static void pass_fields(struct table_cursor *cursor, bool wanted, unsigned count, struct text *last)
{
    *last = (struct text){NULL, 0};
    for (unsigned i = 0; i < count && table_next(cursor, wanted, last); i++)
        ;
}

/* The label of the record at `*at`, which moves behind it; false: there is no whole one. What
   stands behind the label is not copied: it may be long. */
static bool next_label(const struct table_head *table, const struct form *form, size_t *at,
                       struct text *label)
{
    const struct wish_head *head = table->head;
    const struct records_rule *rule = &form->rule;
    struct table_way way = {.rule = *rule, .scan = {.at = *at}};
    if (*at >= head->size || !table_way_ends(&way, head->bytes, head->size, head->whole))
        return false;
    const char *record = head->bytes + *at;
    char *copy = table->copy + *at;
    struct table_cursor cursor =
        table_passing(record, way.stop - *at, rule->separator, rule->behind != NULL);
    pass_fields(&cursor, false, form->label, label);
    size_t size = (size_t)(cursor.at - record);
    memcpy(copy, record, size);
    cursor = table_cursor(copy, size, rule->separator, rule->behind != NULL);
    pass_fields(&cursor, true, form->label, label);
    *at = way.end;
    return true;
}

/* Whether the label of the first record is that of no other, though these share theirs. `named`: it
   is that of no other, and a usual name for them. */
static bool looks_like_header(const struct table_head *table, const struct form *form, bool *named)
{
    struct text labels[RECORDS_LOOKED_AT];
    size_t at = 0, count = 0, shared = 0;
    *named = false;
    while (count < RECORDS_LOOKED_AT && next_label(table, form, &at, &labels[count]))
        count++;
    for (size_t i = 1; i < count; i++) {
        if (text_equal(labels[i], labels[0]))
            return false;
        size_t other = 1;
        while (other < i && !text_equal(labels[other], labels[i]))
            other++;
        shared += other < i;
    }
    *named = count && doubt_is_column(labels[0]);
    return count > LEAST_RECORDS && shared >= count / 2;
}

static bool refuse_header(const struct table_head *table, const struct form *form,
                          struct error *error)
{
    struct text label = {"", 0};
    size_t at = 0;
    next_label(table, form, &at, &label);
    return error_set(error, STATUS_INPUT,
                     "%s:1: no other record has the label '%.*s': if these are the names of "
                     "columns, say --header, else --no-header",
                     table->head->name, label.size < 40 ? (int)label.size : 40, label.data);
}

/* ---- the form ---- */

static unsigned column_of(const char *given, unsigned named)
{
    uint64_t number = wish_number(given);
    return number ? (unsigned)number : named;
}

static bool fill_form(const struct table_head *table, enum wish_from from,
                      const struct first *first, struct form *form, struct error *error)
{
    const struct wish *wish = table->wish;
    *form = (struct form){.kind = FORM_TABLE,
                          .labelled = wish->labelled,
                          .rule = first->way->rule,
                          .label = wish->labelled ? column_of(table->label, first->label) : 0,
                          .width = from == FROM_LINES ? UINT32_MAX : first->way->count,
                          .text_count = table->texts.count};
    if (wish->labelled && !form->label)
        form->label = 1; /* texts are given by their numbers, and it is not */
    form->rewritten = wish->rewrites;
    if (wish->keep)
        form->kept = wish_keeps_line(wish) ? FORMS_RECORD : column_of(wish->keep, first->kept);
    if (!check_number(table, first, form->label, error) ||
        (form->kept != FORMS_RECORD && !check_number(table, first, form->kept, error)))
        return false;
    for (unsigned i = 0; i < table->texts.count; i++) {
        form->texts[i] = column_of(table->texts.given[i], first->texts[i]);
        if (!check_number(table, first, form->texts[i], error))
            return false;
        if (form->texts[i] == form->label)
            return error_set(error, STATUS_USAGE,
                             "column %u can't be both label and text: give another "
                             "--label-column",
                             form->label);
    }
    return true;
}

static bool check_first(const struct table_head *table, const struct first *first,
                        struct error *error)
{
    const struct wish *wish = table->wish;
    const char *name = table->head->name;
    if (first->twice)
        return error_set(error, STATUS_INPUT,
                         "%s:1: two columns are called '%s': give its number, with --header", name,
                         first->twice);
    if (!table->given && wish->no_header)
        return error_set(error, STATUS_USAGE,
                         wish->labelled
                             ? "--no-header: give the numbers of --label-column and --text-column"
                             : "--no-header: give the number of --text-column");
    if (!table->texts.count)
        return error_set(error, STATUS_INPUT,
                         "%s: of a table, say which column is the text, with --text-column", name);
    return first->found || refuse_names(table, first, error);
}

/* A file called .csv that has TABs, or fastText's labels, is read as any other name is. */
static bool is_lines(const struct table_head *table, const struct first *first)
{
    static const char mark[] = "__label__";
    const struct wish *wish = table->wish;
    bool marked = !table->given && table->head->size >= sizeof mark - 1 &&
                  memcmp(table->head->bytes, mark, sizeof mark - 1) == 0;
    bool table_wanted = wish->from != FROM_AUTO || wish->delimiter || wish->header ||
                        wish->no_header || wish_has_names(wish) || wish_keeps_name(wish) ||
                        wish->text_columns.count > 1;
    return !table_wanted && (marked || (first->way->rule.separator == '\t' &&
                                        first->way->count > 1 && !(first->found && !table->given)));
}

/* Where lines end with carriage returns alone, all up to the first newline is one record. */
static bool check_returns(const struct table_head *table, const struct first *first,
                          struct error *error)
{
    const struct text record = text_line((struct text){table->head->bytes, first->way->stop});
    bool quoted = false;
    for (size_t i = 0; first->way->rule.behind && i + 1 < record.size; i++) {
        quoted ^= record.data[i] == '"';
        if (record.data[i] == '\r' && record.data[i + 1] != '\n' && !quoted)
            return error_set(error, STATUS_INPUT,
                             "%s:1: a carriage return stands in the first record: if lines end "
                             "with it alone, turn these into newlines, with tr '\\r' '\\n'",
                             table->head->name);
    }
    return true;
}

static enum wish_next begin_table(struct table_head *table, enum wish_from from,
                                  struct wish_start *start, struct error *error)
{
    const struct wish_head *head = table->head;
    const struct wish *wish = table->wish;
    struct first first = {.way = NULL};
    bool cut = cut_best(table, from, &first);
    if (cut && from != FROM_LINES && is_lines(table, &first))
        return wish_begin(wish, FROM_LINES, head, start, error);
    bool told = cut && (first.found || !head->ways->pending);
    if (!told && !head->whole && !head->last && !(table->header && head->size >= TABLE_HEADER))
        return WISH_MORE;
    if (!table_way_check(told ? first.way : NULL, table->header, head->name, error) || !told)
        return WISH_FAILED;
    if (!check_returns(table, &first, error) || !check_first(table, &first, error) ||
        !fill_form(table, from, &first, &start->form, error))
        return WISH_FAILED;
    if (table->header) {
        start->skipped = first.way->end;
        start->lines = first.way->lines;
    } else if (from != FROM_LINES && !wish->labelled && !wish->no_header) {
        struct text record = text_line((struct text){head->bytes, first.way->stop});
        start->named = doubt_names(record, start->form.rule.separator, start->form.texts,
                                   start->form.text_count);
    } else if (from != FROM_LINES && !wish->no_header) {
        if (!head->whole && head->size < TABLE_LOOKED_AT && !head->waits)
            return WISH_MORE;
        if (looks_like_header(table, &start->form, &start->named) &&
            !refuse_header(table, &start->form, error))
            return WISH_FAILED;
    }
    return WISH_DONE;
}

enum wish_next wish_begin_table(const struct wish *wish, enum wish_from from,
                                const struct wish_head *head, struct wish_start *start,
                                struct error *error)
{
    struct table_head table = {.wish = wish, .head = head, .copy = malloc(head->size + 1)};
    if (!table.copy) {
        error_memory(error, "reading a table");
        return WISH_FAILED;
    }
    if (!head->size && (head->whole || head->last)) {
        start->form = (struct form){.kind = FORM_LINES};
        free(table.copy);
        return WISH_DONE;
    }
    name_columns(&table);
    enum wish_next next = begin_table(&table, from, start, error);
    free(table.copy);
    return next;
}
