/*
 * nearest: the words of a vectors stream whose vectors point most nearly the way of one word's.
 */
#ifndef RUN_NEAREST_H
#define RUN_NEAREST_H

#include "base/error.h"
#include "run/vector_table.h"
#include "vectors/neighbours.h"

#include <stdbool.h>
#include <stddef.h>

/* Start from `{0}`; owns everything, freed by nearest_free. */
struct nearest {
    struct vector_table table;
    struct neighbour *found; /* nearest first; rows are the table's words */
    size_t count;
};

/*
 * Reads the stream to its verified end, and finds the `most` nearest words, or as many as there
 * are. Status INPUT (also where the word has no vector, or one without a direction), CUT or SYSTEM.
 */
bool nearest_find(struct nearest *nearest, struct stream_reader *reader, const char *word,
                  size_t most, struct error *error);

void nearest_free(struct nearest *nearest);

#endif
