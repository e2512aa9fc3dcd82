/*
 * merge: the parts of a forest to the forest that one run would have written.
 */
#ifndef RUN_MERGE_H
#define RUN_MERGE_H

#include "base/error.h"
#include "base/output.h"

#include <stddef.h>
#include <stdint.h>

/* The parts, in any order; all borrowed. */
struct merge {
    const char *const *paths; /* one of them may be standard input */
    size_t count;             /* at least 1 */
    void (*progressed)(void *context, uint64_t trees);
    void *context;
};

struct merge_totals {
    uint64_t trees;
    uint64_t nodes;
};

/*
 * Writes the forest, a tree in memory at a time. The parts must be of the same forest, and together
 * all of it. The output still has to be committed. Status INPUT, CUT or SYSTEM.
 */
bool merge_run(const struct merge *merge, struct output *output, struct merge_totals *totals,
               struct error *error);

#endif
