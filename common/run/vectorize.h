/*
 * vectorize: documents to samples, or to the set of their tokens.
 *
 * One thread reads chunks of documents, `jobs` threads make rows of features of them, the calling
 * thread takes the results in order. Memory is bounded whatever the number of documents; a chunk
 * grows only for a single document that is longer.
 */
#ifndef RUN_VECTORIZE_H
#define RUN_VECTORIZE_H

#include "base/cpu.h"
#include "base/error.h"
#include "base/options.h"
#include "base/words.h"
#include "run/collection.h"
#include "run/features.h"
#include "stream/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a run works with; all borrowed. */
struct vectorize {
    struct collection *documents;
    bool labelled;
    bool keeps;               /* what the wish keeps of each document goes with its sample */
    struct options_part part; /* of its blocks, every `whole`th from `first` on */
    enum cpu_level level;
    unsigned jobs;

    /* These, unless NULL, are called from the calling thread: after each chunk, with
       the documents so far; for each document without a known word; and when more have to be waited
       for. */
    void (*progressed)(void *context, uint64_t documents);
    void (*unknown)(void *context, const char *file, uint64_t line);
    void (*waits)(void *context);
    void *context;
};

struct vectorize_totals {
    uint64_t documents, unknown; /* unknown: without a known word */
    uint64_t tokens, known;
    uint64_t trained; /* documents that a source was made of */
    struct repairs repairs;
};

/* Which kernels do it at that level, in words. */
void vectorize_kernels(enum cpu_level level, char *text, size_t size);

/*
 * Writes a block of samples for each chunk, labelled if `labelled`; at most STREAM_MAX_DIM
 * features. Where documents have to be waited for, a block ends, and is handed on. A document is
 * unknown where the first source knows none of its tokens. Status INPUT or SYSTEM.
 */
bool vectorize_samples(const struct vectorize *vectorize, const struct features *features,
                       struct stream_writer *writer, struct vectorize_totals *totals,
                       struct error *error);

/*
 * Adds the distinct tokens to `words`, in order of their first appearance; counts documents and
 * tokens. Status INPUT or SYSTEM.
 */
bool vectorize_words(const struct vectorize *vectorize, struct words *words,
                     struct vectorize_totals *totals, struct error *error);

#endif
