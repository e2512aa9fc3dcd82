/*
 * learn: documents to word vectors, by GloVe (glove/glove.h).
 *
 *     learn_start(&learn, &options);
 *     learn_read(&learn, documents, &error);
 *     glove_prepare(&learn.glove, &error) ... state_load(...)
 *     for (pass = ...; pass <= passes; pass++)
 *         glove_pass(&learn.glove, pass, &cost, &error) ... state_write(...)
 *     learn_print(...) or learn_stream(...)
 */
#ifndef RUN_LEARN_H
#define RUN_LEARN_H

#include "base/error.h"
#include "base/output.h"
#include "glove/glove.h"
#include "run/corpus.h"
#include "run/state.h"
#include "stream/lineage.h"

#include <stdbool.h>
#include <stdint.h>

/* Start from `{0}` and learn_start; freed by glove_free. Used by one thread. */
struct learn {
    struct glove glove;
    struct corpus_totals totals; /* these two: once the documents were read */
    struct digest digest;

    /* Unless NULL, called by learn_read after each chunk, with the documents so far. */
    void (*progressed)(void *context, uint64_t documents);
    void *context;
};

/* As glove_start, with what reading needs (`taken`); the program's malloc keeps tight from now on.
 */
void learn_start(struct learn *learn, const struct glove_options *options);

/* Reads the documents to their end. Status INPUT or SYSTEM, or as of glove_take. */
bool learn_read(struct learn *learn, struct collection *documents, struct error *error);

/* Which kernels do it at that level, in words. */
void learn_kernels(enum cpu_level level, char *text, size_t size);

/* Which vectors are written. */
struct learn_choice {
    enum model_part part;
    bool unknown; /* a row `<unk>` at the end, unless the corpus has that word itself */
};

/* The vectors as GloVe's text, with a line `count dim` before them if `header`. Status SYSTEM. */
bool learn_print(struct learn *learn, const struct learn_choice *choice, bool header,
                 struct output *output, struct error *error);

/* The same as a vectors stream. Both leave the output to be committed. */
bool learn_stream(struct learn *learn, const struct learn_choice *choice,
                  const struct lineage *lineage, struct output *output, struct error *error);

#endif
