/*
 * plain: the search for a cut as it is defined, for any classes, weights and criterion.
 *
 * The kernels that are faster (kernels.h) find the same cuts on the samples that they
 * take, and leave the others to this one. Internal to the folder.
 */
#ifndef FOREST_PLAIN_H
#define FOREST_PLAIN_H

#include "forest/cut.h"

/* Memory for one node and one feature; start from `{0}`. */
struct plain {
    uint32_t *slot;    /* by rank: the row; meaningful where `taken` */
    uint64_t *taken;   /* bitmap of ranks; clear between calls */
    uint64_t *items;   /* scratch: ranks above rows */
    uint32_t *row;     /* the node's rows in the feature's order ... */
    uint32_t *rank;    /* ... and their ranks */
    uint32_t *left;    /* by class; clear between calls */
    int64_t *n_log2_n; /* entropy: entropy_table; gini: NULL */
};

bool plain_begin(struct plain *plain, uint32_t rows, uint32_t classes, enum criterion criterion);
void plain_free(struct plain *plain);

/* As cutter_try, for one feature; returns whether it varies. */
bool plain_try(struct plain *plain, const struct node *node, uint32_t feature, struct cut *best);

#endif
