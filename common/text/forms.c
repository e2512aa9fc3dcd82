/*
 * A record is cut as it stands, since what cuts it is ASCII; forms_row.c makes the row.
 */
#include "text/forms.h"

#include "base/memory.h"
#include "base/utf8.h"
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
                    struct text record, struct error *error)
{
    const bool plain = !cursor->form->rule.behind && cursor->form->rule.separator == '\t';
    return error_set(error, STATUS_INPUT, "%s:%llu: no column %u: the record has %u%s",
                     cursor->at.name, (unsigned long long)cursor->at.line, column, count,
                     plain && memchr(record.data, '"', record.size)
                         ? ": quotes are letters here; where they stand around fields, say --from "
                           "csv --delimiter tab"
                         : "");
}

/* Text that holds a separator would be cut short, and nobody would know. */
static bool too_many(const struct forms_cursor *cursor, unsigned count, bool joined,
                     struct error *error)
{
    char separator = cursor->form->rule.separator;
    return error_set(error, STATUS_INPUT,
                     "%s:%llu: the record has %u fields, the first one %u: a field that holds a "
                     "%s has to stand in double quotes%s",
                     cursor->at.name, (unsigned long long)cursor->at.line, count,
                     cursor->form->width,
                     separator == '\t'  ? "TAB"
                     : separator == ',' ? "comma"
                                        : "separator",
                     joined ? ", and a quote within them be doubled, not escaped"
                     : count == cursor->form->width + 1
                         ? ", or the header lacks a name, as R's write.table leaves one out"
                         : "");
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

static bool check_columns(const struct forms_cursor *cursor, unsigned count, bool joined,
                          struct text record, struct error *error)
{
    const struct form *form = cursor->form;
    if (count > form->width)
        return too_many(cursor, count, joined, error);
    for (unsigned i = 0; i < forms_fields(form); i++)
        if (column_of(form, i) > count)
            return too_few(cursor, column_of(form, i), count, record, error);
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
    cursor->unclosed = table.fault == TABLE_OPEN;
    if (cursor->unclosed)
        return forms_refuse(cursor, error,
                            "a quote opens a field of this record, and nothing closes it");
    bool joined = table.fault == TABLE_JOINED;
    enum repair repair = cursor->next_line > cursor->at.line + 1 ? REPAIR_SWALLOWED : REPAIR_JOINED;
    if (!check_columns(cursor, count, joined, (struct text){record, size}, error) ||
        (joined && !documents_repaired(&cursor->at, repair, error)) ||
        (memchr(record, '\0', size) && !documents_repaired(&cursor->at, REPAIR_NUL, error)))
        return false;
    return forms_make_row(cursor, &fields, row, error);
}

static bool is_empty(const char *record, size_t size)
{
    return text_line((struct text){record, size}).size == 0;
}

/* Whether the record is the header once more. */
static bool is_header(const struct form *form, const char *record, size_t size)
{
    struct text header = form->header;
    size_t mark = text_mark((struct text){record, size});
    size = text_line((struct text){record, size}).size;
    return header.size && size - mark == header.size &&
           memcmp(record + mark, header.data, header.size) == 0;
}

/* Whether the record is no document, and why. */
static bool is_passed_over(const struct form *form, const char *record, size_t size,
                           enum repair *why)
{
    *why = is_empty(record, size)             ? REPAIR_EMPTY
           : repair_is_file_end(record, size) ? REPAIR_FILE_END
                                              : REPAIR_HEADER;
    return *why != REPAIR_HEADER || is_header(form, record, size);
}

static enum forms_next next_in_table(struct forms_cursor *cursor, struct documents_row *row,
                                     struct error *error)
{
    struct documents_cursor *at = &cursor->at;
    while (at->at < at->size) {
        size_t size;
        char *record = next_record(cursor, &size);
        enum repair repair;
        bool passed = is_passed_over(cursor->form, record, size, &repair);
        if (!(passed ? documents_repaired(at, repair, error)
                     : documents_pass_mark(at, &record, &size, error) &&
                           documents_note_returns(at, record, size, error) &&
                           cut_record(cursor, record, size, row, error)))
            return FORMS_FAILED;
        if (!passed)
            return FORMS_ROW;
    }
    return FORMS_END;
}

/* ---- lines ---- */

static enum forms_next next_line(struct forms_cursor *cursor, struct documents_row *row,
                                 struct error *error)
{
    const struct form *form = cursor->form;
    struct documents_cursor ahead = cursor->at;
    struct documents_row kept;
    struct text line;
    if (ahead.at == ahead.size)
        return FORMS_END;
    if (form->rewritten) {
        line.data = forms_line(&ahead, &line.size);
        size_t mark = text_mark(line);
        if (!forms_keep_record(cursor, line.data + mark, line.size - mark, &kept, error))
            return FORMS_FAILED;
    }
    if (!documents_row(&cursor->at, &form->columns, row, error))
        return FORMS_FAILED;
    if (form->rewritten)
        row->kept = kept.kept;
    return FORMS_ROW;
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
    case FILED_LOST:
        return REPAIR_LOST;
    case FILED_SPECIAL:
        return REPAIR_SPECIAL;
    case FILED_BINARY:
    case FILED_DOCUMENT:
        break;
    }
    return REPAIR_BINARY;
}

