/*
 * The header is a Python literal: a dictionary of three keys. Of that only what numpy writes is
 * read: quotes are single, and no key or value has one within.
 */
#include "input/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC_SIZE = 6, LEAST_SIZE = 10, MOST_TEXT = 4096 };

bool npy_is(const void *head, size_t size)
{
    return size >= LEAST_SIZE && memcmp(head, "\x93NUMPY", MAGIC_SIZE) == 0;
}

static bool refuse(const char *name, struct error *error, const char *what)
{
    return error_set(error, STATUS_INPUT, "%s: is a numpy array %s", name, what);
}

/* What stands behind `'key':`, without blanks; NULL: it is not there. */
static const char *find_value(const char *text, const char *key)
{
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s':", key);
    const char *found = strstr(text, quoted);
    return found ? found + strlen(quoted) + strspn(found + strlen(quoted), " ") : NULL;
}

/* `'<f4'` and the like. */
static bool read_type(const char *value, const char *name, struct npy *npy, struct error *error)
{
    static const struct {
        char text[3];
        enum packed_type type;
    } types[] = {{"f2", PACKED_FLOAT16}, {"f4", PACKED_FLOAT32}, {"f8", PACKED_FLOAT64},
                 {"i1", PACKED_INT8},    {"i2", PACKED_INT16},   {"i4", PACKED_INT32},
                 {"i8", PACKED_INT64},   {"u1", PACKED_UINT8},   {"u2", PACKED_UINT16},
                 {"u4", PACKED_UINT32},  {"u8", PACKED_UINT64},  {"b1", PACKED_UINT8}};
    bool quoted = value && value[0] == '\'' && strlen(value) > 4 && value[4] == '\'';
    for (size_t i = 0; quoted && i < sizeof types / sizeof *types; i++)
        if (memcmp(value + 2, types[i].text, 2) == 0 && strchr("<>|=", value[1])) {
            npy->packed = (struct packed){types[i].type, value[1] == '>'};
            return true;
        }
    return refuse(name, error, "of no numbers: save them as float32, with x.astype('float32')");
}

static bool read_size(const char **at, uint64_t *size)
{
    size_t digits = strspn(*at, "0123456789");
    if (!digits || digits > 18)
        return false;
    *size = strtoull(*at, NULL, 10);
    *at += digits;
    *at += **at == 'L'; /* as Python 2 wrote it */
    return true;
}

/* `(3, 2)` or `(3,)`. */
static bool read_shape(const char *value, const char *name, struct npy *npy, struct error *error)
{
    const char *at = value ? value + 1 : NULL;
    npy->columns = 1;
    if (!value || *value != '(' || !read_size(&at, &npy->rows) || *at++ != ',')
        return refuse(name, error, "that has no rows: save one of two dimensions");
    at += strspn(at, " ");
    npy->is_list = *at == ')';
    if (npy->is_list)
        return true;
    if (!read_size(&at, &npy->columns) || *at != ')')
        return refuse(name, error,
                      "of more than two dimensions: save rows of numbers, with x.reshape(len(x), "
                      "-1)");
    return true;
}

/* Where the header's text begins, and how long it is; false: it is not whole. */
static bool find_text(const unsigned char *head, size_t size, size_t *begin, size_t *length)
{
    bool longer = head[MAGIC_SIZE] >= 2;
    *begin = MAGIC_SIZE + 2 + (longer ? 4 : 2);
    if (size < *begin)
        return false;
    *length = (size_t)packed_whole(head + MAGIC_SIZE + 2, longer ? 4 : 2);
    return *length <= size - *begin;
}

bool npy_read_header(const void *head, size_t size, const char *name, struct npy *npy,
                     struct error *error)
{
    const unsigned char *bytes = head;
    char text[MOST_TEXT];
    size_t begin, length;
    *npy = (struct npy){.header_size = 0};
    if (bytes[MAGIC_SIZE] < 1 || bytes[MAGIC_SIZE] > 3)
        return refuse(name, error, "of a version that is not known: save it anew");
    if (!find_text(bytes, size, &begin, &length))
        return error_set(error, STATUS_CUT, "%s: ends amid the header of a numpy array", name);
    if (length >= sizeof text)
        return refuse(name, error, "of many fields: save rows of numbers of one kind");
    memcpy(text, bytes + begin, length);
    text[length] = '\0';
    const char *order = find_value(text, "fortran_order");
    npy->header_size = begin + length;
    if (!read_type(find_value(text, "descr"), name, npy, error) ||
        !read_shape(find_value(text, "shape"), name, npy, error))
        return false;
    if (!order || strncmp(order, "False", 5) != 0)
        return refuse(name, error,
                      "in Fortran's order, column after column: save it with "
                      "numpy.ascontiguousarray(x)");
    return true;
}
