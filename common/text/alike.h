/*
 * alike: names that people take for one: they differ in case, in blanks, in characters that can't
 * be seen, in how Unicode composes them (UAX #15), in quotes, or as numbers are written.
 */
#ifndef TEXT_ALIKE_H
#define TEXT_ALIKE_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What the name, valid UTF-8, has in common with those that look like it: case folded after
 * compatibility composition (NFKC), without white space, format and control characters and quotes;
 * of a number, `%.17g` of it. In memory for free(); NULL when memory is out.
 */
char *alike_key(struct text name);

/*
 * Finds names that are alike: `*first` and `*second`, the first such two by their keys' order, and
 * `*count`, how many names are like another one; 0: none is. False when memory is out.
 */
bool alike_find(const struct text *names, size_t count, size_t *first, size_t *second,
                size_t *alike);

/* Whether they differ in nothing but how Unicode composes them, so that they look the same. */
bool alike_composed(struct text left, struct text right);

#endif
