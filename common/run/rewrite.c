/* A record whose label stays is written as it was read. */
#include "run/rewrite.h"

#include "text/rewrite.h"

/* ---- checking ---- */

static bool same_header(const struct kept *kept, const struct form *left, const struct form *right)
{
    return text_equal(collection_header(kept->documents, left),
                      collection_header(kept->documents, right));
}

bool rewrite_check(const struct kept *kept, enum rewrite_to to, struct error *error)
{
    for (size_t i = 1; to == REWRITE_SAME && i < kept->count; i++) {
        const struct kept_row *first = &kept->rows[0], *row = &kept->rows[i];
        if (row->form != first->form &&
            (!rewrite_alike(row->form, first->form) || !same_header(kept, row->form, first->form)))
            return error_set(error, STATUS_INPUT,
                             "%s: is of another form, or has other columns, than %s, and all go to "
                             "one file: give --to json",
                             row->file, first->file);
    }
    return true;
}

struct repairs rewrite_repairs(const struct kept *kept, enum rewrite_to to)
{
    struct repairs repairs = kept->repairs;
    if (to == REWRITE_SAME && kept->count && kept->rows[0].form->rewritten)
        repairs.counts[REPAIR_UTF8] = 0;
    return repairs;
}

/* ---- writing ---- */

/* What the first file begins with: spreadsheets know UTF-8 by its mark. */
static void put_head(const struct kept *kept, struct buffer *buffer)
{
    const struct form *form = kept->rows[0].form;
    struct text header = collection_header(kept->documents, form);
    if (form->rewritten && collection_marked(kept->documents, form))
        buffer_string(buffer, "\xef\xbb\xbf");
    buffer_bytes(buffer, header.data, header.size);
}

static void put_json(const struct kept_row *row, struct text label, bool path,
                     struct buffer *buffer)
{
    buffer_string(buffer, "{\"label\": ");
    buffer_json(buffer, label);
    buffer_string(buffer, ", \"text\": ");
    buffer_json(buffer, row->text);
    if (path) {
        buffer_string(buffer, ", \"file\": ");
        buffer_json(buffer, text_of(row->file));
    }
    buffer_byte(buffer, '}');
}

static bool put_row(const struct kept_row *row, struct text label, enum rewrite_to to,
                    struct buffer *buffer)
{
    const struct form *form = row->form;
    if (to == REWRITE_JSON || form->kind == FORM_FILES) {
        put_json(row, label, to == REWRITE_SAME, buffer);
        return true;
    }
    if (!text_equal(label, row->label))
        return rewrite_record(form, row->record, label, buffer);
    buffer_bytes(buffer, row->record.data, row->record.size);
    return true;
}

bool rewrite_all(const struct kept *kept, const struct corrections *corrections, enum rewrite_to to,
                 struct output *output, struct error *error)
{
    struct buffer buffer = {0};
    bool done = true;
    if (kept->count && to == REWRITE_SAME)
        put_head(kept, &buffer);
    for (size_t i = 0; done && i < kept->count; i++) {
        const struct kept_row *row = &kept->rows[i];
        done = put_row(row, corrections_label(corrections, kept, i), to, &buffer) ||
               error_set(error, STATUS_INPUT, "%s:%llu: the new label can't stand in this record",
                         row->file, (unsigned long long)row->line);
        buffer_byte(&buffer, '\n');
        done = done && buffer_send(&buffer, output, error);
    }
    buffer_free(&buffer);
    return done;
}
