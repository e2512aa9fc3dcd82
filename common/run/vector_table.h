/*
 * vector_table: from words to their vectors, as a vectors stream brings them.
 *
 * Memory is that of the words and vectors, and about 32 bytes a word. Loading is for one thread;
 * afterwards any number may look up.
 */
#ifndef RUN_VECTOR_TABLE_H
#define RUN_VECTOR_TABLE_H

#include "base/error.h"
#include "base/pool.h"
#include "base/words.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start from `{0}`; owns everything, freed by vector_table_free. */
struct vector_table {
    uint32_t dim;
    struct words words;    /* they borrow from the pool */
    const float **vectors; /* of each word: dim floats in the pool */
    size_t vector_capacity;
    struct pool pool;
    struct lineage lineage; /* of the vectors, completed */
};

/*
 * Reads a vectors stream to its verified end; of a repeated word the last vector stays. Status
 * INPUT, CUT or SYSTEM; the table is empty then.
 */
bool vector_table_load(struct vector_table *table, struct stream_reader *reader,
                       struct error *error);

/*
 * Looks up `count` tokens (at most TOKENS_BATCH). The vectors of those that the table has are
 * put into `vectors`, in the tokens' order; returns how many.
 */
size_t vector_table_find(const struct vector_table *table, const struct text *tokens, size_t count,
                         const float **vectors);

void vector_table_free(struct vector_table *table);

#endif
