/*
 * lower: lower case and white space beyond ASCII, as Python's str.lower and str.split see them.
 *
 * The properties of characters come from libunistring; lower_unicode_version says of which
 * version of Unicode. All functions may be called by any number of threads.
 */
#ifndef TEXT_LOWER_H
#define TEXT_LOWER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length of the white space that well-formed UTF-8 opens with, when it is one character
 * beyond ASCII, else 0. `text` has no byte that belongs to no well-formed sequence.
 */
size_t lower_space(const char *text, size_t size);

/*
 * Writes the lower case of `token`, which is well-formed, holds no white space and is lower case
 * already where it is ASCII. `to` has room for 2 x size bytes. Returns how many were written.
 *
 * A token's lower case does not depend on its neighbours: the one rule that looks around a
 * letter, that of the final sigma, looks no further than the next white space.
 */
size_t lower_token(char *to, const char *token, size_t size);

/*
 * Whether the character that well-formed UTF-8 opens with is a letter or a number, one of those
 * beyond `_` that Python's \w takes; `*length` is how many bytes it has.
 */
bool lower_word_character(const char *text, size_t size, size_t *length);

/* `14.0`: the newest version of Unicode whose characters the library knows. */
const char *lower_unicode_version(void);

#endif
