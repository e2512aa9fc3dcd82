/*
 * A line is scanned for spaces once; the bounds of its last fields then lead to the word before
 * them and to the numbers.
 */
#include "vectors/vector_lines.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "vectors/number.h"
#include "vectors/vector_word.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- defects ---- */

static const struct {
    const char *reason, *action;
} defects[DEFECT_COUNT] = {
    [DEFECT_EMPTY] = {"the line is empty", "left out"},
    [DEFECT_NO_WORD] = {"there is no word before the numbers", "left out"},
    [DEFECT_NO_UTF8] = {"the word has no byte that is valid UTF-8", "left out"},
    [DEFECT_DIM] = {"another number of values", "left out"},
    [DEFECT_NUMBER] = {"a value is not a number", "left out"},
    [DEFECT_LONG] = {"the line is too long", "left out"},
    [DEFECT_NUL] = {"there is a NUL byte before the numbers", "left out"},
    [DEFECT_BLANKS] = {"the word has several blanks in a row", "left out"},
    [DEFECT_RETURN] = {"there is a carriage return before the numbers", "left out"},
    [DEFECT_DAMAGED] = {"it is damaged, or out of step: does a word hold a blank?", "left out"},
    [DEFECT_INFINITE] = {"a value is infinite or not a number", "kept, and no forest takes it"},
    [DEFECT_REPAIRED] = {"the word has bytes that are not valid UTF-8", "dropped those bytes"},
    [DEFECT_REPEATED] = {"the word came before", "replaces the vector of an earlier line"},
};

const char *vector_defect_reason(enum vector_defect defect)
{
    return defects[defect].reason;
}

const char *vector_defect_action(enum vector_defect defect)
{
    return defects[defect].action;
}

/* ---- rows ---- */

size_t parsed_vectors_most(size_t text_size, uint32_t dim)
{
    /* A word, and a space and a digit for each number; the last line may lack its '\n'. */
    size_t least_line = 2 * (size_t)dim + 2;
    return (text_size + 1) / least_line;
}

/* Lines of words that are not listed need no digits: only a word, and a space for each number. */
static size_t most_others(size_t text_size, uint32_t dim)
{
    return (text_size + 1) / ((size_t)dim + 2);
}

size_t parsed_vectors_memory(size_t text_size, uint32_t dim)
{
    /* A line becomes a row, a note, which takes a byte of text at least, or one of the others. */
    const struct parsed_vectors *one = NULL;
    size_t row =
        sizeof *one->words + dim * sizeof *one->x + sizeof *one->hashes + sizeof *one->lines;
    size_t rows = parsed_vectors_most(text_size, dim) * row;
    size_t notes = text_size * sizeof *one->notes;
    size_t others = most_others(text_size, dim) * sizeof *one->others;
    size_t most = rows > notes ? rows : notes;
    return most > others ? most : others;
}

bool parsed_vectors_init(struct parsed_vectors *rows, size_t text_size, uint32_t dim)
{
    size_t most = parsed_vectors_most(text_size, dim);
    *rows = (struct parsed_vectors){
        .words = memory_array(most, sizeof *rows->words),
        /* One more: where a line's numbers go before one of them turns out to be none. */
        .x = memory_array(most + 1, dim * sizeof *rows->x),
        .hashes = memory_array(most, sizeof *rows->hashes),
        .lines = memory_array(most, sizeof *rows->lines),
        .others = memory_array(most_others(text_size, dim), sizeof *rows->others),
        .notes = memory_array(text_size + 1, sizeof *rows->notes),
        .bounds = memory_array((size_t)dim + 2 + FIELDS_SLACK, sizeof *rows->bounds)};
    if (rows->words && rows->x && rows->hashes && rows->lines && rows->others && rows->notes &&
        rows->bounds)
        return true;
    parsed_vectors_free(rows);
    return false;
}

void parsed_vectors_free(struct parsed_vectors *rows)
{
    free(rows->words);
    free(rows->x);
    free(rows->hashes);
    free(rows->lines);
    free(rows->others);
    free(rows->notes);
    free(rows->bounds);
    *rows = (struct parsed_vectors){0};
}

