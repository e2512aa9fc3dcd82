/*
 * vector_word: the word of a row of vectors, whatever it was read from, and its place among the
 * rows.
 */
#ifndef VECTORS_VECTOR_WORD_H
#define VECTORS_VECTOR_WORD_H

#include "vectors/vector_lines.h"

/* What became of a row: a defect, or one of these. */
enum { VECTOR_WORD_KEPT = DEFECT_COUNT, VECTOR_WORD_NOT_LISTED };

/* Blanks that pad a word to a column are no part of it. */
void vector_word_trim(struct text *word);

/*
 * Whether the word, which begins at `data`, may stand: VECTOR_WORD_KEPT, or DEFECT_REPAIRED where
 * bytes that are not UTF-8 were dropped in place, or the defect. `any`: it will be refused for
 * another reason, unless no UTF-8 is left of it.
 */
int vector_word_take(char *data, struct text *word, bool any);

/* Whether the vocabulary (NULL: any) has the word. Else it is noted among the others. */
bool vector_word_listed(const struct words *vocabulary, struct text word, uint64_t hash,
                        struct parsed_vectors *rows);

/* The word of the next row, whose numbers stand in `x` already. */
void vector_word_add(struct parsed_vectors *rows, struct text word, uint64_t hash);

void parsed_vectors_note(struct parsed_vectors *rows, int defect);

bool vector_word_finite(const float *x, uint32_t dim);

#endif
