/*
 * The full lower case of a character is its simple one, except for two (The Unicode Standard,
 * section 3.13 and SpecialCasing.txt, the rules that hold in every language):
 *
 *   U+0130, I with a dot, becomes two characters, an i and a combining dot;
 *   U+03A3, the capital sigma, becomes the final sigma U+03C2 where it ends a word: a cased
 *   letter stands before it and none behind it, both found past case-ignorable characters.
 *
 * A character that is both cased and case-ignorable is passed over, as Unicode says and Python
 * does; u8_tolower stops at it, and at an apostrophe, so the sigma is decided here.
 */
#include "text/lower.h"

#include <stdint.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

enum { CAPITAL_I_DOT = 0x130, CAPITAL_SIGMA = 0x3a3, SMALL_SIGMA = 0x3c3, FINAL_SIGMA = 0x3c2 };

size_t lower_space(const char *text, size_t size)
{
    const unsigned char *s = (const unsigned char *)text;
    if (size >= 2 && s[0] == 0xc2)
        return s[1] == 0x85 || s[1] == 0xa0 ? 2 : 0; /* U+0085, U+00A0 */
    if (size < 3)
        return 0;
    bool space = false;
    if (s[0] == 0xe1) /* U+1680 */
        space = s[1] == 0x9a && s[2] == 0x80;
    else if (s[0] == 0xe2 && s[1] == 0x80) /* U+2000 to U+200A, U+2028, U+2029, U+202F */
        space = s[2] <= 0x8a || s[2] == 0xa8 || s[2] == 0xa9 || s[2] == 0xaf;
    else if (s[0] == 0xe2) /* U+205F */
        space = s[1] == 0x81 && s[2] == 0x9f;
    else if (s[0] == 0xe3) /* U+3000 */
        space = s[1] == 0x80 && s[2] == 0x80;
    return space ? 3 : 0;
}

static bool cased_before(const uint8_t *start, const uint8_t *at)
{
    ucs4_t character = 0;
    while ((at = u8_prev(&character, at, start)))
        if (!uc_is_property_case_ignorable(character))
            return uc_is_property_cased(character);
    return false;
}

static bool cased_behind(const uint8_t *at, const uint8_t *end)
{
    ucs4_t character = 0;
    while (at < end) {
        at += u8_mbtouc(&character, at, (size_t)(end - at));
        if (!uc_is_property_case_ignorable(character))
            return uc_is_property_cased(character);
    }
    return false;
}

static size_t put(uint8_t *to, ucs4_t character)
{
    return (size_t)u8_uctomb(to, character, 4);
}

size_t lower_token(char *to, const char *token, size_t size)
{
    const uint8_t *start = (const uint8_t *)token, *end = start + size;
    uint8_t *out = (uint8_t *)to;
    for (const uint8_t *at = start; at < end;) {
        if (*at < 0x80) {
            *out++ = *at++;
            continue;
        }
        ucs4_t character;
        const uint8_t *next = at + u8_mbtouc(&character, at, (size_t)(end - at));
        if (character == CAPITAL_I_DOT) {
            memcpy(out, "i\xcc\x87", 3);
            out += 3;
        } else if (character == CAPITAL_SIGMA) {
            bool final = cased_before(start, at) && !cased_behind(next, end);
            out += put(out, final ? FINAL_SIGMA : SMALL_SIGMA);
        } else {
            out += put(out, uc_tolower(character));
        }
        at = next;
    }
    return (size_t)(out - (uint8_t *)to);
}

bool lower_word_character(const char *text, size_t size, size_t *length)
{
    ucs4_t character;
    *length = (size_t)u8_mbtouc(&character, (const uint8_t *)text, size);
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

const char *lower_unicode_version(void)
{
    /* A character that each version was the first to have. */
    static const struct {
        ucs4_t character;
        char name[5];
    } versions[] = {
        {0x10940, "17.0"}, {0x10d40, "16.0"}, {0x2ffc, "15.1"}, {0x11f00, "15.0"},
        {0x10570, "14.0"}, {0x10e80, "13.0"}, {0x32ff, "12.1"}, {0x10fe0, "12.0"},
        {0x10d00, "11.0"}, {0x11a00, "10.0"}, {0x1e900, "9.0"},
    };
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (!uc_is_general_category(versions[i].character, UC_CATEGORY_Cn))
            return versions[i].name;
    return "8.0";
}
