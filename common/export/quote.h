/*
 * quote: names as other programs read them.
 *
 * Internal to the folder.
 */
#ifndef EXPORT_QUOTE_H
#define EXPORT_QUOTE_H

#include "base/buffer.h"
#include "base/text.h"

/* A field of CSV (RFC 4180): in quotes where it must be, or is empty; quotes in it are doubled. */
void quote_csv(struct buffer *text, struct text field);

/* A name alone in its line: what would break that is spelled out, as buffer_name does. */
void quote_line(struct buffer *text, struct text name);

/* A string literal of C99. Its question marks make no trigraph. */
void quote_c(struct buffer *text, struct text string);

/* What stands between quotes in Graphviz's dot; control characters as buffer_name has them. */
void quote_dot(struct buffer *text, struct text string);

/* A number of JSON, which has neither infinities nor NaN: null. */
void quote_json_float(struct buffer *text, float value);

#endif
