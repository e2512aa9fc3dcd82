/* Each form has a few bytes that mean something in it; all others are copied. */
#include "export/quote.h"

#include <math.h>
#include <string.h>

static bool needs_quotes(struct text field)
{
    for (size_t i = 0; i < field.size; i++)
        if (strchr(",\"\r\n", field.data[i]))
            return true;
    return field.size == 0;
}

void quote_csv(struct buffer *text, struct text field)
{
    if (!needs_quotes(field)) {
        buffer_bytes(text, field.data, field.size);
        return;
    }
    buffer_byte(text, '"');
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] == '"')
            buffer_byte(text, '"');
        buffer_byte(text, field.data[i]);
    }
    buffer_byte(text, '"');
}

void quote_line(struct buffer *text, struct text name)
{
    for (size_t i = 0; i < name.size; i++)
        if (memchr("\r\n", name.data[i], 2))
            buffer_name(text, (struct text){name.data + i, 1});
        else
            buffer_byte(text, name.data[i]);
}

void quote_c(struct buffer *text, struct text string)
{
    buffer_byte(text, '"');
    for (size_t i = 0; i < string.size; i++) {
        unsigned char byte = (unsigned char)string.data[i];
        if (byte < 0x20 || byte == 0x7f)
            buffer_print(text, "\\%03o", (unsigned)byte);
        else if (byte == '"' || byte == '\\' || byte == '?')
            buffer_print(text, "\\%c", byte);
        else
            buffer_byte(text, (char)byte);
    }
    buffer_byte(text, '"');
}

void quote_dot(struct buffer *text, struct text string)
{
    struct buffer shown = {0};
    buffer_name(&shown, string);
    for (size_t i = 0; i < shown.size; i++) {
        if (shown.bytes[i] == '"' || shown.bytes[i] == '\\')
            buffer_byte(text, '\\');
        buffer_byte(text, shown.bytes[i]);
    }
    text->out_of_memory |= shown.out_of_memory;
    buffer_free(&shown);
}

void quote_json_float(struct buffer *text, float value)
{
    if (value == 0 && signbit(value))
        buffer_string(text, "-0.0"); /* -0 would be read as a whole number, which has no sign */
    else if (isfinite(value))
        buffer_float(text, value);
    else
        buffer_string(text, "null");
}
