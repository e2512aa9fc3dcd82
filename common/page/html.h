/*
 * html: pages that stand alone: one file, no network, no script of others.
 *
 * Text from outside goes through html_text or html_name and nothing else: what is markup is
 * escaped, and what nobody would see (control characters, direction marks) is spelled out as
 * score/names.h has it, so that no text can turn around what stands beside it.
 *
 * The style has two themes, by the reader's choice for the system, whose colours have a contrast of
 * 4.5:1 or more to what they stand on (WCAG 2.1, 1.4.3); a page fits 360 CSS pixels.
 */
#ifndef PAGE_HTML_H
#define PAGE_HTML_H

#include "base/buffer.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* A text, as it can stand between tags and in an attribute's quotes. */
void html_text(struct buffer *page, struct text text);

/* The same of a label or another name, whose blanks at the ends are spelled out too. */
void html_name(struct buffer *page, struct text name);

/* The first `most` characters of a text, and an ellipsis where there are more. */
void html_cut(struct buffer *page, struct text text, size_t most);

/* Everything before a page's first heading, which is `title`, and behind its last element. */
void html_begin(struct buffer *page, const char *title);
void html_end(struct buffer *page);

/* `<td>0.9794</td>` and the like: a number with `digits` behind its point; - for NaN. */
void html_number(struct buffer *page, double value, int digits);

/* A count with commas between thousands. */
void html_count(struct buffer *page, uint64_t count);

#endif
