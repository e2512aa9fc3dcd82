/*
 * buffer: text under construction.
 *
 * Appending never fails at once: when memory is out the buffer notes it, and buffer_send or
 * buffer_check reports it, so that a line can be put together without a test behind each part.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/error.h"
#include "base/output.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owns its bytes; start from `{0}`, end with buffer_free. */
struct buffer {
    char *bytes;
    size_t size, capacity;
    bool out_of_memory; /* or something could not be printed */
};

void buffer_bytes(struct buffer *buffer, const void *bytes, size_t size);
void buffer_byte(struct buffer *buffer, char byte);
void buffer_string(struct buffer *buffer, const char *string);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A name that came from outside (a word, a label, a member of a zip) as it is, but for what would
 * break a line or a column, or steer a terminal, which visible.h spells out.
 */
void buffer_name(struct buffer *buffer, struct text name);

/* The same, and the byte that ends its column. */
void buffer_field(struct buffer *buffer, struct text name, char end);

/*
 * A float32 in the fewest digits that read back as the same float32, as printf's %g has them
 * (`0.1`, `-1.5e-07`); infinities and NaNs as `inf`, `-inf`, `nan`.
 */
void buffer_float(struct buffer *buffer, float value);

/* A number in decimal. */
void buffer_count(struct buffer *buffer, uint64_t value);

/* A string of JSON in quotes, with what would steer a terminal (visible.h) as \u and four digits.
 */
void buffer_json(struct buffer *buffer, struct text string);

/* False, with status SYSTEM, when memory was out at some time. */
bool buffer_check(const struct buffer *buffer, struct error *error);

/* Writes what is there, unless memory was out, and empties the buffer. */
bool buffer_send(struct buffer *buffer, struct output *output, struct error *error);

void buffer_free(struct buffer *buffer);

#endif
