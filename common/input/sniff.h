/*
 * sniff: what a file that is not what was asked for might be instead.
 */
#ifndef INPUT_SNIFF_H
#define INPUT_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

enum { SNIFF_SIZE = 64 * 1024 }; /* the first bytes that it may look at */

/*
 * `is what: what to do`, for a file that begins with `head`, where that can be told; NULL
 * otherwise. `plausible`: the head holds a line that might be a word's vector, so what is text
 * is not doubted.
 */
const char *sniff(const void *head, size_t size, bool plausible);

/* The same where any text is welcome, and only what no text begins with is told. */
const char *sniff_text(const void *head, size_t size);

/* The same where a head of text has no newline, and carriage returns instead. */
const char *sniff_line_ends(const void *head, size_t size);

#endif
