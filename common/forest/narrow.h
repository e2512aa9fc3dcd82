/*
 * narrow: the search for a cut by the kernels, where the samples fit their codes.
 *
 * Internal to the folder.
 */
#ifndef FOREST_NARROW_H
#define FOREST_NARROW_H

#include "forest/kernels.h"

/* What the kernels need for one node at a time; start from `{0}`. */
struct narrow {
    const struct kernels *kernels;
    uint16_t lane[COUNT_MOST]; /* by row, see count_lane */
    uint32_t *rows_of;         /* by class: rows of a node, 0 between calls */
    struct cell *cells;        /* by class */
    uint16_t *slots, *sorted;
    uint64_t *taken;
    uint8_t *few, *few_sorted, *few_slots; /* see struct scan_node */
    uint8_t *few_place;                    /* by class: its code without a weight */
    double most;                           /* what no cut of the node scores more than */
    bool counts;                           /* the node is counted, not scanned */
    struct count_node count;
    void *counted; /* what kernels->count leaves */
    struct scan_node scan;
};

bool narrow_begin(struct narrow *narrow, uint32_t rows, uint32_t classes, enum cpu_level level);
void narrow_free(struct narrow *narrow);

/* Prepares for a node, whose table has codes. False: no kernel is good at it. */
bool narrow_enter(struct narrow *narrow, const struct node *node);

/* How many features are best loaded at once, up to COUNT_FEATURES. */
unsigned narrow_batch(const struct narrow *narrow);

/* Prepares for `count` features of it, at most COUNT_FEATURES; `score`: the best so far. */
void narrow_load(struct narrow *narrow, const struct ranking *rankings, unsigned count,
                 double score);

/*
 * Finds the best cut of feature `number` of the `count` that were loaded, one after another, if
 * it is better than what `found` has. False, with nothing done: the feature may not vary, as it
 * does so by no more than its span.
 */
bool narrow_find(struct narrow *narrow, const struct node *node, const struct ranking *rankings,
                 unsigned number, unsigned count, struct found *found);

#endif
