/*
 * pairs: counts how often words occur near each other.
 *
 * A pair is a word and a context that follows it within the window; of a symmetric window, the
 * two words in either order. Words at distance d count 1/d, or 1. Counts are whole numbers of
 * units of 2^-PAIRS_UNIT_BITS, so that their sums are the same in whatever order, in whatever
 * parts they are added; 1/d is rounded to a unit.
 *
 * Each thread counts in a `struct pairs` of its own. Frequent words meet over and over: their
 * pairs, those whose product of ranks is below a limit, have a number each in a table. Every
 * other meeting is a key, its cell (grid.h) and its distance, in an array. A full array is
 * sorted, its equal cells are added up, and the cells are written to a temporary file as a run.
 * merge.h puts tables, arrays and runs together.
 */
#ifndef GLOVE_PAIRS_H
#define GLOVE_PAIRS_H

#include "glove/grid.h"
#include "glove/scratch.h"

enum {
    PAIRS_UNIT_BITS = 28,
    PAIRS_DISTANCE_BITS = 64 - GRID_CELL_BITS, /* a key is a cell << this | a distance */
    PAIRS_MOST_WINDOW = (1 << PAIRS_DISTANCE_BITS) - 1
};

/* Stands between documents where words are given by rank. */
#define PAIRS_BREAK UINT32_MAX

/* A cell and its count in units. With a symmetric window, the word's place is not above the
   context's, and the cell stands for both orders. */
struct cell_count {
    uint64_t cell;
    uint64_t sum;
};

/* A word's row of the table: contexts of ranks below `limit` are in it, at `base` + rank. */
struct pairs_row {
    uint32_t limit, base;
};

/* What all threads share, unchanged while they count. Owned; freed by pairs_rules_free. */
struct pairs_rules {
    struct grid grid;
    unsigned window; /* 1 to PAIRS_MOST_WINDOW */
    bool symmetric;
    uint64_t *weights; /* by distance, 0 .. window: units */
    struct pairs_row *rows;
    size_t row_count, table_size; /* rows and numbers of a table */
};

/* `weighted`: words at distance d count 1/d. Status SYSTEM. */
bool pairs_rules_make(struct pairs_rules *rules, const struct grid *grid, unsigned window,
                      bool symmetric, bool weighted, struct error *error);
void pairs_rules_free(struct pairs_rules *rules);

/* Sorted cells in a thread's temporary file. */
struct pairs_run {
    uint64_t offset; /* bytes */
    size_t count;    /* cells */
};

/* Start from pairs_start; freed by pairs_free. */
struct pairs {
    const struct pairs_rules *rules; /* borrowed */
    uint64_t *table;
    uint64_t *keys, *spare;
    size_t count, capacity, spare_capacity;
    size_t most; /* keys in memory at most; `spare` may have as many */
    struct scratch scratch;
    struct pairs_run *runs;
    size_t run_count, run_capacity;
};

/* The least bytes that a thread's keys take. */
size_t pairs_least_bytes(const struct pairs_rules *rules);

/*
 * `most_bytes`, or pairs_least_bytes if that is more, for the keys; a temporary file in `folder`,
 * which is borrowed. Status SYSTEM.
 */
bool pairs_start(struct pairs *pairs, const struct pairs_rules *rules, size_t most_bytes,
                 const char *folder, struct error *error);

/*
 * Counts the pairs of ranks[from .. count-1] with the words before them, from ranks[0] on.
 * Status SYSTEM.
 */
bool pairs_count(struct pairs *pairs, const uint32_t *ranks, size_t from, size_t count,
                 struct error *error);

/* Sorts the keys in memory, after the last count, and frees what only counting needs. */
bool pairs_finish(struct pairs *pairs, struct error *error);

/*
 * Adds up the equal cells of sorted keys, from keys[*at] on, into at most `most` cells; returns
 * how many, and moves *at behind the keys that are in them.
 */
size_t pairs_combine(const struct pairs_rules *rules, const uint64_t *keys, size_t count,
                     size_t *at, struct cell_count *cells, size_t most);

/*
 * The cells of a table that are not zero, sorted, in a new array of `*count`, freed by the
 * caller; NULL when memory is out.
 */
struct cell_count *pairs_table_cells(const struct pairs_rules *rules, const uint64_t *table,
                                     size_t *count);

void pairs_free(struct pairs *pairs);

#endif
