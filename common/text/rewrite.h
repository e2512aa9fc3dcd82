/*
 * rewrite: a record as it stands in its file, with another label.
 */
#ifndef TEXT_REWRITE_H
#define TEXT_REWRITE_H

#include "base/buffer.h"
#include "text/forms.h"

#include <stdbool.h>

/*
 * Appends the record, of a form that is `rewritten` and is no FILES, with `label` in its label's
 * place: in quotes where a table needs them, escaped in JSON. All other bytes stay. What was no
 * string in JSON becomes one, and a line in fastText's form one with a TAB where the label has a
 * blank. False where the record has no such place, which forms_next refuses, or the label, which
 * is not empty, begins with fastText's mark, which that of a line can't.
 */
bool rewrite_record(const struct form *form, struct text record, struct text label,
                    struct buffer *buffer);

/* Whether records of both can stand in one file, each with its label in the same place. */
bool rewrite_alike(const struct form *left, const struct form *right);

#endif
