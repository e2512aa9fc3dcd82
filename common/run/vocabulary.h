/*
 * vocabulary: a list of words, one a line.
 */
#ifndef RUN_VOCABULARY_H
#define RUN_VOCABULARY_H

#include "base/error.h"
#include "base/words.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Adds the lines of a file ("-": standard input) to `words`; '\r' before a line's end is dropped, a
 * word behind a byte order mark counts with it and without, and empty lines count for nothing.
 * Status INPUT where a line is not valid UTF-8, or where there is no word; USAGE of a folder; or
 * CUT or SYSTEM.
 */
bool vocabulary_read(const char *path, struct words *words, struct error *error);

/* A number that tells sets of words apart, whatever their order. */
uint64_t vocabulary_fingerprint(const struct words *words);

#endif
