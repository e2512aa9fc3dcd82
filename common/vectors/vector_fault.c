/*
 * Files of vectors that are not as they should be have mostly been written with another separator,
 * under another locale, or by a program that prints lists. The first field that is no number shows
 * which: a list of signs, the first that fits, says what is done about it.
 */
#include "vectors/vector_fault.h"

#include "base/text.h"
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

/* `1.234,5`, likewise. */
static bool has_thousands(const struct field *field)
{
    const char *point = memchr(field->text, '.', field->size);
    const char *comma = memchr(field->text, ',', field->size);
    return !field->alone && point && comma && point < comma && count_parts(field, ',') == 2;
}

static bool has_number_behind(const struct field *field, char separator)
{
    const char *end = memchr(field->text, separator, field->size);
    size_t at = end ? (size_t)(end - field->text) + 1 : field->size;
    const char *stop = memchr(field->text + at, separator, field->size - at);
    float unused;
    return end && number_parse(field->text + at,
                               (stop ? (size_t)(stop - field->text) : field->size) - at, &unused);
}

/* A TAB before a number; of a label and a text, say, spaces would make no vector. */
static bool has_tab(const struct field *field)
{
    return has_number_behind(field, '\t') || memchr(field->text, '\t', 1);
}

/* `the<TAB>0.1,0.2`: one separator, before a list. */
static bool has_list_behind(const struct field *field, char separator)
{
    struct text rest = {field->text, field->size};
    text_cut(&rest, separator);
    return rest.size && memchr(rest.data, ',', rest.size) &&
           !memchr(rest.data, separator, rest.size);
}

static bool has_tab_and_commas(const struct field *field)
{
    return has_list_behind(field, '\t');
}

static bool has_semicolon_and_commas(const struct field *field)
{
    return field->alone && has_list_behind(field, ';');
}

/* Whether the bytes are a number, or become one with a point for their only comma; which that is.
 */
static bool is_number_with_comma(const char *text, size_t size, bool *comma)
{
    struct field part = {text, size, false};
    float unused;
    *comma = has_decimal_comma(&part);
    return *comma || number_parse(text, size, &unused);
}

/*
 * `the;0,418;0,24` or, behind a word and a space, `0,418;`: numbers between separators, some of
 * them with a decimal comma. A word before them is free; a list of but two behind it might be one
 * number, or two.
 */
static bool has_commas_between(const struct field *field, char separator)
{
    struct text rest = {field->text, field->size};
    size_t parts = 0, numbers = 0, commas = 0;
    while (rest.size) {
        struct text part = text_cut(&rest, separator);
        bool comma;
        bool number = is_number_with_comma(part.data, part.size, &comma);
        if (!number && parts)
            return false;
        parts++;
        numbers += number;
        commas += comma;
    }
    return commas && memchr(field->text, separator, field->size) &&
           (numbers > 1 || numbers == parts);
}

static bool has_commas_between_tabs(const struct field *field)
{
    return has_commas_between(field, '\t');
}

static bool has_commas_between_semicolons(const struct field *field)
{
    return has_commas_between(field, ';');
}

static bool has_commas_between_bars(const struct field *field)
{
    return has_commas_between(field, '|');
}

/* `12:0.5`, of a vector of which the zeros are left out. */
static bool is_pair(const struct field *field)
{
    const char *colon = memchr(field->text, ':', field->size);
    return !field->alone && colon && colon > field->text && has_number_behind(field, ':');
}

/* `-nan(ind)` and `1.#QNAN`, as Windows writes them. */
static bool is_strange_nan(const struct field *field)
{
    return holds(field, "nan(", 4) || holds(field, "NAN(", 4) || holds(field, ".#", 2);
}

