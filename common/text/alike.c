/*
 * Keys are sorted, and those that are equal stand side by side then.
 */
#include "text/alike.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

enum { LONGEST = 256 }; /* bytes of a name that is looked at: longer ones are texts */

static bool is_kept(ucs4_t character)
{
    if (character == '"' || character == '\'' || uc_is_property_white_space(character))
        return false;
    return !uc_is_general_category(character, UC_CATEGORY_Cf) &&
           !uc_is_general_category(character, UC_CATEGORY_Cc);
}

/* Leaves out what can't be seen, in place; a zero byte stands behind it then. */
static size_t strip(uint8_t *bytes, size_t size)
{
    size_t to = 0;
    for (size_t at = 0; at < size;) {
        ucs4_t character;
        int length = u8_mbtouc(&character, bytes + at, size - at);
        if (is_kept(character)) {
            memmove(bytes + to, bytes + at, (size_t)length);
            to += (size_t)length;
        }
        at += (size_t)length;
    }
    bytes[to] = '\0';
    return to;
}

/* A number's value stands for it: 1, 1.0 and 01 are one. */
static void write_number(char *key, size_t room)
{
    char *end;
    size_t size = strlen(key);
    if (!size || size > 40 || strspn(key, "+-.0123456789e") != size)
        return;
    double value = strtod(key, &end);
    if (end != key && !*end)
        snprintf(key, room, "%.17g", value);
}

char *alike_key(struct text name)
{
    enum { NUMBER = 32 };
    if (name.size > LONGEST || !name.size) {
        char *key = malloc(name.size + 1);
        if (key && name.size)
            memcpy(key, name.data, name.size);
        if (key)
            key[name.size] = '\0';
        return key;
    }
    size_t size = 0;
    uint8_t *folded =
        u8_casefold((const uint8_t *)name.data, name.size, NULL, UNINORM_NFKC, NULL, &size);
    uint8_t *key = folded ? realloc(folded, size + NUMBER) : NULL;
    if (!key) {
        free(folded);
        return NULL;
    }
    strip(key, size);
    write_number((char *)key, size + NUMBER);
    return (char *)key;
}

struct keyed {
    char *key;
    size_t number;
};

static int compare(const void *left, const void *right)
{
    const struct keyed *l = left, *r = right;
    int order = strcmp(l->key, r->key);
    return order ? order : (l->number > r->number) - (l->number < r->number);
}

static void find(const struct keyed *keyed, size_t count, size_t *first, size_t *second,
                 size_t *alike)
{
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keyed[i - 1].key, keyed[i].key) != 0)
            continue;
        if ((*alike)++ == 0) {
            *first = keyed[i - 1].number;
            *second = keyed[i].number;
        }
    }
}

bool alike_find(const struct text *names, size_t count, size_t *first, size_t *second,
                size_t *alike)
{
    struct keyed *keyed = calloc(count + 1, sizeof *keyed);
    bool good = keyed;
    *alike = 0;
    for (size_t i = 0; good && i < count; i++) {
        keyed[i] = (struct keyed){alike_key(names[i]), i};
        good = keyed[i].key;
    }
    if (good) {
        qsort(keyed, count, sizeof *keyed, compare);
        find(keyed, count, first, second, alike);
    }
    for (size_t i = 0; keyed && i < count; i++)
        free(keyed[i].key);
    free(keyed);
    return good;
}

bool alike_composed(struct text left, struct text right)
{
    int order;
    return u8_normcmp((const uint8_t *)left.data, left.size, (const uint8_t *)right.data,
                      right.size, UNINORM_NFC, &order) == 0 &&
           order == 0;
}
