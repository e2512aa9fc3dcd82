/*
 * Lines are copied one behind the other as they come; where they begin is noted by place, and
 * turned into pointers when the memory moves no more.
 */
#include "run/word_list.h"

#include "base/memory.h"
#include "input/texts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool add_line(struct word_list *list, const char *line, size_t size)
{
    size = text_line((struct text){line, size}).size;
    if (!memory_reserve(&list->words, &list->capacity, list->count + 1, sizeof *list->words) ||
        !memory_reserve(&list->bytes, &list->bytes_capacity, list->size + size + 1, 1))
        return false;
    memcpy(list->bytes + list->size, line, size);
    list->words[list->count++] = (struct text){NULL, size};
    list->size += size;
    return true;
}

static bool add_lines(struct word_list *list, const struct texts_chunk *chunk, struct error *error)
{
    const char *at = chunk->bytes, *end = at + chunk->size;
    for (size_t row = 0; row < chunk->rows; row++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((newline ? newline : end) - at);
        if (!add_line(list, at, size))
            return error_memory(error, "reading a list of words");
        at += size + 1;
    }
    return true;
}

static void place_words(struct word_list *list)
{
    const char *at = list->bytes;
    for (size_t i = 0; i < list->count; i++) {
        list->words[i].data = at;
        at += list->words[i].size;
    }
}

bool word_list_read(const char *path, struct word_list *list, struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)path}; /* as argv has them; nobody writes to it */
    struct texts *texts = texts_open(paths, 1, &texts_words, error);
    struct texts_chunk chunk = {0};
    bool good = texts;
    do
        good = good && texts_read(texts, SIZE_MAX, &chunk, error) && add_lines(list, &chunk, error);
    while (good && chunk.rows);
    texts_chunk_free(&chunk);
    texts_close(texts);
    place_words(list);
    return good;
}

void word_list_free(struct word_list *list)
{
    free(list->words);
    free(list->bytes);
    *list = (struct word_list){0};
}
