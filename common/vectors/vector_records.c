/*
 * Numbers are taken as they are, so reading is little more than copying; words go the way of those
 * of lines.
 *
 * A word ends at a blank, and a phrase, as gensim writes it, holds some more. Were the first one
 * taken for its end, the rest of the phrase would be read as numbers, and all behind it out of
 * step. So where text and a blank follow a blank, which few numbers look like, the word ends there
 * only if a vector follows and then a word; else at the next blank of which that is true. A rest of
 * 4 bytes, or 8, leaves numbers in step, one too far on, and is a number next to 0 itself: there
 * the later blank is asked at once, and a record that falls back to the first one is left out.
 */
#include "vectors/vector_records.h"

#include "base/utf8.h"
#include "vectors/vector_word.h"

#include <math.h>
#include <string.h>

/* No number of a vector that anything was trained to is larger, and not all of them are smaller. */
static const float LARGEST = 1e18F, SMALLEST = 1e-18F;

enum { RECORDS_LOOKED_AT = 5 };

static const struct packed word2vec_number = {PACKED_FLOAT32, false};

/* ---- numbers ---- */

static float larger(float largest, float x)
{
    return fabsf(x) > largest ? fabsf(x) : largest; /* and not where x is a NaN */
}

/* The largest of them, without its sign; several at a time, for each comparison waits for another.
 */
static float find_largest(const float *x, size_t count)
{
    enum { ABREAST = 8 };
    float found[ABREAST] = {0}, largest = 0;
    size_t i = 0;
    for (; i + ABREAST <= count; i += ABREAST)
        for (int j = 0; j < ABREAST; j++)
            found[j] = larger(found[j], x[i + j]);
    for (; i < count; i++)
        largest = larger(largest, x[i]);
    for (int j = 0; j < ABREAST; j++)
        largest = larger(largest, found[j]);
    return largest;
}

/* Infinite ones are of a training that failed. */
static bool has_huge(const float *x, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (isfinite(x[i]) && fabsf(x[i]) > LARGEST)
            return true;
    return false;
}

/* Whether numbers, of `size` bytes, are such as of vectors: those of another byte order, or out of
   step, are huge, or all next to 0. */
static bool is_vector(const char *bytes, size_t size)
{
    float x[64], largest = 0;
    for (size_t at = 0; at < size; at += sizeof x) {
        size_t count = (size - at < sizeof x ? size - at : sizeof x) / sizeof *x;
        packed_floats(word2vec_number, bytes + at, count, x);
        largest = larger(largest, find_largest(x, count));
        if (largest > LARGEST && has_huge(x, count))
            return false;
    }
    return largest == 0 || largest >= SMALLEST;
}

/* ---- where words end ---- */

/* Behind the '\n' that may stand before a word. */
static size_t behind_newlines(const char *bytes, size_t at, size_t size)
{
    while (at < size && bytes[at] == '\n')
        at++;
    return at;
}

/* The size of the text that `bytes` open with, up to a blank; where it is `size`, there is none. */
static size_t find_text(const char *bytes, size_t size)
{
    size_t at = 0, length = 1;
    while (at < size && length && (unsigned char)bytes[at] > ' ') {
        length = utf8_sequence(bytes + at, size - at);
        at += length;
    }
    return at;
}

/* The size of what may be the rest of a word before its blank, and that; 0: these are numbers. */
static size_t rest_of_word(const char *bytes, size_t size)
{
    size_t text = find_text(bytes, size);
    return text < size && bytes[text] == ' ' ? text + 1 : 0;
}

/* Whether they end amid a character of UTF-8, which they begin with. */
static bool is_cut(const char *bytes, size_t size)
{
    unsigned char lead = (unsigned char)*bytes;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4, at = 1;
    while (at < size && ((unsigned char)bytes[at] & 0xc0) == 0x80)
        at++;
    return lead >= 0xc2 && lead <= 0xf4 && at == size && size < length;
}

/* Whether they are the beginning of a word, a line's end before it perhaps. */
static bool begins_word(const char *bytes, size_t size)
{
    size_t at = behind_newlines(bytes, 0, size), end = at + find_text(bytes + at, size - at);
    return end == size || is_cut(bytes + end, size - end) ||
           rest_of_word(bytes + at, size - at) > 1;
}

/* Whether numbers that open with text of `rest` bytes are a vector's, those behind it as well:
   where all have few digits, as float16 do, they may be next to 0 when they are out of step. */
static bool are_in_step(const char *bytes, size_t size, size_t rest)
{
    size_t behind = rest + (size - rest) % sizeof(float);
    return is_vector(bytes, size) && is_vector(bytes + behind, size - behind);
}

/*
 * Where the numbers of a word begin whose first blank stands before `first`, `numbers` bytes. All
 * that is looked at stands in this record or the next one. 0: it takes more bytes to tell; where
 * they are `whole`, there are none: no more than whole records are given.
 */
static size_t find_numbers(const char *bytes, size_t first, size_t size, size_t numbers, bool whole)
{
    for (size_t at = first, rest;; at += rest) {
        if (size - at < numbers)
            return whole && size - first >= numbers ? first : 0;
        rest = rest_of_word(bytes + at, numbers - (at - first));
        if (!rest)
            return at == first || is_vector(bytes + at, numbers) ? at : first;
        if (rest % sizeof(float) == 0 || !are_in_step(bytes + at, numbers, rest))
            continue;
        if (size - at - numbers < rest)
            return whole ? at : 0;
        if (begins_word(bytes + at + numbers, rest))
            return at;
    }
}