/* Keeps the path, which may have any bytes, as text. */
static bool keep_path(struct forms_cursor *cursor, struct text path, struct documents_row *row,
                      struct error *error)
{
    if (!cursor->form->kept)
        return true;
    if (!memory_reserve(&cursor->record, &cursor->record_capacity, UTF8_REPLACED * path.size, 1))
        return error_memory(error, "keeping a path");
    row->kept = (struct text){cursor->record, utf8_replace(cursor->record, path.data, path.size)};
    return true;
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
    return keep_path(cursor, text_of(file->name), row, error) &&
                   forms_repair(cursor, row->text, &row->text_size, &noted, error)
               ? FORMS_ROW
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

static enum forms_next next_document(struct forms_cursor *cursor, struct documents_row *row,
                                     struct error *error)
{
    switch (cursor->form->kind) {
    case FORM_TABLE:
        return next_in_table(cursor, row, error);
    case FORM_JSON:
        return forms_json_next(cursor, row, error);
    case FORM_FILES:
        return next_file(cursor, row, error);
    case FORM_LINES:
        break;
    }
    return next_line(cursor, row, error);
}

/* The cursor is behind what was refused, for a reason that the error tells. What belongs to a quote
   that nothing closes can't be told: all that is left would be passed over. */
static bool pass_over(struct forms_cursor *cursor, struct error *error)
{
    if (!cursor->form->skips || error->status != STATUS_INPUT || cursor->unclosed)
        return false;
    repairs_tell_refused(&cursor->at.repairs, error->text);
    return documents_repaired(&cursor->at, REPAIR_REFUSED, error);
}

enum forms_next forms_next(struct forms_cursor *cursor, struct documents_row *row,
                           struct error *error)
{
    enum forms_next next;
    do
        next = next_document(cursor, row, error);
    while (next == FORMS_FAILED && pass_over(cursor, error));
    return next;
}

static size_t count_records(struct forms_cursor cursor)
{
    size_t count = 0, size;
    enum repair unused;
    for (; cursor.next_file < cursor.file_count; cursor.next_file++)
        count += cursor.files[cursor.next_file].state == FILED_DOCUMENT;
    while (cursor.form->kind != FORM_FILES && cursor.at.at < cursor.at.size) {
        bool table = cursor.form->kind == FORM_TABLE;
        const char *record = table ? next_record(&cursor, &size) : forms_line(&cursor.at, &size);
        count += cursor.form->kind == FORM_LINES ||
                 !(table ? is_passed_over(cursor.form, record, size, &unused)
                         : forms_is_passed_over(record, size, &unused));
    }
    return count;
}

/* Which ones can be read shows when they are cut, which changes them. */
static bool count_readable(struct forms_cursor cursor, size_t *count, struct error *error)
{
    struct documents_row unused;
    enum forms_next next;
    char *copy = malloc(cursor.at.size + 1);
    if (!copy)
        return error_memory(error, "counting documents");
    memcpy(copy, cursor.at.bytes, cursor.at.size);
    cursor.at.bytes = copy;
    cursor.at.list = NULL;
    cursor.joined = cursor.record = NULL;
    cursor.joined_capacity = cursor.record_capacity = 0;
    for (*count = 0; (next = forms_next(&cursor, &unused, error)) == FORMS_ROW; ++*count)
        ;
    forms_cursor_free(&cursor);
    free(copy);
    return next == FORMS_END;
}

bool forms_count(const struct forms_cursor *cursor, size_t *count, struct error *error)
{
    if (cursor->form->skips)
        return count_readable(*cursor, count, error);
    *count = count_records(*cursor);
    return true;
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
