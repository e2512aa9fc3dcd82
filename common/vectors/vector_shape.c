/*
 * The shape is what most of the first lines have that can be nothing else than a word and its
 * numbers. A header is two whole numbers, which a word and its only number may be, too: what
 * follows decides. One line alone decides nothing, unless there is no other.
 */
#include "vectors/vector_shape.h"

#include "base/text.h"
#include "vectors/number.h"

#include <string.h>

/* How many lines are looked at, behind a header for one that fits it, or for what most have. */
enum { LINES_LOOKED_AT = 100 };

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
    while (at && at + 1 < line->size && line->text[at + 1] == ' ')
        at++; /* the word was padded */
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
           read_count(line->text + first + 1, line->size - first - 1, dim);
}

bool vector_shape_header(const char *head, size_t size, uint64_t *count, uint64_t *dim,
                         size_t *header_size)
{
    struct span line;
    if (!line_at(head, size, false, text_mark((struct text){head, size}), &line) ||
        !read_header(&line, count, dim) || !*dim)
        return false;
    *header_size = line.next;
    return true;
}

/* Whether the first line is a header, which a line soon behind it agrees with. */
static bool find_header(const char *head, size_t size, bool whole, size_t start,
                        struct vector_shape *shape)
{
    struct span line;
    uint64_t dim;
    if (!line_at(head, size, whole, start, &line) || !read_header(&line, &shape->count, &dim) ||
        !dim)
        return false;
    shape->header_size = line.next;
    for (int i = 0; i < LINES_LOOKED_AT && line_at(head, size, whole, line.next, &line); i++) {
        if (count_numbers(&line) != dim)
            continue;
        shape->has_header = true;
        shape->dim = dim > UINT32_MAX ? UINT32_MAX : (uint32_t)dim;
        shape->line_size = line.size;
        return true;
    }
    return false;
}

/* ---- without a header ---- */

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
    if (other == 1)
        return dim;
    *line = next;
    return other;
}

/* How many lines have so many numbers. */
struct votes {
    size_t dims[LINES_LOOKED_AT];
    unsigned counts[LINES_LOOKED_AT];
    size_t count;
};

static void vote(struct votes *votes, size_t dim)
{
    size_t i = 0;
    while (i < votes->count && votes->dims[i] != dim)
        i++;
    if (i == votes->count) {
        votes->dims[votes->count] = dim;
        votes->counts[votes->count++] = 0;
    }
    votes->counts[i]++;
}

/* What most of the lines have, from `line` on; of equals the first. `*end`: what was looked at. */
static size_t elect(const char *head, size_t size, bool whole, struct span line, size_t *end)
{
    struct votes votes = {.count = 0};
    bool more = true;
    for (int i = 0; i < LINES_LOOKED_AT && more; i++) {
        size_t dim = count_numbers(&line);
        if (dim)
            vote(&votes, dim);
        *end = line.next;
        more = line_at(head, size, whole, line.next, &line);
    }
    size_t best = 0;
    for (size_t i = 1; i < votes.count; i++)
        if (votes.counts[i] > votes.counts[best])
            best = i;
    return votes.dims[best];
}

/* Whether the line's first `*size` bytes end with a number that has something before it; takes it
   off then. */
static bool take_number(const struct span *line, size_t *size)
{
    size_t at = *size;
    float unused;
    while (at && line->text[at - 1] != ' ')
        at--;
    if (at < 2 || !number_parse(line->text + at, *size - at, &unused))
        return false;
    *size = at - 1;
    return true;
}

/* Whether just the last `dim` fields of the line are numbers, whatever its word is. */
static bool agrees(const struct span *line, size_t dim)
{
    size_t size = line->size;
    for (; dim; dim--)
        if (!take_number(line, &size))
            return false;
    return line->text[0] != ' ' && !take_number(line, &size);
}

/*
 * How many lines before `end` agree with the shape, from `line` on; points to the first that is
 * not empty and does not.
 */
static unsigned count_agreeing(const char *head, size_t end, bool whole, struct span line,
                               uint64_t number, struct vector_shape *shape)
{
    unsigned agreeing = 0;
    for (; line_at(head, end, whole, line.next, &line); number++) {
        if (shape->dim && agrees(&line, shape->dim)) {
            if (agreeing++ == 0)
                shape->line_size = line.size;
        } else if (line.size && !shape->odd_line) {
            shape->odd = line.text;
            shape->odd_size = line.size;
            shape->odd_line = number;
        }
    }
    return agreeing;
}

/* What there is without a header, or with one that is not confirmed. */
static enum vector_shape_result find_plain(const char *head, size_t size, bool whole, size_t start,
                                           struct vector_shape *shape)
{
    struct span vector, first = {.next = start};
    uint64_t count, dim;
    size_t end = size;
    bool header = line_at(head, size, whole, start, &first) && read_header(&first, &count, &dim);
    uint64_t said = header ? dim : 0;
    *shape = (struct vector_shape){.header_size = start};
    if (find_vector(head, size, whole, start, &vector)) {
        size_t most = elect(head, size, whole, vector, &end);
        shape->dim = most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
        header = false;
    }
    if (!header)
        first.next = start;
    unsigned agreeing =
        count_agreeing(head, end < size ? end : size, whole, first, 1 + header, shape);
    if (header && !shape->odd_line) {
        *shape = (struct vector_shape){.has_header = true, .count = count};
        return SHAPE_HEADER;
    }
    if (shape->dim == 0)
        return SHAPE_NONE;
    shape->said = said;
    return agreeing < 2 && shape->odd_line ? SHAPE_UNCERTAIN : SHAPE_FOUND;
}

enum vector_shape_result vector_shape_find(const char *head, size_t size, bool whole,
                                           uint32_t most_dim, struct vector_shape *shape)
{
    *shape = (struct vector_shape){0};
    size_t start = text_mark((struct text){head, size});
    enum vector_shape_result result = SHAPE_FOUND;
    if (!find_header(head, size, whole, start, shape))
        result = find_plain(head, size, whole, start, shape);
    return result == SHAPE_FOUND && shape->dim > most_dim ? SHAPE_WIDE : result;
}
