/*
 * forms_row: the fields of a record to a document's row.
 */
#ifndef TEXT_FORMS_ROW_H
#define TEXT_FORMS_ROW_H

#include "text/forms.h"

/* What makes a document: its label, where it has one, its texts, and what is kept of it. */
struct fields {
    char *starts[MEMBERS_MOST]; /* they may be written to */
    size_t sizes[MEMBERS_MOST];
};

/* How many fields a document is made of, with a column or member that is kept. */
unsigned forms_fields(const struct form *form);

/* Copies the record, without its '\n', before it is cut, where it is kept. Begins the row. */
bool forms_keep_record(struct forms_cursor *cursor, const char *record, size_t size,
                       struct documents_row *row, struct error *error);

/* Repairs the fields, and makes the row of them. Status INPUT or SYSTEM. */
bool forms_make_row(struct forms_cursor *cursor, struct fields *fields, struct documents_row *row,
                    struct error *error);

/* Drops bytes of a field that are not UTF-8, which is noted unless `*noted`. */
bool forms_repair(struct forms_cursor *cursor, char *bytes, size_t *size, bool *noted,
                  struct error *error);

/* The next line, without its '\n'. */
char *forms_line(struct documents_cursor *at, size_t *size);

/* Whether nothing but blanks is in it. */
bool forms_is_blank(const char *record, size_t size);

/* Whether the line of JSON is no document, and why. */
bool forms_is_passed_over(const char *line, size_t size, enum repair *why);

/* forms_next of JSON. */
enum forms_next forms_json_next(struct forms_cursor *cursor, struct documents_row *row,
                                struct error *error);

/* "file:line: what"; status INPUT. */
bool forms_refuse(const struct forms_cursor *cursor, struct error *error, const char *what);

#endif
