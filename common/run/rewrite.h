/*
 * rewrite: documents written anew, with other labels, in the form that they came in.
 *
 * The label is changed and all else stays, byte for byte: what is no UTF-8, a table's header, the
 * byte order mark of the first file. Files of a folder become lines of JSON: a label, the text and
 * the file's path.
 */
#ifndef RUN_REWRITE_H
#define RUN_REWRITE_H

#include "base/output.h"
#include "run/corrections.h"

enum rewrite_to { REWRITE_SAME, REWRITE_JSON /* a label and a text, whatever the form */ };

/* Whether that can be done: in one file all have to be of one form. Status INPUT. */
bool rewrite_check(const struct kept *kept, enum rewrite_to to, struct error *error);

/* What was repaired in the documents and is so in what is written. */
struct repairs rewrite_repairs(const struct kept *kept, enum rewrite_to to);

/* The documents are read with a wish that `rewrites`. Status SYSTEM. */
bool rewrite_all(const struct kept *kept, const struct corrections *corrections, enum rewrite_to to,
                 struct output *output, struct error *error);

#endif
