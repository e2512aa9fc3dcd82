/* All that is not shown lies in the first 65,536 characters, so \u and four digits spell any. */
#include "base/visible.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* A well-formed sequence's code point. */
static uint32_t decode(const char *text, size_t size)
{
    static const unsigned char payloads[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)text[0] & payloads[size];
    for (size_t i = 1; i < size; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return code;
}

static bool is_direction(uint32_t code)
{
    return code == 0x061c || code == 0x200e || code == 0x200f ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_shown(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    bool separator = code == 0x2028 || code == 0x2029;
    return !control && !separator && !is_direction(code);
}

struct visible visible_first(const char *text, size_t size)
{
    size_t length = utf8_sequence(text, size);
    if (!length)
        return (struct visible){.size = 1, .code = (unsigned char)text[0], .broken = true};
    uint32_t code = decode(text, length);
    return (struct visible){.size = length, .code = code, .shown = is_shown(code)};
}

static bool is_plain(char byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* Whether eight bytes are plain: less 0x20, those below that or from 0xa0 on have the highest bit;
   plus 1, those from 0x7f to 0xfe. Nothing is borrowed, or carried, but by such. */
static bool are_plain(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    return !(((eight - 0x20 * ones) | (eight + ones)) & 0x80 * ones);
}

/* The first of `size` bytes that are plain: eight at a time, or the last ones, if these are four
   at least. */
static size_t plain_run(const char *text, size_t size)
{
    size_t at = 0;
    uint64_t eight;
    uint32_t first, last;
    for (; size - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, text + at, sizeof eight);
        if (!are_plain(eight))
            return at;
    }
    if (size - at < sizeof first)
        return at;
    memcpy(&first, text + at, sizeof first);
    memcpy(&last, text + size - sizeof last, sizeof last);
    return are_plain((uint64_t)first << 32 | last) ? size : at;
}

size_t visible_run(const char *text, size_t size)
{
    size_t at = plain_run(text, size);
    while (at < size) {
        size_t length = 1;
        if (!is_plain(text[at])) {
            struct visible character = visible_first(text + at, size - at);
            if (!character.shown)
                break;
            length = character.size;
        }
        at += length;
    }
    return at;
}

size_t visible_escape(struct visible character, char escape[VISIBLE_ESCAPE_SIZE])
{
    static const char *const letters[] = {['\t'] = "\\t", ['\n'] = "\\n", ['\r'] = "\\r"};
    uint32_t code = character.code;
    int size;
    if (code < sizeof letters / sizeof *letters && letters[code])
        size = snprintf(escape, VISIBLE_ESCAPE_SIZE, "%s", letters[code]);
    else if (character.broken || code < 0x80)
        size = snprintf(escape, VISIBLE_ESCAPE_SIZE, "\\x%02x", (unsigned)code & 0xff);
    else
        size = snprintf(escape, VISIBLE_ESCAPE_SIZE, "\\u%04x", (unsigned)code & 0xffff);
    return (size_t)size;
}
