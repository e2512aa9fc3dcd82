/*
 * forms: documents in whatever form they come: lines, tables, lines of JSON, files.
 */
#ifndef TEXT_FORMS_H
#define TEXT_FORMS_H

#include "base/filed.h"
#include "base/records.h"
#include "text/documents.h"
#include "text/members.h"

enum {
    FORMS_TEXTS = MEMBERS_MOST - 2, /* columns or members that make a text together, at most */
    FORMS_RECORD = UINT32_MAX       /* what is kept: the whole record, or a file's path */
};

enum forms_kind {
    FORM_LINES, /* documents.h */
    FORM_TABLE, /* a record of fields each: table.h */
    FORM_JSON,  /* an object a line: members.h */
    FORM_FILES  /* a file each */
};

/* How one file is read. Plain data that others may share; borrows the paths. */
struct form {
    enum forms_kind kind;
    bool labelled;
    struct documents_columns columns; /* LINES */

    /* TABLE: columns count from 1, and their first record has `width`. */
    struct records_rule rule; /* `behind` NULL: quotes mean nothing, a record is a line */
    unsigned label, texts[FORMS_TEXTS], width;
    struct text header; /* the record that names the columns, without its end; empty: none does */
    unsigned kept;      /* a column, FORMS_RECORD, or 0; of JSON, 1 where a member is kept */

    bool skips;     /* what can't be read as a document is passed over, and noted */
    bool rewritten; /* but FILES: the record is kept to be written anew, byte for byte */

    /* JSON: the label's, where there is one, the texts', and that of what is kept. */
    const struct member_path *paths;

    unsigned text_count; /* TABLE, JSON */
};

/* Where a cursor is in documents of a form. Owns what several texts are joined in. */
struct forms_cursor {
    struct documents_cursor at;
    const struct form *form;
    const struct filed *files; /* FILES; borrowed */
    size_t file_count, next_file;
    uint64_t next_line;    /* TABLE: where the next record begins */
    char *joined, *record; /* record: a copy, where it is kept */
    size_t joined_capacity, record_capacity;
    bool unclosed; /* TABLE: a quote was opened that nothing closes */
};

/* Borrows all; `line` is the number of the first one. Of FILES, the caller sets them. */
struct forms_cursor forms_cursor(const struct form *form, char *bytes, size_t size,
                                 const char *name, uint64_t line);

enum forms_next { FORMS_ROW, FORMS_END, FORMS_FAILED };

/*
 * The next document, as documents_row gives them; but its text is good only until the next call
 * where several fields make it, and so is what is kept. A label that is not UTF-8, or a field, is
 * repaired, and noted in the cursor; empty records of tables and JSON, and DOS's mark of a file's
 * end, are passed over. Status INPUT where there is no such column or member, or the record is
 * none, unless the form `skips` and no quote is left open; or SYSTEM.
 */
enum forms_next forms_next(struct forms_cursor *cursor, struct documents_row *row,
                           struct error *error);

/* How many documents forms_next will give, in a pass over the records that changes nothing. Where
   the form `skips` they are read for it, on a copy, with the status as of forms_next. */
bool forms_count(const struct forms_cursor *cursor, size_t *count, struct error *error);

void forms_cursor_free(struct forms_cursor *cursor);

#endif
