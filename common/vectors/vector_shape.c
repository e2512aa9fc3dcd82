/*
 * The shape is told by the first line that can be nothing else than a word and its numbers. A
 * header is two whole numbers, which a word and its only number may be, too: what follows decides.
 */
#include "vectors/vector_shape.h"

#include "vectors/number.h"

#include <string.h>

/* How many lines behind a header are looked at for one that fits it. */
enum { HEADER_TRIES = 100 };

/* A line without its end, and where the next one begins. */
struct span {
    const char *text;
    size_t size;
    size_t next;
};

/* The line at `at`; false where there is none that is whole. */
static bool line_at(const char *head, size_t size, bool whole, size_t at, struct span *line)
{
    if (at >= size)
        return false;
    const char *text = head + at, *end = memchr(text, '\n', size - at);
    if (!end && !whole)
        return false;
    line->text = text;
    line->size = end ? (size_t)(end - text) : size - at;
    line->next = at + line->size + 1;
    if (line->size && text[line->size - 1] == '\r')
        line->size--;
    while (line->size && text[line->size - 1] == ' ')
        line->size--;
    return true;
}

/* The size of the field that begins at `at`. */
static size_t field_size(const struct span *line, size_t at)
{
    const char *space = memchr(line->text + at, ' ', line->size - at);
    return (space ? (size_t)(space - line->text) : line->size) - at;
}

/* How many numbers follow the first field; 0 where it can't be a word, or something else is there.
 */
static size_t count_numbers(const struct span *line)
{
    size_t at = field_size(line, 0), count = 0;
    for (size_t i = 0; i < at; i++)
        if ((unsigned char)line->text[i] < ' ')
            return 0;
    for (; at && at < line->size; count++) {
        size_t size = field_size(line, at + 1);
        float unused;
        if (!number_parse(line->text + at + 1, size, &unused))
            return 0;
        at += 1 + size;
    }
    return count;
}

/* Reads digits alone, up to 18 of them. */
static bool read_count(const char *text, size_t size, uint64_t *count)
{
    *count = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *count = *count * 10 + (uint64_t)(text[i] - '0');
    }
    return size > 0 && size <= 18;
}

/* Whether the line is `count dim`, two whole numbers. */
static bool read_header(const struct span *line, uint64_t *count, uint64_t *dim)
{
    size_t first = field_size(line, 0);
    return first < line->size && read_count(line->text, first, count) &&
           read_count(line->text + first + 1, line->size - first - 1, dim) && *dim > 0;
}

/* Whether the first line is a header, which a line soon behind it agrees with. */
static bool find_header(const char *head, size_t size, bool whole, size_t start,
                        struct vector_shape *shape)
{
    struct span line;
    uint64_t dim;
    if (!line_at(head, size, whole, start, &line) || !read_header(&line, &shape->count, &dim))
        return false;
    shape->header_size = line.next;
    for (int i = 0; i < HEADER_TRIES && line_at(head, size, whole, line.next, &line); i++) {
        if (count_numbers(&line) != dim)
            continue;
        shape->has_header = true;
        shape->dim = dim > UINT32_MAX ? UINT32_MAX : (uint32_t)dim;
        shape->line_size = line.size;
        return true;
    }
    return false;
}

/* The next line that looks like a word and its numbers, and how many it has; 0: there is none. */
static size_t next_vector(const char *head, size_t size, bool whole, struct span *line)
{
    size_t dim = 0;
    while (dim == 0 && line_at(head, size, whole, line->next, line))
        dim = count_numbers(line);
    return dim;
}

/*
 * The first such line. Two whole numbers may be a header that is wrong: they count as a word and
 * its number only if the next line has one number, too.
 */
static size_t find_vector(const char *head, size_t size, bool whole, size_t at, struct span *line)
{
    uint64_t first, second;
    *line = (struct span){.next = at};
    size_t dim = next_vector(head, size, whole, line);
    if (dim != 1 || !read_header(line, &first, &second))
        return dim;
    struct span next = *line;
    size_t other = next_vector(head, size, whole, &next);
    if (other <= 1)
        return dim;
    *line = next;
    return other;
}

/* A byte order mark is no part of the first line. */
static size_t mark_size(const char *head, size_t size)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t mark_bytes = sizeof mark - 1;
    return size >= mark_bytes && memcmp(head, mark, mark_bytes) == 0 ? mark_bytes : 0;
}

enum vector_shape_result vector_shape_find(const char *head, size_t size, bool whole,
                                           uint32_t most_dim, struct vector_shape *shape)
{
    *shape = (struct vector_shape){0};
    size_t start = mark_size(head, size);
    if (!find_header(head, size, whole, start, shape)) {
        struct span line;
        size_t dim = find_vector(head, size, whole, start, &line);
        if (dim == 0)
            return SHAPE_NONE;
        *shape = (struct vector_shape){.dim = dim > UINT32_MAX ? UINT32_MAX : (uint32_t)dim,
                                       .header_size = start,
                                       .line_size = line.size};
    }
    return shape->dim > most_dim ? SHAPE_WIDE : SHAPE_FOUND;
}
