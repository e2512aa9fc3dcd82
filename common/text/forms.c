/*
 * A record is cut as it stands, since what cuts it is ASCII; forms_row.c makes the row.
 */
#include "text/forms.h"

#include "text/forms_row.h"
#include "text/table.h"

#include <stdlib.h>
#include <string.h>

/* ---- tables ---- */

/* The next record, without its '\n'. */
static char *next_record(struct forms_cursor *cursor, size_t *size)
{
    struct documents_cursor *at = &cursor->at;
    const struct records_rule *rule = &cursor->form->rule;
    char *record = at->bytes + at->at;
    size_t left = at->size - at->at, behind;
    struct records_scan scan = {.lines = 0};
    if (rule->behind) {
        behind = rule->behind(rule, record, left, &scan);
    } else {
        const char *newline = memchr(record, '\n', left);
        behind = newline ? (size_t)(newline - record) + 1 : 0;
        scan.lines = 1;
    }
    *size = behind ? behind - 1 : left;
    at->at += behind ? behind : left;
    at->line = cursor->next_line;
    cursor->next_line += scan.lines;
    return record;
}

static bool too_few(const struct forms_cursor *cursor, unsigned column, unsigned count,
                    struct error *error)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: no column %u: the record has %u",
                     cursor->at.name, (unsigned long long)cursor->at.line, column, count);
}

/* Text that holds a separator would be cut short, and nobody would know. */
static bool too_many(const struct forms_cursor *cursor, unsigned count, struct error *error)
{
    char separator = cursor->form->rule.separator;
    return error_set(error, STATUS_INPUT,
                     "%s:%llu: the record has %u fields, the first one %u: a field that holds a "
                     "%s has to stand in quotes",
                     cursor->at.name, (unsigned long long)cursor->at.line, count,
                     cursor->form->width,
                     separator == '\t'  ? "TAB"
                     : separator == ',' ? "comma"
                                        : "separator");
}

/* The column that field `i` of a document is. */
static unsigned column_of(const struct form *form, unsigned i)
{
    if (i < form->labelled)
        return form->label;
    i -= form->labelled;
    return i < form->text_count ? form->texts[i] : form->kept;
}

/* Puts the field where the form wants it; a column may be wanted twice. */
static void put_field(const struct form *form, unsigned number, struct text field, char *record,
                      struct fields *fields)
{
    char *start = record + (field.data - record);
    for (unsigned i = 0; i < forms_fields(form); i++) {
        if (column_of(form, i) == number) {
            fields->starts[i] = start;
            fields->sizes[i] = field.size;
        }
    }
}

static bool is_wanted(const struct form *form, unsigned number)
{
    bool wanted = false;
    for (unsigned i = 0; i < forms_fields(form); i++)
        wanted |= column_of(form, i) == number;
    return wanted;
}

static bool check_columns(const struct forms_cursor *cursor, unsigned count, struct error *error)
{
    const struct form *form = cursor->form;
    if (count > form->width)
        return too_many(cursor, count, error);
    for (unsigned i = 0; i < forms_fields(form); i++)
        if (column_of(form, i) > count)
            return too_few(cursor, column_of(form, i), count, error);
    return true;
}

static bool cut_record(struct forms_cursor *cursor, char *record, size_t size,
                       struct documents_row *row, struct error *error)
{
    const struct form *form = cursor->form;
    if (!forms_keep_record(cursor, record, size, row, error))
        return false;
    struct table_cursor table =
        table_cursor(record, size, form->rule.separator, form->rule.behind != NULL);
    struct fields fields;
    struct text field;
    unsigned count = 0;
    while (table_next(&table, is_wanted(form, count + 1), &field))
        put_field(form, ++count, field, record, &fields);
    if (table.fault == TABLE_OPEN)
        return forms_refuse(cursor, error,
                            "a quote opens a field of this record, and nothing closes it");
    if (!check_columns(cursor, count, error))
        return false;
    if (table.fault == TABLE_JOINED && !documents_repaired(&cursor->at, REPAIR_JOINED, error))
        return false;
    return forms_make_row(cursor, &fields, row, error);
}

