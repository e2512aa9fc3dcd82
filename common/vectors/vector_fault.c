/*
 * Files of vectors that are not as they should be have mostly been written with another separator,
 * under another locale, or by a program that prints lists. The first field that is no number shows
 * which: a list of signs, the first that fits, says what is done about it.
 */
#include "vectors/vector_fault.h"

#include "vectors/number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MOST_QUOTED = 24 };

struct field {
    const char *text;
    size_t size;
    bool alone; /* there is no other field */
};

/* ---- signs ---- */

static bool holds(const struct field *field, const char *bytes, size_t size)
{
    for (size_t at = 0; at + size <= field->size; at++)
        if (memcmp(field->text + at, bytes, size) == 0)
            return true;
    return false;
}

static bool is_empty(const struct field *field)
{
    return field->size == 0;
}

/* The field's parts between `separator`: whether each is a number, and how many there are. */
static size_t count_parts(const struct field *field, char separator)
{
    size_t parts = 0, at = 0;
    while (at <= field->size) {
        const char *end = memchr(field->text + at, separator, field->size - at);
        size_t size = (end ? (size_t)(end - field->text) : field->size) - at;
        float unused;
        if (!number_parse(field->text + at, size, &unused))
            return 0;
        parts++;
        at += size + 1;
    }
    return parts;
}

/* `0,418`: two whole numbers, and other fields beside it. */
static bool has_decimal_comma(const struct field *field)
{
    return !field->alone && count_parts(field, ',') == 2 && !memchr(field->text, '.', field->size);
}

static bool is_bracketed(const struct field *field)
{
    return memchr("[(", field->text[0], 2) || memchr("])", field->text[field->size - 1], 2);
}

static bool is_quoted(const struct field *field)
{
    return memchr("{\"'", field->text[0], 3) || memchr("}\"'", field->text[field->size - 1], 3);
}

static const struct sign {
    const char *bytes; /* that the field has; NULL: ask `fits` */
    size_t size;
    bool (*fits)(const struct field *field);
    const char *advice;
} signs[] = {
    {"\r", 1, NULL, "lines end with a carriage return alone: turn them, with tr '\\r' '\\n'"},
    {"\0", 1, NULL, "there are NUL bytes: is it whole, and text?"},
    {"\t", 1, NULL, "fields are separated by TABs: turn them into spaces, with tr '\\t' ' '"},
    {"\xc2\xa0", 2, NULL,
     "fields are separated by no-break spaces: turn them, with sed 's/\\xc2\\xa0/ /g'"},
    {"\xe2\x88\x92", 3, NULL, "the minus is no hyphen: turn it, with sed 's/\\xe2\\x88\\x92/-/g'"},
    {NULL, 0, is_empty, "there are several spaces in a row: leave one, with tr -s ' '"},
    {NULL, 0, is_bracketed,
     "the numbers are in brackets: turn these into spaces, with tr -s '[](), ' ' '"},
    {NULL, 0, is_quoted, "there are quotes, as in JSON: write a word and its numbers alone"},
    {NULL, 0, has_decimal_comma,
     "there are decimal commas: write points, with LC_ALL=C, or turn them, with tr , ."},
    {",", 1, NULL, "fields are separated by commas: turn them into spaces, with tr -s ', ' ' '"},
    {";", 1, NULL, "fields are separated by semicolons: turn them into spaces, with tr ';' ' '"},
    {"|", 1, NULL, "fields are separated by bars: turn them into spaces, with tr -s '| ' ' '"},
};

static const char *advice_on(const struct field *field)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const struct sign *sign = &signs[i];
        if (sign->fits ? sign->fits(field) : holds(field, sign->bytes, sign->size))
            return sign->advice;
    }
    return "a word and its numbers are separated by single spaces, with decimal points";
}

/* ---- the sentence ---- */

/* Spells a byte in at most 8 with the NUL, and tells its length. */
static size_t spell(unsigned char c, char *text)
{
    if (c == '\t' || c == '\r')
        return (size_t)snprintf(text, 8, "\\%c", c == '\t' ? 't' : 'r');
    return (size_t)snprintf(text, 8, c < ' ' || c == 0x7f ? "\\x%02x" : "%c", c);
}

/* Quotes the beginning of a field; what is no visible ASCII or UTF-8 is spelled out. */
static const char *quote(const struct field *field, char text[8 * MOST_QUOTED])
{
    size_t most = field->size < MOST_QUOTED ? field->size : MOST_QUOTED, used = 0;
    while (most < field->size && most && ((unsigned char)field->text[most] & 0xc0) == 0x80)
        most--;
    for (size_t i = 0; i < most; i++)
        used += spell((unsigned char)field->text[i], text + used);
    snprintf(text + used, 8, "%s", most < field->size ? "..." : "");
    return text;
}

static struct field first_field(const char *line, size_t size)
{
    const char *space = memchr(line, ' ', size);
    return (struct field){line, space ? (size_t)(space - line) : size, !space};
}

/* The first one that is no number, behind the word; false where there is none. */
static bool find_fault(const char *line, size_t size, struct field *field)
{
    *field = first_field(line, size);
    if (field->alone)
        return true;
    for (size_t at = field->size + 1; at <= size; at += field->size + 1) {
        float unused;
        *field = first_field(line + at, size - at);
        field->alone = false;
        if (!number_parse(field->text, field->size, &unused))
            return true;
    }
    return false;
}

const char *vector_fault(const char *line, size_t size, char text[VECTOR_FAULT_SIZE])
{
    struct field field, word = first_field(line, size);
    char quoted[8 * MOST_QUOTED];
    text[0] = '\0';
    if (word.size && !word.alone && (memchr(word.text, '\t', word.size)))
        field = word; /* the separator behind the word is another than between the numbers */
    else if (!find_fault(line, size, &field))
        return text;
    snprintf(text, VECTOR_FAULT_SIZE, "'%s' is no %s: %s", quote(&field, quoted),
             field.text == line ? "word and numbers" : "number", advice_on(&field));
    return text;
}

const char *vector_fault_word(const char *line, size_t size, char text[VECTOR_FAULT_SIZE])
{
    struct field word = first_field(line, size);
    char quoted[8 * MOST_QUOTED];
    snprintf(text, VECTOR_FAULT_SIZE, "'%s'", quote(&word, quoted));
    return text;
}
