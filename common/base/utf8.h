/*
 * utf8: which bytes are well-formed UTF-8 (The Unicode Standard, table 3-7).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length, 1 to 4, of the well-formed sequence that `text` opens with; 0: there is none. */
size_t utf8_sequence(const char *text, size_t size);

/* How many bytes are not ASCII. */
size_t utf8_beyond_ascii(const char *text, size_t size);

/* The length of the run of ASCII that `text` opens with, in whole steps of eight bytes. */
size_t utf8_ascii_run(const char *text, size_t size);

bool utf8_valid(const char *text, size_t size);

/*
 * Copies `text` without the bytes that belong to no well-formed sequence, as Python's
 * errors='ignore' does, and returns how many bytes were kept. `to` has room for `size` bytes
 * and may be `text` itself.
 */
size_t utf8_clean(char *to, const char *text, size_t size);

/*
 * Copies `text` with U+FFFD for each such byte, which takes three, and returns how many bytes that
 * made: `to`, which is not `text`, has room for UTF8_REPLACED times `size`.
 */
enum { UTF8_REPLACED = 3 };
size_t utf8_replace(char *to, const char *text, size_t size);

#endif
