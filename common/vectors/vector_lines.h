/*
 * vector_lines: lines of a word and its numbers, to rows of words and float32 vectors.
 *
 * A line ends at '\n'; a '\r' before it and then spaces at its end are dropped. Fields are
 * separated by one space, 0x20, and nothing else. The last `dim` of them are the numbers
 * (number.h); the word is what stands before them, and may hold single spaces, or U+0085 and
 * U+00A0. Blanks that pad it, and bytes of it that are not UTF-8, are dropped.
 *
 * What can't be taken is left out and noted, with its line and the reason.
 */
#ifndef VECTORS_VECTOR_LINES_H
#define VECTORS_VECTOR_LINES_H

#include "base/text.h"
#include "base/words.h"
#include "vectors/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what may be wrong with a line ---- */

enum vector_defect {
    DEFECT_EMPTY,
    DEFECT_NO_WORD,
    DEFECT_NO_UTF8,
    DEFECT_DIM,
    DEFECT_NUMBER,
    DEFECT_LONG,
    DEFECT_NUL,
    DEFECT_BLANKS,
    DEFECT_RETURN,  /* of lines alone */
    DEFECT_DAMAGED, /* of word2vec's binary form alone */
    /* With the following the line is kept. */
    DEFECT_REPAIRED,
    DEFECT_INFINITE, /* no fault of the line: `--strict` takes it */
    DEFECT_REPEATED, /* takes other lines to notice */
    DEFECT_COUNT
};

/* Whether the line was left out for it. */
static inline bool vector_defect_drops(enum vector_defect defect)
{
    return defect < DEFECT_REPAIRED;
}

/* What is wrong, and what was done: `the line is empty`, `left out`. */
const char *vector_defect_reason(enum vector_defect defect);
const char *vector_defect_action(enum vector_defect defect);

struct vector_note {
    uint32_t line : 28; /* counted from 0 in the text that was parsed */
    uint32_t defect : 4;
};

/* ---- parsing ---- */

struct vector_parser {
    struct fields_kernel kernel;
    uint32_t dim;
    /* The words to keep; NULL: all. Lines of others are checked for their number of fields. */
    const struct words *vocabulary;
};

/*
 * What a text gave. Room is made once, for texts of up to `text_size` bytes; the words point
 * into the text.
 */
struct parsed_vectors {
    size_t rows;
    struct text *words; /* valid UTF-8 */
    float *x;           /* rows x dim */
    uint64_t *hashes;   /* words_hash of each word */
    uint32_t *lines;    /* where each row came from, counted from 0 */
    uint64_t *others;   /* words_hash of each word that the vocabulary lacks */
    size_t other_count;
    size_t note_count;
    struct vector_note *notes; /* in the order of the lines */
    uint32_t line_count;
    struct fields_account account; /* of the numbers */
    uint32_t *bounds;              /* of the fields of one line */
};

/* The most rows that a text of so many bytes can give. */
size_t parsed_vectors_most(size_t text_size, uint32_t dim);

/* How much memory the rows of such a text come to use, at the worst. */
size_t parsed_vectors_memory(size_t text_size, uint32_t dim);

/* Start from `{0}`. False when memory is out. */
bool parsed_vectors_init(struct parsed_vectors *rows, size_t text_size, uint32_t dim);
void parsed_vectors_free(struct parsed_vectors *rows);

/*
 * Parses whole lines. FIELDS_PADDING bytes before and after the text must be readable, and
 * text[size] be '\n' where the last line lacks its own. Words are repaired in place. Any number
 * of threads may parse at a time, each into rows of its own.
 */
void vector_lines_parse(const struct vector_parser *parser, char *text, size_t size,
                        struct parsed_vectors *rows);

#endif