/* Whether nothing tells them from a vector that begins a number too late. */
static bool is_doubtful(const char *bytes, size_t size)
{
    size_t rest = rest_of_word(bytes, size);
    return rest && rest % sizeof(float) == 0;
}

/* ---- where records end ---- */

/* Where the first word's numbers may begin; 0: there is no blank. */
static size_t behind_blank(const char *bytes, size_t at, size_t size)
{
    const char *blank = at < size ? memchr(bytes + at, ' ', size - at) : NULL;
    return blank ? (size_t)(blank - bytes) + 1 : 0;
}

size_t vector_records_word2vec(const struct records_rule *rule, const char *bytes, size_t size,
                               struct records_scan *scan)
{
    size_t first = behind_blank(bytes, behind_newlines(bytes, scan->at, size), size);
    size_t at = first ? find_numbers(bytes, first, size, rule->size, false) : 0;
    return at ? at + rule->size : 0;
}

size_t vector_records_array(const struct records_rule *rule, const char *bytes, size_t size,
                            struct records_scan *scan)
{
    (void)bytes;
    return size - scan->at < rule->size ? 0 : scan->at + rule->size;
}

/* ---- telling them from text ---- */

/* Whether it might be a word: lines of text have ends amid what would be one. */
static bool is_word(const char *bytes, size_t size)
{
    return size && !memchr(bytes, '\n', size) && !memchr(bytes, '\0', size);
}

/* Whether no text has such bytes. */
static bool is_packed(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)bytes[i] < ' ' && !strchr("\t\n\r", bytes[i]))
            return true;
    return memchr(bytes, '\0', size) || !utf8_valid(bytes, size);
}

bool vector_records_plausible(const char *bytes, size_t size, bool whole, uint64_t count,
                              uint32_t dim)
{
    size_t at = 0, numbers = (size_t)dim * sizeof(float);
    bool packed = false;
    for (uint64_t i = 0; i < count && i < RECORDS_LOOKED_AT; i++) {
        size_t word = behind_newlines(bytes, at, size);
        size_t first = behind_blank(bytes, word, size);
        if (!first)
            return packed && !whole;
        at = find_numbers(bytes, first, size, numbers, true);
        if (!at)
            at = first;
        if (!is_word(bytes + word, at - 1 - word))
            return false;
        size_t there = size - at < numbers ? size - at : numbers;
        packed = packed || is_packed(bytes + at, there);
        if (there < numbers)
            break;
        if (!is_vector(bytes + at, numbers))
            return false;
        at += numbers;
    }
    return packed;
}

/* ---- rows ---- */

/* Puts a word before its numbers, of array or file, as the next row, or says why not. */
static int take_row(const struct vector_records *records, char *data, struct text word,
                    const char *numbers, struct parsed_vectors *rows)
{
    float *x = rows->x + rows->rows * records->dim;
    size_t size = records->dim * packed_width(records->packed.type);
    if (word.size == 0)
        return DEFECT_NO_WORD;
    if (memchr(word.data, '\n', word.size))
        return DEFECT_DAMAGED;
    int result = vector_word_take(data, &word, false);
    if (result != VECTOR_WORD_KEPT && result != DEFECT_REPAIRED)
        return result;
    uint64_t hash = words_hash(word.data, word.size);
    if (!vector_word_listed(records->vocabulary, word, hash, rows))
        return result;
    if (!records->words && (!is_vector(numbers, size) || is_doubtful(numbers, size)))
        return DEFECT_DAMAGED;
    packed_floats(records->packed, numbers, records->dim, x);
    if (!vector_word_finite(x, records->dim))
        parsed_vectors_note(rows, DEFECT_INFINITE);
    vector_word_add(rows, word, hash);
    return result;
}

static void take_record(const struct vector_records *records, char *data, struct text word,
                        const char *numbers, struct parsed_vectors *rows)
{
    int result = take_row(records, data, word, numbers, rows);
    if (result != VECTOR_WORD_KEPT)
        parsed_vectors_note(rows, result);
}

/* Behind the record at `at`, `numbers` bytes without its word, which is taken; 0: it is not whole.
 */
static size_t take_next(const struct vector_records *records, char *bytes, size_t size, size_t at,
                        uint64_t row, struct parsed_vectors *rows)
{
    size_t numbers = records->dim * packed_width(records->packed.type);
    if (records->words) {
        struct text word = records->words[row];
        if (size - at < numbers)
            return 0;
        take_record(records, (char *)(uintptr_t)word.data, word, bytes + at, rows);
        return at + numbers;
    }
    size_t begin = behind_newlines(bytes, at, size);
    size_t first = behind_blank(bytes, begin, size);
    size_t from = first ? find_numbers(bytes, first, size, numbers, true) : 0;
    if (!from)
        return 0;
    struct text word = {bytes + begin, from - 1 - begin};
    vector_word_trim(&word);
    if (bytes[begin] == ' ')
        word.size = 0; /* as of a line */
    take_record(records, bytes + begin, word, bytes + from, rows);
    return from + numbers;
}

bool vector_records_parse(const struct vector_records *records, char *bytes, size_t size,
                          uint64_t first, struct parsed_vectors *rows)
{
    rows->rows = rows->other_count = rows->note_count = rows->line_count = 0;
    rows->account = (struct fields_account){0};
    for (size_t at = 0; at < size; rows->line_count++) {
        if (!records->words && behind_newlines(bytes, at, size) == size)
            break; /* the end of the last record's line */
        at = take_next(records, bytes, size, at, first + rows->line_count, rows);
        if (!at)
            return false;
    }
    return true;
}
