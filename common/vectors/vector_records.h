/*
 * vector_records: vectors whose numbers are packed, to rows: word2vec's binary form, and arrays
 * whose words stand elsewhere.
 *
 * Of word2vec a record is a word, a space and `dim` little-endian float32; a '\n' before the word
 * belongs to none. The word may hold spaces: it ends where numbers of a vector follow. Of an array
 * it is the numbers alone. What can't be taken is left out and noted, as of lines (vector_lines.h).
 */
#ifndef VECTORS_VECTOR_RECORDS_H
#define VECTORS_VECTOR_RECORDS_H

#include "base/packed.h"
#include "base/records.h"
#include "vectors/vector_lines.h"

struct vector_records {
    uint32_t dim;
    struct packed packed;
    const struct words *vocabulary; /* the words to keep; NULL: all */
    const struct text *words;       /* of an array, by row; NULL: word2vec's */
};

/* Where records end: a rule for base/records.h whose `size` is that of the numbers. */
records_behind vector_records_word2vec, vector_records_array;

/*
 * Whether the bytes behind a header are word2vec's binary form rather than text: the first records
 * are words and numbers, as far as they go. `whole`: there are no more bytes.
 */
bool vector_records_plausible(const char *bytes, size_t size, bool whole, uint64_t count,
                              uint32_t dim);

/*
 * Takes whole records, the first of which is number `first`, counted from 0. Words are repaired in
 * place. False where the last one is not whole: `rows->line_count` are those before it.
 */
bool vector_records_parse(const struct vector_records *records, char *bytes, size_t size,
                          uint64_t first, struct parsed_vectors *rows);

#endif
