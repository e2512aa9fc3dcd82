/*
 * vectorizer: documents to samples, or to the set of their tokens.
 *
 * One thread reads chunks of documents, `jobs` threads cut them into tokens and look these up,
 * the calling thread takes the results in order. Memory is bounded whatever the number of
 * documents; a chunk grows only for a single document that is longer.
 */
#ifndef RUN_VECTORIZE_H
#define RUN_VECTORIZE_H

#include "base/cpu.h"
#include "base/error.h"
#include "run/texts.h"
#include "run/vector_table.h"
#include "stream/stream.h"
#include "text/documents.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct vectorizer {
    struct texts *documents;
    struct documents_columns columns;
    enum cpu_level level;
    unsigned jobs;

    /* The next three, unless NULL, are called from the calling thread: after each chunk, with
       the documents so far; and for each document without a known word. */
    void (*progressed)(void *context, uint64_t documents);
    void (*unknown)(void *context, const char *file, uint64_t line);
    void *context;
};

struct vectorizer_totals {
    uint64_t documents, unknown; /* unknown: without a known word */
    uint64_t tokens, known;
};

/* Writes a block of samples for each chunk, labelled if columns.label. Status INPUT or SYSTEM. */
bool vectorizer_samples(const struct vectorizer *vectorizer, const struct table *table,
                        struct stream_writer *writer, struct vectorizer_totals *totals,
                        struct error *error);

/*
 * Adds the distinct tokens to `words`, in order of their first appearance; counts documents and
 * tokens. Status INPUT or SYSTEM.
 */
bool vectorizer_words(const struct vectorizer *vectorizer, struct words *words,
                      struct vectorizer_totals *totals, struct error *error);

#endif
