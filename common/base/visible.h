/*
 * visible: what may be shown of text that came from outside.
 *
 * A name in a file may hold what breaks a line or a column, steers a terminal, or makes a text read
 * otherwise than it stands. These characters are shown by their numbers, and nothing from outside
 * is shown but by way of here (buffer_name, buffer_json, and all lines of report.h):
 *
 *     U+0000 to U+001F, U+007F, U+0080 to U+009F   controls (Unicode's Cc)
 *     U+2028, U+2029                               the ends of lines and paragraphs (Zl, Zp)
 *     U+061C, U+200E, U+200F, U+202A to U+202E,
 *     U+2066 to U+2069                             directions (Unicode's Bidi_Control)
 *     bytes that are not UTF-8                     0x80 to 0x9f are controls of 8-bit terminals
 */
#ifndef BASE_VISIBLE_H
#define BASE_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A character, or a byte of none. */
struct visible {
    size_t size;   /* of the `size` bytes that it takes in the text; 1 of a byte of none */
    uint32_t code; /* its code point, or the byte */
    bool shown;    /* as it is; otherwise by its number */
    bool broken;   /* the byte belongs to no character */
};

/* What `text`, of `size` bytes, at least one, begins with. */
struct visible visible_first(const char *text, size_t size);

/* How many bytes it begins with that are shown as they are. */
size_t visible_run(const char *text, size_t size);

enum { VISIBLE_ESCAPE_SIZE = 8 };

/*
 * How a character that is not shown is spelled: \t, \n, \r, other bytes as \x and two hexadecimal
 * digits, other characters as \u and four. Returns its length.
 */
size_t visible_escape(struct visible character, char escape[VISIBLE_ESCAPE_SIZE]);

#endif
