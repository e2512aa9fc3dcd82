/*
 * merge: the cells of many sorted sources as one sorted sequence, equal cells added up.
 */
#ifndef GLOVE_MERGE_H
#define GLOVE_MERGE_H

#include "glove/pairs.h"

/* One sorted source; its cells in hand are cells[at .. count-1]. */
struct merge_source {
    struct cell_count *cells;
    size_t at, count;
    const struct pairs *keys;    /* of this thread's sorted keys; NULL: none */
    size_t next_key;             /* to be combined next */
    const struct pairs *run_of;  /* of a run in this thread's temporary file; NULL: none */
    uint64_t offset, cells_left; /* of the run, not read yet */
};

/* Start from merge_open; closed by merge_close. Used by one thread at a time. */
struct merge {
    struct merge_source *sources;
    size_t source_count;
    struct merge_source **heap; /* those that are not spent, the least cell first */
    size_t heap_count;
    size_t buffer; /* cells that a source takes in hand */
    uint64_t most; /* cells in all at most: equal ones are not added up yet */
};

/*
 * Starts on everything that `count` threads have counted and finished, which the merge borrows;
 * their tables are added up into the first one's. Buffers take about `most_bytes` (never less
 * than a KiB a source) beside the tables' cells. Status SYSTEM.
 */
bool merge_open(struct merge *merge, struct pairs *threads, size_t count, size_t most_bytes,
                struct error *error);

/* The next cell. `*more` is false when there is none. Status SYSTEM. */
bool merge_next(struct merge *merge, struct cell_count *cell, bool *more, struct error *error);

void merge_close(struct merge *merge);

#endif
