/*
 * One pass over the text, without recursion: a stack of what is open, a byte a level. A bit a path
 * says which paths the members on the way from the top have followed so far; a level that no path
 * leads through is only checked.
 */
#include "text/members.h"

#include "text/member_text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *member_kind_name(enum member_kind kind)
{
    static const char *const names[] = {"nothing",  "null",     "NaN",    "true",     "false",
                                        "a number", "a string", "a list", "an object"};
    return names[kind];
}

/* ---- checking values ---- */

struct pick {
    const char *text, *at, *end;
    const struct member_path *paths;
    size_t count;
    struct member *members;
    struct members_fault *fault;
    struct level {
        bool is_array;
        uint32_t element; /* of an array, from 0 */
        uint32_t paths;   /* that lead here, a bit each */
    } levels[MEMBERS_DEPTH];
    size_t depth;
};

static bool refuse(struct pick *pick, const char *what)
{
    *pick->fault = (struct members_fault){what, (size_t)(pick->at - pick->text)};
    return false;
}

static void pass_blanks(struct pick *pick)
{
    while (pick->at < pick->end &&
           (*pick->at == ' ' || *pick->at == '\t' || *pick->at == '\r' || *pick->at == '\n'))
        pick->at++;
}

static char peek(const struct pick *pick)
{
    return pick->at < pick->end ? *pick->at : '\0';
}

/* Goes to the next byte of a string that is no plain character: '"', '\\', a control character.
   Eight bytes at a time: a byte below 32, or equal to one of the two, leaves its upper bit set. */
static void pass_plain(struct pick *pick)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    while (pick->end - pick->at >= 8) {
        uint64_t word;
        memcpy(&word, pick->at, sizeof word);
        uint64_t quote = word ^ ones * '"', escape = word ^ ones * '\\';
        uint64_t found = ((quote - ones) & ~quote) | ((escape - ones) & ~escape) |
                         ((word - ones * 0x20) & ~word);
        if (found & highs)
            break;
        pick->at += 8;
    }
    while (pick->at < pick->end && *pick->at != '"' && *pick->at != '\\' &&
           (unsigned char)*pick->at >= 0x20)
        pick->at++;
}

static bool pass_escape(struct pick *pick)
{
    size_t left = (size_t)(pick->end - pick->at);
    if (left < 2 || !strchr("\"\\/bfnrtu", pick->at[1]) || !pick->at[1])
        return refuse(pick, "there is no such escape");
    if (pick->at[1] == 'u' && member_hex_unit(pick->at + 2, left - 2) < 0)
        return refuse(pick, "\\u is not followed by four hexadecimal digits");
    pick->at += pick->at[1] == 'u' ? 6 : 2;
    return true;
}

/* At a '"'. */
static bool pass_string(struct pick *pick, struct member *string)
{
    const char *begin = ++pick->at;
    string->escaped = false;
    for (;;) {
        pass_plain(pick);
        if (pick->at == pick->end)
            return refuse(pick, "a string does not end");
        if (*pick->at == '"')
            break;
        if (*pick->at != '\\')
            return refuse(pick, "a control character stands in a string");
        string->escaped = true;
        if (!pass_escape(pick))
            return false;
    }
    string->kind = MEMBER_STRING;
    string->raw = (struct text){begin, (size_t)(pick->at - begin)};
    pick->at++;
    return true;
}

static bool pass_word(struct pick *pick, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(pick->end - pick->at) < size || memcmp(pick->at, word, size) != 0)
        return false;
    pick->at += size;
    return true;
}

static size_t pass_digits(struct pick *pick)
{
    const char *begin = pick->at;
    while (pick->at < pick->end && *pick->at >= '0' && *pick->at <= '9')
        pick->at++;
    return (size_t)(pick->at - begin);
}

static bool pass_number(struct pick *pick)
{
    if (peek(pick) == '-')
        pick->at++;
    if (pass_word(pick, "Infinity"))
        return true;
    bool zero = peek(pick) == '0';
    size_t digits = pass_digits(pick);
    if (digits == 0 || (zero && digits > 1))
        return false;
    if (peek(pick) == '.') {
        pick->at++;
        if (!pass_digits(pick))
            return false;
    }
    if (peek(pick) == 'e' || peek(pick) == 'E') {
        pick->at++;
        if (peek(pick) == '+' || peek(pick) == '-')
            pick->at++;
        return pass_digits(pick);
    }
    return true;
}

/* A value that holds no others. */
static bool pass_scalar(struct pick *pick, struct member *value)
{
    const char *begin = pick->at;
    if (peek(pick) == '"')
        return pass_string(pick, value);
    if (pass_word(pick, "null"))
        value->kind = MEMBER_NULL;
    else if (pass_word(pick, "true"))
        value->kind = MEMBER_TRUE;
    else if (pass_word(pick, "false"))
        value->kind = MEMBER_FALSE;
    else if (pass_word(pick, "NaN"))
        value->kind = MEMBER_NAN;
    else if (pass_number(pick))
        value->kind = MEMBER_NUMBER;
    else
        return refuse(pick, pick->at == pick->end ? "the line ends before the object does"
                                                  : "this is no value");
    value->raw = (struct text){begin, (size_t)(pick->at - begin)};
    return true;
}

/* ---- picking ---- */

