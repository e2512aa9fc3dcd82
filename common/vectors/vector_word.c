/* A word is repaired where it stands, and points there. */
#include "vectors/vector_word.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

void vector_word_trim(struct text *word)
{
    while (word->size > 1 && is_blank(word->data[word->size - 1]))
        word->size--;
}

static bool has_run(struct text word)
{
    for (size_t i = 1; i < word.size; i++)
        if (is_blank(word.data[i]) && is_blank(word.data[i - 1]))
            return true;
    return false;
}

/* Drops what is not UTF-8 from the word, in place. */
static int repair(char *data, struct text *word)
{
    word->size = utf8_clean(data, data, word->size);
    if (word->size == 0)
        return DEFECT_NO_UTF8;
    return data[0] == ' ' ? DEFECT_NO_WORD : DEFECT_REPAIRED;
}

/* What is in the way of a word as it came. */
static int check_word(struct text word)
{
    if (word.size > TEXT_NAME_MOST)
        return DEFECT_LONG;
    if (memchr(word.data, '\0', word.size))
        return DEFECT_NUL;
    return has_run(word) ? DEFECT_BLANKS : VECTOR_WORD_KEPT;
}

int vector_word_take(char *data, struct text *word, bool any)
{
    int result = any ? VECTOR_WORD_KEPT : check_word(*word);
    if (result == VECTOR_WORD_KEPT && !utf8_valid(word->data, word->size))
        result = repair(data, word);
    return result;
}

bool vector_word_listed(const struct words *vocabulary, struct text word, uint64_t hash,
                        struct parsed_vectors *rows)
{
    if (!vocabulary || words_find_hashed(vocabulary, word, hash) != WORDS_NONE)
        return true;
    rows->others[rows->other_count++] = hash;
    return false;
}

void vector_word_add(struct parsed_vectors *rows, struct text word, uint64_t hash)
{
    rows->words[rows->rows] = word;
    rows->hashes[rows->rows] = hash;
    rows->lines[rows->rows] = rows->line_count;
    rows->rows++;
}

/* All numbers of text that are infinite, or not a number, are converted one by one. */
bool vector_word_finite(const float *x, uint32_t dim)
{
    for (uint32_t i = 0; i < dim; i++)
        if (!isfinite(x[i]))
            return false;
    return true;
}

void parsed_vectors_note(struct parsed_vectors *rows, int defect)
{
    rows->notes[rows->note_count++] =
        (struct vector_note){.line = rows->line_count, .defect = (unsigned)defect};
}
