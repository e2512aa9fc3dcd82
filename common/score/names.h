/*
 * names: labels as reports show them.
 *
 * What nobody would see is spelled out: blanks at either end as \x20, control characters as
 * buffer_name has them, and other spaces, separators and characters without a shape (no-break
 * space, zero-width space, direction marks, ...) as \u and four or \U and eight hexadecimal digits.
 */
#ifndef SCORE_NAMES_H
#define SCORE_NAMES_H

#include "base/buffer.h"
#include "base/text.h"
#include "score/metrics.h"

#include <stdbool.h>
#include <stdint.h>

/* Appends the label as it is shown, however long. */
void name_show(struct buffer *text, struct text label);

/* The same of a text, whose blanks are seen by what stands around them. */
void name_show_text(struct buffer *buffer, struct text text);

/* A label as a table shows it, cut at 32 columns, and how many columns it takes. */
struct name {
    struct buffer text;
    int width;
};

/* Of all classes. NULL when memory is out; also names_free, false, says so of a single name. */
struct name *names_of(const struct metrics *metrics);
bool names_free(struct name *names, uint32_t count);

/* The columns of the widest. */
int names_widest(const struct name *names, uint32_t count);

/* Appends the name with blanks behind, or before it, up to `width` columns. */
void name_left(struct buffer *text, const struct name *name, int width);
void name_right(struct buffer *text, const struct name *name, int width);

#endif
