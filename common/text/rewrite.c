/* The record is cut as forms.c does, on a copy where cutting moves bytes; only where the label
   begins and ends is taken from it. */
#include "text/rewrite.h"

#include "base/utf8.h"
#include "text/table.h"

#include <stdlib.h>
#include <string.h>

static void replace(struct text record, struct text old, const struct buffer *spelled,
                    struct buffer *buffer)
{
    size_t before = (size_t)(old.data - record.data), behind = before + old.size;
    buffer_bytes(buffer, record.data, before);
    buffer_bytes(buffer, spelled->bytes, spelled->size);
    buffer_bytes(buffer, record.data + behind, record.size - behind);
}

/* ---- tables, and other lines ---- */

static void spell_field(struct text label, char separator, bool quotes, struct buffer *spelled)
{
    bool needed = false;
    for (size_t i = 0; quotes && i < label.size; i++)
        needed |= label.data[i] == separator || strchr("\"\r\n", label.data[i]) != NULL;
    if (needed)
        buffer_byte(spelled, '"');
    for (size_t i = 0; i < label.size; i++) {
        if (needed && label.data[i] == '"')
            buffer_byte(spelled, '"');
        buffer_byte(spelled, label.data[i]);
    }
    if (needed)
        buffer_byte(spelled, '"');
}

/* The bytes of column `number`, with its quotes. */
static bool find_field(struct text record, char separator, bool quotes, unsigned number,
                       struct text *field)
{
    struct text unused;
    /* Fields that are not wanted are passed over, and no byte is moved. */
    struct table_cursor cursor = table_cursor((char *)record.data, record.size, separator, quotes);
    for (unsigned passed = 1; passed < number; passed++)
        if (!table_next(&cursor, false, &unused))
            return false;
    const char *begin = cursor.at;
    if (!table_next(&cursor, false, &unused))
        return false;
    *field = (struct text){begin, (size_t)(cursor.at - begin) - !cursor.ended};
    return true;
}

/* ---- JSON ---- */

static bool find_member(const struct form *form, struct text record, struct text *value)
{
    struct member member;
    struct members_fault fault;
    if (!members_pick(record.data, record.size, form->paths, 1, &member, &fault) ||
        member.kind < MEMBER_TRUE || member.kind > MEMBER_STRING)
        return false;
    bool quoted = member.kind == MEMBER_STRING;
    *value = (struct text){member.raw.data - quoted, member.raw.size + 2 * (size_t)quoted};
    return true;
}

static void cutting(const struct form *form, char *separator, bool *quotes, unsigned *label)
{
    bool table = form->kind == FORM_TABLE;
    *separator = table ? form->rule.separator : '\t';
    *quotes = table && form->rule.behind;
    *label = table ? form->label : form->columns.label;
}

static bool put_otherwise(const struct form *form, struct text record, struct text label,
                          struct buffer *buffer)
{
    struct buffer spelled = {0};
    struct text old = {NULL, 0};
    char separator;
    bool quotes, found;
    unsigned number;
    if (form->kind == FORM_JSON) {
        buffer_json(&spelled, label);
        found = find_member(form, record, &old);
    } else {
        cutting(form, &separator, &quotes, &number);
        spell_field(label, separator, quotes, &spelled);
        found = find_field(record, separator, quotes, number, &old);
    }
    if (found)
        replace(record, old, &spelled, buffer);
    buffer->out_of_memory |= spelled.out_of_memory;
    buffer_free(&spelled);
    return found;
}

/* ---- fastText's lines ---- */

static bool is_marked(struct text text)
{
    struct text unused;
    return documents_marked(text, &unused) > 0;
}

/* Behind the mark a label holds no blank: it stands before a TAB then, without the mark. */
static void put_marked(struct text record, struct text label, struct buffer *buffer)
{
    struct text old;
    size_t size = documents_marked(record, &old);
    struct buffer spelled = {0};
    buffer_bytes(&spelled, label.data, label.size);
    if (memchr(label.data, ' ', label.size) || memchr(label.data, '\r', label.size)) {
        old = (struct text){record.data, size};
        buffer_byte(&spelled, '\t');
    }
    replace(record, old, &spelled, buffer);
    buffer->out_of_memory |= spelled.out_of_memory;
    buffer_free(&spelled);
}

/* Behind bytes before a mark that are no UTF-8, which reading drops; they go. */
static struct text from_mark(struct text record)
{
    size_t at = 0;
    while (at < record.size && record.data[at] != DOCUMENTS_MARK[0])
        at++;
    return (struct text){record.data + at, record.size - at};
}

/* Such bytes may also stand amid the mark: then all of them go. */
static bool put_line(const struct form *form, struct text record, struct text label,
                     struct buffer *buffer)
{
    char *copy = malloc(record.size + 1);
    if (!copy) {
        buffer->out_of_memory = true;
        return true;
    }
    struct text read = {copy, utf8_clean(copy, record.data, record.size)};
    bool marked = is_marked(read), fits = !is_marked(label);
    if (fits && marked)
        put_marked(is_marked(from_mark(record)) ? from_mark(record) : read, label, buffer);
    else if (fits)
        fits = put_otherwise(form, record, label, buffer);
    free(copy);
    return fits;
}

/* ---- all ---- */

bool rewrite_record(const struct form *form, struct text record, struct text label,
                    struct buffer *buffer)
{
    if (form->kind == FORM_LINES && !form->columns.text)
        return put_line(form, record, label, buffer);
    return put_otherwise(form, record, label, buffer);
}

static bool same_path(const struct member_path *left, const struct member_path *right)
{
    return strcmp(left->given, right->given) == 0;
}

bool rewrite_alike(const struct form *left, const struct form *right)
{
    char separators[2];
    bool quotes[2];
    unsigned labels[2];
    if (left->kind != right->kind)
        return false;
    if (left->kind == FORM_FILES)
        return true;
    if (left->kind == FORM_JSON)
        return same_path(&left->paths[0], &right->paths[0]);
    cutting(left, &separators[0], &quotes[0], &labels[0]);
    cutting(right, &separators[1], &quotes[1], &labels[1]);
    return separators[0] == separators[1] && quotes[0] == quotes[1] && labels[0] == labels[1] &&
           left->width == right->width;
}
