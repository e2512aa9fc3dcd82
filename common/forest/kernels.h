/*
 * kernels: the search for a gini cut on samples that fit narrow codes, a feature at a time.
 *
 * They are written once, in vectors of whatever width the machine has, and compiled for each
 * instruction set that has a table here. They take samples of fewer than 4,096 classes that the
 * bag repeats at most 15 times, and find what plain.h defines, except that they take all ranks
 * for parted: the caller looks at what they found, and asks plain_try where it is too close.
 *
 * Two ways, by the size of the node:
 *
 *   count   for each row, how many rows of each class are not above it, all against all in
 *           vectors: no order is needed, and nothing branches
 *   scan    codes of class and weight go to the slot of their rank, are closed up in order, and
 *           one row after another moves to the left side
 *
 * Internal to the folder.
 */
#ifndef FOREST_KERNELS_H
#define FOREST_KERNELS_H

#include "base/cpu.h"
#include "forest/cut.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CODE_WEIGHT_BITS = 4, /* a code is the class above the weight; never 0 */
    CODE_MAX_WEIGHT = (1 << CODE_WEIGHT_BITS) - 1,
    CODE_MAX_CLASSES = 1 << (16 - CODE_WEIGHT_BITS),
    COUNT_MOST = 128,   /* rows of a node that can be counted */
    COUNT_FEATURES = 8, /* at once */
    LANES_MOST = 64     /* bytes of the widest vector */
};

/* More than this and sums of squares would not be exact in double. */
#define CODE_MAX_TOTAL (UINT32_C(1) << 26)

/* The best cut of a feature: the first with the highest score. */
struct found {
    double score;
    uint32_t below, above; /* ranks of the neighbours that it parts */
};

/* What scores need to know of a node. */
struct whole {
    double weight;  /* of all rows */
    double squares; /* the sum of its square over the classes */
};

/* The rows of a class, next to each other. */
struct group {
    uint32_t end;   /* of its rows; they begin where the last one's end */
    uint32_t total; /* its weight */
};

struct count_node {
    struct whole whole;
    uint32_t count;
    uint32_t group_count;
    struct group groups[COUNT_MOST];
    uint32_t rows[COUNT_MOST]; /* class by class */
    /* Numbers that are compared with vectors stand twice in their 32 bits: n << 16 | n. */
    uint32_t weights[COUNT_MOST];
    uint32_t twice[COUNT_FEATURES][COUNT_MOST]; /* ranks */
};

/* A class as the scan meets it. The left side's weight is the sum of two, see scan_lanes.h. */
struct cell {
    uint32_t even, odd;
    uint32_t total;
    uint32_t unused;
};

struct scan_node {
    struct whole whole;
    const uint32_t *rows;
    uint32_t count;
    uint32_t least;          /* rows that each side needs */
    const uint16_t *code;    /* by row */
    struct cell *cells;      /* by class; even and odd are 0 between calls */
    const uint32_t *classes; /* that are there */
    uint32_t class_count;
    /* Memory for a table's ranks: */
    uint16_t *slots;  /* by rank; all 0 between calls */
    uint64_t *taken;  /* bitmap of ranks */
    uint16_t *sorted; /* codes in order */
    uint32_t ranks;   /* of the table */
};

struct kernels {
    uint32_t count_most; /* rows up to which count is the faster one */

    /* Finds, for each of the features that node->twice holds, `score` and `below`. */
    void (*count)(const struct count_node *node, unsigned features, struct found *found);

    /*
     * Finds the cut of one feature, if its score is higher than what `found` has. False, with
     * nothing done: the feature does not vary by more than ranking->span.
     */
    bool (*scan)(const struct scan_node *node, const struct ranking *ranking, struct found *found);
};

extern const struct kernels kernels_portable, kernels_avx2, kernels_avx512;

/* Those of a level; the machine must have it. */
const struct kernels *kernels_of(enum cpu_level level);

#endif
