/*
 * Paths to members, by RFC 6901, and the decoding of strings, which gets no longer: it is done in
 * place.
 */
#include "text/member_text.h"

#include "text/members.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- paths ---- */

/* Undoes `~1` and `~0` in place. */
static bool unescape_step(struct text *step, char *text)
{
    size_t to = 0;
    for (size_t i = 0; i < step->size; i++) {
        char byte = text[i];
        if (byte == '~') {
            if (++i == step->size || (text[i] != '0' && text[i] != '1'))
                return false;
            byte = text[i] == '1' ? '/' : '~';
        }
        text[to++] = byte;
    }
    step->size = to;
    return true;
}

/* Cuts a pointer at its '/'. */
static bool cut_pointer(struct member_path *path)
{
    char *at = path->memory;
    while (*at == '/') {
        size_t size = strcspn(++at, "/");
        char *next = at + size;
        struct text step = {at, size};
        bool more = *next == '/';
        if (!unescape_step(&step, at))
            return false;
        path->steps[path->count++] = step;
        at = next;
        if (!more)
            break;
    }
    return true;
}

static size_t count_bytes(const char *text, char byte)
{
    size_t count = 0;
    while ((text = strchr(text, byte))) {
        count++;
        text++;
    }
    return count;
}

bool member_path_parse(const char *given, struct member_path *path, struct error *error)
{
    size_t size = strlen(given) + 1, steps = 1 + count_bytes(given, '/');
    *path = (struct member_path){
        .steps = calloc(steps, sizeof *path->steps), .given = given, .memory = malloc(size)};
    if (!path->steps || !path->memory)
        return error_memory(error, "reading options");
    memcpy(path->memory, given, size);
    if (given[0] != '/') {
        path->steps[path->count++] = (struct text){path->memory, size - 1};
        return true;
    }
    return cut_pointer(path) || error_set(error, STATUS_USAGE,
                                          "'%s' is no JSON Pointer: write ~0 for '~' and ~1 for a "
                                          "'/' that belongs to a name",
                                          given);
}

void member_path_free(struct member_path *path)
{
    free(path->steps);
    free(path->memory);
    *path = (struct member_path){0};
}

/* ---- names ---- */

/* Behind the string that begins at `at`, or the end. */
static const char *behind_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\' && at + 1 < end;
    return at < end ? at + 1 : end;
}

static bool is_name(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at < end && *at == ':';
}

void members_list(const char *text, size_t size, char *list, size_t room)
{
    const char *end = text + size;
    size_t depth = 0, used = 0;
    list[0] = '\0';
    for (const char *at = text; at < end;) {
        const char *begin = at;
        at = *at == '"' ? behind_string(at, end) : at + 1;
        if (*begin != '"') {
            depth += *begin == '{' || *begin == '[';
            depth -= depth && (*begin == '}' || *begin == ']');
            continue;
        }
        int length = (int)(at - begin) - 2;
        if (depth != 1 || length < 0 || !is_name(at, end))
            continue;
        if (used + (size_t)length + 8 > room)
            return;
        used += (size_t)snprintf(list + used, room - used, "%s'%.*s'", used ? ", " : "", length,
                                 begin + 1);
    }
}

/* ---- decoding strings ---- */

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

int member_hex_unit(const char *text, size_t size)
{
    int unit = 0;
    if (size < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static char *put_utf8(char *to, uint32_t point)
{
    if (point < 0x80) {
        *to++ = (char)point;
        return to;
    }
    if (point < 0x800) {
        *to++ = (char)(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *to++ = (char)(0xe0 | point >> 12);
        } else {
            *to++ = (char)(0xf0 | point >> 18);
            *to++ = (char)(0x80 | (point >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (point >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (point & 0x3f));
    return to;
}

/* A `\u` whose digits begin at `from`: goes behind it, and the second of a pair. */
static const char *decode_unit(const char *from, const char *end, char **to, size_t *dropped)
{
    uint32_t unit = (uint32_t)member_hex_unit(from, 4);
    from += 4;
    if (unit < 0xd800 || unit > 0xdfff) {
        *to = put_utf8(*to, unit);
        return from;
    }
    bool pair = unit < 0xdc00 && end - from >= 6 && from[0] == '\\' && from[1] == 'u';
    uint32_t low = pair ? (uint32_t)member_hex_unit(from + 2, 4) : 0;
    if (low < 0xdc00 || low > 0xdfff) {
        ++*dropped;
        return from;
    }
    *to = put_utf8(*to, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
    return from + 6;
}

static char plain_escape(char letter)
{
    static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
    const char *found = strchr(letters, letter);
    return found ? bytes[found - letters] : letter;
}

struct text member_decode(const struct member *member, char *text, size_t *dropped)
{
    if (!member->escaped)
        return member->raw;
    char *begin = text + (member->raw.data - text), *to = begin;
    const char *from = begin, *end = from + member->raw.size;
    while (from < end) {
        const char *escape = memchr(from, '\\', (size_t)(end - from));
        size_t size = (size_t)((escape ? escape : end) - from);
        memmove(to, from, size);
        to += size;
        from += size;
        if (!escape)
            break;
        if (from[1] == 'u') {
            from = decode_unit(from + 2, end, &to, dropped);
        } else {
            *to++ = plain_escape(from[1]);
            from += 2;
        }
    }
    return (struct text){begin, (size_t)(to - begin)};
}
