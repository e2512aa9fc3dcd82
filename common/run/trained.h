/*
 * trained: a forest, read whole from its stream and ready to vote.
 */
#ifndef RUN_TRAINED_H
#define RUN_TRAINED_H

#include "base/error.h"
#include "stream/stream.h"
#include "vote/packed.h"

#include <stdbool.h>

/* Owned; freed by trained_free. Read by any number of threads. */
struct trained {
    struct stream_header header; /* dim, classes, trees, lineage */
    struct packed_forest forest;
    struct digest digest; /* of the stream */
};

/*
 * Reads the stream at `path` (NULL or "-": standard input) to its verified end; `jobs` threads
 * check and pack its trees. Status INPUT, CUT or SYSTEM; then nothing is left to free.
 */
bool trained_load(struct trained *trained, const char *path, unsigned jobs, struct error *error);

void trained_free(struct trained *trained);

#endif