static bool is_hexadecimal(const struct field *field)
{
    size_t sign = field->size && memchr("+-", field->text[0], 2);
    return field->size > sign + 2 && memcmp(field->text + sign, "0x", 2) == 0;
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
    {"\v", 1, NULL, "lines end with a vertical tab: turn them, with tr '\\v' '\\n'"},
    {"\f", 1, NULL, "lines end with a form feed: turn them, with tr '\\f' '\\n'"},
    {"\xe2\x80\xa8", 3, NULL,
     "lines end with U+2028: turn them, with sed 's/\\xe2\\x80\\xa8/\\n/g'"},
    {"\xc2\x85", 2, NULL, "lines end with U+0085: turn them, with sed 's/\\xc2\\x85/\\n/g'"},
    {NULL, 0, has_commas_between_tabs,
     "there are decimal commas, and fields are separated by TABs: turn both, with tr ',\\t' '. '"},
    {NULL, 0, has_commas_between_semicolons,
     "there are decimal commas, and fields are separated by semicolons: turn both, with tr ',;' '. "
     "'"},
    {NULL, 0, has_commas_between_bars,
     "there are decimal commas, and fields are separated by bars: turn both, with tr ',|' '. '"},
    {NULL, 0, has_tab_and_commas,
     "fields are separated by a TAB and commas: turn them into spaces, with tr '\\t,' ' '"},
    {NULL, 0, has_semicolon_and_commas,
     "fields are separated by a semicolon and commas: turn them into spaces, with tr ';,' ' '"},
    {NULL, 0, has_tab, "fields are separated by TABs: turn them into spaces, with tr '\\t' ' '"},
    {"\xc2\xa0", 2, NULL,
     "fields are separated by no-break spaces: turn them, with sed 's/\\xc2\\xa0/ /g'"},
    {"\xe2\x88\x92", 3, NULL, "the minus is no hyphen: turn it, with sed 's/\\xe2\\x88\\x92/-/g'"},
    {NULL, 0, is_empty, "there are several spaces in a row: leave one, with tr -s ' '"},
    {NULL, 0, is_strange_nan, "a training failed here: leave the line out, or train anew"},
    {NULL, 0, is_bracketed,
     "the numbers are in brackets: turn these into spaces, with tr -s '[](), ' ' '"},
    {NULL, 0, is_quoted, "there are quotes, as in JSON: write a word and its numbers alone"},
    {NULL, 0, has_decimal_comma,
     "there are decimal commas: write points, with LC_ALL=C, or turn them, with tr , ."},
    {NULL, 0, has_thousands,
     "there are decimal commas, and points between thousands: write 1234.5, with LC_ALL=C"},
    {NULL, 0, is_pair,
     "numbers are pairs of an index and a value: write all numbers of a vector, zeros too"},
    {NULL, 0, is_hexadecimal, "numbers are hexadecimal: write decimal ones"},
    {",", 1, NULL, "fields are separated by commas: turn them into spaces, with tr -s ', ' ' '"},
    {";", 1, NULL, "fields are separated by semicolons: turn them into spaces, with tr ';' ' '"},
    {"|", 1, NULL, "fields are separated by bars: turn them into spaces, with tr -s '| ' ' '"},
};

static const char json[] =
    "it is like JSON: where each word is the name of its list of numbers, jq makes lines of them: "
    "jq -r 'to_entries[] | .key + \" \" + (.value | map(tostring) | join(\" \"))'";

static const char usual[] =
    "a word and its numbers are separated by single spaces, with decimal points";

static const char *advice_on(const struct field *field)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const struct sign *sign = &signs[i];
        if (sign->fits ? sign->fits(field) : holds(field, sign->bytes, sign->size))
            return sign->advice;
    }
    return usual;
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

/* Which field the only one is that is no number, counted from 1, where that is not the first. */
static size_t find_word(const char *line, size_t size)
{
    size_t number = 0, words = 0, found = 0;
    for (size_t at = 0; at <= size;) {
        struct field field = first_field(line + at, size - at);
        float unused;
        number++;
        if (!number_parse(field.text, field.size, &unused) && words++ == 0)
            found = number;
        at += field.size + 1;
    }
    return words == 1 && found > 1 && number > 2 ? found : 0;
}

const char *vector_fault(const char *line, size_t size, char text[VECTOR_FAULT_SIZE])
{
    struct field field, word = first_field(line, size);
    char quoted[8 * MOST_QUOTED];
    text[0] = '\0';
    if (word.size == 0 && size > 1) {
        snprintf(text, VECTOR_FAULT_SIZE,
                 "a blank stands before the word: take it off, with sed 's/^ *//'");
        return text;
    }
    if (word.size && !word.alone && has_tab(&word))
        field = word; /* the separator behind the word is another than between the numbers */
    else if (!find_fault(line, size, &field))
        return text;
    const char *advice = *line == '{' ? json : advice_on(&field);
    size_t place = advice == usual ? find_word(line, size) : 0;
    snprintf(text, VECTOR_FAULT_SIZE, "'%s' is no %s: %s", quote(&field, quoted),
             field.text == line ? "word and numbers" : "number", place ? "" : advice);
    if (place)
        snprintf(text + strlen(text), VECTOR_FAULT_SIZE - strlen(text),
                 "if it is the word, put it first: it is field %zu", place);
    return text;
}

const char *vector_fault_word(const char *line, size_t size, char text[VECTOR_FAULT_SIZE])
{
    struct field word = first_field(line, size);
    char quoted[8 * MOST_QUOTED];
    snprintf(text, VECTOR_FAULT_SIZE, "'%s'", quote(&word, quoted));
    return text;
}
