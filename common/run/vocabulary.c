/*
 * A list comes through the same door as documents, so that it may be packed and marked like them.
 * Words are copied out of a chunk, so what is held is the words and a chunk.
 */
#include "run/vocabulary.h"

#include "base/path.h"
#include "base/utf8.h"
#include "input/texts.h"

#include <string.h>

static bool add_word(struct words *words, struct text word, struct error *error)
{
    return word.size == 0 || words_add(words, word, NULL) != WORDS_NONE ||
           error_memory(error, "reading the vocabulary");
}

/* `line` is without its '\n'. A byte order mark that it begins with stood before a list that was
   put behind another, or belongs to the word, as in texts; so the word is listed in both ways. */
static bool add_line(struct words *words, struct text line, const char *name, uint64_t number,
                     struct error *error)
{
    line = text_line(line);
    while (line.size && (line.data[line.size - 1] == ' ' || line.data[line.size - 1] == '\t'))
        line.size--; /* no word ends with a blank */
    if (!utf8_valid(line.data, line.size))
        return error_set(error, STATUS_INPUT, "%s:%llu: is not valid UTF-8: turn it into UTF-8",
                         name, (unsigned long long)number);
    size_t mark = text_mark(line);
    struct text unmarked = {line.data + mark, line.size - mark};
    return add_word(words, unmarked, error) && (!mark || add_word(words, line, error));
}

static bool add_lines(struct words *words, const struct texts_chunk *chunk, struct error *error)
{
    const char *at = chunk->bytes, *end = at + chunk->size;
    for (size_t row = 0; row < chunk->rows; row++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        struct text line = {at, (size_t)((newline ? newline : end) - at)};
        if (!add_line(words, line, chunk->name, chunk->line + row, error))
            return false;
        at += line.size + 1;
    }
    return true;
}

static bool add_texts(struct words *words, struct texts *texts, struct error *error)
{
    struct texts_chunk chunk = {0};
    bool good;
    do
        good = texts_read(texts, SIZE_MAX, &chunk, error) && add_lines(words, &chunk, error);
    while (good && chunk.rows);
    texts_chunk_free(&chunk);
    return good;
}

bool vocabulary_read(const char *path, struct words *words, struct error *error)
{
    char *paths[] = {(char *)(uintptr_t)path}; /* as argv has them; nobody writes to it */
    struct texts *texts = texts_open(paths, 1, &texts_words, error);
    bool good = texts && add_texts(words, texts, error);
    texts_close(texts);
    if (good && words->count == 0)
        return error_set(error, STATUS_INPUT, "%s: lists no words: write one a line",
                         path_called(path));
    return good;
}

uint64_t vocabulary_fingerprint(const struct words *words)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        struct text word = words_text(words, i);
        sum += words_hash(word.data, word.size);
    }
    return sum;
}
