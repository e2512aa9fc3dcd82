/*
 * corpus: documents as numbers of words, in order.
 *
 * One thread reads chunks of documents, `jobs` threads cut them into tokens, the calling thread
 * numbers the words as they first appear. Memory is the words' table plus a constant, whatever
 * the number of documents; a chunk grows only for a single document that is longer.
 */
#ifndef RUN_CORPUS_H
#define RUN_CORPUS_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/words.h"
#include "run/collection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands behind each document. */
#define CORPUS_BREAK UINT32_MAX

/* All borrowed. */
struct corpus {
    struct collection *documents;
    enum cpu_level level;
    unsigned jobs;

    /* Takes the numbers of the next words, CORPUS_BREAK behind each document; false ends the run.
       Called, as is `progressed`, from the calling thread; either may be NULL. */
    bool (*take)(void *context, const uint32_t *numbers, size_t count, struct error *error);
    void (*progressed)(void *context, uint64_t documents);
    void *context;
};

struct corpus_totals {
    uint64_t documents, tokens;
    struct repairs repairs;
};

/* The bytes that `jobs` threads hold at most, unless a document is longer than a chunk. */
uint64_t corpus_size(unsigned jobs);

/* Adds the words to `words`. Status INPUT or SYSTEM, or what `take` says. */
bool corpus_read(const struct corpus *corpus, struct words *words, struct corpus_totals *totals,
                 struct error *error);

#endif
