/*
 * sources: what makes the features of documents, read from streams of vectors and of evidence.
 *
 * The columns are those of the vectors, in the order given, then those of the evidence. They are
 * called `glove:0`, `glove:1`, ..., those of a second table of vectors `glove2:0`, ..., and as
 * evidence.h says, those of second evidence `word2:acq`, ....
 */
#ifndef RUN_SOURCES_H
#define RUN_SOURCES_H

#include "base/buffer.h"
#include "base/cpu.h"
#include "run/evidence.h"
#include "run/features.h"
#include "run/vector_mean.h"
#include "run/vector_table.h"

enum { SOURCES_MOST = 32 /* of either kind */ };

/* Names of files, borrowed; NULL or `-`: standard input. */
struct sources_paths {
    const char *vectors[SOURCES_MOST], *linear[SOURCES_MOST];
    size_t vector_count, linear_count;
};

/* Add a file to them: the `parse` of an option_row whose target they are. Status USAGE. */
bool sources_add_vectors(const char *path, void *paths, struct error *error);
bool sources_add_linear(const char *path, void *paths, struct error *error);

/* Start from `{0}`; owns everything, freed by sources_free. Read by any number of threads. */
struct sources {
    struct vector_table tables[SOURCES_MOST];
    struct vector_mean means[SOURCES_MOST];
    struct evidence evidence[SOURCES_MOST];
    size_t table_count, evidence_count;
    struct features_source list[2 * SOURCES_MOST];
    struct features features; /* of the list */
    struct lineage lineage;   /* of all streams, one after the other */
    struct text *names;       /* of all columns; NULL where all are of one table of vectors */
    struct buffer names_text;
};

/*
 * Reads all streams to their verified ends. Status INPUT (also: more than STREAM_MAX_DIM features
 * in all, or a name longer than STREAM_MAX_NAME), CUT or SYSTEM; then nothing is left to free.
 */
bool sources_load(struct sources *sources, const struct sources_paths *paths, enum cpu_level level,
                  struct error *error);

void sources_free(struct sources *sources);

#endif