/* ---- cutting up a line ---- */

/* A line of which the end was trimmed. */
struct line {
    char *text;
    size_t size;
    size_t spaces; /* of it */
};

/* `spaces`: how many there are in the line as it came. */
static struct line trimmed(char *text, size_t size, size_t spaces)
{
    if (size && text[size - 1] == '\r')
        size--;
    for (; size && text[size - 1] == ' '; size--)
        spaces--;
    return (struct line){text, size, spaces};
}

/* Bounds of the last `dim` fields of a line that has more, from its end. */
static void bound_from_end(const struct line *line, uint32_t dim, uint32_t *bounds)
{
    size_t at = line->size;
    bounds[dim] = (uint32_t)at;
    for (uint32_t i = dim; i > 0; i--) {
        do
            at--;
        while (line->text[at] != ' ');
        bounds[i - 1] = (uint32_t)at;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether `text` ends with a number that has something before it. */
static bool ends_with_number(struct text text)
{
    size_t at = text.size;
    while (at > 0 && !is_blank(text.data[at - 1]))
        at--;
    float unused;
    return at > 1 && number_parse(text.data + at, text.size - at, &unused);
}

/* ---- a line to a row ---- */

/* Takes the numbers of a line, whose word stands in `words` already, as the next row. */
static int take_numbers(const struct vector_parser *parser, const struct line *line,
                        struct parsed_vectors *rows)
{
    float *x = rows->x + rows->rows * parser->dim;
    uint64_t singly = rows->account.singly;
    if (parser->kernel.convert(line->text, rows->bounds, parser->dim, x, &rows->account) !=
        parser->dim)
        return DEFECT_NUMBER;
    if (rows->account.singly != singly && !vector_word_finite(x, parser->dim))
        parsed_vectors_note(rows, DEFECT_INFINITE);
    return VECTOR_WORD_KEPT;
}

/* Takes a line whose fields suffice, as the next row. */
static int take_line(const struct vector_parser *parser, const struct line *line,
                     struct parsed_vectors *rows)
{
    struct text word = {line->text, rows->bounds[0]};
    vector_word_trim(&word);
    bool several = line->spaces > parser->dim && ends_with_number(word);
    int result = vector_word_take(line->text, &word, several);
    if (result != VECTOR_WORD_KEPT && result != DEFECT_REPAIRED)
        return result;
    if (memchr(word.data, '\r', word.size))
        return DEFECT_RETURN; /* lines end with it alone here, and this one is several */
    uint64_t hash = words_hash(word.data, word.size);
    if (!vector_word_listed(parser->vocabulary, word, hash, rows))
        return VECTOR_WORD_NOT_LISTED;
    if (several)
        return DEFECT_DIM;
    if (take_numbers(parser, line, rows) != VECTOR_WORD_KEPT)
        return DEFECT_NUMBER;
    vector_word_add(rows, word, hash);
    return result;
}

static int parse_line(const struct vector_parser *parser, const struct line *line,
                      struct parsed_vectors *rows)
{
    if (line->size == 0)
        return DEFECT_EMPTY;
    if (line->text[0] == ' ')
        return DEFECT_NO_WORD;
    if (line->spaces < parser->dim)
        return DEFECT_DIM;
    if (line->spaces == parser->dim)
        rows->bounds[parser->dim] = (uint32_t)line->size;
    else
        bound_from_end(line, parser->dim, rows->bounds);
    return take_line(parser, line, rows);
}

void vector_lines_parse(const struct vector_parser *parser, char *text, size_t size,
                        struct parsed_vectors *rows)
{
    rows->rows = rows->other_count = rows->note_count = 0;
    rows->line_count = 0;
    rows->account = (struct fields_account){0};
    for (size_t at = 0; at < size; rows->line_count++) {
        size_t spaces;
        size_t length = parser->kernel.scan(text + at, rows->bounds, parser->dim + 1, &spaces);
        struct line line = trimmed(text + at, length, spaces);
        int result = parse_line(parser, &line, rows);
        if (result < DEFECT_COUNT)
            parsed_vectors_note(rows, result);
        at += length + 1;
    }
}
