/*
 * What was picked is repaired here, after the record was cut by bytes that are ASCII: so bytes are
 * counted as dropped only where the result lacks them.
 */
#include "text/forms_row.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "base/words.h"

#include <string.h>

bool forms_refuse(const struct forms_cursor *cursor, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s:%llu: %s", cursor->at.name,
                     (unsigned long long)cursor->at.line, what);
}

/* Drops bytes that are not UTF-8. */
bool forms_repair(struct forms_cursor *cursor, char *bytes, size_t *size, bool *noted,
                  struct error *error)
{
    if (utf8_valid(bytes, *size))
        return true;
    *size = utf8_clean(bytes, bytes, *size);
    if (*noted)
        return true;
    *noted = true;
    return documents_repaired(&cursor->at, REPAIR_UTF8, error);
}

/* Several texts, with a blank between two. */
static bool join_texts(struct forms_cursor *cursor, const struct fields *fields, size_t first,
                       size_t end, struct documents_row *row, struct error *error)
{
    size_t size = 0;
    for (size_t i = first; i < end; i++)
        size += fields->sizes[i] + 1;
    if (!memory_reserve(&cursor->joined, &cursor->joined_capacity, size, 1))
        return error_memory(error, "joining texts");
    row->text = cursor->joined;
    for (size_t i = first; i < end; i++) {
        if (i > first)
            row->text[row->text_size++] = ' ';
        memcpy(row->text + row->text_size, fields->starts[i], fields->sizes[i]);
        row->text_size += fields->sizes[i];
    }
    return true;
}

/* One of the fields; others may be the same bytes. */
static bool repair_shared(struct forms_cursor *cursor, struct fields *fields, size_t i, size_t end,
                          bool *noted, struct error *error)
{
    size_t before = fields->sizes[i];
    if (!forms_repair(cursor, fields->starts[i], &fields->sizes[i], noted, error))
        return false;
    for (size_t j = i + 1; j < end && fields->sizes[i] < before; j++)
        if (fields->starts[j] == fields->starts[i])
            fields->sizes[j] = fields->sizes[i];
    return true;
}

/* How many fields a document is made of, and a column or member that is kept. */
unsigned forms_fields(const struct form *form)
{
    return form->labelled + form->text_count + (form->kept && form->kept != FORMS_RECORD);
}

/* The label, which is the first field. */
static bool take_label(struct forms_cursor *cursor, struct fields *fields, bool *noted,
                       struct documents_row *row, struct error *error)
{
    bool valid = utf8_valid(fields->starts[0], fields->sizes[0]);
    uint64_t before = valid ? 0 : words_hash(fields->starts[0], fields->sizes[0]);
    if (!repair_shared(cursor, fields, 0, forms_fields(cursor->form), noted, error))
        return false;
    row->label = (struct text){fields->starts[0], fields->sizes[0]};
    if (!valid)
        repairs_add_label(&cursor->at.repairs, before, row->label);
    if (row->label.size == 0 && !documents_repaired(&cursor->at, REPAIR_UNNAMED, error))
        return false;
    return row->label.size <= DOCUMENTS_LABEL ||
           forms_refuse(cursor, error, "the label is longer than 1 MiB: is this the right column?");
}

static bool check_kept(const struct forms_cursor *cursor, const struct documents_row *row,
                       struct error *error)
{
    return cursor->form->rewritten || row->kept.size <= TEXT_NAME_MOST ||
           forms_refuse(cursor, error,
                        "what --keep keeps of it is longer than 1 MiB: keep a column");
}

bool forms_make_row(struct forms_cursor *cursor, struct fields *fields, struct documents_row *row,
                    struct error *error)
{
    const struct form *form = cursor->form;
    size_t first = form->labelled, end = first + form->text_count, all = forms_fields(form);
    bool noted = false;
    row->name = cursor->at.name;
    row->line = cursor->at.line;
    if (first && !take_label(cursor, fields, &noted, row, error))
        return false;
    for (size_t i = first; i < all; i++)
        if (!repair_shared(cursor, fields, i, all, &noted, error))
            return false;
    if (all > end)
        row->kept = (struct text){fields->starts[end], fields->sizes[end]};
    if (!check_kept(cursor, row, error))
        return false;
    if (form->text_count > 1)
        return join_texts(cursor, fields, first, end, row, error);
    row->text = fields->starts[first];
    row->text_size = fields->sizes[first];
    return true;
}

/* Copies the record, or line, before it is cut. */
bool forms_keep_record(struct forms_cursor *cursor, const char *record, size_t size,
                       struct documents_row *row, struct error *error)
{
    *row = (struct documents_row){.text = NULL};
    if (cursor->form->kept != FORMS_RECORD)
        return true;
    if (!memory_reserve(&cursor->record, &cursor->record_capacity, size + 1, 1))
        return error_memory(error, "keeping a record");
    if (cursor->form->rewritten)
        memcpy(cursor->record, record, size);
    else
        size = utf8_clean(cursor->record, record, text_line((struct text){record, size}).size);
    row->kept = (struct text){cursor->record, size};
    return true;
}

/* ---- what records begin and end with ---- */

/* The next line, without its '\n'. */
char *forms_line(struct documents_cursor *at, size_t *size)
{
    char *line = at->bytes + at->at;
    const char *newline = memchr(line, '\n', at->size - at->at);
    *size = newline ? (size_t)(newline - line) : at->size - at->at;
    at->at += *size + (newline != NULL);
    at->line++;
    return line;
}

bool forms_is_passed_over(const char *line, size_t size, enum repair *why)
{
    *why = repair_is_file_end(line, size) ? REPAIR_FILE_END : REPAIR_EMPTY;
    return *why == REPAIR_FILE_END || forms_is_blank(line, size);
}

bool forms_is_blank(const char *record, size_t size)
{
    while (size && (record[size - 1] == '\r' || record[size - 1] == ' '))
        size--;
    return size == 0;
}