static bool is_blank(const char *record, size_t size)
{
    while (size && (record[size - 1] == '\r' || record[size - 1] == ' '))
        size--;
    return size == 0;
}

static bool is_empty(const char *record, size_t size)
{
    return size == 0 || (size == 1 && *record == '\r');
}

static enum forms_next next_in_table(struct forms_cursor *cursor, struct documents_row *row,
                                     struct error *error)
{
    struct documents_cursor *at = &cursor->at;
    while (at->at < at->size) {
        size_t size;
        char *record = next_record(cursor, &size);
        bool empty = is_empty(record, size);
        if (!(empty ? documents_repaired(at, REPAIR_EMPTY, error)
                    : cut_record(cursor, record, size, row, error)))
            return FORMS_FAILED;
        if (!empty)
            return FORMS_ROW;
    }
    return FORMS_END;
}

/* ---- JSON ---- */

static bool refuse_member(const struct forms_cursor *cursor, size_t i, const struct member *member,
                          struct error *error)
{
    const char *given = cursor->form->paths[i].given;
    const char *name = cursor->at.name;
    unsigned long long line = cursor->at.line;
    if (member->kind == MEMBER_ABSENT)
        return error_set(error, STATUS_INPUT, "%s:%llu: the object has no member '%s'", name, line,
                         given);
    return error_set(error, STATUS_INPUT, "%s:%llu: '%s' is %s: %s", name, line, given,
                     member_kind_name(member->kind),
                     i < cursor->form->labelled ? "a document has one label, a string"
                                                : "a string is read");
}

static bool take_members(struct forms_cursor *cursor, const struct member *members, char *line,
                         struct documents_row *row, struct error *error)
{
    struct fields fields;
    size_t dropped = 0;
    for (size_t i = 0; i < forms_fields(cursor->form); i++) {
        enum member_kind kind = members[i].kind;
        size_t same = 0;
        if (kind < MEMBER_TRUE || kind > MEMBER_STRING)
            return refuse_member(cursor, i, &members[i], error);
        while (same < i && members[same].raw.data != members[i].raw.data)
            same++;
        struct text text = members[i].raw;
        if (same < i)
            text = (struct text){fields.starts[same], fields.sizes[same]};
        else if (kind == MEMBER_STRING)
            text = member_decode(&members[i], line, &dropped);
        fields.starts[i] = line + (text.data - line);
        fields.sizes[i] = text.size;
    }
    return forms_make_row(cursor, &fields, row, error) &&
           (!dropped || documents_repaired(&cursor->at, REPAIR_HALF, error));
}

/* What makes lines of other JSON: a list of objects, and an object of several lines. */
static const char *json_advice(const char *line, size_t size, size_t fault)
{
    if (line[0] == '[')
        return ": an object a line is read: jq -c '.[]' makes such lines";
    return line[0] == '{' && fault == size ? ": an object a line is read: jq -c . makes such lines"
                                           : "";
}

static bool pick_members(struct forms_cursor *cursor, char *line, size_t size,
                         struct documents_row *row, struct error *error)
{
    struct member members[MEMBERS_MOST];
    struct members_fault fault;
    size_t count = forms_fields(cursor->form);
    if (!forms_keep_record(cursor, line, size, row, error))
        return false;
    if (members_pick(line, size, cursor->form->paths, count, members, &fault))
        return take_members(cursor, members, line, row, error);
    return error_set(error, STATUS_INPUT, "%s:%llu: byte %zu: %s%s", cursor->at.name,
                     (unsigned long long)cursor->at.line, fault.at + 1, fault.what,
                     json_advice(line, size, fault.at));
}

/* The next line, without its '\n'. */
static char *next_line(struct documents_cursor *at, size_t *size)
{
    char *line = at->bytes + at->at;
    const char *newline = memchr(line, '\n', at->size - at->at);
    *size = newline ? (size_t)(newline - line) : at->size - at->at;
    at->at += *size + (newline != NULL);
    at->line++;
    return line;
}

