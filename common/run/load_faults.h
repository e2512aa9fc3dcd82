/*
 * load_faults: what is told of the lines of a file of vectors that were left out.
 */
#ifndef RUN_LOAD_FAULTS_H
#define RUN_LOAD_FAULTS_H

#include "input/chunks.h"
#include "run/load.h"

/*
 * Quotes what is wrong with a line of the chunk, which counts from 0, into `text`; empty where the
 * defect says all, or the line is not in the chunk.
 */
void load_quote(const struct chunk *chunk, uint64_t line, enum vector_defect defect,
                char text[VECTOR_FAULT_SIZE]);

/*
 * What is odd about all of the first words, and may not be part of them, as a sentence: quotes, a
 * colon, or that they are numbers with a point. NULL: nothing.
 */
const char *load_doubt(const struct text *words, size_t count);

/* A file of which most is no vectors is not what it was taken for: status INPUT. */
bool load_check_share(const struct load_totals *totals, uint32_t dim, const char *name,
                      struct error *error);

#endif
