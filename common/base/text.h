/*
 * text: a borrowed byte string.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the longest word, label or other name that any part takes. */
enum { TEXT_NAME_MOST = 1 << 20 };

/* Not terminated; NUL is allowed inside. Whoever hands it out says how long it lives. */
struct text {
    const char *data;
    size_t size;
};

static inline struct text text_of(const char *string)
{
    return (struct text){string, strlen(string)};
}

/* Order by bytes (for UTF-8: by code points), a prefix first: <0, 0 or >0. */
static inline int text_compare(struct text left, struct text right)
{
    size_t shorter = left.size < right.size ? left.size : right.size;
    int order = shorter ? memcmp(left.data, right.data, shorter) : 0;
    return order ? order : (left.size > right.size) - (left.size < right.size);
}

static inline bool text_equal(struct text left, struct text right)
{
    return left.size == right.size &&
           (left.size == 0 || memcmp(left.data, right.data, left.size) == 0);
}

/* Where the text stands among `count` that are in ascending order and differ; else UINT32_MAX. */
static inline uint32_t text_search(const struct text *sorted, uint32_t count, struct text text)
{
    uint32_t from = 0, to = count;
    while (from < to) {
        const uint32_t middle = from + (to - from) / 2;
        const int order = text_compare(sorted[middle], text);
        if (order == 0)
            return middle;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return UINT32_MAX;
}

/* Cuts what is before `separator`, or all where there is none, off the text, and it as well. */
static inline struct text text_cut(struct text *text, char separator)
{
    const char *end = text->size ? memchr(text->data, separator, text->size) : NULL;
    struct text part = {text->data, end ? (size_t)(end - text->data) : text->size};
    size_t passed = part.size + (end != NULL);
    *text = (struct text){text->data + passed, text->size - passed};
    return part;
}

/* A line that was cut at its '\n', without '\r' before that: several, where one was put before each
   '\n' twice. */
static inline struct text text_line(struct text line)
{
    while (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    return line;
}

/* How long the byte order mark is that the text begins with: files were put together there. */
static inline size_t text_mark(struct text text)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    bool begins = text.size >= sizeof mark && memcmp(text.data, mark, sizeof mark) == 0;
    return begins ? sizeof mark : 0;
}

#endif