static enum forms_next next_in_json(struct forms_cursor *cursor, struct documents_row *row,
                                    struct error *error)
{
    struct documents_cursor *at = &cursor->at;
    while (at->at < at->size) {
        size_t size;
        char *line = next_line(at, &size);
        bool empty = is_blank(line, size);
        if (!(empty ? documents_repaired(at, REPAIR_EMPTY, error)
                    : pick_members(cursor, line, size, row, error)))
            return FORMS_FAILED;
        if (!empty)
            return FORMS_ROW;
    }
    return FORMS_END;
}

/* ---- files ---- */

static enum repair repair_of(enum filed_state state)
{
    switch (state) {
    case FILED_UNLABELLED:
        return REPAIR_UNLABELLED;
    case FILED_HIDDEN:
        return REPAIR_HIDDEN;
    case FILED_LINK:
        return REPAIR_LINK;
    case FILED_SPECIAL:
        return REPAIR_SPECIAL;
    case FILED_BINARY:
    case FILED_DOCUMENT:
        break;
    }
    return REPAIR_BINARY;
}

static enum forms_next take_file(struct forms_cursor *cursor, const struct filed *file,
                                 struct documents_row *row, struct error *error)
{
    bool noted = false;
    *row = (struct documents_row){.text = cursor->at.bytes + file->begin,
                                  .text_size = file->size,
                                  .name = file->name,
                                  .line = 1};
    if (cursor->form->labelled)
        row->label = file->label;
    if (cursor->form->kept)
        row->kept = text_of(file->name);
    return forms_repair(cursor, row->text, &row->text_size, &noted, error) ? FORMS_ROW
                                                                           : FORMS_FAILED;
}

static enum forms_next next_file(struct forms_cursor *cursor, struct documents_row *row,
                                 struct error *error)
{
    while (cursor->next_file < cursor->file_count) {
        const struct filed *file = &cursor->files[cursor->next_file++];
        cursor->at.name = file->name;
        cursor->at.line = 1;
        if (file->state == FILED_DOCUMENT)
            return take_file(cursor, file, row, error);
        if (!documents_repaired(&cursor->at, repair_of(file->state), error))
            return FORMS_FAILED;
    }
    return FORMS_END;
}

/* ---- all ---- */

enum forms_next forms_next(struct forms_cursor *cursor, struct documents_row *row,
                           struct error *error)
{
    switch (cursor->form->kind) {
    case FORM_TABLE:
        return next_in_table(cursor, row, error);
    case FORM_JSON:
        return next_in_json(cursor, row, error);
    case FORM_FILES:
        return next_file(cursor, row, error);
    case FORM_LINES:
        break;
    }
    if (cursor->at.at == cursor->at.size)
        return FORMS_END;
    return documents_row(&cursor->at, &cursor->form->columns, row, error) ? FORMS_ROW
                                                                          : FORMS_FAILED;
}

size_t forms_count(const struct forms_cursor *cursor)
{
    struct forms_cursor copy = *cursor;
    size_t count = 0, size;
    for (; copy.next_file < copy.file_count; copy.next_file++)
        count += copy.files[copy.next_file].state == FILED_DOCUMENT;
    while (copy.form->kind != FORM_FILES && copy.at.at < copy.at.size) {
        bool table = copy.form->kind == FORM_TABLE;
        const char *record = table ? next_record(&copy, &size) : next_line(&copy.at, &size);
        count += copy.form->kind == FORM_LINES ||
                 !(table ? is_empty(record, size) : is_blank(record, size));
    }
    return count;
}

struct forms_cursor forms_cursor(const struct form *form, char *bytes, size_t size,
                                 const char *name, uint64_t line)
{
    return (struct forms_cursor){
        .at = documents_cursor(bytes, size, name, line), .form = form, .next_line = line};
}

void forms_cursor_free(struct forms_cursor *cursor)
{
    free(cursor->joined);
    free(cursor->record);
    cursor->joined = cursor->record = NULL;
    cursor->joined_capacity = cursor->record_capacity = 0;
}