/* Of the paths that lead to the open level, those that go on by `name`, or by the element. */
static uint32_t follow(const struct pick *pick, struct text name)
{
    const struct level *level = &pick->levels[pick->depth - 1];
    uint32_t on = 0;
    for (size_t i = 0; i < pick->count; i++)
        if (level->paths >> i & 1 && pick->paths[i].count >= pick->depth &&
            text_equal(pick->paths[i].steps[pick->depth - 1], name))
            on |= UINT32_C(1) << i;
    return on;
}

static uint32_t follow_element(const struct pick *pick)
{
    char number[16];
    int size =
        snprintf(number, sizeof number, "%u", (unsigned)pick->levels[pick->depth - 1].element);
    return follow(pick, (struct text){number, (size_t)size});
}

/* A name with escapes is decoded elsewhere, where it may be one that is looked for. */
static bool follow_name(struct pick *pick, const struct member *name, uint32_t *on)
{
    if (!name->escaped) {
        *on = follow(pick, name->raw);
        return true;
    }
    char *copy = malloc(name->raw.size);
    size_t dropped = 0;
    if (!copy)
        return refuse(pick, "there is no memory for a name");
    memcpy(copy, name->raw.data, name->raw.size);
    struct member copied = {.raw = {copy, name->raw.size}, .escaped = true};
    *on = follow(pick, member_decode(&copied, copy, &dropped));
    free(copy);
    return true;
}

/* Notes the value for the paths that end with it. What an earlier member of the name gave to paths
   that go deeper is gone. */
static void note(struct pick *pick, uint32_t on, const struct member *value)
{
    for (size_t i = 0; on && i < pick->count; i++) {
        if (!(on >> i & 1))
            continue;
        bool twice = pick->members[i].kind != MEMBER_ABSENT;
        pick->members[i] = (struct member){0};
        if (pick->paths[i].count == pick->depth) {
            pick->members[i] = *value;
            pick->members[i].twice = twice;
        }
    }
}

static bool open_level(struct pick *pick, uint32_t on)
{
    if (pick->depth == MEMBERS_DEPTH)
        return refuse(pick, "objects and lists stand in one another 512 deep");
    pick->levels[pick->depth++] = (struct level){.is_array = *pick->at == '[', .paths = on};
    pick->at++;
    pass_blanks(pick);
    return true;
}

static bool closes(const struct pick *pick)
{
    return peek(pick) == (pick->levels[pick->depth - 1].is_array ? ']' : '}');
}

/* The name before a value, or the number of an element. */
static bool pass_name(struct pick *pick, uint32_t *on)
{
    struct member name = {0};
    const struct level *level = &pick->levels[pick->depth - 1];
    *on = 0;
    if (level->is_array) {
        if (level->paths)
            *on = follow_element(pick);
        return true;
    }
    if (peek(pick) != '"')
        return refuse(pick, pick->at == pick->end ? "the line ends before the object does"
                                                  : "the name of a member is missing");
    if (!pass_string(pick, &name) || (level->paths && !follow_name(pick, &name, on)))
        return false;
    pass_blanks(pick);
    if (peek(pick) != ':')
        return refuse(pick, "a colon is missing behind a name");
    pick->at++;
    pass_blanks(pick);
    return true;
}

/* Behind a value: to the next one, or out of the levels that it closes. */
static bool pass_end(struct pick *pick)
{
    while (pick->depth) {
        struct level *level = &pick->levels[pick->depth - 1];
        pass_blanks(pick);
        if (peek(pick) == ',') {
            pick->at++;
            pass_blanks(pick);
            level->element++;
            return true;
        }
        if (!closes(pick))
            return refuse(pick, pick->at == pick->end ? "the line ends before the object does"
                                                      : "a comma is missing");
        pick->at++;
        pick->depth--;
    }
    return true;
}

/* A value within a level. One that holds others opens its own. */
static bool pass_value(struct pick *pick)
{
    struct member value = {0};
    uint32_t on;
    if (!pass_name(pick, &on))
        return false;
    if (peek(pick) != '{' && peek(pick) != '[') {
        if (!pass_scalar(pick, &value))
            return false;
        note(pick, on, &value);
        return pass_end(pick);
    }
    value.kind = *pick->at == '{' ? MEMBER_OBJECT : MEMBER_ARRAY;
    note(pick, on, &value);
    return open_level(pick, on) && (!closes(pick) || pass_end(pick));
}

bool members_pick(const char *text, size_t size, const struct member_path *paths, size_t count,
                  struct member *members, struct members_fault *fault)
{
    struct pick pick;
    pick.text = pick.at = text;
    pick.end = text + size;
    pick.paths = paths;
    pick.count = count;
    pick.members = members;
    pick.fault = fault;
    pick.depth = 0;
    memset(members, 0, count * sizeof *members);
    pass_blanks(&pick);
    if (peek(&pick) != '{')
        return refuse(&pick, peek(&pick) == '[' ? "this is a list, and no object"
                                                : "this is no JSON object");
    if (!open_level(&pick, (UINT32_C(1) << count) - 1) || (closes(&pick) && !pass_end(&pick)))
        return false;
    while (pick.depth)
        if (!pass_value(&pick))
            return false;
    pass_blanks(&pick);
    return pick.at == pick.end || refuse(&pick, "something stands behind the object");
}
