/* By table 3-7 of The Unicode Standard, "Well-Formed UTF-8 Byte Sequences". */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static bool continues(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t utf8_sequence(const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;
    if (size == 0)
        return 0;
    if (s[0] < 0x80)
        return 1;
    if (s[0] < 0xc2 || s[0] > 0xf4 || size < 2 || !continues(s[1]))
        return 0;
    if (s[0] < 0xe0)
        return 2;
    /* The second byte of the first and last lead bytes is narrower: no overlong forms, no
       surrogates, nothing above U+10FFFF. */
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    if (size < 3 || !continues(s[2]))
        return 0;
    if (s[0] < 0xf0)
        return 3;
    return size >= 4 && continues(s[3]) ? 4 : 0;
}

/* Eight bytes' upper bits, as bytes, are added up by a multiplication. */
size_t utf8_beyond_ascii(const char *text, size_t size)
{
    size_t count = 0, at = 0;
    for (uint64_t eight; at + sizeof eight <= size; at += sizeof eight) {
        memcpy(&eight, text + at, sizeof eight);
        const uint64_t upper = eight >> 7 & UINT64_C(0x0101010101010101);
        count += (size_t)(upper * UINT64_C(0x0101010101010101) >> 56);
    }
    for (; at < size; at++)
        count += (unsigned char)text[at] >> 7;
    return count;
}

size_t utf8_ascii_run(const char *text, size_t size)
{
    size_t at = 0;
    for (uint64_t eight; at + sizeof eight <= size; at += sizeof eight) {
        memcpy(&eight, text + at, sizeof eight);
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}

/* Whether the last eight bytes are ASCII; of fewer, all of them. */
static bool ends_in_ascii(const char *text, size_t size)
{
    uint64_t last = 0;
    if (size >= sizeof last)
        memcpy(&last, text + size - sizeof last, sizeof last);
    else
        for (size_t i = 0; i < size; i++)
            last |= (unsigned char)text[i];
    return !(last & UINT64_C(0x8080808080808080));
}

bool utf8_valid(const char *text, size_t size)
{
    size_t at = utf8_ascii_run(text, size);
    if (at + sizeof(uint64_t) > size && ends_in_ascii(text, size))
        return true;
    while (at < size) {
        size_t length = (unsigned char)text[at] < 0x80 ? 1 : utf8_sequence(text + at, size - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t utf8_clean(char *to, const char *text, size_t size)
{
    size_t kept = 0;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_sequence(text + at, size - at);
        if (length)
            memmove(to + kept, text + at, length);
        kept += length;
        at += length ? length : 1;
    }
    return kept;
}

size_t utf8_replace(char *to, const char *text, size_t size)
{
    static const char replacement[UTF8_REPLACED] = {'\xef', '\xbf', '\xbd'};
    size_t made = 0;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_sequence(text + at, size - at);
        size_t put = length ? length : sizeof replacement;
        memcpy(to + made, length ? text + at : replacement, put);
        made += put;
        at += length ? length : 1;
    }
    return made;
}
