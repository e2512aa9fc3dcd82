/* A buffer that could not grow remembers it, so that its users look once, when they send it. */
#include "base/buffer.h"

#include "base/memory.h"
#include "base/shortest.h"
#include "base/visible.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `size` more bytes; NULL, and noted, when memory is out. */
static char *grow(struct buffer *buffer, size_t size)
{
    size_t needed;
    if (size <= buffer->capacity - buffer->size)
        return buffer->bytes + buffer->size;
    if (__builtin_add_overflow(buffer->size, size, &needed) ||
        !memory_reserve(&buffer->bytes, &buffer->capacity, needed, 1)) {
        buffer->out_of_memory = true;
        return NULL;
    }
    return buffer->bytes + buffer->size;
}

void buffer_bytes(struct buffer *buffer, const void *bytes, size_t size)
{
    char *to = size ? grow(buffer, size) : NULL;
    if (!to)
        return;
    memcpy(to, bytes, size);
    buffer->size += size;
}

void buffer_byte(struct buffer *buffer, char byte)
{
    char *to = grow(buffer, 1);
    if (!to)
        return;
    *to = byte;
    buffer->size++;
}

void buffer_string(struct buffer *buffer, const char *string)
{
    buffer_bytes(buffer, string, strlen(string));
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    char *to = size < 0 ? NULL : grow(buffer, (size_t)size + 1);
    buffer->out_of_memory |= size < 0;
    if (to) {
        vsnprintf(to, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
    va_end(arguments);
}

void buffer_name(struct buffer *buffer, struct text name)
{
    for (size_t at = 0; at < name.size;) {
        size_t run = visible_run(name.data + at, name.size - at);
        buffer_bytes(buffer, name.data + at, run);
        at += run;
        if (at == name.size)
            break;
        char escape[VISIBLE_ESCAPE_SIZE];
        struct visible hidden = visible_first(name.data + at, name.size - at);
        size_t size = visible_escape(hidden, escape);
        buffer_bytes(buffer, escape, size);
        at += hidden.size;
    }
}

/* Most names are short, and shown as they are. */
void buffer_field(struct buffer *buffer, struct text name, char end)
{
    char *to = grow(buffer, name.size + 1);
    if (to && visible_run(name.data, name.size) == name.size) {
        if (name.size)
            memcpy(to, name.data, name.size);
        to[name.size] = end;
        buffer->size += name.size + 1;
        return;
    }
    buffer_name(buffer, name);
    buffer_byte(buffer, end);
}

void buffer_float(struct buffer *buffer, float value)
{
    if (!isfinite(value)) {
        buffer_string(buffer, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    char *to = grow(buffer, SHORTEST_SIZE);
    if (to)
        buffer->size += (size_t)shortest_float(value, to);
}

void buffer_count(struct buffer *buffer, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    buffer_bytes(buffer, digits + at, sizeof digits - at);
}

void buffer_json(struct buffer *buffer, struct text string)
{
    buffer_byte(buffer, '"');
    for (size_t at = 0; at < string.size;) {
        struct visible character = visible_first(string.data + at, string.size - at);
        if (!character.shown) {
            /* A byte of no character is what decoders make of it. */
            buffer_print(buffer, "\\u%04x", character.broken ? 0xfffd : (unsigned)character.code);
        } else {
            if (character.code == '"' || character.code == '\\')
                buffer_byte(buffer, '\\');
            buffer_bytes(buffer, string.data + at, character.size);
        }
        at += character.size;
    }
    buffer_byte(buffer, '"');
}

bool buffer_check(const struct buffer *buffer, struct error *error)
{
    return !buffer->out_of_memory || error_memory(error, "putting text together");
}

bool buffer_send(struct buffer *buffer, struct output *output, struct error *error)
{
    size_t size = buffer->size;
    buffer->size = 0;
    return buffer_check(buffer, error) && output_write(output, buffer->bytes, size, error);
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
