/*
 * Numbers are taken as they are, so reading is little more than copying; words go the way of those
 * of lines.
 */
#include "vectors/vector_records.h"

#include "base/utf8.h"
#include "vectors/vector_word.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const float LARGEST = 1e18F; /* number of a vector that anything was trained to */

enum { RECORDS_LOOKED_AT = 5 };

/* ---- where records end ---- */

/* Behind the '\n' that may stand before a word. */
static size_t behind_newlines(const char *bytes, size_t at, size_t size)
{
    while (at < size && bytes[at] == '\n')
        at++;
    return at;
}

size_t vector_records_word2vec(const struct records_rule *rule, const char *bytes, size_t size,
                               struct records_scan *scan)
{
    size_t at = behind_newlines(bytes, scan->at, size);
    const char *space = at < size ? memchr(bytes + at, ' ', size - at) : NULL;
    if (!space || size - (size_t)(space - bytes) <= rule->size)
        return 0;
    return (size_t)(space - bytes) + 1 + rule->size;
}

size_t vector_records_array(const struct records_rule *rule, const char *bytes, size_t size,
                            struct records_scan *scan)
{
    (void)bytes;
    return size - scan->at < rule->size ? 0 : scan->at + rule->size;
}

/* ---- telling them from text ---- */

/* Whether a word of a file of vectors might be so. */
static bool is_word(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] < ' ')
            return false;
    return size > 0;
}

/* Whether no text has such bytes. */
static bool is_packed(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] < ' ' && !strchr("\t\n\r", bytes[i]))
            return true;
    return memchr(bytes, '\0', size) || !utf8_valid(bytes, size);
}

/* Whether numbers are such as of vectors: those of another byte order are huge, or next to 0. */
static bool is_usual(const char *bytes, uint32_t dim)
{
    bool some = false, normal = false;
    for (uint32_t i = 0; i < dim; i++) {
        float x;
        packed_floats((struct packed){PACKED_FLOAT32, false}, bytes + i * sizeof x, 1, &x);
        float size = fabsf(x);
        if (isfinite(x) && size > LARGEST)
            return false;
        some = some || size != 0;
        normal = normal || size >= FLT_MIN || isnan(x);
    }
    return normal || !some;
}

bool vector_records_plausible(const char *bytes, size_t size, bool whole, uint64_t count,
                              uint32_t dim)
{
    size_t at = 0, numbers = (size_t)dim * sizeof(float);
    bool packed = false;
    for (uint64_t i = 0; i < count && i < RECORDS_LOOKED_AT; i++) {
        at = behind_newlines(bytes, at, size);
        const char *space = at < size ? memchr(bytes + at, ' ', size - at) : NULL;
        if (!space)
            return packed && !whole;
        if (!is_word(bytes + at, (size_t)(space - bytes) - at))
            return false;
        at = (size_t)(space - bytes) + 1;
        size_t there = size - at < numbers ? size - at : numbers;
        packed = packed || is_packed(bytes + at, there);
        if (there < numbers)
            break;
        if (!is_usual(bytes + at, dim))
            return false;
        at += numbers;
    }
    return packed;
}

/* ---- rows ---- */

static void take_record(const struct vector_records *records, char *data, struct text word,
                        const char *numbers, struct parsed_vectors *rows)
{
    float *x = rows->x + rows->rows * records->dim;
    int result = word.size ? vector_word_take(data, &word, false) : (int)DEFECT_NO_WORD;
    if (result != VECTOR_WORD_KEPT)
        parsed_vectors_note(rows, result);
    if (result != VECTOR_WORD_KEPT && result != DEFECT_REPAIRED)
        return;
    uint64_t hash = words_hash(word.data, word.size);
    if (!vector_word_listed(records->vocabulary, word, hash, rows))
        return;
    packed_floats(records->packed, numbers, records->dim, x);
    if (!vector_word_finite(x, records->dim))
        parsed_vectors_note(rows, DEFECT_INFINITE);
    vector_word_add(rows, word, hash);
}

/* The record at `at`, and where the next one begins; false: it is not whole. */
static bool take_next(const struct vector_records *records, char *bytes, size_t size, size_t *at,
                      uint64_t row, struct parsed_vectors *rows)
{
    size_t numbers = records->dim * packed_width(records->packed.type);
    const struct records_rule rule = {.size = numbers};
    struct records_scan scan = {.at = *at};
    size_t behind = (records->words ? vector_records_array : vector_records_word2vec)(&rule, bytes,
                                                                                      size, &scan);
    if (!behind)
        return false;
    if (records->words) {
        struct text word = records->words[row];
        take_record(records, (char *)(uintptr_t)word.data, word, bytes + *at, rows);
    } else {
        size_t begin = behind_newlines(bytes, *at, size);
        struct text word = {bytes + begin, behind - numbers - 1 - begin};
        take_record(records, bytes + begin, word, bytes + behind - numbers, rows);
    }
    *at = behind;
    return true;
}

bool vector_records_parse(const struct vector_records *records, char *bytes, size_t size,
                          uint64_t first, struct parsed_vectors *rows)
{
    rows->rows = rows->other_count = rows->note_count = rows->line_count = 0;
    rows->account = (struct fields_account){0};
    size_t at = 0;
    while (at < size) {
        if (!records->words && behind_newlines(bytes, at, size) == size)
            break; /* the end of the last record's line */
        if (!take_next(records, bytes, size, &at, first + rows->line_count, rows))
            return false;
        rows->line_count++;
    }
    return true;
}
